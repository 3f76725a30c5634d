//! What becomes of a message: a bot as people write it, with `anyhow`, and a gateway that refuses, falls silent, is busy.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Context;
use generated_sdk::eyun::callback::{Callback, Event};
use generated_sdk::eyun::{Client, Instance, xiao_xi_fa_song::SendText};
use generated_sdk::server::{Delivery, Failure, Next, Store};
use serde_json::{Value, json};
use tests::loopback::{Answer, Received, Server};
use tests::rounds;

use super::listening::*;

fn text(id: u64, from: &str, content: &str) -> String {
    let data = json!({"wId": "w", "newMsgId": id, "fromUser": from, "toUser": "wxid_me", "content": content});
    message("60001", data).to_string()
}

fn content(request: &Received) -> String {
    let body: Value = serde_json::from_slice(&request.body).expect("JSON");
    body["content"].as_str().unwrap_or_default().to_owned()
}

/// Answers by the content of what is sent.
fn answer(request: &Received) -> Answer {
    let code = |code: &str, message: &str| {
        Answer::json(json!({"code": code, "message": message, "data": null}).to_string())
    };
    match content(request).as_str() {
        "bad" => code("1002", "敏感词"),
        "silent" => Answer::Close,
        "broken" => Answer::Body(502, "text/html", "<html>".to_owned()),
        "slow down" => Answer::Body(429, "text/html", String::new()),
        _ => code("1000", "处理成功"),
    }
}

/// Sends back what came, in the ways in which people pass errors on.
async fn echo(wx: Instance, delivery: Delivery<Callback>) -> anyhow::Result<()> {
    let Event::PrivateText(message) = delivery.callback.event else {
        anyhow::bail!("not for an echo");
    };
    let (to, text) = (message.from_user.context("a sender")?, message.content);
    let send = SendText::new(to, text.unwrap_or_default());
    let sent = wx.xiao_xi_fa_song().send_text(send).await;
    match message.new_msg_id.and_then(|id| id.as_scalar().as_u64()) {
        Some(id) if id % 2 == 0 => _ = sent.context("while echoing")?,
        _ => _ = sent?,
    }
    Ok(())
}

type Said = Arc<Mutex<Vec<(u64, u32, Next)>>>;

/// A bot, what it said of failures, and the gateway that it sends to.
async fn bot() -> (Listening, Said, Server) {
    let server = Server::start(answer).await;
    let client = Client::builder(&server.url).authorization("t").no_retry();
    let wx = client.build().expect("a client").instance("w");
    let said = Said::default();
    let list = Arc::clone(&said);
    let receiver = builder()
        .on_error(move |delivery, failure: &Failure| {
            assert!(!failure.to_string().is_empty());
            let said = (number(&delivery.callback), delivery.attempt, failure.next);
            list.lock().expect("no panic").push(said);
        })
        .start(move |delivery| echo(wx.clone(), delivery));
    let listening = Listening::on(receiver.expect("starts")).await;
    (listening, said, server)
}

#[tokio::test]
async fn a_refusal_is_set_aside_at_once_and_the_next_person_is_answered() {
    let (bot, said, server) = bot().await;
    for (id, from, content) in [
        (1, "wxid_a", "bad"),
        (2, "wxid_b", "bad"),
        (3, "wxid_a", "hello"),
        (4, "wxid_c", "hello"),
    ] {
        assert_eq!(bot.post(text(id, from, content).as_bytes()).await, 200);
    }
    until("all have been handled once", || {
        let counters = bot.receiver.counters();
        counters.handled + counters.set_aside == 4
    })
    .await;
    assert_eq!(server.received().len(), 4, "each was sent once");
    let mut said = said.lock().expect("no panic").clone();
    said.sort_unstable_by_key(|(id, ..)| *id);
    assert_eq!(said, [(1, 1, Next::SetAside), (2, 1, Next::SetAside)]);
    let aside = bot.receiver.set_aside().list(0, 10).await.expect("a store");
    let reasons: Vec<&str> = aside.iter().map(|aside| aside.reason.as_str()).collect();
    assert_eq!(aside.len(), 2, "{reasons:?}");
    assert!(
        reasons
            .iter()
            .all(|reason| reason.contains("code 1002: 敏感词"))
    );
    assert!(
        reasons
            .iter()
            .any(|reason| reason.starts_with("while echoing: "))
    );
    let first: Callback = aside[0].callback().expect("a message");
    assert!(matches!(first.event, Event::PrivateText(_)));
    let shown = format!("{aside:?}");
    assert!(!shown.contains("bad") && !shown.contains("wxid"), "{shown}");
}

