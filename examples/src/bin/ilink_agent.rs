//! A bot on iLink whose answers take a while, as those of a language model do: people see it typing meanwhile.

use generated_sdk::ilink::{Client, callback::Event};
use generated_sdk::{BoxError, Error, poll::Message, store::RedbStore};
use std::time::Duration;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let wx = examples::ilink().await?;
    let bot = wx.receive().store(RedbStore::open("bot.redb")?);
    let mut bot = bot.start(answer)?;
    println!("listening; Ctrl-C ends it");
    tokio::signal::ctrl_c().await?;
    bot.shutdown(Duration::from_secs(60)).await;
    Ok(())
}

async fn answer(message: Message<Client>) -> Result<(), Error> {
    let Event::UserMessage(said) = &message.callback.event else {
        return Ok(());
    };
    let texts = said.item_list.iter();
    let question = texts.filter_map(|item| item.text_item.as_ref()?.text.as_deref());
    let question: String = question.collect();
    if question.is_empty() {
        return Ok(());
    }
    let talk = message.conversation()?;
    // One message at a time of a person; others do not wait. What is thought is thought again after a crash, and what
    // was said before it is not said twice.
    let thought = talk.typing(think(&question)).await;
    match talk.send_text(thought).await {
        // The vendor wants to hear the person first: nothing is to be repeated.
        Err(error) if error.unsaid().is_some() => println!("not said: {error}"),
        sent => println!("said in {} pieces", sent?.client_ids.len()),
    }
    Ok(())
}

/// Stands in for whatever takes its time.
async fn think(question: &str) -> String {
    tokio::time::sleep(Duration::from_millis(600)).await;
    format!("关于“{question}”：\n\n{}", "想了很久。".repeat(500))
}
