//! Provider folders: those that are built in, and those on disk.

use super::Vendor;
use catalog::diagnostic::Severity;
use catalog::load::{Sources, load};
use catalog::source::SourceFile;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::{fs, io};

/// Folders within folders that are looked into.
const DEPTH: usize = 16;

/// A provider that is part of this library.
struct BuiltIn {
    id: &'static str,
    config: &'static str,
    catalog: &'static str,
    vendors: OnceLock<Result<Vec<Arc<Vendor>>, Unplayable>>,
}

macro_rules! built_in {
    ($id:literal) => {
        BuiltIn {
            id: $id,
            config: include_str!(concat!(
                "../../../catalog/providers/",
                $id,
                "/provider.toml"
            )),
            catalog: include_str!(concat!(
                "../../../catalog/providers/",
                $id,
                "/api_catalog.json"
            )),
            vendors: OnceLock::new(),
        }
    };
}

static BUILT_IN: [BuiltIn; 5] = [
    built_in!("dami"),
    built_in!("eyun"),
    built_in!("ilink"),
    built_in!("padchat"),
    built_in!("wequick"),
];

/// Why there is no gateway to play.
#[derive(Clone, Debug, Default)]
pub struct Unplayable(String);

impl fmt::Display for Unplayable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unplayable {}

impl From<Unplayable> for io::Error {
    fn from(error: Unplayable) -> Self {
        Self::new(io::ErrorKind::InvalidInput, error)
    }
}

type Vendors = Result<Vec<Arc<Vendor>>, Unplayable>;

pub(super) fn built_in(id: &str) -> Vendors {
    let known = BUILT_IN.iter().find(|known| known.id == id);
    let known = known.ok_or_else(|| {
        let there: Vec<&str> = BUILT_IN.iter().map(|known| known.id).collect();
        let there = there.join(", ");
        Unplayable(format!("there is no mock gateway for `{id}`; there is one for each of {there}, and with --catalog DIR for any provider in a folder"))
    })?;
    let read = || {
        play(&Sources {
            id: known.id.to_owned(),
            config: SourceFile::new("provider.toml", known.config),
            specs: Vec::new(),
            catalog: Some(SourceFile::new("api_catalog.json", known.catalog)),
        })
    };
    known.vendors.get_or_init(read).clone()
}

pub(super) fn last(vendors: Vec<Arc<Vendor>>) -> Result<Arc<Vendor>, Unplayable> {
    let last = vendors.into_iter().next_back();
    last.ok_or_else(|| Unplayable("the provider has no API".to_owned()))
}

pub(super) fn named(vendors: Vec<Arc<Vendor>>, api: &str) -> Result<Arc<Vendor>, Unplayable> {
    let ids = vendors.iter().flat_map(|vendor| vendor.api.clone());
    let ids: Vec<String> = ids.collect();
    let mut vendors = vendors.into_iter();
    let found = vendors.find(|vendor| vendor.api.as_deref() == Some(api));
    found.ok_or_else(|| {
        let there = match ids.as_slice() {
            [] => "the provider has one only".to_owned(),
            ids => format!("there are {}", ids.join(" and ")),
        };
        Unplayable(format!("there is no API `{api}`; {there}"))
    })
}

pub(super) fn read(folder: &Path) -> Vendors {
    let name = fs::canonicalize(folder).ok();
    let name = name.as_deref().and_then(Path::file_name);
    let unreadable =
        |path: &Path, error: &dyn fmt::Display| Unplayable(format!("{}: {error}", path.display()));
    let text = |path: &str| {
        let at = folder.join(path);
        let bytes = fs::read(&at).map_err(|error| unreadable(&at, &error))?;
        SourceFile::decode(path, &bytes).map_err(|finding| unreadable(&at, &finding.message))
    };
    let config = text("provider.toml")?;
    let mut specs = Vec::new();
    let below = Path::new(if folder.join("specs").is_dir() {
        "specs"
    } else {
        ""
    });
    markdown(folder, below, DEPTH, &mut specs).map_err(|error| unreadable(folder, &error))?;
    let specs: Result<Vec<SourceFile>, Unplayable> = specs
        .iter()
        .map(|path| text(&path.to_string_lossy().replace('\\', "/")))
        .collect();
    let catalog = "api_catalog.json";
    play(&Sources {
        id: name
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
        config,
        specs: specs?,
        catalog: folder
            .join(catalog)
            .is_file()
            .then(|| text(catalog))
            .transpose()?,
    })
}

/// Every Markdown file below a folder, hidden ones left out.
fn markdown(folder: &Path, below: &Path, depth: usize, found: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries = fs::read_dir(folder.join(below))?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = below.join(entry.file_name());
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if entry.file_type()?.is_dir() && depth > 0 {
            markdown(folder, &path, depth - 1, found)?;
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
    Ok(())
}

/// The gateways of what was read; where there are errors, none.
fn play(sources: &Sources) -> Vendors {
    let (loaded, findings) = load(sources, sources.origin());
    let errors = findings
        .iter()
        .filter(|finding| finding.severity() == Severity::Error);
    let errors: Vec<String> = errors
        .map(|finding| {
            let at = finding.at.as_ref();
            let at = at.map_or_else(String::new, |at| format!("{}:{}: ", at.file, at.line));
            format!("{at}{}", finding.message)
        })
        .collect();
    match loaded {
        Some(loaded) if errors.is_empty() => Ok(Vendor::of(loaded)),
        _ => Err(Unplayable(format!(
            "{}\n(`cargo xtask inspect` shows the place and the mend)",
            errors.join("\n")
        ))),
    }
}
