//! The seam to a queue of commands: what was taken into it is there until it is settled, withdrawn or too old.

use crate::runtime::call::{BoxError, BoxFuture};
use crate::runtime::codec::json::Json;
use std::fmt;
use std::time::{Duration, SystemTime};

/// A command that waits for its program.
#[non_exhaustive]
#[derive(Clone)]
pub struct Command {
    /// Its id: fresh, and never used again by any server.
    pub id: String,
    /// Whose it is: each lane is a queue of its own.
    pub lane: String,
    /// The command as it is handed out.
    pub body: String,
    /// The server that waits for what becomes of it; empty: none does.
    pub server: String,
    /// When it is too old to be handed out.
    pub expires: SystemTime,
    /// A result settles it. Without results, the next visit of the program that got it does.
    pub has_result: bool,
}

impl Command {
    /// A command that is new.
    pub fn new(
        id: String,
        lane: String,
        body: String,
        server: String,
        expires: SystemTime,
    ) -> Self {
        Self {
            id,
            lane,
            body,
            server,
            expires,
            has_result: true,
        }
    }

    /// One that no result will settle.
    #[must_use]
    pub fn without_result(mut self) -> Self {
        self.has_result = false;
        self
    }
}

/// Shows neither the body nor the account: they are private.
impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Command")
            .field("id", &self.id)
            .field("has_result", &self.has_result)
            .finish_non_exhaustive()
    }
}

/// A program that asks for commands.
#[non_exhaustive]
#[derive(Clone)]
pub struct Visit {
    /// The server that it asks.
    pub server: String,
    /// The program, one process with one account, that gets what is taken; and other names under which it may have got
    /// something before.
    pub programs: Vec<String>,
    /// The lanes that it may take from.
    pub lanes: Vec<String>,
    /// How many commands it may take.
    pub most: usize,
    /// How long what it takes is its own if neither it nor the server is heard of again.
    pub lease: Duration,
}

impl Visit {
    /// A visit of a program.
    pub fn new(
        server: String,
        programs: Vec<String>,
        lanes: Vec<String>,
        most: usize,
        lease: Duration,
    ) -> Self {
        Self {
            server,
            programs,
            lanes,
            most,
            lease,
        }
    }
}

/// Shows no account.
impl fmt::Debug for Visit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Visit")
            .field("most", &self.most)
            .field("lease", &self.lease)
            .finish_non_exhaustive()
    }
}

/// What a result meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// A command that this server waits for, or nobody any more.
    Open,
    /// A command that another server waits for: it is told.
    PassedOn,
    /// A command whose result came before.
    Again,
    /// No command that is known.
    Unknown,
}

/// What one server tells another.
#[non_exhaustive]
#[derive(Clone)]
pub enum News {
    /// A command was handed to its program.
    HandedOut {
        /// The command.
        id: String,
    },
    /// A command's result has come.
    Result {
        /// The command.
        id: String,
        /// Why the program did not execute it, if it did not.
        reason: Option<String>,
        /// The result as it came.
        payload: Json,
    },
    /// An event that commands may wait for has come.
    Event {
        /// The account that it is about; empty: it does not say.
        account: String,
        /// The process that it comes from; empty: nothing says.
        process: String,
        /// Its code.
        code: String,
        /// Its payload as it came.
        payload: Json,
    },
}

/// Shows no payload.
impl fmt::Debug for News {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            News::HandedOut { .. } => "HandedOut",
            News::Result { .. } => "Result",
            News::Event { .. } => "Event",
        })
    }
}

/// Keeps commands until their programs have them, and their results.
///
/// Object-safe, so that a database of your own can stand behind it. A command is in one of two states: it waits in its
/// lane, or it is leased to a program. A lease ends with the result ([`finish`](Self::finish)); where there are no
/// results, with the next visit of the same program. It runs out when nobody renews it, and the command waits again.
/// One that is too old is forgotten in either state.
pub trait CommandStore: Send + Sync + 'static {
    /// Takes a command in; false if its lane has `most` unsettled ones already. When this returns, the command is as
    /// safe as the store is.
    fn push(&self, command: Command, most: usize) -> BoxFuture<'_, Result<bool, BoxError>>;

    /// The next commands for a program, the oldest first, leased to it.
    fn take(&self, visit: Visit) -> BoxFuture<'_, Result<Vec<Command>, BoxError>>;

    /// These could not be handed out after all: they wait again, in their old places.
    fn give_back(&self, ids: Vec<String>) -> BoxFuture<'_, Result<(), BoxError>>;

    /// A result has come to this server. Other servers that wait for it are told `news`.
    fn finish(
        &self,
        server: String,
        id: String,
        news: News,
    ) -> BoxFuture<'_, Result<Settled, BoxError>>;

    /// Nobody waits for a command any more: forgets it if it has not been handed out; false if it has been, or is not
    /// known.
    fn withdraw(&self, id: String) -> BoxFuture<'_, Result<bool, BoxError>>;

    /// Renews what this server has handed to programs that have visited within the lease; called three times a lease.
    fn renew(&self, server: String, lease: Duration) -> BoxFuture<'_, Result<(), BoxError>>;

    /// Whether several servers share it, which is when the next two matter.
    fn is_shared(&self) -> bool {
        false
    }

    /// Tells another server, or all others.
    fn tell(
        &self,
        from: String,
        to: Option<String>,
        news: News,
    ) -> BoxFuture<'_, Result<(), BoxError>> {
        let _ = (from, to, news);
        Box::pin(async { Ok(()) })
    }

    /// What other servers have told this one since it asked last.
    fn news(&self, server: String) -> BoxFuture<'_, Result<Vec<News>, BoxError>> {
        let _ = server;
        Box::pin(async { Ok(Vec::new()) })
    }
}
