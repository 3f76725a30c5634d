//! Owns what the stages have to say: errors, warnings and lints, each with a place and a mend.

use std::fmt;

use crate::source::Location;

/// How much a diagnostic weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing may be written.
    Error,
    /// Read, but a person should look.
    Warning,
    /// A doubtful reading; shown by `cargo xtask lint`.
    Lint,
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

            /// Every code there is.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];
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
    /// A payload field is called like an envelope key and nothing says where it goes.
    EnvelopeClash = "envelope-clash", Error;
    /// A correction that applies to nothing.
    StaleCorrection = "stale-correction", Error;
    /// `safe`, `private`, a `[[job]]`, `[[page]]`, `[[answer]]` or `[[either]]` that speaks of what is not there.
    StaleDeclaration = "stale-declaration", Error;
    /// A correction that says nothing, or contradicts itself.
    BadCorrection = "bad-correction", Error;
    /// Two things that would have one Rust name.
    NameClash = "name-clash", Error;
    /// A name that is none in Rust.
    BadName = "bad-name", Error;
    /// A shared shape whose places differ.
    ShapeMismatch = "shape-mismatch", Error;
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
    /// One name twice in a table; the rows were merged.
    RepeatedRow = "repeated-row", Warning;
    /// A section printed twice with the same content; merged.
    RepeatedSection = "repeated-section", Warning;
    /// The return table was printed again as parameters, and dropped there.
    RepeatedTable = "repeated-table", Lint;
    /// Cell and sample give a field different types.
    TypeMismatch = "type-mismatch", Lint;
    /// A type word that is not known.
    UnknownType = "unknown-type", Warning;
    /// The heading names an item one way, its sample another.
    NameMismatch = "name-mismatch", Lint;
    /// Table and sample of an item disagree about a field's name.
    FieldMismatch = "field-mismatch", Lint;
    /// A field was nested after a guess: no sample, no caption says where it belongs.
    GuessedNesting = "guessed-nesting", Lint;
    /// A sample could not be read whole.
    BrokenSample = "broken-sample", Lint;
    /// An operation whose documentation is known to be incomplete.
    Incomplete = "incomplete", Lint;
    /// The same wire name means two operations.
    SharedWire = "shared-wire", Lint;
    /// A program fetches the commands, and nothing says where it comes.
    NoServer = "no-server", Warning;
    /// What `[auth]` sends as a header stands among the parameters.
    HeaderAsParameter = "header-as-parameter", Warning;
    /// An event that nothing tells from others.
    UnheardEvent = "unheard-event", Warning;
    /// An id is declared for a field that is nowhere.
    StaleId = "stale-id", Warning;
    /// The index of the document and its sections disagree.
    IndexMismatch = "index-mismatch", Warning;
    /// An operation without any parameter or reply table or sample.
    Undocumented = "undocumented", Lint;
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
}

impl Diagnostic {
    /// A finding of this kind; whether it is an error follows from the code.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            at: None,
            help: None,
            fix: None,
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

    /// How much it weighs.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// Whether any finding is an error.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.severity() == Severity::Error)
}
