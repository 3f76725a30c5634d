//! PadChat over real sockets, against its mock gateway: every call, the login, pushes, and everything that goes wrong;
//! and what no vendor of ours does, by one that is made up.

mod acme;
mod calls;
mod faults;
mod handling;
mod line;
mod pushes;

use std::time::Duration;

use generated_sdk::Retry;
use generated_sdk::padchat::Client;
use generated_sdk::padchat::callback::{Callback, Event};
use generated_sdk::runtime::Connect;
use generated_sdk::socket::{Pushed, Pushes};
use mock_gateway::Chat;
use mock_gateway::padchat::Gateway;

mock_gateway::requests!(generated_sdk);

const KEY: &str = "k3y-of-the-account";

/// A gateway on which somebody is logged in.
async fn gateway() -> Gateway {
    let builder = Gateway::builder().auth_key(KEY).logged_in();
    builder.start().await.expect("a gateway")
}

/// A friend says hello; on how many connections it is pushed.
fn say(gateway: &Gateway) -> usize {
    let [friend, _] = gateway.friends();
    let said = gateway.deliver_text(&friend, Chat::Private, "你好");
    said.expect("a friend can write")
}

/// A connection that does not dawdle.
fn connect(gateway: &Gateway) -> Connect<Client> {
    let short = Duration::from_millis(5);
    let quick = Retry::default().attempts(u32::MAX).within(Duration::MAX);
    Client::connect(gateway.socket_url())
        .auth_key(KEY)
        .no_retry()
        .timeout(Duration::from_secs(20))
        .reconnect(quick.first_wait(short).longest_wait(short))
}

/// The next push or notice, which must come.
async fn next(pushes: &mut Pushes<Callback>) -> Pushed<Callback> {
    let next = tokio::time::timeout(Duration::from_secs(20), pushes.next());
    next.await.expect("something comes").expect("no end yet")
}

/// The next event, which must be one.
async fn event(pushes: &mut Pushes<Callback>) -> Event {
    match next(pushes).await {
        Pushed::Push(callback) => callback.event,
        other => panic!("{other:?} is no event"),
    }
}
