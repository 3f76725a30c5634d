//! Owns the command line: words become a typed [`Command`], or a [`Misuse`] that says what to type.

use std::ffi::OsString;
use std::path::PathBuf;

use catalog::spelling::{did_you_mean, nearest};

use crate::usage::Topic;
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
    Lint(Selection),
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
}

/// Options of `inspect`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Inspect {
    /// Which providers.
    pub(crate) selection: Selection,
    /// For whom.
    pub(crate) format: Format,
}

/// For whom `inspect` prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opt {
    Provider,
    Catalog,
    Out,
    Check,
    Accept,
    Format,
    Help,
}

fn options(topic: Topic) -> &'static [(&'static str, Opt)] {
    const PROVIDER: (&str, Opt) = ("--provider", Opt::Provider);
    const CATALOG: (&str, Opt) = ("--catalog", Opt::Catalog);
    const HELP: (&str, Opt) = ("--help", Opt::Help);
    const SHORT_HELP: (&str, Opt) = ("-h", Opt::Help);
    match topic {
        Topic::Everything | Topic::Diff | Topic::Mock => &[HELP, SHORT_HELP],
        Topic::Codegen => &[
            PROVIDER,
            CATALOG,
            ("--out", Opt::Out),
            ("--check", Opt::Check),
            ("--accept", Opt::Accept),
            HELP,
            SHORT_HELP,
        ],
        Topic::Inspect => &[
            PROVIDER,
            CATALOG,
            ("--format", Opt::Format),
            HELP,
            SHORT_HELP,
        ],
        Topic::Lint => &[PROVIDER, CATALOG, HELP, SHORT_HELP],
    }
}

/// Understands a command line; `args` starts behind the program's name.
pub(crate) fn parse(args: impl Iterator<Item = OsString>) -> Result<Command, Misuse> {
    let mut args = args;
    let topic = Topic::Everything;
    let Some(word) = args.next() else {
        return Err(Misuse {
            message: "no command given".to_owned(),
            topic,
        });
    };
    let word = utf8(word, topic)?;
    match word.as_str() {
        "help" => help(args),
        "--help" | "-h" => Ok(Command::Help(topic)),
        name => match COMMANDS.iter().find(|(known, _)| *known == name) {
            Some((_, Topic::Mock)) => Ok(mock(args)),
            Some((_, Topic::Diff)) => diff(args),
            Some((_, topic)) => command(*topic, args),
            None => Err(unknown_command(name)),
        },
    }
}

/// Everything but a cry for help is handed on.
fn mock(args: impl Iterator<Item = OsString>) -> Command {
    let words: Vec<OsString> = args.collect();
    if words.iter().any(|word| word == "--help" || word == "-h") {
        Command::Help(Topic::Mock)
    } else {
        Command::Mock(words)
    }
}

/// Up to two names.
fn diff(args: impl Iterator<Item = OsString>) -> Result<Command, Misuse> {
    let mut words = Words {
        args,
        topic: Topic::Diff,
    };
    let mut names = Vec::new();
    while let Some(word) = words.args.next() {
        let word = utf8(word, words.topic)?;
        if word.starts_with('-') {
            words.option(&word)?;
            return Ok(Command::Help(words.topic));
        }
        if word.is_empty() {
            return Err(words.misuse("a name is empty".to_owned()));
        }
        names.push(word);
    }
    let mut names = names.into_iter();
    let (old, new) = (names.next(), names.next());
    match names.next() {
        Some(third) => Err(words.misuse(format!("`{third}` is one too many: two are compared"))),
        None => Ok(Command::Diff(Diff { old, new })),
    }
}

fn unknown_command(name: &str) -> Misuse {
    let known = COMMANDS.iter().map(|(known, _)| *known).chain(["help"]);
    Misuse {
        message: format!("there is no command `{name}`{}", did_you_mean(name, known)),
        topic: Topic::Everything,
    }
}

fn help(mut args: impl Iterator<Item = OsString>) -> Result<Command, Misuse> {
    let Some(word) = args.next() else {
        return Ok(Command::Help(Topic::Everything));
    };
    let name = utf8(word, Topic::Everything)?;
    COMMANDS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, topic)| Command::Help(*topic))
        .ok_or_else(|| unknown_command(&name))
}

/// Everything that was given behind the command.
#[derive(Default)]
struct Given {
    selection: Selection,
    out: Option<PathBuf>,
    check: bool,
    accept: Option<Accept>,
    format: Format,
}

fn command(topic: Topic, args: impl Iterator<Item = OsString>) -> Result<Command, Misuse> {
    let mut words = Words { args, topic };
    let mut given = Given::default();
    while let Some(word) = words.args.next() {
        let word = utf8(word, topic)?;
        let (name, value) = match word.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, Some(value.to_owned())),
            _ => (word.as_str(), None),
        };
        let option = words.option(name)?;
        if option == Opt::Help {
            return Ok(Command::Help(topic));
        }
        given.take(option, name, value, &mut words)?;
    }
    given.into_command(topic)
}

