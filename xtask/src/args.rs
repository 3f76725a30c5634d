//! Owns the command line: words become a typed [`Command`], or a [`Misuse`] that says what to type.
//!
//! `codegen --chekc` becomes "there is no option `--chekc` (did you mean `--check`?)" and the usage of `codegen`.
//!
//! `lexopt` takes the words apart: one crate, 0.3 s of compiling. `clap` without its derive is five crates and 8.9 s,
//! where all that the first `cargo xtask` on a machine compiles is 38 crates and 145 s (processor time, two shared
//! cores). It would save about a hundred lines, those of `usage.rs`, and could not say which command a misplaced option
//! belongs to.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use catalog::diagnostic::{Code, Diagnostic, Severity};
use catalog::spelling::{did_you_mean, nearest};
use lexopt::{Arg, Parser};

use crate::usage::{self, Topic};
pub(crate) use generator::accept::Accept;

/// What the user wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// To be told how this works.
    Help(Topic),
    /// To have everything written that is generated.
    Codegen(Codegen),
    /// To see what was understood.
    Inspect(Inspect),
    /// To see what is doubtful.
    Lint(Lint),
    /// To see what a change does.
    Diff(Diff),
    /// To have a gateway to talk to; the words are the gateway's to understand.
    Mock(Vec<OsString>),
}

/// Which providers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Selection {
    /// Only these, each once; empty means all.
    pub(crate) providers: Vec<String>,
    /// Another folder of provider folders.
    pub(crate) catalog: Option<PathBuf>,
    /// Other documents than those that lie in the providers' folders.
    pub(crate) specs: Option<PathBuf>,
}

/// Options of `codegen`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Codegen {
    /// Which providers.
    pub(crate) selection: Selection,
    /// Another folder for the crate.
    pub(crate) out: Option<PathBuf>,
    /// Write nothing, name what is stale.
    pub(crate) check: bool,
    /// Who wins where a catalog was edited by hand.
    pub(crate) accept: Option<Accept>,
    /// What becomes of findings.
    pub(crate) reporting: Reporting,
}

/// Options of `inspect`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Inspect {
    /// Which providers.
    pub(crate) selection: Selection,
    /// What becomes of findings.
    pub(crate) reporting: Reporting,
}

/// Options of `lint`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lint {
    /// Which providers.
    pub(crate) selection: Selection,
    /// What becomes of findings.
    pub(crate) reporting: Reporting,
}

/// What becomes of findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reporting {
    /// For whom they are printed.
    pub(crate) format: Format,
    /// Which of them make the command fail.
    pub(crate) deny: Deny,
}

/// For whom a command prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// For GitHub, which marks the lines of a pull request.
    Github,
}

/// Which findings make a command fail although they are no errors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Deny {
    /// All that nobody has accepted.
    warnings: bool,
    /// Those of these codes.
    codes: Vec<Code>,
}

/// What denies every warning.
const WARNINGS: &str = "warnings";

impl Deny {
    /// Whether a finding that is no error is denied; what is accepted never is.
    pub(crate) fn denies(&self, finding: &Diagnostic) -> bool {
        let is_named = self.warnings || self.codes.contains(&finding.code);
        is_named && finding.is_new() && finding.severity() != Severity::Error
    }

    /// The options that say so.
    pub(crate) fn options(&self) -> String {
        let codes = self.codes.iter().map(|code| code.as_str());
        let all = self.warnings.then_some(WARNINGS).into_iter().chain(codes);
        let options: Vec<String> = all.map(|one| format!("--deny {one}")).collect();
        options.join(" ")
    }
}

/// What `diff` compares: git revisions, or folders of provider folders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Diff {
    /// What was.
    pub(crate) old: Option<String>,
    /// What is.
    pub(crate) new: Option<String>,
}

/// A command line that was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Misuse {
    /// What is wrong with it.
    pub(crate) message: String,
    /// Which usage helps.
    pub(crate) topic: Topic,
}

const COMMANDS: [(&str, Topic); 5] = [
    ("codegen", Topic::Codegen),
    ("inspect", Topic::Inspect),
    ("lint", Topic::Lint),
    ("diff", Topic::Diff),
    ("mock", Topic::Mock),
];

