//! Owns the way from a catalog folder to providers: which there are, which are wanted, what lies in them.

use std::fs;
use std::path::{Path, PathBuf};

use catalog::diagnostic::{Code, Diagnostic, Severity, has_errors};
use catalog::load::{Loaded, Origin, Sources};
use catalog::source::{SourceFile, Span};
use catalog::{slug, spelling};
use generator::accept;
use generator::lock::{self, Lock};

use crate::args::Selection;
use crate::paths;
use crate::walk::{self, Found, Unread};
use catalog::parallel;

/// What makes a folder a provider's.
const CONFIG: &str = "provider.toml";
/// The rows, beside it.
pub(crate) const CATALOG: &str = "api_catalog.json";
/// Where specs lie, if not in the provider's folder itself.
const SPECS: &str = "specs";
/// How documents are called that lie there.
const BELOW_SPECS: &str = "specs/";
/// Deeper than any document lies.
const DEPTH: usize = 64;

/// The folder of one provider, read.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    /// Its name.
    pub(crate) id: String,
    /// Where it is.
    pub(crate) path: PathBuf,
    /// What lies in it, unless something could not be read.
    pub(crate) sources: Option<Sources>,
    /// What codegen remembers.
    pub(crate) lock: Lock,
    /// What there is to say of that: it keeps nobody from looking at the documents.
    pub(crate) unlocked: Vec<Diagnostic>,
    /// What could not be read.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// How people see it, where that is not its path.
    pub(crate) shown_as: Option<String>,
    /// Where its documents were read from, where not from its own folder.
    pub(crate) elsewhere: Option<PathBuf>,
    /// Further texts that diagnostics may point to.
    others: Vec<SourceFile>,
}

/// What a catalog folder holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Folders {
    /// The wanted providers, by name.
    pub(crate) folders: Vec<Folder>,
    /// The names of all providers, wanted or not.
    pub(crate) known: Vec<String>,
    /// What belongs to no provider.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Folder {
    /// A file of this folder, by the path that diagnostics use.
    pub(crate) fn file(&self, path: &str) -> Option<&SourceFile> {
        let sources = self.sources.iter().flat_map(|sources| {
            std::iter::once(&sources.config)
                .chain(&sources.catalog)
                .chain(&sources.specs)
        });
        sources.chain(&self.others).find(|file| file.path() == path)
    }

    /// How people see a path inside this folder.
    pub(crate) fn shown(&self, path: &str) -> String {
        if let (Some(specs), Some(below)) = (&self.elsewhere, path.strip_prefix(BELOW_SPECS)) {
            return paths::inside(&paths::shown(specs), below);
        }
        match &self.shown_as {
            Some(folder) => paths::inside(folder, path),
            None => paths::inside(&paths::shown(&self.path), path),
        }
    }

    /// Takes documents from elsewhere in place of its own, and nothing of what codegen made of those but the names.
    fn read_instead(&mut self, documents: PathBuf) {
        let Some(sources) = &mut self.sources else {
            return;
        };
        let mut reading = Reading {
            folder: &self.path,
            diagnostics: Vec::new(),
            others: Vec::new(),
        };
        sources.specs = reading.markdown(&documents, BELOW_SPECS);
        sources.catalog = None;
        let is_empty = sources.specs.is_empty();
        self.diagnostics.append(&mut reading.diagnostics);
        self.others.append(&mut reading.others);
        if is_empty || has_errors(&self.diagnostics) {
            self.sources = None;
        }
        if is_empty && !has_errors(&self.diagnostics) {
            let whom = format!("`{}`", self.id);
            self.diagnostics.push(no_documents(&documents, &whom));
        }
        self.elsewhere = Some(documents);
    }

    /// Lets go of the catalog's text, once nothing is looked up in it any more.
    pub(crate) fn forget_catalog(&mut self) {
        if let Some(sources) = &mut self.sources {
            sources.catalog = None;
        }
    }

    /// What `names.lock` knows and the documents no longer have. What cannot be read for another reason is not lost.
    pub(crate) fn lost(&self, loaded: &Loaded, found: &[Diagnostic]) -> Vec<Diagnostic> {
        let is_another = |finding: &Diagnostic| {
            let follows = [
                Code::NoEffect,
                Code::NothingRead,
                Code::StaleCorrection,
                Code::StaleDeclaration,
                Code::StaleId,
            ];
            finding.severity() == Severity::Error && !follows.contains(&finding.code)
        };
        match &self.sources {
            Some(sources) if !found.iter().any(is_another) => {
                let config = (&loaded.config, &sources.config);
                lock::lost(&self.lock, self.file(lock::FILE), &loaded.provider, config)
            }
            _ => Vec::new(),
        }
    }

    /// Says so if the specs are gone that the catalog was written from: what is in it would never change again.
    pub(crate) fn without_specs(&self) -> Option<Diagnostic> {
        let sources = self.sources.as_ref()?;
        accept::specs_are_gone(sources, &self.lock).then(|| {
            let (id, catalog) = (&self.id, self.shown(CATALOG));
            let message =
                format!("{catalog} was written from specifications, and none is there any more");
            Diagnostic::error(Code::Lost, message).help(format!(
                "bring them back; or, if the catalog is the source from now on: \
                 cargo xtask codegen --provider {id} --accept catalog"
            ))
        })
    }

    /// Which of the sources counts: the specs, unless `--accept catalog` was given.
    pub(crate) fn origin(&self, sources: &Sources) -> Origin {
        match (self.lock.accepted(), &sources.catalog) {
            (Some(_), Some(_)) => Origin::Catalog,
            _ => sources.origin(),
        }
    }
}

