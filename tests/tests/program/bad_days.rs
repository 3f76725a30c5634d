//! Programs that repeat themselves, are late, talk nonsense, or start anew.

use std::time::Duration;

use super::{ACCOUNT, Listening, fast, soon, text, texts, until};
use generated_sdk::wequick::v2::Hub;
use mock_gateway::program::{Fault, Unposted};

#[tokio::test]
async fn programs_on_bad_days() {
    let server = Listening::start().await;
    let late = Fault::Late(Duration::from_millis(50));
    let start = |account: &str, faults: &[Fault]| {
        let program = fast(&server.url)
            .account(account)
            .events_every(Duration::from_millis(5));
        let program = faults
            .iter()
            .fold(program, |program, fault| program.fault(*fault));
        program.start().expect("starts")
    };
    let programs = [
        ("duplicate", start("duplicate", &[Fault::Duplicate])),
        ("late", start("late", &[late])),
        ("malformed", start("malformed", &[Fault::Malformed])),
        (
            "all",
            start("all", &[Fault::Duplicate, late, Fault::Malformed]),
        ),
    ];
    for (account, program) in &programs {
        let bot = server.hub.bot(account);
        for words in ["1", "2", "3"] {
            let reply = soon(async { text(&bot, words).await })
                .await
                .expect("executed");
            assert_eq!(reply.data.error_reason, None);
        }
        assert_eq!(texts(program), ["1", "2", "3"], "{account}: each once");
    }
    until("malformed posts are refused", || {
        server.hub.counters().refused > 0
    })
    .await;
    assert!(programs[2].1.numbers().failed > 0);
}

#[tokio::test]
async fn what_a_process_took_along_is_done_by_the_next() {
    let server = Listening::of(Hub::builder().unprotected().lease(Duration::from_secs(1))).await;
    // The first process fetches and never reports; the next one has another pid.
    let late = Fault::Late(Duration::from_millis(100));
    let program = fast(&server.url).fault(late).start().expect("starts");
    let bot = server.hub.bot(ACCOUNT);
    let (reply, first) = tokio::join!(
        async { soon(async { text(&bot, "x").await }).await },
        async {
            until("it is fetched", || program.numbers().fetched == 1).await;
            let first = program.process();
            program.restart();
            first
        }
    );
    reply.expect("executed by the next process");
    let executed = program.executed();
    assert_eq!(executed.len(), 1);
    assert_ne!(executed[0].process, first);
}

#[tokio::test]
async fn a_mock_program_stays_on_this_machine() {
    for server in ["http://example.com", "https://127.0.0.1:1", ""] {
        assert!(
            mock_gateway::wequick::v2::program(server).start().is_err(),
            "{server}"
        );
    }
    let program = mock_gateway::wequick::v2::program("http://127.0.0.1:1")
        .start()
        .expect("starts");
    assert!(matches!(
        program.post("noSuchEvent").await,
        Err(Unposted::Unknown)
    ));
    assert!(matches!(
        program.post("reportLogout").await,
        Err(Unposted::NoAnswer(_))
    ));
}

#[tokio::test]
async fn a_program_that_keeps_starting_anew_does_everything_in_the_end() {
    let lease = Duration::from_millis(100);
    let server = Listening::of(Hub::builder().unprotected().lease(lease)).await;
    let program = fast(&server.url).process("first").fault(Fault::Restart(7));
    let program = program.start().expect("starts");
    let bot = server.hub.bot(ACCOUNT);
    for words in ["1", "2", "3"] {
        soon(async { text(&bot, words).await })
            .await
            .expect("executed");
    }
    until("it starts anew", || program.process() != "first").await;
    let mut done = texts(&program);
    done.dedup();
    assert_eq!(done, ["1", "2", "3"]);
}