impl Given {
    fn take(
        &mut self,
        option: Opt,
        name: &str,
        value: Option<String>,
        words: &mut Words<impl Iterator<Item = OsString>>,
    ) -> Result<(), Misuse> {
        match option {
            Opt::Check | Opt::Help => {
                if value.is_some() {
                    return Err(words.misuse(format!("`{name}` takes no value")));
                }
                self.check = true;
            }
            Opt::Provider => {
                let id = words.text(name, value, "an ID")?;
                if !self.selection.providers.contains(&id) {
                    self.selection.providers.push(id);
                }
            }
            Opt::Catalog => words.folder(name, value, &mut self.selection.catalog)?,
            Opt::Out => words.folder(name, value, &mut self.out)?,
            Opt::Accept => {
                let known = [("specs", Accept::Specs), ("catalog", Accept::Catalog)];
                self.accept = Some(words.choice(name, value, &known)?);
            }
            Opt::Format => {
                let known = [("text", Format::Text), ("json", Format::Json)];
                self.format = words.choice(name, value, &known)?;
            }
        }
        Ok(())
    }

    fn into_command(self, topic: Topic) -> Result<Command, Misuse> {
        let Self {
            selection,
            out,
            check,
            accept,
            format,
        } = self;
        if check && accept.is_some() {
            let message =
                "`--check` writes nothing and `--accept` decides what is written: give one of them";
            return Err(Misuse {
                message: message.to_owned(),
                topic,
            });
        }
        Ok(match topic {
            Topic::Everything | Topic::Diff | Topic::Mock => Command::Help(topic),
            Topic::Codegen => Command::Codegen(Codegen {
                selection,
                out,
                check,
                accept,
            }),
            Topic::Inspect => Command::Inspect(Inspect { selection, format }),
            Topic::Lint => Command::Lint(selection),
        })
    }
}

/// The words behind a command.
struct Words<I> {
    args: I,
    topic: Topic,
}

impl<I: Iterator<Item = OsString>> Words<I> {
    fn option(&self, name: &str) -> Result<Opt, Misuse> {
        let known = options(self.topic);
        if let Some((_, option)) = known.iter().find(|(known, _)| *known == name) {
            return Ok(*option);
        }
        let hint = hint(name, known);
        Err(self.misuse(if !name.starts_with('-') {
            format!("`{name}` is not expected here{hint}")
        } else if let Some(other) = owner(name) {
            format!("`{name}` is an option of `{other}`")
        } else {
            format!("there is no option `{name}`{hint}")
        }))
    }

    /// The value of an option: behind `=`, or the next word.
    fn value(
        &mut self,
        name: &str,
        given: Option<OsString>,
        what: &str,
    ) -> Result<OsString, Misuse> {
        let next = |args: &mut I| {
            args.next()
                .filter(|word| !word.to_string_lossy().starts_with("--"))
        };
        given
            .or_else(|| next(&mut self.args))
            .filter(|value| !value.is_empty())
            .ok_or_else(|| self.misuse(format!("`{name}` needs {what}")))
    }

    fn text(&mut self, name: &str, given: Option<String>, what: &str) -> Result<String, Misuse> {
        let value = self.value(name, given.map(Into::into), what)?;
        utf8(value, self.topic)
    }

    /// A folder, which may be given once.
    fn folder(
        &mut self,
        name: &str,
        given: Option<String>,
        kept: &mut Option<PathBuf>,
    ) -> Result<(), Misuse> {
        let folder = self.value(name, given.map(Into::into), "a DIR")?;
        match kept.replace(folder.into()) {
            Some(_) => Err(self.misuse(format!("`{name}` is given twice"))),
            None => Ok(()),
        }
    }

    fn choice<T: Copy>(
        &mut self,
        name: &str,
        given: Option<String>,
        known: &[(&str, T)],
    ) -> Result<T, Misuse> {
        let names: Vec<&str> = known.iter().map(|(known, _)| *known).collect();
        let what = format!("`{}`", names.join("` or `"));
        let word = self.text(name, given, &what)?;
        known
            .iter()
            .find(|(known, _)| *known == word)
            .map(|(_, value)| *value)
            .ok_or_else(|| {
                self.misuse(format!(
                    "`{name}` needs {what}, not `{word}`{}",
                    did_you_mean(&word, names)
                ))
            })
    }

    fn misuse(&self, message: String) -> Misuse {
        Misuse {
            message,
            topic: self.topic,
        }
    }
}

/// The option that a word most likely meant. Dashes are left out, so that they bring nothing nearer.
fn hint(word: &str, known: &[(&'static str, Opt)]) -> String {
    let names = known
        .iter()
        .filter_map(|(known, _)| known.strip_prefix("--"));
    nearest(word.trim_start_matches('-'), names)
        .map(|name| format!(" (did you mean `--{name}`?)"))
        .unwrap_or_default()
}

/// The command that has an option.
fn owner(name: &str) -> Option<&'static str> {
    COMMANDS
        .iter()
        .find(|(_, topic)| options(*topic).iter().any(|(known, _)| *known == name))
        .map(|(command, _)| *command)
}

fn utf8(word: OsString, topic: Topic) -> Result<String, Misuse> {
    word.into_string().map_err(|word| Misuse {
        message: format!("`{}` is not UTF-8", word.to_string_lossy()),
        topic,
    })
}

#[cfg(test)]
mod tests;
