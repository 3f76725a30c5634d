//! Owns what `[dialect]` declares and remembers having been seen: words, patterns and levels that the documents never
//! show have no effect, and are errors.
//!
//! In: the usual words and the vendor's own. Out: answers while documents are read, and at the end those of the vendor's
//! that nothing asked for: `dialect.labels.params`, `入参`.

use std::sync::atomic::{AtomicBool, Ordering};

use super::dialect::title_key;

/// Whether something has been seen. Documents are read side by side, and all of them mark the same.
#[derive(Debug, Default)]
pub(super) struct Mark(AtomicBool);

impl Mark {
    /// Remembers it.
    pub(super) fn set(&self) {
        // Most is seen again and again: reading is cheaper than writing.
        if !self.is_set() {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    /// Whether it was seen.
    pub(super) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Words as they are compared: the usual ones, then the vendor's own.
#[derive(Debug)]
pub(super) struct Words(Vec<Word>);

#[derive(Debug)]
struct Word {
    key: String,
    /// As `provider.toml` has it; none: it is a usual one.
    own: Option<(String, Mark)>,
}

impl Words {
    pub(super) fn of(usual: &[&str], own: &[String]) -> Self {
        let usual = usual.iter().map(|word| Word {
            key: title_key(word),
            own: None,
        });
        let own = own.iter().map(|word| Word {
            key: title_key(word),
            own: Some((word.clone(), Mark::default())),
        });
        Self(usual.chain(own).collect())
    }

    /// Whether a title is one of them.
    pub(super) fn has(&self, key: &str) -> bool {
        self.find(|word| word == key)
    }

    /// Whether a caption contains one of them.
    pub(super) fn occur_in(&self, caption: &str) -> bool {
        self.find(|word| caption.contains(word))
    }

    fn find(&self, fits: impl Fn(&str) -> bool) -> bool {
        let Some(word) = self.0.iter().find(|word| fits(&word.key)) else {
            return false;
        };
        if let Some((_, mark)) = &word.own {
            mark.set();
        }
        true
    }

    /// All of them, as they are compared.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|word| word.key.as_str())
    }

    /// The vendor's own that nothing was called by.
    pub(super) fn unseen(&self) -> impl Iterator<Item = &str> {
        let own = self.0.iter().filter_map(|word| word.own.as_ref());
        own.filter(|(_, mark)| !mark.is_set())
            .map(|(word, _)| word.as_str())
    }
}

/// Something of `[dialect]` that has had no effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unseen {
    /// A word: the key under which it stands, and the word.
    Word(&'static str, String),
    /// A heading level: the key, and the level.
    Level(&'static str, u8),
    /// The n-th `[[module]]`.
    Module(usize),
    /// The n-th `[[identity]]`.
    Identity(usize),
    /// A pattern of the n-th `[[dialect.item]]`: the key, and why nothing begins there.
    Item(usize, String),
}
