//! What the gateway remembers: codes that are scanned in one of eight ways, messages that wait until they are taken,
//! rights to answer them that run out, and files on a host of their own.

mod login;
mod media;
mod messages;
mod page;
mod person;
mod scan;
mod world;

use crate::callbacks::Undelivered;
use crate::gateway::{Answer, Answering, BuiltIn, Engine, Received};
use crate::people::{ME, Said};
use crate::value;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use world::{BOT, MEDIA_HOST, must, refused};

pub use media::KeySpelling;
pub use messages::Sent;
pub use person::Writer;
pub use scan::Scan;
pub use world::World;

/// iLink's gateway.
pub type Gateway = crate::gateway::Gateway<World>;

/// Collects what the gateway needs before it starts.
pub type Builder = crate::gateway::Builder<World>;

const UPDATES: &str = "/ilink/bot/getupdates";
const CODE: &str = "/ilink/bot/get_bot_qrcode";
const CODE_STATE: &str = "/ilink/bot/get_qrcode_status";

impl BuiltIn for World {
    const PROVIDER: &'static str = "ilink";

    /// More than the largest file that clients send.
    const BODY_LIMIT: usize = 128 << 20;

    fn id(of: &str) -> String {
        match of {
            ME => BOT.to_owned(),
            of => format!("{}@im.wechat", of.trim_start_matches("wxid_")),
        }
    }
}

impl crate::gateway::World for World {
    fn hosts(&self) -> usize {
        MEDIA_HOST
    }

    fn besides(&self) -> &'static [(&'static str, &'static str, &'static str)] {
        &[
            // Older clients ask for the code so.
            ("GET", CODE, ""),
            ("POST", "/c2c/upload", ""),
            ("GET", "/c2c/download", ""),
            (
                "GET",
                "/__mock/code",
                "?qrcode=…: the page of a code, which stands in for the phone",
            ),
            (
                "POST",
                "/__mock/scan",
                "{\"as\":\"digits=1234\"}: how the newest code is scanned; \"qrcode\" names another",
            ),
            (
                "POST",
                "/__mock/scans",
                "{\"next\":[\"expired\",\"confirmed\"]}: how the next ones are; the last goes on",
            ),
            ("POST", "/__mock/expire", "the session is over: -14"),
        ]
    }

    fn answer<'a>(&'a self, call: &'a Received, engine: &'a Arc<Engine>) -> Answering<'a> {
        Box::pin(async move {
            let is_file = call.path().starts_with("/c2c/");
            if is_file || call.host() == MEDIA_HOST {
                let here = must(is_file && call.host() == MEDIA_HOST, "another host");
                let answer = here.and_then(|()| self.media(call));
                let no = |why| Answer::raw(400, "text/plain", "").header("x-error-message", why);
                return answer.unwrap_or_else(no);
            }
            match call.path() {
                "/__mock/code" => return self.page(call, engine),
                "/__mock/scan" => return self.scanned_by_hand(call, engine),
                "/__mock/scans" => return self.scans_to_come(call),
                "/__mock/expire" => return self.expire(),
                CODE => {
                    return self
                        .new_code(call, engine)
                        .unwrap_or_else(|why| refused(-2, &why));
                }
                CODE_STATE => return self.code_state(call, engine).await,
                _ => {}
            }
            if let Some(refusal) = self.stranger(call) {
                return refusal;
            }
            let answer = match call.path() {
                UPDATES => return self.updates(call, engine).await,
                "/ilink/bot/sendmessage" => self.send(call, engine),
                "/ilink/bot/getuploadurl" => self.announce(call, engine),
                "/ilink/bot/getconfig" => self.config(call, engine),
                "/ilink/bot/sendtyping" => self.typing(call, engine),
                _ => Ok(Answer::documented()),
            };
            answer.unwrap_or_else(|why| refused(-2, &why))
        })
    }

    fn write(&self, said: Said<'_>, engine: &Engine) -> Result<(), Undelivered> {
        said.check(|id| id.ends_with("@im.wechat"), |_| None)?;
        let item = json!({ "type": 1, "text_item": { "text": said.content } });
        self.write_items(&said.speaker.id, json!([item]), engine.now());
        Ok(())
    }

    fn time_has_passed(&self) {
        self.written.notify_waiters();
        self.scanned.notify_waiters();
    }

    fn state(&self) -> Value {
        value(&*self.lock())
    }

    fn reset(&self) {
        self.forget();
    }
}

