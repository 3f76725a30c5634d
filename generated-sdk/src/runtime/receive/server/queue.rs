//! Messages that wait for a handler: in memory up to a bound, in the store beyond it.

use super::observer::Sender;
use super::store::{Store, Stored};
use crate::runtime::call::BoxError;
use crate::runtime::lock::lock;
use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex};
use tokio::sync::{Mutex as AsyncMutex, Notify, OwnedSemaphorePermit, Semaphore};

/// How many messages are read back from a store at once.
const BATCH: usize = 64;

/// How many may be in memory while more are read back: those of one conversation that is stuck must not hide the others.
const HELD: usize = 2048;

/// More than a semaphore needs to count.
const MOST: usize = 1 << 28;

/// A message that waits.
pub(super) struct Item<C> {
    pub(super) callback: C,
    /// Its number in the store.
    pub(super) id: Option<u64>,
    pub(super) probe: bool,
    pub(super) redelivered: bool,
    /// Messages of one conversation are handed over one after the other.
    pub(super) sender: Option<Arc<Sender>>,
    /// Its room in memory, given back when it is taken.
    pub(super) room: Option<Room>,
}

impl<C> Item<C> {
    /// A message that has just come.
    pub(super) fn new(callback: C, probe: bool, sender: Option<Arc<Sender>>) -> Self {
        Self {
            callback,
            id: None,
            probe,
            redelivered: false,
            sender,
            room: None,
        }
    }

    pub(super) fn conversation(&self) -> Option<u64> {
        self.sender.as_ref().map(|sender| sender.conversation)
    }
}

/// Room for one message in memory.
pub(super) struct Room {
    _one: OwnedSemaphorePermit,
    _bytes: OwnedSemaphorePermit,
}

/// Messages that wait, in their order.
pub(super) struct Queue<C> {
    state: Mutex<State<C>>,
    /// Something has come, or the end.
    changed: Notify,
    room: Arc<Semaphore>,
    /// In KiB: a semaphore counts no further than `u32`.
    bytes: Arc<Semaphore>,
    loading: AsyncMutex<()>,
}

struct State<C> {
    items: VecDeque<Item<C>>,
    /// Conversations of which a message is being handled.
    busy: HashSet<u64>,
    /// The store holds messages behind those in memory.
    spilled: bool,
    /// The greatest number that has been in memory.
    cursor: u64,
    /// The greatest number that the store has given to this receiver.
    last: u64,
    /// The first one; whatever has a smaller number is from before.
    first: Option<u64>,
    end: End,
}

/// Whether there is an end, and what becomes of what waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Not yet.
    Open,
    /// What waits is handed over first.
    Drain,
    /// What waits stays where it is.
    Stop,
}

impl<C> State<C> {
    /// The place of the first message that may be handed over now.
    fn free(&self) -> Option<usize> {
        let free = |item: &Item<C>| {
            item.conversation()
                .is_none_or(|conversation| !self.busy.contains(&conversation))
        };
        self.items.iter().position(free)
    }
}

impl<C> Queue<C> {
    /// With a store, what it has left from the last time comes first.
    pub(super) fn new(capacity: usize, bytes: usize, stored: bool) -> Self {
        Self {
            state: Mutex::new(State {
                items: VecDeque::new(),
                busy: HashSet::new(),
                spilled: stored,
                cursor: 0,
                last: 0,
                first: None,
                end: End::Open,
            }),
            changed: Notify::new(),
            room: Arc::new(Semaphore::new(capacity.min(MOST))),
            bytes: Arc::new(Semaphore::new(permits(bytes))),
            loading: AsyncMutex::new(()),
        }
    }

    /// Waits for room for a message of this size.
    pub(super) async fn room(&self, bytes: usize) -> Option<Room> {
        let size = asked(bytes);
        let one = Arc::clone(&self.room).acquire_owned().await.ok()?;
        let bytes = Arc::clone(&self.bytes)
            .acquire_many_owned(size)
            .await
            .ok()?;
        Some(Room {
            _one: one,
            _bytes: bytes,
        })
    }

    fn room_now(&self, bytes: usize) -> Option<Room> {
        let size = asked(bytes);
        let one = Arc::clone(&self.room).try_acquire_owned().ok()?;
        let bytes = Arc::clone(&self.bytes).try_acquire_many_owned(size).ok()?;
        Some(Room {
            _one: one,
            _bytes: bytes,
        })
    }

