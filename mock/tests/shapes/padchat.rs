//! Clients of PadChat, as they are published: bots that answer whoever writes, and JavaScript that sends bytes.

use super::PATIENCE;
use futures_util::{SinkExt, StreamExt};
use mock_gateway::Chat;
use mock_gateway::padchat::{Builder, Gateway};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_websockets::{ClientBuilder, MaybeTlsStream, Message, WebSocketStream};

struct Client {
    gateway: Gateway,
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Client {
    /// A client on whose connection nothing has come yet.
    async fn new(builder: Builder) -> Self {
        let gateway = builder.start().await.expect("a gateway");
        let url = gateway.socket_url();
        let builder = ClientBuilder::new().uri(&url).expect("an address");
        let (socket, _) = builder.connect().await.expect("a connection");
        Self { gateway, socket }
    }

    /// A client that has shown its key.
    async fn known(builder: Builder) -> Self {
        let mut client = Self::new(builder).await;
        let known = client
            .call(json!({ "code": "auth", "cmdId": "0", "authKey": "k" }))
            .await;
        assert_eq!(known["success"], true, "{known}");
        client
    }

    async fn send(&mut self, message: Message) {
        self.socket.send(message).await.expect("sent");
    }

    async fn next(&mut self) -> Value {
        let next = timeout(PATIENCE, self.socket.next())
            .await
            .expect("in time");
        let message = next.expect("open").expect("a message");
        serde_json::from_str(message.as_text().expect("a text")).expect("JSON")
    }

    /// Sends a command; what comes next must be its answer.
    async fn call(&mut self, command: Value) -> Value {
        self.send(Message::text(command.to_string())).await;
        self.next().await
    }
}

fn text(to: &str) -> Value {
    json!({ "code": "sendMsg", "cmdId": "1", "data": { "toUserName": to, "content": "在" } })
}

#[tokio::test]
async fn a_bot_that_answers_whoever_writes_does_not_hear_itself() {
    let mut bot = Client::known(Gateway::builder().logged_in()).await;
    let [friend, _] = bot.gateway.friends();
    assert_eq!(
        bot.gateway.deliver_text(&friend, Chat::Private, "在吗"),
        Ok(1)
    );
    let told = bot.next().await;
    let message = &told["data"][0];
    assert_eq!(
        (&message["Content"], &message["ToUser"]),
        (&json!("在吗"), &json!(bot.gateway.me().id))
    );
    // Nothing but the answers comes: no echo is pushed before, or between them.
    let to = message["FromUser"].as_str().expect("somebody").to_owned();
    for _ in 0..2 {
        let answer = bot.call(text(&to)).await;
        assert_eq!(
            (&answer["success"], &answer["cmdId"]),
            (&json!(true), &json!("1"))
        );
    }
    let mut heard = Client::known(Gateway::builder().logged_in().echo()).await;
    let echo = heard.call(text(&to)).await;
    assert_eq!(
        (&echo["event"], &echo["data"][0]["ToUser"]),
        (&json!("push"), &json!(to))
    );
    assert_eq!(heard.next().await["cmdId"], "1");
}

#[tokio::test]
async fn in_a_group_the_speaker_stands_before_the_text() {
    let mut bot = Client::known(Gateway::builder().logged_in()).await;
    let ([_, friend], group) = (bot.gateway.friends(), bot.gateway.group());
    bot.gateway
        .deliver_text(&friend, Chat::Group(&group), "大家好")
        .expect("said");
    let told = bot.next().await;
    let message = &told["data"][0];
    assert_eq!(message["FromUser"], group.id.as_str());
    assert_eq!(message["Content"], format!("{}:\n大家好", friend.id));
    bot.gateway
        .deliver_text(&friend, Chat::Private, "")
        .expect_err("nothing is said");
}

#[tokio::test]
async fn refusals_look_like_answers() {
    let mut client = Client::new(Gateway::builder().auth_key("right")).await;
    for command in [
        json!({ "code": "auth", "cmdId": "7", "authKey": "wrong" }),
        json!({ "code": "status", "cmdId": "7" }),
        json!({ "code": "makeCoffee", "cmdId": "7" }),
        json!({ "code": "sendMsg", "cmdId": "7", "data": {} }),
        json!({ "cmdId": "7" }),
    ] {
        let answer = client.call(command).await;
        assert_eq!(answer["success"], false, "{answer}");
        assert_eq!(
            (&answer["type"], &answer["cmdId"]),
            (&json!("cmdRet"), &json!("7")),
            "{answer}"
        );
        assert!(
            answer["msg"].as_str().is_some_and(|why| !why.is_empty()),
            "{answer}"
        );
    }
    client.send(Message::text("no JSON")).await;
    assert_eq!(client.next().await["type"], "cmdRet");
}

#[tokio::test]
async fn a_call_may_come_as_bytes() {
    let mut client = Client::new(Gateway::builder()).await;
    let auth = br#"{"code":"auth","cmdId":"1","authKey":"k"}"#;
    client.send(Message::binary(auth.to_vec())).await;
    let answer = client.next().await;
    assert_eq!(
        (&answer["success"], &answer["cmdId"]),
        (&json!(true), &json!("1")),
        "{answer}"
    );
    client.send(Message::binary(vec![0xff, 0x00])).await;
    let answer = client.next().await;
    assert_eq!(
        (&answer["success"], &answer["type"]),
        (&json!(false), &json!("cmdRet")),
        "{answer}"
    );
}

#[tokio::test]
async fn a_login_shows_a_picture_and_contacts_are_pushed() {
    let quick = Gateway::builder().scan_takes(Duration::from_millis(2));
    let mut client = Client::known(quick).await;
    let login = json!({ "code": "login", "cmdId": "2", "data": { "loginType": "qrcode" } });
    let shown = client.call(login).await;
    assert_eq!(shown["event"], "qrcode", "{shown}");
    let picture = shown["data"]["QrCode"].as_str().expect("a picture");
    // A PNG, and no word in base64.
    assert!(
        picture.starts_with("iVBORw0KGgo") && picture.len() > 300,
        "{picture}"
    );
    while client.next().await["cmdId"] != "2" {}
    let contacts = client
        .call(json!({ "code": "syncContact", "cmdId": "3" }))
        .await;
    let ids = |contacts: &Value| {
        let all = contacts["data"].as_array().expect("a list");
        let id = |contact: &Value| contact["UserName"].as_str().map(str::to_owned);
        all.iter()
            .filter(|one| one["MsgType"] == 2)
            .filter_map(id)
            .collect::<Vec<_>>()
    };
    let ([one, two], group) = (client.gateway.friends(), client.gateway.group());
    assert_eq!(ids(&contacts), [one.id, two.id, group.id]);
    assert_eq!(client.next().await["event"], "loaded");
    assert_eq!(client.next().await["cmdId"], "3");
}
