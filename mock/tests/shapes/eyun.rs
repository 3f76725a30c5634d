//! Clients of eyun, as they are published.

use super::{Server, ask};
use mock_gateway::eyun::Gateway;
use mock_gateway::{Chat, Person, Undelivered};
use serde_json::{Value, json};

/// A client that has logged in to the platform.
struct Client {
    gateway: Gateway,
    token: String,
}

impl Client {
    async fn of(gateway: std::io::Result<Gateway>) -> Self {
        let gateway = gateway.expect("a gateway");
        let token = format!("Authorization: {}\r\n", gateway.authorization());
        Self { gateway, token }
    }

    async fn new() -> Self {
        Self::of(Gateway::start().await).await
    }

    async fn strict() -> Self {
        Self::of(Gateway::builder().strict().start().await).await
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        self.post_text(path, &body.to_string())
    }

    fn post_text(&self, path: &str, body: &str) -> Value {
        let request = format!("POST {path}");
        let (status, answer) = ask(self.gateway.address(), &request, &self.token, body);
        assert_eq!(status, 200, "{answer}");
        answer
    }

    fn refused(&self, path: &str, body: &Value, names: &str) {
        let answer = self.post(path, body);
        assert_eq!(answer["code"], "1001", "{answer}");
        let message = answer["message"].as_str().unwrap_or_default();
        assert!(message.contains(names), "{answer} names {names}");
    }
}

/// Succeeds, with this data.
fn data(mut answer: Value) -> Value {
    assert_eq!(answer["code"], "1000", "{answer}");
    answer["data"].take()
}

