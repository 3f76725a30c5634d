//! Whether a failed attempt is repeated, and when.

use super::error::{Error, ErrorKind};
use super::random::between;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How calls are repeated that failed.
///
/// What may be repeated is not decided here. An operation that its provider's configuration declares safe is repeated
/// after a refused connection, a lost answer, the HTTP statuses 429 and from 500 on, and a vendor's code that says
/// "busy, again later"; every other operation only if the request certainly did not reach the server. What else the
/// vendor refuses is never repeated.
///
/// Each wait is twice the one before, up to a longest, less a random part of up to a half; a server that says
/// `Retry-After` is obeyed.
///
/// ```
/// use generated_sdk::Retry;
/// use std::time::Duration;
///
/// let patient = Retry::default().attempts(6).within(Duration::from_secs(120));
/// # let _ = patient;
/// let never = Retry::never();
/// # let _ = never;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retry {
    attempts: u32,
    within: Duration,
    first_wait: Duration,
    longest_wait: Duration,
}

/// Three attempts within 30 s, the first wait of 200 ms, none longer than 5 s.
impl Default for Retry {
    fn default() -> Self {
        Self {
            attempts: 3,
            within: Duration::from_secs(30),
            first_wait: Duration::from_millis(200),
            longest_wait: Duration::from_secs(5),
        }
    }
}

impl Retry {
    /// One attempt, whatever comes of it.
    pub fn never() -> Self {
        Self {
            attempts: 1,
            ..Self::default()
        }
    }

    /// How many attempts there are in all, the first among them.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// A call is not repeated later than this after its first attempt. What an attempt waits because the documents want
    /// calls apart does not count before the first.
    #[must_use]
    pub fn within(mut self, within: Duration) -> Self {
        self.within = within;
        self
    }

    /// The wait before the second attempt, before chance shortens it.
    #[must_use]
    pub fn first_wait(mut self, wait: Duration) -> Self {
        self.first_wait = wait;
        self
    }

    /// The longest wait that the doubling leads to.
    #[must_use]
    pub fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// How long to wait before the attempt after this one; `None` if there is none.
    pub(crate) fn wait(
        &self,
        error: &Error,
        safe: bool,
        attempt: u32,
        spent: Duration,
    ) -> Option<Duration> {
        if !may_be_repeated(error, safe) {
            return None;
        }
        let wait = self.pause(attempt)?;
        let wait = wait.max(error.retry_after().unwrap_or_default());
        (spent.saturating_add(wait) <= self.within).then_some(wait)
    }

    /// The same for what goes on for itself, such as a connection that is made again.
    #[cfg(feature = "websocket")]
    pub(crate) fn again(&self, attempt: u32, spent: Duration) -> Option<Duration> {
        let wait = self.pause(attempt)?;
        (spent.saturating_add(wait) <= self.within).then_some(wait)
    }

    /// The longest wait.
    #[cfg(feature = "websocket")]
    pub(crate) fn longest(&self) -> Duration {
        self.longest_wait
    }

    /// How long to wait after this attempt; `None` if it was the last.
    pub(crate) fn pause(&self, attempt: u32) -> Option<Duration> {
        if attempt >= self.attempts {
            return None;
        }
        let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1).min(20));
        let wait = self
            .first_wait
            .saturating_mul(doubled)
            .min(self.longest_wait);
        Some(between(wait / 2, wait))
    }
}

/// Whether another attempt can do no harm and might do better.
pub(crate) fn may_be_repeated(error: &Error, safe: bool) -> bool {
    match error.kind() {
        ErrorKind::NotSent => !error.is_hopeless(),
        ErrorKind::NoAnswer => safe && !error.is_hopeless(),
        ErrorKind::Status => safe && matches!(error.status(), Some(429 | 500..)),
        ErrorKind::Vendor => safe && error.is_busy(),
        ErrorKind::Misuse
        | ErrorKind::Undecodable
        | ErrorKind::WrongHost
        | ErrorKind::NoRight
        | ErrorKind::Expired => false,
    }
}

