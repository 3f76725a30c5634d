//! `cargo xtask`: the only place that reads directories, writes files and prints.
//!
//! Exit codes: 0 all is well, 1 something is wrong with the sources or the disk, 2 the command line
//! was not understood.

mod args;
mod codegen;
mod diff;
mod folder;
mod inspect;
mod lint;
mod loading;
mod mock;
mod paths;
mod report;
mod revision;
mod temporary;
mod terminal;
mod usage;
mod walk;
mod write;

#[cfg(test)]
mod scratch;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use args::{Command, Misuse};
use generator::surface::escape;
use paths::Workspace;
use terminal::Terminal;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// All is well.
    Done,
    /// Something is wrong with the sources or the disk; it has been said what.
    Failed,
    /// The command line was not understood.
    Misused,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::SUCCESS,
            Outcome::Failed => Self::FAILURE,
            Outcome::Misused => Self::from(2),
        }
    }
}

fn main() -> ExitCode {
    let mut terminal = Terminal::of_process();
    let outcome = run(std::env::args_os().skip(1), &mut terminal);
    match outcome.and_then(|outcome| terminal.flush().map(|()| outcome)) {
        Ok(outcome) => outcome.into(),
        Err(error) => {
            // Where stderr is what failed, there is nowhere left to say so.
            let _ = writeln!(terminal.err, "error: the output cannot be written: {error}");
            let _ = terminal.err.flush();
            ExitCode::FAILURE
        }
    }
}

/// Runs one command line. The error is the terminal's, never the command's.
fn run(args: impl Iterator<Item = OsString>, terminal: &mut Terminal<'_>) -> io::Result<Outcome> {
    match args::parse(args) {
        Ok(Command::Help(topic)) => {
            write!(terminal.out, "{}", usage::of(topic))?;
            Ok(Outcome::Done)
        }
        Ok(Command::Codegen(options)) => codegen::run(&Workspace::here(), &options, terminal),
        Ok(Command::Inspect(options)) => inspect::run(&options, terminal),
        Ok(Command::Lint(options)) => lint::run(&options, terminal),
        Ok(Command::Diff(options)) => diff::run(&Workspace::here(), &options, terminal),
        Ok(Command::Mock(words)) => mock::run(&words, terminal),
        Err(misuse) => refuse(&misuse, terminal),
    }
}

fn refuse(misuse: &Misuse, terminal: &mut Terminal<'_>) -> io::Result<Outcome> {
    let error = terminal.err.paint.error("error:");
    let message = escape::line(&misuse.message);
    write!(
        terminal.err,
        "{error} {message}\n\n{}",
        usage::of(misuse.topic)
    )?;
    Ok(Outcome::Misused)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(words: &[&str]) -> (Outcome, String, String) {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut terminal = Terminal::into(&mut out, &mut err);
        let outcome = run(words.iter().map(OsString::from), &mut terminal).unwrap();
        terminal.flush().unwrap();
        drop(terminal);
        (
            outcome,
            String::from_utf8(out).unwrap(),
            String::from_utf8(err).unwrap(),
        )
    }

    #[test]
    fn help_is_an_answer_and_misuse_a_complaint() {
        let (done, out, err) = outcome(&["help"]);
        assert_eq!((done, err.as_str()), (Outcome::Done, ""));
        assert!(out.contains("cargo xtask codegen"));

        let (misused, out, err) = outcome(&["codgen"]);
        assert_eq!((misused, out.as_str()), (Outcome::Misused, ""));
        assert!(
            err.contains("no command `codgen` (did you mean `codegen`?)"),
            "{err}"
        );
        assert!(err.contains("Usage:"), "{err}");
    }

    #[test]
    fn a_misspelled_option_shows_the_usage_of_its_command() {
        let (misused, _, err) = outcome(&["lint", "--proivder", "eyun"]);
        assert_eq!(misused, Outcome::Misused);
        assert!(err.contains("did you mean `--provider`?"), "{err}");
        assert!(err.contains("Usage: cargo xtask lint"), "{err}");
    }
}