/// What the gateway of this vendor can be told before it starts.
impl Builder {
    /// How long the person takes to scan and confirm a code, 300 ms unless told.
    pub fn scan_takes(mut self, time: Duration) -> Self {
        self.world_mut().settings.scan_takes = time;
        self
    }

    /// How codes are scanned, one after the other; the last way goes on. [`Scan::Confirmed`] unless told.
    pub fn scans(mut self, scans: impl IntoIterator<Item = Scan>) -> Self {
        let world = self.world_mut();
        world.settings.scans = scans.into_iter().collect();
        world.forget();
        self
    }

    /// How long a poll is held while there is nothing to say, 30 s unless told.
    pub fn holds(mut self, time: Duration) -> Self {
        self.world_mut().settings.holds = time;
        self
    }

    /// What polls are told about the time-out of the next; nothing unless told.
    pub fn poll_time_out(mut self, time: Duration) -> Self {
        self.world_mut().settings.poll_time_out = Some(time);
        self
    }

    /// How many answers a message may have, 10 unless told.
    pub fn answers(mut self, answers: u32) -> Self {
        self.world_mut().settings.answers = answers;
        self
    }

    /// Logins hand out the API's other host.
    pub fn other_base(mut self) -> Self {
        self.world_mut().settings.other_base = true;
        self
    }

    /// Files are named by parameters alone, and not by whole addresses: clients must know the host,
    /// `http://` and [`Gateway::host`] 2, and `/c2c`.
    pub fn files_by_param(mut self) -> Self {
        self.world_mut().settings.whole_urls = false;
        self
    }
}

/// What a test may ask of the gateway of this vendor.
impl Gateway {
    /// The token of somebody who is logged in already.
    pub fn token(&self) -> String {
        self.world().lock().log_in(0)
    }

    /// Somebody who writes, by an id as `example02@im.wechat`.
    pub fn person(&self, id: impl Into<String>) -> Writer<'_> {
        let id = id.into();
        Writer { gateway: self, id }
    }

    /// The first friend.
    pub fn friend(&self) -> Writer<'_> {
        let [friend, _] = self.friends();
        self.person(friend.id)
    }

    /// From now on the newest code is scanned so; false if there is none.
    pub fn scan(&self, scan: Scan) -> bool {
        self.world().scan_code(None, scan, self.engine())
    }

    /// How the codes to come are scanned, one after the other; the last way goes on.
    pub fn scans(&self, scans: impl IntoIterator<Item = Scan>) {
        self.world().lock().scans = scans.into_iter().collect();
    }

    /// The session is over: `-14`, until somebody logs in again.
    pub fn expire(&self) {
        let _ = self.world().expire();
    }

    /// All that the bot has sent, refused ones among them, the oldest first.
    pub fn sent(&self) -> Vec<Sent> {
        self.world().lock().sent.iter().cloned().collect()
    }

    /// What has gone out more than once, by its `client_id`.
    pub fn repeated(&self) -> Vec<String> {
        let mut times = BTreeMap::<String, usize>::new();
        for sent in self
            .sent()
            .into_iter()
            .filter(|sent| sent.refused.is_none())
        {
            *times.entry(sent.client_id).or_default() += 1;
        }
        let repeated = times.into_iter().filter(|(_, times)| *times > 1);
        repeated.map(|(id, _)| id).collect()
    }

    /// How many messages no cursor has said to be taken.
    pub fn waiting(&self) -> usize {
        self.world().lock().inbox.len()
    }

    /// How many files the host of files has.
    pub fn files(&self) -> usize {
        self.world().lock().files.len()
    }
}
