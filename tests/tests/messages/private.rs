//! What people write to each other is not shown by any event.

use catalog::load::Origin;
use catalog::model::Event;
use serde_json::Value;
use tests::{committed, read, shown};

use super::events::Examples;

const MARK: &str = "what-people-wrote";

fn marked(value: &mut Value, private: &[String]) -> usize {
    match value {
        Value::Object(members) => {
            let each = members.iter_mut().map(|(key, value)| match value {
                Value::String(text) if private.contains(key) => {
                    MARK.clone_into(text);
                    1
                }
                value => marked(value, private),
            });
            each.sum()
        }
        Value::Array(items) => items.iter_mut().map(|item| marked(item, private)).sum(),
        _ => 0,
    }
}

/// What `private` names is not shown by any event either, whichever of its lists names it.
#[test]
fn nothing_private_of_an_event_is_shown() {
    for (id, api, examples) in [
        ("wequick", Some("v1"), Examples::V1),
        ("wequick", Some("v2"), Examples::V2),
        ("padchat", None, Examples::PUSHED),
    ] {
        let (loaded, _) = read(&committed(id), Origin::Specs);
        let modules = loaded.provider.modules.iter();
        let modules = modules.filter(|module| module.api.as_deref() == api);
        let events = modules.flat_map(|module| &module.events);
        let marks = events.map(|event| marks(examples, event, &loaded.config.private));
        assert!(marks.sum::<usize>() > 0, "{id} {api:?}");
    }
}

/// Puts a mark into every text that is private wherever it stands, and looks for it in what `Debug` shows.
fn marks(examples: Examples, event: &Event, private: &[String]) -> usize {
    let samples = event.samples.iter();
    let marks = samples.flat_map(|sample| {
        event.wire.iter().map(|code| {
            let mut message = examples.coded(event, &shown(sample), code);
            let marks = marked(&mut message, private);
            let shown = (examples.read)(&message).shown;
            assert!(!shown.contains(MARK), "{}: {shown}", event.id);
            marks
        })
    });
    marks.sum()
}
