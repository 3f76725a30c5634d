//! A media host and the API that leads to it, on a socket: it keeps what it was given, and fails when it is told.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

#[derive(Default)]
struct Kept {
    heads: Vec<String>,
    medium: Vec<u8>,
    /// How many uploads fail.
    fails: u32,
    /// How many downloads are cut off in the middle.
    cuts: u32,
}

pub(crate) struct MediaHost {
    url: String,
    kept: Arc<Mutex<Kept>>,
}

impl MediaHost {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let kept = Arc::<Mutex<Kept>>::default();
        let shared = kept.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = shared.clone();
                // What ends a line ends its thread.
                thread::spawn(move || serve(stream, &kept));
            }
        });
        Self { url, kept }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap()
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// What was asked, without bodies.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.kept().heads.clone()
    }

    pub(crate) fn fail(&self, times: u32) {
        self.kept().fails = times;
    }

    pub(crate) fn cut(&self, times: u32) {
        self.kept().cuts = times;
    }
}

/// One request a connection.
fn serve(stream: TcpStream, kept: &Mutex<Kept>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let mut stream = stream;
    let mut kept = kept.lock().unwrap();
    kept.heads.push(head.clone());
    let line = "Connection: close\r\nContent-Length:";
    if head.contains("/ask ") {
        let answer = r#"{"code":0,"data":{"param":"p"}}"#;
        return write!(
            stream,
            "HTTP/1.1 200 OK\r\n{line} {}\r\n\r\n{answer}",
            answer.len()
        );
    }
    if head.starts_with("POST ") {
        if kept.fails > 0 {
            kept.fails -= 1;
            return write!(stream, "HTTP/1.1 502 Bad Gateway\r\n{line} 0\r\n\r\n");
        }
        kept.medium = body;
        return write!(stream, "HTTP/1.1 200 OK\r\nX-Taken: t\r\n{line} 0\r\n\r\n");
    }
    let cut = kept.cuts > 0;
    kept.cuts = kept.cuts.saturating_sub(1);
    let medium = kept.medium.clone();
    drop(kept);
    let sent = if cut { medium.len() / 2 } else { medium.len() };
    write!(stream, "HTTP/1.1 200 OK\r\n{line} {}\r\n\r\n", medium.len())?;
    stream.write_all(&medium[..sent])
}
