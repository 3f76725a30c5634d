//! What nobody but the parties need know is in no log line at any level, nor in what `Debug` and
//! `Display` show. Alone in its binary: logs are the whole process's.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use generated_sdk::eyun::Client;
use generated_sdk::eyun::deng_lu::{IPadLogin, IPadLoginProxy, Login};
use generated_sdk::eyun::peng_you_quan::{AsynSnsSendVideo, AsynSnsSendVideoRequired, GetCircle};
use generated_sdk::eyun::xiao_xi_fa_song::SendText;
use generated_sdk::padchat::deng_lu_guan_li::{Login as PadchatLogin, LoginLoginType};
use generated_sdk::padchat::fa_song_xiao_xi::SendMsg;
use generated_sdk::{Builder, Hook, Retry, padchat, wequick};
use mock_gateway::Fault;
use serde_json::{Value, json};
use tests::loopback::{Answer, Received, Server};

mock_gateway::requests!(generated_sdk);

fn quick() -> Retry {
    let wait = Duration::from_millis(10);
    Retry::default().first_wait(wait).longest_wait(wait)
}

fn builder(url: &str) -> Builder<Client> {
    Client::builder(url)
        .authorization("t0ken-of-the-account")
        .retry(quick())
}

/// Looks on and says nothing.
struct Idle;

impl Hook for Idle {}

fn video() -> AsynSnsSendVideo {
    AsynSnsSendVideo::new(AsynSnsSendVideoRequired {
        content: "c0ntent-of-a-message".to_owned(),
        video_path: "http://v".to_owned(),
        thumb_path: "http://t".to_owned(),
    })
}

/// Keeps every event and span of `tracing` and every record of `log`, at every level.
#[derive(Clone, Default)]
struct Everything(Arc<Mutex<String>>);

struct Fields<'a>(&'a mut String);

impl tracing::field::Visit for Fields<'_> {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn fmt::Debug) {
        self.0.push_str(&format!(" {field}={value:?}"));
    }
}

impl tracing::Subscriber for Everything {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        let mut log = self.0.lock().expect("a log");
        log.push_str(&format!("\nspan {}", span.metadata().name()));
        span.record(&mut Fields(&mut log));
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, values: &tracing::span::Record<'_>) {
        values.record(&mut Fields(&mut self.0.lock().expect("a log")));
    }

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut log = self.0.lock().expect("a log");
        log.push_str(&format!(
            "\n{} {}",
            event.metadata().level(),
            event.metadata().target()
        ));
        event.record(&mut Fields(&mut log));
    }

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}

impl log::Log for Everything {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let mut log = self.0.lock().expect("a log");
        log.push_str(&format!("\nlog {} {}", record.level(), record.args()));
    }

    fn flush(&self) {}
}

/// What a connection shows on which the same secrets travel, and which is lost and made again.
async fn over_a_socket() -> String {
    let gateway = mock_gateway::padchat::Gateway::builder()
        .logged_in()
        .start()
        .await;
    let gateway = gateway.expect("a gateway");
    let connect = padchat::Client::connect(gateway.socket_url())
        .auth_key("t0ken-of-the-account")
        .reconnect(quick().attempts(100))
        .hook(Idle);
    let mut shown = format!("{connect:?}");
    let (client, mut pushes) = connect.open().await.expect("a connection");
    let login = PadchatLogin::new(LoginLoginType::QrCode).token("pa55word");
    shown += &format!("{login:?} {:?}", client.call(login.clone()).await);
    let text = SendMsg::new("wxid_example02", "c0ntent-of-a-message");
    shown += &format!("{text:?} {:?}", client.call(text.clone()).await);
    gateway.fault_once::<SendMsg>(Fault::Garbage);
    shown += &format!("{:?}", client.call(text.clone()).await);
    gateway.fault_once::<SendMsg>(Fault::DropAfterSend);
    shown += &format!("{:?}", client.call(text.clone()).await);
    shown += &format!("{:?} {:?}", client.call(text).await, pushes.line());
    pushes.line().shutdown(Duration::from_secs(5)).await;
    while let Some(pushed) = pushes.next().await {
        shown += &format!("{pushed:?}");
    }
    assert!(
        shown.contains("Disconnected") && shown.contains("Garbage"),
        "{shown}"
    );
    shown
}

