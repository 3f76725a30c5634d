//! A bot that asks for its messages, in a process of its own, killed with -9 again and again while people write. What it
//! has said is counted where it went: at the gateway.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use generated_sdk::ilink::Client;
use generated_sdk::poll::Message;
use mock_gateway::ilink::Gateway;
use tokio::time::sleep;

use super::serving::{Folder, LEASE, Noted, Server, note, noted, tell};
use super::{LONG, store};

/// What tells the process that it is to poll: `address token store folder`.
pub const CHILD: &str = "ROUNDS_POLL";

/// How many messages are handled at once.
const AT_ONCE: usize = 8;

/// How many people write: so many that nobody has more messages waiting than one gives answers.
const PEOPLE: u64 = 1_000;

/// How many messages come from each of those who close what they have opened.
const CLOSED: u64 = 5;

/// What was counted.
#[derive(Debug, Default)]
pub struct Figures {
    /// Messages that no handler ever began.
    pub lost: Vec<u64>,
    /// Messages that a handler began more than once.
    pub repeated: usize,
    /// Repetitions that were not marked.
    pub unmarked: usize,
    /// Messages with more than one answer.
    pub answered_twice: Vec<u64>,
    /// Messages without an answer, of which no handler was told why.
    pub unanswered: Vec<u64>,
    /// Messages without an answer, since one may have gone out when the process died.
    pub unknown: usize,
    /// People to whom more was sent after a refusal.
    pub sent_after_refusal: Vec<String>,
    /// From the first message to the last one that was handled.
    pub took: Duration,
}

/// Polls if the environment says so, until a file `stop` appears in the folder; false if it does not say so.
pub async fn polled() -> bool {
    let Ok(told) = std::env::var(CHILD) else {
        return false;
    };
    let mut parts = told.splitn(4, ' ');
    let mut part = || parts.next().unwrap_or_default().to_owned();
    let (address, token, kept, folder) = (part(), part(), part(), PathBuf::from(part()));
    let opened = |name: &str| {
        let mut file = OpenOptions::new();
        let file = file.create(true).append(true).open(folder.join(name));
        Arc::new(file.expect("a log"))
    };
    let (log, unsaid) = (opened("bot.log"), opened("unsaid"));
    let client = Client::builder(address).authorization(token).build();
    let poller = client.expect("a client").receive();
    let poller = poller
        .account("bot")
        .concurrency(AT_ONCE)
        .lease(LEASE)
        .shared_store(store(&kept).await);
    let poller = poller.start(move |message: Message<Client>| {
        let (log, unsaid) = (Arc::clone(&log), Arc::clone(&unsaid));
        async move {
            let (id, from) = written(&message);
            note(&log, "begin", id, &from, message.redelivered);
            let said = match message.conversation() {
                Ok(talk) => talk.send_text(format!("answer to {id}")).await.map(drop),
                Err(error) => Err(error),
            };
            if let Err(error) = said {
                let why = error.unsaid().map(|unsaid| unsaid.why);
                writeln!(&*unsaid, "{id} {why:?}: {error}").expect("a line");
            }
            note(&log, "end", id, &from, message.redelivered);
        }
    });
    let mut poller = poller.expect("starts");
    tell(&folder, "bot", "127.0.0.1:0");
    while !folder.join("stop").exists() {
        sleep(Duration::from_millis(20)).await;
    }
    poller.shutdown(Duration::from_secs(10)).await;
    true
}

/// The number of a text, and who wrote it.
fn written(message: &Message<Client>) -> (u64, String) {
    let told: serde_json::Value =
        serde_json::from_str(message.callback.raw.as_str()).unwrap_or_default();
    let text = told["item_list"][0]["text_item"]["text"].as_str();
    let from = told["from_user_id"].as_str().unwrap_or_default();
    let id = text.and_then(|text| text.parse().ok());
    (id.unwrap_or(0), from.to_owned())
}

