//! Calls for threads without a runtime: one of our own, on a thread of its own, drives them.

use super::error::Error;
use crate::runtime::lock::lock;
use std::future::{Future, pending};
use std::pin::pin;
use std::sync::Mutex;
use tokio::runtime::{Builder, Handle};

/// Waits for anything that ends in a [`Result`] with an [`Error`], such as a login.
///
/// Inside of a tokio runtime it would bring its thread to a halt: there it is refused as
/// [`Misuse`](crate::ErrorKind::Misuse), and nothing is sent.
///
/// ```
/// use generated_sdk::{ErrorKind, blocking};
///
/// let answer = blocking::wait(async { Ok(42) }).unwrap();
/// assert_eq!(answer, 42);
/// ```
pub fn wait<T>(future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    if Handle::try_current().is_ok() {
        return Err(Error::misuse(
            "waiting would block a tokio runtime: await the call, or wait on a thread of its own",
        ));
    }
    runtime()?.block_on(pin!(future))
}

/// The runtime; its thread lives as long as the process.
fn runtime() -> Result<Handle, Error> {
    static RUNTIME: Mutex<Option<Handle>> = Mutex::new(None);
    let mut started = lock(&RUNTIME);
    if let Some(handle) = &*started {
        return Ok(handle.clone());
    }
    let failed = |error: std::io::Error| {
        Error::misuse("the runtime for blocking calls cannot be started")
            .with_source(error.into(), false)
    };
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(failed)?;
    let handle = runtime.handle().clone();
    std::thread::Builder::new()
        .name("generated-sdk".to_owned())
        .spawn(move || runtime.block_on(pending::<()>()))
        .map_err(failed)?;
    *started = Some(handle.clone());
    Ok(handle)
}
