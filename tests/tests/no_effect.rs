//! Nothing in `provider.toml` misses what it means in silence: every name of the committed ones, misspelt, is a finding.

use std::collections::BTreeSet;

use catalog::diagnostic::Diagnostic;
use catalog::load::{Origin, Sources, load};
use catalog::source::SourceFile;
use generator::lock::Lock;
use tests::{committed, providers};
use toml::Value;

/// Words that are said here for the first time, or that only the vendor's gateway knows: nothing can answer to them.
const FREE: [&str; 47] = [
    ".api.event.empty",
    ".api.event.result.name",
    ".api.event.result.title",
    ".api.title",
    ".auth.prefix",
    ".correction.aliases",
    ".correction.constant",
    ".correction.incomplete",
    ".correction.title",
    ".correction.values.name",
    ".correction.values.title",
    ".correction.values.value",
    ".differs.note",
    ".differs.was",
    ".either.name",
    ".event.conversation.closed",
    ".event.conversation.message",
    ".event.nested.name",
    ".event.nested.names",
    ".event.nested.title",
    ".event.prefix.except",
    ".event.prefix.into",
    ".event.prefix.like",
    ".event.prefix.mark",
    ".media.down.at",
    ".media.reason",
    ".media.root",
    ".media.up.at",
    ".media.up.taken",
    ".mock",
    ".module.name",
    ".module.slug",
    ".page.more.values",
    ".program.",
    ".reply.code",
    ".reply.expired",
    ".reply.message",
    ".reply.payload",
    ".reply.success",
    ".request.header",
    ".request.root",
    ".request.with",
    ".session.scope",
    ".shape.name",
    ".shape.title",
    ".socket.path",
    ".title",
];

enum Step {
    Key(String),
    At(usize),
}

fn texts(value: &Value, path: &mut Vec<Step>, each: &mut impl FnMut(&[Step])) {
    match value {
        Value::Table(table) => {
            for (key, value) in table {
                path.push(Step::Key(key.clone()));
                texts(value, path, each);
                path.pop();
            }
        }
        Value::Array(list) => {
            for (n, value) in list.iter().enumerate() {
                path.push(Step::At(n));
                texts(value, path, each);
                path.pop();
            }
        }
        Value::String(_) => each(path),
        _ => {}
    }
}

/// What a text is, wherever it stands in a list.
fn kind(path: &[Step]) -> String {
    let keys = path.iter().filter_map(|step| match step {
        Step::Key(key) => Some(format!(".{key}")),
        Step::At(_) => None,
    });
    keys.collect()
}

fn misspell(value: &mut Value, path: &[Step]) {
    match (value, path) {
        (Value::Table(table), [Step::Key(key), rest @ ..]) => misspell(&mut table[key], rest),
        (Value::Array(list), [Step::At(n), rest @ ..]) => misspell(&mut list[*n], rest),
        (Value::String(text), []) => text.push_str("Zz9"),
        _ => {}
    }
}

/// Whether somebody is told of something.
fn is_said(sources: &Sources) -> bool {
    let (loaded, findings) = load(sources, Origin::Specs);
    if findings.iter().any(Diagnostic::is_new) {
        return true;
    }
    loaded.is_some_and(|loaded| {
        let none = Lock::default();
        let (_, _, found) = generator::annotate(&loaded.provider, &loaded.config, &none);
        !found.is_empty()
    })
}

#[test]
fn every_name_that_nothing_answers_to_is_said() {
    let mut seen = BTreeSet::new();
    let mut silent = BTreeSet::new();
    for id in &providers() {
        let sources = committed(id);
        let config: toml::Table = toml::from_str(sources.config.text()).expect("a table");
        let config = Value::Table(config);
        texts(&config, &mut Vec::new(), &mut |path| {
            let kind = kind(path);
            let is_title = kind.starts_with(".ids.") && kind.ends_with(".title");
            let is_free = is_title
                || kind.ends_with(".why")
                || FREE.iter().any(|free| kind.starts_with(free));
            if is_free || !seen.insert(kind.clone()) {
                return;
            }
            let mut misspelt = config.clone();
            misspell(&mut misspelt, path);
            let text = toml::to_string(&misspelt).expect("TOML");
            let config = SourceFile::new("provider.toml", &text);
            let sources = Sources {
                config,
                ..sources.clone()
            };
            if !is_said(&sources) {
                silent.insert(kind);
            }
        });
    }
    assert!(seen.len() > 60, "{seen:?}");
    assert!(silent.is_empty(), "{silent:#?}");
}
