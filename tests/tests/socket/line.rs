//! The connection itself: the key in time, lost and made again, restored, dead, shut down.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::Requests;
use generated_sdk::padchat::Client;
use generated_sdk::padchat::callback::Event;
use generated_sdk::padchat::deng_lu_guan_li::{
    GetAutoLoginData, GetDeviceInfo, Login, LoginLoginType,
};
use generated_sdk::padchat::fa_song_xiao_xi::SendMsg;
use generated_sdk::socket::{Lost, Pushed};
use generated_sdk::{ErrorKind, Secret};
use mock_gateway::Fault;
use mock_gateway::padchat::Gateway;

use super::{connect, event, gateway, next, say};

#[tokio::test]
async fn a_wrong_key_is_refused_and_not_shown() {
    let gateway = gateway().await;
    let connect = Client::connect(gateway.socket_url()).auth_key("wr0ng");
    let error = connect.open().await.expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::Vendor, "{error}");
    assert_eq!(error.operation(), "auth");
    assert!(!format!("{error:?} {error}").contains("wr0ng"));
    let missing = Client::connect(gateway.socket_url()).open().await;
    let missing = missing.expect_err("no key");
    assert_eq!(missing.kind(), ErrorKind::Misuse);
    assert!(missing.to_string().contains("`auth`"), "{missing}");
}

#[tokio::test]
async fn the_gateway_waits_for_the_key_as_long_as_it_says() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let short = Duration::from_millis(50);
    let gateway = Gateway::builder().greeting_within(short).start().await;
    let gateway = gateway.expect("a gateway");
    let stream = tokio::net::TcpStream::connect(gateway.address()).await;
    let mut stream = stream.expect("connected");
    stream
        .write_all(
            b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
              Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        )
        .await
        .expect("asked");
    let mut all = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut all));
    read.await.expect("the gateway closes").expect("to its end");
    assert!(all.starts_with(b"HTTP/1.1 101"));
    // The last that comes is a close frame.
    assert_eq!(all[all.len() - 4..], [0x88, 2, 0x03, 0xe8]);
}

#[tokio::test]
async fn a_lost_connection_is_made_again_with_the_key() {
    let gateway = gateway().await;
    let (client, mut pushes) = connect(&gateway).open().await.expect("a connection");
    for (round, goodbye) in [(1, true), (2, false), (3, true)] {
        assert_eq!(gateway.disconnect(goodbye), 1);
        let Pushed::Disconnected(_) = next(&mut pushes).await else {
            panic!("it is lost");
        };
        assert!(matches!(next(&mut pushes).await, Pushed::Reconnected));
        client.call(GetDeviceInfo::new()).await.expect("it works");
        assert_eq!(gateway.connections(), round + 1);
        assert_eq!(say(&gateway), 1);
        assert!(matches!(event(&mut pushes).await, Event::Push(_)));
    }
    let counters = pushes.line().counters();
    assert_eq!((counters.connected, counters.lost), (4, 3));
}

#[tokio::test]
async fn a_saved_login_is_repeated_before_calls_go() {
    let gateway = gateway().await;
    let token = Arc::new(Mutex::new(None::<Secret>));
    let saved = token.clone();
    let login = move || {
        let token = saved.lock().expect("a token").clone()?;
        Some(Login::new(LoginLoginType::QrCode).token(token))
    };
    let connect = connect(&gateway).log_in_again(login);
    let (client, mut pushes) = connect.open().await.expect("a connection");
    let data = client.call(GetAutoLoginData::new()).await.expect("data");
    *token.lock().expect("a token") = data.data.token;
    gateway.disconnect(false);
    assert!(matches!(next(&mut pushes).await, Pushed::Disconnected(_)));
    client.call(GetDeviceInfo::new()).await.expect("it works");
    let calls = gateway.all_calls();
    let order: Vec<&str> = calls.iter().map(|call| call.path()).collect();
    assert_eq!(
        order,
        [
            "auth",
            "getAutoLoginData",
            "auth",
            "connect",
            "login",
            "getDeviceInfo"
        ]
    );
}

#[tokio::test]
async fn a_dead_peer_is_found_out_by_pings() {
    let gateway = gateway().await;
    let quick = Duration::from_millis(20);
    let connect = connect(&gateway).ping(quick, Duration::from_millis(500));
    let (client, mut pushes) = connect.open().await.expect("a connection");
    gateway.fault_once::<GetDeviceInfo>(Fault::Deaf);
    let error = client.call(GetDeviceInfo::new()).await.expect_err("deaf");
    assert_eq!(error.kind(), ErrorKind::NoAnswer);
    assert!(error.may_have_been_executed() && !error.is_timeout());
    let Pushed::Disconnected(lost) = next(&mut pushes).await else {
        panic!("it is dead");
    };
    assert_eq!(lost, Lost::Silent);
    client
        .call(GetDeviceInfo::new())
        .await
        .expect("it works again");
}

#[tokio::test]
async fn a_shutdown_waits_for_what_is_under_way() {
    let gateway = gateway().await;
    let (client, mut pushes) = connect(&gateway).open().await.expect("a connection");
    gateway.fault_once::<SendMsg>(Fault::Delay(Duration::from_millis(50)));
    let is_sent = Arc::new(AtomicBool::new(false));
    let sent = is_sent.clone();
    let sending = client.clone();
    let send = tokio::spawn(async move {
        let sending = sending.call(SendMsg::new("wxid_example02", "你好"));
        sending.await.expect("sent");
        sent.store(true, Ordering::Relaxed);
    });
    let line = pushes.line();
    while line.counters().sent < 2 {
        tokio::task::yield_now().await;
    }
    line.shutdown(Duration::from_secs(10)).await;
    send.await.expect("no panic");
    assert!(is_sent.load(Ordering::Relaxed));
    assert_eq!(line.ended(), Some(Lost::ShutDown));
    assert!(pushes.next().await.is_none());
    let late = client.call(GetDeviceInfo::new()).await;
    assert_eq!(late.expect_err("it is over").kind(), ErrorKind::NotSent);
}

#[test]
fn people_without_a_runtime_have_calls_and_pushes_too() {
    use generated_sdk::blocking;

    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("the gateway's runtime");
    let gateway = runtime.block_on(gateway());
    let opened = blocking::wait(connect(&gateway).open());
    let (client, mut pushes) = opened.expect("a connection");
    client.call(GetDeviceInfo::new()).wait().expect("an answer");
    say(&gateway);
    let pushed = blocking::wait(async { Ok(event(&mut pushes).await) });
    assert!(matches!(pushed, Ok(Event::Push(_))));
    gateway.fault_once::<GetDeviceInfo>(Fault::DropAfterSend);
    let lost = client.call(GetDeviceInfo::new()).wait();
    assert_eq!(lost.expect_err("lost").kind(), ErrorKind::NoAnswer);
    let again = client.call(SendMsg::new("wxid_example02", "你好")).wait();
    again.expect("an answer on the next line");
}