/// Reads what a selection names in a catalog folder.
pub(crate) fn selected(catalog: &Path, selection: &Selection) -> Folders {
    let mut found = read(catalog, &selection.providers);
    let Some(specs) = &selection.specs else {
        return found;
    };
    let is_one = selection.providers.len() == 1;
    let documents = |folder: &Folder| {
        let own = specs.join(&folder.id);
        match own.is_dir() {
            true => Some(own),
            false => is_one.then(|| specs.clone()),
        }
    };
    if selection.providers.is_empty() {
        found.folders.retain(|folder| documents(folder).is_some());
        if found.folders.is_empty() && !has_errors(&found.diagnostics) {
            found.diagnostics.push(no_documents(specs, "no provider"));
        }
    }
    for folder in &mut found.folders {
        match documents(folder) {
            Some(documents) => folder.read_instead(documents),
            None => {
                let whom = format!("`{}`", folder.id);
                folder.diagnostics.push(no_documents(specs, &whom));
                folder.sources = None;
            }
        }
    }
    found
}

fn no_documents(specs: &Path, whom: &str) -> Diagnostic {
    let message = format!("{} holds no documents of {whom}", paths::shown(specs));
    Diagnostic::error(Code::Unreadable, message)
        .help("documents lie in a folder called like the provider; for one provider, name it: `--provider ID`")
}

/// Reads the wanted providers of a catalog folder; none named means all.
pub(crate) fn read(catalog: &Path, wanted: &[String]) -> Folders {
    let mut found = Folders::default();
    let candidates = candidates(catalog, &mut found.diagnostics);
    if has_errors(&found.diagnostics) {
        return found;
    }
    let (known, others): (Vec<&Candidate>, Vec<&Candidate>) =
        candidates.iter().partition(|known| known.has_config());
    found.known = known.iter().map(|known| known.id.clone()).collect();
    let is_named = |candidate: &&Candidate| wanted.contains(&candidate.id);
    for other in others {
        if is_named(&other) || wanted.is_empty() && other.has_documents() {
            found.diagnostics.push(other.lacks_config());
        }
    }
    for id in wanted
        .iter()
        .filter(|id| candidates.iter().all(|candidate| candidate.id != **id))
    {
        found.diagnostics.push(not_there(id, catalog, &candidates));
    }
    if known.is_empty() && found.diagnostics.is_empty() {
        found.diagnostics.push(nothing(catalog));
    }
    let read = known.into_iter();
    let read = read.filter(|known| wanted.is_empty() || is_named(known));
    found.folders = parallel::map(read.collect(), Candidate::read);
    found
}

