//! The mock gateway over real sockets: the SDK against it, and plain HTTP as any other language would speak it.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use generated_sdk::eyun::biao_qian::{AddContactLabel, GetContactLabelList};
use generated_sdk::eyun::deng_lu::{GetAddressList, GetIPadLoginInfo, IPadLogin, IPadLoginProxy};
use generated_sdk::eyun::hao_you_cao_zuo::{GetContact, ModifyRemark};
use generated_sdk::eyun::peng_you_quan::{
    AsynSnsSendVideo, AsynSnsSendVideoRequired, GetAsynSnsSendVideoRes,
};
use generated_sdk::eyun::qun_cao_zuo::{CreateChatRoom, GetChatRoomMember};
use generated_sdk::eyun::wei_xin_guan_li::{IsOnline, QueryLoginWx};
use generated_sdk::eyun::xiao_xi_fa_song::{RevokeMsg, RevokeMsgRequired, SendText};
use generated_sdk::eyun::xiao_xi_jie_shou::CancelHttpCallbackUrl;
use generated_sdk::eyun::{Client, Instance, SentMessage};
use generated_sdk::{ErrorKind, Json};
use mock_gateway::eyun::Gateway;
use mock_gateway::{Answer, Fault};
use serde_json::{Value, json};
use tests::loopback::{Answer as Http, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

mod control;
#[path = "../shared/outcome.rs"]
mod outcome;
mod outside;
mod places;
mod refusals;
mod world;

use outcome::{Outcome, outcome};

include!(concat!(env!("OUT_DIR"), "/known_eyun.rs"));

mock_gateway::requests!(generated_sdk);

async fn start() -> Gateway {
    Gateway::start().await.expect("a gateway")
}

/// A client that is authorised.
fn client(gateway: &Gateway) -> Client {
    let builder = Client::builder(gateway.url()).authorization(gateway.authorization());
    builder.build().expect("a client")
}

fn logged_in(gateway: &Gateway) -> Instance {
    client(gateway).instance(gateway.logged_in())
}

/// What a program in any language sends, and what it gets: status and body.
async fn http(
    gateway: &Gateway,
    method: &str,
    path: &str,
    headers: &str,
    body: &str,
) -> Option<(u16, String)> {
    answered(gateway.address(), method, path, headers, body).await
}

async fn answered(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &str,
    body: &str,
) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).await.expect("up");
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: mock\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, body.to_owned()))
}

async fn post(gateway: &Gateway, path: &str, headers: &str, body: &Value) -> Value {
    let answer = http(gateway, "POST", path, headers, &body.to_string()).await;
    let (status, body) = answer.expect("an answer");
    let mut body: Value = serde_json::from_str(&body).expect("JSON");
    if status != 200 {
        body["http"] = json!(status);
    }
    body
}

#[tokio::test]
async fn every_operation_succeeds_without_an_issue() {
    let gateway = start().await;
    let client = client(&gateway);
    let wx = client.instance(gateway.logged_in());
    let done = call_all(&client, &wx).await;
    assert_eq!(gateway.all_calls().len(), done.len());
    for (outcome, call) in done.iter().zip(gateway.all_calls()) {
        assert_eq!(outcome.result, Ok(Vec::new()), "{}", outcome.id);
        assert_eq!(
            outcome.id,
            call.operation(),
            "shared paths find their operation"
        );
    }
}
