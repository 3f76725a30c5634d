//! A hundred programs at once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::{Listening, fast, text, texts};
use generated_sdk::wequick::v2::Hub;
use generated_sdk::wequick::v2::callback::Event;
use mock_gateway::program::Program;
use serde_json::json;
use tokio::time::timeout;

const PROGRAMS: usize = 100;
const EACH: usize = 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_programs_at_once_lose_nothing_and_do_everything_once() {
    let mut server = Listening::of(Hub::builder().unprotected().batch(3)).await;
    let programs: Vec<Program> = (0..PROGRAMS)
        .map(|n| {
            let program = fast(&server.url)
                .account(format!("wxid_{n}"))
                .process(n.to_string());
            program.start().expect("starts")
        })
        .collect();
    let programs = Arc::new(programs);
    let mut work = tokio::task::JoinSet::new();
    for n in 0..PROGRAMS {
        let (bot, programs) = (server.hub.bot(format!("wxid_{n}")), programs.clone());
        work.spawn(async move {
            for turn in 0..EACH {
                let reply = text(&bot, &format!("{n}-{turn}")).await.expect("executed");
                assert_eq!(reply.data.send_result.as_deref(), Some("1"));
            }
        });
        work.spawn(async move {
            for turn in 0..EACH {
                let id = json!(format!("{n}-{turn}"));
                let posted = programs[n]
                    .post_with("reportTextMessage", vec![("msgid", id)])
                    .await;
                posted.expect("taken");
            }
        });
    }
    timeout(Duration::from_secs(100), work.join_all())
        .await
        .expect("in time");
    let mut seen = BTreeMap::<String, usize>::new();
    for _ in 0..PROGRAMS * EACH {
        let Event::TextMessage(message) = server.next().await.event else {
            panic!("nothing else was posted");
        };
        let id = message.msgid.as_ref().map(|id| id.as_str().to_owned());
        *seen.entry(id.unwrap_or_default()).or_default() += 1;
    }
    assert_eq!(
        seen.len(),
        PROGRAMS * EACH,
        "no event is lost, none came twice"
    );
    assert!(server.events.try_recv().is_err());
    for (n, program) in programs.iter().enumerate() {
        let expected: Vec<String> = (0..EACH).map(|turn| format!("{n}-{turn}")).collect();
        assert_eq!(texts(program), expected, "its own, in their order, once");
    }
}
