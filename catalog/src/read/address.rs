//! Owns the address of an item: its path, and what of its query is always the same.
//!
//! In: `http://域名/api/?type=3&key=xxx` and the rows of its table. Out: `/api/?type=3`, where `type` is no row and `key` is.

use crate::build::nest::name_cell;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::plain;
use crate::entry::{Entry, Row};
use crate::slug;

/// The path of a documented URL and its query: `http://域名地址/foreign/auth/login?x=1` → `/foreign/auth/login`, `x=1`.
pub(super) fn parted(url: &str) -> (String, String) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| {
        rest.find('/')
            .map_or("/", |at| rest.get(at..).unwrap_or("/"))
    });
    let rest = rest.split('#').next().unwrap_or(rest);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    (path.to_owned(), query.to_owned())
}

/// Puts into an entry's path what of its query is always the same: what no row lists, and what a row calls fixed.
pub(super) fn keep_constants(entry: &mut Entry, query: &str) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let mut constants = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let mut rows = entry.params.iter();
        let row = rows.find(|row| name_cell(&row.name).name == name);
        match row {
            Some(row) if is_fixed(row, value) => constants.push(pair.to_owned()),
            Some(_) => {}
            None if is_plain(name) && is_plain(value) => constants.push(pair.to_owned()),
            None => {
                let message = format!(
                    "`{name}` is in the address of `{}`, and no row says what it is: left out",
                    entry.title
                );
                let finding = Diagnostic::new(Code::FieldMismatch, message);
                let finding = finding.help("add the row to the table of parameters");
                findings.push(finding.at_if(entry.at.clone()));
            }
        }
    }
    if let Some(path) = entry.path.as_mut().filter(|_| !constants.is_empty()) {
        path.push('?');
        path.push_str(&constants.join("&"));
    }
    findings
}

/// Whether a row says that it always has the value that the address shows.
fn is_fixed(row: &Row, value: &str) -> bool {
    let description = plain(&row.description);
    let behind = description.split_once("固定").map(|(_, behind)| behind);
    behind.is_some_and(|behind| !value.is_empty() && behind.contains(value))
}

/// Whether a text in an address is meant as it stands: an example of something else is seldom so plain.
fn is_plain(text: &str) -> bool {
    let is_filler = text.chars().all(|c| matches!(c, 'x' | 'X' | '*' | '.'));
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_.~".contains(c);
    !is_filler && text.chars().all(fits)
}

/// Module and wire name make an id that stays when titles are reworded.
pub(super) fn synthesized_id(entry: &Entry) -> String {
    let wire = entry
        .path
        .as_deref()
        .or_else(|| entry.wire.first().map(String::as_str));
    let name = match wire {
        Some(wire) => {
            let (path, query) = wire.split_once('?').unwrap_or((wire, ""));
            let mut parts = path.rsplit('/');
            let is_name = |part: &&str| !part.is_empty() && !part.starts_with(['{', ':']);
            let last = parts.find(is_name).unwrap_or(path);
            let values = query.split('&').filter_map(|pair| pair.split_once('='));
            values.fold(last.to_owned(), |name, (_, value)| {
                format!("{name}_{value}")
            })
        }
        None => slug::slug(&entry.title),
    };
    format!("{}_{name}", entry.module).replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_parted_from_its_server_and_its_query() {
        for (url, path, query) in [
            ("http://域名/api/?type=3#x", "/api/", "type=3"),
            ("https://host", "/", ""),
            ("/send?a=1&b", "/send", "a=1&b"),
        ] {
            assert_eq!(parted(url), (path.to_owned(), query.to_owned()), "{url}");
        }
    }

    #[test]
    fn what_stands_for_something_else_is_no_constant() {
        let mut entry = Entry {
            module: "m".to_owned(),
            path: Some("/api/".to_owned()),
            ..Entry::default()
        };
        let query = "type=3&key=xxx&to={id}&who=微信号&empty=&v=1.0";
        let findings = keep_constants(&mut entry, query);
        assert_eq!(entry.path.as_deref(), Some("/api/?type=3&v=1.0"));
        assert_eq!(findings.len(), 4);
        assert_eq!(synthesized_id(&entry), "m_api_3_1.0");
    }
}
