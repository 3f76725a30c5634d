//! Messages: asked for, kept with their cursor, handed over in order, and known when they come again.

use super::{client, quick, start, until};
use generated_sdk::ErrorKind;
use generated_sdk::ilink::Client;
use generated_sdk::ilink::callback::Event;
use generated_sdk::poll::{Message, Notice, Poller};
use generated_sdk::store::{MemoryStore, RedbStore};
use mock_gateway::Fault;
use mock_gateway::ilink::Gateway;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const UPDATES: &str = "/ilink/bot/getupdates";

/// What was heard, and whether it had been handed over before.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<(String, bool)>>>);

impl Heard {
    fn hear(&self, message: &Message<Client>) {
        let Event::UserMessage(said) = &message.callback.event else {
            panic!("{:?}", message.callback);
        };
        assert!(
            message.callback.issues().is_empty(),
            "{:?}",
            message.callback.issues()
        );
        let item = said.item_list.first();
        let text = item.and_then(|item| item.text_item.as_ref()?.text.clone());
        let heard = (text.unwrap_or_default(), message.redelivered);
        self.0.lock().expect("no panic").push(heard);
    }

    fn texts(&self) -> Vec<String> {
        let heard = self.0.lock().expect("no panic");
        heard.iter().map(|(text, _)| text.clone()).collect()
    }
}

/// A poller that hears everything.
fn hearing(client: &Client, heard: &Heard) -> Poller<Client> {
    let heard = heard.clone();
    let poller = client.receive().account("robot").start(move |message| {
        let heard = heard.clone();
        async move { heard.hear(&message) }
    });
    poller.expect("it starts")
}

#[tokio::test]
async fn messages_come_in_order_and_are_taken_once() {
    let gateway = start().await;
    let (client, heard) = (client(&gateway), Heard::default());
    let friend = gateway.friend();
    friend.says("一");
    let mut poller = hearing(&client, &heard);
    friend.says("二");
    until("two messages", || heard.texts().len() == 2).await;
    friend.says("三");
    until("the third", || heard.texts().len() == 3).await;
    assert_eq!(heard.texts(), ["一", "二", "三"]);
    until("all are taken", || gateway.waiting() == 0).await;
    assert_eq!(poller.shutdown(Duration::from_secs(5)).await, 0);
    for notice in ["/ilink/bot/msg/notifystart", "/ilink/bot/msg/notifystop"] {
        assert_eq!(gateway.calls_of(notice).len(), 1, "{notice}");
    }
}

#[tokio::test]
async fn every_call_has_what_goes_along_and_a_number_of_its_own() {
    let gateway = start().await;
    let poller = hearing(&client(&gateway), &Heard::default());
    until("some polls", || gateway.calls_of(UPDATES).len() >= 2).await;
    drop(poller);
    let calls = gateway.all_calls();
    let mut numbers: Vec<&str> = calls
        .iter()
        .filter_map(|call| call.header("x-wechat-uin"))
        .collect();
    assert_eq!(numbers.len(), calls.len());
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), calls.len(), "a new one for each call");
}

#[tokio::test]
async fn gateways_that_break_off_are_asked_again() {
    let gateway = start().await;
    let (client, heard) = (client(&gateway), Heard::default());
    gateway.fault_once_on(UPDATES, Fault::Status(524));
    gateway.fault_once_on(UPDATES, Fault::DropAfterSend);
    let poller = hearing(&client, &heard);
    gateway.friend().says("还在吗");
    until("the message", || heard.texts() == ["还在吗"]).await;
    // What was lost on the way came again, and was known.
    assert_eq!(poller.counters().received, 1);
}

#[tokio::test]
async fn a_time_out_of_the_clients_is_an_empty_answer() {
    let builder = quick().holds(Duration::from_secs(30));
    let gateway = builder
        .poll_time_out(Duration::from_millis(100))
        .start()
        .await;
    let gateway = gateway.expect("a gateway");
    let (client, heard) = (client(&gateway), Heard::default());
    gateway.friend().says("一");
    let poller = hearing(&client, &heard);
    until("the first poll's word", || {
        gateway.calls_of(UPDATES).len() >= 4
    })
    .await;
    gateway.friend().says("二");
    until("both", || heard.texts().len() == 2).await;
    drop(poller);
}

