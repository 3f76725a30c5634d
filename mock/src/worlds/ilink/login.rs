//! The login: a code that is shown, and asked for until it is scanned.

use super::scan::Scan;
use super::world::{BOT, OTHER_HOST, Session, State, World, must};
use crate::gateway::{Answer, Engine, Received};
use crate::worlds::memory::push;
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a code is good.
const GOOD: Duration = Duration::from_secs(300);
/// How many codes are remembered, and how many wrong digits block one.
const MOST: usize = 1000;
const WRONG: u32 = 3;

/// Who scans.
const SCANNER: &str = "example09@im.wechat";

/// A code that was shown.
#[derive(Serialize)]
pub(super) struct Code {
    pub(super) key: String,
    pub(super) scan: Scan,
    /// When it was shown, in the world's time.
    shown: Duration,
    /// Since when it is being scanned.
    #[serde(skip)]
    since: Instant,
    wrong: u32,
    /// The right digits have come.
    typed: bool,
    /// The client said that it holds the token that is good.
    #[serde(skip)]
    holds_token: bool,
    /// The state that was told last.
    pub(super) told: &'static str,
    #[serde(skip)]
    granted: Option<Value>,
}

impl World {
    /// A new code; who goes about it does so in the background.
    pub(super) fn new_code(&self, call: &Received, engine: &Arc<Engine>) -> Result<Answer, String> {
        must(call.host() == 0, "a login begins at the fixed root")?;
        let held = call.list("local_token_list");
        must(held.len() <= 10, "local_token_list: 10 at most")?;
        let mut state = self.lock();
        let key = format!("mock-code-{}", state.next());
        let session = state.session.as_ref();
        let holds_token = session.is_some_and(|session| session.is_held(&held));
        let scan = state.next_scan();
        let code = Code {
            key: key.clone(),
            scan,
            shown: engine.now(),
            since: Instant::now(),
            wrong: 0,
            typed: false,
            holds_token,
            told: "",
            granted: None,
        };
        push(&mut state.codes, code, MOST);
        drop(state);
        self.scanning(engine);
        let shown = format!("http://{}/__mock/code?qrcode={key}", engine.host(0));
        let code = json!({ "ret": 0, "qrcode": key, "qrcode_img_content": shown });
        Ok(Answer::json(code))
    }

    /// Wakes who waits for a code, whenever its state may be another.
    pub(super) fn scanning(&self, engine: &Arc<Engine>) {
        self.scanned.notify_waiters();
        let (half, scanned) = (self.settings.scan_takes / 2, self.scanned.clone());
        engine.spawn(async move {
            for _ in 0..2 {
                tokio::time::sleep(half).await;
                scanned.notify_waiters();
            }
        });
    }

    /// From now on this code, or the newest, is scanned so; false if there is none.
    pub(super) fn scan_code(&self, key: Option<&str>, scan: Scan, engine: &Arc<Engine>) -> bool {
        let mut state = self.lock();
        let Some(code) = state.code(key) else {
            return false;
        };
        (code.scan, code.since, code.typed) = (scan, Instant::now(), false);
        drop(state);
        self.scanning(engine);
        true
    }

    /// The long poll: answers as soon as there is something new.
    pub(super) async fn code_state(&self, call: &Received, engine: &Arc<Engine>) -> Answer {
        let key = call.text("qrcode").unwrap_or_default();
        if let Some(digits) = call.text("verify_code").filter(|digits| !digits.is_empty()) {
            self.type_digits(&key, &digits);
            self.scanning(engine);
        }
        let ask = |last: bool| {
            let mut state = self.lock();
            let now = engine.now();
            let Some(code) = state.code(Some(&key)) else {
                return Some(json!({ "status": "expired" }));
            };
            let status = code.status(self.settings.scan_takes, now, call.host());
            let is_old = status == "wait" || (status == "scaned" && code.told == "scaned");
            if is_old && !last {
                return None;
            }
            code.told = status;
            Some(match status {
                "confirmed" => state.granted(&key, self.settings.other_base, engine),
                "scaned_but_redirect" => {
                    json!({ "status": status, "redirect_host": engine.host(OTHER_HOST) })
                }
                status => json!({ "status": status }),
            })
        };
        let held = engine.hold(&self.scanned, self.settings.holds, || ask(false));
        let held = held.await.or_else(|| ask(true));
        Answer::json(held.unwrap_or_default())
    }

