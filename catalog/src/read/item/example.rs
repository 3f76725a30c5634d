//! Owns what an example of an item says: of which message it is, and whether anything tells.

use crate::diagnostic::{Code, Diagnostic};
use crate::document::Fence;
use crate::entry::{Entry, Row, SampleEntry, SampleKind};
use crate::json::Value;
use crate::source::Span;

use super::super::account::Fate;
use super::super::between_items::code_note;
use super::super::dialect::Label;
use super::super::{Reading, samples};
use super::{Item, Side};

impl Item {
    pub(super) fn fence(&mut self, reading: &mut Reading<'_>, fence: &Fence) -> Fate {
        let label = reading.dialect.label(&self.caption);
        let announced = label.is_some() || reading.dialect.announces_example(&self.caption);
        let kind = match (self.own, label) {
            (Side::Event, _) => SampleKind::Event,
            (_, Some(Label::Event)) => SampleKind::Event,
            (_, Some(Label::Returns)) => SampleKind::Reply,
            _ if reading.dialect.announces_request(&self.caption) => SampleKind::Request,
            _ => match self.side {
                Side::Event => SampleKind::Event,
                Side::Returns => SampleKind::Reply,
                Side::Headers | Side::Params => SampleKind::Request,
            },
        };
        let (found, issues) = samples::read(fence, kind, &sample_label(&self.caption));
        if found.is_empty() {
            let code = code_note(fence);
            let fate = code.as_ref().map_or(Fate::Read, |_| Fate::Documentation);
            self.entry.notes.extend(code);
            return fate;
        }
        let announced = announced || names_itself(reading, &found);
        let is_sure = label.is_some() && self.is_announced;
        if !self.report_unknown_label(reading)
            && (kind == SampleKind::Request && !announced || !is_sure && self.belies(kind, &found))
        {
            let finding = unlabelled(&self.entry, fence, kind, reading);
            reading.diagnostics.push(finding);
        }
        // What an open fence has swallowed is no slip of the example.
        for issue in issues.into_iter().filter(|_| fence.closed) {
            let at = Span::new(
                fence.text_span.start + issue.span.start,
                fence.text_span.start + issue.span.end,
            );
            reading.diagnostics.push(
                Diagnostic::new(
                    Code::BrokenSample,
                    format!(
                        "the example of `{}` was mended: {}",
                        self.entry.title, issue.message
                    ),
                )
                .at(reading.file.location(at))
                .help(if issue.severe {
                    "complete the example: part of it may have been lost"
                } else {
                    "nothing was lost; write the example as JSON"
                }),
            );
        }
        let target = if kind == SampleKind::Event && self.own != Side::Event {
            self.announces = true;
            &mut self.announced
        } else {
            &mut self.entry
        };
        target.samples.extend(found);
        Fate::Read
    }

    /// Whether an example shows more names of the other side than of that which it is read as.
    fn belies(&self, kind: SampleKind, found: &[SampleEntry]) -> bool {
        let (own, other) = match kind {
            SampleKind::Request => (&self.entry.params, &self.entry.returns),
            SampleKind::Reply => (&self.entry.returns, &self.entry.params),
            SampleKind::Event => return false,
        };
        let mut keys = Vec::new();
        found
            .iter()
            .for_each(|sample| names(&sample.value, &mut keys));
        let shared = |rows: &[Row]| {
            let named = |row: &&Row| {
                keys.iter()
                    .any(|key| row.name.rsplit('.').next() == Some(key))
            };
            rows.iter().filter(named).count()
        };
        shared(other) > shared(own)
    }
}

/// Whether an example has the member that names the operation in a request.
fn names_itself(reading: &Reading<'_>, found: &[SampleEntry]) -> bool {
    let layouts = reading.config.layouts(reading.api.as_deref());
    let command = layouts.request.command.as_deref();
    command.is_some_and(|key| found.iter().any(|sample| sample.value.get(key).is_some()))
}

/// Every name in a value.
fn names<'v>(value: &'v Value, keys: &mut Vec<&'v str>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| {
            keys.push(key);
            names(value, keys);
        }),
        Value::Array(elements) => elements.iter().for_each(|value| names(value, keys)),
        _ => {}
    }
}

/// An example that nothing announces.
fn unlabelled(entry: &Entry, fence: &Fence, kind: SampleKind, reading: &Reading<'_>) -> Diagnostic {
    let read = match kind {
        SampleKind::Request => "sent",
        SampleKind::Reply | SampleKind::Event => "coming back",
    };
    let message = format!(
        "nothing says what this example of `{}` shows: read as what is {read}",
        entry.title
    );
    Diagnostic::new(Code::UnlabelledSample, message)
        .at(reading.file.location(fence.text_span))
        .help("write 请求示例 or 返回示例 above it")
}

/// What a caption says beyond that it announces an example: `返回示例（code 200）` → `code 200`.
fn sample_label(caption: &str) -> String {
    let Some(open) = caption.find(['（', '(']) else {
        return String::new();
    };
    caption
        .get(open..)
        .unwrap_or_default()
        .trim_matches(['（', '）', '(', ')', ' '])
        .to_owned()
}
