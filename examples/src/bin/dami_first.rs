//! The first result that the gateway posts, as the README shows it; runs against `cargo xtask mock dami`.

use generated_sdk::dami::callback::Callback;
use generated_sdk::dami::{Client, hao_you_guan_li::SyncFriendList};
use generated_sdk::server::{Delivery, Receiver};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(examples::gateway())
        .login("account", "password")
        .await?;
    let receiver = Receiver::builder().secret_path("a-long-random-word");
    let receiver =
        receiver.start(|told: Delivery<Callback>| async move { println!("{told:?}") })?;
    let addresses = receiver.addresses(examples::callbacks())?; // where the gateway reaches it
    tokio::spawn(async move { receiver.serve(examples::listen()).await });

    client.register(&addresses).await?; // every setting of `user/setUrl`
    let wx = client.account("wxid_example01");
    let friends = wx.hao_you_guan_li();
    let friends = friends
        .sync_friend_list_and_wait(&addresses, SyncFriendList::new)
        .await?;
    println!(
        "{} friends, all of them: {}",
        friends.items.len(),
        friends.complete
    );
    Ok(())
}