    fn type_digits(&self, key: &str, digits: &str) {
        let mut state = self.lock();
        let Some(code) = state.code(Some(key)) else {
            return;
        };
        match &code.scan {
            Scan::Digits(wanted) if wanted == digits && !code.typed => {
                (code.typed, code.since) = (true, Instant::now());
            }
            Scan::Digits(wanted) if wanted != digits => code.wrong += 1,
            _ => {}
        }
    }
}

impl Code {
    fn status(&self, takes: Duration, now: Duration, host: usize) -> &'static str {
        let (half, whole) = {
            let since = self.since.elapsed();
            (since >= takes / 2, since >= takes)
        };
        let after_half = |then| if half { then } else { "wait" };
        let after_all = |then| if whole { then } else { after_half("scaned") };
        if self.granted.is_some() {
            return "confirmed";
        }
        if now.saturating_sub(self.shown) >= GOOD {
            return "expired";
        }
        match &self.scan {
            Scan::Digits(_) if self.wrong >= WRONG => "verify_code_blocked",
            Scan::Digits(_) if self.typed && whole => "confirmed",
            Scan::Digits(_) if self.typed => "scaned",
            Scan::Digits(_) => after_half("need_verifycode"),
            Scan::Redirected if host != OTHER_HOST => after_half("scaned_but_redirect"),
            Scan::Confirmed if self.holds_token => after_all("binded_redirect"),
            Scan::Confirmed | Scan::Nameless | Scan::Redirected => after_all("confirmed"),
            Scan::Bound => after_all("binded_redirect"),
            Scan::Expired => after_half("expired"),
            Scan::Blocked => after_half("verify_code_blocked"),
            Scan::ByHand => "wait",
        }
    }

    /// What the code's page says of it.
    pub(super) fn shown(&self, takes: Duration, now: Duration) -> &'static str {
        self.status(takes, now, 0)
    }
}

impl State {
    /// A code, or the newest.
    pub(super) fn code(&mut self, key: Option<&str>) -> Option<&mut Code> {
        let mut codes = self.codes.iter_mut().rev();
        codes.find(|code| key.is_none_or(|key| code.key == key))
    }

    /// How the next code is scanned; the last way goes on.
    fn next_scan(&mut self) -> Scan {
        match self.scans.len() {
            0 => Scan::Confirmed,
            1 => self.scans[0].clone(),
            _ => self.scans.remove(0),
        }
    }

    /// What a confirmed code yields: a new session, once.
    fn granted(&mut self, key: &str, other_base: bool, engine: &Engine) -> Value {
        let code = self.code(Some(key));
        let (granted, scan) = match code {
            Some(code) => (code.granted.clone(), code.scan.clone()),
            None => (None, Scan::Confirmed),
        };
        if let Some(granted) = granted {
            return granted;
        }
        let host = match scan == Scan::Redirected || other_base {
            true => OTHER_HOST,
            false => 0,
        };
        let token = self.log_in(host);
        let mut granted = json!({
            "status": "confirmed",
            "bot_token": token,
            "ilink_bot_id": BOT,
            "ilink_user_id": SCANNER,
            "baseurl": format!("http://{}", engine.host(host)),
        });
        if let (Scan::Nameless, Value::Object(members)) = (scan, &mut granted) {
            members.remove("ilink_bot_id");
        }
        if let Some(code) = self.code(Some(key)) {
            code.granted = Some(granted.clone());
        }
        granted
    }

    /// A new session: older tokens are good no longer, nor are cursors and the rights to answer what was taken.
    pub(super) fn log_in(&mut self, host: usize) -> String {
        let number = self.next();
        let token = format!("mock-token-{number}");
        self.session = Some(Session {
            token: token.clone(),
            number,
            host,
            expired: false,
        });
        self.keep_rights_of_inbox();
        token
    }
}
