//! Owns the tree that `inspect` shows to people.

use std::borrow::Cow;
use std::fmt::Write;

use catalog::config::in_words;
use catalog::load::{Account, Tally};
use catalog::load::{Loaded, Origin};
use catalog::model::{
    Choice, Encoding, Event, Field, Limits, Module, Operation, OperationKind, Place, Reply, Rule,
    Scope, Source, Structure,
};

use crate::surface::Paint;
use crate::surface::columns::{self, plural};
use crate::surface::escape;

/// Columns of one level of the tree.
const STEP: usize = 2;
/// Names and types beyond this do not widen their column.
const WIDEST: usize = 28;

/// One provider, and what became of the rows of its documents.
pub fn text(loaded: &Loaded, paint: Paint) -> String {
    let mut tree = Tree {
        paint,
        out: String::new(),
    };
    tree.provider(loaded);
    tree.out
}

struct Tree {
    paint: Paint,
    out: String,
}

impl Tree {
    fn provider(&mut self, loaded: &Loaded) {
        let provider = &loaded.provider;
        let id = self.paint.strong(&escape::line(&provider.id));
        self.line(0, &format!("{id}  {}", escape::line(&provider.title)));
        for module in &provider.modules {
            self.module(module);
        }
        for structure in &provider.structures {
            self.structure(structure);
        }
        for vocabulary in &provider.vocabularies {
            let name = self.paint.strong(&escape::line(&vocabulary.name));
            self.line(
                1,
                &format!("values of {name}{}", self.source(&vocabulary.source)),
            );
            self.choices(2, "", &vocabulary.values);
        }
        self.summary(loaded);
    }

    fn module(&mut self, module: &Module) {
        let api = module
            .api
            .as_ref()
            .map(|api| format!("({}) ", escape::line(api)))
            .unwrap_or_default();
        let slug = self.paint.strong(&escape::line(&module.slug));
        self.line(1, &format!("{api}{slug}  {}", escape::line(&module.title)));
        for operation in &module.operations {
            self.operation(operation);
        }
        for event in &module.events {
            self.event(event);
        }
    }

    fn operation(&mut self, operation: &Operation) {
        let verb = match operation.kind {
            OperationKind::Endpoint => operation.method.as_deref().unwrap_or("?"),
            kind => kind.as_str(),
        };
        let wire = self.paint.strong(&escape::line(&operation.wire));
        let head = format!(
            "{} {wire}  {}",
            escape::line(verb),
            escape::line(&operation.title)
        );
        let marks = self.marks(&operation_marks(operation));
        self.line(
            2,
            &format!("{head}{marks}{}", self.source(&operation.source)),
        );
        self.fields(3, &operation.params);
        for rule in &operation.rules {
            self.line(3, &rule_in_words(rule));
        }
        self.choices(3, "code ", &operation.codes);
        match (operation.reply, operation.returns.is_empty()) {
            (Reply::Nothing, true) => {}
            // Only fields of the envelope come back.
            (Reply::Nothing, false) => self.line(3, "returns"),
            (payload, _) => {
                let whole = whole(operation.structure.as_ref());
                self.line(3, &format!("returns {}{whole}", reply(payload)));
            }
        }
        let own = own(operation.structure.as_ref(), &operation.returns);
        self.fields(4, &own);
    }

    fn event(&mut self, event: &Event) {
        let codes: Vec<String> = event.wire.iter().map(|code| escape::line(code)).collect();
        let codes = if codes.is_empty() {
            escape::line(&event.id)
        } else {
            codes.join(", ")
        };
        let wire = self.paint.strong(&codes);
        let marks = self.marks(&event_marks(event));
        let title = escape::line(&event.title);
        self.line(
            2,
            &format!("event {wire}  {title}{marks}{}", self.source(&event.source)),
        );
        if event.structure.is_some() {
            let whole = whole(event.structure.as_ref());
            self.line(3, &format!("{}{whole}", reply(event.payload)));
        }
        self.fields(3, &own(event.structure.as_ref(), &event.fields));
    }