#[tokio::test(flavor = "current_thread")]
async fn no_secret_and_no_content_is_in_a_log_or_in_what_debug_shows() {
    let everything = Everything::default();
    log::set_logger(Box::leak(Box::new(everything.clone()))).expect("the only logger");
    log::set_max_level(log::LevelFilter::Trace);
    tracing::subscriber::set_global_default(everything.clone()).expect("the only subscriber");

    let leak = |request: &Received| {
        // A gateway that repeats what it was told: in its message, and as data.
        let told = String::from_utf8_lossy(&request.body).into_owned();
        let token = request
            .headers
            .get("authorization")
            .cloned()
            .unwrap_or_default();
        let body: Value = serde_json::from_str(&told).unwrap_or_default();
        let known = [&body["password"], &body["proxyPassword"]].map(|secret| secret.as_str());
        let message = format!("welcome {token}, I know {known:?}");
        json!({"code": "1000", "message": message, "data": {
            "content": told, "Authorization": token, "proxyPassword": told,
            "sns": [{"id": "5", "objectDesc": {"xml": told}, "snsComments": [{"content": told}]}],
        }})
    };
    let count = AtomicUsize::new(0);
    let answer = move |request: &Received| match count.fetch_add(1, Ordering::SeqCst) + 1 {
        1 => Answer::Close,
        2 => Answer::Body(
            500,
            "text/html",
            String::from_utf8_lossy(&request.body).into_owned(),
        ),
        _ => {
            let mut answer = leak(request);
            if matches!(&*request.path, "/refused" | "/sendText" | "/member/login") {
                answer["code"] = json!("1001");
            }
            Answer::json(answer.to_string())
        }
    };
    let server = Server::start(answer).await;
    let client = builder(&server.url)
        .hook(Idle)
        .request_id_header("X-Request-Id")
        .build()
        .expect("a client");
    let wx = client.instance("w-secret");
    let mut shown = format!("{client:?} {wx:?} {:?}", builder(&server.url));
    let mut show = |text: String| {
        shown.push_str(&text);
        shown.push('\n');
    };

    let text = SendText::new("filehelper", "c0ntent-of-a-message");
    show(format!("{text:?} {:?}", wx.call(text.clone())));
    let circle = GetCircle::new("", 0).extra("content", "c0ntent-of-a-message");
    show(format!("{circle:?}"));
    show(format!(
        "{:?}",
        wx.call(circle).retry(quick()).await.expect("the third")
    ));
    let error = wx.call(text).await.expect_err("refused");
    show(format!("{error} {error:?}"));
    let login = Login::new("account", "pa55word");
    show(format!(
        "{login:?} {:?}",
        client.call(login.clone()).await.map(|r| r.data)
    ));
    let proxy = IPadLoginProxy::from("7");
    let scan = IPadLogin::new("wxid", "ipad", proxy).proxy_password("pr0xy-password");
    show(format!("{scan:?} {:?}", client.call(scan.clone()).await));
    let raw = client
        .call_raw("/refused", json!({"content": "c0ntent-of-a-message"}))
        .await;
    show(format!("{raw:?}"));
    show(format!("{:?}", wx.pages(GetCircle::new("", 0))));
    show(format!("{:?}", wx.job(video())));
    show(over_a_socket().await);
    let user =
        r#"{"action":"reportLoginUser","data":{"info":{"wxid":"wxid_a","phone":"13900000000"}}}"#;
    show(format!(
        "{:?}",
        wequick::v2::callback::Callback::parse(user)
    ));

    let logged = everything.0.lock().expect("a log").clone();
    assert!(
        logged.contains("operation=\"get_circle\" path=\"/getCircle\" account=\"w-secret\""),
        "{logged}"
    );
    assert!(
        logged.contains("operation=\"send_msg\" path=\"sendMsg\""),
        "{logged}"
    );
    assert!(logged.contains("disconnected"), "{logged}");
    assert!(
        logged.contains("WARN generated_sdk") && logged.contains("request_id"),
        "{logged}"
    );
    for secret in [
        "t0ken-of-the-account",
        "pa55word",
        "pr0xy-password",
        "c0ntent-of-a-message",
        "13900000000",
    ] {
        for (where_, text) in [("logs", &logged), ("Debug", &shown)] {
            assert!(!text.contains(secret), "{secret} in {where_}:\n{text}");
        }
    }
    // Whose calls they are stands in spans, so that one can tell accounts apart, and nowhere by chance.
    assert!(!shown.contains("w-secret"), "{shown}");
}