#[tokio::test(flavor = "multi_thread")]
async fn logins_that_leave_out_what_real_gateways_do_not_miss() {
    let client = Client::new().await;
    for login in [
        json!({ "wcId": "", "proxy": 1 }),
        json!({ "wcId": "wxid_example01", "proxy": "上海" }),
    ] {
        let shown = data(client.post("/iPadLogin", &login));
        let account = client.post("/getIPadLoginInfo", &json!({ "wId": shown["wId"] }));
        assert_eq!(data(account)["wcId"], client.gateway.me().id.as_str());
    }
    let strict = Client::strict().await;
    strict.refused(
        "/iPadLogin",
        &json!({ "wcId": "", "proxy": 1 }),
        "deviceType",
    );
    let text = json!({ "wcId": "", "deviceType": "ipad", "proxy": "上海" });
    strict.refused("/iPadLogin", &text, "proxy");
    let whole = json!({ "wcId": "", "deviceType": "ipad", "proxy": 1 });
    let shown = data(strict.post("/iPadLogin", &whole));
    strict.refused(
        "/getIPadLoginInfo",
        &json!({ "wId": shown["wId"] }),
        "autoCheck",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sent_text_has_two_ids() {
    let client = Client::new().await;
    let w_id = client.gateway.logged_in();
    let to = json!({ "wId": w_id, "wcId": "filehelper", "content": "你好", "nameCardId": "wxid_example02" });
    for path in ["/sendText", "/sendNameCard"] {
        let sent = data(client.post(path, &to));
        let digits = |name: &str| sent[name].to_string().trim_matches('"').len();
        let ids = (digits("msgId"), digits("newMsgId"));
        assert_eq!(ids, (10, 19), "{path}: {sent}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accepted_request_makes_a_friend() {
    let client = Client::new().await;
    let w_id = client.gateway.logged_in();
    let server = Server::start(|_| "{}".to_owned());
    let url = json!({ "httpUrl": server.url, "type": 2 });
    data(client.post("/setHttpCallbackUrl", &url));
    assert_eq!(server.posted().json()["messageType"], "00000");
    let from = Person::new("wxid_new01", "小新 & \"Co\"");
    let told = client
        .gateway
        .deliver_friend_request(&from, "你好 <3")
        .await;
    assert!(told.expect("an address").is_acknowledged());
    let told = server.posted().json();
    assert_eq!(told["messageType"], "30001");
    let friends =
        || data(client.post("/getAddressList", &json!({ "wId": w_id })))["friends"].clone();
    let is_friend = |id: &str| {
        friends()
            .as_array()
            .is_some_and(|all| all.contains(&json!(id)))
    };
    assert!(!is_friend("wxid_new01"));
    // What is delivered by a test in any language is heard as well.
    let xml = r#"<msg fromusername="wxid_new02" encryptusername="v3_020b3826fd@stranger" ticket="v4_0"/>"#;
    let event = json!({ "messageType": "30001", "data": { "content": xml } });
    let (status, _) = ask(
        client.gateway.address(),
        "POST /__mock/deliver",
        "",
        &event.to_string(),
    );
    assert_eq!(status, 200);
    let content = told["data"]["content"].as_str().expect("XML");
    let v1 = content
        .split("encryptusername=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    for v1 in [v1.expect("a v1"), "v3_020b3826fd@stranger"] {
        let accept = json!({ "wId": w_id, "v1": v1, "v2": "v4_0", "type": 14 });
        data(client.post("/acceptUser", &accept));
    }
    assert!(is_friend("wxid_new01") && is_friend("wxid_new02"));
    // A friend can write.
    let said = client
        .gateway
        .deliver_text(&from, Chat::Private, "在吗")
        .await;
    assert!(said.expect("an address").is_acknowledged());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_parameter_goes_by_two_names() {
    let client = Client::new().await;
    let strict = Client::strict().await;
    let vendor = client.gateway.vendor();
    let [me, my] = ["meUserName", "myUserName"].map(|name| {
        let mut operations = vendor.operations();
        let found = operations.find(|operation| operation.params().any(|param| param == name));
        found.expect("documented").path().to_owned()
    });
    for (path, documented, other) in [
        (me, "meUserName", "myUserName"),
        (my, "myUserName", "meUserName"),
    ] {
        // Whatever else is missing, this is not.
        let asked = json!({ "wId": client.gateway.logged_in(), other: "v2_example@finder" });
        client.post(&path, &asked);
        let calls = client.gateway.calls_of(&path);
        let call = calls.last().expect("called");
        assert_eq!(
            call.text(documented).as_deref(),
            Some("v2_example@finder"),
            "{path}"
        );
        let asked = json!({ "wId": strict.gateway.logged_in(), other: "v2_example@finder" });
        strict.post(&path, &asked);
        let calls = strict.gateway.calls_of(&path);
        assert_eq!(
            calls.last().expect("called").param(documented),
            None,
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_by_password_has_two_steps() {
    let client = Client::new().await;
    let first = json!({ "account": "a", "password": "b", "proxy": 1 });
    let shown = data(client.post("/loginByAccountAndPassword", &first));
    let picture = shown["base64"].as_str().expect("a picture");
    // A PNG, and no word in base64.
    assert!(picture.starts_with("iVBORw0KGgo"), "{picture}");
    assert_eq!(shown.get("wcId"), None);
    let second = data(client.post("/loginByAccountAndPassword", &first));
    assert_eq!(
        (&second["wId"], &second["wcId"]),
        (&shown["wId"], &json!("wxid_example01"))
    );
    let again = data(client.post("/loginByAccountAndPassword", &first));
    assert_ne!(again["wId"], shown["wId"], "it begins anew");
    let mut second = first;
    second["wId"] = again["wId"].clone();
    assert!(data(client.post("/loginByAccountAndPassword", &second))["wcId"].is_string());
    second["wId"] = json!("nobody");
    client.refused("/loginByAccountAndPassword", &second, "wId");
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_by_status_say_what_they_mean() {
    let client = Client::of(Gateway::builder().body_limit(1000).start().await).await;
    let address = client.gateway.address();
    let (status, answer) = ask(address, "GET /sendText", &client.token, "");
    let said = |answer: &Value| answer["message"].as_str().unwrap_or_default().to_owned();
    assert_eq!((status, &answer["code"]), (405, &json!("1001")));
    assert!(said(&answer).contains("/sendText 只接受 POST"), "{answer}");
    let (status, answer) = ask(address, "POST /sendText", &client.token, &"x".repeat(2000));
    assert_eq!((status, &answer["code"]), (413, &json!("1001")));
    assert!(said(&answer).contains("1000 字节"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn half_an_emoji_is_no_broken_body() {
    let client = Client::new().await;
    let w_id = client.gateway.logged_in();
    let cut = format!(r#"{{"wId":"{w_id}","wcId":"filehelper","content":"你好\ud83d"}}"#);
    data(client.post_text("/sendText", &cut));
    let calls = client.gateway.calls_of("/sendText");
    let content = calls[0].text("content");
    assert!(content.is_some_and(|content| content.starts_with("你好")));
    let broken = client.post_text("/sendText", r#"{"wId":"#);
    assert_eq!(broken["code"], "1001", "{broken}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_speaks_and_where_is_told_and_nonsense_is_refused() {
    let client = Client::new().await;
    let gateway = &client.gateway;
    let server = Server::start(|_| "{}".to_owned());
    data(client.post(
        "/setHttpCallbackUrl",
        &json!({ "httpUrl": server.url, "type": 2 }),
    ));
    server.posted();
    let ([friend, _], group) = (gateway.friends(), gateway.group());
    let said = gateway
        .deliver_text(&friend, Chat::Group(&group), "大家好")
        .await;
    assert!(said.expect("an address").is_acknowledged());
    let told = server.posted().json();
    assert_eq!(told["messageType"], "80001");
    assert_eq!(told["data"]["fromUser"], friend.id.as_str());
    assert_eq!(told["data"]["fromGroup"], group.id.as_str());
    assert_eq!(told["wcId"], gateway.me().id.as_str());
    let mine = gateway
        .deliver_text(&gateway.me(), Chat::Group(&group), "我")
        .await;
    mine.expect("an address");
    assert_eq!(server.posted().json()["data"]["self"], true);
    let nobody = Person::new("wxid_nobody", "");
    let stranger = gateway.deliver_text(&nobody, Chat::Private, "x").await;
    assert!(
        matches!(stranger, Err(Undelivered::Senseless(_))),
        "{stranger:?}"
    );
    let room = Person::new(group.id, "");
    let room = gateway.deliver_text(&room, Chat::Private, "x").await;
    assert!(matches!(room, Err(Undelivered::Senseless(_))), "{room:?}");
}
