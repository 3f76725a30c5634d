//! What has happened, in numbers that many tasks add to.

use std::sync::atomic::{AtomicU64, Ordering};

/// Declares `Tally`, the numbers of a struct of these names as they are counted.
macro_rules! tally {
    ($counters:ident: $($name:ident)*) => {
        /// The numbers as they are counted.
        #[derive(Debug, Default)]
        pub(in crate::runtime) struct Tally {
            $(pub(in crate::runtime) $name: $crate::runtime::count::Count,)*
        }

        impl Tally {
            pub(in crate::runtime) fn read(&self) -> $counters {
                $counters { $($name: self.$name.read(),)* }
            }
        }
    };
}

pub(crate) use tally;

/// One number.
#[derive(Debug, Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    pub(crate) fn one(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
