//! Owns the files of the crate as a whole: the manifest and the readme, through templates, and `lib.rs`.
//! In: a [`Member`] for each provider. Out: `Cargo.toml`, `README.md`, `src/lib.rs`.

use std::collections::BTreeSet;

use catalog::diagnostic::{Code, Diagnostic};
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
pub fn crate_files(name: &str, members: &[Member]) -> Result<Vec<File>, Diagnostic> {
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
    let mut files = vec![crate_root::lib(members)?];
    for (path, template) in TEMPLATES {
        let text = environment
            .render_str(template, context! { name, providers, default })
            .map_err(|error| bad_template(path, &error))?;
        let path = path.to_owned();
        files.push(File { path, text });
    }
    Ok(files)
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
        let files = crate_files("generated-sdk", &[member("a", true), member("b", false)]).unwrap();
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
        let twins = crate_files("generated-sdk", &[member("a", true), member("a", false)]);
        assert!(twins.is_err());
        assert!(text("README.md").contains("| E\\|云 | `a`（默认 default） |"));
    }
    #[test]
    fn what_the_manifest_has_is_no_name_for_a_provider() {
        let files = crate_files("generated-sdk", &[]).unwrap();
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
