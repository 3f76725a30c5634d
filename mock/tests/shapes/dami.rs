//! Receivers of dami's callbacks, as the field has them: one field `data` with JSON text, and some that answer 200
//! whatever they think.

use super::{Request, Server, ask};
use mock_gateway::dami::{Builder, Gateway};
use mock_gateway::{Chat, Encoding};
use serde_json::{Value, json};

struct Client {
    gateway: Gateway,
    token: String,
    server: Server,
}

impl Client {
    /// A client whose server is told everything.
    async fn new(builder: Builder, server: Server) -> Self {
        let gateway = builder.friends(3).start().await.expect("a gateway");
        let token = format!("token: {}\r\n", gateway.token());
        let client = Self {
            gateway,
            token,
            server,
        };
        let slots = ["messagelog", "crowdlog", "wacatout", "callbackSend"];
        let url = &client.server.url;
        let all = slots.map(|slot| format!("{slot}={url}/{slot}"));
        client.post("/foreign/user/setUrl", &all.join("&"));
        client
    }

    fn post(&self, path: &str, form: &str) -> Value {
        let headers = format!(
            "Content-Type: application/x-www-form-urlencoded\r\n{}",
            self.token
        );
        let (_, answer) = ask(
            self.gateway.address(),
            &format!("POST {path}"),
            &headers,
            form,
        );
        assert_eq!(answer["code"], 1, "{path}: {answer}");
        answer
    }

    /// The fields of the next callback, and where it came.
    fn told(&self) -> (String, Vec<(String, String)>) {
        let request = self.server.posted();
        let path = request.line.split(' ').nth(1).expect("a path");
        (path.to_owned(), parts(&request))
    }

    /// The JSON in the only field of the next callback, which came there.
    fn data(&self, at: &str) -> Value {
        let (path, fields) = self.told();
        let [(name, text)] = fields.as_slice() else {
            panic!("{path}: {fields:?}");
        };
        assert_eq!((path.as_str(), name.as_str()), (at, "data"));
        serde_json::from_str(text).expect("JSON")
    }
}

