//! Clients of iLink, as they are published: a code, polls, answers, files.

mod files;

use super::{PATIENCE, ask};
use mock_gateway::ilink::{Builder, Gateway, KeySpelling, Scan};
use mock_gateway::{Answer, Fault};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// A client that may hold a token.
struct Client {
    gateway: Gateway,
    at: SocketAddr,
    token: String,
}

impl Client {
    async fn of(builder: Builder) -> Self {
        let gateway = builder.start().await.expect("a gateway");
        let (at, token) = (gateway.address(), gateway.token());
        Self { gateway, at, token }
    }

    async fn new() -> Self {
        Self::of(quick()).await
    }

    fn post(&self, path: &str, body: Value) -> Value {
        post(self.at, &self.token, path, body)
    }

    /// The messages of a poll, and the cursor that came with them.
    fn poll(&self, cursor: &str) -> (Vec<Value>, String) {
        let answer = self.post("getupdates", json!({ "get_updates_buf": cursor }));
        let messages = answer["msgs"].as_array().cloned();
        let next = answer["get_updates_buf"].as_str().unwrap_or_default();
        (
            messages.unwrap_or_else(|| panic!("{answer}")),
            next.to_owned(),
        )
    }

    /// Answers a message with an item.
    fn answer(&self, message: &Value, id: &str, item: &Value) -> Value {
        let whole = json!({ "msg": {
            "from_user_id": "",
            "to_user_id": message["from_user_id"],
            "client_id": id,
            "message_type": 2,
            "message_state": 2,
            "context_token": message["context_token"],
            "item_list": [item],
        }});
        self.post("sendmessage", whole)
    }

    fn says(&self, message: &Value, id: &str) -> Value {
        self.answer(
            message,
            id,
            &json!({ "type": 1, "text_item": { "text": id } }),
        )
    }

    /// A code, and its states until there is one of these.
    fn log_in(&self, until: &str) -> Vec<Value> {
        let code = post(
            self.at,
            "",
            "get_bot_qrcode?bot_type=3",
            json!({ "local_token_list": [] }),
        );
        self.states(&code, "", until)
    }

    fn states(&self, code: &Value, more: &str, until: &str) -> Vec<Value> {
        let key = code["qrcode"].as_str().expect("a key");
        let (mut states, mut at) = (Vec::new(), self.at);
        while states.len() < 20 {
            let query = format!("get_qrcode_status?qrcode={key}{more}");
            let (_, state) = ask(at, &format!("GET /ilink/bot/{query}"), "", "");
            if let Some(host) = state["redirect_host"].as_str() {
                at = host.parse().expect("an address");
            }
            states.push(state);
            if states.last().is_some_and(|state| state["status"] == until) {
                return states;
            }
        }
        panic!("{until} never comes: {states:?}");
    }
}

fn quick() -> Builder {
    let builder = Gateway::builder().scan_takes(Duration::from_millis(40));
    builder.holds(Duration::from_millis(200))
}

fn post(to: SocketAddr, token: &str, path: &str, mut body: Value) -> Value {
    let mut headers =
        "AuthorizationType: ilink_bot_token\r\nX-WECHAT-UIN: MTIzNA==\r\niLink-App-Id: bot\r\n\
                       iLink-App-ClientVersion: 65536\r\n"
            .to_owned();
    if !token.is_empty() {
        headers.push_str(&format!("Authorization: Bearer {token}\r\n"));
        body["base_info"] = json!({ "channel_version": "1.0.0" });
    }
    let request = format!("POST /ilink/bot/{path}");
    let (status, answer) = ask(to, &request, &headers, &body.to_string());
    assert_eq!(status, 200, "{answer}");
    answer
}

