//! A hub that ends and starts again with its file: what a program has stays with the program.

use std::path::PathBuf;
use std::time::Duration;

use generated_sdk::store::RedbStore;
use generated_sdk::wequick::v2::Hub;
use generated_sdk::wequick::v2::xiao_xi_xiang_guan::SendTextMessage;
use tokio::time::sleep;

use super::{ACCOUNT, LONG, Listening, soon};

const POLL: &str = "GET /send_msg?wxid=wxid_example01&pid=1";
const COMMANDS: u64 = 50;
/// Much longer than the time between two visits of the program.
const LEASE: Duration = Duration::from_secs(8);

/// A file that does not outlive the test.
struct File(PathBuf);

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

async fn start(file: &File) -> Listening {
    let store = RedbStore::open(&file.0).expect("a store");
    let builder = Hub::builder().unprotected().store(store).lease(LEASE);
    Listening::of(builder.batch(100)).await
}

async fn end(server: Listening) {
    assert_eq!(server.hub.shutdown(LONG).await, 0);
}

#[tokio::test]
async fn what_was_handed_out_is_not_handed_out_again_by_the_next_start() {
    let name = format!("restarted-{}.redb", std::process::id());
    let file = File(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name));
    let _ = std::fs::remove_file(&file.0);
    let server = start(&file).await;
    let mut ids = Vec::new();
    for n in 0..COMMANDS {
        let message = SendTextMessage::new("wxid_friend", n.to_string());
        ids.push(server.hub.enqueue(ACCOUNT, &message).await.expect("queued"));
    }
    let (status, handed) = server.ask(POLL, b"").await;
    assert!(
        ids.iter().all(|id| handed.contains(id)),
        "{status} {handed}"
    );
    soon(async {
        while server.hub.handed_out().commands < COMMANDS {
            sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    // What is written with the next step at the latest is written when the store is closed.
    end(server).await;
    let server = start(&file).await;
    for _ in 0..20 {
        assert_eq!(server.ask(POLL, b"").await.1, "[]");
        sleep(Duration::from_millis(5)).await;
    }
    let result = format!(
        r#"{{"action":"resSendTextMessage","cwxid":"{ACCOUNT}","data":{{"sendId":"{}","sendResult":"1","errorReason":""}}}}"#,
        ids[0]
    );
    assert_eq!(
        server.ask("POST /recieve_msg", result.as_bytes()).await.0,
        200
    );
    let counts = server.hub.commands().await.expect("works");
    assert_eq!((counts.waiting, counts.leased), (0, COMMANDS - 1));
    end(server).await;
    // The program is silent for longer than the lease: another process has the account.
    let server = start(&file).await;
    let again = soon(async {
        loop {
            let answer = server.answer(&POLL.replace("pid=1", "pid=2"), b"").await;
            if answer.contains(&ids[1]) {
                return answer;
            }
            sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    assert!(again.contains("x-handed-out-before: "), "{again}");
    assert!(!again.contains(&ids[0]), "that one was done");
}
