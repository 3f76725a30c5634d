//! A gateway on whose connections nothing must come first.

use crate::runtime::mock::{self, Documented, Entry, Gateway, Scripted, Socket, Table, Texts};
use crate::runtime::{Api, BodyFormat, Json, Method};
use futures_core::Stream;
use futures_sink::Sink;
use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;
use tokio::time::sleep;
use tokio_websockets::{ClientBuilder, Message};

static API: Api = Api {
    name: "acme",
    authorization: "",
    format: BodyFormat::Json,
    code: &["code"],
    message: &["msg"],
    data: &["data"],
    success: &["0"],
    busy: &[],
};

static TABLE: Table = Table {
    api: &API,
    failure: "1",
    numeric: true,
    texts: Texts {
        done: "",
        missing: "",
        wrong_type: "",
        too_many: "",
        unauthorized: "who is it",
        malformed: "",
        unknown: "",
    },
    socket: Some(Socket {
        path: "/",
        command: "do",
        id: "n",
        payload: "with",
        first: "",
        within: Duration::from_secs(10),
    }),
    operations: &[Entry {
        id: "acme_say",
        title: "",
        method: Method::Post,
        path: "say",
        authorized: false,
        session: None,
        success: "0",
        params: &[],
        reply: "{\"code\":0,\"data\":{\"said\":1}}",
    }],
    posts: &[],
};

struct Acme;

impl mock::Vendor for Acme {
    const TABLE: &'static Table = &TABLE;
}

impl Scripted for Acme {
    type Script = Documented;
}

#[tokio::test]
async fn a_line_needs_no_first_call_where_none_is_documented() {
    let gateway = Gateway::<Acme>::builder().greeting_within(Duration::from_millis(20));
    let gateway = gateway.start().await.unwrap();
    let builder = ClientBuilder::new().uri(&gateway.socket_url()).unwrap();
    let (mut socket, _) = builder.connect().await.unwrap();
    sleep(Duration::from_millis(100)).await;
    let pushed: Json = r#"{"event":"x"}"#.parse().unwrap();
    assert_eq!(gateway.push(pushed), 1);
    Pin::new(&mut socket)
        .start_send(Message::text(r#"{"do":"say","n":"7"}"#.to_owned()))
        .unwrap();
    poll_fn(|context| Pin::new(&mut socket).poll_flush(context))
        .await
        .unwrap();
    let mut texts = Vec::new();
    while texts.len() < 2 {
        let message = poll_fn(|context| Pin::new(&mut socket).poll_next(context)).await;
        let message = message.unwrap().unwrap();
        texts.extend(message.as_text().map(str::to_owned));
    }
    assert_eq!(texts[0], r#"{"event":"x"}"#);
    assert!(
        texts[1].contains(r#""said":1"#) && texts[1].contains(r#""n":"7""#),
        "{}",
        texts[1]
    );
}
