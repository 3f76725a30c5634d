//! Owns what a field holds.

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// Text, e.g. `"wxid_a"`.
    Text,
    /// A signed 64-bit number, e.g. `-1`.
    Integer,
    /// An unsigned 64-bit number: ids beyond the signed range are seen.
    Unsigned,
    /// A number with a fraction, e.g. `1.5`.
    Number,
    /// Yes or no, e.g. `true`.
    Boolean,
    /// Members under names, e.g. `{"id": 1}`.
    Object,
    /// Whatever the gateway sends.
    Any,
    /// A list of one of these, e.g. `[1, 2]`.
    List(Item),
}

impl Type {
    /// Every type that is no list.
    pub(crate) const ALL: [Self; 7] = [
        Self::Text,
        Self::Integer,
        Self::Unsigned,
        Self::Number,
        Self::Boolean,
        Self::Object,
        Self::Any,
    ];

    /// As rows, corrections and `inspect` spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Integer => "long",
            Self::Unsigned => "ulong",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Object => "object",
            Self::Any => "any",
            Self::List(item) => match item {
                Item::Text => "string[]",
                Item::Integer => "long[]",
                Item::Unsigned => "ulong[]",
                Item::Number => "number[]",
                Item::Boolean => "boolean[]",
                Item::Object => "object[]",
                Item::Any => "any[]",
            },
        }
    }

    /// The list of this type; a list of lists is a list of anything.
    pub fn listed(self) -> Self {
        Self::List(match self {
            Self::Text => Item::Text,
            Self::Integer => Item::Integer,
            Self::Unsigned => Item::Unsigned,
            Self::Number => Item::Number,
            Self::Boolean => Item::Boolean,
            Self::Object => Item::Object,
            Self::Any | Self::List(_) => Item::Any,
        })
    }

    /// Whether values have members.
    pub fn has_members(self) -> bool {
        matches!(self, Self::Object | Self::List(Item::Object))
    }
}

/// What a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Item {
    /// Texts.
    Text,
    /// Signed numbers.
    Integer,
    /// Unsigned numbers.
    Unsigned,
    /// Numbers with a fraction.
    Number,
    /// Yes or no, many times.
    Boolean,
    /// Objects.
    Object,
    /// Whatever the gateway sends.
    Any,
}

impl Item {
    /// The type of one element.
    pub fn ty(self) -> Type {
        match self {
            Self::Text => Type::Text,
            Self::Integer => Type::Integer,
            Self::Unsigned => Type::Unsigned,
            Self::Number => Type::Number,
            Self::Boolean => Type::Boolean,
            Self::Object => Type::Object,
            Self::Any => Type::Any,
        }
    }
}
