//! Callbacks that only their address tells apart, over real sockets: settings, calls that wait, results in pages.

use std::net::SocketAddr;
use std::time::Duration;

use generated_sdk::ErrorKind;
use generated_sdk::dami::callback::{Callback, Event};
use generated_sdk::dami::deng_lu::ScanNew;
use generated_sdk::dami::hao_you_guan_li::{
    AddLabel, CheckZombie, CheckZombieRequired, DeleteLabel, SyncFriendList, UpdateLabel,
    UpdateLabelRequired,
};
use generated_sdk::dami::mock::Gateway;
use generated_sdk::dami::peng_you_quan::{GetList, Release, ReleaseMediaType};
use generated_sdk::dami::qun_guan_li::{
    Found, GetAllMembers, GetAllMembersRequired, QrCode, QrCodeRequired,
};
use generated_sdk::dami::{Account, Client};
use generated_sdk::runtime::mock::{Answer, Encoding};
use generated_sdk::server::{Addresses, Delivery, Receiver, RedbStore};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(20);

/// A gateway, a client that is logged in to it, and a receiver where it posts.
struct Stage {
    gateway: Gateway,
    client: Client,
    wx: Account,
    receiver: Receiver<Callback>,
    addresses: Addresses<Callback>,
    listening: SocketAddr,
    told: mpsc::UnboundedReceiver<Delivery<Callback>>,
}

impl Stage {
    async fn set(encoding: Encoding, friends: usize) -> Self {
        let builder = Gateway::builder().posts_as(encoding).friends(friends);
        let gateway = builder.account("13800000000", "right").start().await;
        let gateway = gateway.expect("a gateway");
        let client = Client::builder(gateway.url());
        let client = client.login("13800000000", "right").await.expect("a token");
        let (tell, told) = mpsc::unbounded_channel();
        let receiver = Receiver::builder().secret_path("s3cret");
        let receiver = receiver.start(move |delivery| {
            let _ = tell.send(delivery);
            async {}
        });
        let receiver: Receiver<Callback> = receiver.expect("a receiver");
        let listening = serve(&receiver).await;
        let addresses = receiver.addresses(format!("http://{listening}/"));
        Self {
            wx: client.account("wxid_me"),
            gateway,
            client,
            addresses: addresses.expect("addresses"),
            receiver,
            listening,
            told,
        }
    }

    async fn next(&mut self) -> Callback {
        let next = timeout(PATIENCE, self.told.recv()).await;
        next.expect("in time").expect("open").callback
    }

    /// Posts to a path and returns the status.
    async fn post(&self, path: &str, content_type: &str, body: &str) -> u16 {
        post(self.listening, path, content_type, body).await
    }
}

async fn serve(receiver: &Receiver<Callback>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    let address = listener.local_addr().expect("bound");
    let receiver = receiver.clone();
    tokio::spawn(async move { receiver.serve_on(listener).await });
    address
}

async fn post(to: SocketAddr, path: &str, content_type: &str, body: &str) -> u16 {
    let mut stream = TcpStream::connect(to).await.expect("it listens");
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    // The receiver may have closed the connection already: its answer is what counts.
    let _ = stream.write_all(body.as_bytes()).await;
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    let status = answer.split(' ').nth(1).unwrap_or_default();
    status.parse().unwrap_or_else(|_| panic!("{answer}"))
}

fn path(url: &str) -> String {
    let host = url.split("//").nth(1).expect("a URL");
    host[host.find('/').expect("a path")..].to_owned()
}

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
        to_account: "wxid_friend0001".to_owned(),
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

