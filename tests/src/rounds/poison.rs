//! A bot that the vendor refuses to answer some people, as the README has it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use generated_sdk::eyun::callback::{Callback, Event};
use generated_sdk::eyun::{Client, xiao_xi_fa_song::SendText};
use generated_sdk::server::{Delivery, Receiver};
use generated_sdk::store::Store;
use tokio::net::TcpListener;

use super::posting::{SECRET, Servers, text};
use super::until;
use crate::loopback::{Answer, Server};

/// What was counted.
#[derive(Debug)]
pub struct Figures {
    /// People who wrote what the vendor refuses to say back.
    pub poisoned: u64,
    /// Messages that were set aside.
    pub set_aside: u64,
    /// How often the vendor was asked to send one of those.
    pub refused: usize,
    /// People who wrote something else, and were answered.
    pub answered: u64,
    /// From the first message to the last answer.
    pub took: Duration,
}

/// Every tenth of so many people writes something that the vendor refuses to say back.
pub async fn every_tenth(store: Arc<dyn Store>, people: u64) -> Figures {
    let refused = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&refused);
    let server = Server::start(move |request| {
        let bad = String::from_utf8_lossy(&request.body).contains("\"bad\"");
        count.fetch_add(usize::from(bad), Ordering::Relaxed);
        Answer::json(match bad {
            true => r#"{"code":"1002","message":"敏感词","data":null}"#,
            false => r#"{"code":"1000","message":"ok","data":null}"#,
        })
    })
    .await;
    let client = Client::builder(&server.url).authorization("t").build();
    let wx = client.expect("a client").instance("w");
    let receiver = Receiver::builder()
        .secret_path(SECRET)
        .shared_store(store)
        .on_error(|_, _| {})
        .start(move |delivery: Delivery<Callback>| {
            let wx = wx.clone();
            async move {
                if let Event::PrivateText(message) = delivery.callback.event {
                    let (to, text) = (message.from_user, message.content);
                    let send = SendText::new(to.unwrap_or_default(), text.unwrap_or_default());
                    wx.xiao_xi_fa_song().send_text(send).await?;
                }
                Ok::<_, generated_sdk::Error>(())
            }
        })
        .expect("starts");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let servers = Servers::at(vec![listener.local_addr().expect("bound")]);
    let serving = receiver.clone();
    tokio::spawn(async move { serving.serve_on(listener).await });
    let start = Instant::now();
    let said = |id: u64| {
        if id.is_multiple_of(10) {
            "bad"
        } else {
            "hello"
        }
    };
    let body = move |id: u64| text("wxid_me", &format!("wxid_{id}"), id, said(id));
    servers.post(people, 16, body).join_all().await;
    let (poisoned, others) = (people / 10, people - people / 10);
    until("the others are answered", || {
        receiver.counters().handled == others
    })
    .await;
    let took = start.elapsed();
    until("the rest is set aside", || {
        receiver.counters().set_aside == poisoned
    })
    .await;
    let backlog = receiver.backlog().await.expect("a store");
    Figures {
        poisoned,
        set_aside: backlog.set_aside,
        refused: refused.load(Ordering::Relaxed),
        answered: receiver.counters().handled,
        took,
    }
}