    fn structure(&mut self, structure: &Structure) {
        let api = structure.api.as_ref();
        let api = api.map(|api| format!("{} ", escape::line(api)));
        let name = self.paint.strong(&escape::line(&structure.wire));
        let head = format!("{}structure {name}", api.unwrap_or_default());
        let (title, source) = (
            escape::line(&structure.title),
            self.source(&structure.source),
        );
        self.line(1, &format!("{head}  {title}{source}"));
        self.fields(2, &structure.fields);
    }

    /// Fields of one level, names and types lined up.
    fn fields(&mut self, level: usize, fields: &[Field]) {
        let names: Vec<String> = fields
            .iter()
            .map(|field| escape::line(&field.wire))
            .collect();
        let name_width = columns::widest(names.iter().map(String::as_str), WIDEST);
        let types = fields.iter().map(|field| escape::line(&field.type_name()));
        let types: Vec<String> = types.collect();
        let type_width = columns::widest(types.iter().map(String::as_str), WIDEST);
        let has_required = fields.iter().any(|field| field.required);
        for ((field, name), ty) in fields.iter().zip(&names).zip(&types) {
            let name = columns::left(name, name_width);
            let ty = columns::left(ty, type_width);
            let required = match (has_required, field.required) {
                (false, _) => "",
                (true, true) => "  required",
                (true, false) => "          ",
            };
            let title = escape::line(&field.title);
            let marks = self.marks(&field_marks(field));
            self.line(level, &format!("{name}  {ty}{required}  {title}{marks}"));
            self.choices(level + 1, "= ", &field.values);
            self.choices(level + 1, "~ ", &field.forms);
            self.fields(level + 1, &field.fields);
        }
    }

    fn choices(&mut self, level: usize, sign: &str, choices: &[Choice]) {
        let values: Vec<String> = choices
            .iter()
            .map(|choice| escape::line(&choice.value))
            .collect();
        let width = columns::widest(values.iter().map(String::as_str), WIDEST);
        for (choice, value) in choices.iter().zip(&values) {
            let value = columns::left(value, width);
            self.line(
                level,
                &format!("{sign}{value}  {}", escape::line(&choice.title)),
            );
        }
    }

    fn summary(&mut self, loaded: &Loaded) {
        let provider = &loaded.provider;
        let name = self.paint.strong(&escape::line(&provider.id));
        let operations = plural(provider.operations().count(), "operation");
        let events = plural(provider.events().count(), "event");
        let modules = plural(provider.modules.len(), "module");
        self.line(
            0,
            &format!("{name}: {operations} and {events} in {modules}"),
        );
        match loaded.origin {
            Origin::Catalog => self.line(1, "read from api_catalog.json"),
            Origin::Specs => {
                self.line(1, &account(&loaded.tally));
                for account in &loaded.accounts {
                    let file = escape::line(&account.file);
                    self.line(1, &format!("{file}: {}", lines(account)));
                }
            }
        }
        self.line(0, "");
    }

    fn marks(&self, marks: &[String]) -> String {
        if marks.is_empty() {
            return String::new();
        }
        self.paint.faint(&format!("  [{}]", marks.join(", ")))
    }

    fn source(&self, source: &Source) -> String {
        let line = source
            .line
            .map(|line| format!(":{line}"))
            .unwrap_or_default();
        self.paint
            .faint(&format!("  {}{line}", escape::line(&source.file)))
    }

    fn line(&mut self, level: usize, text: &str) {
        let indent = if text.is_empty() { 0 } else { level * STEP };
        // Writing to a text cannot fail.
        let _ = writeln!(self.out, "{:indent$}{}", "", text.trim_end());
    }
}

/// The structure that a payload is.
fn whole(structure: Option<&String>) -> String {
    structure.map_or_else(String::new, |name| format!(": {}", escape::line(name)))
}

