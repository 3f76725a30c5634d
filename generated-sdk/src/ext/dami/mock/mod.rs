//! The mock gateway's script: a login that leads somewhere, a small world, and everything that the gateway posts
//! because of a call.

mod posts;
mod world;

use crate::dami::mock::{Builder, Gateway, Vendor};
use crate::runtime::mock::{
    Answer, Delivery, Encoding, Engine, Received, Script, Scripted, Undelivered,
};
use crate::runtime::{BoxFuture, Json, Secret};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::time::Duration;

pub use world::World;

impl Scripted for Vendor {
    type Script = World;
}

impl Script for World {
    fn started(self: Arc<Self>, engine: &Arc<Engine>) {
        if let Some(every) = self.settings.incoming_every {
            engine.spawn(posts::chat(self, Arc::downgrade(engine), every));
        }
    }

    fn is_authorized(&self, token: &str) -> bool {
        self.lock().is_token(token)
    }

    /// `account` is a room in one use of the path, and an account in the other.
    fn means(&self, operation: &str, params: &Map<String, Value>) -> bool {
        let account = params.get("account").and_then(Value::as_str);
        let is_room = account.is_some_and(|account| account.ends_with("@chatroom"));
        match operation {
            "qun_guan_li_groupSet" => is_room,
            "qun_guan_li_groupSet_auto" => !is_room,
            _ => true,
        }
    }

    fn answer<'a>(&'a self, call: &'a Received, engine: &'a Arc<Engine>) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let answer = self.answer_now(call, engine);
            posts::after(self, call, engine);
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

impl World {
    fn answer_now(&self, call: &Received, engine: &Arc<Engine>) -> Option<Answer> {
        let text = |name: &str| call.text(name).unwrap_or_default();
        let mut state = self.lock();
        Some(match call.path() {
            "/foreign/auth/login" => {
                if let Some((phone, password)) = &self.settings.account
                    && (*phone != text("phone") || password.expose() != text("password"))
                {
                    return Some(Answer::failure("账号或密码错误"));
                }
                whole(call, json!({ "token": state.new_token() }))
            }
            "/foreign/user/setUrl" => {
                for param in call.entry().params {
                    let url = text(param.name);
                    if !url.is_empty() && !engine.register_at(param.name, url.trim()) {
                        return Some(Answer::failure(format!(
                            "{}：模拟网关只向本机的 http 地址（127.0.0.1、localhost、[::1]）投递",
                            param.name
                        )));
                    }
                }
                Answer::documented()
            }
            "/foreign/message/scanNew" => {
                state.tasks += 1;
                whole(call, json!({ "task_id": state.tasks }))
            }
            "/foreign/wacat/out" => {
                state.offline.insert(text("my_account"));
                Answer::documented()
            }
            "/foreign/message/wxStatus" if state.offline.contains(&text("my_account")) => {
                Answer::failure("微信已离线")
            }
            "/foreign/message/wxInfo" => whole(call, world::account(&text("my_account"))),
            "/foreign/Wacat/addLable" => {
                for name in call.list("lables") {
                    state.new_label(&name);
                }
                Answer::documented()
            }
            "/foreign/group/found" => {
                state.new_room(&text("group_name"), &call.list("account"));
                Answer::documented()
            }
            "/foreign/group/groupList" => {
                let rooms = state.rooms.iter().map(world::Room::shown);
                let rooms: Value = rooms.collect();
                let total = state.rooms.len();
                whole(call, json!({ "data": rooms, "page": 1, "total": total }))
            }
            "/foreign/friends/del" => {
                let gone = text("to_account");
                state.friends.retain(|friend| *friend != gone);
                Answer::documented()
            }
            _ => return None,
        })
    }
}

/// The documented answer with other members.
fn whole(call: &Received, members: Value) -> Answer {
    let documented = serde_json::from_str::<Value>(call.entry().reply);
    Answer::json(Json::from(with(documented.unwrap_or_default(), members)))
}

/// Overwrites members of an object.
fn with(mut object: Value, members: Value) -> Value {
    if let (Value::Object(object), Value::Object(members)) = (&mut object, members) {
        object.extend(members);
    }
    object
}

/// What a test may want to be otherwise.
impl Builder {
    /// The only phone number and password that the login takes; any will do unless told.
    pub fn account(mut self, phone: impl Into<String>, password: impl Into<Secret>) -> Self {
        let password: Secret = password.into();
        self.script_mut().settings.account = Some((phone.into(), password));
        self
    }

    /// How many friends everybody has, 250 unless told.
    pub fn friends(mut self, friends: usize) -> Self {
        let script = self.script_mut();
        script.settings.friends = friends;
        script.lock().reset_friends(friends);
        self
    }

    /// How callbacks are written, as urlencoded forms unless told.
    pub fn posts_as(mut self, encoding: Encoding) -> Self {
        self.script_mut().settings.encoding = encoding;
        self
    }

    /// Posts a text from a friend every so often, as long as an address is registered for it.
    pub fn incoming_every(mut self, time: Duration) -> Self {
        self.script_mut().settings.incoming_every = Some(time.max(Duration::from_millis(10)));
        self
    }

    /// How long the gateway takes until it posts what a call leads to, no time unless told.
    pub fn posts_after(mut self, time: Duration) -> Self {
        self.script_mut().settings.posts_after = time;
        self
    }
}

/// What a test may ask of the gateway of this vendor.
impl Gateway {
    /// A token as the login gives it.
    pub fn token(&self) -> String {
        self.script().lock().new_token()
    }

    /// A client that is authorised.
    ///
    /// # Errors
    ///
    /// If the HTTP client cannot be built.
    #[cfg(feature = "reqwest")]
    pub fn client(&self) -> Result<crate::dami::Client, crate::Error> {
        crate::dami::Client::builder(self.url())
            .authorization(self.token())
            .build()
    }

    /// Delivers a text that a friend has written, in the gateway's way.
    ///
    /// # Errors
    ///
    /// If no address is registered for it, or too many callbacks are waiting.
    pub async fn deliver_text(
        &self,
        my_account: &str,
        from: &str,
        content: &str,
    ) -> Result<Delivery, Undelivered> {
        let event = posts::text(&mut self.script().lock(), my_account, from, content, 2);
        let encoding = self.script().settings.encoding;
        self.deliver_at("messagelog", Json::from(event), encoding)
            .await
    }
}
