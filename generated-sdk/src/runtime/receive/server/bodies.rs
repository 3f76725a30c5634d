//! Bodies of requests within one bound: a body comes in frame by frame, its bytes and the room that they take go out.
//!
//! A body counts for what has really come of it, so who announces much and sends nothing takes no room. What is short
//! has room of its own: however many long ones are under way, a usual callback is not answered 503 for them. A long body
//! asks for all of its room at once, before it takes more than a short one; otherwise many that have a part each would
//! wait for each other. While somebody waits for room, whoever has some and is slow gives way.

use axum::body::{Body, Bytes, HttpBody};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout, timeout_at};

/// Up to here a body is short.
pub(super) const SHORT: usize = 64 << 10;

/// How often a long body is in memory in the end: as it came, as it is kept, and as what it was read into. Short ones are
/// so for no time to speak of.
const TIMES: usize = 3;

/// Bytes that earn a body a millisecond more: 16 KiB a second, or 256 while others wait for the room that it has.
const PACE: usize = 16;
const PACE_IN_A_CROWD: usize = 256;

/// How often a body that has room is looked at for whether others wait for it.
const LOOK: Duration = Duration::from_millis(200);

/// More than a semaphore needs to count.
const MOST: usize = 1 << 28;

/// Why a body is not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// Too much.
    TooLarge,
    /// It did not come in time.
    Slow,
    /// It is not written as HTTP wants it.
    Malformed,
    /// There was no room in time.
    Full,
}

/// The room for all bodies that are being received.
#[derive(Debug)]
pub(super) struct Bodies {
    short: Room,
    long: Room,
    limit: usize,
    patience: Duration,
}

/// Room in KiB, and how many wait for some.
#[derive(Debug)]
struct Room {
    free: Arc<Semaphore>,
    size: usize,
    waiting: AtomicUsize,
}

/// The room that a body has.
#[derive(Debug, Default)]
pub(super) struct Held {
    is_long: bool,
    permit: Option<OwnedSemaphorePermit>,
}

impl Bodies {
    /// Room for so many bytes, of which one body may have so many and take so long to begin.
    pub(super) fn new(bytes: usize, limit: usize, patience: Duration) -> Self {
        let long = (bytes - bytes / 4).max(limit.saturating_mul(TIMES));
        Self {
            short: Room::new(bytes / 4),
            long: Room::new(long),
            limit,
            patience,
        }
    }

    /// Reads a body up to the limit, and not a frame further.
    pub(super) async fn read(&self, body: Body) -> Result<(Vec<u8>, Held), Unread> {
        let size = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
        let hint = body.size_hint();
        if size(hint.lower()) > self.limit {
            return Err(Unread::TooLarge);
        }
        let most = hint
            .upper()
            .map_or(self.limit, |upper| size(upper).min(self.limit));
        let mut body = pin!(body);
        let (mut bytes, mut held) = (Vec::new(), Held::default());
        let mut due = Instant::now() + self.patience;
        while let Some(data) = self.frame(body.as_mut(), due, bytes.len(), &held).await? {
            let length = bytes.len() + data.len();
            if length > self.limit {
                return Err(Unread::TooLarge);
            }
            let begun = Instant::now();
            self.hold(&mut held, length, most).await?;
            if held.is_long && hint.exact().is_some() {
                // What has not come yet costs addresses, no memory.
                bytes.reserve_exact(most - bytes.len());
            }
            due += begun.elapsed();
            bytes.extend_from_slice(&data);
        }
        Ok((bytes, held))
    }

    /// The next piece; `None` after the last. Pieces that keep coming earn the body time.
    async fn frame(
        &self,
        mut body: Pin<&mut Body>,
        due: Instant,
        came: usize,
        held: &Held,
    ) -> Result<Option<Bytes>, Unread> {
        let earned =
            |pace: usize| Duration::from_millis(u64::try_from(came / pace).unwrap_or(u64::MAX));
        let room = if held.is_long {
            &self.long
        } else {
            &self.short
        };
        loop {
            // Who waits for room does not wait for long: it has soon been seen who sends nothing.
            let last = match held.permit.is_some() && room.is_wanted() {
                true => due + earned(PACE_IN_A_CROWD) - self.patience * 7 / 8,
                false => due + earned(PACE),
            };
            let until = last.min(Instant::now() + LOOK);
            match timeout_at(until, poll_fn(|cx| body.as_mut().poll_frame(cx))).await {
                Ok(None) => return Ok(None),
                Ok(Some(frame)) => {
                    if let Ok(data) = frame.map_err(|_| Unread::Malformed)?.into_data() {
                        return Ok(Some(data));
                    }
                }
                Err(_) if Instant::now() >= last => return Err(Unread::Slow),
                Err(_) => {}
            }
        }
    }

    /// Takes room for what has come; a body that becomes long gives back what it had as a short one.
    async fn hold(&self, held: &mut Held, length: usize, most: usize) -> Result<(), Unread> {
        if held.is_long {
            return Ok(());
        }
        if length > SHORT {
            *held = Held {
                is_long: true,
                permit: None,
            };
            held.permit = Some(
                self.long
                    .take(most.max(length).saturating_mul(TIMES), 0, self.patience)
                    .await?,
            );
            return Ok(());
        }
        let has = held
            .permit
            .as_ref()
            .map_or(0, OwnedSemaphorePermit::num_permits);
        let more = self.short.take(length, has, self.patience).await?;
        match &mut held.permit {
            Some(permit) => permit.merge(more),
            None => held.permit = Some(more),
        }
        Ok(())
    }
}

impl Room {
    fn new(bytes: usize) -> Self {
        let size = (bytes >> 10).clamp(1, MOST);
        Self {
            free: Arc::new(Semaphore::new(size)),
            size,
            waiting: AtomicUsize::new(0),
        }
    }

    fn is_wanted(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > 0
    }

    /// Room for so many bytes, beside what there is of it.
    async fn take(
        &self,
        bytes: usize,
        has: usize,
        patience: Duration,
    ) -> Result<OwnedSemaphorePermit, Unread> {
        let asked = (bytes.div_ceil(1 << 10)).clamp(1, self.size);
        let asked = u32::try_from(asked.saturating_sub(has)).unwrap_or(u32::MAX);
        let free = Arc::clone(&self.free);
        if let Ok(permit) = Arc::clone(&free).try_acquire_many_owned(asked) {
            return Ok(permit);
        }
        let _waiting = Waiting::of(&self.waiting);
        let permit = timeout(patience, free.acquire_many_owned(asked)).await;
        permit.ok().and_then(Result::ok).ok_or(Unread::Full)
    }
}

/// Somebody who waits, for as long as this lives.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn of(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
