//! What the mock gateway can do to a client: silence, late answers, disconnects, garbage, long messages.

use std::time::Duration;

use crate::Requests;
use generated_sdk::padchat::callback::Event;
use generated_sdk::padchat::deng_lu_guan_li::GetDeviceInfo;
use generated_sdk::padchat::fa_song_xiao_xi::SendMsg;
use generated_sdk::socket::{Lost, Pushed};
use generated_sdk::{ErrorKind, Json, Retry};
use mock_gateway::Fault;

use super::{connect, event, gateway, next};

#[tokio::test]
async fn silence_ends_with_the_calls_time() {
    let gateway = gateway().await;
    let (client, pushes) = connect(&gateway).open().await.expect("a connection");
    gateway.fault_once::<SendMsg>(Fault::Silence);
    let call = client.call(SendMsg::new("wxid_example02", "你好"));
    let error = call.timeout(Duration::from_millis(50)).await;
    let error = error.expect_err("nobody answers");
    assert_eq!(error.kind(), ErrorKind::NoAnswer);
    assert!(error.is_timeout() && error.may_have_been_executed());
    client
        .call(GetDeviceInfo::new())
        .await
        .expect("others pass");
    assert_eq!(pushes.line().counters().timed_out, 1);
}

#[tokio::test]
async fn a_late_answer_is_nobodys() {
    let gateway = gateway().await;
    let (client, pushes) = connect(&gateway).open().await.expect("a connection");
    gateway.fault_once::<GetDeviceInfo>(Fault::Delay(Duration::from_millis(200)));
    // The time of a call is all its time: it only looks, but is not made again.
    let call = client.call(GetDeviceInfo::new()).retry(Retry::default());
    let error = call.timeout(Duration::from_millis(20)).await;
    let error = error.expect_err("too late");
    assert!(error.is_timeout());
    assert_eq!(error.attempts(), 1);
    while pushes.line().counters().late == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    client.call(GetDeviceInfo::new()).await.expect("it works");
    assert_eq!(pushes.line().counters().lost, 0);
}

#[tokio::test]
async fn a_disconnect_in_the_middle_of_calls_leaves_none_hanging() {
    let gateway = gateway().await;
    let (client, mut pushes) = connect(&gateway).open().await.expect("a connection");
    gateway.fault::<GetDeviceInfo>(Fault::Silence);
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let client = client.clone();
        calls.spawn(async move { client.call(GetDeviceInfo::new()).await });
    }
    while pushes.line().counters().sent < 51 {
        tokio::task::yield_now().await;
    }
    gateway.fault_once::<SendMsg>(Fault::DropAfterSend);
    let send = client.call(SendMsg::new("wxid_example02", "你好")).await;
    assert_eq!(send.expect_err("dropped").kind(), ErrorKind::NoAnswer);
    while let Some(call) = calls.join_next().await {
        let error = call.expect("no panic").expect_err("dropped");
        assert_eq!(error.kind(), ErrorKind::NoAnswer, "{error}");
        assert!(error.may_have_been_executed());
    }
    gateway.clear();
    client
        .call(GetDeviceInfo::new())
        .await
        .expect("it works again");
    loop {
        match next(&mut pushes).await {
            Pushed::Disconnected(_) => break,
            Pushed::Push(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn garbage_does_no_harm() {
    let gateway = gateway().await;
    let (client, mut pushes) = connect(&gateway).open().await.expect("a connection");
    gateway.fault_once::<GetDeviceInfo>(Fault::Garbage);
    client.call(GetDeviceInfo::new()).await.expect("an answer");
    for _ in 0..5 {
        assert!(matches!(next(&mut pushes).await, Pushed::Garbage(_)));
    }
    // JSON that no document knows is no garbage.
    gateway.push(Json::object(
        [("event", "other")].map(|(k, v)| (k, Json::from(v))),
    ));
    assert!(matches!(event(&mut pushes).await, Event::Unknown { .. }));
    let counters = pushes.line().counters();
    assert_eq!((counters.garbage, counters.lost), (5, 0));
}

#[tokio::test]
async fn ten_megabytes_pass_unless_the_limit_is_lower() {
    let gateway = gateway().await;
    let (client, mut pushes) = connect(&gateway).open().await.expect("a connection");
    gateway.fault::<GetDeviceInfo>(Fault::Big(10 << 20));
    client.call(GetDeviceInfo::new()).await.expect("an answer");
    let Event::Unknown { code, data } = event(&mut pushes).await else {
        panic!("no document has it");
    };
    assert_eq!(
        (code.as_str(), data.as_str().len()),
        ("big", (10 << 20) + 2)
    );

    let limited = connect(&gateway).message_limit(1 << 20);
    let (client, mut pushes) = limited.open().await.expect("a connection");
    let error = client.call(GetDeviceInfo::new()).await;
    assert_eq!(error.expect_err("lost").kind(), ErrorKind::NoAnswer);
    let Pushed::Disconnected(lost) = next(&mut pushes).await else {
        panic!("it was too long");
    };
    assert_eq!(lost, Lost::TooLong(1 << 20));
}
