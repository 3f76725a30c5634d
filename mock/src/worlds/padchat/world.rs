//! What the gateway remembers.

use crate::callbacks::Undelivered;
use crate::people::{self, ME, Said};
use crate::worlds::memory::{Tokens, push};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

/// How many of a kind are remembered; the oldest go.
const MOST: usize = 10_000;

/// The world behind the gateway; one for all connections.
pub struct World {
    pub(super) settings: Settings,
    state: Mutex<State>,
}

pub(super) struct Settings {
    pub(super) auth_key: Option<String>,
    pub(super) scan_takes: Duration,
    pub(super) logged_in: bool,
    pub(super) echo: bool,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct State {
    logged_in: bool,
    #[serde(skip)]
    pub(super) tokens: Tokens,
    messages: VecDeque<Sent>,
    #[serde(skip)]
    counter: u64,
}

#[derive(Serialize)]
struct Sent {
    command: String,
    to: String,
    content: String,
    id: String,
}

impl Default for World {
    fn default() -> Self {
        Self {
            settings: Settings {
                auth_key: None,
                scan_takes: Duration::from_millis(300),
                logged_in: false,
                echo: false,
            },
            state: Mutex::default(),
        }
    }
}

impl World {
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        crate::lock(&self.state)
    }

    pub(super) fn is_logged_in(&self) -> bool {
        self.lock().logged_in
    }

    pub(super) fn set_logged_in(&self, logged_in: bool) {
        self.lock().logged_in = logged_in;
    }

    /// Remembers what was sent; returns its id.
    pub(super) fn sent(&self, command: &str, to: &str, content: &str) -> String {
        let mut state = self.lock();
        let id = state.message_id();
        let sent = Sent {
            command: command.to_owned(),
            to: to.to_owned(),
            content: content.to_owned(),
            id: id.clone(),
        };
        push(&mut state.messages, sent, MOST);
        id
    }

    /// A push of a text that somebody has written; in a group, his id stands before it.
    pub(super) fn told(&self, said: Said<'_>) -> Result<Value, Undelivered> {
        let is_friend = |id: &str| people::friends().iter().any(|friend| friend.id == id);
        let members = |id: &str| (id == people::group().id).then(people::members);
        said.check(is_friend, members)?;
        let id = self.lock().message_id();
        let speaker = &said.speaker.id;
        Ok(match said.group() {
            Some(group) => {
                let content = format!("{speaker}:\n{}", said.content);
                self.message(1, group, ME, &content, &id)
            }
            None => self.message(1, speaker, ME, said.content, &id),
        })
    }

    /// The list of contacts, as pushes have it: a message of kind 2 each.
    pub(super) fn contacts(&self) -> Value {
        let friends = people::friends().map(|friend| (friend.id, friend.name));
        let group = people::group();
        let all = friends.into_iter().chain([(group.id, group.name)]);
        let contacts = all.map(|(id, name)| {
            let number = self.lock().message_id();
            let mut contact = self.message(2, &id, ME, "", &number)["data"][0].take();
            contact["UserName"] = id.into();
            contact["NickName"] = name.into();
            contact
        });
        contacts.collect()
    }

    /// A push of one message.
    pub(super) fn message(
        &self,
        kind: i64,
        from: &str,
        to: &str,
        content: &str,
        id: &str,
    ) -> Value {
        json!({
            "event": "push",
            "msg": "",
            "data": [{
                "MsgType": kind,
                "Content": content,
                "MsgId": id,
                "FromUser": from,
                "ToUser": to,
                "Uin": 100_000_001,
            }],
        })
    }

    pub(super) fn forget(&self) {
        *self.lock() = State {
            logged_in: self.settings.logged_in,
            ..State::default()
        };
    }
}

impl State {
    /// A number that has not been used.
    fn next(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }

    /// An id as the documents' are: a 64-bit number, as text.
    fn message_id(&mut self) -> String {
        (1_000_000_000_000_000_000 + self.next()).to_string()
    }
}
