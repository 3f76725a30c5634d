//! Owns the files of the crate as a whole: the manifest and the readme, through templates, and `lib.rs`.
//! In: a [`Member`] for each provider. Out: `Cargo.toml`, `README.md`, `src/lib.rs`.

use std::collections::BTreeSet;

use catalog::config::CrateLayout;
use catalog::diagnostic::{Code, Diagnostic};
use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, context};
use serde::Serialize;

use super::{File, crate_root};
use crate::docs;

const TEMPLATES: [(&str, &str); 2] = [
    ("Cargo.toml", include_str!("../../templates/Cargo.toml.j2")),
    ("README.md", include_str!("../../templates/README.md.j2")),
];

/// One provider in the crate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Member {
    /// Module and feature.
    pub ident: String,
    /// What people call it.
    pub title: String,
    /// On unless switched off.
    pub is_default: bool,
}

/// Files by their path below the crate; two providers of one module are an error.
pub fn crate_files(layout: &CrateLayout, members: &[Member]) -> Result<Vec<File>, Diagnostic> {
    let mut idents = BTreeSet::new();
    if let Some(twin) = members.iter().find(|member| !idents.insert(&member.ident)) {
        let message = format!("two providers would both be the module `{}`", twin.ident);
        return Err(Diagnostic::error(Code::NameClash, message).help("rename one of the folders"));
    }
    let providers: Vec<Member> = members
        .iter()
        .map(|member| Member {
            title: docs::escaped(&member.title),
            ..member.clone()
        })
        .collect();
    let default: Vec<&str> = providers
        .iter()
        .filter(|member| member.is_default)
        .map(|member| member.ident.as_str())
        .collect();
    let mut environment = Environment::new();
    environment.set_keep_trailing_newline(true);
    environment.add_filter("toml", quoted);
    let mut files = vec![crate_root::lib(members)?];
    for (path, template) in TEMPLATES {
        let text = environment
            .render_str(template, context! { layout, providers, default })
            .map_err(|error| bad_template(path, &error))?;
        let path = path.to_owned();
        files.push(File { path, text });
    }
    Ok(files)
}

/// A value as TOML writes it: what stands in `sdk.toml` cannot escape its string.
fn quoted(value: &Value) -> Result<String, minijinja::Error> {
    let text = |value: &Value| toml::Value::String(value.to_string());
    let quoted = match value.kind() {
        ValueKind::Seq => value
            .try_iter()?
            .map(|one| text(&one))
            .collect::<toml::value::Array>()
            .into(),
        _ => text(value),
    };
    Ok(quoted.to_string())
}

fn bad_template(path: &str, error: &minijinja::Error) -> Diagnostic {
    Diagnostic::error(
        Code::BadOutput,
        format!("{path} could not be rendered: {error}"),
    )
    .help("this is a defect of the generator's template")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_provider_is_a_feature_and_a_module() {
        let member = |ident: &str, is_default| Member {
            ident: ident.to_owned(),
            title: "E|云".to_owned(),
            is_default,
        };
        let files = crate_files(
            &CrateLayout::default(),
            &[member("a", true), member("b", false)],
        )
        .unwrap();
        let text = |path: &str| {
            files
                .iter()
                .find(|file| file.path == path)
                .unwrap()
                .text
                .clone()
        };
        assert!(text("Cargo.toml").contains("default = [\"a\", \"reqwest\""));
        assert!(text("Cargo.toml").contains("\nb = []\n"));
        assert!(
            text("src/lib.rs").contains("#[cfg(feature = \"a\")]\n#[rustfmt::skip]\npub mod a;")
        );
        let twins = crate_files(
            &CrateLayout::default(),
            &[member("a", true), member("a", false)],
        );
        assert!(twins.is_err());
        assert!(text("README.md").contains("| E\\|云 | `a`（默认 default） |"));
    }

    #[test]
    fn whose_the_crate_is_cannot_escape_its_strings() {
        let layout = CrateLayout {
            name: "acme".to_owned(),
            authors: vec!["A \"B\" <a@b.example>".to_owned(), "C\\".to_owned()],
            repository: Some("https://acme.example/x\"\n[features]".to_owned()),
            changelog: Some("https://acme.example/changes".to_owned()),
            ..CrateLayout::default()
        };
        let files = crate_files(&layout, &[]).unwrap();
        let of = |path: &str| files.iter().find(|file| file.path == path).unwrap();
        let manifest: toml::Table = of("Cargo.toml").text.parse().unwrap();
        let package = manifest["package"].as_table().unwrap();
        assert_eq!(package["name"].as_str(), Some("acme"));
        assert_eq!(package["repository"].as_str(), layout.repository.as_deref());
        let authors = package["authors"].as_array().unwrap();
        assert_eq!(authors[0].as_str(), Some("A \"B\" <a@b.example>"));
        assert!(!package.contains_key("homepage"));
        assert!(
            of("README.md")
                .text
                .contains("https://acme.example/changes")
        );
    }

    #[test]
    fn what_the_manifest_has_is_no_name_for_a_provider() {
        let files = crate_files(&CrateLayout::default(), &[]).unwrap();
        let manifest = files.iter().find(|file| file.path == "Cargo.toml").unwrap();
        let mut keys = Vec::new();
        for section in manifest.text.split("\n[").skip(1) {
            if section.starts_with("features]") || section.starts_with("dependencies]") {
                let pairs = section.lines().filter_map(|line| line.split_once(" = "));
                keys.extend(pairs.map(|(key, _)| key.replace('-', "_")));
            }
        }
        assert!(keys.contains(&"store_redb".to_owned()), "{keys:?}");
        assert!(keys.contains(&"axum".to_owned()), "{keys:?}");
        keys.retain(|key| !crate::is_reserved(key));
        assert_eq!(keys, Vec::<String>::new());
    }
}
