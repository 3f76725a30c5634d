//! Lists beyond a limit: refused, or sent in chunks.

use std::time::{Duration, Instant};

use generated_sdk::ErrorKind;
use generated_sdk::eyun::hao_you_cao_zuo::GetContact;
use generated_sdk::eyun::qun_cao_zuo::CreateChatRoom;
use generated_sdk::eyun::wei_xin_guan_li::IsOnline;
use serde_json::{Value, json};
use tests::loopback::Answer;

use super::gateway::*;

#[tokio::test]
async fn lists_beyond_a_limit_are_refused_before_they_are_sent() {
    let server = failing(0, Answer::Close).await;
    let wx = instance(&server);
    let ids = |n: usize| (0..n).map(|n| format!("wxid_{n}"));
    let error = wx
        .call(GetContact::new(ids(21)))
        .await
        .expect_err("too many");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Misuse, 0));
    assert_eq!(
        error.to_string(),
        "get_contact (/getContact): misuse: `wcId` has 21 elements, at most 20 are allowed"
    );
    let error = wx
        .call(CreateChatRoom::new(ids(1)))
        .await
        .expect_err("too few");
    assert!(error.to_string().contains("at least 2"), "{error}");
    assert!(server.received().is_empty());
    wx.call(GetContact::new(ids(20))).await.expect("just right");
    wx.call(CreateChatRoom::new(ids(2))).await.expect("enough");
    wx.call(CreateChatRoom::new(ids(1)))
        .no_limits()
        .await
        .expect("sent");
    let free = builder(&server).no_limits().build().expect("a client");
    free.instance("w")
        .call(CreateChatRoom::new(ids(1)))
        .await
        .expect("sent");
    assert_eq!(server.received().len(), 4);
    let error = wx
        .call(IsOnline::new())
        .header("a b", "c")
        .await
        .expect_err("no header");
    assert_eq!(error.kind(), ErrorKind::Misuse);
}

#[tokio::test]
async fn a_long_list_is_sent_in_chunks_that_keep_the_pace() {
    let server = nth(|n, request| {
        let ids = body(request)["wcId"].as_str().expect("a text").to_owned();
        if n == 2 {
            return Answer::Close;
        }
        let contacts: Vec<Value> = ids.split(',').map(|id| json!({"userName": id})).collect();
        good(json!(contacts))
    })
    .await;
    let ids: Vec<String> = (0..45).map(|n| format!("wxid_{n}")).collect();
    let start = Instant::now();
    let wx = instance(&server);
    let contacts = wx
        .hao_you_cao_zuo()
        .get_contact_in_chunks(GetContact::new(ids.clone()).extra("more", 1))
        .await
        .expect("all");
    let names: Vec<_> = contacts
        .iter()
        .filter_map(|c| c.user_name.clone())
        .collect();
    assert_eq!(names.len(), 45);
    assert!(names.iter().zip(&ids).all(|(name, id)| name == id));
    // Three chunks and a repeated one: three pauses.
    assert!(start.elapsed() >= Duration::from_millis(900));
    let sent = server.received();
    let sizes: Vec<usize> = sent
        .iter()
        .map(|request| {
            body(request)["wcId"]
                .as_str()
                .expect("a text")
                .split(',')
                .count()
        })
        .collect();
    assert_eq!(sizes, [20, 20, 20, 5]);
    assert_eq!(body(&sent[0])["more"], json!(1));

    // An error loses nothing: the same chunk comes again.
    let server = nth(|n, _| {
        if n == 2 {
            Answer::Close
        } else {
            good(json!([{}]))
        }
    })
    .await;
    let wx = instance(&server);
    let mut chunks = wx
        .chunks(GetContact::new(ids))
        .each_call(|call| call.no_retry().no_pace());
    let mut came = Vec::new();
    while let Some(chunk) = chunks.next_chunk().await {
        came.push(chunk.is_ok());
    }
    assert_eq!(came, [true, false, true, true]);
    // What is counted is what is sliced, whatever the elements are.
    let server = failing(0, Answer::Close).await;
    let wx = instance(&server);
    let mut ids: Vec<String> = (0..21).map(|n| format!("wxid_{n}")).collect();
    ids[3].clear();
    let quick = |ids: &[String]| {
        let chunks = wx.chunks(GetContact::new(ids.to_vec()));
        chunks.each_call(|call| call.no_pace())
    };
    quick(&ids).await.expect("two chunks");
    let sent: Vec<Value> = server
        .received()
        .iter()
        .map(|r| body(r)["wcId"].clone())
        .collect();
    assert_eq!(sent.last(), Some(&json!("wxid_20")), "{sent:?}");
    assert_eq!(sent.len(), 2);
    ids[20] = "wxid_1,wxid_2".to_owned();
    let error = quick(&ids).await.expect_err("one that would arrive as two");
    assert_eq!(
        (error.kind(), server.received().len()),
        (ErrorKind::Misuse, 2)
    );
    assert_eq!(
        error.to_string(),
        "get_contact (/getContact): misuse: an element of `wcId` holds `,`, which stands between elements: give each \
         of them by itself"
    );
    let instead = GetContact::new(["a"]).extra("wcId", "b");
    wx.chunks(instead).await.expect("as the caller wants it");
    assert_eq!(body(&server.received()[2])["wcId"], json!("b"));
    let none = wx
        .chunks(GetContact::new([""; 0]))
        .await
        .expect("nothing to ask");
    assert!(none.is_empty());
}
