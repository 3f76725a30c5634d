//! A vendor made up for these tests, and a server of a few lines: what every call goes through, whoever the vendor is.

mod failures;
mod success;
mod transport;

use generated_sdk::runtime::{
    Api, BodyFormat, Bound, FromObject, Input, Members, Operation, Request, Scalar, ToObject, Visit,
};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

const API: Api = Api {
    authorization: "Authorization",
    format: BodyFormat::Json,
    code: &["code"],
    message: &["message", "msg"],
    data: &["data"],
    success: &["1000"],
    busy: &[],
    ..Api::new("acme")
};
static SEND: Operation = Operation {
    session: &[Bound {
        name: "wId",
        value: 0,
        place: generated_sdk::runtime::Place::Payload,
    }],
    ..Operation::new(&API, "acme_send", "acme_send", "/send")
};

/// A request.
#[derive(Default)]
struct Send {
    content: String,
    ids: Vec<Scalar>,
}

impl ToObject for Send {
    fn members(&self, visit: Visit<'_>) {
        visit(&[
            ("content", &self.content),
            ("ids", &self.ids),
            ("app", &Members(&[("title", &self.content)])),
        ]);
    }
}

/// From where it is called.
struct Here;

impl Request for Send {
    type Reply = Got;
    type Scope = Here;
    const OPERATION: &'static Operation = &SEND;
}

/// A reply.
#[derive(Clone, Debug, Default)]
struct Got {
    id: Option<Scalar>,
}

impl FromObject for Got {
    fn read(&mut self, input: &mut Input<'_>) -> bool {
        input.object(&mut [("id", &mut self.id)])
    }
}

fn session() -> Vec<Scalar> {
    vec![Scalar::from(7_i64)]
}

const GOOD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=gbk\r\nConnection: close\r\nContent-Length: 48\r\n\r\n\u{feff}{\"code\":1000,\"data\":{\"id\":18014398509481985}}";

/// Answers each connection with the same bytes and hands on what was asked.
fn server(answer: &'static str) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (asked, requests) = channel();
    thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let mut request = Vec::new();
            let mut buffer = [0; 4096];
            while !complete(&request) {
                match connection.read(&mut buffer) {
                    Ok(read @ 1..) => request.extend_from_slice(&buffer[..read]),
                    _ => break,
                }
            }
            if asked.send(String::from_utf8(request).unwrap()).is_err() {
                return;
            }
            if answer.is_empty() {
                thread::sleep(Duration::from_millis(400));
            }
            let _gone = connection.write_all(answer.as_bytes());
        }
    });
    (format!("http://{address}"), requests)
}

fn complete(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .split_once("content-length: ")
        .and_then(|(_, rest)| rest.lines().next()?.parse::<usize>().ok());
    body.len() >= length.unwrap_or(0)
}
