//! Owns `names.lock`: what codegen remembers of its last run.
//!
//! The file opens with `key = "value"` lines. Everything from the first line in `[brackets]` on
//! are names, which are the generator's; where it has no say they are kept as they are.

use catalog::diagnostic::{Code, Diagnostic};
use catalog::source::{SourceFile, Span};
use generator::lock::Lock as Names;

/// The file's name.
pub(crate) const FILE: &str = "names.lock";

const TITLE: &str = "# written by cargo xtask codegen";

/// What is remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lock {
    /// The digest of the `api_catalog.json` that codegen last wrote or accepted.
    pub(crate) catalog: Option<String>,
    /// Set while the catalog is the source although there are specs.
    pub(crate) accepted: Option<Accepted>,
    /// The rest of the file: the names.
    rest: String,
}

/// `--accept catalog` was given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Accepted {
    /// The digest of the specs at that time: once they change, it must be decided anew.
    pub(crate) specs: String,
}

impl Lock {
    /// Reads the file.
    pub(crate) fn read(file: &SourceFile) -> Result<Self, Diagnostic> {
        let mut lock = Self::default();
        let mut specs = String::new();
        let mut is_accepted = false;
        let mut at = 0;
        for line in file.text().split_inclusive('\n') {
            let trimmed = line.trim();
            if trimmed.starts_with('[') {
                file.text()
                    .get(at..)
                    .unwrap_or_default()
                    .clone_into(&mut lock.rest);
                break;
            }
            match entry(trimmed) {
                _ if trimmed.is_empty() || trimmed.starts_with('#') => {}
                Some(("catalog", digest)) => lock.catalog = Some(digest.to_owned()),
                Some(("specs", digest)) => digest.clone_into(&mut specs),
                Some(("source", "catalog")) => is_accepted = true,
                _ => return Err(strange(file, Span::new(at, at + line.trim_end().len()))),
            }
            at += line.len();
        }
        lock.accepted = is_accepted.then_some(Accepted { specs });
        Ok(lock)
    }

    /// Writes the file.
    pub(crate) fn write(&self) -> String {
        let mut text = format!("{TITLE}\n");
        if let Some(digest) = &self.catalog {
            text.push_str(&format!("catalog = \"{digest}\"\n"));
        }
        if let Some(accepted) = &self.accepted {
            text.push_str(&format!(
                "source = \"catalog\"\nspecs = \"{}\"\n",
                accepted.specs
            ));
        }
        if !self.rest.is_empty() {
            text.push('\n');
            text.push_str(&self.rest);
        }
        text
    }

    /// The same with these names.
    pub(crate) fn naming(&self, names: &Names) -> Self {
        Self {
            rest: names.write().trim_start().to_owned(),
            ..self.clone()
        }
    }

    /// The same with the catalog's digest, the specs being the source.
    pub(crate) fn following_specs(&self, catalog: String) -> Self {
        Self {
            catalog: Some(catalog),
            accepted: None,
            rest: self.rest.clone(),
        }
    }

    /// The same with the catalog's digest, the catalog being the source.
    pub(crate) fn following_catalog(&self, catalog: String, specs: String) -> Self {
        Self {
            catalog: Some(catalog),
            accepted: Some(Accepted { specs }),
            rest: self.rest.clone(),
        }
    }
}

/// Reads the names.
pub(crate) fn names(file: &SourceFile) -> Result<Names, Diagnostic> {
    Names::read(file.text()).map_err(|message| {
        let error = toml::from_str::<Names>(file.text()).err();
        let span = error
            .and_then(|error| error.span())
            .map_or_else(Span::default, |span| Span::new(span.start, span.end));
        Diagnostic::error(
            Code::Unreadable,
            format!("{FILE} holds names that cannot be read: {message}"),
        )
        .at(file.location(span))
        .help(
            "end the merge that left this, or restore the file: without it public names may change",
        )
    })
}

/// The parts of `key = "value"`.
fn entry(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once('=')?;
    let value = value.trim().strip_prefix('"')?.strip_suffix('"')?;
    Some((key.trim(), value))
}

fn strange(file: &SourceFile, span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::Unreadable,
        format!("{FILE} has a line that codegen did not write"),
    )
    .at(file.location(span))
    .help("end the merge that left it there, or restore the file; without it codegen starts anew")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Lock, Diagnostic> {
        Lock::read(&SourceFile::new(FILE, text))
    }

    #[test]
    fn what_is_written_is_read() {
        let plain = Lock::default().following_specs("12ab".to_owned());
        assert_eq!(
            plain.write(),
            "# written by cargo xtask codegen\ncatalog = \"12ab\"\n"
        );
        assert_eq!(read(&plain.write()), Ok(plain.clone()));
        let accepted = plain.following_catalog("34cd".to_owned(), "56ef".to_owned());
        assert_eq!(read(&accepted.write()), Ok(accepted.clone()));
        assert_eq!(
            read(&accepted.write().replace('\n', "\r\n")),
            Ok(accepted.clone())
        );
        assert_eq!(accepted.following_specs("12ab".to_owned()), plain);
    }

    #[test]
    fn what_belongs_to_others_is_kept() {
        let text =
            "# written by cargo xtask codegen\ncatalog = \"1\"\n\n[names]\n\"/x\" = \"x\"\n# y\n";
        assert_eq!(read(text).unwrap().write(), text);
        assert!(
            read(text)
                .unwrap()
                .following_specs("2".to_owned())
                .write()
                .ends_with("\"/x\" = \"x\"\n# y\n")
        );
    }

    #[test]
    fn names_are_replaced_and_broken_ones_are_named_with_their_line() {
        let mut decided = Names::default();
        let name = |id: &str| (id.to_owned(), format!("get_{id}"));
        decided.operation.extend([name("x"), name("y")]);
        let lock = Lock::default().following_specs("12ab".to_owned());
        let text = lock.naming(&decided).write();
        assert_eq!(
            text,
            "# written by cargo xtask codegen\ncatalog = \"12ab\"\n\n\
             [operation]\n\"x\" = \"get_x\"\n\"y\" = \"get_y\"\n"
        );
        let file = |text: &str| SourceFile::new(FILE, text);
        assert_eq!(names(&file(&text)), Ok(decided.clone()));
        assert_eq!(read(&text).unwrap().naming(&decided).write(), text);
        assert_eq!(lock.naming(&Names::default()), lock);

        for scar in [
            "<<<<<<< ours\n\"y\"",
            "\"x\" = \"z\"\n\"y\"",
            "3 = 4\n\"y\"",
        ] {
            let broken = names(&file(&text.replace("\"y\"", scar))).unwrap_err();
            assert_eq!(broken.at.unwrap().line, 6, "{scar}");
            assert!(broken.help.is_some());
        }
    }

    #[test]
    fn the_scars_of_a_merge_are_named() {
        let diagnostic = read("# x\n<<<<<<< ours\ncatalog = \"1\"\n").unwrap_err();
        assert_eq!(diagnostic.at.unwrap().line, 2);
        assert!(read("source = \"elsewhere\"\n").is_err());
        assert!(read("catalog = 12\n").is_err());
    }
}
