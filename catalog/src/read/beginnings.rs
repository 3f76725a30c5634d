//! Owns which headings and lines begin an item: the vendor's own patterns before the usual ones, `{method} {path}`.

use super::seen::{Mark, Unseen};
use super::usual_words::{ADDRESS, CALL_LINE, STRUCTURE_HEADINGS};
use crate::config::pattern::{Caught, Pattern};
use crate::config::{ItemKind, ItemPattern};

/// A recognised item.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) kind: ItemKind,
    pub(crate) caught: Caught,
}

/// A way in which an item begins.
#[derive(Debug)]
pub(super) struct Beginning {
    kind: ItemKind,
    heading: Option<Pattern>,
    line: Option<Pattern>,
    under: Option<Pattern>,
    level: Option<u8>,
    /// Which of the vendor's own it is; none: a usual one.
    own: Option<usize>,
    /// It has begun something.
    began: Mark,
}

impl Beginning {
    /// How items are recognised: by the vendor's own patterns before the usual ones.
    pub(super) fn all(own: &[ItemPattern]) -> Vec<Self> {
        let own = own.iter().enumerate().map(|(n, item)| Self {
            kind: item.kind,
            heading: item.heading.as_deref().and_then(compiled),
            line: item.line.as_deref().and_then(compiled),
            under: item.under.as_deref().and_then(compiled),
            level: item.level,
            own: Some(n),
            began: Mark::default(),
        });
        let usual = |kind, heading: Option<&str>, line: Option<&str>| Self {
            kind,
            heading: heading.and_then(compiled),
            line: line.and_then(compiled),
            under: None,
            level: None,
            own: None,
            began: Mark::default(),
        };
        let headings = [
            "{method} {path}",
            "{method} {path} {title}",
            "{title} {method} {path}",
        ];
        let headings = headings.map(|text| usual(ItemKind::Endpoint, Some(text), None));
        let bare = usual(ItemKind::Endpoint, None, Some("{method} {path}"));
        let addresses = ADDRESS.iter().flat_map(|word| {
            let lines = [
                format!("{word}:{{path}}"),
                format!("{word}:{{method}} {{path}}"),
            ];
            lines.map(|line| usual(ItemKind::Endpoint, None, Some(&line)))
        });
        let call = usual(ItemKind::Call, None, Some(CALL_LINE));
        let structures = STRUCTURE_HEADINGS.iter();
        let structures = structures.map(|text| usual(ItemKind::Structure, Some(text), None));
        own.chain(headings)
            .chain([bare])
            .chain(addresses)
            .chain([call])
            .chain(structures)
            .collect()
    }

    /// The item that a heading begins.
    pub(super) fn begins_by_heading(&self, text: &str, level: u8, above: &[&str]) -> Option<Found> {
        let is_there = self.level.is_none_or(|wanted| wanted == level);
        let pattern = self.heading.as_ref().filter(|_| is_there);
        self.begins(pattern?, text, above)
    }

    /// The item that a line below a heading begins.
    pub(super) fn begins_by_line(&self, text: &str, above: &[&str]) -> Option<Found> {
        self.begins(self.line.as_ref()?, text, above)
    }

    fn begins(&self, pattern: &Pattern, text: &str, above: &[&str]) -> Option<Found> {
        let caught = pattern.matches(text).filter(|_| self.is_under(above))?;
        self.began.set();
        let kind = self.kind;
        Some(Found { kind, caught })
    }

    fn is_under(&self, above: &[&str]) -> bool {
        self.under.as_ref().is_none_or(|pattern| {
            above
                .iter()
                .any(|heading| pattern.matches(heading).is_some())
        })
    }

    /// Why it has begun nothing, if it is the vendor's own and has not.
    pub(super) fn unseen(&self) -> Option<Unseen> {
        let n = self.own.filter(|_| !self.began.is_set())?;
        let under = self.under.as_ref();
        let what = |what: &str, pattern: &Option<Pattern>| {
            let pattern = pattern.as_ref()?;
            Some(format!("no {what} fits `{pattern}`"))
        };
        let fits: Vec<String> = [("heading", &self.heading), ("line", &self.line)]
            .into_iter()
            .filter_map(|(name, pattern)| what(name, pattern))
            .collect();
        let level = self.level.map(|level| format!(" at level {level}"));
        let under = under.map(|under| format!(" below `{under}`"));
        let mut why = fits.join(", and ");
        why.extend(level.into_iter().chain(under));
        Some(Unseen::Item(n, why))
    }
}

pub(super) fn compiled(text: &str) -> Option<Pattern> {
    Pattern::parse(text).ok()
}
