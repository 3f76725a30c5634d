//! What a handler answers, and what that means for the message: `Err` of a refusal comes in, set aside goes out.

use crate::runtime::call::{BoxError, Meaning, meaning_of};
use crate::runtime::store::Verdict;
use std::error::Error;
use std::fmt;
use std::time::Duration;

/// The first wait after a failure; each further one is twice as long, up to the longest.
const FIRST_WAIT: Duration = Duration::from_millis(200);

/// The reason of what somebody wants to be handed over again.
pub(super) const REPEATED: &str = "repeated by hand";

/// What a handler did with a message, by name.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handled {
    /// It needs no more work.
    Done,
    /// It is to be handed over again after so long; this counts as an attempt. Its conversation waits for it.
    Again {
        /// How long.
        after: Duration,
    },
    /// It is set aside: kept, listed, not handed over any more. Its conversation goes on.
    SetAside {
        /// Why.
        reason: String,
    },
}

impl Handled {
    /// Again, after so long.
    pub fn again(after: Duration) -> Self {
        Self::Again { after }
    }

    /// Set aside, and why.
    pub fn set_aside(reason: impl Into<String>) -> Self {
        Self::SetAside {
            reason: reason.into(),
        }
    }
}

/// What a handler answers: nothing, [`Handled`], or a `Result` of either.
///
/// Of an `Err`, this crate's [`Error`](crate::Error) is looked for in the error and its sources, whoever wrapped it:
///
/// - What the vendor **refused**, and a misuse, is set aside at once: it would be refused again. "Busy" is no refusal.
/// - What **may have been executed** (a send that timed out) is set aside at once: once more could send twice. Not so
///   what is declared safe to repeat.
/// - **Everything else**, errors of others too, is handed over again, after 0.2 s, then twice as long each time up to
///   the longest wait, and set aside after the last attempt. So is a handler that panics.
///
/// A repetition runs the handler from its beginning: what an earlier attempt has sent, it sends again unless it looks
/// at [`Delivery::redelivered`](super::Delivery::redelivered). Send last, or set aside by name what was half done.
pub trait Outcome {
    /// What came of it, or why nothing did.
    fn into_result(self) -> Result<Handled, BoxError>;
}

impl Outcome for () {
    fn into_result(self) -> Result<Handled, BoxError> {
        Ok(Handled::Done)
    }
}

impl Outcome for Handled {
    fn into_result(self) -> Result<Handled, BoxError> {
        Ok(self)
    }
}

impl<T: Outcome, E: Into<BoxError>> Outcome for Result<T, E> {
    fn into_result(self) -> Result<Handled, BoxError> {
        self.map_err(Into::into)?.into_result()
    }
}

/// An attempt that failed, and what becomes of the message.
#[non_exhaustive]
#[derive(Debug)]
pub struct Failure {
    /// What the handler answered; a panic, or the end of a lease, as an error of its own.
    pub error: BoxError,
    /// What becomes of the message.
    pub next: Next,
}

/// What becomes of a message after a failure.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It is handed over again after so long.
    Again(Duration),
    /// It is set aside.
    SetAside,
    /// Nothing: it was handed to another meanwhile, since the lease had ended.
    Another,
}

/// The error and its sources, then what becomes of the message, as one line of a decent length.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&line(&*self.error))?;
        match self.next {
            Next::Again(after) => write!(f, "; it is handed over again after {after:?}"),
            Next::SetAside => f.write_str("; it is set aside"),
            Next::Another => f.write_str("; it has been handed over to another"),
        }
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.error)
    }
}

/// An error and its sources, what each adds.
fn line(error: &(dyn Error + 'static)) -> String {
    const ENOUGH: usize = 400;
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        source = error.source();
    }
    let plain = |char: char| if char.is_control() { ' ' } else { char };
    text.chars().take(ENOUGH).map(plain).collect()
}

/// How often, and after how long at most.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attempts {
    pub(super) most: u32,
    pub(super) longest_wait: Duration,
}

/// What an answer means, and what is to be said of it.
pub(super) fn judged(
    answer: Result<Handled, BoxError>,
    attempt: u32,
    attempts: Attempts,
) -> (Verdict, Option<Failure>) {
    let is_last = attempt >= attempts.most;
    let aside = |error: BoxError| {
        let reason = match attempt {
            1 => line(&*error),
            _ => format!("attempt {attempt}: {}", line(&*error)),
        };
        let next = Next::SetAside;
        (Verdict::SetAside { reason }, Some(Failure { error, next }))
    };
    let error = match answer {
        Ok(Handled::Done) => return (Verdict::Done, None),
        Ok(Handled::SetAside { reason }) => return (Verdict::SetAside { reason }, None),
        Ok(Handled::Again { .. }) if is_last => {
            return aside("the handler wants it again, but this was the last attempt".into());
        }
        Ok(Handled::Again { after }) => {
            let reason = String::new();
            return (Verdict::Again { after, reason }, None);
        }
        Err(error) => error,
    };
    let after = match meaning_of(&*error) {
        Some(Meaning::Refused | Meaning::PerhapsExecuted) => return aside(error),
        Some(Meaning::Passing { after }) => after.unwrap_or_default(),
        None => Duration::ZERO,
    };
    if is_last {
        return aside(error);
    }
    let doubled = FIRST_WAIT.saturating_mul(1 << (attempt - 1).min(20));
    let after = doubled.max(after).min(attempts.longest_wait);
    let reason = line(&*error);
    let next = Next::Again(after);
    (
        Verdict::Again { after, reason },
        Some(Failure { error, next }),
    )
}

