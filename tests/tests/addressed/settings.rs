//! Settings: every one registered by one call, and told in every encoding.

use generated_sdk::ErrorKind;
use generated_sdk::dami::Client;
use generated_sdk::dami::callback::Event;
use mock_gateway::Encoding;
use serde_json::json;

use crate::stage::Stage;

const SLOTS: [(&str, &str); 9] = [
    ("messagelog", "messagelog"),
    ("crowdlog", "crowdlog"),
    ("addfriendlog", "addfriendlog"),
    ("wacatout", "wacatout"),
    ("addgrouplog", "addgrouplog"),
    ("newfriendlog", "newfriendlog"),
    ("delfriendlog", "delfriendlog"),
    ("callbackSend", "callbackSend/2"),
    ("callbackSend", "callbackSend/4"),
];

#[tokio::test]
async fn every_setting_is_registered_and_told_in_every_encoding() {
    let mut stage = Stage::set(Encoding::Form, 0).await;
    stage
        .client
        .register(&stage.addresses)
        .await
        .expect("registered");
    for encoding in [Encoding::Json, Encoding::Form, Encoding::Multipart] {
        for (slot, code) in SLOTS {
            let event = stage.gateway.engine().documented_at(code).expect(code);
            let delivery = stage.gateway.deliver_at(slot, event, encoding).await;
            assert!(delivery.expect("an address").is_acknowledged(), "{code}");
            let callback = stage.next().await;
            assert_eq!(callback.address.as_ref().map(|a| a.as_str()), Some(code));
            assert!(
                callback.issues().is_empty(),
                "{code} {:?}",
                callback.issues()
            );
            assert!(!matches!(
                callback.event,
                Event::Unknown { .. } | Event::Unreadable { .. }
            ));
        }
        let labels = json!({ "data": [{ "lable_id": 1 }] });
        let labels = stage
            .gateway
            .deliver_at("callbackSend", labels, encoding)
            .await;
        assert!(labels.expect("an address").is_acknowledged());
        assert!(matches!(
            stage.next().await.event,
            Event::LabelList(Some(_))
        ));
    }
    assert_eq!(stage.receiver.counters().typed, 30);
}

#[tokio::test]
async fn the_gateway_posts_what_calls_lead_to() {
    use generated_sdk::dami::xiao_xi_guan_li::{
        SendMessage, SendMessageContentType, SendMessageRequired,
    };
    let mut stage = Stage::set(Encoding::Multipart, 3).await;
    stage
        .client
        .register(&stage.addresses)
        .await
        .expect("registered");
    let send = SendMessage::new(SendMessageRequired {
        to_account: "wxid_example02".to_owned(),
        content: "你好 &=%".to_owned(),
        content_type: SendMessageContentType::Text,
    });
    stage
        .wx
        .xiao_xi_guan_li()
        .send_message(send)
        .await
        .expect("sent");
    let Event::PrivateMessage(message) = stage.next().await.event else {
        panic!("not a private message");
    };
    assert_eq!(message.content.as_deref(), Some("你好 &=%"));
    assert_eq!(message.my_account.as_deref(), Some("wxid_me"));
    let wrong = Client::builder(stage.gateway.url())
        .login("13800000000", "wrong")
        .await;
    assert_eq!(wrong.expect_err("refused").kind(), ErrorKind::Vendor);
    let nobody = Client::builder(stage.gateway.url())
        .authorization("none")
        .build();
    let nobody = nobody.expect("a client").register(&stage.addresses).await;
    assert_eq!(nobody.expect_err("refused").kind(), ErrorKind::Vendor);
}

/// Working programs read more than the documents have, in two spellings.
#[tokio::test]
async fn what_working_programs_read_is_typed() {
    let mut stage = Stage::set(Encoding::Form, 0).await;
    let registered = stage.client.register(&stage.addresses).await;
    registered.expect("registered");
    for (slot, spelling) in [("messagelog", "sendtime"), ("crowdlog", "send_time")] {
        let event = json!({ "data": { spelling: "1700000000" } });
        let told = stage.gateway.deliver_at(slot, event, Encoding::Form).await;
        assert!(told.expect("an address").is_acknowledged());
        let sent = match stage.next().await.event {
            Event::PrivateMessage(message) => message.sendtime,
            Event::GroupMessage(message) => message.sendtime,
            other => panic!("{other:?}"),
        };
        assert_eq!(sent.as_deref(), Some("1700000000"), "{spelling}");
    }
    let event = json!({ "data": [{ "type": "1", "my_account_alias": "me" }] });
    let told = stage.gateway.deliver_at("wacatout", event, Encoding::Form);
    assert!(told.await.expect("an address").is_acknowledged());
    let Event::AccountStatus(status) = stage.next().await.event else {
        panic!("who has come");
    };
    assert_eq!(status[0].my_account_alias.as_deref(), Some("me"));
}