/// A folder that may be a provider's.
struct Candidate {
    id: String,
    path: PathBuf,
}

fn candidates(catalog: &Path, diagnostics: &mut Vec<Diagnostic>) -> Vec<Candidate> {
    match fs::metadata(catalog) {
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => {
            diagnostics.push(no_folder(catalog, "is no folder"));
            return Vec::new();
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            diagnostics.push(no_folder(catalog, "is not there"));
            return Vec::new();
        }
        Err(error) => {
            diagnostics.push(walk::unreadable(catalog, &error));
            return Vec::new();
        }
    }
    let itself = Candidate {
        id: name_of(catalog),
        path: catalog.to_path_buf(),
    };
    if itself.has_config() {
        return vec![itself];
    }
    walk::entries(catalog, diagnostics)
        .into_iter()
        .filter(|(_, path)| path.is_dir())
        .map(|(id, path)| Candidate { id, path })
        .collect()
}

/// A folder's name, also of `.` and `x/..`.
fn name_of(folder: &Path) -> String {
    let real = folder
        .canonicalize()
        .unwrap_or_else(|_| folder.to_path_buf());
    real.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

impl Candidate {
    /// Whether there is a `provider.toml`, be it one that cannot be read.
    fn has_config(&self) -> bool {
        fs::symlink_metadata(self.path.join(CONFIG)).is_ok()
    }

    /// Whether somebody meant this to be a provider.
    fn has_documents(&self) -> bool {
        self.path.join(CATALOG).exists() || !walk::markdown(&self.path, 2).0.is_empty()
    }

    fn lacks_config(&self) -> Diagnostic {
        let path = paths::inside(&paths::shown(&self.path), CONFIG);
        Diagnostic::error(
            Code::Unreadable,
            format!("provider `{}` has no {path}", self.id),
        )
        .help("write one; this is the least it holds")
        .fix("title = \"…\"\ntransport = \"http-json\"")
    }

    fn read(&self) -> Folder {
        let mut reading = Reading {
            folder: &self.path,
            diagnostics: Vec::new(),
            others: Vec::new(),
        };
        if !slug::is_plain_slug(&self.id) {
            reading.diagnostics.push(bad_name(&self.id, &self.path));
        }
        let (lock, unlocked) = reading.lock();
        let config = reading.text(CONFIG);
        let catalog = reading.optional(CATALOG);
        let specs = reading.specs();
        let sources = config
            .filter(|_| !has_errors(&reading.diagnostics))
            .map(|config| Sources {
                id: self.id.clone(),
                config,
                specs,
                catalog,
            });
        Folder {
            id: self.id.clone(),
            path: self.path.clone(),
            sources,
            lock,
            unlocked,
            diagnostics: reading.diagnostics,
            shown_as: None,
            elsewhere: None,
            others: reading.others,
        }
    }
}

/// A folder while it is read.
struct Reading<'a> {
    folder: &'a Path,
    diagnostics: Vec<Diagnostic>,
    others: Vec<SourceFile>,
}

