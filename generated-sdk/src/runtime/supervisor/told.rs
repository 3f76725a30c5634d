//! Whose an event is that tells of a change, and why.

use super::plan::OnlinePlan;
use crate::runtime::codec::json::{find, plain};
use crate::runtime::receive::event::EventApi;

/// A field of an event: in its payload, in the first of a list there, or beside it.
fn field(layout: &EventApi, whole: &str, name: &str) -> Option<String> {
    let payload = layout.payload;
    let paths: [&[&str]; 3] = [&[payload, name], &[payload, "[]", name], &[name]];
    let mut found = paths.iter().filter_map(|path| find(whole, path));
    found.next().map(plain)
}

/// Whether the event is about this session's account; `None`: it does not say.
pub(super) fn is_about(
    plan: &OnlinePlan,
    layout: &EventApi,
    whole: &str,
    session: &str,
) -> Option<bool> {
    let told = field(layout, whole, plan.session?)?;
    Some(told == session)
}

/// Why, if it says so.
pub(super) fn why(plan: &OnlinePlan, layout: &EventApi, whole: &str) -> String {
    let told = plan.why.and_then(|name| field(layout, whole, name));
    told.unwrap_or_default()
}
