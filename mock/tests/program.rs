//! The program as people start it: it says where it is, a line a request, and ends at Ctrl-C.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_mock-gateway");

/// Ends the program where a test fails.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn it_prints_a_line_a_request_and_ends_at_ctrl_c() {
    let started = Command::new(PROGRAM)
        .args(["eyun", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn();
    let mut running = Running(started.expect("the program starts"));
    let out = running.0.stdout.take().expect("piped");
    let mut lines = BufReader::new(out).lines();
    let mut line = || lines.next().expect("a line").expect("UTF-8");
    let greeting = line();
    let address = greeting.split("http://").nth(1).expect("an address");
    let address = address.split(' ').next().expect("an address");

    let mut stream = TcpStream::connect(address).expect("it listens");
    let body = r#"{"account":"a","password":"hidden"}"#;
    write!(
        stream,
        "POST /member/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.contains("\"code\":\"1000\""), "{answer}");
    let seen = line();
    assert!(seen.starts_with("POST /member/login deng_lu_"), "{seen}");
    assert!(seen.contains(" 1000 ") && seen.ends_with(" ms"), "{seen}");
    assert!(!seen.contains("hidden"), "{seen}");

    let id = running.0.id().to_string();
    let sent = Command::new("kill").args(["-INT", &id]).status();
    assert!(sent.expect("kill").success());
    assert!(running.0.wait().expect("it ends").success());
}

#[test]
fn a_socket_is_where_it_says() {
    let started = Command::new(PROGRAM)
        .args(["padchat", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn();
    let mut running = Running(started.expect("the program starts"));
    let out = running.0.stdout.take().expect("piped");
    let mut lines = BufReader::new(out).lines();
    let greeting = lines.next().expect("a line").expect("UTF-8");
    let address = greeting.split("ws://").nth(1).expect("an address");
    let (address, path) = address
        .split_once(' ')
        .and_then(|(url, _)| url.split_once('/'))
        .expect("a path");
    let mut stream = TcpStream::connect(address).expect("it listens");
    write!(
        stream,
        "GET /{path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    .expect("sent");
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 101");
    // One masked frame; its mask of zeros changes nothing.
    let call = br#"{"code":"auth","cmdId":"1","authKey":"hidden"}"#;
    let mut frame = vec![
        0x81,
        0x80 | u8::try_from(call.len()).expect("short"),
        0,
        0,
        0,
        0,
    ];
    frame.extend_from_slice(call);
    stream.write_all(&frame).expect("sent");
    let seen = lines.next().expect("a line").expect("UTF-8");
    assert!(
        seen.starts_with("CALL auth deng_lu_guan_li_auth true "),
        "{seen}"
    );
    assert!(!seen.contains("hidden"), "{seen}");
}

#[test]
fn every_provider_with_a_gateway_is_played() {
    for (id, path, body, answer) in [
        (
            "dami",
            "/foreign/auth/login",
            "phone=1&password=2",
            "mock-token",
        ),
        (
            "eyun",
            "/member/login",
            r#"{"account":"a","password":"b"}"#,
            "1000",
        ),
    ] {
        let started = Command::new(PROGRAM)
            .args([id, "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn();
        let mut running = Running(started.expect("the program starts"));
        let out = running.0.stdout.take().expect("piped");
        let greeting = BufReader::new(out).lines().next().expect("a line");
        let greeting = greeting.expect("UTF-8");
        assert!(greeting.starts_with(id), "{greeting}");
        let address = greeting.split("http://").nth(1).expect("an address");
        let address = address.split(' ').next().expect("an address");
        let mut stream = TcpStream::connect(address).expect("it listens");
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .expect("sent");
        let mut said = String::new();
        stream.read_to_string(&mut said).expect("an answer");
        assert!(said.contains(answer), "{id}: {said}");
    }
}

#[test]
fn an_address_in_use_is_an_error_that_names_it() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("bound").to_string();
    let output = Command::new(PROGRAM)
        .args(["eyun", "--listen", &address])
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains(&address), "{said}");
    let output = Command::new(PROGRAM).arg("nobody").output();
    assert_eq!(output.expect("it starts").status.code(), Some(2));
}

/// Answers requests on a listener with an empty array until there was one for each of these.
fn visited(listener: &std::net::TcpListener, wanted: &[&str]) -> std::io::Result<()> {
    let mut seen: Vec<String> = Vec::new();
    while !wanted
        .iter()
        .all(|wanted| seen.iter().any(|seen| seen.starts_with(wanted)))
    {
        let (stream, _) = listener.accept()?;
        let mut reader = BufReader::new(&stream);
        let (mut line, mut length) = (String::new(), 0);
        reader.read_line(&mut line)?;
        seen.push(line.clone());
        while line != "\r\n" {
            line.clear();
            reader.read_line(&mut line)?;
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n[]";
        (&stream).write_all(answer.as_bytes())?;
    }
    Ok(())
}

#[test]
fn the_vendors_program_comes_to_a_server() {
    for api in ["v1", "v2"] {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let server = format!("http://{}", listener.local_addr().expect("bound"));
        let started = Command::new(PROGRAM)
            .args([
                "wequick", "--api", api, "--server", &server, "--secret", "hush",
            ])
            .args([
                "--account",
                "wxid_a",
                "--poll-every",
                "0.05",
                "--incoming-every",
                "0.05",
            ])
            .stdout(Stdio::piped())
            .spawn();
        let mut running = Running(started.expect("the program starts"));
        let out = running.0.stdout.take().expect("piped");
        let mut lines = BufReader::new(out).lines();
        let greeting = lines.next().expect("a line").expect("UTF-8");
        assert!(
            greeting.contains(&server) && greeting.contains(api),
            "{greeting}"
        );
        visited(
            &listener,
            &[
                "GET /send_msg/hush?wxid=wxid_a&pid=7768 ",
                "POST /recieve_msg/hush ",
            ],
        )
        .expect("it comes");
        let event = lines.next().expect("a line").expect("UTF-8");
        assert!(
            event.starts_with("event ") && event.ends_with(": 200"),
            "{event}"
        );
        let id = running.0.id().to_string();
        let sent = Command::new("kill").args(["-INT", &id]).status();
        assert!(sent.expect("kill").success());
        assert!(running.0.wait().expect("it ends").success());
    }
}
