//! Owns parameters that stand where their request has no room for them: `id` in the path of `/friend`.

use crate::config::proposal;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Field, Operation, OperationKind, Place, placeholders};

/// What is wrong with a place: what it is, what to do, and what a correction would say.
type Wrong = (String, &'static str, &'static str);

/// Every parameter that is misplaced.
pub(super) fn of(operation: &Operation, api: Option<&str>) -> Vec<Diagnostic> {
    let params = operation.params.iter();
    let wrong = params.filter_map(|field| Some((field, wrong(operation, field)?)));
    let findings = wrong.map(|(field, (message, help, says))| {
        let (of, param) = (("operation", &*operation.id), ("param", &*field.wire));
        Diagnostic::error(Code::PlaceClash, message)
            .at_if(field.source.clone())
            .help(help)
            .fix(proposal::proposal(of, api, param, says))
    });
    findings.collect()
}

fn wrong(operation: &Operation, field: &Field) -> Option<Wrong> {
    let (title, path, wire) = (&operation.title, &operation.wire, &field.wire);
    let has_room = placeholders(path).any(|name| name == wire);
    if operation.kind != OperationKind::Endpoint {
        let place = field.place.outside()?;
        let message = format!(
            "`{wire}` of `{title}` stands in the {place}, and what is asked in a message has none"
        );
        return Some((message, "place it in the message", "place = \"payload\""));
    }
    let (message, help, says) = match field.place {
        Place::Path if !has_room => (
            format!("`{wire}` stands in the path of `{title}`, and `{path}` has no `{{{wire}}}`"),
            "write it into the path, or place it elsewhere",
            "place = \"query\"",
        ),
        Place::Path => return None,
        _ if has_room => (
            format!(
                "`{{{wire}}}` is in the path of `{title}`, and `{wire}` is said to stand elsewhere"
            ),
            "place it in the path",
            "place = \"path\"",
        ),
        Place::Payload | Place::Envelope if is_get(operation) => (
            format!("`{wire}` stands in the body of `{title}`, and a GET has none"),
            "mend the method, or place it in the query",
            "place = \"query\"",
        ),
        _ => return None,
    };
    Some((message, help, says))
}

fn is_get(operation: &Operation) -> bool {
    let method = operation.method.as_deref();
    method.is_some_and(|method| method.eq_ignore_ascii_case("GET"))
}
