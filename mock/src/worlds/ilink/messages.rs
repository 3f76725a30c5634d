//! Messages: written by people, polled for, answered as long as there is a right to.

use super::world::{BOT, State, World, must, refused};
use crate::gateway::{Answer, Engine, Received};
use crate::worlds::memory::push;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

/// How many messages wait or are remembered, and how many one poll brings.
const MOST: usize = 50_000;
const PAGE: usize = 100;
/// How long a text may be.
const LONGEST: usize = 4000;
/// How long a ticket is good, and how long a message may be answered.
const TICKET: Duration = Duration::from_secs(86_400);
const WITHIN: Duration = Duration::from_secs(86_400);
/// Odd, so that no double holds it.
const FIRST_MESSAGE: u64 = 7_208_643_216_420_147_215;

/// Something that a person has written.
#[derive(Serialize)]
pub(super) struct Message {
    number: u64,
    id: u64,
    from: String,
    at_ms: u64,
    token: String,
    items: Value,
}

/// A right to answer a message.
#[derive(Serialize)]
pub(super) struct Right {
    person: String,
    message: u64,
    /// When it was given, in the world's time.
    since: Duration,
    used: u32,
}

/// A right to be shown typing.
pub(super) struct Ticket {
    person: String,
    since: Duration,
}

/// Something that the bot has sent, or tried to.
#[derive(Clone, Serialize)]
#[non_exhaustive]
pub struct Sent {
    /// To whom.
    pub to: String,
    /// What the client calls it.
    pub client_id: String,
    /// What was sent.
    pub item: Value,
    /// The id of the message that it answers, by its token; 0 if the token is none.
    pub answers: u64,
    /// The file that it carries, decrypted.
    #[serde(skip)]
    pub file: Option<Vec<u8>>,
    /// Why it was not taken, if it was not.
    pub refused: Option<String>,
}

impl Sent {
    /// Its text; empty if it is none.
    pub fn text(&self) -> &str {
        self.item["text_item"]["text"].as_str().unwrap_or_default()
    }
}

/// Shows what became of it, not what it said.
impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sent")
            .field("client_id", &self.client_id)
            .field("answers", &self.answers)
            .field("refused", &self.refused)
            .finish_non_exhaustive()
    }
}

impl World {
    /// A person writes; the message's id.
    pub(super) fn write_items(&self, from: &str, items: Value, now: Duration) -> u64 {
        let mut state = self.lock();
        let number = state.next();
        let id = FIRST_MESSAGE + 2 * number;
        // The oldest is the first in order.
        let token = format!("mock-context-{number:012}+/==");
        let right = Right {
            person: from.to_owned(),
            message: id,
            since: now,
            used: 0,
        };
        state.rights.insert(token.clone(), right);
        if state.rights.len() > MOST {
            state.rights.pop_first();
        }
        state.closed.remove(from);
        let message = Message {
            number,
            id,
            from: from.to_owned(),
            at_ms: u64::try_from(now.as_millis()).unwrap_or(u64::MAX),
            token,
            items,
        };
        push(&mut state.inbox, message, MOST);
        drop(state);
        self.written.notify_one();
        id
    }

    /// The long poll: answers as soon as something is written.
    pub(super) async fn updates(&self, call: &Received, engine: &Engine) -> Answer {
        let cursor = call.text("get_updates_buf").unwrap_or_default();
        let ready = || {
            // The session may have ended while it waited.
            if let Some(refusal) = self.stranger(call) {
                return Some(refusal);
            }
            let mut state = self.lock();
            if state.take(&cursor).is_none() {
                return Some(refused(-2, "a cursor that this login has not given"));
            }
            let (newest, messages) = state.page()?;
            let mut answer = json!({ "ret": 0, "msgs": messages, "get_updates_buf": newest });
            self.tell_time_out(&mut answer);
            Some(Answer::json(answer))
        };
        let answer = engine.hold(&self.written, self.settings.holds, ready);
        let answer = answer.await;
        answer.unwrap_or_else(|| {
            // No new cursor is an absent one, or an empty one: both are seen.
            let mut nothing = match self.lock().next() % 2 {
                0 => json!({ "ret": 0, "msgs": [] }),
                _ => json!({ "ret": 0, "msgs": [], "get_updates_buf": "" }),
            };
            self.tell_time_out(&mut nothing);
            Answer::json(nothing)
        })
    }

    fn tell_time_out(&self, answer: &mut Value) {
        if let Some(time_out) = self.settings.poll_time_out {
            answer["longpolling_timeout_ms"] = json!(time_out.as_millis());
        }
    }

    /// Takes what is sent, or says why not; either is remembered.
    pub(super) fn send(&self, call: &Received, engine: &Engine) -> Result<Answer, String> {
        let message = call.param("msg").cloned().unwrap_or_default();
        let text = |key: &str| message[key].as_str().unwrap_or_default().to_owned();
        let (to, token, mut state) = (text("to_user_id"), text("context_token"), self.lock());
        let item = message["item_list"][0].clone();
        let carried = well_formed(&message).and_then(|()| state.files.carried(&item));
        let taken = carried.and_then(|file| {
            let right = state.right(&to, &token, self, engine.now())?;
            right.used += 1;
            Ok(file)
        });
        let sent = Sent {
            answers: state.rights.get(&token).map_or(0, |right| right.message),
            client_id: text("client_id"),
            refused: taken.as_ref().err().cloned(),
            file: taken.clone().unwrap_or_default(),
            to,
            item,
        };
        push(&mut state.sent, sent, MOST);
        taken.map(|_| Answer::json(json!({})))
    }