/// The fields that stand here: those of a structure are shown with it.
fn own<'f>(structure: Option<&String>, fields: &'f [Field]) -> Cow<'f, [Field]> {
    let beside = |field: &&Field| field.place == Place::Envelope;
    match structure {
        Some(_) => fields.iter().filter(beside).cloned().collect(),
        None => Cow::Borrowed(fields),
    }
}

/// What became of the lines of a specification.
fn lines(account: &Account) -> String {
    format!(
        "{}: {} read, {} documentation, {} not understood",
        plural(account.lines(), "line"),
        account.read(),
        account.documentation(),
        account.unread()
    )
}

/// What became of the rows: the kinds add up to all of them.
fn account(tally: &Tally) -> String {
    let kinds = [
        (tally.fields, "fields"),
        (tally.headers, "headers"),
        (tally.values, "values"),
        (tally.events, "events"),
        (tally.index, "index"),
        (tally.reference, "reference"),
        (tally.repeated, "repeated"),
        (tally.unread, "unread"),
    ];
    let parts: Vec<String> = kinds
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| format!("{n} {word}"))
        .collect();
    let mut text = plural(tally.tables, "table");
    if tally.headerless > 0 {
        text.push_str(&format!(" ({} without column titles)", tally.headerless));
    }
    text.push_str(&format!(", {}", plural(tally.rows, "row")));
    if !parts.is_empty() {
        text.push_str(&format!(" = {}", parts.join(" + ")));
    }
    if tally.accounted() != tally.rows {
        text.push_str(&format!(" (that is {}: please report)", tally.accounted()));
    }
    if tally.blank_rows > 0 {
        text.push_str(&format!(", and {} empty", tally.blank_rows));
    }
    text
}

/// Marks that apply, in the order in which they are tried.
#[derive(Default)]
struct Marks(Vec<String>);

impl Marks {
    fn flag(&mut self, applies: bool, word: &str) {
        if applies {
            self.0.push(word.to_owned());
        }
    }

    fn say(&mut self, text: Option<String>) {
        self.0.extend(text.map(|text| escape::line(&text)));
    }
}

fn operation_marks(operation: &Operation) -> Vec<String> {
    let mut marks = Marks::default();
    marks.say(match &operation.scope {
        Scope::Client => None,
        Scope::Session(name) => Some(name.clone()),
        Scope::Either(name) => Some(format!("{name} or none")),
    });
    marks.flag(operation.auth, "auth");
    marks.flag(operation.safe, "safe");
    marks.flag(operation.deprecated, "deprecated");
    for (meaning, codes) in operation.meanings() {
        marks.say(Some(format!("{meaning} {}", in_words(codes, ", "))));
    }
    marks.say(
        operation
            .pace_ms
            .map(|(least, most)| format!("wait {least}–{most} ms")),
    );
    marks.say(
        operation
            .patience_s
            .map(|seconds| format!("answers within {seconds} s")),
    );
    marks.say(
        Some(&operation.announces)
            .filter(|ids| !ids.is_empty())
            .map(|ids| format!("announces {}", ids.join(", "))),
    );
    marks.say(
        operation
            .incomplete
            .as_ref()
            .map(|note| format!("incomplete: {note}")),
    );
    marks.0
}

fn event_marks(event: &Event) -> Vec<String> {
    let mut marks = Marks::default();
    marks.flag(event.flat, "flat");
    marks.say(
        Some(event.payload)
            .filter(|payload| *payload != Reply::Object)
            .map(reply),
    );
    marks.say(
        event
            .announced_by
            .as_ref()
            .map(|(operation, param)| format!("announced by {operation}.{param}")),
    );
    marks.say(event.slot.as_ref().map(|slot| format!("slot {slot}")));
    marks.say(
        Some(event.repeats.len())
            .filter(|n| *n > 0)
            .map(|n| format!("documented {} times", n + 1)),
    );
    marks.0
}

