//! What has happened, in numbers that many tasks add to; with the feature `metrics` the recorder is told as well.

use std::sync::atomic::{AtomicU64, Ordering};

/// Declares `Tally`, the numbers of a struct of these names as they are counted; metrics know them as a family:
/// `tally!(Counters in EVENTS: received handled)`.
macro_rules! tally {
    ($counters:ident in $family:ident: $($name:ident)*) => {
        /// The numbers as they are counted.
        #[derive(Debug)]
        pub(in crate::runtime) struct Tally {
            $(pub(in crate::runtime) $name: $crate::runtime::count::Count,)*
        }

        impl Tally {
            /// The numbers of a provider.
            pub(in crate::runtime) fn of(provider: &'static str) -> Self {
                let _only_metrics_tell_it = provider;
                Self {
                    $($name: $crate::runtime::count::count!($family, provider, stringify!($name)),)*
                }
            }

            pub(in crate::runtime) fn read(&self) -> $counters {
                $counters { $($name: self.$name.read(),)* }
            }
        }
    };
}

/// One number of a family that metrics know: `count!(COMMANDS, provider, "out")`.
macro_rules! count {
    ($family:ident, $provider:expr, $what:expr) => {
        $crate::runtime::count::Count {
            value: ::std::sync::atomic::AtomicU64::new(0),
            #[cfg(feature = "metrics")]
            told: $crate::runtime::metrics::Counted {
                family: $crate::runtime::metrics::$family,
                provider: $provider,
                what: $what,
            },
        }
    };
}

pub(crate) use {count, tally};

/// One number.
#[derive(Debug)]
pub(crate) struct Count {
    pub(crate) value: AtomicU64,
    #[cfg(feature = "metrics")]
    pub(crate) told: super::metrics::Counted,
}

impl Count {
    pub(crate) fn one(&self) {
        self.value.fetch_add(1, Ordering::Relaxed);
        #[cfg(feature = "metrics")]
        self.told.one();
    }

    pub(crate) fn read(&self) -> u64 {
        self.value.load(Ordering::Relaxed)
    }
}
