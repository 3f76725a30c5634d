//! Every example runs to its end against the mock gateway, in less than five seconds.

use generated_sdk::eyun::xiao_xi_fa_song::{RevokeMsg, SendText};
use generated_sdk::padchat::fa_song_xiao_xi::SendMsg;
use mock_gateway::eyun::Gateway;
use mock_gateway::{Chat, padchat};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::process::{Child, ChildStdout, Command};

mock_gateway::requests!(generated_sdk);

async fn run(program: &str, gateway: &Gateway) -> String {
    run_at(program, &gateway.url()).await
}

async fn run_at(program: &str, gateway: &str) -> String {
    let started = Instant::now();
    let output = Command::new(program)
        .env("GATEWAY_URL", gateway)
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(Duration::from_secs(30), output).await;
    let output = output
        .expect("the example ends")
        .expect("the example starts");
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    );
    assert!(output.status.success(), "{out}{err}");
    assert!(started.elapsed() < Duration::from_secs(5), "{out}{err}");
    out
}

#[tokio::test]
async fn the_first_call() {
    let gateway = Gateway::builder().verify_first().start().await;
    let gateway = gateway.expect("a gateway");
    let out = run(env!("CARGO_BIN_EXE_eyun_first"), &gateway).await;
    assert!(out.contains("scan https://"), "{out}");
    assert!(
        out.contains("verify first: open https://example.com/verify"),
        "{out}"
    );
    assert!(out.contains("处理成功"), "{out}");
}

/// An address on which nobody listens.
fn free_address() -> String {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    free.local_addr().expect("its address").to_string()
}

/// The lines of a program that does not end by itself, and the program.
fn start(program: &str, with: &[(&str, &str)]) -> (Lines<BufReader<ChildStdout>>, Child) {
    let mut program = Command::new(program)
        .envs(with.iter().copied())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("it starts");
    let lines = BufReader::new(program.stdout.take().expect("its output")).lines();
    (lines, program)
}

/// The first lines that begin so, in this order.
async fn said(lines: &mut Lines<BufReader<ChildStdout>>, beginnings: &[&str]) -> Vec<String> {
    let told = async {
        let mut found = Vec::new();
        while let Ok(Some(line)) = lines.next_line().await {
            if line.starts_with(beginnings[found.len()]) {
                found.push(line);
            }
            if found.len() == beginnings.len() {
                break;
            }
        }
        found
    };
    let told = tokio::time::timeout(Duration::from_secs(20), told).await;
    told.expect("the program speaks")
}

/// What is at an address by plain HTTP, asked with these bytes.
async fn asked(address: &str, request: String) -> String {
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    stream
        .write_all(request.as_bytes())
        .await
        .expect("it reads");
    let mut answer = String::new();
    stream
        .read_to_string(&mut answer)
        .await
        .expect("it answers");
    answer
}