impl Reading<'_> {
    fn text(&mut self, path: &str) -> Option<SourceFile> {
        self.noted(walk::text(path, &self.folder.join(path)))
    }

    /// A text, or a note of what keeps it from being read.
    fn noted(&mut self, text: Result<SourceFile, Box<Unread>>) -> Option<SourceFile> {
        match text {
            Ok(file) => Some(file),
            Err(unread) => {
                self.diagnostics.push(unread.diagnostic);
                self.others.extend(unread.stand_in);
                None
            }
        }
    }

    /// A file that need not be there.
    fn optional(&mut self, path: &str) -> Option<SourceFile> {
        fs::symlink_metadata(self.folder.join(path)).ok()?;
        self.text(path)
    }

    fn lock(&mut self) -> (Lock, Vec<Diagnostic>) {
        let Some(file) = self.optional(lock::FILE) else {
            return (Lock::default(), Vec::new());
        };
        let lock = Lock::read(&file);
        self.others.push(file);
        lock
    }

    /// `specs/**/*.md`, or every `**/*.md` where there is no such folder.
    fn specs(&mut self) -> Vec<SourceFile> {
        let specs = self.folder.join(SPECS);
        let (root, prefix) = if specs.is_dir() {
            (specs.as_path(), BELOW_SPECS)
        } else {
            (self.folder, "")
        };
        self.markdown(root, prefix)
    }

    /// Every document below a folder.
    fn markdown(&mut self, root: &Path, prefix: &str) -> Vec<SourceFile> {
        let (found, diagnostics) = walk::markdown(root, DEPTH);
        self.diagnostics.extend(diagnostics);
        let text = |found: Found| walk::text(&format!("{prefix}{}", found.path), &found.at);
        let texts = parallel::map(found, text);
        let texts = texts.into_iter().filter_map(|text| self.noted(text));
        let specs: Vec<SourceFile> = texts.collect();
        self.diagnostics.extend(specs.iter().filter_map(unresolved));
        specs
    }
}

/// A merge that a person has to end: nobody else knows what the documents say.
fn unresolved(file: &SourceFile) -> Option<Diagnostic> {
    let at = lock::first_mark(file.text())?;
    let message = "two branches changed the same lines here, and git could not decide";
    let unresolved = Diagnostic::error(Code::Unreadable, message);
    let unresolved = unresolved.at(file.location(Span::new(at, at + 7)));
    Some(unresolved.help("end the merge here; `cargo xtask codegen` then mends what it writes"))
}

fn no_folder(catalog: &Path, problem: &str) -> Diagnostic {
    Diagnostic::error(
        Code::Unreadable,
        format!("the catalog folder {} {problem}", paths::shown(catalog)),
    )
    .help("name a folder of provider folders with `--catalog DIR`")
}

fn nothing(catalog: &Path) -> Diagnostic {
    let shown = paths::shown(catalog);
    let diagnostic = Diagnostic::error(
        Code::NothingRead,
        format!("there is no provider in {shown}"),
    );
    let itself = Candidate {
        id: name_of(catalog),
        path: catalog.to_path_buf(),
    };
    if itself.has_documents() {
        itself.lacks_config()
    } else {
        diagnostic.help(format!(
            "a provider is a folder with a {CONFIG}, and specs/**/*.md or an {CATALOG} beside it"
        ))
    }
}

fn not_there(id: &str, catalog: &Path, candidates: &[Candidate]) -> Diagnostic {
    let known = candidates
        .iter()
        .filter(|known| known.has_config())
        .map(|known| known.id.as_str());
    let known: Vec<&str> = known.collect();
    let nearest = spelling::did_you_mean(id, known.iter().copied());
    let message = format!(
        "there is no provider `{id}` in {}{nearest}",
        paths::shown(catalog)
    );
    Diagnostic::error(Code::Unreadable, message).help(if known.is_empty() {
        format!("a provider is a folder with a {CONFIG}")
    } else {
        format!("there are: {}", known.join(", "))
    })
}