#[cfg(test)]
mod tests {
    use super::{Attempts, FIRST_WAIT, Handled, Next, judged};
    use crate::runtime::call::{BoxError, Error, ErrorKind, Named};
    use crate::runtime::codec::{Scalar, ScalarKind};
    use crate::runtime::store::Verdict;
    use std::fmt;
    use std::time::Duration;

    const FOUR: Attempts = Attempts {
        most: 4,
        longest_wait: Duration::from_millis(500),
    };

    fn error(kind: ErrorKind) -> Error {
        let named = Named {
            operation: "send_text".into(),
            ..Named::default()
        };
        Error::new(kind, named)
    }

    fn refusal() -> Error {
        error(ErrorKind::Vendor).with_code(Some(Scalar::new("1002", ScalarKind::Text)))
    }

    /// The wait before another attempt, or none if it is set aside.
    fn wait(error: impl Into<BoxError>, attempt: u32) -> Option<Duration> {
        let (verdict, failure) = judged(Err(error.into()), attempt, FOUR);
        let failure = failure.expect("is said");
        match (verdict, failure.next) {
            (Verdict::Again { after, reason }, Next::Again(said)) if after == said => {
                assert!(!reason.is_empty());
                Some(after)
            }
            (Verdict::SetAside { reason }, Next::SetAside) => {
                assert!(!reason.is_empty());
                None
            }
            other => panic!("{other:?}"),
        }
    }

    /// As `thiserror` writes a transparent one: it shows the error, and has its sources.
    #[derive(Debug)]
    struct Transparent(Error);
    impl fmt::Display for Transparent {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            fmt::Display::fmt(&self.0, f)
        }
    }
    impl std::error::Error for Transparent {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            self.0.source()
        }
    }

    #[derive(Debug)]
    struct Around<E>(E);
    impl<E> fmt::Display for Around<E> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("while greeting")
        }
    }
    impl<E: std::error::Error + 'static> std::error::Error for Around<E> {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.0)
        }
    }

    #[test]
    fn what_would_be_refused_again_is_set_aside_at_once_whoever_wrapped_it() {
        assert_eq!(wait(refusal(), 1), None);
        assert_eq!(wait(error(ErrorKind::Misuse), 1), None);
        assert_eq!(wait(Around(refusal()), 1), None);
        assert_eq!(wait(Transparent(refusal()), 1), None);
        assert_eq!(wait(Around(Transparent(refusal())), 1), None);
        assert_eq!(wait(Around(Around(refusal())), 1), None);
    }

    #[test]
    fn what_may_have_been_executed_is_set_aside_unless_it_is_safe() {
        for kind in [ErrorKind::NoAnswer, ErrorKind::Undecodable] {
            assert_eq!(wait(error(kind), 1), None);
            assert!(wait(error(kind).of_safe(true), 1).is_some());
        }
        let broken = || error(ErrorKind::Status).with_answer(502, String::new());
        assert_eq!(wait(broken(), 1), None);
        assert!(wait(broken().of_safe(true), 1).is_some());
        assert_eq!(
            wait(error(ErrorKind::NotSent).after_execution(true), 1),
            None
        );
    }

    #[test]
    fn everything_else_is_repeated_after_growing_waits_and_then_set_aside() {
        let waits: Vec<Option<Duration>> = (1..=4).map(|attempt| wait("odd", attempt)).collect();
        let longest = Some(FOUR.longest_wait);
        assert_eq!(
            waits,
            [Some(FIRST_WAIT), Some(FIRST_WAIT * 2), longest, None]
        );
        for passing in [
            error(ErrorKind::NotSent),
            error(ErrorKind::Status).with_answer(429, String::new()),
            refusal().with_busy(true),
        ] {
            assert_eq!(wait(passing, 1), Some(FIRST_WAIT));
        }
        let asked = refusal().with_busy(true).with_retry_after(longest);
        assert_eq!(wait(asked, 1), longest);
        assert_eq!(wait(Around(error(ErrorKind::NotSent)), 4), None);
    }

    #[test]
    fn what_a_handler_names_is_what_happens_within_the_attempts() {
        let second = Duration::from_secs(1);
        let named = |handled, attempt| judged(Ok(handled), attempt, FOUR);
        assert!(matches!(named(Handled::Done, 9), (Verdict::Done, None)));
        let again = named(Handled::again(second), 1);
        assert!(matches!(again, (Verdict::Again { after, .. }, None) if after == second));
        let last = named(Handled::again(second), 4);
        assert!(matches!(last, (Verdict::SetAside { .. }, Some(_))));
        let aside = named(Handled::set_aside("odd"), 1);
        assert!(matches!(aside, (Verdict::SetAside { reason }, None) if reason == "odd"));
    }

    #[test]
    fn a_failure_is_one_line_of_what_each_source_adds() {
        let (_, failure) = judged(Err(Around(refusal()).into()), 1, FOUR);
        let line = failure.expect("is said").to_string();
        assert_eq!(
            line,
            "while greeting: send_text: code 1002; it is set aside"
        );
        let (verdict, _) = judged(Err("a\nb\u{1b}[0m".into()), 2, FOUR);
        assert!(matches!(verdict, Verdict::Again { reason, .. } if reason == "a b [0m"));
    }
}
