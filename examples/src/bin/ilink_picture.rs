//! A bot on iLink that answers with pictures: who writes gets the one of the command line, who sends one gets it back.
//!
//! usage: ilink_picture PICTURE

use generated_sdk::ilink::{Client, callback::Event};
use generated_sdk::{BoxError, Error, poll::Message, store::RedbStore};
use std::path::PathBuf;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let picture: PathBuf = std::env::args_os()
        .nth(1)
        .ok_or("usage: ilink_picture PICTURE")?
        .into();
    let wx = examples::ilink().await?;
    let bot = wx.receive().store(RedbStore::open("bot.redb")?);
    let mut bot = bot.start(move |message| answer(message, picture.clone()))?;
    println!("listening; Ctrl-C ends it");
    tokio::signal::ctrl_c().await?;
    bot.shutdown(std::time::Duration::from_secs(10)).await;
    Ok(())
}

async fn answer(message: Message<Client>, picture: PathBuf) -> Result<(), Error> {
    let Event::UserMessage(said) = &message.callback.event else {
        return Ok(());
    };
    let talk = message.conversation()?;
    for item in &said.item_list {
        match &item.image_item {
            // Fetched and decrypted, then encrypted with a key of its own and sent.
            Some(image) => {
                let theirs = image.download(message.caller()).await?;
                talk.send_image(theirs).await?;
            }
            None => {
                talk.send_text("给你一张图：").await?;
                talk.send_image(picture.clone()).await?;
            }
        }
    }
    Ok(())
}
