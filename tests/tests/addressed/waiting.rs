//! Calls that wait for what they announce.

use std::time::Duration;

use crate::Requests;
use generated_sdk::ErrorKind;
use generated_sdk::dami::callback::Event;
use generated_sdk::dami::deng_lu::ScanNew;
use generated_sdk::dami::hao_you_guan_li::{
    AddLabel, CheckZombie, CheckZombieRequired, DeleteLabel, SyncFriendList, UpdateLabel,
    UpdateLabelRequired,
};
use generated_sdk::dami::peng_you_quan::{GetList, Release, ReleaseMediaType};
use generated_sdk::dami::qun_guan_li::{
    Found, GetAllMembers, GetAllMembersRequired, QrCode, QrCodeRequired,
};
use mock_gateway::{Answer, Encoding, Received};
use serde_json::json;
use tokio::time::sleep;

use crate::FORM;
use crate::stage::{Stage, path};

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
    assert_eq!(stage.post(&late, FORM, "task_id=7&url=u").await, 200);
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
            .post(&path(&url.expect("an address")), FORM, "task_id=7")
            .await,
        200
    );
    assert_eq!(stage.receiver.counters().duplicate, 1);
}

#[tokio::test]
async fn what_cannot_be_read_does_not_take_the_place_of_what_is_awaited() {
    let stage = Stage::set(Encoding::Form, 3).await;
    let silent = |_: &Received| Answer::json(json!({ "code": 1, "task_id": 7 }));
    stage.gateway.reply::<ScanNew>(silent);
    let scan = |within: Duration| {
        let deng_lu = stage.client.deng_lu();
        let call = deng_lu.scan_new_and_wait(&stage.addresses, ScanNew::new);
        tokio::spawn(call.within(within).into_future())
    };
    let address = async |call: usize| loop {
        if let Some(call) = stage.gateway.calls::<ScanNew>().get(call) {
            return path(&call.text("callback_url").expect("an address"));
        }
        sleep(Duration::from_millis(5)).await;
    };
    let waiting = scan(Duration::from_secs(40));
    let at = address(0).await;
    for (body, status) in [("data=[1,2]", 200), ("", 400), ("task_id=7&url=u", 200)] {
        assert_eq!(stage.post(&at, FORM, body).await, status, "{body}");
    }
    let scanned = waiting.await.expect("no panic").expect("a code");
    assert_eq!(scanned.event.task_id, Some(7));

    let waiting = scan(Duration::from_secs(3));
    let at = address(1).await;
    assert_eq!(stage.post(&at, FORM, "data=[1,2]").await, 200);
    let error = waiting.await.expect("no panic").expect_err("nothing else");
    assert_eq!(error.kind(), ErrorKind::Undecodable, "{error}");
}
