//! The mock gateway over real sockets: the SDK against it, and plain HTTP as any other language would speak it.

use std::time::{Duration, Instant};

use generated_sdk::eyun::biao_qian::{AddContactLabel, GetContactLabelList};
use generated_sdk::eyun::deng_lu::{GetAddressList, GetIPadLoginInfo, IPadLogin, IPadLoginProxy};
use generated_sdk::eyun::hao_you_cao_zuo::{GetContact, ModifyRemark};
use generated_sdk::eyun::mock::Gateway;
use generated_sdk::eyun::peng_you_quan::{
    AsynSnsSendVideo, AsynSnsSendVideoRequired, GetAsynSnsSendVideoRes,
};
use generated_sdk::eyun::qun_cao_zuo::{CreateChatRoom, GetChatRoomMember};
use generated_sdk::eyun::wei_xin_guan_li::{IsOnline, QueryLoginWx};
use generated_sdk::eyun::xiao_xi_fa_song::{RevokeMsg, RevokeMsgRequired, SendText};
use generated_sdk::eyun::xiao_xi_jie_shou::CancelHttpCallbackUrl;
use generated_sdk::eyun::{self, Client, Instance, SentMessage};
use generated_sdk::runtime::mock::{Answer, Fault};
use generated_sdk::{Error, ErrorKind, Json, Reply};
use serde_json::{Value, json};
use tests::loopback::{Answer as Http, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How one call ended.
pub struct Outcome {
    id: &'static str,
    result: Result<Vec<String>, String>,
}

fn outcome<T>(id: &'static str, result: Result<Reply<T>, Error>) -> Outcome {
    let issues = |reply: Reply<T>| reply.issues().iter().map(ToString::to_string).collect();
    let result = result.map(issues).map_err(|error| error.to_string());
    Outcome { id, result }
}

include!(concat!(env!("OUT_DIR"), "/known_eyun.rs"));

async fn start() -> Gateway {
    Gateway::start().await.expect("a gateway")
}

fn logged_in(gateway: &Gateway) -> Instance {
    gateway.instance().expect("a client")
}

/// What a program in any language sends, and what it gets: status and body.
async fn http(
    gateway: &Gateway,
    method: &str,
    path: &str,
    headers: &str,
    body: &str,
) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(gateway.address()).await.expect("up");
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: mock\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, body.to_owned()))
}

async fn post(gateway: &Gateway, path: &str, headers: &str, body: &Value) -> Value {
    let answer = http(gateway, "POST", path, headers, &body.to_string()).await;
    let (status, body) = answer.expect("an answer");
    let mut body: Value = serde_json::from_str(&body).expect("JSON");
    if status != 200 {
        body["http"] = json!(status);
    }
    body
}

#[tokio::test]
async fn every_operation_succeeds_without_an_issue() {
    let gateway = start().await;
    let client = gateway.client().expect("a client");
    let wx = client.instance(gateway.logged_in());
    let done = call_all(&client, &wx).await;
    assert_eq!((done.len(), gateway.all_calls().len()), (127, 127));
    for (outcome, call) in done.iter().zip(gateway.all_calls()) {
        assert_eq!(outcome.result, Ok(Vec::new()), "{}", outcome.id);
        assert_eq!(
            outcome.id,
            call.operation(),
            "shared paths find their operation"
        );
    }
}

