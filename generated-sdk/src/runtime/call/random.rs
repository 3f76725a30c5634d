//! A little chance, for jitter and ids: not for keys.
//!
//! By hand: `fastrand` comes with connections only, and these few lines need no crate.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

/// A number that nobody can foresee; the seed is the one that the standard library draws for its maps.
pub(crate) fn number() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// A duration between the two, both included.
pub(crate) fn between(least: Duration, most: Duration) -> Duration {
    let span = most.saturating_sub(least).as_micros();
    let span = u64::try_from(span).unwrap_or(u64::MAX).saturating_add(1);
    least + Duration::from_micros(number() % span)
}

/// 128 bits.
pub(crate) fn token() -> u128 {
    u128::from(number()) << 64 | u128::from(number())
}

/// 32 hexadecimal digits.
pub(crate) fn id() -> String {
    written(token())
}

/// A token as 32 hexadecimal digits.
pub(crate) fn written(token: u128) -> String {
    format!("{token:032x}")
}

#[cfg(test)]
mod tests {
    use super::{between, id};
    use std::time::Duration;

    #[test]
    fn stays_between_its_bounds_and_does_not_repeat_itself() {
        let (least, most) = (Duration::from_millis(300), Duration::from_millis(800));
        let drawn: Vec<Duration> = (0..200).map(|_| between(least, most)).collect();
        assert!(drawn.iter().all(|wait| (least..=most).contains(wait)));
        assert!(drawn.iter().any(|wait| *wait != drawn[0]));
        assert_eq!(between(most, least), most);
        assert_ne!(id(), id());
        assert_eq!(id().len(), 32);
    }
}
