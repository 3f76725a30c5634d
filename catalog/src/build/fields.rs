//! Owns fields: placed rows and examples together become one tree, each field typed and explained.

use crate::config::{Config, Layouts};
use crate::diagnostic::{Code, Diagnostic};
use crate::document;
use crate::entry::{Entry, Row, ValueTable};
use crate::mend::Subject;
use crate::model::{Choice, Encoding, Field, Item, Limits, Place, Reply, Type};
use crate::nest::name_cell;
use crate::prose::{self, RequiredWord, TypeWord};
use crate::shape::{Shape, last, parent, segments};
use crate::text;

use super::types::{type_of, type_seen, typed};
use super::vocabulary::{Terms, choice};
use super::{Split, payload_of};

/// The words for types that vendors are told of.
const TYPE_WORDS: [&str; 7] = [
    "string", "int", "long", "number", "boolean", "object", "array",
];

/// One message of an item: what is known beside its rows.
pub(super) struct Side<'a> {
    pub(super) entry: &'a Entry,
    pub(super) shape: &'a Shape,
    terms: &'a Terms,
    secrets: &'a [String],
    private: &'a [String],
    /// Whether a parameter is required where nothing says so; replies and events require nothing.
    pub(super) required: Option<bool>,
    values: &'a [ValueTable],
    /// The payload's key: where neither cell nor example says what it is, nothing is known of it.
    pub(super) payload: Option<&'a str>,
    /// Keys that the transport fills in: an example that shows them says nothing new.
    managed: Vec<String>,
}

impl<'a> Side<'a> {
    /// Whom a finding about a field speaks of.
    pub(super) fn subject(&self) -> Subject<'a> {
        Subject {
            entry: self.entry,
            asks: self.required.is_some(),
            payload: self.payload,
        }
    }

    pub(super) fn request(
        entry: &'a Entry,
        config: &'a Config,
        layouts: Layouts<'a>,
        shape: &'a Shape,
        terms: &'a Terms,
    ) -> Self {
        Self {
            required: Some(layouts.request.required),
            managed: layouts.request.keys(),
            ..Self::told(
                entry,
                config,
                layouts.request.payload.as_deref(),
                shape,
                terms,
            )
        }
    }

    /// A reply or an event.
    pub(super) fn told(
        entry: &'a Entry,
        config: &'a Config,
        payload: Option<&'a str>,
        shape: &'a Shape,
        terms: &'a Terms,
    ) -> Self {
        Self {
            payload,
            entry,
            shape,
            terms,
            secrets: &config.secrets,
            private: &config.private,
            required: None,
            values: &entry.values,
            managed: Vec::new(),
        }
    }
}

/// The fields of a message, from its root.
#[derive(Debug, Default)]
pub(super) struct Tree {
    roots: Vec<Field>,
    /// The root itself is a list.
    list: bool,
}

/// Reads placed rows and examples into one tree.
pub(super) fn read(rows: &[Row], side: &Side<'_>, diagnostics: &mut Vec<Diagnostic>) -> Tree {
    let mut tree = Tree {
        roots: Vec::new(),
        list: side.shape.element.is_some(),
    };
    for row in rows {
        let Some(path) = &row.path else { continue };
        let cell = name_cell(&row.name);
        if !crate::read::dialect::is_path(&cell.name) {
            diagnostics.push(
                Diagnostic::new(
                    Code::UnreadRow,
                    format!(
                        "`{}` of `{}` is no name that could be on the wire",
                        cell.name, side.entry.title
                    ),
                )
                .at_if(row.at.clone())
                .help("write the wire name in the first column"),
            );
            continue;
        }
        let field = field_of(row, path, side, diagnostics);
        insert(&mut tree.roots, path, field, side, diagnostics);
    }
    add_unlisted(&mut tree.roots, side, rows.is_empty(), diagnostics);
    settle(&mut tree.roots, side, "", diagnostics);
    tree
}

impl Tree {
    /// Whether there is a root field of this name.
    pub(super) fn has(&self, key: &str) -> bool {
        self.roots.iter().any(|field| field.wire == key)
    }

    /// Documented values of a root field.
    pub(super) fn values_of(&self, key: &str) -> Vec<Choice> {
        self.roots
            .iter()
            .find(|field| field.wire == key)
            .map(|field| field.values.clone())
            .unwrap_or_default()
    }

