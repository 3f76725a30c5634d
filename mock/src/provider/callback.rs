//! What the documents show of events that only their address tells apart.

use crate::value;
use catalog::config::EventLayout;
use catalog::model::Event;
use serde_json::Value;
use std::sync::Arc;

/// Addresses and what is documented there: a setting, the id of the operation that announces it, or, where several
/// events share one, `address/value`. Nothing where a key in the message tells events apart.
pub(super) fn documented<'e>(
    events: impl Iterator<Item = &'e Arc<Event>>,
    layout: &EventLayout,
) -> Vec<(String, Value)> {
    let shown = |event: &Arc<Event>| {
        Some((
            address(event, layout)?,
            value(&event.samples.first()?.value),
        ))
    };
    match layout.tag {
        Some(_) => Vec::new(),
        None => events.filter_map(shown).collect(),
    }
}

fn address(event: &Event, layout: &EventLayout) -> Option<String> {
    let announcer = event.announced_by.as_ref().map(|(operation, _)| operation);
    let address = event.slot.as_ref().or(announcer)?;
    let shared = layout
        .shared
        .iter()
        .filter(|shared| shared.slot == *address);
    let mut values = shared.flat_map(|shared| &shared.events);
    Some(match values.find(|(_, id)| **id == event.id) {
        Some((value, _)) => format!("{address}/{value}"),
        None => address.clone(),
    })
}
