//! The first call, as the README shows it; runs against `cargo xtask mock eyun`.

use generated_sdk::eyun::deng_lu::{GetIPadLoginInfo, IPadLogin, IPadLoginProxy};
use generated_sdk::eyun::{Client, xiao_xi_fa_song::SendText};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(examples::gateway())
        .login("account", "password")
        .await?;
    let code = client
        .deng_lu()
        .ipad_login(IPadLogin::new("", "ipad", IPadLoginProxy::ShangHai))
        .await?;
    println!("scan {:?}", code.data.qr_code_url);
    let wx = client.instance(code.data.w_id.as_ref().ok_or("no wId")?);
    wx.deng_lu()
        .get_ipad_login_info(GetIPadLoginInfo::new(false))
        .await?;
    let sent = wx
        .xiao_xi_fa_song()
        .send_text(SendText::new("filehelper", "你好"))
        .await?;
    println!("{:?} {}", sent.data.new_msg_id, sent.message());
    Ok(())
}
