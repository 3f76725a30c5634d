//! Logs in and sends a text.
//!
//! `cargo xtask mock eyun` in one terminal, `cargo run -p examples --bin eyun_send` in another.

use generated_sdk::Error;
use generated_sdk::eyun::xiao_xi_fa_song::SendText;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let wx = examples::log_in().await?;
    let sent = wx
        .xiao_xi_fa_song()
        .send_text(SendText::new("filehelper", "你好"))
        .await?;
    println!("sent: {:?}", sent.data.new_msg_id);
    Ok(())
}