    /// Takes the envelope off. `root_is_payload`: what stands at the root is the payload itself.
    pub(super) fn split(
        self,
        payload: Option<&str>,
        managed: &[String],
        root_is_payload: bool,
    ) -> Split {
        let mut fields = Vec::new();
        let mut found = if root_is_payload || payload.is_none() {
            match (self.list, self.roots.is_empty()) {
                (true, _) => Reply::Objects,
                (false, true) => Reply::Nothing,
                (false, false) => Reply::Object,
            }
        } else {
            Reply::Nothing
        };
        let mut beside = Vec::new();
        for mut field in self.roots {
            if Some(field.wire.as_str()) == payload && !root_is_payload {
                found = match (field.ty, field.fields.is_empty()) {
                    (Type::Object | Type::Any, true) => Reply::Nothing,
                    (ty, _) => payload_of(ty),
                };
                fields = field.fields;
            } else if !managed.contains(&field.wire) {
                field.place = if root_is_payload || payload.is_none() {
                    Place::Payload
                } else {
                    Place::Envelope
                };
                beside.push(field);
            }
        }
        fields.extend(beside);
        Split {
            payload: found,
            fields,
        }
    }
}

fn field_of(row: &Row, path: &str, side: &Side<'_>, diagnostics: &mut Vec<Diagnostic>) -> Field {
    let cell = name_cell(&row.name);
    let description = document::plain(&row.description);
    let type_cell = document::plain(&row.ty);
    let mut field = Field::new(last(path), Type::Any);
    if !cell.name.contains('.') && cell.name != field.wire {
        field.aliases.push(cell.name.clone());
    }
    field.aliases.extend(prose::aliases(&description));
    field.source.clone_from(&row.at);
    field.deprecated = cell.struck;
    field.secret = side.secrets.contains(&field.wire);
    field.private = side.private.contains(&field.wire);
    let tables = || side.values.iter().filter(|table| table.field == field.wire);
    field.values = match tables().find(|table| !table.forms) {
        Some(table) => numeric_or_all(&table.values.iter().map(choice).collect::<Vec<_>>()),
        None => prose::choices(&description)
            .into_iter()
            .map(|known| Choice {
                value: known.value,
                title: known.title,
                name: None,
            })
            .collect(),
    };
    field.forms = tables()
        .filter(|table| table.forms)
        .flat_map(|table| table.values.iter().map(choice))
        .collect();
    field.default = prose::default_value(&description);
    let limits = prose::limits(&description);
    field.limits = Limits {
        min_items: limits.min_items,
        max_items: limits.max_items,
        max_bytes: limits.max_bytes,
        max_seconds: limits.max_seconds,
    };
    let word = prose::type_word(&type_cell);
    field.ty = typed(word.as_ref(), side, path, &field, diagnostics);
    if word.is_none() && !type_cell.is_empty() {
        diagnostics.push(
            Diagnostic::new(
                Code::UnknownType,
                format!(
                    "`{type_cell}` is no known type{}; `{}` is read as {}",
                    text::did_you_mean(&type_cell, TYPE_WORDS),
                    field.wire,
                    field.ty.as_str(),
                ),
            )
            .at_if(row.at.clone())
            .help(format!(
                "write {} or one of them with [], or decide here",
                TYPE_WORDS.join(", ")
            ))
            .fix(
                side.subject()
                    .correction(path, &format!("type = \"{}\"", field.ty.as_str())),
            ),
        );
    }
    if matches!(field.ty, Type::Text) {
        field.list = prose::separator(&description);
    }
    field.encoding = if !field.ty.has_members() && prose::says_json_text(&description) {
        Encoding::JsonText
    } else if matches!(word, Some(TypeWord::Text))
        && prose::says_xml(&description)
        && field.ty == Type::Text
    {
        Encoding::XmlText
    } else {
        Encoding::Plain
    };
    requiredness(&mut field, row, &cell.required, &description, side);
    field.title = if description.is_empty() {
        side.terms.get(&field.wire).cloned().unwrap_or_default()
    } else {
        description
    };
    field
}