fn bad_name(id: &str, folder: &Path) -> Diagnostic {
    let message = format!("`{id}` is no name for a provider: {}", paths::shown(folder));
    Diagnostic::error(Code::BadSlug, message)
        .help("rename the folder: letters, digits, `-` and `_`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    fn ids(folders: &Folders) -> Vec<&str> {
        folders
            .folders
            .iter()
            .map(|folder| folder.id.as_str())
            .collect()
    }

    fn paths_of(folder: &Folder) -> Vec<&str> {
        let sources = folder.sources.as_ref().unwrap();
        sources.specs.iter().map(SourceFile::path).collect()
    }

    fn two() -> Scratch {
        let scratch = Scratch::new();
        scratch.file("eyun/provider.toml", "");
        scratch.file("eyun/specs/v2/b.md", "");
        scratch.file("eyun/specs/a.md", "");
        scratch.file("eyun/README.md", "");
        scratch.file("dami/provider.toml", "");
        scratch.file("dami/说明.md", "");
        scratch.file("dami/docs/x.md", "");
        scratch.file("dami/api_catalog.json", "{}");
        scratch.file("empty/notes.txt", "");
        scratch.file(".git/x.md", "");
        scratch
    }

    #[test]
    fn providers_and_their_specs_are_found() {
        let scratch = two();
        let found = read(scratch.path(), &[]);
        assert_eq!(found.diagnostics, []);
        assert_eq!(ids(&found), ["dami", "eyun"]);
        assert_eq!(paths_of(&found.folders[0]), ["docs/x.md", "说明.md"]);
        assert_eq!(paths_of(&found.folders[1]), ["specs/a.md", "specs/v2/b.md"]);
        assert!(found.folders[0].sources.as_ref().unwrap().catalog.is_some());
    }

    #[test]
    fn only_the_wanted_are_read() {
        let scratch = two();
        scratch.file("broken/x.md", "");
        let found = read(scratch.path(), &["eyun".to_owned()]);
        assert_eq!(ids(&found), ["eyun"]);
        assert_eq!(found.diagnostics, []);

        let found = read(scratch.path(), &["eyn".to_owned()]);
        assert!(
            found.diagnostics[0]
                .message
                .contains("did you mean `eyun`?")
        );
        assert_eq!(
            found.diagnostics[0].help.as_deref(),
            Some("there are: dami, eyun")
        );
        assert_eq!(
            read(scratch.path(), &["../x".to_owned()]).diagnostics.len(),
            1
        );
    }

    #[test]
    fn a_folder_may_be_one_provider() {
        let scratch = two();
        let found = read(&scratch.at("eyun/../eyun/."), &[]);
        assert_eq!(ids(&found), ["eyun"]);
    }

    #[test]
    fn documents_without_a_config_are_told_what_to_add() {
        let scratch = Scratch::new();
        scratch.file("new/api/x.md", "");
        let found = read(scratch.path(), &[]);
        assert!(
            found.diagnostics[0]
                .message
                .starts_with("provider `new` has no ")
        );
        assert!(found.diagnostics[0].fix.is_some());
        let found = read(&scratch.at("new/api"), &[]);
        assert!(
            found.diagnostics[0]
                .message
                .starts_with("provider `api` has no ")
        );
    }

    #[test]
    fn missing_folders_are_named() {
        let scratch = Scratch::new();
        let file = scratch.file("file", "");
        assert!(
            read(&scratch.at("none"), &[]).diagnostics[0]
                .message
                .ends_with("is not there")
        );
        assert!(
            read(&file, &[]).diagnostics[0]
                .message
                .ends_with("is no folder")
        );
        assert!(
            read(&file.join("x"), &[]).diagnostics[0]
                .message
                .contains("cannot be read")
        );
        let nothing = read(scratch.path(), &[]);
        assert!(
            nothing.diagnostics[0]
                .message
                .starts_with("there is no provider in")
        );
    }

    #[test]
    fn what_cannot_be_read_stops_that_provider_alone() {
        let scratch = two();
        scratch.file("eyun/specs/c.md", b"a\xff");
        scratch.file("eyun/names.lock", "<<<<<<<\n");
        scratch.file("a b/provider.toml", "");
        let found = read(scratch.path(), &[]);
        assert_eq!(ids(&found), ["a b", "dami", "eyun"]);
        let codes = |n: usize| {
            found.folders[n]
                .diagnostics
                .iter()
                .map(|d| d.code)
                .collect::<Vec<_>>()
        };
        assert_eq!(codes(0), [Code::BadSlug]);
        assert_eq!(codes(1), []);
        assert_eq!(codes(2), [Code::NotUtf8]);
        assert!(
            has_errors(&found.folders[2].unlocked),
            "a lock keeps nobody from the documents"
        );
        assert!(found.folders[2].sources.is_none());
        assert!(found.folders[2].file("specs/c.md").is_some());
        assert!(found.folders[2].file("names.lock").is_some());
    }
}