#[tokio::test]
async fn a_login_leads_to_an_instance() {
    let gateway = Gateway::builder()
        .verify_first()
        .account("me", "pa55")
        .start();
    let gateway = gateway.await.expect("a gateway");
    let refused = Client::builder(gateway.url()).login("me", "wrong").await;
    assert_eq!(refused.expect_err("refused").code(), Some("1001"));
    let client = Client::builder(gateway.url()).login("me", "pa55");
    let client = client.await.expect("a login");
    let code = client
        .deng_lu()
        .ipad_login(IPadLogin::new("", "ipad", IPadLoginProxy::Beijing));
    let code = code.await.expect("a code");
    assert!(code.data.qr_code_url.is_some());
    let wx = client.instance(code.data.w_id.clone().expect("a wId"));

    let early = wx
        .xiao_xi_fa_song()
        .send_text(SendText::new("filehelper", "x"))
        .await;
    let early = early.expect_err("nobody is logged in");
    assert!(early.to_string().contains("未登录"), "{early}");
    let online = wx.wei_xin_guan_li().is_online(IsOnline::new()).await;
    assert_eq!(online.expect("an answer").data.is_online, Some(false));

    let login = || {
        wx.deng_lu()
            .get_ipad_login_info(GetIPadLoginInfo::new(false))
    };
    let started = Instant::now();
    let first = login().await.expect("an answer");
    assert_eq!(first.code(), "200");
    assert!(first.data.url.is_some());
    assert!(
        started.elapsed() > Duration::from_millis(100),
        "a long poll"
    );
    let second = login().await.expect("an answer");
    assert_eq!(second.code(), "1000");
    assert_eq!(second.data.w_id, code.data.w_id);

    let online = wx.wei_xin_guan_li().is_online(IsOnline::new()).await;
    assert_eq!(online.expect("an answer").data.is_online, Some(true));
    let query = client.wei_xin_guan_li().query_login_wx(QueryLoginWx::new());
    let query = query.await.expect("an answer");
    assert_eq!(query.data[0].wc_id, second.data.wc_id);
}

#[tokio::test]
async fn what_is_missing_or_wrong_is_refused_as_the_vendor_does() {
    let gateway = start().await;
    let token = format!("Authorization: {}\r\n", gateway.authorization());
    let w_id = gateway.logged_in().to_string();
    let whole = json!({ "wId": w_id, "wcId": "filehelper", "content": "x" });
    let refused = |answer: Value, names: &str| {
        assert_eq!(answer["code"], json!("1001"), "{answer}");
        assert!(
            answer["message"]
                .as_str()
                .is_some_and(|m| m.contains(names)),
            "{answer} names {names}"
        );
        assert_eq!(answer["data"], Value::Null);
        assert_eq!(answer.get("http"), None, "{answer}");
    };
    assert_eq!(
        post(&gateway, "/sendText", &token, &whole).await["code"],
        json!("1000")
    );
    refused(
        post(&gateway, "/sendText", "", &whole).await,
        "Authorization",
    );
    let stranger = "Authorization: nobody\r\n";
    refused(
        post(&gateway, "/sendText", stranger, &whole).await,
        "Authorization",
    );
    for name in ["wId", "wcId", "content"] {
        let mut body = whole.clone();
        body.as_object_mut().expect("an object").remove(name);
        refused(post(&gateway, "/sendText", &token, &body).await, name);
        for wrong in [json!({}), json!([]), Value::Null] {
            body[name] = wrong;
            refused(post(&gateway, "/sendText", &token, &body).await, name);
        }
    }
    let mut unknown = whole.clone();
    unknown["wId"] = json!("nobody");
    refused(post(&gateway, "/sendText", &token, &unknown).await, "wId");
    let ids: Vec<String> = (0..21).map(|n| format!("wxid_{n}")).collect();
    let many = json!({ "wId": w_id, "wcId": ids.join(",") });
    refused(post(&gateway, "/getContact", &token, &many).await, "20");
    let number = json!({ "wId": w_id, "firstPageMd5": "", "maxId": "x" });
    refused(post(&gateway, "/getCircle", &token, &number).await, "maxId");
    let nowhere = json!({ "httpUrl": "http://example.com/", "type": 2 });
    refused(
        post(&gateway, "/setHttpCallbackUrl", &token, &nowhere).await,
        "httpUrl",
    );
    refused(
        post(&gateway, "/sendText", &token, &json!([1])).await,
        "JSON",
    );
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    let deep = http(&gateway, "POST", "/sendText", &token, &deep).await;
    assert!(deep.expect("an answer").1.contains("1001"));
    let nothing = post(&gateway, "/sendTextt", &token, &whole).await;
    assert_eq!(
        (nothing["http"].clone(), nothing["code"].clone()),
        (json!(404), json!("1001"))
    );
    let (status, _) = http(&gateway, "GET", "/sendText", &token, "")
        .await
        .expect("an answer");
    assert_eq!(status, 405);
}

