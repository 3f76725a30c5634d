//! Answers whoever writes, as the README shows it; `cargo xtask mock wequick --secret a-long-random-word` comes to it.

use generated_sdk::wequick::v2::callback::{Callback, Event};
use generated_sdk::wequick::v2::{Bots, Hub, xiao_xi_xiang_guan::SendTextMessage};
use generated_sdk::{Error, server::Delivery};

async fn answer(told: Delivery<Callback>, bots: Bots) -> Result<(), Error> {
    if let (Some(me), Event::TextMessage(message)) = (told.callback.cwxid, told.callback.event)
        && let Some(friend) = message.wxid_from.filter(|from| *from != me)
    {
        match bots
            .bot(&me)
            .send(SendTextMessage::new(friend, "你好"))
            .await
        {
            Err(error) if !error.may_have_been_executed() => return Err(error), // once more, later
            done => println!("{:?}", done.map(|done| done.data)),
        }
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let hub = Hub::builder().secret_path("a-long-random-word");
    hub.start(answer)?.serve(examples::listen()).await?;
    Ok(())
}
