//! Locks of this crate: no code of others runs under one, so that a panic elsewhere leaves what it guards whole.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Waits for its turn.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