/// Understands a command line; `args` starts behind the program's name.
pub(crate) fn parse(args: impl Iterator<Item = OsString>) -> Result<Command, Misuse> {
    let mut args = args;
    let everything = Topic::Everything;
    let Some(word) = args.next() else {
        return Err(misuse(everything, "no command given"));
    };
    let name = utf8(word, everything)?;
    if ["--help", "-h"].contains(&&*name) {
        return Ok(Command::Help(everything));
    }
    if name == "help" {
        return match args.next() {
            None => Ok(Command::Help(everything)),
            Some(word) => topic(&utf8(word, everything)?).map(Command::Help),
        };
    }
    let topic = topic(&name)?;
    let rest: Vec<OsString> = args.collect();
    if topic == Topic::Mock {
        let asks_for_help = rest.iter().any(|word| word == "--help" || word == "-h");
        return Ok(if asks_for_help {
            Command::Help(topic)
        } else {
            Command::Mock(rest)
        });
    }
    let mut words = Words {
        parser: Parser::from_args(rest),
        topic,
        option: String::new(),
    };
    let command = match topic {
        Topic::Codegen => words.codegen().map(Command::Codegen),
        Topic::Inspect => words.inspect().map(Command::Inspect),
        Topic::Lint => words.lint().map(Command::Lint),
        Topic::Diff => words.diff().map(Command::Diff),
        Topic::Everything | Topic::Mock => return Ok(Command::Help(topic)),
    };
    command.or_else(|stopped| match stopped {
        Stop::Help => Ok(Command::Help(topic)),
        Stop::Misuse(message) => Err(misuse(topic, message)),
    })
}

/// The command of this name.
fn topic(name: &str) -> Result<Topic, Misuse> {
    let known = COMMANDS.iter().find(|(known, _)| *known == name);
    known.map(|(_, topic)| *topic).ok_or_else(|| {
        let known = COMMANDS.iter().map(|(known, _)| *known).chain(["help"]);
        let hint = did_you_mean(name, known);
        misuse(
            Topic::Everything,
            format!("there is no command `{name}`{hint}"),
        )
    })
}

fn misuse(topic: Topic, message: impl Into<String>) -> Misuse {
    Misuse {
        message: message.into(),
        topic,
    }
}

fn utf8(word: OsString, topic: Topic) -> Result<String, Misuse> {
    word.into_string()
        .map_err(|word| misuse(topic, not_utf8(&word)))
}

fn not_utf8(word: &OsStr) -> String {
    format!("`{}` is not UTF-8", word.to_string_lossy())
}

/// Why the words behind a command are no longer read.
enum Stop {
    /// Help is wanted.
    Help,
    /// Something is not understood.
    Misuse(String),
}

impl From<String> for Stop {
    fn from(message: String) -> Self {
        Self::Misuse(message)
    }
}

/// The words behind a command.
struct Words {
    parser: Parser,
    topic: Topic,
    /// The option that was read last, with its dashes.
    option: String,
}

impl Words {
    fn codegen(&mut self) -> Result<Codegen, Stop> {
        let mut given = Codegen::default();
        while let Some(word) = self.next()? {
            match word.as_str() {
                "--out" => self.folder(&mut given.out)?,
                "--check" => given.check = self.flag()?,
                "--accept" => {
                    let known = [("specs", Accept::Specs), ("catalog", Accept::Catalog)];
                    given.accept = Some(self.choice(&known)?);
                }
                "--format" | "--deny" => self.reporting(&word, &mut given.reporting)?,
                _ => self.selection(&word, &mut given.selection)?,
            }
        }
        if given.check && given.accept.is_some() {
            let both =
                "`--check` writes nothing and `--accept` decides what is written: give one of them";
            return Err(both.to_owned().into());
        }
        if given.selection.specs.is_some() && given.accept.is_some() {
            let both = "`--accept` decides about api_catalog.json, which `--specs` does not read: give one of them";
            return Err(both.to_owned().into());
        }
        Ok(given)
    }

    fn inspect(&mut self) -> Result<Inspect, Stop> {
        let mut given = Inspect::default();
        while let Some(word) = self.next()? {
            match word.as_str() {
                "--format" | "--deny" => self.reporting(&word, &mut given.reporting)?,
                _ => self.selection(&word, &mut given.selection)?,
            }
        }
        Ok(given)
    }

    fn lint(&mut self) -> Result<Lint, Stop> {
        let mut given = Lint::default();
        while let Some(word) = self.next()? {
            match word.as_str() {
                "--format" | "--deny" => self.reporting(&word, &mut given.reporting)?,
                _ => self.selection(&word, &mut given.selection)?,
            }
        }
        Ok(given)
    }

    /// What several commands take: for whom findings are, and which of them make the command fail.
    fn reporting(&mut self, word: &str, reporting: &mut Reporting) -> Result<(), Stop> {
        if word == "--format" {
            let known = [
                ("text", Format::Text),
                ("json", Format::Json),
                ("github", Format::Github),
            ];
            reporting.format = self.choice(&known)?;
            return Ok(());
        }
        let word = self.text("`warnings` or a CODE")?;
        if word == WARNINGS {
            reporting.deny.warnings = true;
            return Ok(());
        }
        let Some(code) = Code::of(&word) else {
            let known = Code::ALL.iter().map(|code| code.as_str());
            let hint = did_you_mean(&word, known.chain([WARNINGS]));
            let message = format!("`--deny` needs `{WARNINGS}` or a CODE, not `{word}`{hint}");
            return Err(message.into());
        };
        reporting.deny.codes.push(code);
        Ok(())
    }

