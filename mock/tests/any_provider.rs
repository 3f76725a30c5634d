//! A provider that is built in nowhere: its folder is enough, for the library and for the program.

use mock_gateway::{Answer, Answering, Builder, Engine, Fault, Gateway, Received, Vendor, World};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Notify;

const PROGRAM: &str = env!("CARGO_BIN_EXE_mock-gateway");
const PROVIDERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/providers");
const TOKEN: &str = "X-Token: any\r\n";

/// What a client in any language sends, and what it gets: the status and the body; nothing if the connection closes.
fn ask(address: &str, request: &str, headers: &str, body: &str) -> Option<(u16, Value)> {
    let mut stream = TcpStream::connect(address).ok()?;
    write!(
        stream,
        "{request} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, serde_json::from_str(body).unwrap_or_default()))
}

fn send(address: &str, headers: &str, body: &Value) -> Option<Value> {
    let (status, answer) = ask(address, "POST /sendText", headers, &body.to_string())?;
    assert_eq!(status, 200, "{answer}");
    Some(answer)
}

/// Documented answers, and refusals that name what is wrong.
fn plays_as_documented(address: &str) {
    let whole = json!({ "robot": "r", "to": "a", "at": ["b", "c"] });
    let documented = json!({ "code": 1, "msg": "ok", "data": { "id": 7, "time": 1_700_000_000 } });
    assert_eq!(send(address, TOKEN, &whole), Some(documented));
    // No example is printed of this one: its answer is made up in the documented shape.
    let friend = json!({ "code": 1, "msg": "success", "data": { "name": "example", "sex": 0 } });
    assert_eq!(ask(address, "GET /friends", "", ""), Some((200, friend)));
    let refused = |headers: &str, body: Value, names: &str| {
        let answer = send(address, headers, &body).unwrap_or_default();
        // 1 says success, so that a refusal cannot.
        assert_eq!(
            (&answer["code"], &answer["data"]),
            (&json!(0), &Value::Null)
        );
        let message = answer["msg"].as_str().unwrap_or_default();
        assert!(message.contains(names), "{answer} names {names}");
    };
    refused("", whole.clone(), "X-Token");
    refused(TOKEN, json!({ "to": "a" }), "robot");
    refused(TOKEN, json!({ "robot": "r" }), "to");
    refused(TOKEN, json!({ "robot": "r", "to": {} }), "to");
    refused(TOKEN, json!({ "robot": "r", "to": "a", "at": "b" }), "at");
    let many = json!({ "robot": "r", "to": "a", "at": ["b", "c", "d", "e"] });
    refused(TOKEN, many, "3");
    let status = |request| ask(address, request, TOKEN, "").map(|(status, _)| status);
    assert_eq!(status("POST /sendTexts"), Some(404));
    assert_eq!(status("GET /sendText"), Some(405));
    let dropped = format!("{TOKEN}X-Mock-Fault: drop-after-send\r\n");
    assert_eq!(send(address, &dropped, &whole), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_enough_for_a_gateway() {
    let vendor = Vendor::read(format!("{PROVIDERS}/acme")).expect("it inspects clean");
    let gateway = Gateway::of(vendor).start().await.expect("a gateway");
    let address = gateway.address().to_string();
    plays_as_documented(&address);
    let whole = json!({ "robot": "r", "to": "a" });
    gateway.reply_once_to("/sendText", |call| {
        Answer::data(json!({ "id": call.text("to") }))
    });
    let scripted = send(&address, TOKEN, &whole).expect("an answer");
    assert_eq!(scripted["data"], json!({ "id": "a" }));
    gateway.fault_once_on("/friends", Fault::Status(503));
    let down = ask(&address, "GET /friends", "", "").expect("an answer");
    assert_eq!(down.0, 503);
    assert_eq!(gateway.calls_of("/friends").len(), 2);
    let sent = gateway.calls_of("/sendText");
    assert_eq!(
        sent.last().and_then(|call| call.text("to")),
        Some("a".to_owned())
    );
    assert_eq!(gateway.all_calls().len(), sent.len() + 2);
}

/// Documented answers, made up ones, and refusals, where a success is told by other means than one listed code.
#[tokio::test(flavor = "multi_thread")]
async fn success_is_said_as_the_vendor_says_it() {
    let folder = format!("{PROVIDERS}/codes");
    let play = async |api| {
        let vendor = Vendor::read_api(&folder, api).expect("it inspects clean");
        Gateway::of(vendor).start().await.expect("a gateway")
    };
    let coded = play("coded").await;
    let address = coded.address().to_string();
    let answer = |path: &str, body: &str| {
        let asked = ask(&address, &format!("POST {path}"), "", body);
        asked.expect("an answer")
    };
    let sent = json!({ "errmsg": "success", "data": null });
    assert_eq!(answer("/send", r#"{"to":"a"}"#), (200, sent));
    let (status, refused) = answer("/send", "{}");
    assert_eq!((status, &refused["ret"]), (200, &json!(1)), "{refused}");
    assert_eq!(answer("/remaining", "").1["ret"], 3);
    assert_eq!(answer("/friends", "").1, json!([{ "wxid": "wxid_a" }]));
    assert_eq!(answer("/state", "").1["errcode"], 0);
    coded.reply_once_to("/friends", |_| Answer::data(json!(["b"])));
    assert_eq!(answer("/friends", "").1, json!(["b"]));

    let plain = play("plain").await;
    let address = plain.address().to_string();
    let answer = |body| ask(&address, "POST /plain/send", "", body).expect("an answer");
    let (status, sent) = answer(r#"{"to":"a"}"#);
    assert_eq!((status, &sent["data"]["id"]), (200, &json!("1")), "{sent}");
    let (status, refused) = answer("{}");
    assert_eq!(status, 400, "{refused}");
    assert!(refused["error"].to_string().contains("to"), "{refused}");
}

#[tokio::test]
#[should_panic(expected = "acme has no operation `/sentText` (did you mean `/sendText`?)")]
async fn a_plan_for_nothing_fails_the_test() {
    let vendor = Vendor::read(format!("{PROVIDERS}/acme")).expect("it inspects clean");
    let gateway = Gateway::of(vendor).start().await.expect("a gateway");
    gateway.fault_on("/sentText", Fault::Html);
}

/// A vendor with a host for files, a page, and a call that waits.
#[derive(Default)]
struct Slow {
    woken: Notify,
}

impl World for Slow {
    fn hosts(&self) -> usize {
        1
    }

    fn besides(&self) -> &'static [(&'static str, &'static str, &'static str)] {
        &[
            ("POST", "/files", ""),
            ("POST", "/__mock/bell", "rings, for whoever waits"),
        ]
    }

    fn answer<'a>(&'a self, call: &'a Received, engine: &'a Arc<Engine>) -> Answering<'a> {
        Box::pin(async move {
            match (call.path(), call.host()) {
                ("/files", 1) => {
                    let bytes = call.body().to_vec();
                    Answer::raw(200, "application/octet-stream", bytes).header("x-size", "3")
                }
                ("/__mock/bell", _) => {
                    self.woken.notify_one();
                    Answer::json(json!({ "by": call.text("by") }))
                }
                _ => {
                    let start = engine.now();
                    let passed =
                        || Some(engine.now() - start).filter(|passed| passed.as_secs() > 0);
                    let held = engine.hold(&self.woken, Duration::from_millis(300), passed);
                    Answer::data(json!({ "s": held.await.map(|passed| passed.as_secs()) }))
                }
            }
        })
    }

    fn time_has_passed(&self) {
        self.woken.notify_waiters();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_world_may_wait_and_have_hosts_and_pages_of_its_own() {
    let vendor = Vendor::read(format!("{PROVIDERS}/acme")).expect("it inspects clean");
    let gateway = Builder::<Slow>::new(vendor).start().await;
    let gateway = gateway.expect("a gateway");
    let (first, second) = (gateway.host(0), gateway.host(1));
    assert_eq!(gateway.address().to_string(), first);
    let file = "Content-Type: application/octet-stream\r\n";
    assert_eq!(
        ask(&second, "POST /files?name=a", file, "{x}"),
        Some((200, Value::Null))
    );
    let asked = gateway.calls_of("/files");
    assert_eq!(
        (&asked[0].body()[..], asked[0].text("name")),
        (&b"{x}"[..], Some("a".to_owned()))
    );

    let started = Instant::now();
    let nothing = ask(&first, "GET /friends", "", "").expect("an answer");
    assert_eq!(nothing.1["data"], json!({ "s": null }));
    assert!(started.elapsed() >= Duration::from_millis(300), "it waits");
    let waiting = first.clone();
    let waits = std::thread::spawn(move || ask(&waiting, "GET /friends", "", ""));
    while gateway.calls_of("/friends").len() < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // Somebody rings for nothing: it waits on, until time passes.
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let rung = ask(&first, "POST /__mock/bell", form, "by=me");
    assert_eq!(rung, Some((200, json!({ "by": "me" }))));
    let hour = json!({ "advance_s": 3600 }).to_string();
    ask(&first, "POST /__mock/clock", "", &hour);
    let woken = waits.join().expect("no panic").expect("an answer");
    assert_eq!(woken.1["data"], json!({ "s": 3600 }));
    assert_eq!(
        gateway.all_calls().len(),
        3,
        "pages of the mock are no calls"
    );

    for _ in 0..2 {
        gateway.fault_once_on("/files", Fault::Status(503));
    }
    let statuses = [0; 3].map(|_| ask(&second, "POST /files", "", "").map(|(status, _)| status));
    assert_eq!(statuses, [Some(503), Some(503), Some(200)]);
    // Whoever waits when the gateway ends is answered at once.
    let waits = std::thread::spawn(move || ask(&first, "GET /friends", "", ""));
    while gateway.calls_of("/friends").len() < 3 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    gateway.shutdown().await;
    assert!(waits.join().expect("no panic").is_some());
}

/// Ends the program where a test fails.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_folder_is_enough_for_the_program() {
    let started = Command::new(PROGRAM)
        .args(["acme", "--catalog", PROVIDERS, "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn();
    let mut running = Running(started.expect("the program starts"));
    let out = running.0.stdout.take().expect("piped");
    let greeting = BufReader::new(out).lines().next().expect("a line");
    let greeting = greeting.expect("UTF-8");
    let address = greeting.split("http://").nth(1).expect("an address");
    plays_as_documented(address.split(' ').next().expect("an address"));
}

#[test]
fn a_folder_with_errors_is_refused_with_their_places() {
    let folder = std::env::temp_dir().join(format!("mock-{}/broken", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("provider.toml"), "title = \"x\"\n\n[sesion]\n").expect("written");
    let error = Vendor::read(&folder).expect_err("it does not inspect clean");
    assert!(error.to_string().starts_with("provider.toml:"), "{error}");
    let output = Command::new(PROGRAM)
        .args(["broken", "--catalog"])
        .arg(folder.parent().expect("its catalog"))
        .output();
    let output = output.expect("the program starts");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("sesion"), "{said}");
    let nobody = Command::new(PROGRAM).args(["acme"]).output();
    assert_eq!(nobody.expect("it starts").status.code(), Some(2));
    fs::remove_dir_all(folder.parent().expect("its catalog")).expect("removed");
}
