//! Revokes what was sent, and says honestly what cannot be revoked.
//!
//! A send that times out may have gone out. The ids that a revoke needs were in the answer that never came, and the
//! gateway has no way to ask for them: messages sent through it are not told by callbacks either. So it is not repeated
//! (that could send it twice) and not revoked (that is impossible): a person is told.

use generated_sdk::eyun::xiao_xi_fa_song::{RevokeMsg, RevokeMsgRequired, SendText};
use generated_sdk::eyun::{Instance, SentMessage};
use generated_sdk::{Error, Reply};
use std::time::Duration;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let wx = examples::log_in().await?;

    // The header makes the mock gateway answer late; a real one does not know it.
    let late = wx
        .xiao_xi_fa_song()
        .send_text(SendText::new("wxid_example01", "三点开会"))
        .header("X-Mock-Fault", "delay=1500")
        .timeout(Duration::from_millis(300));
    match late.await {
        Ok(sent) => revoke(&wx, &sent).await?,
        Err(error) if error.may_have_been_executed() => {
            println!("{error}");
            println!(
                "it may have gone out; without its ids it cannot be revoked: look at the phone"
            );
        }
        Err(error) => {
            println!("{error}");
            println!("it has certainly not gone out: sending it again is safe");
        }
    }

    // An answer that arrives brings the ids, and they are whole: with a digit rounded off, nothing is revoked.
    let sent = wx
        .xiao_xi_fa_song()
        .send_text(SendText::new("wxid_example01", "更正：四点开会"))
        .await?;
    revoke(&wx, &sent).await
}

async fn revoke(wx: &Instance, sent: &Reply<SentMessage>) -> Result<(), Error> {
    let message = &sent.data;
    let (Some(wc_id), Some(msg_id), Some(new_msg_id)) =
        (&message.wc_id, &message.msg_id, &message.new_msg_id)
    else {
        println!("the answer has no ids: this cannot be revoked");
        return Ok(());
    };
    let request = RevokeMsg::new(RevokeMsgRequired {
        wc_id: wc_id.clone(),
        msg_id: msg_id.clone(),
        new_msg_id: new_msg_id.clone(),
        create_time: message.create_time.unwrap_or_default(),
    });
    wx.xiao_xi_fa_song().revoke_msg(request).await?;
    println!("revoked: {new_msg_id}");
    Ok(())
}
