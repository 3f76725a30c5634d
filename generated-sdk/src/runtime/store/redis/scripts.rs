//! What happens inside of Redis: a script a step. `lib.lua` says which keys there are.

use redis::Script;

/// The scripts, with the hashes by which Redis knows them.
pub(super) struct Scripts {
    pub(super) commit: Script,
    pub(super) take: Script,
    pub(super) renew: Script,
    pub(super) aside: Script,
    pub(super) counts: Script,
    pub(super) values: Script,
}

macro_rules! script {
    ($file:literal) => {
        Script::new(concat!(include_str!("lib.lua"), include_str!($file)))
    };
}

impl Scripts {
    pub(super) fn new() -> Self {
        Self {
            commit: script!("commit.lua"),
            take: script!("take.lua"),
            renew: script!("renew.lua"),
            aside: script!("aside.lua"),
            counts: script!("counts.lua"),
            values: script!("values.lua"),
        }
    }
}
