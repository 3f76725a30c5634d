//! A group assistant that welcomes new members and answers whoever @s it, until Ctrl-C.
//!
//! `cargo run -p examples --bin wequick_group` in one terminal, `cargo xtask mock wequick --secret a-long-random-word`
//! in another. The real program is told the two addresses that are printed. `LISTEN` is where the server listens
//! (127.0.0.1:8080), `QUEUE` a file for events and commands that outlive the process.

use generated_sdk::server::Delivery;
use generated_sdk::store::RedbStore;
use generated_sdk::wequick::v2::callback::{Callback, ChatRoomMemberAdd, Event, TextMessage};
use generated_sdk::wequick::v2::xiao_xi_xiang_guan::SendAtTextMessage;
use generated_sdk::wequick::v2::{Bot, Bots, Hub, WxId};
use generated_sdk::{BoxError, Error};
use std::env;
use std::time::Duration;
use tokio::net::TcpListener;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let mut builder = Hub::builder().secret_path("a-long-random-word");
    if let Ok(file) = env::var("QUEUE") {
        builder = builder.store(RedbStore::open(file)?);
    }
    let hub = builder.start(assist)?;

    let listener = TcpListener::bind(examples::listen()).await?;
    let base = format!("http://{}", listener.local_addr()?);
    println!("消息回调地址 {base}{}", hub.events_path());
    println!(
        "轮询消息地址 {base}{}",
        hub.commands_path().unwrap_or_default()
    );
    println!("listening on {base}; Ctrl-C ends");
    let stop = async {
        tokio::signal::ctrl_c().await?;
        let left = hub.shutdown(Duration::from_secs(5)).await;
        println!("{left} events were left");
        Ok::<_, BoxError>(())
    };
    let serve = async { Ok(hub.serve_on(listener).await?) };
    tokio::try_join!(serve, stop)?;
    Ok(())
}

/// Called for every event. What is not sure to have failed is not done again: nobody is welcomed twice.
async fn assist(delivery: Delivery<Callback>, bots: Bots) -> Result<(), Error> {
    let Some(me) = delivery.callback.cwxid else {
        return Ok(());
    };
    let bot = bots.bot(&me);
    let done = match delivery.callback.event {
        Event::ChatRoomMemberAdd(added) => welcome(&bot, added).await,
        Event::TextMessage(message) => answer(&bot, &me, message).await,
        _ => Ok(()),
    };
    match done {
        Err(error) if error.may_have_been_executed() => {
            println!("perhaps said: {error}");
            Ok(())
        }
        done => done,
    }
}

async fn welcome(bot: &Bot, added: ChatRoomMemberAdd) -> Result<(), Error> {
    let Some(room) = added.wxid else {
        return Ok(());
    };
    let new: Vec<WxId> = added
        .user_lists
        .into_iter()
        .filter_map(|member| member.wxid)
        .collect();
    if new.is_empty() {
        return Ok(());
    }
    println!("{} new in {room}", new.len());
    let text = format!("{}欢迎入群！", "{$@} ".repeat(new.len()));
    say(bot, room, text, new).await
}

async fn answer(bot: &Bot, me: &WxId, message: TextMessage) -> Result<(), Error> {
    let asked = message.atlist.contains(me);
    let (Some(room), Some(from)) = (message.room_wxid, message.wxid_from) else {
        return Ok(());
    };
    if !asked || from == *me {
        return Ok(());
    }
    println!("{from} asks in {room}");
    let length = message.message.map_or(0, |text| text.chars().count());
    say(
        bot,
        room,
        format!("{{$@}} 收到 {length} 个字。"),
        vec![from],
    )
    .await
}

async fn say(bot: &Bot, room: WxId, text: String, to: Vec<WxId>) -> Result<(), Error> {
    let messages = bot.xiao_xi_xiang_guan();
    let message = SendAtTextMessage::new(room, text, to);
    let said = messages.send_at_text_message(message).await?;
    println!("said: {:?}", said.data.send_id);
    Ok(())
}
