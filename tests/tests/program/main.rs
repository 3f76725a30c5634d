//! The server for programs that fetch their commands, and programs that come to it over real sockets.

mod acme;
mod bad_days;
mod commands;
mod events;
mod first;
mod killed;
mod many;
mod restarted;
mod senders;
mod shared;

use std::time::{Duration, Instant};

use generated_sdk::Call;
use generated_sdk::server::Delivery;
use generated_sdk::wequick::v2::callback::{Callback, CommandResult};
use generated_sdk::wequick::v2::qi_ta::{GetSqlData, GetSqlDataRequired};
use generated_sdk::wequick::v2::xiao_xi_xiang_guan::SendTextMessage;
use generated_sdk::wequick::v2::{Bot, Hub, HubBuilder};
use mock_gateway::program::{Builder, Program};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{sleep, timeout};

const LONG: Duration = Duration::from_secs(40);
const ACCOUNT: &str = "wxid_example01";

/// A hub that listens, and the events that it hands over.
struct Listening {
    hub: Hub,
    url: String,
    events: UnboundedReceiver<Delivery<Callback>>,
}

impl Listening {
    async fn start() -> Self {
        Self::of(Hub::builder().unprotected()).await
    }

    async fn of(builder: HubBuilder) -> Self {
        let (to, events) = unbounded_channel();
        let hub = builder.start(move |delivery, _| {
            let _ = to.send(delivery);
            async {}
        });
        Self::serving(hub.expect("starts"), events).await
    }

    async fn serving(hub: Hub, events: UnboundedReceiver<Delivery<Callback>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let serving = hub.clone();
        tokio::spawn(async move { serving.serve_on(listener).await });
        Self { hub, url, events }
    }

    async fn next(&mut self) -> Callback {
        soon(self.events.recv()).await.expect("an event").callback
    }

    /// A request as it is written, and its answer: the status, and what follows the head.
    async fn ask(&self, line: &str, body: &[u8]) -> (u16, String) {
        let answer = self.answer(line, body).await;
        let status = answer.split(' ').nth(1).and_then(|s| s.parse().ok());
        let (_, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
        (status.unwrap_or(0), body.to_owned())
    }

    /// The same, and all of its answer.
    async fn answer(&self, line: &str, body: &[u8]) -> String {
        let mut stream = TcpStream::connect(&self.url[7..]).await.expect("connects");
        let length = body.len();
        let head = format!(
            "{line} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
        );
        let request = [head.as_bytes(), body].concat();
        stream.write_all(&request).await.expect("writes");
        let mut answer = String::new();
        let _ = soon(stream.read_to_string(&mut answer)).await;
        answer
    }
}

async fn soon<T>(future: impl Future<Output = T>) -> T {
    timeout(LONG, future).await.expect("in time")
}

async fn until(what: &str, condition: impl Fn() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(begun.elapsed() < LONG, "{what}");
        sleep(Duration::from_millis(5)).await;
    }
}

fn text(bot: &Bot, text: &str) -> Call<CommandResult> {
    let message = SendTextMessage::new("wxid_friend", text);
    bot.xiao_xi_xiang_guan()
        .send_text_message(message)
        .timeout(LONG)
}

fn sql(mark: &str) -> GetSqlData {
    GetSqlData::new(GetSqlDataRequired {
        sql: "select 1".to_owned(),
        db: "MicroMsg.db".to_owned().into(),
        extend: mark.to_owned(),
    })
}

fn fast(url: &str) -> Builder {
    mock_gateway::wequick::v2::program(url).poll_every(Duration::from_millis(10))
}

fn texts(program: &Program) -> Vec<String> {
    program
        .executed()
        .iter()
        .map(|done| done.text("text"))
        .collect()
}
