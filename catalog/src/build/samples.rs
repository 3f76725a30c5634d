//! Owns the examples as the model has them.

use crate::entry::{Entry, SampleKind};
use crate::model::{Sample, SampleRole};

pub(super) fn of(entry: &Entry) -> Vec<Sample> {
    entry
        .samples
        .iter()
        .map(|sample| Sample {
            role: match sample.kind {
                SampleKind::Request => SampleRole::Request,
                SampleKind::Reply => SampleRole::Reply,
                SampleKind::Event => SampleRole::Event,
            },
            label: sample.label.clone(),
            value: sample.value.clone(),
        })
        .collect()
}
