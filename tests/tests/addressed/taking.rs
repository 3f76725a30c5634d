//! What a receiver takes and what it refuses; what it drops because it came before.

use generated_sdk::dami::callback::{Callback, Event};
use generated_sdk::dami::deng_lu::ScanNew;
use generated_sdk::server::{Delivery, Receiver, RedbStore};
use mock_gateway::Encoding;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::FORM;
use crate::stage::{PATIENCE, Stage, post, serve};

#[tokio::test]
async fn messages_are_dropped_by_their_id_across_restarts() {
    let file = std::env::temp_dir().join(format!("addressed-{}.redb", std::process::id()));
    let _ = std::fs::remove_file(&file);
    let body = r#"data={"my_account":"a","content":"x","msgid":"9007199254740993"}"#;
    for round in 0..2 {
        let store = RedbStore::open(&file).expect("a store");
        let (tell, mut told) = mpsc::unbounded_channel();
        let receiver = Receiver::<Callback>::builder()
            .secret_path("s")
            .store(store);
        let receiver = receiver.start(move |delivery: Delivery<Callback>| {
            let _ = tell.send(delivery.callback.event);
            async {}
        });
        let receiver = receiver.expect("a receiver");
        let to = serve(&receiver).await;
        for _ in 0..2 {
            assert_eq!(post(to, "/callback/s/messagelog", FORM, body).await, 200);
        }
        // The same id in a room, or of another account, is another message.
        let other = body.replace("\"a\"", "\"b\"");
        let other = if round == 0 { other } else { body.to_owned() };
        assert_eq!(post(to, "/callback/s/messagelog", FORM, &other).await, 200);
        let new = if round == 0 { 2 } else { 0 };
        for _ in 0..new {
            let event = timeout(PATIENCE, told.recv()).await.expect("in time");
            assert!(matches!(event, Some(Event::PrivateMessage(_))));
        }
        assert_eq!(receiver.counters().typed, new);
        receiver.shutdown(PATIENCE).await;
    }
    let _ = std::fs::remove_file(&file);
}

#[tokio::test]
async fn only_known_addresses_are_taken() {
    let stage = Stage::set(Encoding::Form, 0).await;
    let huge = format!("data={}", "x".repeat(3 << 20));
    for (path, content_type, body, status) in [
        ("/callback/s3cret/messagelog", FORM, "data={}", 200),
        ("/callback/s3cret/deng_lu_scanNew", FORM, "task_id=1", 200),
        (
            "/callback/s3cret/deng_lu_scanNew/no-token",
            FORM,
            "task_id=1",
            200,
        ),
        ("/callback/s3cret/nobody", FORM, "data={}", 404),
        ("/callback/s3cret", FORM, "data={}", 404),
        ("/callback/wrong/messagelog", FORM, "data={}", 404),
        ("/callback/wrong/deng_lu_scanNew/1", FORM, "data={}", 404),
        ("/callback/s3cret/messagelog", FORM, "", 400),
        ("/callback/s3cret/messagelog", FORM, "data", 400),
        (
            "/callback/s3cret/messagelog",
            "multipart/form-data",
            "data={}",
            400,
        ),
        (
            "/callback/s3cret/messagelog",
            "multipart/form-data; boundary=x",
            "--x\r\n",
            400,
        ),
        ("/callback/s3cret/messagelog", FORM, &huge, 413),
    ] {
        assert_eq!(stage.post(path, content_type, body).await, status, "{path}");
    }
    for bad in [
        "",
        "bot.example",
        "ftp://bot",
        "http://",
        "http:///x",
        "http://a?b",
    ] {
        assert!(stage.receiver.addresses(bad).is_err(), "{bad}");
    }
    let shown = format!(
        "{:?} {:?}",
        stage.addresses,
        stage.addresses.one_time::<ScanNew>()
    );
    assert!(!shown.contains("s3cret"), "{shown}");
}
