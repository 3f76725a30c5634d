//! iLink as a whole: the SDK against the gateway that plays it, over loopback.

mod answers;
mod media;
mod polling;

use generated_sdk::ilink::Client;
use mock_gateway::ilink::{Builder, Gateway};
use std::time::Duration;

/// Longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// A gateway whose people are quick, which takes its documents by the letter.
fn quick() -> Builder {
    let builder = Gateway::builder().scan_takes(Duration::from_millis(40));
    builder.holds(Duration::from_millis(500)).strict()
}

async fn start() -> Gateway {
    quick().start().await.expect("a gateway")
}

/// A client of somebody who is logged in.
fn client(gateway: &Gateway) -> Client {
    let builder = Client::builder(gateway.url()).authorization(gateway.token());
    builder.build().expect("a client")
}

/// Waits until something holds.
async fn until(what: &str, holds: impl Fn() -> bool) {
    let held = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let held = tokio::time::timeout(PATIENCE, held).await;
    held.unwrap_or_else(|_| panic!("{what} never came about"));
}
