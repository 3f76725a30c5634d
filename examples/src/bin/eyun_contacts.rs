//! Exports all contacts as tab-separated lines: the list of ids first, then 20 at a time, at the vendor's pace.

use generated_sdk::Error;
use generated_sdk::eyun::deng_lu::{GetAddressList, InitAddressList};
use generated_sdk::eyun::hao_you_cao_zuo::GetContact;
use std::time::Duration;

/// What the vendor asks for: 20 at most, 300 to 800 ms apart.
const AT_ONCE: usize = 20;
const PAUSE: Duration = Duration::from_millis(500);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let wx = examples::log_in().await?;
    wx.deng_lu()
        .init_address_list(InitAddressList::new())
        .await?;
    let list = wx.deng_lu().get_address_list(GetAddressList::new()).await?;
    let mut exported = 0;
    for (n, ids) in list.data.friends.chunks(AT_ONCE).enumerate() {
        if n > 0 {
            tokio::time::sleep(PAUSE).await;
        }
        let contacts = wx
            .hao_you_cao_zuo()
            .get_contact(GetContact::new(ids))
            .await?;
        for contact in &contacts.data {
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            println!(
                "{}\t{}\t{}",
                text(&contact.user_name),
                text(&contact.nick_name),
                text(&contact.remark)
            );
            exported += 1;
        }
    }
    println!("{exported} of {} friends", list.data.friends.len());
    Ok(())
}