#[tokio::test]
async fn the_end_of_a_session_is_the_end_for_all_clones() {
    let gateway = start().await;
    let (client, heard) = (client(&gateway), Heard::default());
    let (told, mut notices) = tokio::sync::mpsc::unbounded_channel();
    let handler = heard.clone();
    let poller = client.receive().account("robot").on_notice(move |notice| {
        if let Notice::Expired(error) = notice {
            told.send(error).expect("somebody listens");
        }
    });
    let poller = poller.start(move |message| {
        let heard = handler.clone();
        async move { heard.hear(&message) }
    });
    let poller = poller.expect("it starts");
    until("a poll", || !gateway.calls_of(UPDATES).is_empty()).await;
    gateway.expire();
    let error = notices.recv().await.expect("it is said");
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Expired, Some("-14"))
    );
    let asked = gateway.all_calls().len();
    let clone = client.clone();
    let refused = clone
        .call(generated_sdk::ilink::requests::NotifyStart::new())
        .await;
    let error = refused.expect_err("the session is over");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Expired, 0));
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(gateway.all_calls().len(), asked, "nothing is sent any more");
    drop(poller);
}

/// Runs a bot on a store until it has heard so many messages.
async fn run(
    gateway: &Gateway,
    client: &Client,
    path: &std::path::Path,
    fails: bool,
) -> Vec<(String, bool)> {
    let store = RedbStore::open(path).expect("a file");
    let heard = Heard::default();
    let handler = heard.clone();
    let poller = client
        .receive()
        .account("robot")
        .store(store)
        .start(move |message| {
            let heard = handler.clone();
            async move {
                heard.hear(&message);
                match fails {
                    true => std::future::pending::<Result<(), generated_sdk::Error>>().await,
                    false => Ok(()),
                }
            }
        });
    let mut poller = poller.expect("it starts");
    until("a message", || !heard.texts().is_empty()).await;
    until("all are taken", || gateway.waiting() == 0).await;
    poller.shutdown(Duration::from_millis(50)).await;
    let heard = heard.0.lock().expect("no panic");
    heard.clone()
}

#[tokio::test]
async fn what_was_not_done_at_a_restart_comes_again_and_says_so() {
    let gateway = start().await;
    let client = client(&gateway);
    let folder = std::env::temp_dir().join(format!("ilink-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("restart.redb");
    gateway.friend().says("一");
    assert_eq!(
        run(&gateway, &client, &path, true).await,
        [("一".to_owned(), false)]
    );
    assert_eq!(
        run(&gateway, &client, &path, false).await,
        [("一".to_owned(), true)]
    );
    gateway.friend().says("二");
    assert_eq!(
        run(&gateway, &client, &path, false).await,
        [("二".to_owned(), false)]
    );
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[tokio::test]
async fn of_two_pollers_of_one_account_one_asks() {
    let gateway = start().await;
    let client = client(&gateway);
    let store = Arc::new(MemoryStore::default());
    let (heard, other) = (Heard::default(), Heard::default());
    let start = |heard: &Heard| {
        let heard = heard.clone();
        let builder = client
            .receive()
            .account("robot")
            .shared_store(store.clone());
        builder
            .start(move |message| {
                let heard = heard.clone();
                async move { heard.hear(&message) }
            })
            .expect("it starts")
    };
    let (first, second) = (start(&heard), start(&other));
    for n in 0..20 {
        gateway.friend().says(n.to_string());
    }
    let all = || heard.texts().len() + other.texts().len();
    until("all messages", || all() >= 20).await;
    until("all are taken", || gateway.waiting() == 0).await;
    assert_eq!(all(), 20);
    assert_eq!(gateway.calls_of("/ilink/bot/msg/notifystart").len(), 1);
    drop((first, second));
}
