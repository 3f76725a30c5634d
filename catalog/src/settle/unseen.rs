//! Owns what `provider.toml` declares of the documents' writing and the documents never show: words, patterns, levels
//! of `[dialect]`, chapters of `[[module]]`, sections of `[[identity]]`.
//!
//! In: what was read, and what of `[dialect]` was never asked for. Out: an error for each, where it is declared.

use crate::config::{Config, array_entry, quoted_below, table};
use crate::diagnostic::{Code, Diagnostic};
use crate::entry::{Entry, EntryKind};
use crate::read::seen::Unseen;
use crate::source::{SourceFile, Span};
use crate::spelling;

/// Everything that has had no effect.
pub(crate) fn unseen(
    entries: &[Entry],
    of_dialect: &[Unseen],
    config: &Config,
    file: &SourceFile,
) -> Vec<Diagnostic> {
    let of_dialect = of_dialect.iter();
    of_dialect
        .map(|one| dialect(one, entries, config, file))
        .collect()
}

fn dialect(unseen: &Unseen, entries: &[Entry], config: &Config, file: &SourceFile) -> Diagnostic {
    let (message, help, span) = match unseen {
        Unseen::Word(key, word) => (
            format!("`dialect.{key}` has `{word}`, and nothing in the documents is called so"),
            "write it as the documents do, or remove it: the usual words need no declaring",
            quoted_below(
                file.text(),
                &[
                    &format!("[dialect.{}]", key.split('.').next().unwrap_or(key)),
                    "[dialect]",
                ],
                word,
            ),
        ),
        Unseen::Level(key, level) => (
            format!("`dialect.{key}` is {level}, and no such heading stands above an item"),
            "count the `#` of the headings that are meant, or remove it",
            key_place(file, key),
        ),
        Unseen::Module(n) => {
            let title = config.module.get(*n).map_or("", |module| &module.title);
            let chapters = entries
                .iter()
                .filter(|entry| entry.kind == EntryKind::Category);
            let near = spelling::did_you_mean(title, chapters.map(|entry| &*entry.title));
            (
                format!("[[module]] names a chapter `{title}` that is not there{near}"),
                "name the chapter's title, or remove it",
                array_entry(file.text(), "module", *n),
            )
        }
        Unseen::Identity(n) => {
            let (title, id) =
                (config.identity.get(*n)).map_or(("", ""), |one| (&one.title, &one.id));
            let mut titles = entries.iter().map(|entry| entry.title.as_str());
            let message = if titles.clone().any(|known| known == title) {
                format!(
                    "[[identity]] gives the section `{title}` the id `{id}`, which it has without"
                )
            } else {
                let near = spelling::did_you_mean(title, titles.by_ref());
                format!("[[identity]] names a section `{title}` that is not there{near}")
            };
            (
                message,
                "name the section's title, or remove the identity",
                array_entry(file.text(), "identity", *n),
            )
        }
        Unseen::Item(n, why) => (
            format!("this `[[dialect.item]]` begins nothing: {why}"),
            "compare it with a heading of the documents; the first pattern that fits a heading takes it. Remove it if \
             another says the same",
            array_entry(file.text(), "dialect.item", *n),
        ),
    };
    Diagnostic::error(Code::NoEffect, message)
        .help(help)
        .at(file.location(span))
}

/// Where a key of `[dialect]` stands.
fn key_place(file: &SourceFile, key: &str) -> Span {
    let (text, around) = (file.text(), table(file.text(), "dialect"));
    let found = text.get(around.end..).and_then(|below| below.find(key));
    found.map_or(around, |at| {
        let start = around.end + at;
        Span::new(start, start + key.len())
    })
}
