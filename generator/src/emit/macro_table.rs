//! Owns tables: what stands in the runtime's macros, an entry a line. prettyplease does not know what an entry means,
//! and breaks long ones in the middle, so these are the only lines that are laid out here.
//!
//! In: `request`, `SendText`, `["to = \"to\""]`. Out: `rt::request!(SendText { to = "to" });`.

use catalog::model::Place;
use proc_macro2::Literal;

use super::Item;
use crate::sdk::{Coding, Member, Type};

/// The width of a line, as elsewhere in the file.
const WIDTH: usize = 89;

/// A macro with a table: on a line if there is room, else a line for each entry; `tail` is what follows the braces.
pub(super) fn table(name: &str, of: &str, entries: &[String], tail: &str) -> Item {
    let short = format!("rt::{name}!({of} {}{tail});\n", flat(entries));
    if short.len() <= WIDTH && entries.len() < 3 && !short.trim_end().contains('\n') {
        return Item::Table(short);
    }
    Item::Table(format!("rt::{name}!({of} {}{tail});\n", long(entries)))
}

/// `{ a = "a", b = "b" }`.
fn flat(entries: &[String]) -> String {
    match entries.is_empty() {
        true => "{}".to_owned(),
        false => format!("{{ {} }}", entries.join(", ")),
    }
}

/// The same with a line for each entry.
pub(super) fn long(entries: &[String]) -> String {
    if entries.is_empty() {
        return "{}".to_owned();
    }
    let lines = entries.iter().map(|entry| format!("    {entry},\n"));
    format!("{{\n{}}}", lines.collect::<String>())
}

/// A literal.
pub(super) fn literal(text: &str) -> String {
    Literal::string(text).to_string()
}

/// A field on the wire: `at = "atList" | "at" as Joined(",") as Private`.
pub(super) fn entry(name: &str, member: &Member, place: Place) -> String {
    let mut entry = format!("{name} = {}", literal(&member.wire));
    for alias in &member.aliases {
        entry.push_str(" | ");
        entry.push_str(&literal(alias));
    }
    match &member.coding {
        Coding::Plain => {}
        Coding::Number => entry.push_str(" as Number"),
        Coding::Text => entry.push_str(" as Text"),
        Coding::Joined(separator) => {
            entry.push_str(&format!(" as Joined({})", literal(separator)));
        }
        Coding::JsonText => entry.push_str(" as JsonText"),
    }
    let held = match &member.ty {
        Type::Maybe(held) => {
            entry.push_str(" as OrNull");
            held
        }
        ty => ty,
    };
    // A secret hides itself once more: by that the runtime knows what to take out of what a vendor repeats.
    if member.private || *held == Type::Secret {
        entry.push_str(" as Private");
    }
    if let Some(coding) = coding(place) {
        entry.push_str(" as ");
        entry.push_str(coding);
    }
    entry
}

/// What the runtime calls a value that stands elsewhere than in the payload.
pub(super) fn coding(place: Place) -> Option<&'static str> {
    match place {
        Place::Payload => None,
        Place::Envelope => Some("Envelope"),
        Place::Query => Some("InQuery"),
        Place::Path => Some("InPath"),
        Place::Header => Some("InHeader"),
    }
}

/// The same of a list that is not sent where nothing is in it.
pub(super) fn filled(entry: &str) -> String {
    let (name, codings) = entry.split_once(" as ").unwrap_or((entry, ""));
    let codings = match codings {
        "" => String::new(),
        codings => format!(" as {codings}"),
    };
    format!("{name} as Filled{codings}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid(entries: &[&str], tail: &str) -> String {
        let entries: Vec<String> = entries.iter().map(|entry| (*entry).to_owned()).collect();
        match table("sent", "Card", &entries, tail) {
            Item::Table(text) => text,
            Item::Rust(_) => String::new(),
        }
    }

    #[test]
    fn a_short_table_stands_on_a_line_and_a_long_one_has_a_line_for_each_entry() {
        assert_eq!(laid(&[], ""), "rt::sent!(Card {});\n");
        assert_eq!(laid(&["a = \"a\""], ""), "rt::sent!(Card { a = \"a\" });\n");
        let three = ["a = \"a\"", "b = \"b\"", "c = \"c\""];
        let lines = "    a = \"a\",\n    b = \"b\",\n    c = \"c\",\n";
        assert_eq!(
            laid(&three, " keeping raw"),
            format!("rt::sent!(Card {{\n{lines}}} keeping raw);\n")
        );
    }
}