#[tokio::test]
async fn what_may_have_been_sent_is_not_sent_again() {
    let (bot, said, server) = bot().await;
    for (id, content) in [
        (1, "silent"),
        (2, "silent"),
        (3, "broken"),
        (4, "broken"),
        (5, "x"),
    ] {
        assert_eq!(bot.post(text(id, "wxid_a", content).as_bytes()).await, 200);
    }
    until("all have been handled once", || {
        bot.receiver.counters().handled == 1
    })
    .await;
    assert_eq!(server.received().len(), 5, "each was sent once");
    let said = said.lock().expect("no panic").clone();
    let expected: Vec<_> = (1..=4).map(|id| (id, 1, Next::SetAside)).collect();
    assert_eq!(said, expected);
    let aside = bot.receiver.set_aside().list(0, 1).await.expect("a store");
    assert!(
        aside[0].reason.contains("may have been executed"),
        "{}",
        aside[0].reason
    );
}

#[tokio::test]
async fn what_passes_is_tried_again_and_nobody_else_waits_for_it() {
    let (bot, said, server) = bot().await;
    assert_eq!(
        bot.post(text(1, "wxid_a", "slow down").as_bytes()).await,
        200
    );
    assert_eq!(
        bot.post(text(2, "wxid_a", "behind it").as_bytes()).await,
        200
    );
    for id in 3..=50 {
        let (from, content) = (format!("wxid_{id}"), format!("from {id}"));
        assert_eq!(bot.post(text(id, &from, &content).as_bytes()).await, 200);
    }
    until("all others are answered", || {
        bot.receiver.counters().handled == 48
    })
    .await;
    let sent: Vec<String> = server.received().iter().map(content).collect();
    assert!(
        !sent.contains(&"behind it".to_owned()),
        "its conversation waits"
    );
    assert_eq!(bot.receiver.counters().set_aside, 0);
    until("it is tried again", || {
        said.lock().expect("no panic").len() > 1
    })
    .await;
    let said = said.lock().expect("no panic").clone();
    assert!(
        matches!(said[..2], [(1, 1, Next::Again(first)), (1, 2, Next::Again(second))] if first < second)
    );
}

#[tokio::test]
async fn a_probe_is_no_message_that_was_handled() {
    let (server, mut from) = channelled(builder()).await;
    let probe = message("00000", json!({})).to_string();
    assert_eq!(server.post(probe.as_bytes()).await, 200);
    assert!(soon(from.recv()).await.expect("a delivery").probe);
    until("it is counted", || server.receiver.counters().probes == 1).await;
    assert_eq!(server.receiver.counters().handled, 0);
}

/// The end of a store's file is the end of `shutdown`, whatever a handler still does.
#[tokio::test]
async fn when_it_has_shut_down_the_file_can_be_opened_again() {
    let folder = Folder::new("closed");
    for round in 1..=3 {
        let (to, mut begun) = tokio::sync::mpsc::unbounded_channel();
        let receiver =
            builder()
                .store(folder.store())
                .start(move |delivery: Delivery<Callback>| {
                    let _ = to.send((delivery.attempt, delivery.redelivered));
                    std::future::pending::<()>()
                });
        let server = Listening::on(receiver.expect("starts")).await;
        assert_eq!(server.post(numbered(1).as_bytes()).await, 200);
        assert_eq!(soon(begun.recv()).await, Some((round, round > 1)));
        assert_eq!(server.receiver.shutdown(Duration::from_millis(1)).await, 1);
        // The receiver lives on here, and so does its handler.
        folder.store().close().await;
    }
}

#[tokio::test]
async fn people_whom_the_vendor_refuses_cost_one_attempt_each_on_every_store() {
    let folder = Folder::new("poison");
    let file = format!("redb:{}", folder.0.join("store.redb").display());
    for name in ["memory", &file] {
        let figures = rounds::poison::every_tenth(rounds::store(name).await, 200).await;
        println!("{name}: {figures:?}");
        let counted = (figures.set_aside, figures.refused, figures.answered);
        assert_eq!(counted, (20, 20, 180));
    }
}
