//! A gateway on whose connections nothing must come first.

use futures_util::{SinkExt, StreamExt};
use mock_gateway::{Gateway, Vendor};
use serde_json::json;
use std::time::Duration;
use tokio::time::sleep;
use tokio_websockets::{ClientBuilder, Message};

#[tokio::test]
async fn a_line_needs_no_first_call_where_none_is_documented() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/providers/wire");
    let vendor = Vendor::read(folder).expect("it inspects clean");
    let gateway = Gateway::of(vendor).greeting_within(Duration::from_millis(20));
    let gateway = gateway.start().await.expect("a gateway");
    let url = gateway.socket_url();
    let builder = ClientBuilder::new().uri(&url).expect("an address");
    let (mut socket, _) = builder.connect().await.expect("a connection");
    sleep(Duration::from_millis(100)).await;
    assert_eq!(gateway.push(json!({ "event": "x" })), 1);
    let say = Message::text(r#"{"do":"say","n":"7"}"#.to_owned());
    socket.send(say).await.expect("sent");
    let mut texts = Vec::new();
    while texts.len() < 2 {
        let message = socket.next().await.expect("open").expect("a message");
        texts.extend(message.as_text().map(str::to_owned));
    }
    assert_eq!(texts[0], r#"{"event":"x"}"#);
    assert!(
        texts[1].contains(r#""said":1"#) && texts[1].contains(r#""n":"7""#),
        "{}",
        texts[1]
    );
}
