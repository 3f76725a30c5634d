//! Owns what the stages have to say: errors, warnings and lints, each with a place and a mend.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::fmt;

use crate::source::Location;

/// How much a diagnostic weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing may be written: it would publish something wrong.
    Error,
    /// Read, but a person should look, and then mend it or accept it.
    Warning,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $severity:ident;)+) => {
        /// What kind of finding a diagnostic is: the stable code that is printed with it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[$doc])* $name,)+ }

        impl Code {
            /// The code as it is printed.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// How much findings of this kind weigh.
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)+ }
            }

            /// Whether the line that it stands at was of no use.
            pub(crate) fn leaves_unread(self) -> bool {
                matches!(self, Self::UnreadRow | Self::FullWidthPipe | Self::EmptyName | Self::TooDeep | Self::ConflictMarker)
            }

            /// Whether the cells of the row that it stands at are not where they belong.
            pub(crate) fn shifts_cells(self) -> bool {
                matches!(self, Self::CellCount | Self::FullWidthPipe)
            }

            /// Whether it speaks of what one cell says.
            pub(crate) fn is_of_a_cell(self) -> bool {
                matches!(self, Self::UnknownType | Self::UnknownRequired | Self::TypeMismatch)
            }

            /// Whether a person may let findings of this kind stay.
            pub fn may_stay(self) -> bool {
                self.severity() == Severity::Warning || self == Self::NoEffect
            }

            /// Every code there is.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The code that is printed so.
            pub fn of(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.as_str() == text)
            }
        }
    };
}

