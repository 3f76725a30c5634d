//! Nothing that was acknowledged is lost by a process that dies.

use std::process::Command;

use tests::rounds::in_redis;
use tests::rounds::kills::{Figures, one_after_the_other, one_of_three};
use tests::rounds::serving::served;

/// The server of the next tests, in a process of its own: this very binary, told so by its environment.
#[tokio::test]
async fn a_server_that_is_killed_by_the_next_test() {
    served().await;
}

fn this_binary() -> Command {
    let mut program = Command::new(std::env::current_exe().expect("this binary"));
    let test = "killed::a_server_that_is_killed_by_the_next_test";
    program.args(["--exact", test, "--nocapture"]);
    program
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_was_acknowledged_is_lost_when_the_process_is_killed() {
    all_is_well(&one_after_the_other(this_binary, 1, 10_000).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs TEST_REDIS_URL"]
async fn nothing_is_lost_when_one_of_three_servers_on_one_redis_is_killed() {
    all_is_well(&one_of_three(this_binary, &in_redis("killed"), 10_000).await);
}

fn all_is_well(figures: &Figures) {
    println!("{figures:?}");
    assert!(figures.lost.is_empty(), "{figures:?}");
    assert_eq!(
        (figures.acknowledged, figures.unmarked),
        (10_000, 0),
        "{figures:?}"
    );
    assert_eq!(
        figures.overlapping, 0,
        "one of a conversation at a time, wherever: {figures:?}"
    );
    assert!(
        figures.repeated < 500,
        "only what was on its way when the process died comes again: {figures:?}"
    );
}
