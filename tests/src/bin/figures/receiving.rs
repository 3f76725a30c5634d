//! A receiver that listens on loopback, and who posts to it.

use std::io::{Error, Result};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use generated_sdk::eyun::callback::Callback;
use generated_sdk::server::{Delivery, Receiver, ReceiverBuilder};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

pub(crate) struct Listening {
    pub(crate) receiver: Receiver<Callback>,
    pub(crate) address: SocketAddr,
}

/// A receiver whose handler does nothing.
pub(crate) async fn listening(
    with: impl FnOnce(ReceiverBuilder<Callback>) -> ReceiverBuilder<Callback>,
) -> Result<Listening> {
    let receiver = with(Receiver::builder().secret_path("secret"))
        .start(|_: Delivery<Callback>| async {})
        .map_err(Error::other)?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let serving = receiver.clone();
    tokio::spawn(async move { serving.serve_on(listener).await });
    Ok(Listening { receiver, address })
}

/// The head of a callback with a body of this length.
pub(crate) fn head(length: usize) -> String {
    format!(
        "POST /callback/secret HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
    )
}

/// The status of the answer, 0 if there is none.
pub(crate) async fn status(mut stream: TcpStream) -> u16 {
    let mut answer = Vec::new();
    let _reset = timeout(Duration::from_secs(30), stream.read_to_end(&mut answer)).await;
    let text = String::from_utf8_lossy(&answer).into_owned();
    let status = text
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    status.unwrap_or(0)
}

/// Posts a usual callback: its status, and how long it took.
pub(crate) async fn post(address: SocketAddr, id: u64) -> Result<(u16, Duration)> {
    let begun = Instant::now();
    let body = format!(r#"{{"messageType":"60001","data":{{"newMsgId":{id},"content":"hi"}}}}"#);
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("{}{body}", head(body.len()));
    stream.write_all(request.as_bytes()).await?;
    Ok((status(stream).await, begun.elapsed()))
}

/// Posts usual callbacks for a while, and prints what became of them.
pub(crate) async fn callbacks(address: SocketAddr, for_so_long: Duration) -> Result<()> {
    let begun = Instant::now();
    let mut times = Vec::new();
    let mut refused = 0;
    while begun.elapsed() < for_so_long {
        let (status, took) = post(address, u64::try_from(times.len()).unwrap_or(0) + 1).await?;
        refused += u64::from(status != 200);
        times.push(took);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    times.sort();
    let middle = times.get(times.len() / 2).copied().unwrap_or_default();
    let longest = times.last().copied().unwrap_or_default();
    println!(
        "callbacks: {} posted, {refused} not taken; median {middle:.1?}, longest {longest:.1?}",
        times.len()
    );
    Ok(())
}
