//! A bot on iLink: logs in by a code once, says to everybody what they said, and goes on where it was after a restart.

use generated_sdk::ilink::{Client, callback::Event, requests::GetBotQrCode};
use generated_sdk::{BoxError, Error, LoginStep, poll::Message, store::RedbStore};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let to = || Client::builder(examples::gateway()); // the real one: Client::builder_at_root()
    let wx = match to().restore("bot.json").await? {
        Some(wx) => wx,
        None => {
            let login = to().build()?.log_in_by_code(GetBotQrCode::new()).await?;
            println!("scan {}", login.shown);
            let wx = login.until_done(LoginStep::in_terminal).await?.handle;
            wx.save("bot.json").await?;
            wx
        }
    };
    let _bot = wx
        .receive()
        .store(RedbStore::open("bot.redb")?)
        .start(answer)?;
    println!("listening; Ctrl-C ends it");
    Ok(tokio::signal::ctrl_c().await?)
}

async fn answer(message: Message<Client>) -> Result<(), Error> {
    if let Event::UserMessage(said) = &message.callback.event {
        for text in said
            .item_list
            .iter()
            .filter_map(|item| item.text_item.as_ref()?.text.as_ref())
        {
            message.conversation()?.send_text(text).await?;
        }
    }
    Ok(())
}
