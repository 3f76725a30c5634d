//! What the gateway remembers.

use crate::callbacks::Encoding;
use crate::people;
use crate::worlds::memory::{Tokens, now};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

/// How many of a kind are remembered; the oldest go.
const MOST: usize = 1000;

/// The world behind the gateway; one for all accounts.
pub struct World {
    pub(super) settings: Settings,
    state: Mutex<State>,
}

pub(super) struct Settings {
    pub(super) account: Option<(String, String)>,
    pub(super) friends: usize,
    pub(super) encoding: Encoding,
    /// By address, where it is another.
    pub(super) encodings: BTreeMap<String, Encoding>,
    pub(super) posts_after: Duration,
}

impl Default for World {
    fn default() -> Self {
        Self {
            settings: Settings {
                account: None,
                friends: 250,
                encoding: Encoding::Multipart,
                encodings: BTreeMap::new(),
                posts_after: Duration::ZERO,
            },
            state: Mutex::new(State::new(250)),
        }
    }
}

impl World {
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        crate::lock(&self.state)
    }
}

#[derive(Serialize)]
pub(super) struct State {
    #[serde(skip)]
    pub(super) tokens: Tokens,
    pub(super) friends: Vec<String>,
    pub(super) labels: BTreeMap<u64, String>,
    pub(super) rooms: Vec<Room>,
    /// Who has logged out.
    pub(super) offline: BTreeSet<String>,
    pub(super) tasks: u64,
    #[serde(skip)]
    friends_at_first: usize,
    #[serde(skip)]
    counter: u64,
}

#[derive(Serialize)]
pub(super) struct Room {
    pub(super) number: String,
    pub(super) name: String,
    pub(super) members: Vec<String>,
}

impl Room {
    /// As a list of rooms shows it.
    pub(super) fn shown(&self) -> Value {
        json!({
            "number": self.number,
            "name": self.name,
            "thumb": "https://example.com/room.jpg",
            "disturb": "2",
            "author": "wxid_example01",
        })
    }
}

impl State {
    fn new(friends: usize) -> Self {
        let mut state = Self {
            tokens: Tokens::default(),
            friends: Vec::new(),
            labels: BTreeMap::new(),
            rooms: Vec::new(),
            offline: BTreeSet::new(),
            tasks: 1000,
            friends_at_first: friends,
            counter: 0,
        };
        state.reset_friends(friends);
        // The first of all numbers: the documents' group.
        state.new_room(&people::group().name, &people::members());
        state
    }

    pub(super) fn reset(&mut self) {
        *self = Self::new(self.friends_at_first);
    }

    pub(super) fn reset_friends(&mut self, friends: usize) {
        self.friends_at_first = friends;
        // The first is the account itself.
        let friends = 2..friends + 2;
        self.friends = friends.map(|n| format!("wxid_example{n:02}")).collect();
    }

    pub(super) fn next(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }

    /// An id of a message, as the documents' are.
    pub(super) fn message_id(&mut self) -> String {
        format!("{}{:06}", now(), self.next())
    }

    pub(super) fn new_label(&mut self, name: &str) {
        let known = self.labels.values().any(|label| label == name);
        if !known && self.labels.len() < MOST {
            let id = self.next();
            self.labels.insert(id, name.to_owned());
        }
    }

    pub(super) fn new_room(&mut self, name: &str, members: &[String]) {
        let number = format!("{}@chatroom", 12_345_678_900 + self.next());
        if self.rooms.len() >= MOST {
            self.rooms.remove(0);
        }
        self.rooms.push(Room {
            number,
            name: name.to_owned(),
            members: members.to_vec(),
        });
    }
}

/// An account as the gateway shows it.
pub(super) fn account(account: &str) -> Value {
    json!({
        "account": account,
        "account_alias": format!("{account}_alias"),
        "name": people::name(account),
        "sex": 1,
        "area": "福建福州",
        "decription": "示例签名",
        "thumb": "https://example.com/head.jpg",
        "description": "",
        "is_online": 1,
    })
}