fn revoke(sent: &SentMessage, new_msg_id: &str) -> RevokeMsg {
    RevokeMsg::new(RevokeMsgRequired {
        wc_id: sent.wc_id.clone().expect("a receiver"),
        msg_id: sent.msg_id.clone().expect("an id"),
        new_msg_id: new_msg_id.into(),
        create_time: sent.create_time.expect("a time"),
    })
}

#[tokio::test]
async fn a_message_is_revoked_by_its_exact_ids_and_once() {
    let gateway = start().await;
    let wx = logged_in(&gateway);
    let mut last = 1_i64 << 53;
    for _ in 0..20 {
        let send = SendText::new("wxid_example02", "你好");
        let sent = wx.xiao_xi_fa_song().send_text(send).await.expect("sent");
        let id = sent.data.new_msg_id.clone().expect("an id").to_string();
        let whole: i64 = id.parse().expect("a number");
        assert!(whole > last, "{whole} > {last}");
        last = whole;
        #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
        let rounded = (whole as f64) as i64;
        let lost = wx
            .xiao_xi_fa_song()
            .revoke_msg(revoke(&sent.data, &rounded.to_string()))
            .await;
        assert_eq!(lost.expect_err("rounded").code(), Some("1001"));
        assert_eq!(gateway.is_revoked(whole), Some(false));
        let exact = || wx.xiao_xi_fa_song().revoke_msg(revoke(&sent.data, &id));
        exact().await.expect("revoked");
        assert_eq!(gateway.is_revoked(whole), Some(true));
        exact().await.expect_err("a second time");
    }
}

#[tokio::test]
async fn what_is_created_shows_up() {
    let gateway = start().await;
    let wx = logged_in(&gateway);
    let label = wx.biao_qian().add_contact_label(AddContactLabel::new("新"));
    let label = label.await.expect("a label").data;
    let labels = wx
        .biao_qian()
        .get_contact_label_list(GetContactLabelList::new());
    let labels = labels.await.expect("labels").data;
    assert!(labels.iter().any(|known| known.label_id == label.label_id));

    let remark = ModifyRemark::new("wxid_example03", "老王");
    wx.hao_you_cao_zuo()
        .modify_remark(remark)
        .await
        .expect("done");
    let contacts = GetContact::new(["wxid_example03", "wxid_nobody"]);
    let contacts = wx.hao_you_cao_zuo().get_contact(contacts).await;
    let contacts = contacts.expect("contacts").data;
    assert_eq!(contacts.len(), 1, "whom nobody knows is left out");
    assert_eq!(contacts[0].remark.as_deref(), Some("老王"));

    let room = CreateChatRoom::new(["wxid_example01", "wxid_example02"]).topic("新群");
    let room = wx.qun_cao_zuo().create_chat_room(room).await.expect("done");
    let id = room.data.chat_room_id.clone().expect("an id");
    let members = wx
        .qun_cao_zuo()
        .get_chat_room_member(GetChatRoomMember::new(id.clone()));
    assert_eq!(members.await.expect("members").data.len(), 3);
    let list = wx.deng_lu().get_address_list(GetAddressList::new()).await;
    assert!(
        list.expect("a list")
            .data
            .chatrooms
            .contains(&id.to_string())
    );
    gateway.reset();
    assert!(gateway.all_calls().is_empty());
}

#[tokio::test]
async fn lists_page_to_their_end() {
    let gateway = start().await;
    let token = format!("Authorization: {}\r\n", gateway.authorization());
    let w_id = gateway.logged_in().to_string();
    let (mut max_id, mut seen) = (json!(0), Vec::new());
    loop {
        let body = json!({ "wId": w_id, "firstPageMd5": "", "maxId": max_id });
        let answer = post(&gateway, "/getCircle", &token, &body).await;
        let page = answer["data"]["sns"].as_array().expect("a page").clone();
        let Some(last) = page.last() else { break };
        max_id = last["id"].clone();
        seen.extend(page.iter().map(|moment| moment["id"].clone()));
    }
    seen.dedup();
    assert_eq!(seen.len(), 25);

    let (mut key, mut count) = (Value::Null, 0);
    loop {
        let body = json!({ "wId": w_id, "keyBuf": key });
        let answer = post(&gateway, "/weChatFavorites/favSync", &token, &body).await;
        count += answer["data"]["favList"].as_array().expect("a page").len();
        key = answer["data"]["keyBuf"].clone();
        if answer["data"]["continueFlag"] == json!(0) {
            break;
        }
    }
    assert_eq!(count, 25);

    let (mut code, mut count) = (json!(""), 0);
    loop {
        let body = json!({ "wId": w_id, "userName": "v2_example@finder", "pageCode": code });
        let answer = post(&gateway, "/finderUserHome", &token, &body).await;
        count += answer["data"]["videoList"]
            .as_array()
            .expect("a page")
            .len();
        code = answer["data"]["pageCode"].clone();
        if code == json!("") {
            break;
        }
    }
    assert_eq!(count, 25);
}

