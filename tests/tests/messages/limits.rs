//! What the documents demand of a command is looked at before anything is sent.

use std::sync::{Arc, Mutex};

use generated_sdk::runtime::{BoxFuture, Builder, program_answer};
use generated_sdk::wequick::v2::Bot;
use generated_sdk::wequick::v2::qun_xiang_guan::CreateChatRoom;
use generated_sdk::wequick::v2::xiao_xi_xiang_guan::SendAtTextMessage;
use generated_sdk::{ErrorKind, HttpRequest, HttpResponse, Json, Transport, TransportError};

/// Keeps what is sent, and says that it went well.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<String>>>);

impl Transport for Kept {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        let body = String::from_utf8_lossy(&request.body).into_owned();
        self.0.lock().expect("no panic").push(body);
        Box::pin(async { Ok(program_answer(None, &Json::null())) })
    }
}

fn bot() -> (Bot, Kept) {
    let kept = Kept::default();
    let builder = Builder::<Bot>::new("http://program.invalid").transport(kept.clone());
    (builder.build().expect("a bot"), kept)
}

fn at(text: &str, list: &[&str]) -> SendAtTextMessage {
    SendAtTextMessage::new("1@chatroom", text, list.iter().copied())
}

#[tokio::test]
async fn every_at_has_its_mark() {
    let (bot, kept) = bot();
    let messages = bot.xiao_xi_xiang_guan();
    for (text, list) in [
        ("{$@} hi", &["wxid_a", "wxid_b"][..]),
        ("hi", &["wxid_a"]),
        ("{$@} {$@}", &["wxid_a"]),
    ] {
        let refused = messages.send_at_text_message(at(text, list)).await;
        let refused = refused.expect_err("a mark too few or too many");
        assert_eq!(refused.kind(), ErrorKind::Misuse, "{refused}");
    }
    let right = messages.send_at_text_message(at("{$@} {$@} hi", &["wxid_a", "wxid_b"]));
    assert!(right.await.is_ok());
    assert_eq!(kept.0.lock().expect("no panic").len(), 1);
}

#[tokio::test]
async fn a_room_has_two_or_more() {
    let (bot, kept) = bot();
    let rooms = bot.qun_xiang_guan();
    let refused = rooms
        .create_chat_room(CreateChatRoom::new(["wxid_a"]))
        .await;
    assert_eq!(refused.expect_err("too few").kind(), ErrorKind::Misuse);
    let made = rooms.create_chat_room(CreateChatRoom::new(["wxid_a", "wxid_b"]));
    assert!(made.await.is_ok());
    assert_eq!(
        *kept.0.lock().expect("no panic"),
        [r#"{"api":"createChatRoom","option":{"wxidLists":["wxid_a","wxid_b"]}}"#]
    );
}

#[tokio::test]
async fn what_the_program_refuses_is_an_error_with_its_words() {
    struct Refuses;
    impl Transport for Refuses {
        fn send(&self, _: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
            Box::pin(async { Ok(program_answer(Some("不是好友"), &Json::null())) })
        }
    }
    let builder = Builder::<Bot>::new("http://program.invalid").transport(Refuses);
    let bot = builder.build().expect("a bot");
    let rooms = bot.qun_xiang_guan();
    let made = rooms.create_chat_room(CreateChatRoom::new(["wxid_a", "wxid_b"]));
    let error = made.await.expect_err("a refusal");
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Vendor, Some("不是好友"))
    );
}

#[tokio::test]
async fn a_command_that_no_catalog_knows_is_sent_by_name() {
    let (bot, kept) = bot();
    let params = Json::object([("wxid", Json::from("wxid_a"))]);
    let reply = bot.call_raw("newCommand", params).await;
    assert!(reply.is_ok(), "{reply:?}");
    assert_eq!(
        *kept.0.lock().expect("no panic"),
        [r#"{"api":"newCommand","option":{"wxid":"wxid_a"}}"#]
    );
}
