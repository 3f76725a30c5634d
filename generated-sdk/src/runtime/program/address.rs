//! Which program is meant, and which one is asking.

use crate::runtime::Addresses;
use std::fmt;

/// Whom commands are for: an account, a process, or a process as long as it has that account. Empty: whichever.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Address {
    pub(super) account: String,
    pub(super) process: String,
}

/// Shows no account.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address").finish_non_exhaustive()
    }
}

impl Address {
    /// What does not name anybody, in whichever spelling, is empty.
    pub(super) fn new(account: Option<String>, process: Option<String>) -> Self {
        let named = |name: &String| {
            let nobody = matches!(name.as_str(), "null" | "(null)" | "None" | "0");
            !nobody && name.len() <= 256 && !name.chars().any(char::is_control)
        };
        Self {
            account: account.filter(named).unwrap_or_default(),
            process: process.filter(named).unwrap_or_default(),
        }
    }

    /// Whether no program can be meant.
    pub(super) fn is_nobody(&self) -> bool {
        self.account.is_empty() && self.process.is_empty()
    }

    /// Whether both may be the same one: an account decides where both name one, else a process does.
    pub(super) fn may_be(&self, other: &Self) -> bool {
        let may = |one: &str, other: &str| one.is_empty() || other.is_empty() || one == other;
        let of_one = !self.account.is_empty() && self.account == other.account;
        of_one || may(&self.account, &other.account) && may(&self.process, &other.process)
    }

    /// Whether one thing that both say is the same.
    pub(super) fn names(&self, other: &Self) -> bool {
        let same = |one: &str, other: &str| !one.is_empty() && one == other;
        same(&self.account, &other.account) || same(&self.process, &other.process)
    }

    /// The queue of what is for this address. No name has a line break.
    pub(super) fn lane(&self) -> String {
        format!("{}\n{}", self.account, self.process)
    }

    /// The queues that a program here may take from.
    pub(super) fn lanes(&self) -> Vec<String> {
        let lane = |account: &str, process: &str| format!("{account}\n{process}");
        let (account, process) = (self.account.as_str(), self.process.as_str());
        match (account.is_empty(), process.is_empty()) {
            (true, true) => Vec::new(),
            (false, true) => vec![lane(account, "")],
            (true, false) => vec![lane("", process)],
            (false, false) => vec![lane(account, ""), lane("", process), lane(account, process)],
        }
    }

    /// The program here, and how it is called where only its account is known.
    pub(super) fn programs(&self) -> Vec<String> {
        let mut programs = vec![self.lane()];
        if !self.account.is_empty() && !self.process.is_empty() {
            programs.push(format!("{}\n", self.account));
        }
        programs
    }

    /// Takes from another what this one does not say.
    pub(super) fn or(self, other: Self) -> Self {
        let first = |this: String, other| if this.is_empty() { other } else { this };
        Self {
            account: first(self.account, other.account),
            process: first(self.process, other.process),
        }
    }

    /// Who a query says it is.
    pub(super) fn of_query(query: &str, addresses: &Addresses) -> Self {
        Self::new(
            parameter(query, addresses.account),
            parameter(query, addresses.process),
        )
    }
}

/// A parameter of a query.
fn parameter(query: &str, key: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let found = pairs.find(|(name, _)| name == key);
    found.map(|(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::{Address, parameter};
    use crate::runtime::Addresses;

    static ADDRESSES: Addresses = Addresses {
        events: "/events",
        commands: Some("/commands"),
        account: "who",
        process: "pid",
        event_account: &["who"],
        event_process: &[],
    };

    #[test]
    fn a_query_says_who_asks() {
        let asked = |query| Address::of_query(query, &ADDRESSES);
        let address = asked("x=1&who=wxid_%e4%bd%a0+b&pid=42");
        assert_eq!((&*address.account, &*address.process), ("wxid_你 b", "42"));
        assert_eq!(address.lanes().len(), 3);
        assert!(address.lanes().contains(&address.lane()));
        for nobody in [
            "",
            "who=",
            "who=null&pid=0",
            "who=a%0Ab",
            "who",
            "%",
            "who=%00",
        ] {
            assert!(asked(nobody).lanes().is_empty(), "{nobody}");
        }
        let long = format!("who={}", "a".repeat(300));
        assert!(asked(&long).lanes().is_empty());
    }

    #[test]
    fn what_is_encoded_badly_stays() {
        assert_eq!(parameter("a=%4", "a").as_deref(), Some("%4"));
        assert_eq!(parameter("a=%zz%41%", "a").as_deref(), Some("%zzA%"));
        assert_eq!(parameter("a=b=c", "a").as_deref(), Some("b=c"));
    }
}
