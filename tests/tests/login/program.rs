//! Logs in at a gateway whose address is the only argument, in every way that its provider declares, and says what it
//! sees. A program of a generated crate, without a library: `tests/tests/login/main.rs` builds and runs it.

use generated_sdk::login_by_call_and_by_code::Client;
use generated_sdk::login_by_call_and_by_code::spec::{GetCode, Look};
use generated_sdk::{
    BoxFuture, Builder, Error, HttpRequest, HttpResponse, LoginStep, Transport, TransportError,
};
use std::future::Future;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

fn main() -> Result<(), Error> {
    let gateway = std::env::args().nth(1).unwrap_or_default();
    wait(by_code(&gateway))?;
    wait(by_call(&gateway))
}

async fn by_code(gateway: &str) -> Result<(), Error> {
    let client = client(gateway).build()?;
    let mut login = client.log_in_by_code(GetCode::new()).await?;
    println!("shown {}", login.shown);
    let done = loop {
        match login.next().await? {
            LoginStep::Waiting(reply) => println!("waiting, {:?}", reply.data.state),
            LoginStep::Verify { url, .. } => println!("verify at {url}"),
            LoginStep::Enter(_) => login.enter("4711"),
            LoginStep::Done(done) => break done,
            _ => {}
        }
    };
    // Whatever shows the answer, it does not show what authorises.
    let shown = format!("{:?}", done.reply.data);
    let token = shown.split([',', '{']).find(|part| part.contains("token"));
    println!("done, {}", token.unwrap_or_default().trim());
    look("a client of its own", &done.handle).await?;
    look("the client", &client).await?;

    let login = client.log_in_by_code(GetCode::new()).renewing();
    let done = login.await?.until_done(|_| {}).await?;
    look("renewed", &done.handle).await?;
    look("the client", &client).await?;

    for what in ["expired", "no address", "no token", "a query", "typed"] {
        let login = client.log_in_by_code(GetCode::new()).await?;
        match login.until_done(|_| {}).await {
            Ok(_) => println!("{what}: done"),
            Err(error) => println!("{what}: {error}"),
        }
    }
    Ok(())
}

async fn by_call(gateway: &str) -> Result<(), Error> {
    let client = client(gateway).login("me", "pa55-word").await?;
    look("by call", &client).await?;
    let clone = client.clone();
    client.log_in_again("me", "pa55-word").await?;
    look("a clone", &clone).await
}

async fn look(who: &str, client: &Client) -> Result<(), Error> {
    let seen = client.spec().look(Look::new()).await?;
    println!("{who} sees {}", seen.data.name.unwrap_or_default());
    Ok(())
}

fn client(gateway: &str) -> Builder<Client> {
    Client::builder(gateway).transport(Plain)
}

/// A request a connection, over the standard library.
struct Plain;

impl Transport for Plain {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        let sent = exchange(&request).map_err(TransportError::no_answer);
        Box::pin(async { sent })
    }
}

fn exchange(request: &HttpRequest) -> std::io::Result<HttpResponse> {
    let rest = request.url.trim_start_matches("http://");
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut stream = TcpStream::connect(host)?;
    let mut head = format!("{} /{path} HTTP/1.1\r\nHost: {host}\r\n", request.method.as_str());
    for (name, value) in &request.headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += &format!("Content-Length: {}\r\n\r\n", request.body.len());
    stream.write_all(head.as_bytes())?;
    stream.write_all(&request.body)?;
    stream.shutdown(std::net::Shutdown::Write)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    match answer.split_once("\r\n\r\n") {
        Some((_, body)) => Ok(HttpResponse::new(200, body)),
        None => Err(std::io::ErrorKind::UnexpectedEof.into()),
    }
}

/// Wakes the thread that waits.
struct Parked(Thread);

impl Wake for Parked {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Parked(thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(value) => return value,
            Poll::Pending => thread::park(),
        }
    }
}
