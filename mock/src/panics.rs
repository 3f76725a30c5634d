//! Panics of a test's own closures, which run where nobody looks: kept, and passed on to whoever owns the gateway.

use crate::lock;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Mutex;

/// The first panic that has not been passed on.
#[derive(Default)]
pub(crate) struct Panics(Mutex<Option<Box<dyn Any + Send>>>);

impl Panics {
    /// Runs a test's closure; nothing if it panics.
    pub(crate) fn catch<T>(&self, run: impl FnOnce() -> T) -> Option<T> {
        match catch_unwind(AssertUnwindSafe(run)) {
            Ok(value) => Some(value),
            Err(panic) => {
                lock(&self.0).get_or_insert(panic);
                None
            }
        }
    }

    /// Goes on with a panic that was kept, so that the test fails which the closure belongs to.
    pub(crate) fn pass_on(&self) {
        // Two at once would end the process.
        if std::thread::panicking() {
            return;
        }
        let kept = lock(&self.0).take();
        if let Some(panic) = kept {
            resume_unwind(panic);
        }
    }
}