/// Value tables end in rows such as `-x`, which are no values.
fn numeric_or_all(values: &[Choice]) -> Vec<Choice> {
    let numeric = |choice: &&Choice| choice.value.parse::<i64>().is_ok();
    if values.iter().filter(numeric).count() * 2 > values.len() {
        values.iter().filter(numeric).cloned().collect()
    } else {
        values.to_vec()
    }
}

fn requiredness(
    field: &mut Field,
    row: &Row,
    mark: &Option<bool>,
    description: &str,
    side: &Side<'_>,
) {
    let Some(usual) = side.required else {
        return;
    };
    let column = row
        .required
        .as_deref()
        .and_then(|cell| prose::required_word(&document::plain(cell)));
    field.required = match (column, mark) {
        (Some(RequiredWord::Always), _) => true,
        (Some(RequiredWord::Optional), _) => false,
        (Some(RequiredWord::OneOf(names)), _) => {
            field.one_of = names;
            false
        }
        (None, Some(mark)) => *mark,
        // What is struck through is not asked for any more.
        (None, None) => usual && !field.deprecated && !prose::optional_mark(description),
    };
}

/// Puts a field where its path says, making the containers on the way.
fn insert(
    roots: &mut Vec<Field>,
    path: &str,
    field: Field,
    side: &Side<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut fields = roots;
    let mut walked = String::new();
    let parts: Vec<&str> = path.split('.').collect();
    for (n, part) in parts.iter().enumerate() {
        let name = part.trim_end_matches("[]");
        if !walked.is_empty() {
            walked.push('.');
        }
        walked.push_str(name);
        let at = fields.iter().position(|known| known.wire == name);
        if n + 1 == parts.len() {
            match at {
                Some(at) => merge(&mut fields[at], field, side, diagnostics),
                None => fields.push(field),
            }
            return;
        }
        let at = at.unwrap_or_else(|| {
            let ty = if part.ends_with("[]") {
                Type::Object.listed()
            } else {
                Type::Object
            };
            fields.push(Field::new(name, ty));
            fields.len() - 1
        });
        fields = &mut fields[at].fields;
    }
}

/// One name twice: what the later row adds is kept, what it repeats is reported.
fn merge(known: &mut Field, other: Field, side: &Side<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if known.source.is_none() {
        let fields = std::mem::take(&mut known.fields);
        let ty = known.ty;
        *known = other;
        known.fields = fields;
        if !known.fields.is_empty() && !known.ty.has_members() {
            known.ty = ty;
        }
        return;
    }
    diagnostics.push(
        Diagnostic::new(
            Code::RepeatedRow,
            format!(
                "`{}` of `{}` has two rows; they were merged",
                known.wire, side.entry.title
            ),
        )
        .at_if(other.source.clone())
        .help("remove one, or say here where the second belongs")
        .fix(side.subject().correction(
            &format!("parent.{}", known.wire),
            &format!("add = true\ntype = \"{}\"", other.ty.as_str()),
        )),
    );
    if known.title.is_empty() {
        known.title = other.title;
    }
    if known.values.is_empty() {
        known.values = other.values;
    }
    known.required |= other.required;
}

/// Keys that only the examples have become fields too.
fn add_unlisted(
    roots: &mut Vec<Field>,
    side: &Side<'_>,
    no_rows: bool,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut unlisted = Vec::new();
    for path in side.shape.paths() {
        if find(roots, &path).is_some()
            || below_scalar(roots, &path)
            || side.managed.contains(&path)
        {
            continue;
        }
        let Some(shape) = side.shape.at(&path) else {
            continue;
        };
        let mut field = Field::new(last(&path), type_seen(shape).unwrap_or(Type::Any));
        field.secret = side.secrets.contains(&field.wire);
        field.private = side.private.contains(&field.wire);
        field.required = side.required.unwrap_or(false);
        let remarks = side.entry.samples.iter().flat_map(|sample| &sample.remarks);
        if let Some(remark) = remarks.into_iter().find(|remark| remark.path == path) {
            explain(&mut field, &remark.text);
        } else {
            field.title = side.terms.get(&field.wire).cloned().unwrap_or_default();
        }
        if let Some(table) = side
            .values
            .iter()
            .find(|table| table.field == field.wire && !table.forms)
        {
            field.values = numeric_or_all(&table.values.iter().map(choice).collect::<Vec<_>>());
        }
        unlisted.push(path.clone());
        insert(roots, &path, field, side, diagnostics);
    }
    let asked = side.required.is_some();
    if asked && !no_rows && !unlisted.is_empty() {
        let outermost = unlisted
            .iter()
            .filter(|path| !unlisted.iter().any(|other| other == parent(path)));
        let names: Vec<String> = outermost
            .map(|path| format!("`{}`", side.subject().inside(path)))
            .collect();
        diagnostics.push(
            Diagnostic::new(
                Code::FieldMismatch,
                format!(
                    "the example of `{}` sends {}, which its table does not list",
                    side.entry.title,
                    names.join(", ")
                ),
            )
            .at_if(side.entry.at.clone())
            .help("add the rows to the table"),
        );
    }
}

