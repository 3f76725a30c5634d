//! Owns `sdk.toml`: what the crate that is generated is called, and whose it is.
//!
//! In: the file, `name = "acme-wechat"`. Out: what its `Cargo.toml` says, or the first thing wrong with it and where.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::parsed;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{SourceFile, Span};

/// The edition that the code is written in.
const EDITION: &str = "2024";

/// The crate to generate; what is not said is as in the workspace.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CrateLayout {
    /// The package, and with `_` the name under which Rust knows it.
    pub name: String,
    /// As cargo wants it: `1.2.3`.
    pub version: String,
    /// Rust's edition: 2024 or later.
    pub edition: String,
    /// The oldest compiler that builds it.
    pub rust_version: String,
    /// An SPDX expression.
    pub license: String,
    /// One sentence.
    pub description: String,
    /// `Name <address>`.
    pub authors: Vec<String>,
    /// Where the source is.
    pub repository: Option<String>,
    /// Where people read about it.
    pub homepage: Option<String>,
    /// Where its pages are; docs.rs unless said otherwise.
    pub documentation: Option<String>,
    /// Where it says what has changed.
    pub changelog: Option<String>,
    /// Five at most.
    pub keywords: Vec<String>,
    /// Slugs of crates.io, five at most.
    pub categories: Vec<String>,
}

impl Default for CrateLayout {
    fn default() -> Self {
        Self {
            name: "generated-sdk".to_owned(),
            version: "0.1.0".to_owned(),
            edition: EDITION.to_owned(),
            rust_version: "1.88".to_owned(),
            license: "MIT OR Apache-2.0".to_owned(),
            description:
                "Typed Rust clients for WeChat gateways, generated from the vendors' own documents"
                    .to_owned(),
            authors: Vec::new(),
            repository: None,
            homepage: None,
            documentation: None,
            changelog: None,
            keywords: ["wechat", "bot", "sdk", "client"].map(str::to_owned).into(),
            categories: ["api-bindings", "asynchronous"].map(str::to_owned).into(),
        }
    }
}

impl CrateLayout {
    /// The name under which Rust knows it.
    pub fn ident(&self) -> String {
        self.name.replace('-', "_")
    }

    /// Reads an `sdk.toml`.
    pub fn read(file: &SourceFile) -> Result<Self, Diagnostic> {
        let layout: Self = parsed(file)?;
        let problems = [
            ("name", layout.bad_name()),
            ("version", layout.bad_version()),
            ("edition", layout.bad_edition()),
            ("description", layout.bad_description()),
            ("keywords", too_many(&layout.keywords)),
            ("categories", too_many(&layout.categories)),
        ];
        for (key, problem) in problems {
            if let Some((message, help)) = problem {
                let at = file.location(of_key(file.text(), key));
                return Err(Diagnostic::error(Code::BadConfig, message)
                    .help(help)
                    .at(at));
            }
        }
        for (key, address) in layout.addresses() {
            if !address.starts_with("https://") && !address.starts_with("http://") {
                let message = format!("`{address}` is no address");
                let at = file.location(of_key(file.text(), key));
                let help = format!("write it whole: {key} = \"https://…\"");
                return Err(Diagnostic::error(Code::BadConfig, message)
                    .help(help)
                    .at(at));
            }
        }
        Ok(layout)
    }

    fn addresses(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("repository", &self.repository),
            ("homepage", &self.homepage),
            ("documentation", &self.documentation),
            ("changelog", &self.changelog),
        ];
        all.into_iter()
            .filter_map(|(key, address)| Some((key, address.as_deref()?)))
    }

    fn bad_name(&self) -> Option<(String, &'static str)> {
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let starts = self.name.starts_with(|c: char| c.is_ascii_alphabetic());
        let is_taken = ["core", "std", "alloc", "test", "proc_macro"].contains(&&*self.ident());
        (!starts || !self.name.chars().all(fits) || is_taken).then(|| {
            let message = format!("`{}` is no name for a crate", self.name);
            (
                message,
                "begin with a letter, then letters, digits, `-` and `_`: name = \"acme-wechat\"",
            )
        })
    }

    fn bad_version(&self) -> Option<(String, &'static str)> {
        let core = self.version.split(['-', '+']).next().unwrap_or_default();
        let parts: Vec<&str> = core.split('.').collect();
        let is_number = |part: &&str| part.parse::<u64>().is_ok_and(|n| n.to_string() == **part);
        (parts.len() != 3 || !parts.iter().all(is_number)).then(|| {
            let message = format!("`{}` is no version", self.version);
            (message, "write three numbers: version = \"1.2.3\"")
        })
    }

    fn bad_edition(&self) -> Option<(String, &'static str)> {
        let year = self.edition.parse::<u32>().ok();
        year.is_none_or(|year| year < 2024).then(|| {
            let message = format!("the code is not written for the edition `{}`", self.edition);
            (message, "write edition = \"2024\", or leave it out")
        })
    }

    fn bad_description(&self) -> Option<(String, &'static str)> {
        self.description.trim().is_empty().then(|| {
            let message = "a crate without a description is refused by registries".to_owned();
            (
                message,
                "say in one sentence what it is for, or leave the key out",
            )
        })
    }
}

fn too_many(words: &[String]) -> Option<(String, &'static str)> {
    (words.len() > 5).then(|| {
        let message = format!("{} words, and registries take five", words.len());
        (message, "keep the five that people search for")
    })
}

/// Where a key at the root stands.
fn of_key(toml: &str, key: &str) -> Span {
    let mut at = 0;
    for line in toml.split_inclusive('\n') {
        let rest = line.strip_prefix(key).map(str::trim_start);
        if rest.is_some_and(|rest| rest.starts_with('=')) {
            return Span::new(at, at + line.trim_end().len());
        }
        at += line.len();
    }
    Span::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<CrateLayout, Diagnostic> {
        CrateLayout::read(&SourceFile::new("sdk.toml", text))
    }

    #[test]
    fn what_is_not_said_is_as_in_the_workspace() {
        let layout = read("name = \"acme-wechat\"\nversion = \"1.0.0-rc.1\"\n").unwrap();
        assert_eq!(layout.ident(), "acme_wechat");
        assert_eq!(layout.license, CrateLayout::default().license);
        assert_eq!(read("").unwrap(), CrateLayout::default());
    }

    #[test]
    fn what_cargo_would_refuse_is_refused_with_its_line() {
        for (text, line, message) in [
            ("version = \"1.0.0\"\nname = \"9x\"\n", 2, "no name"),
            ("name = \"std\"\n", 1, "no name"),
            ("name = \"a b\"\n", 1, "no name"),
            ("version = \"1.0\"\n", 1, "no version"),
            ("version = \"1.0.x\"\n", 1, "no version"),
            ("version = \"01.0.0\"\n", 1, "no version"),
            ("\nedition = \"2021\"\n", 2, "edition `2021`"),
            ("description = \" \"\n", 1, "without a description"),
            ("repository = \"github.com/x\"\n", 1, "no address"),
            (
                "keywords = [\"a\", \"b\", \"c\", \"d\", \"e\", \"f\"]\n",
                1,
                "take five",
            ),
            ("nam = \"x\"\n", 1, "did you mean `name`"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.message.contains(message), "{}", error.message);
            assert_eq!(error.at.unwrap().line, line, "{text}");
            assert!(error.help.is_some());
        }
    }
}
