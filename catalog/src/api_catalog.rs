//! Owns `api_catalog.json`: read with what upstream tools write, written so that the same facts give the same bytes.

use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic};
use crate::entry::{Catalog, Entry, EntryKind};
use crate::source::{SourceFile, Span};
use crate::spelling;

/// Reads a catalog in the upstream form or in ours.
pub fn read(file: &SourceFile) -> Result<(Vec<Entry>, Vec<Diagnostic>), Diagnostic> {
    let catalog: Catalog = serde_json::from_str(file.text()).map_err(|error| {
        let message = error.to_string();
        // The place is given as such.
        let message = message.split(" at line ").next().unwrap_or_default();
        Diagnostic::error(Code::BadCatalog, message)
            .at(file.location(place(file, error.line(), error.column())))
            .help("restore the file, or run `cargo xtask codegen --accept specs`")
    })?;
    let mut diagnostics = Vec::new();
    for entry in &catalog.catalog {
        for key in entry.other.keys() {
            diagnostics.push(
                Diagnostic::new(
                    Code::UnknownKey,
                    format!(
                        "`{}` has an unknown key `{key}`{}",
                        entry.operation_id,
                        spelling::did_you_mean(key, known_keys())
                    ),
                )
                .at(file.location(find(file, key, 0)))
                .help("rename the key, or remove it"),
            );
        }
        if entry.kind == EntryKind::Endpoint && entry.path.is_none() {
            diagnostics.push(
                Diagnostic::error(
                    Code::BadCatalog,
                    format!("`{}` is an endpoint without a path", entry.operation_id),
                )
                .at(file.location(find(file, &entry.operation_id, 0)))
                .help("add `\"path\": \"/…\"`"),
            );
        }
    }
    let mut entries = catalog.catalog;
    // Entries stand in their order, so that each is looked for behind the one before.
    let mut behind = 0;
    for entry in &mut entries {
        let span = find(file, &entry.operation_id, behind);
        behind = behind.max(span.end);
        entry.at = Some(file.location(span));
        // Rows are found through their entry.
        for row in entry.params.iter_mut().chain(&mut entry.returns) {
            row.at.clone_from(&entry.at);
        }
    }
    Ok((entries, diagnostics))
}

/// Writes a catalog: no time stamps, no line numbers, a line break at the end.
pub fn write(catalog: &Catalog) -> String {
    // Entries hold texts and JSON values only; serialising them cannot fail.
    let mut text = serde_json::to_string_pretty(catalog).unwrap_or_default();
    text.push('\n');
    text
}

/// The JSON Schema of `api_catalog.json`.
pub fn catalog_schema() -> String {
    pretty(&schemars::schema_for!(Catalog).to_value())
}

/// The JSON Schema of `provider.toml`.
pub fn config_schema() -> String {
    pretty(&schemars::schema_for!(crate::config::Config).to_value())
}

/// The JSON Schema of `sdk.toml`.
pub fn crate_schema() -> String {
    pretty(&schemars::schema_for!(crate::config::CrateLayout).to_value())
}

fn pretty(schema: &Value) -> String {
    format!("{schema:#}\n")
}

fn known_keys() -> [&'static str; 20] {
    [
        "doc",
        "title",
        "module",
        "kind",
        "operationId",
        "method",
        "path",
        "requestUrl",
        "headers",
        "params",
        "returns",
        "api",
        "wire",
        "announcedBy",
        "slot",
        "deprecated",
        "structure",
        "values",
        "samples",
        "notes",
    ]
}

/// Where serde_json stopped: it counts lines from 1 and columns in bytes.
fn place(file: &SourceFile, line: usize, column: usize) -> Span {
    let start: usize = file
        .text()
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    let mut at = (start + column.saturating_sub(1)).min(file.text().len());
    while !file.text().is_char_boundary(at) {
        at -= 1;
    }
    Span::new(at, at)
}

fn find(file: &SourceFile, word: &str, from: usize) -> Span {
    let quoted = format!("\"{word}\"");
    let rest = file.text().get(from..).unwrap_or_default();
    rest.find(&quoted).map_or_else(Span::default, |at| {
        Span::new(from + at, from + at + quoted.len())
    })
}
