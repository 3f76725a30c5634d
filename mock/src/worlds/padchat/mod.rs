//! What the gateway remembers: a login that is scanned, and a friend who writes.

mod world;

use crate::callbacks::Undelivered;
use crate::gateway::{Answer, Answering, BuiltIn, Engine, Received};
use crate::people::{self, Chat, Person, Said};
use crate::value;
use crate::worlds::QR_CODE;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

pub use world::World;

/// PadChat's gateway.
pub type Gateway = crate::gateway::Gateway<World>;

/// Collects what the gateway needs before it starts.
pub type Builder = crate::gateway::Builder<World>;

/// What is scanned to log in.
const URL: &str = "http://weixin.qq.com/x/mock-login";

/// What can be done before somebody is logged in.
const ALWAYS: [&str; 8] = [
    "auth",
    "connect",
    "login",
    "logout",
    "disconnect",
    "getDeviceInfo",
    "getAutoLoginData",
    "status",
];

impl BuiltIn for World {
    const PROVIDER: &'static str = "padchat";
}

impl crate::gateway::World for World {
    fn is_authorized(&self, authorization: &str) -> bool {
        match &self.settings.auth_key {
            Some(key) => key == authorization,
            None => !authorization.is_empty(),
        }
    }

    fn answer<'a>(&'a self, call: &'a Received, engine: &'a Arc<Engine>) -> Answering<'a> {
        Box::pin(async move {
            if !ALWAYS.contains(&call.path()) && !self.is_logged_in() {
                return Answer::failure("尚未登陆");
            }
            match call.path() {
                "login" => self.log_in(call, engine).await,
                "sendMsg" | "sendAppMsg" | "sendImage" | "shareCard" => self.send(call, engine),
                _ => self.other(call, engine),
            }
        })
    }

    fn write(&self, said: Said<'_>, engine: &Engine) -> Result<(), Undelivered> {
        if !self.is_logged_in() {
            return Err(Undelivered::Senseless("nobody is logged in"));
        }
        engine.push(self.told(said)?);
        Ok(())
    }

    fn state(&self) -> Value {
        value(&*self.lock())
    }

    fn reset(&self) {
        self.forget();
    }
}

impl World {
    /// With saved data at once; otherwise a code is shown, scanned and confirmed.
    async fn log_in(&self, call: &Received, engine: &Arc<Engine>) -> Answer {
        let saved = call.text("token").unwrap_or_default();
        if !self.lock().tokens.knows(&saved) {
            let takes = self.settings.scan_takes;
            let pushed = |event: &str, data: Value| {
                engine.push(json!({ "event": event, "msg": "", "data": data }));
            };
            pushed(
                "qrcode",
                json!({ "Url": URL, "QrCode": BASE64_STANDARD.encode(QR_CODE) }),
            );
            tokio::time::sleep(takes / 2).await;
            pushed(
                "scan",
                json!({ "Status": 1, "Msg": "已扫码，请在手机端确认登陆" }),
            );
            tokio::time::sleep(takes / 2).await;
            pushed(
                "scan",
                json!({ "Status": 2, "SubStatus": 0, "Msg": "正在登陆" }),
            );
        }
        self.set_logged_in(true);
        engine.push(json!({ "event": "login", "msg": "登陆成功" }));
        engine.push(json!({ "event": "loaded", "msg": "通讯录同步完毕" }));
        Answer::documented()
    }

    /// Vendors push what others write, not what the account itself has sent, unless the gateway is told to: bots that
    /// answer whoever writes would answer themselves for ever.
    fn send(&self, call: &Received, engine: &Arc<Engine>) -> Answer {
        let text = |name: &str| call.text(name).unwrap_or_default();
        let (to, content) = (text("toUserName"), text("content"));
        let id = self.sent(call.path(), &to, &content);
        let kind = match call.path() {
            "sendAppMsg" => 49,
            "sendImage" => 3,
            "shareCard" => 42,
            _ => 1,
        };
        if self.settings.echo {
            engine.push(self.message(kind, people::ME, &to, &content, &id));
        }
        Answer::with(json!({ "MsgId": id }))
    }

    fn other(&self, call: &Received, engine: &Arc<Engine>) -> Answer {
        let pushed = |event: &str| {
            engine.push(json!({ "event": event, "msg": "", "data": {} }));
        };
        match call.path() {
            "connect" if self.is_logged_in() => pushed("reconnect"),
            "logout" => {
                self.set_logged_in(false);
                pushed("logout");
            }
            "disconnect" => pushed("disconnect"),
            "syncContact" => {
                engine.push(json!({ "event": "push", "msg": "", "data": self.contacts() }));
                pushed("loaded");
            }
            "getAutoLoginData" if !self.is_logged_in() => return Answer::failure("尚未登陆"),
            "getAutoLoginData" => {
                return Answer::from(json!({ "Token": self.lock().tokens.give() }));
            }
            "getContact" | "searchContact" => {
                let found = json!({ "UserName": call.text("userId") });
                return Answer::with(found);
            }
            "getRoomMembers" => {
                let room = json!({ "UserName": call.text("groupId") });
                return Answer::with(room);
            }
            _ => {}
        }
        Answer::documented()
    }
}

/// What the gateway of this vendor can be told before it starts.
impl Builder {
    /// The only key that `auth` takes; any will do unless told.
    pub fn auth_key(mut self, key: impl Into<String>) -> Self {
        self.world_mut().settings.auth_key = Some(key.into());
        self
    }

    /// How long the person takes to scan and confirm the code, 300 ms unless told.
    pub fn scan_takes(mut self, time: Duration) -> Self {
        self.world_mut().settings.scan_takes = time;
        self
    }

    /// What the account sends comes back as a push, on every connection, that which has sent it among them.
    pub fn echo(mut self) -> Self {
        self.world_mut().settings.echo = true;
        self
    }

    /// Somebody is logged in from the start.
    pub fn logged_in(mut self) -> Self {
        let world = self.world_mut();
        world.settings.logged_in = true;
        world.set_logged_in(true);
        self
    }
}

/// What a test may ask of the gateway of this vendor.
impl Gateway {
    /// Pushes a text that a friend, or somebody in a group, has written; says on how many connections.
    ///
    /// # Errors
    ///
    /// If nobody could have said it: a stranger, or somebody who is not in the group.
    pub fn deliver_text(
        &self,
        speaker: &Person,
        chat: Chat<'_>,
        content: &str,
    ) -> Result<usize, Undelivered> {
        let said = Said::new(speaker, chat, content);
        Ok(self.push(self.world().told(said)?))
    }

    /// Whether somebody is logged in.
    pub fn is_logged_in(&self) -> bool {
        self.world().is_logged_in()
    }
}
