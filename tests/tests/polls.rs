//! A bot that asks for its messages loses none, and says nothing twice, however often it is killed.

use std::process::Command;

use tests::rounds::polling::{one_bot, polled};

/// The bot of the next test, in a process of its own: this very binary, told so by its environment.
#[tokio::test]
async fn a_bot_that_is_killed_by_the_next_test() {
    polled().await;
}

fn this_binary() -> Command {
    let mut program = Command::new(std::env::current_exe().expect("this binary"));
    let test = "a_bot_that_is_killed_by_the_next_test";
    program.args(["--exact", test, "--nocapture"]);
    program
}

/// Ten times as many: `cargo run -p tests --release --bin rounds -- polling`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_that_is_killed_ten_times_loses_nothing_and_says_nothing_twice() {
    let figures = one_bot(this_binary, 10, 1_000).await;
    println!("{figures:?}");
    assert!(figures.lost.is_empty(), "{figures:?}");
    assert_eq!(figures.unmarked, 0, "{figures:?}");
    assert!(figures.answered_twice.is_empty(), "{figures:?}");
    assert!(figures.sent_after_refusal.is_empty(), "{figures:?}");
    assert!(
        figures.unanswered.is_empty() && figures.unknown <= 80,
        "only what was going out when the process died: {figures:?}"
    );
    assert!(
        figures.repeated < 200,
        "only what was on its way when the process died comes again: {figures:?}"
    );
}