fn field_marks(field: &Field) -> Vec<String> {
    let mut marks = Marks::default();
    marks.flag(field.session, "session");
    marks.flag(field.nullable, "may be null");
    marks.flag(field.place == Place::Envelope, "envelope");
    marks.say(field.place.outside().map(str::to_owned));
    marks.flag(field.secret, "secret");
    marks.flag(field.private, "private");
    marks.flag(field.deprecated, "deprecated");
    marks.flag(field.certain, "certain");
    marks.say(match field.encoding {
        Encoding::Plain => None,
        Encoding::JsonText => Some("JSON text".to_owned()),
        Encoding::XmlText => Some("XML text".to_owned()),
    });
    marks.say(
        field
            .list
            .as_ref()
            .map(|separator| format!("list by `{separator}`")),
    );
    marks.say(
        field
            .constant
            .as_ref()
            .map(|value| format!("always {value}")),
    );
    marks.say(
        field
            .default
            .as_ref()
            .map(|value| format!("default {value}")),
    );
    marks.say(
        Some(&field.one_of)
            .filter(|names| !names.is_empty())
            .map(|names| format!("one of {}", names.join(", "))),
    );
    marks.say(
        Some(&field.aliases)
            .filter(|names| !names.is_empty())
            .map(|names| format!("also {}", names.join(", "))),
    );
    limit_marks(&field.limits, &mut marks);
    marks.0
}

fn limit_marks(limits: &Limits, marks: &mut Marks) {
    marks.say(limits.min_items.map(|n| format!("at least {n}")));
    marks.say(limits.max_items.map(|n| format!("at most {n}")));
    marks.say(limits.max_bytes.map(|n| format!("at most {n} bytes")));
    marks.say(limits.max_seconds.map(|n| format!("at most {n} s")));
}

fn rule_in_words(rule: &Rule) -> String {
    escape::line(&match rule {
        Rule::OneOf(names) => format!("one of {} must be given", names.join(", ")),
        Rule::CountEquals { field, mark, list } => {
            format!("{field} holds `{mark}` as often as {list} has elements")
        }
    })
}

fn reply(reply: Reply) -> String {
    match reply {
        Reply::Nothing => "nothing".to_owned(),
        Reply::Object => "an object".to_owned(),
        Reply::Objects => "a list of objects".to_owned(),
        Reply::Value(ty) => format!("one {}", ty.as_str()),
        Reply::Values(ty) => format!("a list of {}", ty.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use catalog::model::{Item, Type};

    use super::*;

    fn printed(fields: &[Field]) -> String {
        let mut tree = Tree {
            paint: Paint::OFF,
            out: String::new(),
        };
        tree.fields(0, fields);
        tree.out
    }

    #[test]
    fn fields_line_up_and_nest() {
        let mut name = Field::new("labelName", Type::Text);
        name.required = true;
        name.title = "标签\n名称".to_owned();
        let mut members = Field::new("成员", Type::List(Item::Object));
        members.fields = vec![Field::new("wcId", Type::Text)];
        members.limits.max_items = Some(9);
        let mut kind = Field::new("kind", Type::Integer);
        kind.values = vec![Choice {
            value: "0".to_owned(),
            title: "\u{1b}开启".to_owned(),
            name: None,
        }];
        assert_eq!(
            printed(&[name, members, kind]),
            "\
labelName  string    required  标签 / 名称
成员       object[]              [at most 9]
  wcId  string
kind       long
  = 0  \\u{1b}开启
"
        );
    }

    #[test]
    fn the_account_adds_up_or_says_so() {
        let mut tally = Tally {
            tables: 2,
            headerless: 1,
            rows: 3,
            fields: 2,
            index: 1,
            blank_rows: 4,
            ..Tally::default()
        };
        assert_eq!(
            account(&tally),
            "2 tables (1 without column titles), 3 rows = 2 fields + 1 index, and 4 empty"
        );
        tally.rows = 9;
        assert!(account(&tally).contains("9 rows = 2 fields + 1 index (that is 3: please report)"));
    }
}