/// One bot, killed so often, while so many messages come.
pub async fn one_bot(program: fn() -> Command, kills: u64, messages: u64) -> Figures {
    let gateway = Gateway::start().await.expect("a gateway");
    let folder = Folder::new("polling");
    let kept = format!("redb:{}", folder.0.join("store.redb").display());
    let told = format!(
        "{} {} {kept} {}",
        gateway.url(),
        gateway.token(),
        folder.0.display()
    );
    let bot = || Server::told(program(), (CHILD, &told), folder.0.join("bot"));
    let start = Instant::now();
    let mut closed = Vec::new();
    let says = |person: &str, number: u64| gateway.person(person).says(number.to_string());
    let mut running = None;
    for round in 0..=kills {
        // While nobody polls: what he opens is closed by then.
        let person = format!("closed{round}@im.wechat");
        for number in 0..CLOSED {
            says(&person, messages + round * CLOSED + number + 1);
        }
        gateway.person(&*person).closes();
        closed.push(person);
        let (from, to) = (
            messages * round / (kills + 1),
            messages * (round + 1) / (kills + 1),
        );
        for number in from + 1..=to {
            says(&format!("person{}@im.wechat", number % PEOPLE), number);
        }
        running = Some(bot().await);
        let enough = match round == kills {
            true => messages + CLOSED * (kills + 1),
            false => (from + to) / 2 + CLOSED * round,
        };
        handled(&folder.0, enough).await;
        if round < kills {
            running.take().iter_mut().for_each(Server::kill);
        }
    }
    let took = start.elapsed();
    fs::write(folder.0.join("stop"), "").expect("a file");
    let mut last = running.expect("the last one runs");
    assert!(last.ended_well(), "a graceful end");
    let all = messages + CLOSED * (kills + 1);
    let mut figures = begun(all, &noted(&folder.0, "bot"));
    said(&mut figures, &gateway, &closed, &folder.0, messages);
    figures.took = took;
    figures
}

/// Waits until so many messages were handled.
async fn handled(folder: &Path, enough: u64) {
    let start = Instant::now();
    let ended = || {
        let ended = noted(folder, "bot").into_iter().filter(|noted| noted.end);
        ended.map(|noted| noted.id).collect::<BTreeSet<u64>>().len() as u64
    };
    while ended() < enough {
        assert!(start.elapsed() < LONG, "messages are handled");
        sleep(Duration::from_millis(100)).await;
    }
}

/// What the bot's log says.
fn begun(all: u64, log: &[Noted]) -> Figures {
    let mut figures = Figures::default();
    let mut times: BTreeMap<u64, usize> = BTreeMap::new();
    for noted in log.iter().filter(|noted| !noted.end) {
        let times = times.entry(noted.id).or_default();
        figures.unmarked += usize::from(*times > 0 && !noted.redelivered);
        *times += 1;
    }
    figures.lost = (1..=all).filter(|id| !times.contains_key(id)).collect();
    figures.repeated = times.values().filter(|times| **times > 1).count();
    figures
}

/// What the gateway has heard.
fn said(figures: &mut Figures, gateway: &Gateway, closed: &[String], folder: &Path, messages: u64) {
    let mut answers: BTreeMap<u64, usize> = BTreeMap::new();
    let mut tries: BTreeMap<String, usize> = BTreeMap::new();
    for sent in gateway.sent() {
        if sent.refused.is_none() {
            let number = sent.text().strip_prefix("answer to ");
            let number = number.and_then(|number| number.parse().ok());
            *answers.entry(number.unwrap_or(0)).or_default() += 1;
        }
        *tries.entry(sent.to).or_default() += 1;
    }
    assert_eq!(gateway.repeated(), Vec::<String>::new());
    let twice = answers.iter().filter(|(_, times)| **times > 1);
    figures.answered_twice = twice.map(|(number, _)| *number).collect();
    let unsaid = fs::read_to_string(folder.join("unsaid")).unwrap_or_default();
    let unknown = unsaid.lines().filter(|line| line.contains("Some(Unknown)"));
    let unknown: BTreeSet<u64> = unknown
        .filter_map(|line| line.split(' ').next()?.parse().ok())
        .collect();
    let missing = (1..=messages).filter(|number| !answers.contains_key(number));
    let (told, silent): (Vec<u64>, Vec<u64>) = missing.partition(|number| unknown.contains(number));
    (figures.unknown, figures.unanswered) = (told.len(), silent);
    let more = closed
        .iter()
        .filter(|person| tries.get(*person) != Some(&1));
    figures.sent_after_refusal = more.cloned().collect();
}