#[tokio::test]
async fn a_job_takes_a_while() {
    let gateway = Gateway::builder().jobs_take(Duration::from_millis(150));
    let gateway = gateway.start().await.expect("a gateway");
    let wx = logged_in(&gateway);
    let job = AsynSnsSendVideo::new(AsynSnsSendVideoRequired {
        content: "周末".to_owned(),
        video_path: "https://example.com/v.mp4".to_owned(),
        thumb_path: "https://example.com/v.jpg".to_owned(),
    });
    let job = wx.peng_you_quan().asyn_sns_send_video(job).await;
    let id = job.expect("a job").data.asyn_id.clone().expect("an id");
    let client = wx.client();
    let ask = || {
        client
            .peng_you_quan()
            .get_asyn_sns_send_video_res(GetAsynSnsSendVideoRes::new(&id))
    };
    assert_eq!(ask().await.expect("an answer").data.id, None);
    tokio::time::sleep(Duration::from_millis(200)).await;
    let posted = ask().await.expect("an answer").data.id.clone();
    assert!(posted.is_some());
    assert_eq!(ask().await.expect("an answer").data.id, posted, "once");
}

#[tokio::test]
async fn faults_come_on_demand() {
    let gateway = start().await;
    let wx = logged_in(&gateway);
    let send = || {
        wx.xiao_xi_fa_song()
            .send_text(SendText::new("filehelper", "x"))
    };
    let with = |fault: &str| send().header("X-Mock-Fault", fault);

    let error = with("drop-after-send").await.expect_err("dropped");
    assert_eq!(error.kind(), ErrorKind::NoAnswer);
    assert!(error.may_have_been_executed());
    let error = with("500").await.expect_err("500");
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Status, Some(500))
    );
    let error = with("html").await.expect_err("a page");
    assert_eq!(error.kind(), ErrorKind::Undecodable);
    assert_eq!(error.message(), Some("502 Bad Gateway"));
    let reply = with("wrong-type").await.expect("still a success");
    assert_eq!(reply.issues().len(), 1, "{:?}", reply.issues());
    let late = with("delay=400").timeout(Duration::from_millis(50)).await;
    assert!(late.expect_err("late").is_timeout());
    let started = Instant::now();
    with("delay=60").await.expect("late, but there");
    assert!(started.elapsed() >= Duration::from_millis(60));
    let error = with("nonsense").await.expect_err("no such fault");
    assert_eq!(error.status(), Some(400));

    gateway.fault_once::<SendText>(Fault::DropAfterSend);
    send().await.expect_err("dropped");
    send().await.expect("once only");
    gateway.fault::<SendText>(Fault::Status(503));
    for _ in 0..3 {
        assert_eq!(send().await.expect_err("down").status(), Some(503));
    }
    gateway.clear();
    send().await.expect("back");

    let plan = json!({ "operation": "/sendText", "fault": "html", "times": 2 });
    assert_eq!(
        post(&gateway, "/__mock/faults", "", &plan).await,
        json!({ "ok": true })
    );
    for _ in 0..2 {
        send().await.expect_err("a page");
    }
    send().await.expect("twice only");
    for wrong in [
        json!({ "operation": "/nowhere", "fault": "html" }),
        json!({ "operation": "*", "fault": "fire" }),
        json!({ "operation": "*", "fault": "html", "times": 0 }),
    ] {
        let answer = post(&gateway, "/__mock/faults", "", &wrong).await;
        assert_eq!(answer["http"], json!(400), "{answer}");
    }

    let down = Gateway::builder().fault("*", Fault::Status(500)).start();
    let down = down.await.expect("a gateway");
    let error = logged_in(&down)
        .xiao_xi_fa_song()
        .send_text(SendText::new("filehelper", "x"))
        .await;
    assert_eq!(error.expect_err("down").status(), Some(500));
}