#[tokio::test]
async fn every_announcing_call_waits_for_what_it_announces() {
    for encoding in [Encoding::Form, Encoding::Multipart, Encoding::Json] {
        let stage = Stage::set(encoding, 3).await;
        let (at, friends) = (&stage.addresses, stage.wx.hao_you_guan_li());
        let deng_lu = stage.client.deng_lu();
        let code = deng_lu.scan_new_and_wait(at, |url| ScanNew::new(url).extend("mine"));
        let code = code.await.expect("a code");
        assert_eq!(code.event.task_id, code.reply.data.task_id);
        assert_eq!(code.event.extend.as_deref(), Some("mine"));
        let added = friends.add_label_and_wait(at, |url| AddLabel::new(["a", "b"], url));
        let added = added.await.expect("labels");
        assert_eq!(added.event.info.len(), 2);
        let update = |callback_url| {
            UpdateLabel::new(UpdateLabelRequired {
                account: vec!["wxid_a".to_owned()],
                label_ids: vec!["1".to_owned()],
                callback_url,
            })
        };
        let updated = friends.update_label_and_wait(at, update).await;
        assert!(updated.expect("updated").event.is_some());
        let deleted = friends.delete_label_and_wait(at, DeleteLabel::new).await;
        assert!(deleted.expect("deleted").event.is_some());
        let zombie = |callback_url| {
            let account = "wxid_a".to_owned();
            CheckZombie::new(CheckZombieRequired {
                account,
                callback_url,
            })
        };
        let zombie = friends.check_zombie_and_wait(at, zombie).await;
        assert!(zombie.expect("checked").event.is_some());
        let moments = stage.wx.peng_you_quan();
        let release = Release::new(
            "text",
            ["https://example.com/1.jpg"],
            ReleaseMediaType::Image,
        );
        let released = moments.release_and_wait(at, release).await;
        assert!(released.expect("released").event.is_some());
        let list = moments
            .get_list_and_wait(at, |url| GetList::new(1, url))
            .await;
        assert_eq!(list.expect("moments").event.info.len(), 1);
        let rooms = stage.wx.qun_guan_li();
        let made = rooms
            .found_and_wait(at, Found::new("新群", ["wxid_a"]))
            .await;
        let made = made.expect("a room").event;
        assert_eq!(made.name.as_deref(), Some("新群"));
        let room = made.account.expect("its number");
        let g_number = room.clone();
        let qr_code = |callback_url| {
            QrCode::new(QrCodeRequired {
                g_number,
                callback_url,
            })
        };
        let qr_code = rooms.qr_code_and_wait(at, qr_code).await;
        assert_eq!(
            qr_code.expect("a code").event.group_number.as_ref(),
            Some(&room)
        );
        let members = |callback_url| {
            let number = room.clone();
            GetAllMembers::new(GetAllMembersRequired {
                number,
                callback_url,
            })
        };
        let members = rooms.get_all_members_and_wait(at, members);
        assert_eq!(members.await.expect("members").event.info.len(), 1);
        let all = friends
            .sync_friend_list_and_wait(at, SyncFriendList::new)
            .await;
        assert_eq!(all.expect("friends").items.len(), 3);
        // No handler saw any of it.
        assert_eq!(stage.receiver.counters().handled, 0);
    }
}

#[tokio::test]
async fn what_comes_late_or_again_is_not_lost_and_not_doubled() {
    let mut stage = Stage::set(Encoding::Form, 3).await;
    stage
        .gateway
        .reply::<ScanNew>(|_| Answer::json(json!({ "code": 1, "task_id": 7 })));
    let wait = |stage: &Stage| {
        let call = stage
            .client
            .deng_lu()
            .scan_new_and_wait(&stage.addresses, ScanNew::new);
        call.within(Duration::from_millis(50))
    };
    let error = wait(&stage).await.expect_err("nothing came");
    assert_eq!(error.kind(), ErrorKind::NoAnswer);
    assert!(error.may_have_been_executed(), "{error}");
    let url = stage.gateway.calls::<ScanNew>()[0].text("callback_url");
    let late = path(&url.expect("an address"));
    let form = "application/x-www-form-urlencoded";
    assert_eq!(stage.post(&late, form, "task_id=7&url=u").await, 200);
    let Event::LoginQrCode(code) = stage.next().await.event else {
        panic!("not a code");
    };
    assert_eq!(code.task_id, Some(7));
    stage.gateway.clear();
    // Taken once, what comes there again is a repetition.
    let taken = stage
        .client
        .deng_lu()
        .scan_new_and_wait(&stage.addresses, ScanNew::new);
    taken.await.expect("a code");
    let url = stage.gateway.calls::<ScanNew>()[1].text("callback_url");
    assert_eq!(
        stage
            .post(&path(&url.expect("an address")), form, "task_id=7")
            .await,
        200
    );
    assert_eq!(stage.receiver.counters().duplicate, 1);
}

