//! Answers: as often as there is a right to, at most once for a message, and never after a refusal.

use super::{client, quick, start, until};
use generated_sdk::bot::{Conversation, Sent, Why};
use generated_sdk::ilink::Client;
use generated_sdk::poll::{Message, Poller};
use generated_sdk::store::MemoryStore;
use generated_sdk::{Error, ErrorKind};
use mock_gateway::Fault;
use mock_gateway::ilink::Gateway;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

const SEND: &str = "/ilink/bot/sendmessage";
const BOT: &str = "example01@im.bot";

/// A bot whose handler is this, and what comes of it.
fn answering<A>(
    client: &Client,
    store: &Arc<MemoryStore>,
    answer: impl Fn(Message<Client>) -> A + Send + Sync + 'static,
) -> (Poller<Client>, UnboundedReceiver<Result<Sent, Error>>)
where
    A: Future<Output = Result<Sent, Error>> + Send + 'static,
{
    let (told, results) = unbounded_channel();
    let builder = client.receive().account(BOT).shared_store(store.clone());
    let poller = builder.start(move |message| {
        let (told, answer) = (told.clone(), answer(message));
        async move { told.send(answer.await).expect("the test waits") }
    });
    (poller.expect("it starts"), results)
}

async fn next(results: &mut UnboundedReceiver<Result<Sent, Error>>) -> Result<Sent, Error> {
    let next = tokio::time::timeout(super::PATIENCE, results.recv()).await;
    next.expect("in time").expect("the bot runs")
}

fn why(refused: Result<Sent, Error>) -> (ErrorKind, Why, usize) {
    let error = refused.expect_err("refused");
    let unsaid = error.unsaid().unwrap_or_else(|| panic!("{error}"));
    (error.kind(), unsaid.why, unsaid.sent.len())
}

/// A person who has written, and the conversation with that person.
async fn talk(gateway: &Gateway) -> (Poller<Client>, Conversation<Client>) {
    let (client, store) = (client(gateway), Arc::new(MemoryStore::default()));
    let (poller, mut results) = answering(&client, &store, |message| async move {
        message.conversation()?.send_text("在").await
    });
    gateway.friend().says("在吗");
    next(&mut results).await.expect("sent");
    let friend = gateway.friend().id().to_owned();
    (poller, client.conversation(store, BOT, friend))
}

#[tokio::test]
async fn ten_answers_and_no_more_until_the_person_writes_again() {
    let gateway = start().await;
    let (_poller, talk) = talk(&gateway).await;
    for n in 2..=10 {
        talk.send_text(n.to_string()).await.expect("a right");
    }
    let used_up = Why::UsedUp { left: 0, needed: 1 };
    assert_eq!(
        why(talk.send_text("11").await),
        (ErrorKind::NoRight, used_up, 0)
    );
    assert_eq!(
        gateway.sent().len(),
        10,
        "nothing was sent that would be refused"
    );
    gateway.friend().says("再来");
    until("an answer", || gateway.sent().len() == 11).await;
    talk.send_text("12").await.expect("a new right");
    assert!(gateway.repeated().is_empty());
}

#[tokio::test]
async fn what_needs_more_than_is_left_is_refused_whole() {
    let gateway = start().await;
    let (_poller, talk) = talk(&gateway).await;
    let long = "字".repeat(25_000);
    let needed = Why::UsedUp {
        left: 9,
        needed: 13,
    };
    assert_eq!(
        why(talk.send_text(&*long).await),
        (ErrorKind::NoRight, needed, 0)
    );
    assert_eq!(gateway.sent().len(), 1);
    let sent = talk
        .send_text("字\n".repeat(2500))
        .await
        .expect("three pieces");
    assert_eq!(sent.client_ids.len(), 3);
    let heard = gateway.friend().heard();
    assert!(
        heard
            .iter()
            .all(|piece| piece.text().chars().count() <= 2000)
    );
}

