//! What the gateway remembers: a login that leads somewhere, ids that can be revoked, lists that page, a small world in
//! which what is created shows up.

mod lists;
mod login;
mod messages;
mod moments;
mod people;
mod rooms;
mod world;

use crate::callbacks::{Delivery, Undelivered};
use crate::gateway::{Answer, Answering, BuiltIn, Engine, Received, with};
use crate::people::{Chat, Person, Said};
use crate::value;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

pub use world::World;

/// E云's gateway.
pub type Gateway = crate::gateway::Gateway<World>;

/// Collects what the gateway needs before it starts.
pub type Builder = crate::gateway::Builder<World>;

impl BuiltIn for World {
    const PROVIDER: &'static str = "eyun";
}

impl crate::gateway::World for World {
    fn is_authorized(&self, authorization: &str) -> bool {
        self.lock().tokens.knows(authorization)
    }

    fn answer<'a>(&'a self, call: &'a Received, engine: &'a Arc<Engine>) -> Answering<'a> {
        Box::pin(async move {
            if let Some(refusal) = self.lock().refusal(call) {
                return refusal;
            }
            if call.path() == "/getIPadLoginInfo" {
                return login::await_scan(self, call).await;
            }
            let answer = login::answer(self, call, engine)
                .or_else(|| messages::answer(self, call, engine))
                .or_else(|| people::answer(self, call))
                .or_else(|| rooms::answer(self, call))
                .or_else(|| moments::answer(self, call))
                .or_else(|| lists::answer(self, call));
            answer.unwrap_or_else(Answer::documented)
        })
    }

    fn write(&self, said: Said<'_>, engine: &Engine) -> Result<(), Undelivered> {
        let mut state = self.lock();
        if state.online().next().is_none() {
            return Err(Undelivered::Senseless("nobody is logged in"));
        }
        engine.enqueue(messages::incoming(&mut state, said)?)
    }

    fn told(&self, event: &Value) {
        people::asked(&mut self.lock(), event);
    }

    fn state(&self) -> Value {
        value(&*self.lock())
    }

    fn reset(&self) {
        self.lock().reset();
    }
}

/// What the gateway of this vendor can be told before it starts.
impl Builder {
    /// How long the person takes to scan the code, 300 ms unless told.
    pub fn login_takes(mut self, time: Duration) -> Self {
        self.world_mut().settings.login_takes = time;
        self
    }

    /// How long a video takes to be sent or fetched, 800 ms unless told.
    pub fn jobs_take(mut self, time: Duration) -> Self {
        self.world_mut().settings.jobs_take = time;
        self
    }

    /// `/getIPadLoginInfo` answers 200 and an address once, before it answers with the account.
    pub fn verify_first(mut self) -> Self {
        self.world_mut().settings.verify_first = true;
        self
    }

    /// The only account and password that `/member/login` takes; any will do unless told.
    pub fn account(mut self, account: impl Into<String>, password: impl Into<String>) -> Self {
        self.world_mut().settings.account = Some((account.into(), password.into()));
        self
    }
}

/// What a test may ask of the gateway of this vendor.
impl Gateway {
    /// An authorization as `/member/login` gives it.
    pub fn authorization(&self) -> String {
        self.world().lock().tokens.give()
    }

    /// The `wId` of an instance on which somebody is logged in already.
    pub fn logged_in(&self) -> String {
        self.world().lock().new_instance_online()
    }

    /// Delivers a text that a friend, or somebody in a group, has written.
    ///
    /// # Errors
    ///
    /// If nobody could have said it, no callback address is registered, or too many callbacks are waiting.
    pub async fn deliver_text(
        &self,
        speaker: &Person,
        chat: Chat<'_>,
        content: &str,
    ) -> Result<Delivery, Undelivered> {
        let said = Said::new(speaker, chat, content);
        let event = messages::incoming(&mut self.world().lock(), said)?;
        self.deliver(event).await
    }

    /// Delivers somebody's request to become a friend; whoever accepts it with its `v1` has made one.
    ///
    /// # Errors
    ///
    /// If no callback address is registered, or too many callbacks are waiting.
    pub async fn deliver_friend_request(
        &self,
        from: &Person,
        greeting: &str,
    ) -> Result<Delivery, Undelivered> {
        let event = people::request(&mut self.world().lock(), from, greeting);
        self.deliver(event).await
    }

    /// Whether the message with this `newMsgId` has been revoked; none if it was never sent.
    pub fn is_revoked(&self, new_msg_id: i64) -> Option<bool> {
        self.world().lock().is_revoked(new_msg_id)
    }
}

/// The documented data of the call's operation.
fn documented(call: &Received) -> Value {
    call.documented("data")
}

/// The first element of a documented list.
fn first(list: &Value) -> Value {
    list.get(0).cloned().unwrap_or_default()
}
