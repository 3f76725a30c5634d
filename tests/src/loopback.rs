//! Owns a server on loopback that records what it is asked and answers as it is told.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A request as it arrived.
#[derive(Clone, Debug, Default)]
pub struct Received {
    /// `POST`.
    pub method: String,
    /// With the query.
    pub path: String,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: Vec<u8>,
}

/// What to answer a request with.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Status, content type and body.
    Body(u16, &'static str, String),
    /// The whole answer as bytes.
    Raw(Vec<u8>),
    /// Reads the request and closes the connection.
    Close,
    /// Reads the request and never answers.
    Silence,
}

impl Answer {
    /// JSON with status 200.
    pub fn json(body: impl Into<String>) -> Self {
        Self::Body(200, "application/json", body.into())
    }
}

type Respond = dyn Fn(&Received) -> Answer + Send + Sync;

/// A server that lives as long as this value.
pub struct Server {
    /// `http://127.0.0.1:…`.
    pub url: String,
    received: Arc<Mutex<Vec<Received>>>,
    accepting: JoinHandle<()>,
}

impl Server {
    /// Starts to listen.
    pub async fn start(respond: impl Fn(&Received) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let received = Arc::new(Mutex::new(Vec::new()));
        let (log, respond): (_, Arc<Respond>) = (received.clone(), Arc::new(respond));
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, log.clone(), respond.clone()));
            }
        });
        Self {
            url,
            received,
            accepting,
        }
    }

    /// Everything that was asked so far.
    pub fn received(&self) -> Vec<Received> {
        self.received
            .lock()
            .expect("no test panicked while it held the log")
            .clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn serve(mut stream: TcpStream, log: Arc<Mutex<Vec<Received>>>, respond: Arc<Respond>) {
    let mut buffer = Vec::new();
    while let Some(request) = read(&mut stream, &mut buffer).await {
        let answer = respond(&request);
        log.lock()
            .expect("no test panicked while it held the log")
            .push(request);
        let bytes = match answer {
            Answer::Body(status, kind, body) => format!(
                "HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            )
            .into_bytes(),
            Answer::Raw(bytes) => bytes,
            Answer::Close => return,
            Answer::Silence => std::future::pending().await,
        };
        if stream.write_all(&bytes).await.is_err() {
            return;
        }
    }
}

async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Received> {
    let end = loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let mut request = Received {
        method: first.next()?.to_owned(),
        path: first.next()?.to_owned(),
        ..Received::default()
    };
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        request
            .headers
            .insert(name.trim().to_lowercase(), value.trim().to_owned());
    }
    let length: usize = request
        .headers
        .get("content-length")
        .and_then(|length| length.parse().ok())
        .unwrap_or(0);
    while buffer.len() < end + 4 + length {
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
    request.body = buffer[end + 4..end + 4 + length].to_vec();
    buffer.drain(..end + 4 + length);
    Some(request)
}
