//! Owns the examples of an item: fences as catalog samples, comments beside keys kept by path.

use crate::document::Fence;
use crate::entry::{Remark, SampleEntry, SampleKind};
use crate::sample::{self, Node, NodeKind};

/// Every example in a fence; a fence that shows something else has none.
pub(super) fn read(
    fence: &Fence,
    kind: SampleKind,
    label: &str,
) -> (Vec<SampleEntry>, Vec<sample::Issue>) {
    let read = sample::read(&fence.text);
    let mut issues = Vec::new();
    let samples = read
        .samples
        .into_iter()
        .map(|sample| {
            let mut remarks = Vec::new();
            collect(&sample.value, "", &mut remarks);
            let incomplete = sample.issues.iter().any(|issue| issue.severe);
            issues.extend(sample.issues);
            SampleEntry {
                kind,
                label: label.to_owned(),
                value: sample.value.to_json(),
                remarks,
                incomplete,
            }
        })
        .collect();
    (samples, issues)
}

fn collect(node: &Node, path: &str, remarks: &mut Vec<Remark>) {
    match &node.kind {
        NodeKind::Object(members) => {
            for member in members {
                let below = if path.is_empty() {
                    member.key.clone()
                } else {
                    format!("{path}.{}", member.key)
                };
                if let Some(comment) = &member.comment {
                    remarks.push(Remark {
                        path: below.clone(),
                        text: comment.clone(),
                    });
                }
                collect(&member.value, &below, remarks);
            }
        }
        NodeKind::Array(elements) => {
            for element in elements {
                collect(element, &format!("{path}[]"), remarks);
            }
        }
        NodeKind::Text(_) | NodeKind::Number(_) | NodeKind::Bool(_) | NodeKind::Null => {}
    }
}
