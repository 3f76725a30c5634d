//! What a broadcast calls its entries and values in the store, so that several share one.

use crate::runtime::Error;
use crate::runtime::receive::event::identity_of;

/// The names of one broadcast.
#[derive(Clone)]
pub(super) struct Names(String);

/// What is said of a name that cannot be.
const UNFIT: &str = "the names of a broadcast and its accounts, and its keys, have 1 to 256 characters without control characters, and the names no `/`";

impl Names {
    /// Of a broadcast of this name.
    pub(super) fn new(broadcast: &str) -> Result<Self, Error> {
        named(broadcast)?;
        Ok(Self(format!("broadcast/{broadcast}")))
    }

    /// The queue of an account.
    pub(super) fn queue(&self, account: &str) -> String {
        format!("{}/{account}", self.0)
    }

    /// Where everything that was added stands.
    pub(super) fn added(&self) -> String {
        format!("{}/added/", self.0)
    }

    /// Where everything that was sent stands.
    pub(super) fn sent(&self) -> String {
        format!("{}/sent/", self.0)
    }

    /// When an account's turn is.
    pub(super) fn turn(&self, account: &str) -> String {
        format!("{}/turn/{account}", self.0)
    }

    /// Says that nothing more is sent.
    pub(super) fn cancelled(&self) -> String {
        format!("{}cancelled", self.state())
    }

    /// How often the broadcast was forgotten: the store remembers who was sent to before, and this tells then from now.
    pub(super) fn round(&self) -> String {
        format!("{}round", self.state())
    }

    /// What holds for the whole broadcast.
    pub(super) fn state(&self) -> String {
        format!("{}/state/", self.0)
    }

    /// All values.
    pub(super) fn all(&self) -> String {
        format!("{}/", self.0)
    }

    /// What tells one send from all others.
    pub(super) fn identity(&self, round: u64, account: &str, key: &str) -> u128 {
        let of_account = identity_of(
            0x6c62_272e_07bb_0142_62b8_2175_6295_c58d,
            &self.queue(account),
        );
        identity_of(identity_of(of_account, &format!("\n{round}\n")), key)
    }
}

/// An account's name, or a broadcast's.
pub(super) fn named(name: &str) -> Result<(), Error> {
    match name.contains('/') {
        true => Err(Error::misuse(UNFIT)),
        false => keyed(name),
    }
}

/// A key.
pub(super) fn keyed(key: &str) -> Result<(), Error> {
    match (1..=256).contains(&key.chars().count()) && !key.chars().any(char::is_control) {
        true => Ok(()),
        false => Err(Error::misuse(UNFIT)),
    }
}

/// An account and a key, as values name them behind their prefix.
pub(super) fn split(name: &str, prefix: &str) -> Option<(String, String)> {
    let (account, key) = name.strip_prefix(prefix)?.split_once('/')?;
    Some((account.to_owned(), key.to_owned()))
}
