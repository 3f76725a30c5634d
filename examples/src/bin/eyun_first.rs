//! The first call, as the README shows it; runs against `cargo xtask mock eyun`.

use generated_sdk::eyun::deng_lu::{IPadLogin, IPadLoginProxy};
use generated_sdk::eyun::{Client, xiao_xi_fa_song::SendText};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(examples::gateway())
        .login("account", "password")
        .await?;
    let login = client
        .log_in_by_code(IPadLogin::new("", "ipad", IPadLoginProxy::ShangHai))
        .await?;
    println!("scan {}", login.shown);
    let wx = login.until_done(|step| println!("{step}")).await?.handle;
    let sent = wx
        .xiao_xi_fa_song()
        .send_text(SendText::new("filehelper", "你好"))
        .await?;
    println!("{:?} {}", sent.data.new_msg_id, sent.message());
    Ok(())
}