/// What a `Retry-After` header says: seconds, or a date.
pub(crate) fn retry_after(headers: &[(String, String)], now: SystemTime) -> Option<Duration> {
    let (_, value) = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("retry-after"))?;
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let now = now.duration_since(UNIX_EPOCH).ok()?;
    Some(Duration::from_secs(date(value)?).saturating_sub(now))
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` as seconds since 1970. By hand: `httpdate` comes with HTTP servers only, and is as
/// long as this file.
fn date(text: &str) -> Option<u64> {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let (_, rest) = text.split_once(", ")?;
    // From here on every part has its place.
    let rest = rest.strip_suffix(" GMT").filter(|rest| rest.len() == 20)?;
    let number = |from: usize, to: usize| rest.get(from..to)?.parse::<u64>().ok();
    let (day, year) = (number(0, 2)?, number(7, 11)?);
    let month = MONTHS.find(rest.get(3..6)?).filter(|at| at % 3 == 0)? as u64 / 3 + 1;
    let (hours, minutes, seconds) = (number(12, 14)?, number(15, 17)?, number(18, 20)?);
    let fits = (1970..10_000).contains(&year) && (1..=31).contains(&day);
    if !fits || hours > 24 || minutes > 60 || seconds > 60 {
        return None;
    }
    // Days of a calendar whose year begins in March, so that the leap day is its last.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1;
    Some((days.checked_sub(719_468)?) * 86_400 + hours * 3600 + minutes * 60 + seconds)
}

#[cfg(test)]
mod tests {
    use super::super::operation::Named;
    use super::{Retry, date, retry_after};
    use crate::runtime::call::error::{Error, ErrorKind};
    use std::time::{Duration, UNIX_EPOCH};

    fn status(status: u16) -> Error {
        Error::new(ErrorKind::Status, Named::default()).with_answer(status, String::new())
    }

    #[test]
    fn only_what_is_safe_is_repeated_after_it_may_have_been_executed() {
        let retry = Retry::default();
        let repeats = |error: &Error, safe| retry.wait(error, safe, 1, Duration::ZERO).is_some();
        let kind = |kind| Error::new(kind, Named::default());
        assert!(repeats(&kind(ErrorKind::NotSent), false));
        assert!(repeats(&kind(ErrorKind::NoAnswer), true));
        for refused in [ErrorKind::Vendor, ErrorKind::Undecodable, ErrorKind::Misuse] {
            assert!(!repeats(&kind(refused), true));
        }
        for (code, expected) in [
            (429, true),
            (500, true),
            (503, true),
            (404, false),
            (302, false),
        ] {
            assert_eq!(repeats(&status(code), true), expected, "{code}");
            assert!(!repeats(&status(code), false), "{code}");
        }
        assert!(!repeats(&kind(ErrorKind::NoAnswer), false));
        let busy = || kind(ErrorKind::Vendor).with_busy(true);
        assert!(repeats(&busy(), true) && !repeats(&busy(), false));
    }

    #[test]
    fn waits_double_up_to_the_longest_and_end_with_the_caps() {
        let retry = Retry::default().attempts(9).within(Duration::from_secs(10));
        let error = Error::new(ErrorKind::NotSent, Named::default());
        for (attempt, most) in [(1, 200), (2, 400), (3, 800), (5, 3200), (8, 5000)] {
            let wait = retry.wait(&error, false, attempt, Duration::ZERO).unwrap();
            let most = Duration::from_millis(most);
            assert!((most / 2..=most).contains(&wait), "{attempt}: {wait:?}");
        }
        assert_eq!(retry.wait(&error, false, 9, Duration::ZERO), None);
        assert_eq!(retry.wait(&error, false, 1, Duration::from_secs(10)), None);
        assert_eq!(Retry::never().wait(&error, true, 1, Duration::ZERO), None);
        let told = status(503).with_retry_after(Some(Duration::from_secs(7)));
        assert_eq!(
            retry.wait(&told, true, 1, Duration::ZERO),
            Some(Duration::from_secs(7))
        );
        assert_eq!(retry.wait(&told, true, 1, Duration::from_secs(4)), None);
    }

    #[test]
    fn reads_both_forms_of_retry_after() {
        let header = |value: &str| [("Retry-After".to_owned(), value.to_owned())];
        let now = UNIX_EPOCH + Duration::from_secs(784_111_770);
        assert_eq!(
            retry_after(&header("120"), now),
            Some(Duration::from_secs(120))
        );
        assert_eq!(
            retry_after(&header("Sun, 06 Nov 1994 08:49:37 GMT"), now),
            Some(Duration::from_secs(7))
        );
        assert_eq!(retry_after(&header("soon"), now), None);
        assert_eq!(retry_after(&[], now), None);
        assert_eq!(date("Thu, 29 Feb 2024 00:00:00 GMT"), Some(1_709_164_800));
        assert_eq!(date("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(date("Thu, 01 Foo 1970 00:00:00 GMT"), None);
    }
}
