//! Owns where parameters stand outside of the body: the column 位置 says it, or the path has a `{name}`, or it is a
//! `GET`, which has no body.
//!
//! In: an entry `GET /user/:id` with rows `id` and `lang`. Out: `id` in the path, `lang` in the query, and what is
//! doubtful about it.

use super::nest::name_cell;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::plain;
use crate::entry::{Entry, EntryKind, Row};
use crate::model::{Field, Place, Type, parted, placeholders};
use crate::path::segments;
use crate::prose::{PlaceWord, place_word};

/// A path with its parameters in braces: `/user/:id` → `/user/{id}`.
pub(super) fn template(path: &str) -> String {
    let part = |part: &str| match part.strip_prefix(':') {
        Some(name) if !name.is_empty() => format!("{{{name}}}"),
        _ => part.to_owned(),
    };
    let (path, query) = path
        .split_once('?')
        .map_or((path, None), |(path, query)| (path, Some(query)));
    let parts: Vec<String> = path.split('/').map(part).collect();
    let path = parts.join("/");
    query.map_or(path.clone(), |query| format!("{path}?{query}"))
}

/// Where a row stands, if not in the body.
pub(super) fn of(entry: &Entry, row: &Row) -> Option<Place> {
    match row
        .place
        .as_deref()
        .and_then(|cell| place_word(&plain(cell)))
    {
        Some(PlaceWord::Body) => None,
        Some(PlaceWord::Outside(place)) => Some(place),
        None => unsaid(entry, &name_cell(&row.name).name),
    }
}

/// Where a parameter stands of which no column says it.
fn unsaid(entry: &Entry, name: &str) -> Option<Place> {
    if entry.kind != EntryKind::Endpoint {
        return None;
    }
    let path = template(entry.path.as_deref().unwrap_or_default());
    let is_get = || entry.method.as_deref().is_some_and(is_get);
    match placeholders(&path).any(|known| known == name) {
        true => Some(Place::Path),
        false => is_get().then_some(Place::Query),
    }
}

fn is_get(method: &str) -> bool {
    method.eq_ignore_ascii_case("GET")
}

/// Puts parameters where they stand, and makes those that only the path has.
pub(super) fn put(entry: &Entry, fields: &mut Vec<Field>, diagnostics: &mut Vec<Diagnostic>) {
    for field in &mut *fields {
        let mut rows = entry.params.iter();
        let row = rows.find(|row| row.path.as_deref() == Some(&field.wire));
        let place = match row {
            Some(row) => of(entry, row),
            None if field.place == Place::Payload || field.fields.is_empty() => {
                unsaid(entry, &field.wire)
            }
            None => None,
        };
        field.place = place.unwrap_or(field.place);
        if place == Some(Place::Path) {
            field.required = true;
        }
    }
    let path = template(entry.path.as_deref().unwrap_or_default());
    // What the address says once and for all is no parameter.
    let (_, query) = parted(&path);
    let constants = query.split('&').filter_map(|pair| pair.split_once('='));
    fields.retain(|field| !constants.clone().any(|(name, _)| name == field.wire));
    for name in placeholders(&path).filter(|_| entry.kind == EntryKind::Endpoint) {
        if fields.iter().any(|field| field.wire == name) {
            continue;
        }
        let message = format!(
            "`{{{name}}}` in the path of `{}` has no row: read as a text",
            entry.title
        );
        let finding = Diagnostic::new(Code::FieldMismatch, message).at_if(entry.at.clone());
        diagnostics.push(finding.help("add the row to the table of parameters"));
        fields.push(Field {
            required: true,
            place: Place::Path,
            ..Field::new(name, Type::Text)
        });
    }
}

/// Cells that do not say where their row stands, and those of what comes back in its body.
pub(super) fn doubts(entry: &Entry) -> Vec<Diagnostic> {
    let is_asked = !matches!(entry.kind, EntryKind::Event);
    let asked = entry.params.iter().map(|row| (row, is_asked));
    let rows = asked.chain(entry.returns.iter().map(|row| (row, false)));
    rows.filter_map(|(row, is_asked)| doubt(entry, row, is_asked))
        .collect()
}

/// Parameters of one name in two places, each by its row and what is said of it: a caller would give one value, and
/// nobody knows to which.
pub(super) fn clashes(entry: &Entry, payload: Option<&str>) -> Vec<(usize, Diagnostic)> {
    let asked = entry.params.iter().enumerate();
    let named = asked.map(|(n, row)| (n, name_cell(&row.name).name, of(entry, row), row));
    // A member of something in the body is another thing of that name.
    let is_root = |name: &str, row: &Row| {
        let path = row.path.as_deref().unwrap_or_default();
        segments(path).eq(payload.into_iter().chain([name])) || segments(path).eq([name])
    };
    let named: Vec<_> = named
        .filter(|(_, name, _, row)| is_root(name, row))
        .collect();
    let clash = |(n, name, place, row): &(usize, String, Option<Place>, &Row)| {
        let mut earlier = named.iter().take_while(|(other, ..)| other < n);
        let other = earlier.find(|(_, known, other, _)| known == name && other != place);
        let (_, _, other, _) = other?;
        let word = |place: &Option<Place>| place.and_then(Place::outside).unwrap_or("body");
        let message = format!(
            "`{name}` of `{}` stands in two places: {} and {}",
            entry.title,
            word(other),
            word(place)
        );
        let finding = Diagnostic::error(Code::PlaceClash, message).at_if(row.at.clone());
        Some((*n, finding.help("leave the row that the gateway reads")))
    };
    named.iter().filter_map(clash).collect()
}

fn doubt(entry: &Entry, row: &Row, is_asked: bool) -> Option<Diagnostic> {
    let cell = plain(row.place.as_deref()?);
    if cell.chars().all(|c| !c.is_alphanumeric()) {
        return None;
    }
    let name = &row.name;
    let message = match place_word(&cell) {
        Some(PlaceWord::Body) => return None,
        Some(PlaceWord::Outside(_)) if is_asked => return None,
        Some(PlaceWord::Outside(_)) => format!(
            "`{cell}`: what comes back is read from its body alone, and `{name}` would not be found elsewhere"
        ),
        None => {
            let read = unsaid(entry, &name_cell(name).name).filter(|_| is_asked);
            let read = read.and_then(Place::outside).unwrap_or("body");
            format!("`{cell}` does not say where `{name}` stands: read as {read}")
        }
    };
    let finding = Diagnostic::new(Code::UnknownPlace, message).because(cell);
    let finding = finding.help("write query, path, header or body");
    Some(finding.at_if(row.at.clone()))
}