codes! {
    /// A file or folder is missing or cannot be read.
    Unreadable = "unreadable", Error;
    /// A text is not UTF-8.
    NotUtf8 = "not-utf8", Error;
    /// `provider.toml` is not what it should be.
    BadConfig = "bad-config", Error;
    /// `api_catalog.json` is not what it should be.
    BadCatalog = "bad-catalog", Error;
    /// A module slug that is no plain name.
    BadSlug = "bad-slug", Error;
    /// Two operations, or two events, of one id.
    DuplicateId = "duplicate-id", Error;
    /// A merge that nobody has ended stands in a specification.
    ConflictMarker = "conflict-marker", Error;
    /// Something that travels has no name.
    EmptyName = "empty-name", Error;
    /// A field or an example that is nested too deeply.
    TooDeep = "too-deep", Error;
    /// A payload field is called like an envelope key and nothing says where it goes.
    EnvelopeClash = "envelope-clash", Error;
    /// A parameter that stands in two places, or in one that its request does not have.
    PlaceClash = "place-clash", Error;
    /// A correction that applies to nothing.
    StaleCorrection = "stale-correction", Error;
    /// `safe`, `private`, a `[[job]]`, `[[page]]`, `[[answer]]` or `[[either]]` that speaks of what is not there.
    StaleDeclaration = "stale-declaration", Error;
    /// What is declared of rows that other documents than our own do not have.
    NotInThese = "not-in-these-documents", Warning;
    /// A correction that says nothing, or contradicts itself.
    BadCorrection = "bad-correction", Error;
    /// Two things that would have one Rust name.
    NameClash = "name-clash", Error;
    /// A name that is none in Rust.
    BadName = "bad-name", Error;
    /// A shared shape whose places differ.
    ShapeMismatch = "shape-mismatch", Error;
    /// `api_catalog.json` was edited by hand, and the specs say something else.
    CatalogConflict = "catalog-conflict", Error;
    /// The crate to generate, or what lies in its place, keeps it from being written.
    BadCrate = "bad-crate", Error;
    /// The disk refuses to be read or written.
    NotWritten = "not-written", Error;
    /// `names.lock` knows operations or events that the documents no longer have.
    Lost = "lost", Error;
    /// A name that was public would mean the opposite.
    Turned = "turned", Error;
    /// A file is not what would be generated now.
    StaleFile = "stale-file", Error;
    /// Generated code that is no Rust.
    BadOutput = "bad-output", Error;
    /// A merge that nobody has ended; codegen mends what it writes itself.
    Merged = "merged", Warning;
    /// A provider that yields nothing.
    NothingRead = "nothing-read", Error;
    /// A key of the catalog that is not known.
    UnknownKey = "unknown-key", Warning;
    /// A table none of whose columns is known.
    UnknownTable = "unknown-table", Warning;
    /// A table row that no reading could use.
    UnreadRow = "unread-row", Warning;
    /// A line that is neither a fact nor documentation.
    UnreadLine = "unread-line", Warning;
    /// A key of an example that is hardly a name.
    OddKey = "odd-key", Warning;
    /// A title of a column that is not known, beside known ones.
    UnknownColumn = "unknown-column", Warning;
    /// A table of fields without a column of types.
    MissingColumn = "missing-column", Warning;
    /// A row with more or fewer cells than its table has columns.
    CellCount = "cell-count", Warning;
    /// Full-width signs where pipes belong.
    FullWidthPipe = "full-width-pipe", Warning;
    /// A cell of the column that says what must be given, and does not say it.
    UnknownRequired = "unknown-required", Warning;
    /// A cell of the column that says where a parameter stands, and does not say it.
    UnknownPlace = "unknown-place", Warning;
    /// A `key: value` line whose key is known but for a slip.
    UnknownFact = "unknown-fact", Warning;
    /// A caption that does not say whether its table is sent or comes back.
    UnknownLabel = "unknown-label", Warning;
    /// An example that nothing announces.
    UnlabelledSample = "unlabelled-sample", Warning;
    /// A fence that nobody closes.
    UnclosedFence = "unclosed-fence", Warning;
    /// A heading or line that nearly names an operation.
    AlmostOperation = "almost-operation", Warning;
    /// A section with tables or examples that documents neither an operation nor an event.
    NoOperation = "no-operation", Warning;
    /// A specification that says nothing.
    EmptySpec = "empty-spec", Warning;
    /// An event without a field, although its example shows some.
    EmptyEvent = "empty-event", Warning;
    /// One name twice in a table; the rows were merged.
    RepeatedRow = "repeated-row", Warning;
    /// A section printed twice with the same content; merged.
    RepeatedSection = "repeated-section", Warning;
    /// The return table was printed again as parameters, and dropped there.
    RepeatedTable = "repeated-table", Warning;
    /// Cell and sample give a field different types.
    TypeMismatch = "type-mismatch", Warning;
    /// A structure that no type names.
    UnusedStructure = "unused-structure", Warning;
    /// A type word that is not known.
    UnknownType = "unknown-type", Warning;
    /// The heading names an item one way, its sample another.
    NameMismatch = "name-mismatch", Warning;
    /// Table and sample of an item disagree about a field's name.
    FieldMismatch = "field-mismatch", Warning;
    /// A field was nested after a guess: no sample, no caption says where it belongs.
    GuessedNesting = "guessed-nesting", Warning;
    /// A sample could not be read whole.
    BrokenSample = "broken-sample", Warning;
    /// An operation whose documentation is known to be incomplete.
    Incomplete = "incomplete", Warning;
    /// The same wire name means two operations.
    SharedWire = "shared-wire", Warning;
    /// A program fetches the commands, and nothing says where it comes.
    NoServer = "no-server", Warning;
    /// What `[auth]` sends as a header stands among the parameters.
    HeaderAsParameter = "header-as-parameter", Warning;
    /// An event that nothing tells from others.
    UnheardEvent = "unheard-event", Warning;
    /// A word, a pattern, a chapter or a correction of `provider.toml` that the documents have no use for. The vendor's own
    /// may have, so it can be accepted.
    NoEffect = "no-effect", Error;
    /// An id is declared for a field that is nowhere.
    StaleId = "stale-id", Error;
    /// A key of the envelope is declared, and no example has it.
    UnseenKey = "unseen-key", Warning;
    /// The index of the document and its sections disagree.
    IndexMismatch = "index-mismatch", Warning;
    /// An operation without any parameter or reply table or sample.
    Undocumented = "undocumented", Warning;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind.
    pub code: Code,
    /// One sentence that names what is wrong.
    pub message: String,
    /// Where.
    pub at: Option<Location>,
    /// What to do about it, in words.
    pub help: Option<String>,
    /// What to paste into `provider.toml`.
    pub fix: Option<String>,
    /// What findings of one code have in common that are one mistake; none: the message says it.
    pub cause: Option<String>,
    /// Further places of the same mistake.
    pub also: Vec<Location>,
    /// Why it may stay, as an `[[accept]]` of `provider.toml` says.
    pub accepted: Option<String>,
}

