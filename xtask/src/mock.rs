//! Owns `mock`: starts the gateway, which is a program of its own so that nobody else waits for a web server to compile.

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::Command;

use crate::Outcome;
use crate::paths::Workspace;
use crate::terminal::Terminal;

/// Runs the gateway until it ends. What is behind the command is the gateway's to understand.
pub(crate) fn run(words: &[OsString], terminal: &mut Terminal<'_>) -> io::Result<Outcome> {
    terminal.flush()?;
    let mut gateway = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    gateway
        .args([
            "run",
            "--quiet",
            "--profile",
            "xtask",
            "--package",
            "mock-gateway",
            "--manifest-path",
        ])
        // The working folder stays the user's: `--catalog DIR` is seen from there.
        .arg(Workspace::here().folder().join("Cargo.toml"))
        .arg("--")
        .args(words);
    match gateway.status() {
        // Ctrl-C reaches the gateway as well: it ends by itself, and that is no failure.
        Ok(status) => Ok(match status.code() {
            Some(0) => Outcome::Done,
            Some(2) => Outcome::Misused,
            _ => Outcome::Failed,
        }),
        Err(error) => {
            let sign = terminal.err.paint.error("error:");
            writeln!(terminal.err, "{sign} cargo cannot be started: {error}")?;
            Ok(Outcome::Failed)
        }
    }
}
