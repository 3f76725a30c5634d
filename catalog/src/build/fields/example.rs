//! Owns what the examples add to the rows: keys that no table lists, and containers that hold something else.

use super::super::field_type::{type_of, type_seen};
use super::super::vocabulary;
use super::{Side, below_scalar, find, insert};
use crate::diagnostic::{Code, Diagnostic};
use crate::entry::{EntryKind, Row};
use crate::model::{Encoding, Field, Item, Type};
use crate::path::{last, parent};
use crate::prose;

/// Keys that only the examples have become fields too.
pub(super) fn add_unlisted(
    roots: &mut Vec<Field>,
    side: &Side<'_>,
    rows: &[Row],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut unlisted = Vec::new();
    // A table that says of each parameter whether it must be given does not say it of these.
    let is_marked = rows.iter().any(|row| row.required.is_some());
    for path in side.shape.paths() {
        if last(&path).is_empty() {
            diagnostics.push(doubt(&path, side, Code::EmptyName, "a key has no name"));
            continue;
        }
        if find(roots, &path).is_some()
            || below_scalar(roots, &path)
            || side.managed.contains(&path)
        {
            continue;
        }
        let Some(shape) = side.shape.at(&path) else {
            continue;
        };
        if last(&path).contains(is_odd) {
            let message = format!("`{}` is hardly a name on the wire", last(&path));
            diagnostics.push(doubt(&path, side, Code::OddKey, &message));
        }
        let mut field = Field::new(last(&path), type_seen(shape).unwrap_or(Type::Any));
        field.secret = side.secrets.contains(&field.wire);
        field.private = side.private.contains(&field.wire);
        field.required = side.required.unwrap_or(false) && !is_marked;
        let remarks = side.entry.samples.iter().flat_map(|sample| &sample.remarks);
        if let Some(remark) = remarks.into_iter().find(|remark| remark.path == path) {
            explain(&mut field, &remark.text);
        } else {
            field.title = side
                .known
                .terms
                .get(&field.wire)
                .cloned()
                .unwrap_or_default();
        }
        if let Some(table) = side
            .values
            .iter()
            .find(|table| table.field == field.wire && !table.forms)
        {
            field.values = vocabulary::values(table);
        }
        unlisted.push(path.clone());
        insert(roots, &path, field, side, diagnostics);
    }
    if side.required.is_some() && !rows.is_empty() && !unlisted.is_empty() {
        diagnostics.push(not_in_table(&unlisted, side));
    }
}

/// What the example of a request sends beside its table.
fn not_in_table(unlisted: &[String], side: &Side<'_>) -> Diagnostic {
    let outermost = unlisted
        .iter()
        .filter(|path| !unlisted.iter().any(|other| other == parent(path)));
    let names: Vec<String> = outermost
        .map(|path| format!("`{}`", side.subject().inside(path)))
        .collect();
    let (title, names) = (&side.entry.title, names.join(", "));
    let message = match side.entry.kind {
        EntryKind::Structure => {
            format!("examples show {names} in `{title}`, which its table does not list")
        }
        _ => format!("the example of `{title}` sends {names}, which its table does not list"),
    };
    Diagnostic::new(Code::FieldMismatch, message)
        .at_if(side.entry.at.clone())
        .help("add the rows to the table")
}

/// What a slip leaves in a key: `createTime': 1691125287,`.
fn is_odd(c: char) -> bool {
    c.is_whitespace() || "'\",:;{}[]()<>=\\".contains(c)
}

fn doubt(path: &str, side: &Side<'_>, code: Code, message: &str) -> Diagnostic {
    let inside = crate::path::parent(path);
    let place = if inside.is_empty() { "" } else { " in " };
    let title = &side.entry.title;
    Diagnostic::new(
        code,
        format!("{message}{place}{inside}, in an example of `{title}`"),
    )
    .at_if(side.entry.at.clone())
    .help("mend the example: a quote or a comma is missing")
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
    field.values = vocabulary::numbers_or_all(prose::choices(text));
    text.clone_into(&mut field.title);
}

/// Makes containers agree with their members, and members with what the examples can hold.
pub(super) fn settle(
    fields: &mut [Field],
    side: &Side<'_>,
    prefix: &str,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for field in fields {
        let path = crate::path::join(prefix, &field.wire);
        if field.structure.is_some() {
            of_structure(field, side, diagnostics);
            continue;
        }
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

/// The members of a structure stand in its own table.
fn of_structure(field: &mut Field, side: &Side<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(member) = field.fields.first() else {
        return;
    };
    let message = format!(
        "`{}` of `{}` is a `{}`, and rows give it members here: those of the structure count",
        field.wire,
        side.entry.title,
        field.type_name()
    );
    let finding = Diagnostic::new(Code::FieldMismatch, message).at_if(member.source.clone());
    diagnostics.push(finding.help("move the rows to the table of the structure"));
    field.fields.clear();
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
