//! Owns what the tests share: folders as sources, and a model as a compact listing.

use std::fs;
use std::path::{Path, PathBuf};

use catalog::config::Config;
use catalog::diagnostic::Diagnostic;
use catalog::entry::Catalog;
use catalog::json;
use catalog::load::{Loaded, Origin, Sources, load, rows};
use catalog::model::{Field, Sample};
use catalog::source::SourceFile;
use serde_json::Value;

pub mod cases;
pub mod compile;
pub mod compile_fail;
pub mod hostile;
mod large;
mod listing;
pub mod loopback;
pub mod mutants;
pub mod obstacles;
pub mod rounds;
pub mod slips;
mod surface;
pub mod types;

pub use large::copies;
pub use listing::listing;
pub use surface::{surface, surface_text};

/// The providers of the committed catalog, by name.
///
/// # Panics
/// If there is no catalog.
pub fn providers() -> Vec<String> {
    let folder = root().join("catalog/providers");
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{error}"));
    let known = entries
        .flatten()
        .filter(|entry| entry.path().join("provider.toml").is_file());
    let mut ids: Vec<String> = known
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    ids.sort();
    ids
}

/// The project's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The vendors' original documents: where `ORIGINAL_SPECS` says, or else beside the project.
pub fn originals() -> PathBuf {
    PathBuf::from(env!("ORIGINALS"))
}

/// Reads a file whose absence is a defect of the project.
///
/// # Panics
/// If it cannot be read.
pub fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A documented example, to be compared with what is written or read.
///
/// # Panics
/// Never: an example is JSON.
pub fn shown(sample: &Sample) -> Value {
    serde_json::to_value(&sample.value).expect("JSON")
}

/// The sources of a committed provider.
pub fn committed(id: &str) -> Sources {
    let folder = root().join("catalog/providers").join(id);
    Sources {
        id: id.to_owned(),
        config: SourceFile::new("provider.toml", &text(&folder.join("provider.toml"))),
        specs: markdown(&folder, Path::new("specs")),
        catalog: Some(SourceFile::new(
            "api_catalog.json",
            &text(&folder.join("api_catalog.json")),
        )),
    }
}

/// A committed provider read from its specifications, or from its catalog alone.
///
/// # Panics
/// If it cannot be read at all.
pub fn read(sources: &Sources, origin: Origin) -> (Loaded, Vec<Diagnostic>) {
    match load(sources, origin) {
        (Some(loaded), diagnostics) => (loaded, diagnostics),
        (None, diagnostics) => panic!("{} is not readable: {diagnostics:?}", sources.id),
    }
}

/// The rows of a provider, as they belong into its catalog.
///
/// # Panics
/// If it cannot be read at all.
pub fn rows_of(sources: &Sources, origin: Origin) -> Catalog {
    match rows(sources, origin) {
        Ok(rows) => rows.catalog,
        Err(diagnostic) => panic!("{} is not readable: {diagnostic:?}", sources.id),
    }
}

/// Every Markdown file below a folder, by path.
pub fn markdown(base: &Path, below: &Path) -> Vec<SourceFile> {
    let mut paths: Vec<PathBuf> = fs::read_dir(base.join(below))
        .map(|entries| {
            entries
                .flatten()
                .map(|entry| below.join(entry.file_name()))
                .collect()
        })
        .unwrap_or_default();
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        if base.join(&path).is_dir() {
            files.extend(markdown(base, &path));
        } else if path.extension().is_some_and(|extension| extension == "md") {
            files.push(SourceFile::new(
                &path.to_string_lossy(),
                &text(&base.join(&path)),
            ));
        }
    }
    files
}

/// The findings of one kind.
pub fn count(diagnostics: &[Diagnostic], code: &str) -> usize {
    diagnostics
        .iter()
        .filter(|finding| finding.code.as_str() == code)
        .count()
}

/// Asserts that every key of every event's example is a field, or a key of the envelope around the fields.
///
/// # Panics
/// If a key is neither.
pub fn keys_are_fields(loaded: &Loaded) {
    for module in &loaded.provider.modules {
        let around = envelope(&loaded.config, module.api.as_deref());
        for event in &module.events {
            let mut known: Vec<&str> = around.iter().map(String::as_str).collect();
            names(&event.fields, &mut known);
            let structures = loaded.provider.structures.iter();
            structures.for_each(|structure| names(&structure.fields, &mut known));
            let mut shown = Vec::new();
            for sample in &event.samples {
                sample_keys(&sample.value, &mut shown);
            }
            for key in shown {
                let of = &event.id;
                assert!(
                    known.contains(&key),
                    "{of}: `{key}` of the example is no field"
                );
            }
        }
    }
}

/// The keys that stand around the fields of an API's events.
fn envelope(config: &Config, api: Option<&str>) -> Vec<String> {
    let layouts = config.layouts(api);
    let (event, reply) = (layouts.event, layouts.reply);
    let keys = event.tag.iter().chain(&event.payload).chain(&event.managed);
    let keys = keys.chain(&event.deeper).chain(&event.dedupe);
    let answers = reply
        .code
        .iter()
        .chain(&reply.message)
        .chain(&reply.payload);
    let answers = answers.chain(&reply.managed).chain(&layouts.request.id);
    keys.chain(answers).cloned().collect()
}

fn names<'f>(fields: &'f [Field], known: &mut Vec<&'f str>) {
    for field in fields {
        known.push(&field.wire);
        names(&field.fields, known);
    }
}

fn sample_keys<'v>(value: &'v json::Value, keys: &mut Vec<&'v str>) {
    match value {
        json::Value::Object(members) => {
            for (key, value) in members.iter() {
                keys.push(key);
                sample_keys(value, keys);
            }
        }
        json::Value::Array(elements) => elements.iter().for_each(|value| sample_keys(value, keys)),
        json::Value::Null
        | json::Value::Bool(_)
        | json::Value::Number(_)
        | json::Value::String(_) => {}
    }
}
