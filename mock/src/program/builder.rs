//! How a program is set up.

use super::execute::{Executed, Judge, Verdict};
use super::running::{Fault, Program};
use super::written::Messages;
use crate::http_client::is_local;
use crate::people;
use crate::provider::{Unplayable, Vendor};
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// Is told what a program does, a line each.
pub(super) type Observer = dyn Fn(&str) + Send + Sync;

/// Collects what a program needs before it starts.
#[must_use = "a builder does nothing until it starts"]
pub struct Builder {
    vendor: Result<Arc<Vendor>, Unplayable>,
    server: String,
    pub(super) account: String,
    pub(super) process: String,
    events_path: Option<String>,
    commands_path: Option<String>,
    secret: Option<String>,
    pub(super) poll_every: Option<Duration>,
    pub(super) events_every: Option<Duration>,
    pub(super) faults: Vec<Fault>,
    pub(super) judge: Option<Arc<Judge>>,
    pub(super) observer: Option<Arc<Observer>>,
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("server", &self.server)
            .finish_non_exhaustive()
    }
}

impl Builder {
    /// A program of this vendor that comes to a server on this machine, `http://127.0.0.1:8080`.
    pub fn new(vendor: Arc<Vendor>, server: impl Into<String>) -> Self {
        Self::of(Ok(vendor), server)
    }

    pub(crate) fn of(vendor: Result<Arc<Vendor>, Unplayable>, server: impl Into<String>) -> Self {
        Self {
            vendor,
            server: server.into(),
            account: people::ME.to_owned(),
            process: "7768".to_owned(),
            events_path: None,
            commands_path: None,
            secret: None,
            poll_every: Some(Duration::from_millis(100)),
            events_every: None,
            faults: Vec::new(),
            judge: None,
            observer: None,
        }
    }

    /// The account that is logged in; `wxid_example01` unless told. Empty: nobody is.
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = account.into();
        self
    }

    /// The process; 7768 unless told.
    pub fn process(mut self, process: impl Into<String>) -> Self {
        self.process = process.into();
        self
    }

    /// Where the server takes events.
    pub fn events_path(mut self, path: impl Into<String>) -> Self {
        self.events_path = Some(path.into());
        self
    }

    /// Where the server gives commands.
    pub fn commands_path(mut self, path: impl Into<String>) -> Self {
        self.commands_path = Some(path.into());
        self
    }

    /// A last segment of both paths, as a server asks for it that knows its programs by a secret.
    pub fn secret_path(mut self, secret: impl Into<String>) -> Self {
        self.secret = Some(secret.into());
        self
    }

    /// How often commands are asked for; every 100 ms unless told.
    pub fn poll_every(mut self, time: Duration) -> Self {
        self.poll_every = Some(time.max(Duration::from_millis(1)));
        self
    }

    /// Asks for no commands: what comes with the answers to events is all there is.
    pub fn no_poll(mut self) -> Self {
        self.poll_every = None;
        self
    }

    /// Posts a documented event every so often, one after the other; none unless told.
    pub fn events_every(mut self, time: Duration) -> Self {
        self.events_every = Some(time.max(Duration::from_millis(1)));
        self
    }

    /// Something that goes wrong from now on.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Decides what comes of commands, once they are known to be complete.
    pub fn judge(mut self, judge: impl Fn(&Executed) -> Verdict + Send + Sync + 'static) -> Self {
        self.judge = Some(Arc::new(judge));
        self
    }

    /// Is told what the program does, a line each.
    pub fn observe(mut self, observer: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Starts the program.
    ///
    /// # Errors
    ///
    /// If the server's address is none on this machine, or nothing documents where the vendor's program comes.
    pub fn start(mut self) -> io::Result<Program> {
        let wrong = |message| io::Error::new(io::ErrorKind::InvalidInput, message);
        let vendor = std::mem::replace(&mut self.vendor, Err(Unplayable::default()))?;
        let messages = Messages::of(vendor).ok_or_else(|| {
            wrong("no program of this vendor comes: `provider.toml` has no [program], or no keys of messages in [request]")
        })?;
        if !is_local(&self.server) {
            return Err(wrong(
                "the server's address is no http://127.0.0.1:PORT: a mock program stays on this machine",
            ));
        }
        let base = self.server.trim_end_matches('/');
        let address = |path: &str| {
            let secret = self.secret.iter().map(|secret| format!("/{secret}"));
            format!("{base}{path}{}", secret.collect::<String>())
        };
        let visits = messages.visits();
        let events = address(self.events_path.as_ref().unwrap_or(&visits.events));
        let commands = self.commands_path.as_ref().or(visits.commands.as_ref());
        let commands = commands.map(|path| address(path));
        Ok(Program::run(self, messages, events, commands))
    }
}
