//! A large medium goes through in pieces: what it takes of memory does not grow with it.
#![cfg(target_os = "linux")]

use generated_sdk::media::{DownPlan, Download, Host, Medium, Parts, UpPlan, upload};
use generated_sdk::runtime::{
    Api, BodyFormat, Builder, Core, Json, Operation, Part, Session, Template,
};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use tokio::io::AsyncReadExt;

const SIZE: u64 = 64 << 20;
const MOST_MORE: u64 = 32 << 20;

static API: Api = Api {
    authorization: "Authorization",
    format: BodyFormat::Json,
    code: &[],
    message: &[],
    data: &[],
    success: &[],
    busy: &[],
    ..Api::new("acme")
};
static ASK: Operation = Operation::new(&API, "ask", "ask", "/ask");
const HOST: Host = Host {
    root: "https://media.example",
    most: 100 << 20,
    reason: None,
};
static UP: UpPlan = UpPlan {
    host: HOST,
    operation: &ASK,
    params: Template(&[Part::Json("{}")]),
    url: None,
    param: Some(&["param"]),
    at: "up",
    taken: "X-Taken",
    medium: Template(&[Part::Json("{}")]),
};
static DOWN: DownPlan = DownPlan {
    host: HOST,
    at: "down",
};

/// The largest that this process has been.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap();
    let kilobytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kilobytes << 10
}

/// Takes what comes without keeping it, and sends a medium that it does not have.
fn serve(mut stream: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut first, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if first.is_empty() {
            first = line;
        }
    }
    std::io::copy(&mut (&mut reader).take(length), &mut std::io::sink())?;
    let head = "HTTP/1.1 200 OK\r\nX-Taken: t\r\nConnection: close\r\nContent-Length:";
    if !first.starts_with("GET ") {
        let answer = r#"{"param":"p"}"#;
        return write!(stream, "{head} {}\r\n\r\n{answer}", answer.len());
    }
    write!(stream, "{head} {SIZE}\r\n\r\n")?;
    std::io::copy(&mut std::io::repeat(7).take(SIZE), &mut stream).map(|_| ())
}

#[tokio::test]
async fn a_large_medium_takes_little_memory() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || serve(stream));
        }
    });
    let core = Builder::<Core>::new(url.clone())
        .media_root(url)
        .build()
        .unwrap();
    let session = Session::new(core.clone(), Vec::new());
    let before = peak();

    let medium = Medium::reader(tokio::io::repeat(7).take(SIZE));
    let uploaded = upload(&session, &UP, Json::null(), "ann", medium)
        .await
        .unwrap();
    assert_eq!(uploaded.size, SIZE);

    let parts = Parts {
        param: Some("p"),
        plain: true,
        ..Parts::default()
    };
    let mut coming = Download::new(&session, &DOWN, parts)
        .stream()
        .await
        .unwrap();
    let mut came = 0;
    while let Some(piece) = coming.next().await.unwrap() {
        came += piece.len() as u64;
    }
    assert_eq!(came, SIZE);
    let more = peak() - before;
    assert!(more < MOST_MORE, "{} MB more", more >> 20);
}
