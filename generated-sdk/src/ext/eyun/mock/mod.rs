//! The mock gateway's script: a login that leads somewhere, ids that can be revoked, lists that page, a small world in
//! which what is created shows up.

mod lists;
mod login;
mod messages;
mod moments;
mod people;
mod rooms;
mod world;

use crate::eyun::WId;
use crate::eyun::mock::{Builder, Gateway, Vendor};
use crate::runtime::mock::{Answer, Delivery, Engine, Received, Script, Scripted, Undelivered};
use crate::runtime::{BoxFuture, Json, Secret};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

pub use world::World;

impl Scripted for Vendor {
    type Script = World;
}

impl Script for World {
    fn started(self: Arc<Self>, engine: &Arc<Engine>) {
        if let Some(every) = self.settings.incoming_every {
            engine.spawn(messages::chat(self, Arc::downgrade(engine), every));
        }
    }

    fn is_authorized(&self, authorization: &str) -> bool {
        self.lock().is_token(authorization)
    }

    fn answer<'a>(&'a self, call: &'a Received, engine: &'a Arc<Engine>) -> BoxFuture<'a, Answer> {
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

    fn state(&self) -> Json {
        Json::from(self.lock().shown())
    }

    fn reset(&self) {
        self.lock().reset();
    }
}

/// What the gateway of this vendor can be told before it starts.
impl Builder {
    /// How long the person takes to scan the code, 300 ms unless told.
    pub fn login_takes(mut self, time: Duration) -> Self {
        self.script_mut().settings.login_takes = time;
        self
    }

    /// How long a video takes to be sent or fetched, 800 ms unless told.
    pub fn jobs_take(mut self, time: Duration) -> Self {
        self.script_mut().settings.jobs_take = time;
        self
    }

    /// `/getIPadLoginInfo` answers 200 and an address once, before it answers with the account.
    pub fn verify_first(mut self) -> Self {
        self.script_mut().settings.verify_first = true;
        self
    }

    /// Delivers a text from a friend every so often, as long as a callback address is registered and somebody is
    /// logged in.
    pub fn incoming_every(mut self, time: Duration) -> Self {
        self.script_mut().settings.incoming_every = Some(time.max(Duration::from_millis(10)));
        self
    }

    /// The only account and password that `/member/login` takes; any will do unless told.
    pub fn account(mut self, account: impl Into<String>, password: impl Into<Secret>) -> Self {
        let password: Secret = password.into();
        self.script_mut().settings.account = Some((account.into(), password));
        self
    }
}

/// What a test may ask of the gateway of this vendor.
impl Gateway {
    /// An authorization as `/member/login` gives it.
    pub fn authorization(&self) -> String {
        self.script().lock().new_token()
    }

    /// An instance on which somebody is logged in already.
    pub fn logged_in(&self) -> WId {
        WId::from(self.script().lock().new_instance_online())
    }

    /// A client that is authorised.
    ///
    /// # Errors
    ///
    /// If the HTTP client cannot be built.
    #[cfg(feature = "reqwest")]
    pub fn client(&self) -> Result<crate::eyun::Client, crate::Error> {
        crate::eyun::Client::builder(self.url())
            .authorization(self.authorization())
            .build()
    }

    /// A client that is authorised, bound to an instance that is logged in.
    ///
    /// # Errors
    ///
    /// If the HTTP client cannot be built.
    #[cfg(feature = "reqwest")]
    pub fn instance(&self) -> Result<crate::eyun::Instance, crate::Error> {
        Ok(self.client()?.instance(self.logged_in()))
    }

    /// Delivers a text that a friend, or somebody in a room (`wxid:` and the room by their ids), has written.
    ///
    /// # Errors
    ///
    /// If no callback address is registered, or too many callbacks are waiting.
    pub async fn deliver_text(&self, from: &str, content: &str) -> Result<Delivery, Undelivered> {
        let event = messages::incoming(&mut self.script().lock(), from, content);
        self.deliver(Json::from(event)).await
    }

    /// Whether the message with this `newMsgId` has been revoked; none if it was never sent.
    pub fn is_revoked(&self, new_msg_id: i64) -> Option<bool> {
        self.script().lock().is_revoked(new_msg_id)
    }
}

/// The documented data of the call's operation.
fn documented(call: &Received) -> Value {
    parsed(&call.documented("data"))
}

fn parsed(json: &Json) -> Value {
    json.deserialize().unwrap_or_default()
}

/// Overwrites members of an object.
fn with(mut object: Value, members: Value) -> Value {
    if let (Value::Object(object), Value::Object(members)) = (&mut object, members) {
        object.extend(members);
    }
    object
}

/// The first element of a documented list.
fn first(list: &Value) -> Value {
    list.get(0).cloned().unwrap_or_default()
}