    /// Adds a message for which there is room.
    pub(super) fn push(&self, item: Item<C>) {
        lock(&self.state).items.push_back(item);
        self.changed.notify_one();
    }

    /// Adds a message that is in the store; without room in memory it waits there.
    pub(super) fn push_stored(&self, id: u64, mut item: Item<C>, bytes: usize) {
        let mut state = lock(&self.state);
        state.last = state.last.max(id);
        state.first.get_or_insert(id);
        // A number at or below the cursor has been read back already.
        if !state.spilled && id > state.cursor {
            match self.room_now(bytes) {
                Some(room) => {
                    state.cursor = id;
                    item.id = Some(id);
                    item.room = Some(room);
                    state.items.push_back(item);
                }
                None => state.spilled = true,
            }
        }
        drop(state);
        self.changed.notify_one();
    }

    /// The next message of a conversation of which none is being handled; `None` at the end. `read` makes a message of what the store has kept.
    pub(super) async fn next(
        &self,
        store: Option<&dyn Store>,
        read: &(dyn Fn(Stored) -> Option<Item<C>> + Send + Sync),
    ) -> Result<Option<Item<C>>, BoxError>
    where
        C: Send,
    {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            changed.as_mut().enable();
            let load = {
                let mut state = lock(&self.state);
                if state.end == End::Stop {
                    return Ok(None);
                }
                let free = state.free();
                if let Some(mut item) = free.and_then(|at| state.items.remove(at)) {
                    item.room = None;
                    state.busy.extend(item.conversation());
                    let more = state.free().is_some() || state.spilled;
                    drop(state);
                    if more {
                        self.changed.notify_one();
                    }
                    return Ok(Some(item));
                }
                let empty = state.items.is_empty();
                if state.end == End::Drain && empty && !state.spilled {
                    return Ok(None);
                }
                state.spilled && state.items.len() < HELD
            };
            match store.filter(|_| load) {
                Some(store) => self.load(store, read).await?,
                None => changed.await,
            }
        }
    }

    /// A message has been handled: the next one of its conversation may follow.
    pub(super) fn done(&self, conversation: Option<u64>) {
        let mut state = lock(&self.state);
        if let Some(conversation) = conversation {
            state.busy.remove(&conversation);
        }
        let (more, ending) = (state.free().is_some(), state.end != End::Open);
        drop(state);
        if ending {
            self.changed.notify_waiters();
        }
        if more {
            self.changed.notify_one();
        }
    }

    /// Reads messages back from the store.
    async fn load(
        &self,
        store: &dyn Store,
        read: &(dyn Fn(Stored) -> Option<Item<C>> + Send + Sync),
    ) -> Result<(), BoxError> {
        let _alone = self.loading.lock().await;
        let (after, last) = {
            let state = lock(&self.state);
            if state.free().is_some() || !state.spilled {
                return Ok(());
            }
            (state.cursor, state.last)
        };
        let batch = store.unfinished(after, BATCH).await?;
        let complete = batch.len() < BATCH;
        let mut state = lock(&self.state);
        for stored in batch {
            state.cursor = state.cursor.max(stored.id);
            let before = state.first.is_none_or(|first| stored.id < first);
            if let Some(mut item) = read(stored) {
                item.redelivered |= before;
                state.items.push_back(item);
            }
        }
        // Nothing came while the store was read: everything is in memory, and what comes goes there again.
        if complete && state.last == last {
            state.spilled = false;
        }
        drop(state);
        self.changed.notify_one();
        Ok(())
    }

    /// Lets the takers come to an end.
    pub(super) fn end(&self, end: End) {
        lock(&self.state).end = end;
        self.changed.notify_waiters();
        self.changed.notify_one();
    }

    /// How many wait in memory.
    pub(super) fn len(&self) -> usize {
        lock(&self.state).items.len()
    }
}

/// Permits for so many bytes: one per KiB begun.
pub(super) fn permits(bytes: usize) -> usize {
    (bytes / 1024 + 1).min(MOST)
}

/// The same, for who asks for them.
pub(super) fn asked(bytes: usize) -> u32 {
    u32::try_from(permits(bytes)).unwrap_or(u32::MAX)
}