#[tokio::test]
async fn replies_are_scripted_and_calls_asserted() {
    let gateway = start().await;
    let wx = logged_in(&gateway);
    let send = |text: &str| {
        wx.xiao_xi_fa_song()
            .send_text(SendText::new("filehelper", text))
    };
    gateway.reply_once::<SendText>(|request| {
        assert_eq!(request.text("content").as_deref(), Some("one"));
        Answer::refused("1002", "敏感词")
    });
    let error = send("one").await.expect_err("refused");
    assert_eq!(
        (error.code(), error.message()),
        (Some("1002"), Some("敏感词"))
    );
    send("two").await.expect("as before");

    let mut data = SentMessage::default();
    data.new_msg_id = Some("9007199254740993".into());
    gateway.reply_data::<SendText>(&data);
    for _ in 0..2 {
        let sent = send("three").await.expect("scripted");
        let id = sent.data.new_msg_id.clone().expect("an id");
        assert_eq!(id, "9007199254740993");
        assert_eq!(sent.data.msg_id, None);
    }
    gateway.clear();
    gateway.reply::<SendText>(|request| {
        let echoed = request.param("content").unwrap_or_default();
        Answer::data(Json::object([("wcId", echoed)]))
    });
    let sent = send("four").await.expect("scripted");
    assert_eq!(sent.data.wc_id, Some("four".into()));
    gateway.clear();

    let plan = json!({ "operation": "/sendText", "body": { "code": 1000, "data": { "type": 7 } } });
    post(&gateway, "/__mock/replies", "", &plan).await;
    assert_eq!(send("five").await.expect("scripted").data.type_, Some(7));

    let calls = gateway.calls::<SendText>();
    assert_eq!(calls.len(), 6);
    let params: Value = calls[0].params().deserialize().expect("JSON");
    assert_eq!(params["content"], json!("one"));
    assert!(calls[0].raw().contains(r#""content":"one""#));
    assert!(!format!("{calls:?}").contains("one"), "no content in Debug");
    let listed = http(
        &gateway,
        "GET",
        "/__mock/calls?operation=%2FsendText",
        "",
        "",
    );
    let (_, listed) = listed.await.expect("an answer");
    let listed: Value = serde_json::from_str(&listed).expect("JSON");
    assert_eq!(listed.as_array().map(Vec::len), Some(6));
}

#[tokio::test]
async fn callbacks_are_probed_delivered_and_repeated() {
    let receiver = Server::start(|_| Http::json("{}")).await;
    let gateway = Gateway::builder().incoming_every(Duration::from_millis(100));
    let gateway = gateway.start().await.expect("a gateway");
    let token = format!("Authorization: {}\r\n", gateway.authorization());
    let register = json!({ "httpUrl": format!("{}/hook?key=1", receiver.url), "type": 2 });
    assert!(gateway.deliver(Json::null()).await.is_err(), "no address");
    let answer = post(&gateway, "/setHttpCallbackUrl", &token, &register).await;
    assert_eq!(answer["code"], json!("1000"));

    let event = r#"{"messageType":"60001","data":{"newMsgId":18446744073709551615}}"#;
    gateway.duplicate_next_callback();
    let event: Json = event.parse().expect("JSON");
    let delivery = gateway.deliver(event).await.expect("an address");
    assert!(delivery.is_acknowledged(), "{delivery:?}");
    let text = gateway.deliver_text("12345678901@chatroom", "你好").await;
    assert_eq!(text.expect("an address").status, Some(200));
    let bodies = || -> Vec<Value> {
        let received = receiver.received();
        let body = |body: &Vec<u8>| serde_json::from_slice(body).expect("JSON");
        received.iter().map(|request| body(&request.body)).collect()
    };
    let seen = bodies();
    assert_eq!(seen[0]["messageType"], json!("00000"));
    assert_eq!(receiver.received()[0].path, "/hook?key=1");
    let typed = |code: &str| {
        let of = |event: &&Value| event["messageType"] == json!(code);
        bodies().iter().filter(of).count()
    };
    assert_eq!(typed("00000") + typed("60001"), 3, "one of them twice");
    assert_eq!(seen.last().expect("some")["data"]["content"], json!("你好"));
    assert!(gateway.deliveries().iter().any(|one| one.repeated));

    let before = typed("60001");
    gateway.logged_in();
    tokio::time::sleep(Duration::from_millis(350)).await;
    assert!(typed("60001") > before, "a friend writes");

    let client = gateway.client().expect("a client");
    let cancel = client
        .xiao_xi_jie_shou()
        .cancel_http_callback_url(CancelHttpCallbackUrl::new());
    cancel.await.expect("cancelled");
    assert!(gateway.deliver_text("wxid_example01", "x").await.is_err());
    let deliver = post(&gateway, "/__mock/deliver", "", &json!({})).await;
    assert_eq!(deliver["http"], json!(400));
}

#[tokio::test]
async fn any_language_finds_its_way() {
    let gateway = start().await;
    let (status, help) = http(&gateway, "GET", "/__mock/", "", "")
        .await
        .expect("an answer");
    assert!(status == 200 && help.contains("/__mock/faults"), "{help}");
    let operations = http(&gateway, "GET", "/__mock/operations", "", "").await;
    let (_, operations) = operations.expect("an answer");
    let operations: Value = serde_json::from_str(&operations).expect("JSON");
    assert_eq!(operations.as_array().map(Vec::len), Some(127));
    let (_, state) = http(&gateway, "GET", "/__mock/state", "", "")
        .await
        .expect("an answer");
    let state: Value = serde_json::from_str(&state).expect("JSON");
    assert!(
        state["contacts"]
            .as_array()
            .is_some_and(|all| all.len() > 40)
    );
    let (status, _) = http(&gateway, "GET", "/__mock/nothing", "", "")
        .await
        .expect("an answer");
    assert_eq!(status, 404);
    let login = json!({ "account": "a", "password": "b" });
    let answer = post(&gateway, "/member/login", "", &login).await;
    assert!(answer["data"]["Authorization"].is_string(), "{answer}");
}

#[tokio::test]
async fn it_ends_cleanly_and_stays_on_this_machine() {
    let gateway = start().await;
    let address = gateway.address();
    let wx = logged_in(&gateway);
    let slow = wx
        .xiao_xi_fa_song()
        .send_text(SendText::new("filehelper", "x"))
        .header("X-Mock-Fault", "delay=200");
    let slow = tokio::spawn(slow.into_future());
    while gateway.all_calls().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    gateway.shutdown().await;
    slow.await
        .expect("no panic")
        .expect("what was under way ends");
    TcpStream::connect(address).await.expect_err("it is gone");

    let everywhere = Gateway::builder().listen("0.0.0.0:0".parse().expect("an address"));
    let error = everywhere.start().await.expect_err("loopback only");
    assert!(error.to_string().contains("loopback"));

    let small = Gateway::builder().body_limit(1000).start().await;
    let small = small.expect("a gateway");
    let long = "x".repeat(2000);
    let (status, _) = http(&small, "POST", "/sendText", "", &long)
        .await
        .expect("an answer");
    assert_eq!(status, 413);
}

#[test]
fn a_provider_without_a_script_answers_as_documented() {
    let (mut loaded, _) = tests::read(&tests::committed("eyun"), catalog::load::Origin::Catalog);
    let lock = generator::lock::Lock::default();
    let emitted = |loaded: &catalog::load::Loaded| {
        let made = generator::generate(&loaded.provider, &loaded.config, &lock);
        let mut files = made.files.into_iter();
        files
            .find(|file| file.path == "mock.rs")
            .map(|file| file.text)
    };
    assert!(!emitted(&loaded).expect("a table").contains("Documented"));
    loaded.config.mock = Some(catalog::config::MockGateway::default());
    let text = emitted(&loaded).expect("a table");
    assert!(text.contains("type Script = Documented;"), "no script");
    assert!(text.contains(r#"failure: "1","#));
    loaded.config.mock = None;
    assert_eq!(emitted(&loaded), None);
}
