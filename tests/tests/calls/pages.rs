//! Pages that follow their cursors.

use std::future::poll_fn;
use std::pin::Pin;

use futures_core::Stream;
use generated_sdk::ErrorKind;
use generated_sdk::eyun::peng_you_quan::GetCircle;
use generated_sdk::eyun::shipinhao::{
    FinderBrowse, FinderBrowseRequired, FinderUserHome, NewSearchFinder, NewSearchFinderFilter,
    NewSearchFinderRequired, NewSearchFinderType,
};
use generated_sdk::eyun::shou_cang_jia::FavSync;
use serde_json::{Value, json};
use tests::loopback::Answer;

use super::gateway::*;

#[tokio::test]
async fn pages_follow_their_cursors_and_end() {
    let server = nth(|n, _| {
        good(match n {
            1 => {
                json!({"sns": [{"id": "18446744073709551613"}, {"id": "12"}], "firstPageMd5": "m"})
            }
            2 => json!({"sns": [{"id": "11"}], "firstPageMd5": null}),
            _ => json!({"sns": [], "firstPageMd5": "n"}),
        })
    })
    .await;
    let wx = instance(&server);
    let mut pages = wx.peng_you_quan().get_circle_pages(GetCircle::new("", 0));
    let mut moments = Vec::new();
    let mut md5 = Vec::new();
    while let Some(page) = pages.next_page().await {
        let page = page.expect("a page").data;
        moments.extend(page.sns.into_iter().filter_map(|moment| moment.id));
        md5.push(page.first_page_md5);
    }
    assert_eq!(moments, ["18446744073709551613", "12", "11"]);
    assert_eq!(md5.len(), 3);
    let cursors: Vec<(Value, Value)> = server
        .received()
        .iter()
        .map(|request| {
            (
                body(request)["firstPageMd5"].clone(),
                body(request)["maxId"].clone(),
            )
        })
        .collect();
    let expected = [("", json!(0)), ("m", json!(12)), ("m", json!(11))];
    assert_eq!(cursors, expected.map(|(md5, id)| (json!(md5), id)));
}

/// The id of a work goes beyond what is signed: from a page to the next call, and back to the server.
#[tokio::test]
async fn ids_beyond_the_signed_range_come_back_whole() {
    const ID: u64 = 14_069_136_265_110_948_001;
    let server = nth(|n, _| {
        good(match n {
            1 => json!({"videoList": [{"id": ID, "objectNonceId": "n"}]}),
            _ => json!(null),
        })
    })
    .await;
    let finder = instance(&server);
    let finder = finder.shipinhao();
    let home = finder.finder_user_home(FinderUserHome::new("u")).await;
    let work = home.expect("a home").data.video_list.swap_remove(0);
    let id = work.id.expect("an id");
    assert_eq!(id.as_scalar().as_u64(), Some(ID));
    let browse = FinderBrowse::new(FinderBrowseRequired {
        object_id: id,
        object_nonce_id: work.object_nonce_id.expect("a nonce"),
        session_buffer: String::new(),
        my_user_name: String::new(),
        my_role_type: 1,
    });
    finder.finder_browse(browse).await.expect("browsed");
    assert_eq!(body(&server.received()[1])["objectId"], json!(ID));
}

#[tokio::test]
async fn pages_end_where_the_vendor_says_so_and_count_where_it_wants() {
    let server = nth(|n, _| {
        good(match n {
            1 => json!({"favList": [{"favId": 1}], "keyBuf": [1, 2], "continueFlag": 1}),
            2 => json!({"favList": [], "keyBuf": "abc", "continueFlag": "1"}),
            _ => json!({"favList": [{"favId": 2}], "keyBuf": "end", "continueFlag": 0}),
        })
    })
    .await;
    let mut pages = instance(&server).pages(FavSync::new(None));
    let mut count = 0;
    while let Some(page) = next(&mut pages).await {
        page.expect("a page");
        count += 1;
    }
    assert_eq!(count, 3);
    let keys: Vec<Value> = server
        .received()
        .iter()
        .map(|r| body(r)["keyBuf"].clone())
        .collect();
    assert_eq!(keys, [Value::Null, json!([1, 2]), json!("abc")]);

    let server = nth(|n, _| {
        let videos = if n < 3 {
            json!([{"boxId": n.to_string()}])
        } else {
            json!([])
        };
        good(json!({"cookie": "", "searchId": "s", "offset": n * 10, "videoInfos": videos}))
    })
    .await;
    let mut pages = instance(&server).pages(NewSearchFinder::new(NewSearchFinderRequired {
        content: "x".to_owned(),
        type_: NewSearchFinderType::from("10"),
        filter: NewSearchFinderFilter::from("0"),
        page: 1,
        offset: 0,
    }));
    while let Some(page) = pages.next_page().await {
        page.expect("a page");
    }
    let asked: Vec<Value> = server
        .received()
        .iter()
        .map(|r| json!([body(r)["page"], body(r)["offset"], body(r)["searchId"]]))
        .collect();
    assert_eq!(
        json!(asked),
        json!([[1, 0, null], [2, 10, "s"], [3, 20, "s"]])
    );
}

async fn next<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    poll_fn(|context| Pin::new(&mut *stream).poll_next(context)).await
}

#[tokio::test]
async fn a_cursor_that_does_not_move_is_an_error_and_a_lost_page_comes_again() {
    let server = nth(|n, _| {
        let code = if n % 2 == 1 { "a" } else { "b" };
        good(json!({"videoList": [{"id": n}], "pageCode": code}))
    })
    .await;
    let wx = instance(&server);
    let mut pages = wx
        .shipinhao()
        .finder_user_home_pages(FinderUserHome::new("u"));
    for _ in 0..3 {
        next(&mut pages).await.expect("a page").expect("a good one");
    }
    let error = next(&mut pages)
        .await
        .expect("not the end")
        .expect_err("round and round");
    assert_eq!(error.kind(), ErrorKind::Undecodable);
    assert!(
        error.to_string().contains("cursor does not move"),
        "{error}"
    );
    assert!(next(&mut pages).await.is_none());
    assert_eq!(server.received().len(), 3);

    // The vendor says where to go on, and sends the same page again.
    let server = nth(|n, _| good(json!({"videoList": [{"id": 1}], "pageCode": n}))).await;
    let mut pages = instance(&server).pages(FinderUserHome::new("u"));
    assert!(pages.next_page().await.expect("a page").is_ok());
    assert!(pages.next_page().await.expect("a page").is_ok());
    assert!(pages.next_page().await.expect("not the end").is_err());
    assert!(pages.next_page().await.is_none());

    let server = nth(|n, _| match n {
        1 => Answer::Close,
        _ => good(json!({"videoList": [{"id": 1}], "pageCode": ""})),
    })
    .await;
    let mut pages = instance(&server)
        .pages(FinderUserHome::new("u"))
        .each_call(|call| call.no_retry());
    assert!(pages.next_page().await.expect("a page").is_err());
    assert!(pages.next_page().await.expect("the same page").is_ok());
    assert!(pages.next_page().await.is_none());
}