/// A comment beside a key explains it: `// string     信息类型`.
fn explain(field: &mut Field, remark: &str) {
    let (first, rest) = remark
        .split_once(char::is_whitespace)
        .unwrap_or((remark, ""));
    let text = match prose::type_word(first) {
        Some(word) if !rest.trim().is_empty() => {
            if let Some(ty) = type_of(&word) {
                field.ty = ty;
            }
            rest.trim()
        }
        _ => remark,
    };
    field.values = prose::choices(text)
        .into_iter()
        .map(|known| Choice {
            value: known.value,
            title: known.title,
            name: None,
        })
        .collect();
    text.clone_into(&mut field.title);
}

fn find<'f>(roots: &'f [Field], path: &str) -> Option<&'f Field> {
    let mut fields = roots;
    let mut found = None;
    for name in segments(path) {
        let field = fields.iter().find(|field| field.wire == name)?;
        fields = &field.fields;
        found = Some(field);
    }
    found
}

/// Whether a field on the way is anything, by correction or cell, so that nothing below it is typed.
fn below_scalar(roots: &[Field], path: &str) -> bool {
    let mut fields = roots;
    for name in segments(path) {
        let Some(field) = fields.iter().find(|field| field.wire == name) else {
            return false;
        };
        if field.ty == Type::Any {
            return true;
        }
        fields = &field.fields;
    }
    false
}

/// Makes containers agree with their members, and members with what the examples can hold.
fn settle(fields: &mut [Field], side: &Side<'_>, prefix: &str, diagnostics: &mut Vec<Diagnostic>) {
    for field in fields {
        let path = crate::shape::join(prefix, &field.wire);
        if !field.fields.is_empty() && !field.ty.has_members() {
            let shape = side.shape.at(&path);
            let scalar_elements =
                shape.is_some_and(|s| s.element.as_ref().is_some_and(|e| e.kinds.any()));
            let text = shape.is_some_and(|s| s.kinds.text()) || field.ty == Type::Text;
            if scalar_elements {
                drop_members(field, side, diagnostics);
            } else if text && field.encoding == Encoding::XmlText {
                field.ty = Type::Object;
            } else if text {
                // A text with members is a text that holds JSON.
                field.encoding = Encoding::JsonText;
                let many = ["数组", "列表", "array"]
                    .iter()
                    .any(|word| field.title.contains(word));
                field.ty = if many {
                    Type::Object.listed()
                } else {
                    Type::Object
                };
            } else {
                field.ty = match field.ty {
                    Type::List(_) => Type::Object.listed(),
                    _ => Type::Object,
                };
            }
        }
        if !field.ty.has_members() || field.encoding != Encoding::Plain {
            // A container that turned out to hold text is required or not as before.
        } else if field.fields.is_empty()
            && side
                .shape
                .at(&path)
                .is_none_or(|shape| !shape.is_container())
        {
            field.ty = match field.ty {
                Type::List(_) => Type::List(Item::Any),
                _ => Type::Any,
            };
        }
        settle(&mut field.fields, side, &path, diagnostics);
    }
}

fn drop_members(field: &mut Field, side: &Side<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let names: Vec<&str> = field
        .fields
        .iter()
        .map(|member| member.wire.as_str())
        .collect();
    diagnostics.push(
        Diagnostic::new(
            Code::FieldMismatch,
            format!(
                "a table gives members to `{}` of `{}` ({}), but the example shows plain values; the example wins",
                field.wire,
                side.entry.title,
                names.join(", ")
            ),
        )
        .at_if(field.fields.first().and_then(|member| member.source.clone()))
        .help("mend the table or the example"),
    );
    field.fields.clear();
}
