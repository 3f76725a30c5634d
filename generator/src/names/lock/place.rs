//! Owns what an entry of `names.lock` is about: what kind of name it is, and where the thing that has
//! it stands on the wire.
//!
//! `field wc_id = call xiao_xi_fa_song_sendText wcId # 接收人` is of kind `field`, on the side
//! `call`, the owner is the operation's id, and the path leads to the parameter.

/// What has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    /// A Rust module.
    Mod,
    /// A method.
    Fn,
    /// A name that a method or a variant once had: it stays as a deprecated alias.
    Former,
    /// A type.
    Type,
    /// The wire names of a constructor's arguments, in their order.
    Arguments,
    /// A field of a struct or a variant, and its setter.
    Field,
    /// A variant of an enum.
    Variant,
}

/// Where on the wire something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Side {
    /// One of several APIs.
    Api,
    /// A chapter of the documents.
    Module,
    /// The session that a client opens.
    Session,
    /// What every event carries beside its payload.
    Envelope,
    /// An id with a type of its own.
    Id,
    /// A shape that several places share.
    Shape,
    /// An object that types refer to by name.
    Structure,
    /// What an operation sends.
    Call,
    /// What it gets back.
    Reply,
    /// What the gateway tells.
    Event,
    /// What an event says of an operation that it answers.
    Result,
    /// An element of an event that is a list of events.
    Element,
}

/// The API and the chapter; without a chapter what all chapters of an API share.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Home {
    pub(crate) api: String,
    pub(crate) module: String,
}

/// One thing on the wire.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    /// An operation's or an event's id, or the name that `provider.toml` gives; none where the home
    /// says all.
    pub(crate) owner: String,
    pub(crate) side: Side,
    /// Wire names, and at last the value where a variant is meant.
    pub(crate) path: Vec<String>,
}

/// One name of one thing. Sorted, everything about an operation stands together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub(crate) place: Place,
    pub(crate) kind: Kind,
}

impl Kind {
    const ALL: [(Self, &'static str); 7] = [
        (Self::Mod, "mod"),
        (Self::Fn, "fn"),
        (Self::Former, "former"),
        (Self::Type, "type"),
        (Self::Arguments, "arguments"),
        (Self::Field, "field"),
        (Self::Variant, "variant"),
    ];

    /// As the file has it.
    pub(crate) fn word(self) -> &'static str {
        word(&Self::ALL, self)
    }

    pub(crate) fn of(word: &str) -> Option<Self> {
        meant(&Self::ALL, word)
    }
}

impl Side {
    const ALL: [(Self, &'static str); 12] = [
        (Self::Api, "api"),
        (Self::Module, "module"),
        (Self::Session, "session"),
        (Self::Envelope, "envelope"),
        (Self::Id, "id"),
        (Self::Shape, "shape"),
        (Self::Structure, "structure"),
        (Self::Call, "call"),
        (Self::Reply, "reply"),
        (Self::Event, "event"),
        (Self::Result, "result"),
        (Self::Element, "element"),
    ];

    /// As the file has it.
    pub(crate) fn word(self) -> &'static str {
        word(&Self::ALL, self)
    }

    pub(crate) fn of(word: &str) -> Option<Self> {
        meant(&Self::ALL, word)
    }

    /// Whether the home alone does not say whose it is.
    pub(crate) fn has_owner(self) -> bool {
        !matches!(self, Self::Api | Self::Module | Self::Envelope)
    }

    /// Whether what gets a type here gets it in the Rust module of events.
    pub(crate) fn is_told(self) -> bool {
        matches!(self, Self::Event | Self::Result | Self::Element)
    }

    /// Whether it is an operation's; the others are an event's, or nobody's.
    pub(crate) fn is_called(self) -> bool {
        matches!(self, Self::Call | Self::Reply)
    }
}

fn word<T: Copy + PartialEq>(all: &[(T, &'static str)], wanted: T) -> &'static str {
    let found = all.iter().find(|(one, _)| *one == wanted);
    found.map(|(_, word)| *word).unwrap_or_default()
}

fn meant<T: Copy>(all: &[(T, &'static str)], wanted: &str) -> Option<T> {
    let found = all.iter().find(|(_, word)| *word == wanted);
    found.map(|(one, _)| *one)
}

impl Home {
    pub(crate) fn of(api: Option<&str>, module: &str) -> Self {
        Self {
            api: api.unwrap_or_default().to_owned(),
            module: module.to_owned(),
        }
    }

    /// What the chapters of the same API share.
    pub(crate) fn shared(api: Option<&str>) -> Self {
        Self::of(api, "")
    }
}

impl Place {
    pub(crate) fn new(side: Side, owner: impl Into<String>) -> Self {
        Self {
            owner: owner.into(),
            side,
            path: Vec::new(),
        }
    }

    /// What stands below it.
    pub(crate) fn below(&self, step: &str) -> Self {
        let path = self.path.iter().cloned();
        Self {
            owner: self.owner.clone(),
            side: self.side,
            path: path.chain([step.to_owned()]).collect(),
        }
    }

    /// Whether it is another place or stands below it.
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        let sides = self.side == other.side
            || other.path.is_empty() && self.side.is_called() && other.side.is_called()
            || other.path.is_empty() && self.side.is_told() && other.side.is_told();
        sides && self.owner == other.owner && self.path.starts_with(&other.path)
    }

    pub(crate) fn key(self, kind: Kind) -> Key {
        Key { place: self, kind }
    }
}
