//! Owns what users of an SDK can name, as a tree, and what a change of it means for them.

pub mod annotation;
pub mod catalogs;
pub mod columns;
mod compare;
mod conversations;
pub mod diagnostic;
pub mod diff;
pub mod escape;
mod events;
mod excerpt;
pub mod inspect;
mod logins;
mod media;
mod operation;
mod paint;
mod provider;
mod types;

pub use compare::{Difference, Effect, compare};
pub use paint::Paint;
pub use provider::of;

/// Something that a program which uses the SDK can name, or that is true of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    kind: Kind,
    /// `add_contact_label`.
    name: String,
    /// What it is on the wire, by which it is found again under another name; empty: by its name alone.
    wire: String,
    /// What the vendor calls it.
    title: String,
    /// What a program that names it relies on; another text breaks the program.
    rust: String,
    /// How it travels, each with what it is called; another text changes what a program does.
    travels: Vec<(&'static str, String)>,
    /// Struck through.
    deprecated: bool,
    /// Whoever has it shows in its own text whether it is there.
    is_shown_above: bool,
    /// Former names of members, with the names that they have now.
    former: Vec<(String, String)>,
    members: Vec<Item>,
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Module,
    Type,
    Method,
    Field,
    Variant,
    /// No item of its own, but something that is true of one.
    Quality,
}

impl Kind {
    /// The path of a member of this kind.
    fn path(self, of: &str, name: &str) -> String {
        match self {
            _ if of.is_empty() => name.to_owned(),
            Self::Module | Self::Type | Self::Variant => format!("{of}::{name}"),
            Self::Method => format!("{of}.{name}()"),
            Self::Field => format!("{of}.{name}"),
            Self::Quality => format!("{of}: {name}"),
        }
    }
}

impl Item {
    fn new(kind: Kind, name: &str) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            wire: String::new(),
            title: String::new(),
            rust: String::new(),
            travels: Vec::new(),
            deprecated: false,
            is_shown_above: false,
            former: Vec::new(),
            members: Vec::new(),
        }
    }

    fn wire(mut self, wire: &str) -> Self {
        wire.clone_into(&mut self.wire);
        self
    }

    fn title(mut self, title: &str) -> Self {
        title.clone_into(&mut self.title);
        self
    }

    fn rust(mut self, rust: impl Into<String>) -> Self {
        self.rust = rust.into();
        self
    }

    /// One more way in which it travels; an empty text is none.
    fn travels(mut self, what: &'static str, how: impl Into<String>) -> Self {
        let how = how.into();
        if !how.is_empty() {
            self.travels.push((what, how));
        }
        self
    }

    fn deprecated(mut self, deprecated: bool) -> Self {
        self.deprecated = deprecated;
        self
    }

    fn with(mut self, members: impl IntoIterator<Item = Self>) -> Self {
        self.members.extend(members);
        self
    }
}
