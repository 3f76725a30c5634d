//! Owns which providers the crate has: those generated now, and those that are there already.

use std::collections::BTreeMap;
use std::fs;

use catalog::diagnostic::{Diagnostic, has_errors};
use generator::case::Words;
use generator::emit::manifest::Member;
use generator::is_reserved;

use crate::folder;
use crate::loading::Loading;
use catalog::parallel;

use super::errors::refused;
use super::provider::Work;
use super::target::Target;

/// Module, feature and folder of a provider.
pub(super) fn ident(id: &str) -> String {
    Words::of_wire(id).snake()
}

/// Providers that cannot all be modules of one crate.
pub(super) fn clashes(known: &[String]) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    for id in known {
        let ident = ident(id);
        if is_reserved(&ident) {
            errors.push(refused(
                format!(
                    "`{id}` is no name for a provider: the crate has something called `{ident}`"
                ),
                "rename the provider's folder",
            ));
        } else if let Some(first) = taken.insert(ident.clone(), id) {
            errors.push(refused(
                format!("the providers `{first}` and `{id}` would both be called `{ident}`"),
                "rename one of their folders",
            ));
        }
    }
    errors
}

/// Every provider of the crate, by name.
pub(super) fn all(target: &Target, works: &[Work], known: &[String]) -> Vec<Member> {
    let mut members: Vec<Member> = works.iter().filter_map(selected).collect();
    members.extend(unselected(target, works, known));
    members.sort_by(|a, b| a.ident.cmp(&b.ident));
    // A crate of its own whose providers are all switched off would be of no use to anybody.
    if target.stands_alone && !members.iter().any(|member| member.is_default) {
        for member in &mut members {
            member.is_default = true;
        }
    }
    members
}

fn selected(work: &Work) -> Option<Member> {
    let made = work.made.as_ref()?;
    let ident = ident(&work.folder.id);
    Some(Member {
        title: made.title.clone(),
        ident,
        is_default: made.is_default,
    })
}

/// Those that this run leaves alone, as long as their code is there.
fn unselected(target: &Target, works: &[Work], known: &[String]) -> Vec<Member> {
    let is_left = |id: &&String| {
        works.iter().all(|work| work.folder.id != **id)
            && target.provider(&ident(id)).join("mod.rs").is_file()
    };
    let left: Vec<String> = known.iter().filter(is_left).cloned().collect();
    if left.is_empty() {
        return Vec::new();
    }
    let folders = folder::read(&target.catalog, &left).folders;
    let members = parallel::map(folders, |folder| loaded(target, &Loading::of(folder)));
    members.into_iter().flatten().collect()
}

fn loaded(target: &Target, loading: &Loading) -> Option<Member> {
    let ident = ident(&loading.folder.id);
    let loaded = loading.loaded.as_ref();
    if !has_errors(&loading.diagnostics) {
        let loaded = loaded?;
        return Some(Member {
            title: loaded.provider.title.clone(),
            is_default: loaded.config.default,
            ident,
        });
    }
    // It does not load, and it was not asked for: what the crate says of it stays.
    let title = listed(target, &ident)
        .or_else(|| loaded.map(|loaded| loaded.provider.title.clone()))
        .unwrap_or_else(|| loading.folder.id.clone());
    Some(Member {
        is_default: is_default(target, &ident),
        ident,
        title,
    })
}

/// A provider's title, from the table at the top of the crate's `lib.rs`.
fn listed(target: &Target, ident: &str) -> Option<String> {
    let text = fs::read_to_string(target.at("src/lib.rs")).ok()?;
    let cell = format!(" | `{ident}` |");
    text.lines().find_map(|line| {
        let (title, _) = line.strip_prefix("//! | ")?.split_once(&cell)?;
        Some(unescaped(title))
    })
}

fn unescaped(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut chars = markdown.chars();
    while let Some(c) = chars.next() {
        text.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    text
}

/// Whether the crate has a provider switched on.
fn is_default(target: &Target, ident: &str) -> bool {
    let manifest = fs::read_to_string(target.at("Cargo.toml")).unwrap_or_default();
    let manifest: toml::Table = toml::from_str(&manifest).unwrap_or_default();
    let default = manifest
        .get("features")
        .and_then(|features| features.get("default"))
        .and_then(toml::Value::as_array);
    default.is_some_and(|default| default.iter().any(|on| on.as_str() == Some(ident)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_not_called_like_anything_else_in_the_crate() {
        let known = ["my-x", "my_x", "Runtime", "eyun"].map(str::to_owned);
        let messages: Vec<String> = clashes(&known)
            .iter()
            .map(|error| format!("{error:?}"))
            .collect();
        assert_eq!(messages.len(), 2, "{messages:?}");
        assert!(messages[0].contains("`my-x` and `my_x` would both be called `my_x`"));
        assert!(messages[1].contains("something called `runtime`"));
    }

    #[test]
    fn markdown_is_read_back() {
        assert_eq!(unescaped(r"E\|云\_x"), "E|云_x");
    }
}
