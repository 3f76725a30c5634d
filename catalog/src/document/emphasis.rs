//! Owns emphasis and strike-through: which `*` and `~` are marks, and which belong together.

/// A kind of mark; marks pair with marks of the same kind only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MarkKind {
    /// `*`
    Italic,
    /// `**`
    Bold,
    /// `***`
    BoldItalic,
    /// `~`
    Strike,
    /// `~~`
    DoubleStrike,
}

impl MarkKind {
    /// The kind that so many of this character are; longer runs are text.
    pub(super) fn new(character: char, length: usize) -> Option<Self> {
        Some(match (character, length) {
            ('*', 1) => Self::Italic,
            ('*', 2) => Self::Bold,
            ('*', 3) => Self::BoldItalic,
            ('~', 1) => Self::Strike,
            ('~', 2) => Self::DoubleStrike,
            _ => return None,
        })
    }

    /// How it is written.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Italic => "*",
            Self::Bold => "**",
            Self::BoldItalic => "***",
            Self::Strike => "~",
            Self::DoubleStrike => "~~",
        }
    }

    pub(super) fn is_bold(self) -> bool {
        matches!(self, Self::Bold | Self::BoldItalic)
    }

    pub(super) fn is_strike(self) -> bool {
        matches!(self, Self::Strike | Self::DoubleStrike)
    }

    /// `**` and `~~` hardly ever mean themselves, so what CommonMark would not pair because of
    /// the punctuation beside them is paired here; `*` and `~` often do (`2*3`, `1~3秒`).
    fn is_plain_character(self) -> bool {
        matches!(self, Self::Italic | Self::Strike)
    }
}

/// What a mark does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It starts something.
    Opens,
    /// It ends something.
    Closes,
    /// It is text.
    Literal,
    /// It lost its partner: half-open at an end of the text.
    Dropped,
}

/// A run of `*` or `~` and what stands beside it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) kind: MarkKind,
    pub(super) role: Role,
    before: Option<char>,
    after: Option<char>,
}

impl Mark {
    /// A mark between two characters (none at an end of the text), its role still open.
    pub(super) fn new(kind: MarkKind, before: Option<char>, after: Option<char>) -> Self {
        Self {
            kind,
            role: Role::Literal,
            before,
            after,
        }
    }

    fn can_open(&self) -> bool {
        let touches = self.after.is_some_and(|c| !c.is_whitespace());
        match self.kind {
            // In front of a word, not within one: `约1~3秒` has none.
            MarkKind::Strike => touches && !is_word(self.before),
            kind if kind.is_plain_character() => {
                touches && (is_word(self.after) || !is_word(self.before))
            }
            _ => touches || self.before.is_none(),
        }
    }

    fn can_close(&self) -> bool {
        let touches = self.before.is_some_and(|c| !c.is_whitespace());
        match self.kind {
            MarkKind::Strike => touches && !is_word(self.after),
            kind if kind.is_plain_character() => {
                touches && (is_word(self.before) || !is_word(self.after))
            }
            _ => touches || self.after.is_none(),
        }
    }

    /// Between two Latin letters or digits, as in `2**3`.
    fn is_operator(&self) -> bool {
        let is_ascii_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        is_ascii_word(self.before) && is_ascii_word(self.after)
    }
}

fn is_word(c: Option<char>) -> bool {
    c.is_some_and(char::is_alphanumeric)
}

/// Gives every mark of a text its role.
pub(super) fn pair(marks: &mut [&mut Mark]) {
    let mut open = [None::<usize>; 5];
    for index in 0..marks.len() {
        let Some(mark) = marks.get(index).map(|mark| **mark) else {
            break;
        };
        let Some(slot) = open.get_mut(mark.kind as usize) else {
            break;
        };
        let opener = slot.and_then(|at| Some((at, **marks.get(at)?)));
        let closes = mark.can_close()
            && opener.is_some_and(|(_, opener)| !(opener.is_operator() && mark.is_operator()));
        if let Some((at, _)) = opener.filter(|_| closes) {
            *slot = None;
            set_role(marks, at, Role::Opens);
            set_role(marks, index, Role::Closes);
        } else if mark.can_open() {
            *slot = Some(index);
        }
    }
    drop_half_open(marks);
}

/// `**Authorization` and `login接口返回**` are halves of what was bold before it was cut.
fn drop_half_open(marks: &mut [&mut Mark]) {
    for mark in marks {
        let at_an_end = mark.before.is_none() != mark.after.is_none();
        if mark.role == Role::Literal && mark.kind.is_bold() && at_an_end {
            mark.role = Role::Dropped;
        }
    }
}

fn set_role(marks: &mut [&mut Mark], index: usize, role: Role) {
    if let Some(mark) = marks.get_mut(index) {
        mark.role = role;
    }
}