#[tokio::test]
async fn metrics_for_prometheus() {
    let gateway = Gateway::start().await.expect("a gateway");
    let address = free_address();
    let url = gateway.url();
    let with = [("GATEWAY_URL", url.as_str()), ("LISTEN", &address)];
    let (mut lines, _program) = start(env!("CARGO_BIN_EXE_eyun_metrics"), &with);
    said(&mut lines, &["metrics at http://"]).await;
    let body = r#"{"messageType":"60001","data":{"newMsgId":1,"content":"hush"}}"#;
    let posted = format!(
        "POST /callback/a-long-random-word HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    assert!(asked(&address, posted).await.starts_with("HTTP/1.1 200"));
    said(&mut lines, &["Callback"]).await;
    let ask = "GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let handled = r#"wechat_sdk_events_total{provider="eyun",what="handled"} 1"#;
    let mut shown = asked(&address, ask.to_owned()).await;
    while !shown.contains(handled) {
        shown = asked(&address, ask.to_owned()).await;
    }
    let sent = gateway.calls::<SendText>();
    let account = sent[0].text("wId").unwrap_or_default();
    for line in [
        "# HELP wechat_sdk_calls_total ".to_owned(),
        format!(
            r#"wechat_sdk_calls_total{{provider="eyun",operation="send_text",path="/sendText",account="{account}",outcome="ok"}} 1"#
        ),
        r#"wechat_sdk_attempt_seconds_count{provider="eyun",operation="login",path="/member/login",account="",outcome="ok"} 1"#
            .to_owned(),
        r#"wechat_sdk_events_total{provider="eyun",what="received"} 1"#.to_owned(),
        r#"wechat_sdk_events_kept{provider="eyun",state="waiting"} "#.to_owned(),
    ] {
        assert!(shown.contains(&line), "{line}\n{shown}");
    }
    assert!(
        !shown.contains("hush") && !shown.contains("你好"),
        "{shown}"
    );
}

#[tokio::test]
async fn the_first_event_of_a_program() {
    let address = free_address();
    let first = env!("CARGO_BIN_EXE_wequick_first");
    let (mut lines, _server) = start(first, &[("LISTEN", &address)]);
    let program = mock_gateway::wequick::v2::program(format!("http://{address}"));
    let program = program.secret_path("a-long-random-word");
    let program = program.start().expect("starts");
    while program.post("reportTextMessage").await.is_err() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let said = said(&mut lines, &["Callback"]).await;
    assert!(said[0].contains("TextMessage(TextMessage {"), "{said:?}");
}

#[tokio::test]
async fn the_first_answer_through_a_program() {
    let address = free_address();
    let answers = env!("CARGO_BIN_EXE_wequick_answer");
    let (mut lines, _server) = start(answers, &[("LISTEN", &address)]);
    let program = mock_gateway::wequick::v2::program(format!("http://{address}"))
        .secret_path("a-long-random-word");
    let program = program.poll_every(Duration::from_millis(20));
    let program = program.start().expect("starts");
    while program.post("reportTextMessage").await.is_err() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let said = said(&mut lines, &["Ok(CommandResult"]).await;
    assert!(said[0].contains("error_reason: None"), "{said:?}");
    let done = program.executed();
    assert_eq!(done[0].text("text"), "你好");
}

#[tokio::test]
async fn the_first_connection() {
    let gateway = padchat::Gateway::builder().scan_takes(Duration::from_millis(50));
    let gateway = gateway.start().await.expect("a gateway");
    let first = env!("CARGO_BIN_EXE_padchat_first");
    let (mut lines, _bot) = start(first, &[("SOCKET_URL", &gateway.socket_url())]);
    let said_first = said(&mut lines, &["scan {", "logged in: Ok("]).await;
    assert!(said_first[0].contains("weixin.qq.com"), "{said_first:?}");
    assert!(said_first[1].contains("wxid_example01"), "{said_first:?}");
    let [friend, _] = gateway.friends();
    assert_eq!(gateway.deliver_text(&friend, Chat::Private, "你好"), Ok(1));
    let told = said(&mut lines, &["[Text("]).await;
    assert!(told[0].contains("wxid_example02"), "{told:?}");
}

#[tokio::test]
async fn the_first_result_that_is_posted() {
    let gateway = mock_gateway::dami::Gateway::start();
    let gateway = gateway.await.expect("a gateway");
    let address = free_address();
    let url = format!("http://{address}");
    let with = [
        ("GATEWAY_URL", gateway.url()),
        ("LISTEN", address),
        ("CALLBACK_URL", url),
    ];
    let with = with.each_ref().map(|(name, value)| (*name, value.as_str()));
    let (mut lines, _program) = start(env!("CARGO_BIN_EXE_dami_first"), &with);
    let told = said(&mut lines, &["250 friends"]).await;
    assert_eq!(told, ["250 friends, all of them: true"]);
}

#[tokio::test]
async fn login_and_send() {
    let gateway = Gateway::start().await.expect("a gateway");
    let out = run(env!("CARGO_BIN_EXE_eyun_send"), &gateway).await;
    assert!(out.contains("sent: Some(72"), "{out}");
    let sent = gateway.calls::<SendText>();
    assert_eq!(sent[0].text("content").as_deref(), Some("你好"));
}

#[tokio::test]
async fn login_with_a_verification() {
    let gateway = Gateway::builder().verify_first().start().await;
    let out = run(
        env!("CARGO_BIN_EXE_eyun_send"),
        &gateway.expect("a gateway"),
    )
    .await;
    assert!(out.contains("open https://example.com/verify"), "{out}");
    assert!(out.contains("sent: Some(72"), "{out}");
}

#[tokio::test]
async fn export_of_all_contacts() {
    let gateway = Gateway::start().await.expect("a gateway");
    let out = run(env!("CARGO_BIN_EXE_eyun_contacts"), &gateway).await;
    assert!(out.contains("45 of 45 friends"), "{out}");
    assert!(out.contains("wxid_example45\t示例好友45"), "{out}");
}

#[tokio::test]
async fn revoke_after_a_time_out() {
    let gateway = Gateway::start().await.expect("a gateway");
    let out = run(env!("CARGO_BIN_EXE_eyun_revoke"), &gateway).await;
    assert!(out.contains("it may have gone out"), "{out}");
    assert!(out.contains("revoked: 72"), "{out}");
    assert_eq!(gateway.calls::<SendText>().len(), 2, "nothing is repeated");
    assert_eq!(gateway.calls::<RevokeMsg>().len(), 1);
}

#[tokio::test]
async fn a_moment_with_a_video() {
    let gateway = Gateway::start().await.expect("a gateway");
    let out = run(env!("CARGO_BIN_EXE_eyun_moment"), &gateway).await;
    assert!(out.contains("posted: 138"), "{out}");
}

#[tokio::test]
async fn a_bot_that_echoes() {
    let gateway = Gateway::start().await.expect("a gateway");
    let bot = env!("CARGO_BIN_EXE_eyun_echo");
    let (mut lines, _bot) = start(bot, &[("GATEWAY_URL", &gateway.url())]);
    let echoed = async {
        while let Ok(Some(line)) = lines.next_line().await {
            if line.starts_with("listening on ") {
                break;
            }
        }
        let [friend, _] = gateway.friends();
        let delivery = gateway.deliver_text(&friend, Chat::Private, "你好").await;
        assert!(delivery.expect("an address").is_acknowledged());
        while gateway.calls::<SendText>().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let echoed = tokio::time::timeout(Duration::from_secs(20), echoed).await;
    echoed.expect("the bot answers");
    let said = gateway.calls::<SendText>();
    assert_eq!(said[0].text("wcId").as_deref(), Some("wxid_example02"));
    assert_eq!(said[0].text("content").as_deref(), Some("你好"));
}

#[tokio::test]
async fn a_bot_that_is_logged_in_by_a_code_and_echoes() {
    let gateway = padchat::Gateway::builder().scan_takes(Duration::from_millis(50));
    let gateway = gateway.start().await.expect("a gateway");
    let bot = env!("CARGO_BIN_EXE_padchat_echo");
    let (mut lines, _bot) = start(bot, &[("SOCKET_URL", &gateway.socket_url())]);
    let echoed = async {
        let mut shown = String::new();
        while let Ok(Some(line)) = lines.next_line().await {
            shown.push_str(&line);
            if line.starts_with("logged in") {
                break;
            }
        }
        // The code is drawn of half blocks.
        assert!(
            shown.contains("scan this") && shown.contains('▀'),
            "{shown}"
        );
        let [friend, _] = gateway.friends();
        assert_eq!(gateway.deliver_text(&friend, Chat::Private, "你好"), Ok(1));
        while gateway.calls::<SendMsg>().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let echoed = tokio::time::timeout(Duration::from_secs(20), echoed).await;
    echoed.expect("the bot answers");
    let said = gateway.calls::<SendMsg>();
    assert_eq!(
        said[0].text("toUserName").as_deref(),
        Some("wxid_example02")
    );
    assert_eq!(said[0].text("content").as_deref(), Some("你好"));
}

#[tokio::test]
async fn every_friend_is_greeted() {
    use generated_sdk::dami::xiao_xi_guan_li::SendMessage;
    use mock_gateway::dami::Gateway;
    let gateway = Gateway::builder().friends(120).start().await;
    let gateway = gateway.expect("a gateway");
    let out = run_at(env!("CARGO_BIN_EXE_dami_greet"), &gateway.url()).await;
    assert!(out.contains("scan https://example.com/qrcode/"), "{out}");
    assert!(out.contains("120 friends, all: true"), "{out}");
    assert!(out.contains("1 account(s) moved"), "{out}");
    assert!(out.contains("told: Some(\"wxid_example02\")"), "{out}");
    let sent = gateway.calls::<SendMessage>();
    assert_eq!(sent.len(), 120);
    assert_eq!(sent[0].text("content").as_deref(), Some("你好，小明！"));
}

#[tokio::test]
async fn an_assistant_that_welcomes_and_answers_in_groups() {
    use serde_json::json;
    let assistant = env!("CARGO_BIN_EXE_wequick_group");
    let (mut lines, _assistant) = start(assistant, &[("LISTEN", "127.0.0.1:0")]);
    let helped = async {
        let mut server = String::new();
        while let Ok(Some(line)) = lines.next_line().await {
            if let Some(rest) = line.strip_prefix("listening on ") {
                server = rest.split(';').next().expect("an address").to_owned();
                break;
            }
        }
        let program = mock_gateway::wequick::v2::program(server).secret_path("a-long-random-word");
        let program = program
            .account("wxid_me")
            .poll_every(Duration::from_millis(20));
        let program = program.start().expect("starts");
        program
            .post("reportChatRoomMemberAdd")
            .await
            .expect("taken");
        let asked = |id: &str, at: &str| vec![("msgid", json!(id)), ("atlist", json!([at]))];
        for (id, at) in [("1", "wxid_somebody"), ("2", "wxid_me")] {
            let posted = program.post_with("reportTextMessage", asked(id, at)).await;
            posted.expect("taken");
        }
        while program.executed().len() < 2 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        program.executed()
    };
    let helped = tokio::time::timeout(Duration::from_secs(20), helped).await;
    let said = helped.expect("the assistant speaks");
    let texts: Vec<String> = said.iter().map(|done| done.text("text")).collect();
    assert_eq!(texts, ["{$@} 欢迎入群！", "{$@} 收到 2 个字。"]);
    assert!(said.iter().all(|done| done.refused.is_none()), "{said:?}");
    assert_eq!(said[1].text("wxid"), "12345678901@chatroom");
}

#[tokio::test]
async fn two_accounts_are_kept_online_and_send() {
    use generated_sdk::eyun::deng_lu::SecondLogin;
    use generated_sdk::eyun::wei_xin_guan_li::Offline;
    let gateway = Gateway::start().await.expect("a gateway");
    let file = std::env::temp_dir().join(format!("accounts-{}.json", std::process::id()));
    let (url, file) = (gateway.url(), file.to_string_lossy().into_owned());
    let listen = free_address();
    let with = [
        ("GATEWAY_URL", url.as_str()),
        ("ACCOUNTS", &file),
        ("LISTEN", &listen),
    ];
    let (mut lines, _program) = start(env!("CARGO_BIN_EXE_eyun_accounts"), &with);
    let told = [
        "alice: scan",
        "alice is online",
        "bob is online",
        "4 sent, []",
    ];
    said(&mut lines, &told).await;
    assert_eq!(gateway.calls::<SendText>().len(), 4);
    let client = generated_sdk::eyun::Client::builder(gateway.url());
    let client = client.login("account", "password").await.expect("a token");
    let gone = Offline::new("account", ["wxid_bob"]);
    let gone = client.wei_xin_guan_li().offline(gone).await;
    gone.expect("taken offline");
    said(&mut lines, &["bob is offline 已下线", "bob is online"]).await;
    assert_eq!(gateway.calls::<SecondLogin>().len(), 1);
    let _ = std::fs::remove_file(file);
}