    /// A ticket for being shown typing.
    pub(super) fn config(&self, call: &Received, engine: &Engine) -> Result<Answer, String> {
        let person = call.text("ilink_user_id").unwrap_or_default();
        let mut state = self.lock();
        must(state.knows(&person), "ilink_user_id: never wrote")?;
        let ticket = format!("mock-ticket-{:012}+/==", state.next());
        let since = engine.now();
        state
            .tickets
            .insert(ticket.clone(), Ticket { person, since });
        if state.tickets.len() > MOST {
            state.tickets.pop_first();
        }
        Ok(Answer::json(json!({ "ret": 0, "typing_ticket": ticket })))
    }

    pub(super) fn typing(&self, call: &Received, engine: &Engine) -> Result<Answer, String> {
        let text = |name: &str| call.text(name).unwrap_or_default();
        let (person, mut state) = (text("ilink_user_id"), self.lock());
        let good = state
            .tickets
            .get(&text("typing_ticket"))
            .is_some_and(|ticket| {
                ticket.person == person && engine.now().saturating_sub(ticket.since) < TICKET
            });
        must(good, "typing_ticket")?;
        let status = call.number("status").unwrap_or_default();
        must(matches!(status, 1 | 2), "status: 1 or 2")?;
        let shown = state.typing.entry(person).or_default();
        *shown = (status == 1, shown.1 + u32::from(status == 1));
        Ok(Answer::json(json!({ "ret": 0 })))
    }
}

/// Whether a client of the field would send this.
fn well_formed(message: &Value) -> Result<(), String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    must(
        text(&message["from_user_id"]).is_empty(),
        "from_user_id: is empty",
    )?;
    must(
        !text(&message["to_user_id"]).is_empty(),
        "to_user_id: is missing",
    )?;
    must(
        !text(&message["client_id"]).is_empty(),
        "client_id: is missing",
    )?;
    must(message["message_type"] == 2, "message_type: is 2")?;
    must(message["message_state"] == 2, "message_state: is 2")?;
    let items = message["item_list"].as_array().map_or(0, Vec::len);
    must(items == 1, "item_list: one item")?;
    let said = text(&message["item_list"][0]["text_item"]["text"]);
    must(said.chars().count() <= LONGEST, "text_item.text: too long")
}

impl State {
    /// Takes what this cursor has come with; none if it is none of this login's.
    fn take(&mut self, cursor: &str) -> Option<()> {
        if cursor.is_empty() {
            return Some(());
        }
        let login = self.session.as_ref()?.number;
        let cursor = String::from_utf8(BASE64_STANDARD.decode(cursor).ok()?).ok()?;
        let of_login = cursor.strip_prefix(&format!("mock-cursor-{login}-"))?;
        // Who polls with an older one has lost what another poller has taken.
        self.taken = self.taken.max(of_login.parse().ok()?);
        let taken = self.taken;
        let is_taken = |message: &Message| message.number <= taken;
        while self.inbox.front().is_some_and(is_taken) {
            self.inbox.pop_front();
        }
        Some(())
    }

    /// What a poll brings, and the cursor that comes with it.
    fn page(&self) -> Option<(String, Value)> {
        let login = self.session.as_ref()?.number;
        let newest = self.inbox.iter().take(PAGE).next_back()?.number;
        let messages = self.inbox.iter().take(PAGE).map(Message::told).collect();
        let cursor = BASE64_STANDARD.encode(format!("mock-cursor-{login}-{newest}"));
        Some((cursor, messages))
    }

    fn knows(&self, person: &str) -> bool {
        self.rights.values().any(|right| right.person == person)
    }

    /// The right to answer this person with this token, or why there is none.
    fn right(
        &mut self,
        to: &str,
        token: &str,
        world: &World,
        now: Duration,
    ) -> Result<&mut Right, String> {
        must(!self.closed.contains(to), "")?;
        let right = self.rights.get_mut(token).ok_or("prepare failed")?;
        must(right.person == to, "prepare failed")?;
        must(now.saturating_sub(right.since) < WITHIN, "prepare failed")?;
        must(right.used < world.settings.answers, "rate limited")?;
        Ok(right)
    }

    /// A new login may answer what has not been taken yet, and nothing else.
    pub(super) fn keep_rights_of_inbox(&mut self) {
        let waiting: BTreeSet<&str> = self.inbox.iter().map(|one| one.token.as_str()).collect();
        self.rights
            .retain(|token, _| waiting.contains(token.as_str()));
    }
}

impl Message {
    /// As a poll brings it.
    fn told(&self) -> Value {
        json!({
            "seq": self.number,
            "message_id": self.id,
            "from_user_id": self.from,
            "to_user_id": BOT,
            "client_id": format!("mock-client-{}", self.number),
            "create_time_ms": self.at_ms,
            "update_time_ms": self.at_ms,
            "delete_time_ms": 0,
            "session_id": format!("mock-session-{}", self.from),
            "message_type": 1,
            "message_state": 2,
            "item_list": self.items,
            "context_token": self.token,
        })
    }
}
