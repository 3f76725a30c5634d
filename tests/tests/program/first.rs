//! The first version: flat commands, no results, events told apart by numbers.

use std::collections::BTreeSet;
use std::time::Duration;

use super::{ACCOUNT, soon};
use generated_sdk::ErrorKind;
use generated_sdk::wequick::v1;
use generated_sdk::wequick::v1::callback::Event;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::mpsc::unbounded_channel;

#[tokio::test]
async fn the_first_version_knows_that_a_command_was_fetched_and_what_an_event_says() {
    use v1::fa_song_xiao_xi::SendTextMessage;
    use v1::qun_cao_zuo::{GetRoomUserV2, GetRoomUserV2Required};
    let hub = v1::Hub::builder()
        .unprotected()
        .start(|_, _| async {})
        .expect("starts");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    let serving = hub.clone();
    tokio::spawn(async move { serving.serve_on(listener).await });
    let bot = hub.bot(ACCOUNT);
    let nobody = bot
        .fa_song_xiao_xi()
        .send_text_message(SendTextMessage::new("w", "lost"));
    let error = nobody
        .timeout(Duration::from_millis(80))
        .await
        .expect_err("nobody");
    assert_eq!(error.kind(), ErrorKind::NotSent);
    let program = mock_gateway::wequick::v1::program(&*url).poll_every(Duration::from_millis(10));
    let program = program.start().expect("starts");
    let call = bot
        .fa_song_xiao_xi()
        .send_text_message(SendTextMessage::new("w", "hi").time(1));
    soon(async { call.await }).await.expect("fetched");
    let member = GetRoomUserV2::new(GetRoomUserV2Required {
        chat_room: "1@chatroom".into(),
        wxid: "wxid_a".into(),
    });
    let reply = soon(async { bot.qun_cao_zuo().get_room_user_v2(member).await }).await;
    assert!(reply.expect("answered").raw_data().contains("getcontact"));
    let executed = program.executed();
    assert_eq!(executed.len(), 2);
    let flat = &executed[0].params;
    assert_eq!(
        (&flat["api"], &flat["wxid"], &flat["time"]),
        (&json!("sendTextMessage"), &json!("w"), &json!(1))
    );
    assert_eq!(flat["sendId"], json!(executed[0].id));
}

#[tokio::test]
async fn every_documented_event_of_the_first_version_arrives_typed() {
    let (to, mut events) = unbounded_channel();
    let hub = v1::Hub::builder().unprotected().start(move |delivery, _| {
        let _ = to.send(delivery.callback);
        async {}
    });
    let hub = hub.expect("starts");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    tokio::spawn(async move { hub.serve_on(listener).await });
    let program = mock_gateway::wequick::v1::program(url).events_every(Duration::from_millis(1));
    let program = program.no_poll().start().expect("starts");
    let mut kinds = BTreeSet::new();
    while kinds.len() < 14 {
        let callback = soon(events.recv()).await.expect("an event");
        assert!(
            !matches!(
                callback.event,
                Event::Unknown { .. } | Event::Unreadable { .. }
            ),
            "{callback:?}"
        );
        let shown = format!("{:?}", callback.event);
        kinds.insert(shown.split('(').next().map(str::to_owned));
    }
    assert_eq!(program.numbers().failed, 0);
}
