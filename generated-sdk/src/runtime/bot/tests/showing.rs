//! Typing: shown while something is done, hidden when that ends in whatever way, and disturbing nothing.

use super::{API, Does, World};
use crate::runtime::Operation;
use crate::runtime::bot::{Conversation, TypingPlan};
use crate::runtime::{Part, Template};
use std::time::Duration;
use tokio::time::{Instant, sleep};

static ASK: Operation = Operation::new(&API, "acme_config", "get_config", "/config");
static TELL: Operation = Operation::new(&API, "acme_typing", "typing", "/typing");

static TYPING: TypingPlan = TypingPlan {
    asks: &ASK,
    ask: Template(&[
        Part::Json("{\"person\":"),
        Part::Value("person"),
        Part::Json(",\"token\":"),
        Part::Value("token"),
        Part::Json("}"),
    ]),
    ticket: &["ticket"],
    within: Duration::from_secs(86_400),
    operation: &TELL,
    start: Template(&[
        Part::Json("{\"status\":1,\"ticket\":"),
        Part::Value("ticket"),
        Part::Json("}"),
    ]),
    stop: Template(&[
        Part::Json("{\"status\":2,\"ticket\":"),
        Part::Value("ticket"),
        Part::Json("}"),
    ]),
    every: Duration::from_secs(5),
};

const TICKET: Does = Does::Answers(r#"{"ret":0,"data":{"ticket":"t1cket"}}"#);
const START: (&str, &str) = ("typing", r#"{"status":1,"ticket":"t1cket"}"#);
const STOP: (&str, &str) = ("typing", r#"{"status":2,"ticket":"t1cket"}"#);
const CONFIG: (&str, &str) = ("config", r#"{"person":"ann","token":"t0ken1"}"#);

async fn talking() -> (World, Conversation<super::Bot>) {
    let world = World::new();
    world.ann_writes(1).await;
    let talk = world.talk(&world.handed().await);
    (world, talk)
}

/// What the vendor got, once all that can happen now has happened.
async fn got(world: &World) -> Vec<(String, String)> {
    sleep(Duration::from_millis(1)).await;
    world.vendor.got()
}

fn owned<const N: usize>(calls: [(&str, &str); N]) -> Vec<(String, String)> {
    calls
        .map(|(path, body)| (path.to_owned(), body.to_owned()))
        .to_vec()
}

#[tokio::test(start_paused = true)]
async fn is_shown_every_five_seconds_and_hidden_at_the_end_by_one_ticket() {
    let (world, talk) = talking().await;
    world.vendor.does([TICKET]);
    let slow = async {
        sleep(Duration::from_secs(12)).await;
        7
    };
    assert_eq!(talk.typing_by(&TYPING, slow).await, 7);
    let expected = owned([CONFIG, START, START, START, STOP]);
    assert_eq!(got(&world).await, expected);
    talk.typing_by(&TYPING, sleep(Duration::from_secs(1))).await;
    assert_eq!(got(&world).await[5..], owned([START, STOP]));
}

#[tokio::test(start_paused = true)]
async fn is_hidden_when_what_is_done_is_dropped_or_panics() {
    let (world, talk) = talking().await;
    world.vendor.does([TICKET]);
    let endless = talk.typing_by(&TYPING, std::future::pending::<()>());
    let cut_off = tokio::time::timeout(Duration::from_secs(2), endless).await;
    assert!(cut_off.is_err());
    assert_eq!(got(&world).await, owned([CONFIG, START, STOP]));
    let panics = tokio::spawn(async move {
        talk.typing_by(&TYPING, async {
            sleep(Duration::from_secs(1)).await;
            panic!("as wanted");
        })
        .await;
    });
    assert!(panics.await.unwrap_err().is_panic());
    assert_eq!(got(&world).await[3..], owned([START, STOP]));
}

#[tokio::test(start_paused = true)]
async fn what_fails_disturbs_nothing_and_a_refused_ticket_is_asked_for_anew() {
    let (world, talk) = talking().await;
    let bad = Does::Answers(r#"{"ret":5}"#);
    world.vendor.does([bad, Does::Hangs]);
    let begun = Instant::now();
    // No ticket, then none that comes.
    talk.typing_by(&TYPING, sleep(Duration::from_secs(6))).await;
    assert_eq!(begun.elapsed(), Duration::from_secs(6));
    assert_eq!(got(&world).await, owned([CONFIG, CONFIG]));
    world.vendor.does([TICKET, bad, TICKET]);
    talk.typing_by(&TYPING, sleep(Duration::from_secs(6))).await;
    let expected = owned([CONFIG, START, CONFIG, START, STOP]);
    assert_eq!(got(&world).await[2..], expected);
}

#[tokio::test(start_paused = true)]
async fn who_never_wrote_sees_nothing() {
    let world = World::new();
    let talk = Conversation::new(&world.bot, world.store.clone(), "bot", "ann");
    talk.typing_by(&TYPING, sleep(Duration::from_secs(6))).await;
    assert!(got(&world).await.is_empty());
}
