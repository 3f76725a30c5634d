//! Greets every friend: logs in, gathers all pages of the list of friends, writes to each, and prints what comes back.
//!
//! `cargo xtask mock dami` in one terminal, `cargo run -p examples --bin dami_greet` in another. `CALLBACK_LISTEN` is
//! where it listens (127.0.0.1, any port), `CALLBACK_URL` how the gateway reaches that place, if otherwise.

use generated_sdk::BoxError;
use generated_sdk::dami::Client;
use generated_sdk::dami::callback::{Callback, Event};
use generated_sdk::dami::deng_lu::ScanNew;
use generated_sdk::dami::hao_you_guan_li::SyncFriendList;
use generated_sdk::dami::xiao_xi_guan_li::{
    SendMessage, SendMessageContentType, SendMessageRequired,
};
use generated_sdk::server::{Delivery, Receiver};
use std::env;
use std::time::Duration;
use tokio::net::TcpListener;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let client = Client::builder(examples::gateway())
        .login("account", "password")
        .await?;

    // Everything that the gateway tells comes here.
    let receiver = Receiver::builder()
        .secret_path("a-long-random-word")
        .start(|delivery: Delivery<Callback>| async move {
            match delivery.callback.event {
                Event::AccountStatus(accounts) => println!("{} account(s) moved", accounts.len()),
                Event::PrivateMessage(message) => println!("told: {:?}", message.to_account),
                _ => {}
            }
        })?;
    let listen = env::var("CALLBACK_LISTEN").unwrap_or_else(|_| "127.0.0.1:0".to_owned());
    let listener = TcpListener::bind(listen).await?;
    let base = match env::var("CALLBACK_URL") {
        Ok(url) => url,
        Err(_) => format!("http://{}", listener.local_addr()?),
    };
    let addresses = receiver.addresses(base)?;

    let greet = async {
        client.register(&addresses).await?;
        let code = client
            .deng_lu()
            .scan_new_and_wait(&addresses, ScanNew::new)
            .await?;
        println!("scan {}", code.event.url.as_deref().unwrap_or("the code"));

        let wx = client.account("wxid_example01");
        let friends = wx
            .hao_you_guan_li()
            .sync_friend_list_and_wait(&addresses, SyncFriendList::new)
            .within(Duration::from_secs(60))
            .await?;
        println!("{} friends, all: {}", friends.items.len(), friends.complete);
        for friend in friends.items {
            let Some(to_account) = friend.account else {
                continue;
            };
            let name = friend.name.unwrap_or_default();
            let greeting = SendMessage::new(SendMessageRequired {
                to_account,
                content: format!("你好，{name}！"),
                content_type: SendMessageContentType::Text,
            });
            wx.xiao_xi_guan_li().send_message(greeting).await?;
        }
        let left = receiver.shutdown(Duration::from_secs(5)).await;
        println!("done, {left} messages were left");
        Ok::<_, BoxError>(())
    };
    let serve = async { Ok(receiver.serve_on(listener).await?) };
    tokio::try_join!(serve, greet)?;
    Ok(())
}