/// The fields of a body in parts.
fn parts(request: &Request) -> Vec<(String, String)> {
    let boundary = request
        .content_type
        .strip_prefix("multipart/form-data; boundary=");
    let boundary = format!("--{}", boundary.expect("in parts"));
    let parts = request.body.split(&boundary).filter_map(|part| {
        let (head, text) = part.split_once("\r\n\r\n")?;
        let name = head.split("name=\"").nth(1)?.split('"').next()?;
        Some((name.to_owned(), text.trim_end_matches("\r\n").to_owned()))
    });
    parts.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_receivers_read_comes_in_one_field() {
    let client = Client::new(Gateway::builder(), Server::start(|_| "success".to_owned())).await;
    let named = |path: &str| format!("callback_url={}{path}", client.server.url);
    client.post(
        "/foreign/message/scanNew",
        &format!("extend=x&{}", named("/code")),
    );
    let code = client.data("/code");
    assert_eq!(
        (&code["code"], &code["extend"]),
        (&json!(1), &json!("x")),
        "{code}"
    );
    assert!(
        code["url"].is_string() && code["task_id"].is_number(),
        "{code}"
    );
    // Who has scanned it, and who has come: an object here.
    assert_eq!(client.data("/callbackSend")[0]["type"], 4);
    let come = client.data("/wacatout");
    assert_eq!(
        (&come["type"], &come["account"]),
        (&json!("1"), &json!(client.gateway.me().id))
    );
    // Who has gone: a list of one there.
    client.post("/foreign/wacat/out", "my_account=wxid_example01");
    assert_eq!(client.data("/wacatout")[0]["type"], "2");

    let room = format!(
        "my_account=wxid_example01&g_number=12345678901@chatroom&{}",
        named("/room")
    );
    client.post("/foreign/group/qrcode", &room);
    assert_eq!(client.data("/room")["group_number"], "12345678901@chatroom");
    let labels = format!("my_account=wxid_example01&lables=同事&{}", named("/labels"));
    client.post("/foreign/Wacat/addLable", &labels);
    assert_eq!(client.data("/labels")["info"][0]["lable_name"], "同事");
    client.post(
        "/foreign/Wacat/getLables",
        "my_account=wxid_example01&tags=x",
    );
    assert_eq!(client.data("/callbackSend")[0]["lable_name"], "同事");
    let who = "my_account=wxid_example01&account=wxid_example02";
    client.post("/foreign/wacat/newGetWacatInfo", who);
    assert_eq!(client.data("/callbackSend")["account"], "wxid_example02");
}

#[tokio::test(flavor = "multi_thread")]
async fn friends_and_zombies_come_as_fields() {
    let client = Client::new(Gateway::builder(), Server::start(|_| String::new())).await;
    let named = |path: &str| {
        format!(
            "my_account=wxid_example01&callback_url={}{path}",
            client.server.url
        )
    };
    client.post("/foreign/Friends/syncFriendList", &named("/friends"));
    let (_, fields) = client.told();
    let field = |name: &str| {
        fields
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, text)| text.as_str())
    };
    assert_eq!(
        (field("total"), field("currentPage")),
        (Some("3"), Some("1"))
    );
    let info: Value = serde_json::from_str(field("info").expect("a list")).expect("JSON");
    assert_eq!(info[0]["account"], client.gateway.friends()[0].id.as_str());
    client.post(
        "/foreign/Friends/checkZombie",
        &format!("account=wxid_a&{}", named("/zombie")),
    );
    let (_, fields) = client.told();
    assert!(
        fields.contains(&("status".to_owned(), "1".to_owned())),
        "{fields:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_address_has_its_encoding() {
    let builder = Gateway::builder().posts_as(Encoding::Json);
    let builder = builder.posts_to("messagelog", Encoding::Form);
    let client = Client::new(builder, Server::start(|_| String::new())).await;
    let ([friend, _], group) = (client.gateway.friends(), client.gateway.group());
    let said = client
        .gateway
        .deliver_text(&friend, Chat::Private, "你好")
        .await;
    assert!(said.expect("an address").is_acknowledged());
    let request = client.server.posted();
    assert_eq!(request.content_type, "application/x-www-form-urlencoded");
    assert!(request.body.starts_with("data=%7B"), "{}", request.body);
    let said = client
        .gateway
        .deliver_text(&friend, Chat::Group(&group), "大家好")
        .await;
    assert!(said.expect("an address").is_acknowledged());
    let request = client.server.posted();
    assert_eq!(request.content_type, "application/json");
    let told = &request.json()["data"];
    assert_eq!(
        (&told["g_number"], &told["to_account"]),
        (&json!(group.id), &json!(friend.id))
    );
    assert_eq!(told["content"], "大家好");
}

/// A receiver that wants parts, and says so with status 200.
#[tokio::test(flavor = "multi_thread")]
async fn a_good_status_with_an_error_text_is_shown_as_what_it_is() {
    let picky = Server::start(
        |request| match request.content_type.starts_with("multipart/") {
            true => "success".to_owned(),
            false => r#"{"error":"multipart/form-data only"}"#.to_owned(),
        },
    );
    let builder = Gateway::builder().posts_to("crowdlog", Encoding::Form);
    let client = Client::new(builder, picky).await;
    let ([friend, _], group) = (client.gateway.friends(), client.gateway.group());
    let taken = client
        .gateway
        .deliver_text(&friend, Chat::Private, "你好")
        .await;
    assert!(taken.expect("an address").is_acknowledged());
    let refused = client
        .gateway
        .deliver_text(&friend, Chat::Group(&group), "你好")
        .await;
    let refused = refused.expect("an address");
    assert!(
        !refused.is_acknowledged() && refused.status == Some(200),
        "{refused:?}"
    );
    let (_, shown) = ask(client.gateway.address(), "GET /__mock/deliveries", "", "");
    assert_eq!(
        (&shown[0]["acknowledged"], &shown[0]["answer"]),
        (&json!(true), &json!("success"))
    );
    assert_eq!(
        (&shown[1]["acknowledged"], &shown[1]["status"]),
        (&json!(false), &json!(200))
    );
    let (answer, error) = (&shown[1]["answer"], &shown[1]["error"]);
    assert!(
        answer
            .as_str()
            .is_some_and(|text| text.contains("form-data only")),
        "{shown}"
    );
    assert!(
        error
            .as_str()
            .is_some_and(|why| why.starts_with("answered 200")),
        "{shown}"
    );
}
