//! What the gateway remembers: a login that leads somewhere, a small world, and everything that the gateway posts
//! because of a call.

mod posts;
mod world;

use crate::callbacks::{Delivery, Encoding, Undelivered};
use crate::gateway::{Answer, Answering, BuiltIn, Engine, Received, with};
use crate::people::{Chat, Person, Said};
use crate::value;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::time::Duration;

pub use world::World;

/// 大米's gateway.
pub type Gateway = crate::gateway::Gateway<World>;

/// Collects what the gateway needs before it starts.
pub type Builder = crate::gateway::Builder<World>;

impl BuiltIn for World {
    const PROVIDER: &'static str = "dami";
}

impl crate::gateway::World for World {
    fn is_authorized(&self, token: &str) -> bool {
        self.lock().tokens.knows(token)
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

    fn answer<'a>(&'a self, call: &'a Received, engine: &'a Arc<Engine>) -> Answering<'a> {
        Box::pin(async move {
            let answer = self.answer_now(call, engine);
            posts::after(self, call, engine);
            answer.unwrap_or_else(Answer::documented)
        })
    }

    fn encoding(&self, address: &str) -> Encoding {
        let settings = &self.settings;
        let own = settings.encodings.get(address);
        own.copied().unwrap_or(settings.encoding)
    }

    fn write(&self, said: Said<'_>, engine: &Engine) -> Result<(), Undelivered> {
        let (address, event) = posts::told(&mut self.lock(), said, engine)?;
        let url = engine.registered(address).ok_or(Undelivered::NoAddress)?;
        engine.post(&url, event, engine.encoding(address))
    }

    fn state(&self) -> Value {
        value(&*self.lock())
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
                    && (*phone != text("phone") || *password != text("password"))
                {
                    return Some(Answer::failure("账号或密码错误"));
                }
                whole(call, json!({ "token": state.tokens.give() }))
            }
            "/foreign/user/setUrl" => {
                for param in call.documents().params() {
                    let url = text(param);
                    if !url.is_empty() && !engine.register(param, url.trim()) {
                        return Some(Answer::failure(format!(
                            "{param}：模拟网关只向本机的 http 地址（127.0.0.1、localhost、[::1]）投递"
                        )));
                    }
                }
                Answer::documented()
            }
            "/foreign/message/scanNew" => {
                state.tasks += 1;
                // Whoever is asked for a code scans it.
                state.offline.remove(&text("account"));
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
    Answer::json(with(call.documents().answer.clone(), members))
}

/// What a test may want to be otherwise.
impl Builder {
    /// The only phone number and password that the login takes; any will do unless told.
    pub fn account(mut self, phone: impl Into<String>, password: impl Into<String>) -> Self {
        self.world_mut().settings.account = Some((phone.into(), password.into()));
        self
    }

    /// How many friends everybody has, 250 unless told.
    pub fn friends(mut self, friends: usize) -> Self {
        let script = self.world_mut();
        script.settings.friends = friends;
        script.lock().reset_friends(friends);
        self
    }

    /// How callbacks are written, in parts unless told.
    pub fn posts_as(mut self, encoding: Encoding) -> Self {
        self.world_mut().settings.encoding = encoding;
        self
    }

    /// How callbacks to one address are written: that of a setting, `messagelog`, or the one that calls name,
    /// `callback_url`.
    pub fn posts_to(mut self, address: impl Into<String>, encoding: Encoding) -> Self {
        let encodings = &mut self.world_mut().settings.encodings;
        encodings.insert(address.into(), encoding);
        self
    }

    /// How long the gateway takes until it posts what a call leads to, no time unless told.
    pub fn posts_after(mut self, time: Duration) -> Self {
        self.world_mut().settings.posts_after = time;
        self
    }
}

/// What a test may ask of the gateway of this vendor.
impl Gateway {
    /// A token as the login gives it.
    pub fn token(&self) -> String {
        self.world().lock().tokens.give()
    }

    /// Delivers a text that a friend, or somebody in a group, has written, in the gateway's way: to the address of
    /// `messagelog` or of `crowdlog`.
    ///
    /// # Errors
    ///
    /// If nobody could have said it, no address is registered for it, or too many callbacks are waiting.
    pub async fn deliver_text(
        &self,
        speaker: &Person,
        chat: Chat<'_>,
        content: &str,
    ) -> Result<Delivery, Undelivered> {
        let said = Said::new(speaker, chat, content);
        let (address, event) = posts::told(&mut self.world().lock(), said, self.engine())?;
        let encoding = self.engine().encoding(address);
        self.deliver_at(address, event, encoding).await
    }
}