fn names(states: &[Value]) -> Vec<&str> {
    let names = states.iter().map(|state| state["status"].as_str());
    names.map(Option::unwrap_or_default).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_goes_through_every_state() {
    let client = Client::new().await;
    let states = client.log_in("confirmed");
    assert_eq!(names(&states), ["scaned", "confirmed"]);
    let granted = &states[1];
    assert_eq!(granted["ilink_bot_id"], "example01@im.bot");
    assert_eq!(granted["baseurl"], client.gateway.url());
    assert!(
        granted["ilink_user_id"]
            .as_str()
            .is_some_and(|id| id.ends_with("@im.wechat"))
    );
    // The older token is one of a session that is over.
    assert_eq!(
        client.post("getconfig", json!({ "ilink_user_id": "x" }))["ret"],
        -14
    );

    for (scan, until) in [
        (Scan::Expired, "expired"),
        (Scan::Blocked, "verify_code_blocked"),
        (Scan::Bound, "binded_redirect"),
    ] {
        client.gateway.scans([scan]);
        assert_eq!(names(&client.log_in(until)).last(), Some(&until));
    }
    client.gateway.scans([Scan::Nameless, Scan::ByHand]);
    let nameless = client.log_in("confirmed").pop().expect("some");
    assert_eq!(nameless["ilink_bot_id"], Value::Null);

    let code = post(client.at, "", "get_bot_qrcode?bot_type=3", json!({}));
    let page = code["qrcode_img_content"].as_str().expect("an address");
    let path = page
        .strip_prefix(&client.gateway.url())
        .expect("a page of the gateway");
    let (status, shown) = ask(client.at, &format!("GET {path}"), "", "");
    let shown = shown.as_str().unwrap_or_default();
    assert!(
        status == 200 && shown.contains("<svg") && shown.contains("<h1>wait</h1>"),
        "{shown}"
    );
    // Nobody does anything until somebody types digits into the page, as a browser sends them.
    assert_eq!(names(&client.states(&code, "", "wait")), ["wait"]);
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let to = format!("POST {}", path.replace("/code?", "/scan?"));
    assert_eq!(ask(client.at, &to, form, "digits=4711").0, 303);
    client.states(&code, "", "need_verifycode");
    let (_, shown) = ask(client.at, &format!("GET {path}"), "", "");
    assert!(
        shown
            .as_str()
            .is_some_and(|page| page.contains("<b>4711</b>")),
        "{shown}"
    );
    assert_eq!(
        names(&client.states(&code, "&verify_code=1", "need_verifycode")).len(),
        1
    );
    let typed = client.states(&code, "&verify_code=4711", "confirmed");
    assert_eq!(names(&typed), ["scaned", "confirmed"]);
    // Three wrong ones block it.
    client.gateway.scans([Scan::Digits("22".into())]);
    let code = post(client.at, "", "get_bot_qrcode?bot_type=3", json!({}));
    let wrong = client.states(&code, "&verify_code=23", "verify_code_blocked");
    assert!(wrong.len() >= 2, "{wrong:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_goes_on_elsewhere_and_keeps_what_is_good() {
    let client = Client::of(quick().scans([Scan::Redirected, Scan::Confirmed])).await;
    let states = client.log_in("confirmed");
    assert_eq!(
        names(&states),
        ["scaned_but_redirect", "scaned", "confirmed"]
    );
    let base = states[2]["baseurl"].as_str().expect("a root");
    assert_eq!(base, format!("http://{}", client.gateway.host(1)));
    let token = states[2]["bot_token"].as_str().expect("a token");
    let there = base
        .trim_start_matches("http://")
        .parse()
        .expect("an address");
    assert_eq!(post(there, token, "msg/notifystart", json!({}))["ret"], 0);
    assert_eq!(
        post(client.at, token, "msg/notifystart", json!({}))["ret"],
        -2
    );
    // Who says that he holds a token that is good gets no other.
    let held = json!({ "local_token_list": [token] });
    let code = post(client.at, "", "get_bot_qrcode?bot_type=3", held);
    client.states(&code, "", "binded_redirect");
    // A code is good for five minutes.
    client.gateway.scans([Scan::ByHand]);
    let (_, code) = ask(
        client.at,
        "GET /ilink/bot/get_bot_qrcode?bot_type=3",
        "",
        "",
    );
    client.gateway.advance(Duration::from_secs(300));
    client.states(&code, "", "expired");
    // Any language may say how codes are scanned, and that the session is over.
    let next = json!({ "next": ["expired", "confirmed"] }).to_string();
    assert_eq!(ask(client.at, "POST /__mock/scans", "", &next).0, 200);
    client.log_in("expired");
    client.log_in("confirmed");
    let unknown = json!({ "next": ["digits=x"] }).to_string();
    assert_eq!(ask(client.at, "POST /__mock/scans", "", &unknown).0, 400);
    assert_eq!(ask(client.at, "POST /__mock/expire", "", "").0, 200);
    let (_, help) = ask(client.at, "GET /__mock/", "", "");
    assert!(
        help.as_str()
            .is_some_and(|help| help.contains("/__mock/expire")),
        "{help}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_come_until_their_cursor_is_used() {
    let client = Client::of(quick().poll_time_out(Duration::from_secs(7))).await;
    let friend = client.gateway.friend();
    let started = Instant::now();
    for _ in 0..2 {
        let nothing = client.post("getupdates", json!({ "get_updates_buf": "" }));
        assert_eq!(
            (&nothing["msgs"], &nothing["longpolling_timeout_ms"]),
            (&json!([]), &json!(7000))
        );
        assert!(matches!(
            nothing.get("get_updates_buf"),
            None | Some(Value::String(_))
        ));
    }
    assert!(
        started.elapsed() >= Duration::from_millis(400),
        "polls are held"
    );

    let id = friend.says("你好");
    let (first, cursor) = client.poll("");
    assert_eq!((first.len(), &first[0]["message_id"]), (1, &json!(id)));
    assert_eq!(first[0]["item_list"][0]["text_item"]["text"], "你好");
    assert_eq!(client.poll("").0, first, "it was not taken");
    friend.says("在吗");
    let (second, next) = client.poll(&cursor);
    assert_eq!(second[0]["item_list"][0]["text_item"]["text"], "在吗");
    // Another poller, which has an older cursor, has lost what was taken.
    assert_eq!(client.poll("").0, second);
    assert_eq!(client.poll(&next).0, Vec::<Value>::new());
    assert_eq!(client.gateway.waiting(), 0);
    // Any language may write, and a poll that waits wakes.
    let at = client.at;
    let written = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        let said = json!({ "by": "example03@im.wechat", "text": "晚安" }).to_string();
        ask(at, "POST /__mock/say", "", &said)
    });
    assert_eq!(client.poll(&next).0.len(), 1);
    assert_eq!(written.join().expect("said").0, 200);
    // A new login starts with an empty cursor.
    let again = Client {
        token: client.gateway.token(),
        ..client
    };
    let refused = again.post("getupdates", json!({ "get_updates_buf": next }));
    assert_eq!(refused["ret"], -2);
    assert_eq!(again.poll("").0.len(), 1);
    again
        .gateway
        .fault_once_on("/ilink/bot/getupdates", Fault::Status(524));
    let headers = format!("Authorization: Bearer {}\r\n", again.token);
    let body = json!({ "get_updates_buf": "" }).to_string();
    assert_eq!(
        ask(at, "POST /ilink/bot/getupdates", &headers, &body).0,
        524
    );
    again.gateway.expire();
    assert_eq!(
        again.post("getupdates", json!({ "get_updates_buf": "" }))["errcode"],
        -14
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_to_answer_runs_out() {
    let client = Client::new().await;
    let (friend, other) = (
        client.gateway.friend(),
        client.gateway.person("example03@im.wechat"),
    );
    friend.says("一");
    let (first, cursor) = client.poll("");
    for n in 0..10 {
        assert_eq!(client.says(&first[0], &n.to_string()), json!({}));
    }
    let refused = json!({ "ret": -2, "errmsg": "rate limited" });
    assert_eq!(client.says(&first[0], "11"), refused);
    assert_eq!(friend.heard().len(), 10);
    assert_eq!(
        client.gateway.sent()[10].refused.as_deref(),
        Some("rate limited")
    );
    // A new message is a new right; it is this person's, and good for a day.
    friend.says("二");
    let (second, _) = client.poll(&cursor);
    assert_eq!(client.says(&second[0], "12"), json!({}));
    assert_eq!(client.says(&second[0], "12"), json!({}));
    assert_eq!(client.gateway.repeated(), ["12"]);
    other.says("三");
    let mut stolen = second[0].clone();
    stolen["from_user_id"] = other.id().into();
    assert_eq!(client.says(&stolen, "13")["errmsg"], "prepare failed");
    let mut none = second[0].clone();
    none["context_token"] = "".into();
    assert_eq!(client.says(&none, "14")["errmsg"], "prepare failed");
    friend.closes();
    assert_eq!(
        client.says(&second[0], "15"),
        json!({ "ret": -2, "errmsg": "" })
    );
    friend.says("四");
    assert_eq!(client.says(&second[0], "16"), json!({}));
    let day = json!({ "advance_s": 86_400 }).to_string();
    assert_eq!(ask(client.at, "POST /__mock/clock", "", &day).0, 200);
    assert_eq!(client.says(&second[0], "17")["errmsg"], "prepare failed");
    let two = json!({ "type": 1, "text_item": { "text": "x".repeat(4001) } });
    let long = client.answer(&second[0], "18", &two);
    assert!(
        long["errmsg"]
            .as_str()
            .is_some_and(|why| why.contains("too long")),
        "{long}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn typing_is_shown_with_a_ticket_of_the_person() {
    let client = Client::new().await;
    let (friend, other) = (
        client.gateway.friend(),
        client.gateway.person("example03@im.wechat"),
    );
    friend.says("在吗");
    other.says("在吗");
    assert_eq!(
        client.post("getconfig", json!({ "ilink_user_id": "nobody@im.wechat" }))["ret"],
        -2
    );
    let config = client.post("getconfig", json!({ "ilink_user_id": friend.id() }));
    let typing = |to: &str, status: u8| {
        let ticket = &config["typing_ticket"];
        client.post(
            "sendtyping",
            json!({ "ilink_user_id": to, "typing_ticket": ticket, "status": status }),
        )["ret"]
            .clone()
    };
    assert_eq!(
        (typing(friend.id(), 1), typing(friend.id(), 1)),
        (json!(0), json!(0))
    );
    assert_eq!(friend.sees_typing(), (true, 2));
    assert_eq!(typing(friend.id(), 2), 0);
    assert_eq!(friend.sees_typing(), (false, 2));
    assert_eq!(
        (typing(other.id(), 1), typing(friend.id(), 3)),
        (json!(-2), json!(-2))
    );
    client.gateway.advance(Duration::from_secs(86_400));
    assert_eq!(typing(friend.id(), 1), -2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_along_with_every_call_is_asked_for() {
    let lenient = Client::new().await;
    let strict = Client::of(quick().strict()).await;
    let known = "AuthorizationType: ilink_bot_token\r\nX-WECHAT-UIN: MTIzNA==\r\n";
    let asked = |client: &Client, headers: &str, body: Value| {
        let token = format!("Authorization: Bearer {}\r\n{headers}", client.token);
        let to = "POST /ilink/bot/msg/notifystart";
        let (_, answer) = ask(client.at, to, &token, &body.to_string());
        (answer["ret"] != 0).then(|| answer["errmsg"].as_str().map(str::to_owned))
    };
    let base = json!({ "base_info": { "channel_version": "1.0.0" } });
    let named = |refused: Option<Option<String>>, name: &str| {
        let why = refused.flatten().unwrap_or_default();
        assert!(why.contains(name), "{why} names {name}");
    };
    assert_eq!(asked(&lenient, known, base.clone()), None);
    named(asked(&strict, known, base.clone()), "iLink-App-Id");
    named(asked(&lenient, "", base.clone()), "AuthorizationType");
    let odd = known.replace("MTIzNA==", "1234");
    named(asked(&lenient, &odd, base), "X-WECHAT-UIN");
    named(asked(&lenient, known, json!({})), "base_info");
    let long = json!({ "base_info": { "channel_version": "1.0.0", "bot_agent": "x".repeat(257) } });
    named(asked(&lenient, known, long), "bot_agent");
}