#[tokio::test]
async fn messages_are_dropped_by_their_id_across_restarts() {
    let file = std::env::temp_dir().join(format!("addressed-{}.redb", std::process::id()));
    let _ = std::fs::remove_file(&file);
    let body = r#"data={"my_account":"a","content":"x","msgid":"9007199254740993"}"#;
    let form = "application/x-www-form-urlencoded";
    for round in 0..2 {
        let store = RedbStore::open(&file).expect("a store");
        let (tell, mut told) = mpsc::unbounded_channel();
        let receiver = Receiver::<Callback>::builder()
            .secret_path("s")
            .store(store);
        let receiver = receiver.start(move |delivery: Delivery<Callback>| {
            let _ = tell.send(delivery.callback.event);
            async {}
        });
        let receiver = receiver.expect("a receiver");
        let to = serve(&receiver).await;
        for _ in 0..2 {
            assert_eq!(post(to, "/callback/s/messagelog", form, body).await, 200);
        }
        // The same id in a room, or of another account, is another message.
        let other = body.replace("\"a\"", "\"b\"");
        let other = if round == 0 { other } else { body.to_owned() };
        assert_eq!(post(to, "/callback/s/messagelog", form, &other).await, 200);
        let new = if round == 0 { 2 } else { 0 };
        for _ in 0..new {
            let event = timeout(PATIENCE, told.recv()).await.expect("in time");
            assert!(matches!(event, Some(Event::PrivateMessage(_))));
        }
        assert_eq!(receiver.counters().typed, new);
        receiver.shutdown(PATIENCE).await;
        drop(receiver);
        // The store belongs to one receiver at a time; it is closed with the last of its tasks.
        while RedbStore::open(&file).is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    let _ = std::fs::remove_file(&file);
}

#[tokio::test]
async fn only_known_addresses_are_taken() {
    let stage = Stage::set(Encoding::Form, 0).await;
    let form = "application/x-www-form-urlencoded";
    let huge = format!("data={}", "x".repeat(3 << 20));
    for (path, content_type, body, status) in [
        ("/callback/s3cret/messagelog", form, "data={}", 200),
        ("/callback/s3cret/deng_lu_scanNew", form, "task_id=1", 200),
        (
            "/callback/s3cret/deng_lu_scanNew/no-token",
            form,
            "task_id=1",
            200,
        ),
        ("/callback/s3cret/nobody", form, "data={}", 404),
        ("/callback/s3cret", form, "data={}", 404),
        ("/callback/wrong/messagelog", form, "data={}", 404),
        ("/callback/wrong/deng_lu_scanNew/1", form, "data={}", 404),
        ("/callback/s3cret/messagelog", form, "", 400),
        ("/callback/s3cret/messagelog", form, "data=%ff", 400),
        (
            "/callback/s3cret/messagelog",
            "multipart/form-data",
            "data={}",
            400,
        ),
        (
            "/callback/s3cret/messagelog",
            "multipart/form-data; boundary=x",
            "--x\r\n",
            400,
        ),
        ("/callback/s3cret/messagelog", form, &huge, 413),
    ] {
        assert_eq!(stage.post(path, content_type, body).await, status, "{path}");
    }
    let plain = generated_sdk::eyun::callback::Callback::parse("{}");
    assert!(plain.is_ok());
    for bad in [
        "",
        "bot.example",
        "ftp://bot",
        "http://",
        "http:///x",
        "http://a?b",
    ] {
        assert!(stage.receiver.addresses(bad).is_err(), "{bad}");
    }
    let shown = format!(
        "{:?} {:?}",
        stage.addresses,
        stage.addresses.one_time::<ScanNew>()
    );
    assert!(!shown.contains("s3cret"), "{shown}");
}

// ---- Pages ----

/// A page of the friends from `first` on.
fn page(number: u64, first: u64, items: u64, total: u64) -> Value {
    let info: Vec<Value> = (first..first + items)
        .map(|n| json!({ "account": format!("wxid_{n}"), "sex": 1 }))
        .collect();
    json!({ "my_account": "me", "currentPage": number.to_string(), "info": info, "total": total })
}

/// Posts pages to the address of each call, as the gateway would.
async fn post_pages(stage: &Stage, call: usize, pages: &[Value]) {
    let url = loop {
        if let Some(call) = stage.gateway.calls::<SyncFriendList>().get(call) {
            break call.text("callback_url").expect("an address");
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    for (at, page) in pages.iter().enumerate() {
        let encoding = [Encoding::Form, Encoding::Multipart, Encoding::Json][at % 3];
        let engine = stage.gateway.engine();
        let delivery = engine.deliver_to(&url, page.clone(), encoding).await;
        assert!(delivery.expect("reachable").is_acknowledged());
    }
}

/// A gateway that posts nothing by itself.
async fn silent() -> Stage {
    let stage = Stage::set(Encoding::Form, 0).await;
    stage
        .gateway
        .reply::<SyncFriendList>(|_| Answer::documented());
    stage
}

#[tokio::test]
async fn pages_are_gathered_until_all_have_come() {
    for (friends, encoding) in [
        (0, Encoding::Form),
        (100, Encoding::Multipart),
        (250, Encoding::Form),
    ] {
        let stage = Stage::set(encoding, friends).await;
        let sync = stage.wx.hao_you_guan_li();
        let all = sync
            .sync_friend_list_and_wait(&stage.addresses, SyncFriendList::new)
            .await;
        let all = all.expect("friends");
        assert!(all.complete, "{friends}");
        assert_eq!(
            (all.items.len(), all.total),
            (friends, Some(friends as u64))
        );
        let last = all.items.last().and_then(|friend| friend.account.clone());
        let expected = (friends > 0).then(|| format!("wxid_friend{friends:04}"));
        assert_eq!(last, expected);
    }
}

#[tokio::test]
async fn pages_come_twice_and_in_any_order() {
    let stage = silent().await;
    let pages = [
        page(3, 200, 50, 250),
        page(1, 0, 100, 250),
        page(3, 200, 50, 250),
        page(2, 100, 100, 250),
    ];
    let friends = stage.wx.hao_you_guan_li();
    let sync = friends.sync_friend_list_and_wait(&stage.addresses, SyncFriendList::new);
    let sync = sync.within(PATIENCE).into_future();
    let (all, ()) = tokio::join!(sync, post_pages(&stage, 0, &pages));
    let all = all.expect("friends");
    assert!(all.complete);
    let accounts: Vec<String> = all
        .items
        .iter()
        .filter_map(|friend| friend.account.clone())
        .collect();
    let expected: Vec<String> = (0..250).map(|n| format!("wxid_{n}")).collect();
    assert_eq!(accounts, expected);
}

#[tokio::test]
async fn at_the_deadline_there_is_what_came() {
    let stage = silent().await;
    let pages = [
        page(1, 0, 100, 250),
        json!({ "data": "no page" }),
        page(2, 100, 100, 250),
    ];
    let friends = stage.wx.hao_you_guan_li();
    let sync = friends.sync_friend_list_and_wait(&stage.addresses, SyncFriendList::new);
    let sync = sync.within(Duration::from_secs(1)).into_future();
    let (some, ()) = tokio::join!(sync, post_pages(&stage, 0, &pages));
    let some = some.expect("what came");
    assert!(!some.complete);
    assert_eq!(
        (some.items.len(), some.total, some.unreadable),
        (200, Some(250), 1)
    );
}

#[tokio::test]
async fn two_syncs_at_once_do_not_mix() {
    let stage = silent().await;
    let friends = stage.wx.hao_you_guan_li();
    let sync = || {
        let sync = friends.sync_friend_list_and_wait(&stage.addresses, SyncFriendList::new);
        sync.within(PATIENCE).into_future()
    };
    let posts = async {
        post_pages(&stage, 0, &[page(1, 0, 100, 150)]).await;
        post_pages(&stage, 1, &[page(1, 1000, 100, 101), page(2, 1100, 1, 101)]).await;
        post_pages(&stage, 0, &[page(2, 100, 50, 150)]).await;
    };
    let (one, other, ()) = tokio::join!(sync(), sync(), posts);
    let mut counts = [one, other].map(|all| {
        let all = all.expect("friends");
        assert!(all.complete);
        let thousand = |account: &String| account.len() == "wxid_1000".len();
        let of_other = all
            .items
            .iter()
            .filter_map(|f| f.account.as_ref())
            .filter(|a| thousand(a));
        (all.items.len(), of_other.count())
    });
    counts.sort_unstable();
    assert_eq!(counts, [(101, 101), (150, 0)]);
}
