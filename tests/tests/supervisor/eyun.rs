//! eyun: asked with `/isOnline`, told by 30000, logged in again with `/secondLogin`, by a code the first time.

use generated_sdk::eyun::callback::Callback;
use generated_sdk::eyun::deng_lu::{IPadLogin, IPadLoginProxy};
use generated_sdk::eyun::wei_xin_guan_li::Offline;
use generated_sdk::eyun::xiao_xi_fa_song::SendText;
use generated_sdk::eyun::{Client, Instance};
use generated_sdk::store::{MemoryStore, Store};
use mock_gateway::Answer;
use mock_gateway::eyun::Gateway;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;

async fn gateway() -> (Gateway, Client) {
    let gateway = Gateway::builder().login_takes(ms(5)).start().await;
    let gateway = gateway.expect("a gateway");
    let client = Client::builder(gateway.url())
        .login("account", "password")
        .await;
    (gateway, client.expect("a token"))
}

async fn account(supervisor: &Supervisor, client: &Client, name: &str) -> Instance {
    let wanted = format!("wxid_{name}");
    let request = move |known: Option<&str>| {
        IPadLogin::new(known.unwrap_or(&wanted), "ipad", IPadLoginProxy::ShangHai)
    };
    let account = supervisor.account_by_code(name, client, request).await;
    account.expect("supervised")
}

async fn drop_account(client: &Client, name: &str) {
    let gone = Offline::new("account", [format!("wxid_{name}")]);
    client
        .wei_xin_guan_li()
        .offline(gone)
        .await
        .expect("taken offline");
}

async fn sends(wx: &Instance) {
    let sent = wx
        .xiao_xi_fa_song()
        .send_text(SendText::new("filehelper", "x"))
        .await;
    sent.expect("online");
}

#[tokio::test]
async fn accounts_that_drop_at_random_come_back_without_a_person() {
    let (_gateway, client) = gateway().await;
    let codes = Codes::default();
    let supervisor = noting(&codes).every(ms(10)).start().expect("starts");
    let names = ["a", "b", "c", "d", "e"];
    let mut accounts = Vec::new();
    for name in names {
        accounts.push(account(&supervisor, &client, name).await);
    }
    for name in names {
        online(&supervisor, name, 1).await;
    }
    let mut first = shown(&codes);
    first.sort();
    assert_eq!(first, names, "a code each, once");
    let (mut seeded, mut logins) = (Seeded(20_261_127), [1_u64; 5]);
    for _ in 0..25 {
        // Now and then several are gone at once.
        let first = seeded.below(names.len());
        let gone = first..names.len().min(first + 1 + seeded.below(3));
        for at in gone.clone() {
            drop_account(&client, names[at]).await;
            logins[at] += 1;
        }
        for at in gone {
            online(&supervisor, names[at], logins[at]).await;
            sends(&accounts[at]).await;
        }
    }
    assert_eq!(shown(&codes).len(), names.len(), "nobody had to scan again");
}

#[tokio::test]
async fn an_event_tells_at_once_whose_account_is_gone_and_the_reason_is_asked() {
    let (gateway, client) = gateway().await;
    let changes = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&changes);
    let builder = noting(&Codes::default()).every(Duration::from_secs(3600));
    let builder = builder.on_change(move |health| {
        let change = (health.account.clone(), health.state, health.why.clone());
        noted.lock().expect("no panic").push(change);
    });
    let supervisor = builder.start().expect("starts");
    let (alice, _bob) = (
        account(&supervisor, &client, "alice").await,
        account(&supervisor, &client, "bob").await,
    );
    online(&supervisor, "alice", 1).await;
    online(&supervisor, "bob", 1).await;
    let w_id = alice_w_id(&gateway);
    drop_account(&client, "alice").await;
    changes.lock().expect("no panic").clear();
    let event = |w_id: &str| {
        let text = format!(r#"{{"wcId":"x","messageType":"30000","data":{{"wId":"{w_id}"}}}}"#);
        Callback::parse(&text).expect("JSON")
    };
    assert!(!supervisor.tell(&event("somebody else's")));
    let other = r#"{"messageType":"60001","data":{}}"#;
    assert!(!supervisor.tell(&Callback::parse(other).expect("JSON")));
    assert!(supervisor.tell(&event(&w_id)));
    online(&supervisor, "alice", 2).await;
    sends(&alice).await;
    let changes = changes.lock().expect("no panic").clone();
    let offline = changes.iter().find(|change| change.1 == State::Offline);
    assert_eq!(offline.expect("seen").2, "已下线");
    assert!(
        changes.iter().all(|change| change.0 == "alice"),
        "{changes:?}"
    );
}

