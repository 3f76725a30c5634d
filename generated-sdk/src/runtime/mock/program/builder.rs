//! How a program is set up.

use super::connection::Connection;
use super::execute::{Executed, Judge, Verdict};
use super::running::{Fault, Program};
use super::table::Table;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// Is told what a program does, a line each.
pub(super) type Observer = dyn Fn(&str) + Send + Sync;

/// Collects what a program needs before it starts.
#[must_use = "a builder does nothing until it starts"]
pub struct Builder {
    pub(super) table: &'static Table,
    pub(super) server: String,
    pub(super) account: String,
    pub(super) process: String,
    pub(super) events_path: String,
    pub(super) commands_path: String,
    pub(super) poll_every: Option<Duration>,
    pub(super) events_every: Option<Duration>,
    pub(super) faults: Vec<Fault>,
    pub(super) judge: Option<Arc<Judge>>,
    pub(super) observer: Option<Arc<Observer>>,
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("program", &self.table.name)
            .finish_non_exhaustive()
    }
}

impl Builder {
    /// A program that comes to a server on this machine, `http://127.0.0.1:8080`.
    pub fn new(table: &'static Table, server: impl Into<String>) -> Self {
        Self {
            table,
            server: server.into(),
            account: "wxid_example".to_owned(),
            process: "7768".to_owned(),
            events_path: table.addresses.events.to_owned(),
            commands_path: table.addresses.commands.to_owned(),
            poll_every: Some(Duration::from_millis(100)),
            events_every: None,
            faults: Vec::new(),
            judge: None,
            observer: None,
        }
    }

    /// The account that is logged in; `wxid_example` unless told. Empty: nobody is.
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
        self.events_path = path.into();
        self
    }

    /// Where the server gives commands.
    pub fn commands_path(mut self, path: impl Into<String>) -> Self {
        self.commands_path = path.into();
        self
    }

    /// A last segment of both paths, as a server asks for it that knows its programs by a secret.
    pub fn secret_path(mut self, secret: impl AsRef<str>) -> Self {
        for path in [&mut self.events_path, &mut self.commands_path] {
            path.push('/');
            path.push_str(secret.as_ref());
        }
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
    /// If the server's address is none on this machine.
    pub fn start(self) -> io::Result<Program> {
        match Connection::new(&self.server) {
            Some(server) => Ok(Program::run(self, server)),
            None => Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the server's address is no http://127.0.0.1:PORT: a mock program stays on this machine",
            )),
        }
    }
}