#[tokio::test]
async fn the_vendor_has_the_last_word_and_hears_it_once() {
    let gateway = quick().answers(3).start().await.expect("a gateway");
    let (_poller, talk) = talk(&gateway).await;
    talk.send_text("二").await.expect("sent");
    talk.send_text("三").await.expect("sent");
    let refused = talk
        .send_text("四")
        .await
        .expect_err("HTTP 200, and refused");
    assert_eq!(
        (refused.code(), refused.kind()),
        (Some("-2"), ErrorKind::Vendor)
    );
    for _ in 0..3 {
        assert_eq!(why(talk.send_text("五").await).1, Why::Closed);
    }
    assert_eq!(
        gateway.calls_of(SEND).len(),
        4,
        "nothing was sent after the refusal"
    );
    let right = talk.right().await.expect("the store").expect("a right");
    assert!(right.closed && !format!("{right:?}").contains("mock-context"));
    gateway.friend().says("还在吗");
    until("an answer", || gateway.friend().heard().len() == 4).await;
}

#[tokio::test]
async fn a_failure_halfway_says_which_pieces_went() {
    let gateway = start().await;
    let (_poller, talk) = talk(&gateway).await;
    let fails = mock_gateway::Answer::raw(500, "text/plain", "");
    let whole = "字".repeat(5000);
    let sending = talk.send_text(&*whole);
    let breaking = async {
        until("the first piece", || gateway.friend().heard().len() == 2).await;
        gateway.reply_to(SEND, move |_| fails.clone());
    };
    // The first piece goes at leisure, so that the others meet what is broken.
    gateway.fault_once_on(SEND, Fault::Delay(Duration::from_millis(200)));
    let (sent, ()) = tokio::join!(sending, breaking);
    let error = sent.expect_err("broken");
    let unsaid = error.unsaid().expect("it says what went");
    assert_eq!(
        (unsaid.why, unsaid.sent.len(), unsaid.of),
        (Why::Failed, 1, 3)
    );
}

#[tokio::test]
async fn a_message_that_comes_again_is_not_answered_again() {
    let gateway = start().await;
    let client = client(&gateway);
    // The first attempt says one thing, and fails; the second says it again, and something more.
    let poller = client.receive().account(BOT).start(|message| async move {
        let talk = message.conversation()?;
        let first = talk.send_text("一").await?;
        assert_eq!(first.repeated, message.redelivered);
        if !message.redelivered {
            return Err("once more".into());
        }
        talk.send_text("二").await?;
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
    });
    let poller = poller.expect("it starts");
    gateway.friend().says("在吗");
    until("both answers", || gateway.sent().len() == 2).await;
    until("the end", || poller.counters().handled == 1).await;
    let heard = gateway.friend().heard();
    let texts: Vec<&str> = heard.iter().map(|sent| sent.text()).collect();
    assert_eq!(texts, ["一", "二"]);
}

#[tokio::test]
async fn an_answer_whose_fate_is_unknown_is_not_sent_again() {
    let gateway = start().await;
    let (_poller, talk) = talk(&gateway).await;
    gateway.fault_once_on(SEND, Fault::DropAfterSend);
    let error = talk.send_text("一").await.expect_err("no answer");
    assert!(error.may_have_been_executed());
    assert_eq!(gateway.friend().heard().len(), 2, "it was executed, once");
}

#[tokio::test]
async fn typing_is_shown_while_something_is_made_and_ends_with_it() {
    let gateway = start().await;
    let (_poller, talk) = talk(&gateway).await;
    let friend = gateway.friend();
    let thinking = async {
        until("typing", || friend.sees_typing().0).await;
        42
    };
    assert_eq!(talk.typing(thinking).await, 42);
    until("the end", || !friend.sees_typing().0).await;
    // Its failures are in nobody's way, and the ticket is asked for once.
    gateway.fault_on("/ilink/bot/sendtyping", Fault::Status(500));
    assert_eq!(talk.typing(async { 43 }).await, 43);
    until("it is tried", || {
        gateway.calls_of("/ilink/bot/sendtyping").len() >= 3
    })
    .await;
    assert_eq!(gateway.calls_of("/ilink/bot/getconfig").len(), 1);
}

#[tokio::test]
async fn people_who_never_wrote_are_not_written_to() {
    let gateway = start().await;
    let client = client(&gateway);
    let store = Arc::new(MemoryStore::default());
    let talk = client.conversation(store, BOT, "example03@im.wechat");
    assert_eq!(
        why(talk.send_text("你好").await),
        (ErrorKind::NoRight, Why::NobodyWrote, 0)
    );
    assert!(gateway.all_calls().is_empty());
}