/// The instance on which alice was logged in last.
fn alice_w_id(gateway: &Gateway) -> String {
    let calls = gateway.calls_of("/isOnline");
    let asked = gateway.calls_of("/getIPadLoginInfo");
    let ids = asked.iter().filter_map(|call| call.text("wId"));
    let known: Vec<String> = calls.iter().filter_map(|call| call.text("wId")).collect();
    let mut ids = ids.filter(|id| known.contains(id));
    ids.next().expect("she was asked for")
}

#[tokio::test]
async fn a_restart_goes_on_with_what_was_saved() {
    let (gateway, client) = gateway().await;
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join(format!("accounts-{}.json", std::process::id()));
    let _ = std::fs::remove_file(&file);
    for in_file in [true, false] {
        let codes = Codes::default();
        let builder = || match in_file {
            true => noting(&codes).file(&file),
            false => noting(&codes).store(Arc::clone(&store)),
        };
        let name = if in_file { "filed" } else { "stored" };
        let supervisor = builder().start().expect("starts");
        account(&supervisor, &client, name).await;
        online(&supervisor, name, 1).await;
        drop(supervisor);
        // Another process, which has no token either.
        let bare = Client::builder(gateway.url()).build().expect("a client");
        let supervisor = builder().start().expect("starts");
        let wx = account(&supervisor, &bare, name).await;
        online(&supervisor, name, 0).await;
        sends(&wx).await;
        assert_eq!(shown(&codes), [name], "no login was needed");
        assert!(gateway.calls_of("/secondLogin").is_empty());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&file)
            .expect("a file")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let _ = std::fs::remove_file(&file);
}

#[tokio::test]
async fn a_refused_login_asks_a_person_and_a_lost_token_is_renewed() {
    let (gateway, client) = gateway().await;
    let codes = Codes::default();
    let again = client.clone();
    let builder = noting(&codes).every(ms(10)).authorize(move || {
        let client = again.clone();
        async move { client.log_in_again("account", "password").await }
    });
    let supervisor = builder.start().expect("starts");
    let wx = account(&supervisor, &client, "alice").await;
    online(&supervisor, "alice", 1).await;
    gateway.reply_once_to("/secondLogin", |_| Answer::refused("1001", "请扫码"));
    drop_account(&client, "alice").await;
    online(&supervisor, "alice", 2).await;
    assert_eq!(shown(&codes), ["alice", "alice"]);
    client.core().reauthorize("worn out");
    let begun = Instant::now();
    while wx
        .xiao_xi_fa_song()
        .send_text(SendText::new("filehelper", "x"))
        .await
        .is_err()
    {
        assert!(begun.elapsed() < PATIENCE);
        sleep(ms(5)).await;
    }
    assert_eq!(shown(&codes).len(), 2);
}

#[tokio::test]
async fn the_endpoint_says_how_the_accounts_are_and_no_secret() {
    let (gateway, client) = gateway().await;
    let codes = Codes::default();
    let supervisor = noting(&codes).every(ms(10)).start().expect("starts");
    account(&supervisor, &client, "alice").await;
    online(&supervisor, "alice", 1).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    let router = supervisor.router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let answer = health(address).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(
        answer.contains(r#""ok":true,"accounts":[{"account":"alice","state":"online","since":"#),
        "{answer}"
    );
    let calls = gateway.calls_of("/isOnline");
    let (w_id, token) = (calls[0].text("wId"), calls[0].authorization());
    for secret in [
        w_id.as_deref(),
        token,
        Some(codes.lock().expect("no panic")[0].1.as_str()),
    ] {
        assert!(!answer.contains(secret.expect("known")), "{answer}");
    }
    gateway.reply_to("/isOnline", |_| {
        Answer::data(serde_json::json!({ "isOnline": false }))
    });
    let begun = Instant::now();
    while !health(address).await.starts_with("HTTP/1.1 503") {
        assert!(begun.elapsed() < PATIENCE);
        sleep(ms(5)).await;
    }
}

async fn health(address: std::net::SocketAddr) -> String {
    let mut stream = TcpStream::connect(address).await.expect("connects");
    let request = "GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.expect("writes");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    answer
}
