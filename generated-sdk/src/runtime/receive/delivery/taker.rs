//! Leases messages from the store, as many as there are free handlers, one of each conversation.

use super::engine::{Core, End};
use super::handling;
use super::options::Handler;
use crate::runtime::receive::event::Inbound;
use crate::runtime::store::{Lanes, Take, Taken};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// Most handlers at once.
pub(super) const MOST: usize = 65_536;

/// Most messages of one step.
const BATCH: usize = 256;

/// How long to leave a store alone that has failed, and how often to look into one that others write into.
const PAUSE: Duration = Duration::from_millis(500);

/// How long to sleep where nothing is expected.
const IDLE: Duration = Duration::from_secs(600);

/// Works until the end.
pub(super) async fn run<C: Inbound>(
    core: Arc<Core<C>>,
    handler: Arc<Handler<C>>,
    running: Arc<Semaphore>,
) {
    // Nobody closes the semaphore.
    while let Ok(mut permits) = Arc::clone(&running).acquire_owned().await {
        let more = running.available_permits().min(BATCH - 1);
        let more = u32::try_from(more).unwrap_or_default();
        if let Ok(more) = Arc::clone(&running).try_acquire_many_owned(more) {
            permits.merge(more);
        }
        if *core.end.borrow() == End::Stop {
            return;
        }
        let most = permits.num_permits();
        let taken = take(&core, most).await;
        let full = taken.entries.len() >= most;
        for stored in taken.entries {
            if let Some(permit) = permits.split(1) {
                let (core, handler) = (Arc::clone(&core), Arc::clone(&handler));
                tokio::spawn(async move {
                    handling::run(&core, &handler, stored).await;
                    drop(permit);
                });
            }
        }
        drop(permits);
        if !full {
            let longest = if core.store.is_shared() { PAUSE } else { IDLE };
            let wait = taken.next.unwrap_or(longest).min(longest);
            // What is due but not to be had is no reason to spin.
            let wait = wait.max(Duration::from_millis(1));
            let _ = timeout(wait, core.changes.work.notified()).await;
        }
    }
}

async fn take<C>(core: &Core<C>, most: usize) -> Taken {
    let take = Take::new(
        &*core.queue,
        Lanes::OneOfEach,
        most,
        &*core.server,
        core.options.lease,
    );
    match core.store.take(take).await {
        Ok(taken) => taken,
        Err(error) => {
            core.tally.store_failed.one();
            super::report::store_failed(&error);
            Taken::new(Vec::new(), Some(PAUSE))
        }
    }
}