    fn diff(&mut self) -> Result<Diff, Stop> {
        let mut given = Diff::default();
        while let Some(word) = self.next()? {
            if word.starts_with('-') {
                return Err(self.unknown(&word).into());
            }
            if word.is_empty() {
                return Err("a name is empty".to_owned().into());
            }
            match (&given.old, &given.new) {
                (None, _) => given.old = Some(word),
                (_, None) => given.new = Some(word),
                _ => return Err(format!("`{word}` is one too many: two are compared").into()),
            }
        }
        Ok(given)
    }

    /// The next word: an option with its dashes, or something that is none.
    fn next(&mut self) -> Result<Option<String>, Stop> {
        let word = match self.parser.next() {
            Ok(None) => return Ok(None),
            Ok(Some(Arg::Long(name))) => format!("--{name}"),
            Ok(Some(Arg::Short(letter))) => format!("-{letter}"),
            Ok(Some(Arg::Value(word))) => word.into_string().map_err(|word| not_utf8(&word))?,
            Err(error) => return Err(error.to_string().into()),
        };
        if ["--help", "-h"].contains(&&*word) {
            return Err(Stop::Help);
        }
        self.option.clone_from(&word);
        Ok(Some(word))
    }

    /// What several commands take: which providers.
    fn selection(&mut self, word: &str, selection: &mut Selection) -> Result<(), Stop> {
        match word {
            "--provider" => {
                let id = self.text("an ID")?;
                if !selection.providers.contains(&id) {
                    selection.providers.push(id);
                }
                Ok(())
            }
            "--catalog" => self.folder(&mut selection.catalog),
            "--specs" => self.folder(&mut selection.specs),
            _ => Err(self.unknown(word).into()),
        }
    }

    /// That an option without a value is given.
    fn flag(&mut self) -> Result<bool, Stop> {
        match self.parser.optional_value() {
            Some(_) => Err(format!("`{}` takes no value", self.option).into()),
            None => Ok(true),
        }
    }

    /// The value of an option: behind `=`, or the next word unless that is an option.
    fn value(&mut self, what: &str) -> Result<OsString, Stop> {
        let value = self.parser.optional_value().or_else(|| {
            let is_value = |word: &OsStr| !word.to_string_lossy().starts_with("--");
            self.parser.raw_args().ok()?.next_if(is_value)
        });
        value
            .filter(|value| !value.is_empty())
            .ok_or_else(|| format!("`{}` needs {what}", self.option).into())
    }

    fn text(&mut self, what: &str) -> Result<String, Stop> {
        let value = self.value(what)?;
        Ok(value.into_string().map_err(|value| not_utf8(&value))?)
    }

    /// A folder, which may be given once.
    fn folder(&mut self, kept: &mut Option<PathBuf>) -> Result<(), Stop> {
        match kept.replace(self.value("a DIR")?.into()) {
            Some(_) => Err(format!("`{}` is given twice", self.option).into()),
            None => Ok(()),
        }
    }

    fn choice<T: Copy>(&mut self, known: &[(&str, T)]) -> Result<T, Stop> {
        let names: Vec<&str> = known.iter().map(|(known, _)| *known).collect();
        let what = format!("`{}`", names.join("` or `"));
        let word = self.text(&what)?;
        let chosen = known.iter().find(|(known, _)| *known == word);
        chosen.map(|(_, value)| *value).ok_or_else(|| {
            let hint = did_you_mean(&word, names);
            format!("`{}` needs {what}, not `{word}`{hint}", self.option).into()
        })
    }

    /// What is said of a word that the command does not take. Its help text lists what it does.
    fn unknown(&self, word: &str) -> String {
        let known = usage::options(self.topic);
        // Dashes are left out, so that they bring nothing nearer.
        let hint = nearest(word.trim_start_matches('-'), known)
            .map(|name| format!(" (did you mean `--{name}`?)"))
            .unwrap_or_default();
        let Some(name) = word.strip_prefix("--") else {
            return match word.starts_with('-') {
                true => format!("there is no option `{word}`{hint}"),
                false => format!("`{word}` is not expected here{hint}"),
            };
        };
        let mut commands = COMMANDS.iter();
        let owner = commands.find(|(_, topic)| usage::options(*topic).any(|known| known == name));
        match owner {
            Some((command, _)) => format!("`{word}` is an option of `{command}`"),
            None => format!("there is no option `{word}`{hint}"),
        }
    }
}

#[cfg(test)]
mod tests;
