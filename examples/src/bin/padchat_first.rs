//! The first connection, as the README shows it; runs against `cargo xtask mock padchat --incoming-every 5`.

use generated_sdk::padchat::deng_lu_guan_li::{Connect, Login, LoginLoginType};
use generated_sdk::padchat::{Client, callback::Event};
use generated_sdk::socket::Pushed;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::connect(examples::socket()).auth_key("key");
    let (wx, mut pushes) = client.open().await?;
    wx.deng_lu_guan_li().connect(Connect::new()).await?;
    let login = wx.call(Login::new(LoginLoginType::QrCode));
    tokio::spawn(async move { println!("logged in: {:?}", login.await.map(|login| login.data)) });
    while let Some(pushed) = pushes.next().await {
        match pushed {
            Pushed::Push(push) => match push.event {
                Event::QrCode(Some(code)) => println!("scan {code}"),
                Event::Push(messages) => println!("{messages:?}"),
                _ => {}
            },
            Pushed::Missed(count) => println!("{count} pushes were not taken in time"),
            Pushed::Disconnected(why) => println!("{why}; a new connection is being made"),
            _ => {}
        }
    }
    Ok(())
}
