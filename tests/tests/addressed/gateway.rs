//! The gateway that stands in for the vendor's: every call by its documented parameters, and the token.

use crate::Requests;
use catalog::load::Origin;
use generated_sdk::dami::deng_lu::Login;
use generated_sdk::dami::qun_guan_li::{GroupSet, GroupSetStatus, SetAutoJoin, SetAutoJoinStatus};
use generated_sdk::dami::zhang_hu_guan_li::WxStatus;
use generated_sdk::{ErrorKind, dami};
use mock_gateway::dami::Gateway;
use mock_gateway::{Answer, Received};
use serde_json::Value;
use tests::{committed, read};

use crate::FORM;
use crate::outcome::{Outcome, outcome};
use crate::stage::exchange;

include!(concat!(env!("OUT_DIR"), "/known_dami.rs"));

/// A client that is authorised.
fn client(gateway: &Gateway) -> dami::Client {
    let builder = dami::Client::builder(gateway.url()).authorization(gateway.token());
    builder.build().expect("a client")
}

#[tokio::test]
async fn every_operation_succeeds_without_an_issue() {
    let gateway = Gateway::start().await.expect("a gateway");
    let client = client(&gateway);
    let done = call_all(&client, &client.account("wxid_me")).await;
    assert_eq!(gateway.all_calls().len(), done.len());
    for outcome in done {
        // The account has just logged out.
        if outcome.id == "zhang_hu_guan_li_wxStatus" {
            assert!(outcome.result.expect_err("refused").contains("离线"));
        } else {
            assert_eq!(outcome.result, Ok(Vec::new()), "{}", outcome.id);
        }
    }
}

/// Clones, and accounts that were bound before, go on with the new token.
#[tokio::test]
async fn a_token_that_has_run_out_is_renewed_for_all_clones() {
    let gateway = Gateway::start().await.expect("a gateway");
    let client = dami::Client::builder(gateway.url()).authorization("run out");
    let client = client.build().expect("a client");
    let (clone, wx) = (client.clone(), client.account("wxid_me"));
    let status = async || wx.zhang_hu_guan_li().wx_status(WxStatus::new()).await;
    let refused = status().await.expect_err("no such token");
    assert_eq!(refused.kind(), ErrorKind::Vendor);
    gateway.reply_once::<Login>(|_| Answer::refused("0", "密码错误"));
    let again = clone.log_in_again("phone", "wrong").await;
    assert_eq!(again.expect_err("refused").kind(), ErrorKind::Vendor);
    status().await.expect_err("nothing has changed");

    clone
        .log_in_again("phone", "password")
        .await
        .expect("a login");
    let login = gateway.calls::<Login>();
    assert_eq!(login.last().expect("a login").header("token"), None);
    status().await.expect("authorised");
    wx.client().core().reauthorize("run out");
    status().await.expect_err("the client's own too");
}

#[tokio::test]
async fn every_operation_wants_its_token_and_its_parameters() {
    let (loaded, _) = read(&committed("dami"), Origin::Catalog);
    let gateway = Gateway::start().await.expect("a gateway");
    let token = gateway.token();
    let asked = async |path: &str, token: &str| -> Value {
        let token = format!("token: {token}\r\n");
        let answer = exchange(gateway.address(), path, FORM, &token, "").await;
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        serde_json::from_str(body).unwrap_or_else(|_| panic!("{path}: {answer}"))
    };
    for operation in loaded.provider.operations() {
        let path = &operation.wire;
        if operation.auth {
            let refused = asked(path, "none").await;
            assert_eq!(refused["code"], 0, "{path}");
            assert!(
                refused["msg"].to_string().contains("token"),
                "{path}: {refused}"
            );
        }
        let answer = asked(path, &token).await;
        let required = operation.params.iter().find(|param| param.required);
        match required {
            Some(param) => {
                assert_eq!(answer["code"], 0, "{path}");
                assert_eq!(answer["msg"], format!("{}不能为空", param.wire), "{path}");
            }
            None => assert_eq!(answer["code"], 1, "{path}"),
        }
    }
}

#[tokio::test]
async fn a_form_comes_urlencoded_or_in_parts() {
    let gateway = Gateway::start().await.expect("a gateway");
    let parts = "--a b\r\nContent-Disposition: form-data; name=\"phone\"\r\n\r\n13800000000\r\n\
                 --a b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\np&w\r\n--a b--\r\n";
    let multipart = "multipart/form-data; boundary=\"a b\"";
    let path = "/foreign/auth/login";
    for (content_type, body, expected) in [
        (FORM, "phone=13800000000&password=p%26w", r#""code":1"#),
        (multipart, parts, r#""code":1"#),
        (multipart, "phone=1&password=2", r#""code":0"#),
    ] {
        let answer = exchange(gateway.address(), path, content_type, "", body).await;
        assert!(answer.contains(expected), "{content_type}: {answer}");
    }
    let calls = gateway.calls::<Login>();
    assert_eq!(calls[1].text("password").as_deref(), Some("p&w"));
}

#[tokio::test]
async fn one_path_with_two_meanings_is_told_apart_by_whom_it_is_about() {
    let gateway = Gateway::start().await.expect("a gateway");
    let client = client(&gateway);
    let room = GroupSet::new("1@chatroom").status(GroupSetStatus::On);
    client.call(room).await.expect("of a room");
    let wx = client.account("wxid_me");
    let auto = SetAutoJoin::new(SetAutoJoinStatus::Off);
    wx.call(auto).await.expect("of the account");
    let account = |call: &Received| call.text("account");
    let [rooms, accounts] = [gateway.calls::<GroupSet>(), gateway.calls::<SetAutoJoin>()];
    let rooms: Vec<_> = rooms.iter().map(|call| account(call)).collect();
    let accounts: Vec<_> = accounts.iter().map(|call| account(call)).collect();
    assert_eq!(rooms, [Some("1@chatroom".to_owned())]);
    assert_eq!(accounts, [Some("wxid_me".to_owned())]);
}
