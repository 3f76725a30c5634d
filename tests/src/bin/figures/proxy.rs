//! Calls through a proxy that fails in every way: what the client says of them, and whether anything was sent twice.

use std::collections::BTreeMap;
use std::io::{Error, Result};
use std::net::SocketAddr;
use std::time::Duration;

use generated_sdk::eyun::Client;
use generated_sdk::eyun::wei_xin_guan_li::IsOnline;
use generated_sdk::eyun::xiao_xi_fa_song::SendText;
use generated_sdk::{ErrorKind, Retry};
use serde_json::Value;
use tests::loopback::{Answer, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

const CALLS: usize = 600;

pub(crate) async fn run() -> Result<()> {
    println!(
        "{CALLS} sends and {CALLS} queries through a proxy, of whose connections three of four go wrong"
    );
    let gateway =
        Server::start(|_| Answer::json(r#"{"code":"1000","message":"ok","data":{}}"#)).await;
    let at: SocketAddr = gateway
        .url
        .trim_start_matches("http://")
        .parse()
        .map_err(Error::other)?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(proxy(listener, at));
    let wait = Duration::from_millis(5);
    let client = Client::builder(url)
        .retry(Retry::default().first_wait(wait).longest_wait(wait))
        .timeout(Duration::from_millis(300))
        .build()
        .map_err(Error::other)?;
    let wx = client.instance("w");
    let mut outcomes: BTreeMap<String, u32> = BTreeMap::new();
    let mut certain = Vec::new();
    for n in 0..CALLS {
        let sent = wx
            .call(SendText::new("filehelper", format!("text {n}")))
            .await;
        let asked = wx.call(IsOnline::new()).await;
        certain.push(
            sent.as_ref()
                .map_err(|error| error.may_have_been_executed())
                .map(|_| ()),
        );
        for (what, failed) in [
            ("send", sent.map(|_| ()).err()),
            ("query", asked.map(|_| ()).err()),
        ] {
            let outcome = failed.map_or_else(|| "ok".to_owned(), |error| kind(error.kind()));
            *outcomes.entry(format!("{what}: {outcome}")).or_default() += 1;
        }
    }
    for (outcome, count) in outcomes {
        println!("{count:>5} {outcome}");
    }
    let mut executed = vec![0_u32; CALLS];
    for request in gateway.received() {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let text = body
            .get("content")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let number = text
            .strip_prefix("text ")
            .and_then(|n| n.parse::<usize>().ok());
        if let Some(count) = number.and_then(|number| executed.get_mut(number)) {
            *count += 1;
        }
    }
    let doubled = executed.iter().filter(|count| **count > 1).count();
    let denied = certain.iter().zip(&executed);
    let denied = denied
        .filter(|(said, count)| **said == Err(false) && **count > 0)
        .count();
    println!(
        "sends executed twice: {doubled}; executed although the error says certainly not: {denied}"
    );
    Ok(())
}

fn kind(kind: ErrorKind) -> String {
    format!("{kind:?}")
}

/// Passes connections on, each in the next of eight ways.
async fn proxy(listener: TcpListener, gateway: SocketAddr) {
    let mut count = 0_u32;
    while let Ok((stream, _)) = listener.accept().await {
        count = count.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        tokio::spawn(pass(stream, gateway, count >> 29));
    }
}

async fn pass(mut client: TcpStream, gateway: SocketAddr, how: u32) -> Result<()> {
    let mut request = vec![0; 16 << 10];
    if how == 2 {
        return Ok(()); // Closed before anything was read.
    }
    let read = client.read(&mut request).await?;
    if how == 3 {
        return client
            .write_all(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n")
            .await;
    }
    let mut server = TcpStream::connect(gateway).await?;
    server
        .write_all(request.get(..read).unwrap_or_default())
        .await?;
    let mut answer = vec![0; 16 << 10];
    let read = server.read(&mut answer).await?;
    let answer = answer.get(..read).unwrap_or_default();
    match how {
        4 => Ok(()), // Executed, and nobody hears of it.
        5 => {
            client
                .write_all(answer.get(..read / 2).unwrap_or_default())
                .await
        }
        6 => {
            client
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n<html>")
                .await
        }
        7 => {
            sleep(Duration::from_secs(1)).await;
            client.write_all(answer).await
        }
        _ => client.write_all(answer).await,
    }
}
