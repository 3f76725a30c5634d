//! Events of every shape, documented, odd and hostile.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use super::{ACCOUNT, Listening, fast, soon, text};
use generated_sdk::server::Delivery;
use generated_sdk::wequick::v2::callback::{Callback, Event, SystemMessageMessage as Wording};
use generated_sdk::wequick::v2::hao_you_xiang_guan::{AcceptFriend, AcceptFriendRequired};
use generated_sdk::wequick::v2::{Bots, Hub, WxId};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::unbounded_channel;
use tokio::sync::{AcquireError, Semaphore};
use tokio::time::sleep;

#[tokio::test]
async fn every_documented_event_arrives_typed() {
    let mut server = Listening::start().await;
    let program = mock_gateway::wequick::v2::program(&*server.url).no_poll();
    let program = program
        .events_every(Duration::from_millis(1))
        .start()
        .expect("starts");
    let mut kinds = BTreeSet::new();
    while kinds.len() < 46 {
        let callback = server.next().await;
        assert!(
            !matches!(
                callback.event,
                Event::Unknown { .. } | Event::Unreadable { .. }
            ),
            "{callback:?}"
        );
        assert_eq!(callback.cwxid.as_ref().map(|id| id.as_str()), Some(ACCOUNT));
        let shown = format!("{:?}", callback.event);
        kinds.insert(shown.split('(').next().map(str::to_owned));
    }
    assert_eq!(program.numbers().failed, 0);
}

