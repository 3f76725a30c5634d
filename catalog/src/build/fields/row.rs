//! Owns what one row of a table says of its field.

use super::super::field_type::typed;
use super::super::vocabulary;
use super::Side;
use crate::build::nest::name_cell;
use crate::diagnostic::{Code, Diagnostic};
use crate::document;
use crate::entry::Row;
use crate::model::{Encoding, Field, Type};
use crate::path::{join, last};
use crate::prose::{self, RequiredWord, TypeWord, TypedMember};
use crate::spelling;

/// The words for types that vendors are told of.
const TYPE_WORDS: [&str; 7] = [
    "string", "int", "long", "number", "boolean", "object", "array",
];

/// The field of a row, by its path.
pub(super) fn field_of(
    row: &Row,
    path: &str,
    side: &Side<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Field {
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
        Some(table) => vocabulary::values(table),
        None => vocabulary::numbers_or_all(prose::choices(&description)),
    };
    let forms = tables().filter(|table| table.forms);
    field.forms = forms.flat_map(vocabulary::values).collect();
    field.default = prose::default_value(&description);
    field.limits = prose::limits(&description);
    let read = side.known.structures.read(side.entry, &type_cell);
    let word = read.word;
    field.ty = typed(word.as_ref(), side, path, &field, diagnostics);
    if let Some(word) = &word {
        hold(&mut field, word, path, side, diagnostics);
    }
    if let Some(unknown) = read.unknown.first() {
        diagnostics.push(unknown_type((&type_cell, unknown), row, path, side, &field));
    }
    if matches!(field.ty, Type::Text) {
        field.list = prose::separator(&description);
    }
    field.encoding = encoding(&field, word.as_ref(), &description);
    diagnostics.extend(unknown_required(row, side));
    let mark = cell.required.or(read.optional.then_some(false));
    requiredness(&mut field, row, &mark, &description, side);
    diagnostics.extend(contradicted(&field, row, read.optional));
    field.nullable = field.required && prose::says_null(&description);
    field.title = if description.is_empty() {
        side.known
            .terms
            .get(&field.wire)
            .cloned()
            .unwrap_or_default()
    } else {
        description
    };
    let listed = side
        .values
        .iter()
        .filter(|table| !table.forms && table.field == last(path));
    listed.for_each(|table| vocabulary::tell_apart(&mut field, table));
    field
}

/// What a whole type says of its members, where the examples do not belie it.
fn hold(
    field: &mut Field,
    word: &TypeWord,
    path: &str,
    side: &Side<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    match word {
        TypeWord::List(of) if of.is_whole() => hold(field, of, path, side, diagnostics),
        TypeWord::Structure(name) if field.ty.has_members() => {
            field.structure = Some(name.clone());
        }
        TypeWord::Members(members) if field.ty.has_members() => {
            let members = members.iter();
            field.fields = members
                .map(|one| member(one, field, path, side, diagnostics))
                .collect();
        }
        _ => {}
    }
}

/// A member of an object that a type cell writes out.
fn member(
    written: &TypedMember,
    of: &Field,
    path: &str,
    side: &Side<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Field {
    let path = join(path, &written.name);
    let mut field = Field::new(&written.name, Type::Any);
    field.source.clone_from(&of.source);
    field.secret = side.secrets.contains(&field.wire);
    field.private = side.private.contains(&field.wire);
    let mut tables = side.values.iter();
    let table = tables.find(|table| table.field == field.wire && !table.forms);
    field.values = match table {
        Some(table) => vocabulary::values(table),
        None => vocabulary::numbers_or_all(prose::choices(&written.note)),
    };
    field.ty = typed(written.ty.as_ref(), side, &path, &field, diagnostics);
    if let Some(word) = &written.ty {
        hold(&mut field, word, &path, side, diagnostics);
    }
    field.required = side.required.unwrap_or(false) && !written.optional;
    field.title = match written.note.as_str() {
        "" => side
            .known
            .terms
            .get(&field.wire)
            .cloned()
            .unwrap_or_default(),
        note => note.to_owned(),
    };
    field
}

/// A cell that says that it must be given, and a type that says that it need not.
fn contradicted(field: &Field, row: &Row, optional: bool) -> Option<Diagnostic> {
    if !optional || !field.required {
        return None;
    }
    let message = format!(
        "`{}` must be given, and its type `{}` says that it need not: read as required",
        field.wire, row.ty
    );
    let finding = Diagnostic::new(Code::UnknownRequired, message).at_if(row.at.clone());
    Some(finding.help("write 否, or take the `?` off the type"))
}

fn unknown_type(
    (word, unknown): (&str, &str),
    row: &Row,
    path: &str,
    side: &Side<'_>,
    field: &Field,
) -> Diagnostic {
    let (wire, ty) = (&field.wire, field.ty.as_str());
    let structures = side.known.structures.names(&side.entry.api);
    let near = spelling::did_you_mean(unknown, TYPE_WORDS.into_iter().chain(structures));
    let message = format!("`{word}` is no known type{near}; `{wire}` is read as {ty}");
    let words = TYPE_WORDS.join(", ");
    Diagnostic::new(Code::UnknownType, message)
        .because(word)
        .at_if(row.at.clone())
        .help(format!(
            "write {words} or one of them with [], or decide here"
        ))
        .fix(side.subject().correction(path, &format!("type = \"{ty}\"")))
}

/// A text may hold JSON or XML, where its description says so.
fn encoding(field: &Field, word: Option<&TypeWord>, description: &str) -> Encoding {
    let is_text = field.ty == Type::Text && matches!(word, Some(TypeWord::Text));
    if !field.ty.has_members() && prose::says_json_text(description) {
        Encoding::JsonText
    } else if is_text && prose::says_xml(description) {
        Encoding::XmlText
    } else {
        Encoding::Plain
    }
}

/// A cell that is to say whether a parameter must be given, and does not.
fn unknown_required(row: &Row, side: &Side<'_>) -> Option<Diagnostic> {
    let usual = side.required?;
    let cell = document::plain(row.required.as_deref()?);
    let says_nothing = cell.chars().all(|c| !c.is_alphanumeric());
    if says_nothing || prose::required_word(&cell).is_some() {
        return None;
    }
    let read = if usual { "required" } else { "optional" };
    let message = format!(
        "`{cell}` says neither that `{}` must be given nor that it need not: read as {read}",
        row.name
    );
    let finding = Diagnostic::new(Code::UnknownRequired, message).because(cell);
    Some(finding.at_if(row.at.clone()).help("write 是 or 否"))
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