/// More of what is to be pasted would hide what is wrong.
const MOST_FIXES: usize = 8;

impl Diagnostic {
    /// A finding of this kind; whether it is an error follows from the code.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            at: None,
            help: None,
            fix: None,
            cause: None,
            also: Vec::new(),
            accepted: None,
        }
    }

    /// As [`Diagnostic::new`]; says at the call that the code is an error.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        debug_assert_eq!(code.severity(), Severity::Error);
        Self::new(code, message)
    }

    /// Adds the place.
    pub fn at(mut self, location: Location) -> Self {
        self.at = Some(location);
        self
    }

    /// Adds the place, if there is one.
    pub fn at_if(mut self, location: Option<Location>) -> Self {
        self.at = location;
        self
    }

    /// Adds what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds what to paste into `provider.toml`.
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    /// Adds the cause: findings of one code and one cause are shown as one, with all their places.
    pub fn because(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// How much it weighs; what is accepted keeps nobody from anything.
    pub fn severity(&self) -> Severity {
        match self.accepted {
            Some(_) => Severity::Warning,
            None => self.code.severity(),
        }
    }

    /// Whether a person is yet to look at it.
    pub fn is_new(&self) -> bool {
        self.accepted.is_none()
    }

    /// Takes in a finding of the same cause; `fixes` are those that are proposed already.
    fn join(&mut self, other: Self, fixes: &mut BTreeSet<String>) {
        if other.at.is_some() && other.at != self.at {
            self.also.extend(other.at);
        }
        self.also.extend(other.also);
        if let Some(fix) = other.fix
            && fixes.len() < MOST_FIXES
            && fixes.insert(fix.clone())
        {
            let all = self.fix.get_or_insert_default();
            all.push_str("\n\n");
            all.push_str(&fix);
        }
    }
}

/// Findings of one cause as one, which names the further places and proposes every mend.
pub fn grouped(findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    type Cause = (Code, bool, String, Option<String>);
    let cause = |finding: &Diagnostic| -> Cause {
        let (cause, fix) = match &finding.cause {
            Some(cause) => (cause.clone(), None),
            None => (finding.message.clone(), finding.fix.clone()),
        };
        (finding.code, finding.accepted.is_some(), cause, fix)
    };
    let mut first: HashMap<Cause, usize> = HashMap::new();
    let mut groups: Vec<(Diagnostic, BTreeSet<String>)> = Vec::new();
    for finding in findings {
        match first.entry(cause(&finding)) {
            Entry::Vacant(free) => {
                free.insert(groups.len());
                let fixes = finding.fix.iter().cloned().collect();
                groups.push((finding, fixes));
            }
            Entry::Occupied(taken) => {
                if let Some((group, fixes)) = groups.get_mut(*taken.get()) {
                    group.join(finding, fixes);
                }
            }
        }
    }
    groups.into_iter().map(|(group, _)| group).collect()
}

/// Whether any finding is an error.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.severity() == Severity::Error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceFile, Span};

    #[test]
    fn what_has_one_cause_is_one_finding_with_every_place_and_mend() {
        let file = SourceFile::new("a.md", "one\ntwo\nthree\n");
        let at = |start| file.location(Span::new(start, start + 1));
        let of = |word: &str, start| {
            Diagnostic::new(
                Code::UnknownType,
                format!("`x` of `{word}` is no known type"),
            )
            .because("x")
            .at(at(start))
            .fix(format!("[[correction]] # {word}"))
        };
        let other = Diagnostic::new(Code::UnreadRow, "this row was not read").at(at(0));
        let groups = grouped(vec![of("a", 0), other.clone(), of("b", 4), of("a", 8)]);
        let expected = Diagnostic {
            also: vec![at(4), at(8)],
            fix: Some("[[correction]] # a\n\n[[correction]] # b".to_owned()),
            ..of("a", 0)
        };
        assert_eq!(groups, [expected, other]);
    }
}