#[tokio::test]
async fn both_envelopes_every_spelling_of_nobody_and_unknown_actions() {
    let mut server = Listening::start().await;
    let message = |id: &str| json!({"msgid": id, "message": "hi", "wxidFrom": "wxid_a"});
    let bare = |account: Value, id: &str| json!({"action": "reportTextMessage", "cwxid": account, "data": message(id)});
    let mut absent = bare(Value::Null, "1");
    absent.as_object_mut().expect("an object").remove("cwxid");
    let posts = [
        bare(json!("w"), "2"),
        bare(Value::Null, "3"),
        absent,
        json!({"data": bare(json!("w"), "4")}),
        json!({"action": "reportTextMessage", "data": {"msg": message("5")}}),
        json!({"data": {"action": "reportTextMessage", "data": {"info": message("6")}}}),
    ];
    for post in posts {
        let (status, answer) = server
            .ask("POST /recieve_msg", post.to_string().as_bytes())
            .await;
        assert_eq!((status, answer.as_str()), (200, "[]"), "{post}");
        let callback = server.next().await;
        let Event::TextMessage(text) = callback.event else {
            panic!("{post}: {callback:?}");
        };
        assert_eq!(text.message.as_deref(), Some("hi"), "{post}");
    }
    let unknown = json!({"action": "somethingNew", "cwxid": null, "data": {"x": [18_446_744_073_709_551_615_u64]}});
    server
        .ask("POST /recieve_msg", unknown.to_string().as_bytes())
        .await;
    let Event::Unknown { code, data } = server.next().await.event else {
        panic!("nothing that is documented");
    };
    assert_eq!(
        (code.as_str(), data.as_str()),
        ("somethingNew", r#"{"x":[18446744073709551615]}"#)
    );
    let odd = json!({"action": "reportTextMessage", "cwxid": "w", "data": "text"});
    server
        .ask("POST /recieve_msg", odd.to_string().as_bytes())
        .await;
    assert!(matches!(
        server.next().await.event,
        Event::Unreadable { .. }
    ));
}

#[tokio::test]
async fn hostile_requests_cost_one_refusal() {
    let small = Hub::builder().unprotected();
    let mut server = Listening::of(small.receiver(|events| events.body_limit(2 << 20))).await;
    let deep = format!(
        r#"{{"action":"reportTextMessage","data":{}1{}}}"#,
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    for body in [deep.as_bytes(), b"\xff", b"{", b"", b"hello"] {
        assert_eq!(server.ask("POST /recieve_msg", body).await.0, 400);
    }
    let large = vec![b' '; 3 << 20];
    assert!(matches!(
        server.ask("POST /recieve_msg", &large).await.0,
        413 | 0
    ));
    let long = "a".repeat(9000);
    for query in [
        "",
        "?",
        "?wxid",
        "?wxid=%",
        "?wxid=%ff&pid=%00",
        "?pid=1&pid=2",
        "?wxid=null&pid=0",
        &format!("?wxid={long}"),
    ] {
        let (status, answer) = server.ask(&format!("GET /send_msg{query}"), b"").await;
        assert_eq!((status, answer.as_str()), (200, "[]"), "{query}");
    }
    for result in [
        json!({"data": {"sendId": "8859663", "sendResult": ""}}),
        json!({"action": "", "data": {"sendId": "x".repeat(10_000), "sendResult": {}, "errorReason": []}}),
        json!({"action": [], "cwxid": {}, "data": {"sendId": 7, "errorReason": "x"}}),
    ] {
        let (status, answer) = server
            .ask("POST /recieve_msg", result.to_string().as_bytes())
            .await;
        assert_eq!((status, answer.as_str()), (200, "[]"), "{result}");
        server.next().await;
    }
    assert_eq!(server.ask("GET /recieve_msg", b"").await.0, 405);
    assert_eq!(server.ask("GET /elsewhere", b"").await.0, 404);
    let _program = fast(&server.url).start().expect("starts");
    soon(async { text(&server.hub.bot(ACCOUNT), "x").await })
        .await
        .expect("as before");
}

#[tokio::test]
async fn accounts_that_are_told_the_same_are_both_heard() {
    let mut server = Listening::start().await;
    let told = |account: Value| json!({"action": "reportTextMessage", "cwxid": account, "data": {"msgid": "7", "message": "hi"}});
    for (query, account, times) in [
        ("", json!("a"), 1),
        ("", json!("b"), 1),
        ("?wxid=c&pid=1", Value::Null, 1),
        ("?wxid=d&pid=1", Value::Null, 1),
        ("?pid=2", Value::Null, 1),
        ("?wxid=c&pid=1", json!("e"), 1),
        // Nothing tells who this is: better twice than never.
        ("", Value::Null, 2),
    ] {
        let body = told(account).to_string();
        let before = server.hub.counters().typed;
        for _ in 0..2 {
            let line = format!("POST /recieve_msg{query}");
            assert_eq!(server.ask(&line, body.as_bytes()).await.0, 200);
        }
        assert_eq!(
            server.hub.counters().typed - before,
            times,
            "{query} {body}"
        );
        for _ in 0..times {
            server.next().await;
        }
    }
}

#[tokio::test]
async fn what_the_system_says_is_known_by_its_wording() {
    let mut server = Listening::start().await;
    let (by, member) = ("甲".to_owned(), "乙".to_owned());
    for (message, expected) in [
        ("你已成为新群主", Some(Wording::BecameOwner)),
        (
            "甲已成为新群主",
            Some(Wording::NewOwner { name: by.clone() }),
        ),
        (
            "“甲”邀请“乙”加入了群聊",
            Some(Wording::Invited {
                by: by.clone(),
                member: member.clone(),
            }),
        ),
        (
            "你邀请乙加入了群聊",
            Some(Wording::InvitedByMe {
                member: member.clone(),
            }),
        ),
        (
            "乙通过扫描你分享的二维码加入群聊",
            Some(Wording::JoinedByMyCode {
                member: member.clone(),
            }),
        ),
        (
            "乙通过扫描甲分享的二维码加入群聊",
            Some(Wording::JoinedByCode {
                member,
                by: by.clone(),
            }),
        ),
        (
            "甲修改群名为“群：一”",
            Some(Wording::GroupRenamed {
                by,
                name: "群：一".to_owned(),
            }),
        ),
        ("群主已恢复默认进群方式", Some(Wording::JoiningRestored)),
        (
            "群主已启用“群聊邀请确认”，群成员需群主确认才能邀请朋友进群。",
            Some(Wording::InvitesNeedApproval),
        ),
        ("消息已发出，但被对方拒收了。", Some(Wording::Blocked)),
        ("发出红包，请在手机上查看", Some(Wording::RedPacket)),
        ("你好", None),
        ("", None),
    ] {
        let told =
            json!({"action": "reportSystemMessage", "cwxid": "w", "data": {"message": message}});
        let told = told.to_string();
        assert_eq!(
            server.ask("POST /recieve_msg", told.as_bytes()).await.0,
            200
        );
        let Event::SystemMessage(said) = server.next().await.event else {
            panic!("a system message");
        };
        let wording = said.message_wording();
        assert!(!format!("{wording:?}").contains('乙'), "{wording:?}");
        assert_eq!(wording, expected, "{message}");
    }
}

#[tokio::test]
async fn a_friend_request_says_what_accepts_it() {
    let mut server = Listening::start().await;
    let xml = r#"<msg fromusername="wxid_b" encryptusername="v3_b@stranger" content="hi" scene="30" ticket="v4_b@stranger"/>"#;
    let told =
        json!({"action": "reportFriendAddRequest", "cwxid": ACCOUNT, "data": {"xmlmsg": xml}});
    server
        .ask("POST /recieve_msg", told.to_string().as_bytes())
        .await;
    let Event::FriendAddRequest(request) = server.next().await.event else {
        panic!("a request");
    };
    let request = request.xmlmsg.expect("what the XML says").data;
    let accept = AcceptFriend::new(AcceptFriendRequired {
        v1: request.v1.expect("who asks"),
        v2: request.v2.expect("the ticket"),
        scene: request.scene.expect("where from").into(),
    });
    server.hub.enqueue(ACCOUNT, &accept).await.expect("queued");
    let (_, commands) = server
        .ask(&format!("GET /send_msg?wxid={ACCOUNT}&pid=1"), b"")
        .await;
    let commands: Value = serde_json::from_str(&commands).expect("JSON");
    let option = json!({"v1": "v3_b@stranger", "v2": "v4_b@stranger", "scene": "30"});
    assert_eq!(
        (&commands[0]["api"], &commands[0]["option"]),
        (&json!("acceptFriend"), &option)
    );
}

#[test]
fn a_transfer_and_a_room_are_told_in_numbers_and_ids() {
    let xml = "<msg><appmsg><wcpayinfo><paysubtype>3</paysubtype><feedesc><![CDATA[￥0.10]]></feedesc>\
               <transferid>1000050001</transferid><pay_memo>午饭</pay_memo></wcpayinfo></appmsg></msg>";
    let told = json!({"action": "reportTransferMessage", "cwxid": "w", "data": {"xmlmsg": xml}});
    let told = Callback::parse(&told.to_string()).expect("JSON");
    let Event::TransferMessage(transfer) = told.event else {
        panic!("a transfer");
    };
    let transfer = transfer.xmlmsg.expect("what the XML says").data;
    assert_eq!(transfer.paymemo.as_deref(), Some("午饭"));
    assert_eq!(transfer.transferid.as_deref(), Some("1000050001"));
    let room = json!({"wxid": "1@chatroom", "roomCount": "2", "userLists": ["a", "b"]});
    let data = json!({"groupList": [room, {"roomCount": ""}, {"roomCount": 500}]});
    let told = json!({"action": "reportChatRooms", "cwxid": "w", "data": data});
    let told = Callback::parse(&told.to_string()).expect("JSON");
    let Event::ChatRooms(rooms) = told.event else {
        panic!("rooms");
    };
    let counts: Vec<Option<i64>> = rooms
        .group_list
        .iter()
        .map(|room| room.room_count)
        .collect();
    assert_eq!(counts, [Some(2), None, Some(500)]);
    assert_eq!(
        rooms.group_list[0].user_lists,
        ["a".into(), WxId::from("b")]
    );
    // Of rooms of companies the table and the example contradict each other: both are handed on.
    let room = json!({"wxid": "1@im.chatroom", "userLists": ["a", {"wxid": "b", "sex": "2"}]});
    let told = json!({"action": "reportImRooms", "cwxid": "w", "data": {"groupList": [room]}});
    let told = Callback::parse(&told.to_string()).expect("JSON");
    let Event::ImRooms(rooms) = told.event else {
        panic!("rooms");
    };
    let [id, member] = &rooms.group_list[0].user_lists[..] else {
        panic!("two of them");
    };
    let wxid = member.get("wxid").and_then(|wxid| wxid.as_text());
    assert_eq!(
        (id.as_text(), wxid),
        (Some("a".to_owned()), Some("b".to_owned()))
    );
}

#[tokio::test]
async fn a_message_that_is_told_again_with_its_file_is_no_repetition() {
    let mut server = Listening::start().await;
    let told = |image: &str| json!({"action": "reportPicMessage", "cwxid": "w", "data": {"msgid": "7", "image": image}});
    for image in ["", "", "C:\\a.jpg"] {
        let told = told(image).to_string();
        let (status, _) = server.ask("POST /recieve_msg", told.as_bytes()).await;
        assert_eq!(status, 200);
    }
    for expected in [None, Some("C:\\a.jpg")] {
        let Event::PicMessage(picture) = server.next().await.event else {
            panic!("a picture");
        };
        assert_eq!(picture.image.as_deref(), expected);
    }
    assert_eq!(server.hub.counters().duplicate, 1);
}

#[tokio::test]
async fn an_account_with_ten_thousand_friends_is_heard() {
    let mut server = Listening::start().await;
    let friend = |n: usize| {
        json!({
            "wxid": format!("wxid_example{n:08}"), "alias": format!("example_alias_{n}"),
            "nick": "示例昵称", "remark": "示例备注", "sex": 1, "country": "CN", "province": "上海", "city": "浦东",
            "headPic": format!("https://example.com/{}/132", "x".repeat(140)),
        })
    };
    let friends: Vec<Value> = (0..10_000).map(friend).collect();
    let told =
        json!({"action": "reportContacts", "cwxid": ACCOUNT, "data": {"friendList": friends}});
    let told = told.to_string();
    assert!(told.len() > 3 << 20, "{}", told.len());
    let (status, answer) = server.ask("POST /recieve_msg", told.as_bytes()).await;
    assert_eq!((status, answer.as_str()), (200, "[]"));
    let Event::Contacts(contacts) = server.next().await.event else {
        panic!("the list of friends");
    };
    assert_eq!(contacts.friend_list.len(), 10_000);
}

#[tokio::test]
async fn a_long_event_over_a_slow_line_has_the_time_it_needs() {
    let hub = Hub::builder().unprotected();
    let patient = Duration::from_secs(1);
    let mut server = Listening::of(hub.receiver(|events| events.patience(patient))).await;
    let message = "x".repeat(15 << 16);
    let told = json!({"action": "reportTextMessage", "cwxid": "w", "data": {"message": message}});
    let told = told.to_string();
    let mut stream = TcpStream::connect(&server.url[7..])
        .await
        .expect("connects");
    let head = format!(
        "POST /recieve_msg HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        told.len()
    );
    stream.write_all(head.as_bytes()).await.expect("writes");
    for piece in told.as_bytes().chunks(1 << 16) {
        stream.write_all(piece).await.expect("is still listened to");
        sleep(Duration::from_millis(100)).await;
    }
    assert!(matches!(server.next().await.event, Event::TextMessage(_)));
}

#[tokio::test]
async fn a_handler_that_waits_holds_up_its_own_account_alone() {
    let (to, mut handled) = unbounded_channel();
    let (gate, waits) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let (opened, reached) = (Arc::clone(&gate), Arc::clone(&waits));
    let handler = move |told: Delivery<Callback>, _: Bots| {
        let (to, gate, waits) = (to.clone(), Arc::clone(&gate), Arc::clone(&waits));
        async move {
            let Event::TextMessage(message) = told.callback.event else {
                panic!("a text");
            };
            let account = told.callback.cwxid.expect("an account").to_string();
            if account == "slow" {
                waits.add_permits(1);
                gate.acquire().await?.forget();
            }
            let text = message.message.unwrap_or_default();
            let _ = to.send(format!("{account} {text}"));
            Ok::<_, AcquireError>(())
        }
    };
    let hub = Hub::builder().unprotected().start(handler).expect("starts");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    let serving = hub.clone();
    tokio::spawn(async move { serving.serve_on(listener).await });
    for (account, text) in [("slow", 1), ("slow", 2), ("b", 1), ("b", 2), ("b", 3)] {
        let data = json!({"message": text.to_string()});
        let told = json!({"action": "reportTextMessage", "cwxid": account, "data": data});
        post(address, told.to_string()).await;
    }
    for expected in ["b 1", "b 2", "b 3"] {
        assert_eq!(soon(handled.recv()).await.as_deref(), Some(expected));
    }
    soon(reached.acquire())
        .await
        .expect("the first one")
        .forget();
    // The second one of the account waits for the first one, and comes in its turn.
    let backlog = hub.backlog().await.expect("a store");
    assert_eq!((reached.available_permits(), backlog.waiting), (0, 1));
    for expected in ["slow 1", "slow 2"] {
        opened.add_permits(1);
        assert_eq!(soon(handled.recv()).await.as_deref(), Some(expected));
    }
}

pub(super) async fn post(address: SocketAddr, body: String) {
    let mut stream = TcpStream::connect(address).await.expect("connects");
    let head = format!(
        "POST /recieve_msg HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let request = [head.as_bytes(), body.as_bytes()].concat();
    stream.write_all(&request).await.expect("writes");
    let mut answer = String::new();
    soon(stream.read_to_string(&mut answer))
        .await
        .expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}
