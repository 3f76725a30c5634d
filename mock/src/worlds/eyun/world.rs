//! What the gateway remembers.

use crate::gateway::{Answer, Received};
use crate::people::{self, ME};
use crate::worlds::memory::{Tokens, now, push};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// How many of a kind are remembered; the oldest go.
const MOST: usize = 1000;
/// How many sent messages are remembered.
const MESSAGES: usize = 10_000;

/// The world behind the gateway; one for all instances.
pub struct World {
    pub(super) settings: Settings,
    state: Mutex<State>,
}

pub(super) struct Settings {
    pub(super) login_takes: Duration,
    pub(super) jobs_take: Duration,
    pub(super) verify_first: bool,
    pub(super) account: Option<(String, String)>,
}

impl Default for World {
    fn default() -> Self {
        Self {
            settings: Settings {
                login_takes: Duration::from_millis(300),
                jobs_take: Duration::from_millis(800),
                verify_first: false,
                account: None,
            },
            state: Mutex::new(State::new()),
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
    pub(super) instances: VecDeque<Instance>,
    pub(super) contacts: Vec<Contact>,
    pub(super) labels: BTreeMap<i64, String>,
    pub(super) rooms: Vec<Room>,
    pub(super) messages: VecDeque<Message>,
    /// The newest first.
    pub(super) moments: VecDeque<Moment>,
    #[serde(skip)]
    pub(super) jobs: VecDeque<Job>,
    pub(super) favorites: Vec<i64>,
    /// Who wants to be a friend, by `v1`: the id and the name.
    pub(super) requests: BTreeMap<String, (String, String)>,
    /// Instances whose picture code has been shown, by the account that asked for it.
    #[serde(skip)]
    pub(super) codes: BTreeMap<String, String>,
    #[serde(skip)]
    counter: u64,
}

/// A login: first a code to scan, then an account.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Instance {
    pub(super) w_id: String,
    pub(super) wc_id: String,
    pub(super) login: Login,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) enum Login {
    /// The code is shown; it is scanned at this time.
    Scanning {
        #[serde(skip)]
        at: Instant,
        verified: bool,
    },
    Online,
    Offline,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Contact {
    pub(super) wc_id: String,
    pub(super) nick_name: String,
    pub(super) remark: String,
    pub(super) labels: Vec<String>,
}

impl Contact {
    pub(super) fn new(wc_id: &str, nick_name: &str) -> Self {
        Self {
            wc_id: wc_id.to_owned(),
            nick_name: nick_name.to_owned(),
            remark: String::new(),
            labels: Vec::new(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Room {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) remark: String,
    pub(super) announcement: String,
    pub(super) owner: String,
    pub(super) members: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Message {
    pub(super) to: String,
    pub(super) msg_id: i64,
    pub(super) new_msg_id: i64,
    pub(super) content: String,
    pub(super) revoked: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Moment {
    pub(super) id: u64,
    pub(super) user: String,
    pub(super) content: String,
    pub(super) created: i64,
    pub(super) likes: Vec<String>,
    pub(super) comments: Vec<Comment>,
    pub(super) private: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Comment {
    pub(super) id: i64,
    pub(super) user: String,
    pub(super) reply_to: i64,
    pub(super) content: String,
}

/// Something that takes a while.
pub(super) struct Job {
    pub(super) id: String,
    pub(super) ready: Instant,
    /// The moment that it posts, once it is ready.
    pub(super) post: Option<(String, String)>,
    pub(super) moment: Option<u64>,
}

/// The documents' own ids live here, so that their examples work.
impl State {
    #[expect(
        clippy::too_many_lines,
        reason = "what the world holds at first, a list"
    )]
    fn new() -> Self {
        let mut state = Self {
            tokens: Tokens::default(),
            instances: VecDeque::new(),
            contacts: Vec::new(),
            labels: BTreeMap::from([(1, "示例标签".to_owned()), (2, "同事".to_owned())]),
            rooms: Vec::new(),
            messages: VecDeque::new(),
            moments: VecDeque::new(),
            jobs: VecDeque::new(),
            favorites: (1..=25).collect(),
            requests: BTreeMap::new(),
            codes: BTreeMap::new(),
            counter: 0,
        };
        // The account itself, and its friends.
        for n in 1..=46 {
            let wc_id = format!("wxid_example{n:02}");
            let labels = vec!["1".to_owned()];
            let contact = Contact::new(&wc_id, &people::name(&wc_id));
            state.contacts.push(Contact { labels, ..contact });
        }
        let others = [
            ("filehelper", "文件传输助手"),
            ("gh_example01", "示例公众号"),
        ];
        let others = others.map(|(wc_id, name)| Contact::new(wc_id, name));
        state.contacts.extend(others);
        let group = people::group();
        for (id, name) in [
            (&*group.id, &*group.name),
            ("12345678902@chatroom", "第二个群"),
        ] {
            state.rooms.push(Room {
                id: id.to_owned(),
                name: name.to_owned(),
                remark: String::new(),
                announcement: String::new(),
                owner: "wxid_example02".to_owned(),
                members: (1..=5).map(|n| format!("wxid_example{n:02}")).collect(),
            });
        }
        // The documents' message, moment and job.
        state.messages.push_back(Message {
            to: "wxid_example01".to_owned(),
            msg_id: 100_000_001,
            new_msg_id: FIRST_MESSAGE,
            content: "示例内容".to_owned(),
            revoked: false,
        });
        for n in 0..25_u64 {
            let back = i64::try_from(n).unwrap_or_default() * 3600;
            let user = format!("wxid_example{:02}", n % 2 + 1);
            state.moments.push_back(Moment {
                id: FIRST_MOMENT - 1002 * n,
                comments: vec![Comment {
                    id: 1,
                    user: "wxid_example02".to_owned(),
                    reply_to: 0,
                    content: "示例评论".to_owned(),
                }],
                likes: vec!["wxid_example03".to_owned()],
                content: format!("示例内容{:02}", n + 1),
                created: 1_700_000_000 - back,
                private: false,
                user,
            });
        }
        for id in ["example_asyn_id", "example"] {
            state.jobs.push_back(Job {
                id: id.to_owned(),
                ready: Instant::now(),
                post: None,
                moment: Some(FIRST_MOMENT),
            });
        }
        // An account that was logged in once, for `/secondLogin`.
        state.instances.push_back(Instance {
            w_id: w_id(0),
            wc_id: "wxid_mock00".to_owned(),
            login: Login::Offline,
        });
        state
    }

    pub(super) fn reset(&mut self) {
        *self = Self::new();
    }

    /// A number that has not been used.
    pub(super) fn next(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }

    /// A new instance that nobody is logged in on.
    pub(super) fn new_instance(&mut self, wc_id: Option<String>, login: Login) -> String {
        let n = self.next();
        let w_id = w_id(n);
        let wc_id = wc_id.unwrap_or_else(|| match self.online().any(|known| known.wc_id == ME) {
            true => format!("wxid_mock{n:02}"),
            false => ME.to_owned(),
        });
        let instance = Instance {
            w_id: w_id.clone(),
            wc_id,
            login,
        };
        push(&mut self.instances, instance, MOST);
        w_id
    }

    pub(super) fn new_instance_online(&mut self) -> String {
        self.new_instance(None, Login::Online)
    }

    pub(super) fn instance(&mut self, w_id: &str) -> Option<&mut Instance> {
        let mut instances = self.instances.iter_mut();
        instances.find(|instance| instance.w_id == w_id)
    }

    pub(super) fn online(&self) -> impl Iterator<Item = &Instance> {
        self.instances
            .iter()
            .filter(|instance| instance.login == Login::Online)
    }

    /// The account on the call's instance.
    pub(super) fn account(&mut self, call: &Received) -> String {
        let w_id = call.text("wId").unwrap_or_default();
        self.instance(&w_id)
            .map(|instance| instance.wc_id.clone())
            .unwrap_or_default()
    }

    /// Why this call is refused: an operation of an instance needs one on which somebody is logged in.
    pub(super) fn refusal(&mut self, call: &Received) -> Option<Answer> {
        let name = call.documents().session()?;
        let w_id = call.text(name).unwrap_or_default();
        let login = self.instance(&w_id).map(|instance| instance.login);
        let why = match (login, call.path()) {
            (_, "/isOnline") | (Some(Login::Online), _) | (Some(_), "/getIPadLoginInfo") => {
                return None;
            }
            (None, _) => "不存在，请先调用 /iPadLogin",
            (Some(_), _) => "对应的微信未登录或已离线，请重新登录",
        };
        Some(Answer::failure(format!("{name}{why}")))
    }

    pub(super) fn send(&mut self, to: &str, content: &str) -> (i64, i64) {
        let n = i64::try_from(self.next()).unwrap_or_default();
        // Odd, so that no double holds it.
        let new_msg_id = FIRST_MESSAGE + 2 * n;
        let msg_id = 1_100_000_001 + n;
        let message = Message {
            to: to.to_owned(),
            msg_id,
            new_msg_id,
            content: content.chars().take(200).collect(),
            revoked: false,
        };
        push(&mut self.messages, message, MESSAGES);
        (msg_id, new_msg_id)
    }

    pub(super) fn is_revoked(&self, new_msg_id: i64) -> Option<bool> {
        let mut messages = self.messages.iter();
        let message = messages.find(|message| message.new_msg_id == new_msg_id)?;
        Some(message.revoked)
    }

    pub(super) fn post(&mut self, user: &str, content: &str) -> u64 {
        let id = FIRST_MOMENT + 1002 * self.next();
        self.moments.push_front(Moment {
            id,
            user: user.to_owned(),
            content: content.chars().take(2000).collect(),
            created: now(),
            likes: Vec::new(),
            comments: Vec::new(),
            private: false,
        });
        self.moments.truncate(MOST);
        id
    }

    pub(super) fn start_job(&mut self, takes: Duration, post: Option<(String, String)>) -> String {
        let id = format!("mock-job-{}", self.next());
        let job = Job {
            id: id.clone(),
            ready: Instant::now() + takes,
            post,
            moment: None,
        };
        push(&mut self.jobs, job, MOST);
        id
    }

    pub(super) fn contact(&mut self, wc_id: &str) -> Option<&mut Contact> {
        let mut contacts = self.contacts.iter_mut();
        contacts.find(|contact| contact.wc_id == wc_id)
    }

    pub(super) fn nick_name(&self, wc_id: &str) -> String {
        let mut contacts = self.contacts.iter();
        let contact = contacts.find(|contact| contact.wc_id == wc_id);
        contact.map_or_else(|| wc_id.to_owned(), |contact| contact.nick_name.clone())
    }

    pub(super) fn room(&mut self, id: &str) -> Option<&mut Room> {
        self.rooms.iter_mut().find(|room| room.id == id)
    }

    /// Whether one more of a kind may be created.
    pub(super) fn has_space(count: usize) -> bool {
        count < MOST
    }

    /// Something that is told to whoever is logged in, or would be.
    pub(super) fn event(&mut self, kind: &str, from: &str, content: &str) -> Value {
        let n = i64::try_from(self.next()).unwrap_or_default();
        let instance = self.online().next();
        let (w_id, wc_id) = instance.map_or(("", ME), |instance| (&instance.w_id, &instance.wc_id));
        json!({
            "wcId": wc_id,
            "account": "example_account",
            "messageType": kind,
            "data": {
                "wId": w_id,
                "fromUser": from,
                "toUser": wc_id,
                "msgId": 200_000_001 + n,
                "newMsgId": 8_208_643_216_420_147_215 + 2 * n,
                "timestamp": now(),
                "content": content,
                "self": false,
            },
        })
    }
}

/// The documents' `newMsgId`.
const FIRST_MESSAGE: i64 = 7_208_643_216_420_147_215;
/// The documents' moment.
const FIRST_MOMENT: u64 = 13_845_236_612_712_345_678;

fn w_id(n: u64) -> String {
    format!("00000000-0000-4000-8000-{n:012}")
}
