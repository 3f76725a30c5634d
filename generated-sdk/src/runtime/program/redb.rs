//! The queue that outlives the process: one file, embedded.

use super::ledger::{Gone, Ledger};
use super::memory::clock;
use super::store::{Command, CommandStore, News, Settled, Visit};
use crate::runtime::call::{BoxError, BoxFuture};
use crate::runtime::lock::lock;
use redb::{Database, ReadableTable, TableDefinition};
use std::fmt;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::oneshot;

/// Id, lane, body; when it expires, in milliseconds since 1970; whether a result settles it.
type Row = (&'static str, &'static str, &'static str, u64, bool);

/// Commands that are not settled, by number.
const COMMANDS: TableDefinition<'_, u64, Row> = TableDefinition::new("commands");

/// Most changes of one step.
const BATCH: usize = 1024;

/// Commands in one file, of one process: what was taken in is on the disk before anybody hears of it.
///
/// Whatever is unsettled when the process ends is handed out again by the next one, under the same id: at least once.
pub struct RedbCommands {
    ledger: Arc<Mutex<Ledger>>,
    changes: Sender<Change>,
}

/// Something for the file.
enum Change {
    Put(u64, Command, oneshot::Sender<Result<(), BoxError>>),
    Drop(Gone, oneshot::Sender<Result<(), BoxError>>),
}

impl fmt::Debug for RedbCommands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedbCommands")
            .field("unsettled", &lock(&self.ledger).len())
            .finish_non_exhaustive()
    }
}

impl RedbCommands {
    /// Opens the file, or makes it. It belongs to one process at a time.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened, or another process has it.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, BoxError> {
        let database = Database::create(path)?;
        let transaction = database.begin_write()?;
        let mut ledger = Ledger::default();
        for row in transaction.open_table(COMMANDS)?.iter()? {
            let (number, row) = row?;
            let (id, lane, body, expires, has_result) = row.value();
            let expires = UNIX_EPOCH + Duration::from_millis(expires);
            let (id, lane, body) = (id.to_owned(), lane.to_owned(), body.to_owned());
            // Whoever waited for it is gone.
            let mut command = Command::new(id, lane, body, String::new(), expires);
            command.has_result = has_result;
            ledger.restore(number.value(), command);
        }
        transaction.commit()?;
        let ledger = Arc::new(Mutex::new(ledger));
        let (written, (changes, to_write)) = (Arc::clone(&ledger), channel());
        thread::Builder::new()
            .name("commands".to_owned())
            .spawn(move || write(&database, &written, &to_write))?;
        Ok(Self { ledger, changes })
    }

    async fn push_now(&self, command: Command, most: usize) -> Result<bool, BoxError> {
        let (kept, is_kept) = oneshot::channel();
        let mut gone = Gone::new();
        let now = SystemTime::now();
        let number = lock(&self.ledger).reserve(&command.lane, most, now, &mut gone);
        let pushed = match number {
            Some(number) => {
                self.change(Change::Put(number, command, kept))?;
                is_kept.await?.map(|()| true)
            }
            None => Ok(false),
        };
        self.drop_rows(gone).await?;
        pushed
    }

    fn change(&self, change: Change) -> Result<(), BoxError> {
        let sent = self.changes.send(change);
        sent.map_err(|_| "the thread that writes commands has ended".into())
    }

    async fn drop_rows(&self, gone: Gone) -> Result<(), BoxError> {
        if gone.is_empty() {
            return Ok(());
        }
        let (dropped, is_dropped) = oneshot::channel();
        self.change(Change::Drop(gone, dropped))?;
        is_dropped.await?
    }
}

impl CommandStore for RedbCommands {
    fn push(&self, command: Command, most: usize) -> BoxFuture<'_, Result<bool, BoxError>> {
        Box::pin(self.push_now(command, most))
    }

    fn take(&self, visit: Visit) -> BoxFuture<'_, Result<Vec<Command>, BoxError>> {
        let mut gone = Gone::new();
        let taken = lock(&self.ledger).take(&visit, clock(), &mut gone);
        Box::pin(async move {
            // What could not be dropped from the file comes again after a restart, which is allowed.
            let _ = self.drop_rows(gone).await;
            Ok(taken)
        })
    }

    fn give_back(&self, ids: Vec<String>) -> BoxFuture<'_, Result<(), BoxError>> {
        lock(&self.ledger).give_back(&ids);
        Box::pin(async { Ok(()) })
    }

    fn finish(&self, _: String, id: String, _: News) -> BoxFuture<'_, Result<Settled, BoxError>> {
        let mut gone = Gone::new();
        let settled = lock(&self.ledger).finish(&id, &mut gone);
        Box::pin(async move { self.drop_rows(gone).await.map(|()| settled) })
    }

    fn withdraw(&self, id: String) -> BoxFuture<'_, Result<bool, BoxError>> {
        let withdrawn = lock(&self.ledger).withdraw(&id);
        Box::pin(async move {
            let gone: Gone = withdrawn.into_iter().collect();
            let any = !gone.is_empty();
            self.drop_rows(gone).await.map(|()| any)
        })
    }

    fn renew(&self, _: String, lease: Duration) -> BoxFuture<'_, Result<(), BoxError>> {
        let gone = lock(&self.ledger).lapse(lease, clock());
        Box::pin(self.drop_rows(gone))
    }
}

/// Writes until nobody can change anything any more: one durable step for whatever came in the meantime.
///
/// What is handed out is on the disk: commands come into the ledger here, after the step, and not before.
fn write(database: &Database, ledger: &Mutex<Ledger>, changes: &Receiver<Change>) {
    while let Ok(first) = changes.recv() {
        let mut batch = vec![first];
        batch.extend(changes.try_iter().take(BATCH - 1));
        let written = step(database, &batch).map_err(|error| error.to_string());
        for change in batch {
            let done = match change {
                Change::Put(number, command, done) => {
                    let mut ledger = lock(ledger);
                    match &written {
                        Ok(()) => ledger.admit(number, command),
                        Err(_) => ledger.release(&command.lane),
                    }
                    done
                }
                Change::Drop(_, done) => done,
            };
            // Nobody may be waiting any more.
            let _ = done.send(written.clone().map_err(BoxError::from));
        }
    }
}

fn step(database: &Database, batch: &[Change]) -> Result<(), BoxError> {
    let transaction = database.begin_write()?;
    {
        let mut commands = transaction.open_table(COMMANDS)?;
        for change in batch {
            match change {
                Change::Put(number, command, _) => {
                    let expires = command.expires.duration_since(UNIX_EPOCH)?.as_millis();
                    let expires = u64::try_from(expires)?;
                    let (id, lane, body) = (&*command.id, &*command.lane, &*command.body);
                    commands.insert(number, (id, lane, body, expires, command.has_result))?;
                }
                Change::Drop(numbers, _) => {
                    for number in numbers {
                        commands.remove(number)?;
                    }
                }
            }
        }
    }
    transaction.commit()?;
    Ok(())
}
