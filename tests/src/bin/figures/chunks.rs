//! Chunks: 1,000 ids, some of them empty, sent in calls of 20.

use std::io::{Error, Result};

use generated_sdk::eyun::Client;
use generated_sdk::eyun::hao_you_cao_zuo::GetContact;
use serde_json::{Value, json};
use tests::loopback::{Answer, Server};

pub(crate) async fn run() -> Result<()> {
    let server = Server::start(|request| {
        let ids = ids(&request.body);
        let contacts: Vec<Value> = ids.iter().map(|id| json!({ "userName": id })).collect();
        Answer::json(json!({ "code": "1000", "message": "", "data": contacts }).to_string())
    })
    .await;
    let wx = Client::builder(&server.url)
        .no_pace()
        .build()
        .map_err(Error::other)?;
    let wanted: Vec<String> = (0..1000)
        .map(|n| {
            if n % 50 == 3 {
                String::new()
            } else {
                format!("wxid_{n}")
            }
        })
        .collect();
    let chunks = wx
        .instance("w")
        .hao_you_cao_zuo()
        .get_contact_in_chunks(GetContact::new(&wanted));
    let contacts = chunks.await.map_err(Error::other)?;
    let sent: Vec<String> = server
        .received()
        .iter()
        .flat_map(|one| ids(&one.body))
        .collect();
    println!(
        "{} ids, 20 of them empty: {} calls, {} ids arrived, in order: {}; {} contacts",
        wanted.len(),
        server.received().len(),
        sent.len(),
        sent == wanted,
        contacts.len()
    );
    Ok(())
}

fn ids(body: &[u8]) -> Vec<String> {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let ids = body.get("wcId").and_then(Value::as_str).unwrap_or_default();
    ids.split(',').map(str::to_owned).collect()
}
