//! Files, encrypted by whoever sends them.

use super::*;

/// Sixteen bytes that AES makes of sixteen zeroes and a key of zeroes, and of the padding behind them.
const ZEROES: [u8; 32] = [
    0x66, 0xe9, 0x4b, 0xd4, 0xef, 0x8a, 0x2c, 0x3b, 0x88, 0x4c, 0xfa, 0x59, 0xca, 0x34, 0x2b, 0x2e,
    0x01, 0x43, 0xdb, 0x63, 0xee, 0x66, 0xb0, 0xcd, 0xff, 0x9f, 0x69, 0x91, 0x76, 0x80, 0x15, 0x1e,
];

/// Sends bytes, or fetches some: the status, the head and the body.
fn bytes(url: &str, method: &str, headers: &str, body: &[u8]) -> (u16, String, Vec<u8>) {
    use std::io::{Read, Write};
    let (host, path) = url
        .trim_start_matches("http://")
        .split_once('/')
        .expect("a path");
    let mut stream = std::net::TcpStream::connect(host).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("set");
    let head = format!(
        "{method} /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/octet-stream\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    );
    stream
        .write_all(&[head.as_bytes(), body].concat())
        .expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    let end = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .expect("a head");
    let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    (status.expect("a status"), head, answer[end + 4..].to_vec())
}

/// Asks where to send a file of sixteen zeroes.
fn announced(client: &Client, to: &Value, size: usize) -> Value {
    let file = json!({
        "filekey": "0123456789abcdef0123456789abcdef",
        "media_type": 1,
        "to_user_id": to,
        "rawsize": 16,
        "rawfilemd5": "4ae71336e44bf9bf79d2752e234818a5",
        "filesize": size,
        "no_need_thumb": true,
        "aeskey": "00000000000000000000000000000000",
    });
    client.post("getuploadurl", file)
}

fn picture(param: &str, size: u64) -> Value {
    let media = json!({
        "encrypt_query_param": param,
        "aes_key": "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA=",
        "encrypt_type": 1,
    });
    json!({ "type": 2, "image_item": { "media": media, "mid_size": size } })
}

fn header<'h>(head: &'h str, name: &str) -> &'h str {
    let found = head.split_once(&format!("{name}: "));
    let (_, value) = found.unwrap_or_else(|| panic!("no {name}: {head}"));
    value.lines().next().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_goes_up_and_is_sent() {
    let client = Client::new().await;
    let gateway = &client.gateway;
    gateway.friend().says("发个图");
    let (asked, _) = client.poll("");
    let whom = &asked[0]["from_user_id"];
    let says = |answer: &Value, what: &str| {
        let why = answer["errmsg"].as_str().unwrap_or_default();
        assert!(why.contains(what), "{answer}");
    };
    says(&announced(&client, whom, 16), "filesize");
    let where_to = announced(&client, whom, 32);
    let url = where_to["upload_full_url"].as_str().expect("an address");
    let host = format!("http://{}/c2c/upload?", gateway.host(2));
    assert!(url.starts_with(&host), "{url}");

    let refused = |headers: &str, file: &[u8], why: &str| {
        let (status, head, _) = bytes(url, "POST", headers, file);
        assert_eq!(status, 400, "{head}");
        assert!(header(&head, "x-error-message").contains(why), "{head}");
    };
    let token = format!("Authorization: Bearer {}\r\n", client.token);
    refused(&token, &ZEROES, "no business");
    refused("", &ZEROES[..16], "size");
    refused("", &[0; 32], "padding");
    for _ in 0..2 {
        gateway.fault_once_on("/c2c/upload", Fault::Status(500));
    }
    gateway.reply_once_to("/c2c/upload", |_| Answer::raw(200, "text/plain", ""));
    let mut heads = Vec::new();
    while heads.len() < 5 && gateway.files() == 0 {
        heads.push(bytes(url, "POST", "", &ZEROES).1);
    }
    assert_eq!((heads.len(), gateway.calls_of("/c2c/upload").len()), (4, 7));
    let param = header(&heads[3], "x-encrypted-param");
    says(
        &client.answer(&asked[0], "1", &picture(param, 16)),
        "mid_size",
    );
    let sent = client.answer(&asked[0], "2", &picture(param, 32));
    assert_eq!(sent, json!({}));
    let heard = gateway.friend().heard();
    assert_eq!(heard[0].file.as_deref(), Some(&[0; 16][..]));
}

#[tokio::test(flavor = "multi_thread")]
async fn files_come_down_with_keys_in_every_spelling() {
    let client = Client::of(quick().files_by_param()).await;
    let friend = client.gateway.friend();
    for key in [
        KeySpelling::Bytes,
        KeySpelling::Letters,
        KeySpelling::Beside,
        KeySpelling::None,
    ] {
        friend.sends_image(&[0; 16], key);
    }
    friend.sends_file("a.txt", b"abc", KeySpelling::Letters);
    friend.speaks(&[1, 2, 3], "你好");
    let items = client.poll("").0.into_iter();
    let items: Vec<Value> = items
        .map(|message| message["item_list"][0].clone())
        .collect();
    let keys = items[..4]
        .iter()
        .map(|item| &item["image_item"]["media"]["aes_key"]);
    let lengths: Vec<usize> = keys.map(|key| key.as_str().map_or(0, str::len)).collect();
    assert_eq!(lengths, [24, 44, 24, 0]);
    assert_eq!(
        items[2]["image_item"]["aeskey"].as_str().map(str::len),
        Some(32)
    );
    assert_eq!(
        (
            &items[4]["file_item"]["len"],
            &items[5]["voice_item"]["text"]
        ),
        (&json!("3"), &json!("你好"))
    );
    let fetched = |item: &Value| {
        let param = item["media"]["encrypt_query_param"]
            .as_str()
            .expect("a param");
        let query = param
            .replace('+', "%2B")
            .replace('&', "%26")
            .replace('=', "%3D");
        let url = format!(
            "http://{}/c2c/download?encrypted_query_param={query}",
            client.gateway.host(2)
        );
        bytes(&url, "GET", "", b"").2
    };
    assert_eq!(fetched(&items[0]["image_item"]).len(), 32);
    assert_eq!(fetched(&items[3]["image_item"]), [0; 16]);
    assert_eq!(fetched(&items[4]["file_item"]).len(), 16);
}
