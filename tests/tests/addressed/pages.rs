//! Results that come in pages, gathered.

use std::time::Duration;

use crate::Requests;
use generated_sdk::dami::hao_you_guan_li::SyncFriendList;
use mock_gateway::{Answer, Encoding};
use serde_json::{Value, json};

use crate::stage::{PATIENCE, Stage};

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
        let expected = (friends > 0).then(|| format!("wxid_example{:02}", friends + 1));
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
