//! Owns enumerated values: the lists of values and titles that vendors write into descriptions, in
//! a dozen habits.
//!
//! The habits are tried in order of how sure they are; the first that yields two values counts. A
//! habit that is sure of itself keeps the next from finding values in its titles (`近3天`).

mod reversed;
mod scan;
mod title;
mod words;

use std::collections::{BTreeMap, HashSet};

use self::scan::{Candidate, Style};
use crate::model::Choice;

/// No description lists more values.
const MOST_CHOICES: usize = 256;

/// The enumerated values of a description; none unless it has two or more.
pub(crate) fn choices(text: &str) -> Vec<Choice> {
    let chars: Vec<char> = text.chars().collect();
    for style in [Style::Colon, Style::Dash, Style::Adjacent, Style::Word] {
        let found = listed(&chars, style);
        if found.len() >= 2 {
            return found;
        }
    }
    let found = first_group(reversed::titles_first(&chars));
    if found.len() >= 2 {
        return found;
    }
    words::bare_words(&chars)
}

/// The first list written in this style that has two values.
fn listed(chars: &[char], style: Style) -> Vec<Choice> {
    let mut by_depth: BTreeMap<usize, Vec<Candidate>> = BTreeMap::new();
    for candidate in scan::candidates(chars, style) {
        let list = by_depth.entry(candidate.depth).or_default();
        // A list does not begin in the middle of a word (近3天), unless a colon makes it sure.
        if style == Style::Colon || !list.is_empty() || !candidate.inside_word {
            list.push(candidate);
        }
    }
    by_depth
        .into_values()
        .map(|list| first_group(titled(chars, style, list)))
        .find(|found| found.len() >= 2)
        .unwrap_or_default()
}

/// Gives the candidates of one bracket depth their titles; those without one are no values.
fn titled(chars: &[char], style: Style, mut list: Vec<Candidate>) -> Vec<Choice> {
    split_glued_defaults(&mut list);
    let joint = title::joint(chars, &list);
    (0..list.len())
        .filter_map(|i| {
            let last = i + 1 == list.len();
            let end = list.get(i + 1).map_or(chars.len(), |next| next.start);
            let raw = chars.get(list[i].title..end)?;
            let title = title::clean(raw, style, joint, last)?;
            Some(Choice::new(&list[i].value, &title))
        })
        .collect()
}

/// Where a value comes again, another list begins: `网络类型1：线路1:北京 2:天津`.
fn first_group(found: Vec<Choice>) -> Vec<Choice> {
    let mut group: Vec<Choice> = Vec::new();
    let mut seen = HashSet::new();
    for choice in found {
        if !seen.insert(choice.value.clone()) {
            if group.len() >= 2 {
                break;
            }
            group.clear();
            seen.clear();
            seen.insert(choice.value.clone());
        }
        group.push(choice);
        if group.len() >= MOST_CHOICES {
            break;
        }
    }
    group
}

/// `默认00: 进群` lost a line break: the default is 0, and so is the value.
fn split_glued_defaults(list: &mut [Candidate]) {
    let Some(glued) = list.iter().position(|c| c.behind_default) else {
        return;
    };
    let run = list[glued].value.clone();
    let others: Vec<&str> = list
        .iter()
        .enumerate()
        .filter(|(i, _)| *i != glued)
        .map(|(_, c)| c.value.as_str())
        .collect();
    if let Some((_, value)) = split_default(&run, |v| others.contains(&v)) {
        let value = value.to_owned();
        list[glued].value = value;
    }
}

/// Parts a run of digits into a default and a value, if the default is that value or another.
pub(super) fn split_default(run: &str, known: impl Fn(&str) -> bool) -> Option<(&str, &str)> {
    (1..run.len())
        .filter_map(|at| run.split_at_checked(at))
        .find(|(default, value)| {
            let plain = *value == "0" || !value.starts_with('0');
            plain && (default == value || known(default))
        })
}
