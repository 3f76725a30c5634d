//! When an account may send next: the distance to what it sent before, and how many it may send within a time.
//!
//! In goes the time by the calendar, in milliseconds, so that a restart and another server go on with it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How far apart, and how many.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    pub(super) least: Duration,
    pub(super) most: Duration,
    pub(super) limit: Option<(u32, Duration)>,
}

/// When an account may send next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Turn {
    /// Not before.
    next: u64,
    /// When the time began within which sends are counted.
    since: u64,
    /// How many there were.
    sent: u32,
}

impl Turn {
    /// How long it takes until then. A clock that was put back holds up nobody for longer than the pace wants.
    pub(super) fn wait(self, now: u64, pace: &Pace) -> Duration {
        let left = Duration::from_millis(self.next.saturating_sub(now)).min(pace.most);
        let Some((_, within)) = pace.limit.filter(|(most, _)| self.sent >= *most) else {
            return left;
        };
        let passed = Duration::from_millis(now.saturating_sub(self.since));
        left.max(within.saturating_sub(passed))
    }

    /// After a send, with the distance that was drawn.
    pub(super) fn after(self, now: u64, distance: Duration, pace: &Pace) -> Self {
        let next = now.saturating_add(millis(distance));
        let within = pace.limit.map_or(0, |(_, within)| millis(within));
        match self.sent > 0 && now.saturating_sub(self.since) < within {
            true => Self {
                next,
                since: self.since,
                sent: self.sent.saturating_add(1),
            },
            false => Self {
                next,
                since: now,
                sent: 1,
            },
        }
    }

    pub(super) fn written(self) -> String {
        format!("{} {} {}", self.next, self.since, self.sent)
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        Some(Self {
            next: parts.next()?.parse().ok()?,
            since: parts.next()?.parse().ok()?,
            sent: parts.next()?.parse().ok()?,
        })
    }
}

/// The calendar's time.
pub(super) fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, millis)
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Pace, Turn};
    use std::time::Duration;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn keeps_the_distance_and_the_limit_over_a_restart() {
        let pace = Pace {
            least: ms(100),
            most: ms(300),
            limit: Some((2, ms(1000))),
        };
        let first = Turn::default();
        assert_eq!(first.wait(5000, &pace), ms(0));
        let second = first.after(5000, ms(200), &pace);
        assert_eq!(second.wait(5000, &pace), ms(200));
        assert_eq!(second.wait(5300, &pace), ms(0));
        let third = second.after(5300, ms(100), &pace);
        let third = Turn::read(&third.written()).unwrap();
        assert_eq!(third.wait(5500, &pace), ms(500), "two within a second");
        assert_eq!(third.wait(6000, &pace), ms(0));
        let fourth = third.after(6000, ms(100), &pace);
        assert_eq!(fourth.wait(6100, &pace), ms(0), "counted anew");
        assert_eq!(Turn::read("1 2"), None);
    }

    #[test]
    fn a_clock_that_goes_back_stops_nobody() {
        let pace = Pace {
            least: ms(1),
            most: ms(2),
            limit: Some((1, ms(10))),
        };
        let turn = Turn::default().after(1_000_000, ms(2), &pace);
        assert!(turn.wait(0, &pace) <= ms(10));
    }
}
