//! What an error means for whoever would do the same again; and how ours is found in one that others have wrapped.

use super::error::{Error, ErrorKind};
use std::cell::Cell;
use std::error::Error as StdError;
use std::fmt::{self, Write};
use std::time::Duration;

/// What an [`Error`] means for whoever would do the same again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// It would be refused again.
    Refused,
    /// It may have been executed, and once more could be once too often.
    PerhapsExecuted,
    /// It may go well, after so long if the server said so.
    Passing { after: Option<Duration> },
}

impl From<&Error> for Meaning {
    fn from(error: &Error) -> Self {
        let refused = match error.kind() {
            ErrorKind::Misuse | ErrorKind::WrongHost | ErrorKind::NoRight | ErrorKind::Expired => {
                true
            }
            ErrorKind::Vendor => !error.is_busy(),
            _ => false,
        };
        if refused {
            Self::Refused
        } else if error.may_have_been_executed() && !error.is_of_safe() {
            Self::PerhapsExecuted
        } else if error.is_hopeless() {
            Self::Refused
        } else {
            let after = error.retry_after();
            Self::Passing { after }
        }
    }
}

thread_local! {
    /// Somebody looks for an error of ours in what another shows, and has found this.
    static LOOKED_FOR: Cell<Option<Option<Meaning>>> = const { Cell::new(None) };
}

/// What the first error of ours in an error and its sources means.
///
/// Some wrappers take an error's place: `anyhow` as a boxed error, and `thiserror` where it is `transparent`, have its
/// text and its sources, but it is not among them. They show it, though, and so it is found.
pub(crate) fn meaning_of(error: &(dyn StdError + 'static)) -> Option<Meaning> {
    let mut link = Some(error);
    while let Some(error) = link {
        let found = match error.downcast_ref::<Error>() {
            Some(ours) => Some(ours.into()),
            None => shown_by(error),
        };
        if found.is_some() {
            return found;
        }
        link = error.source();
    }
    None
}

fn shown_by(error: &dyn StdError) -> Option<Meaning> {
    /// Looks no more, whatever others' code does.
    struct Looking;
    impl Drop for Looking {
        fn drop(&mut self) {
            LOOKED_FOR.set(None);
        }
    }
    struct Nowhere;
    impl Write for Nowhere {
        fn write_str(&mut self, _: &str) -> fmt::Result {
            Ok(())
        }
    }
    let _looking = Looking;
    LOOKED_FOR.set(Some(None));
    // What is written goes nowhere, so it cannot fail.
    let _ = write!(Nowhere, "{error}");
    LOOKED_FOR.get().flatten()
}

/// An error is being shown: the first one is what somebody may be looking for.
pub(super) fn shown(error: &Error) {
    if LOOKED_FOR.get() == Some(None) {
        LOOKED_FOR.set(Some(Some(error.into())));
    }
}
