//! A bot that shows a code to scan and then says back what friends write to it, until Ctrl-C.
//!
//! `cargo xtask mock padchat --incoming-every 5` in one terminal, `cargo run -p examples --bin padchat_echo` in another.
//! `SOCKET_URL` is the gateway's address, `AUTH_KEY` the key that the vendor gave.

use generated_sdk::padchat::callback::{Event, Message};
use generated_sdk::padchat::deng_lu_guan_li::{Connect, Login, LoginLoginType};
use generated_sdk::padchat::fa_song_xiao_xi::SendMsg;
use generated_sdk::padchat::{Client, WxId};
use generated_sdk::socket::Pushed;
use generated_sdk::{BoxError, Error, Json};
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use std::env;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let key = env::var("AUTH_KEY").unwrap_or_else(|_| "example".to_owned());
    let (wx, mut pushes) = Client::connect(examples::socket())
        .auth_key(key)
        .open()
        .await?;
    let line = pushes.line();

    // The code comes as a push while the login waits for the person, so both go on at once.
    let me = Arc::new(OnceLock::new());
    let login = tokio::spawn(log_in(wx.clone(), me.clone()));
    let stop = tokio::spawn(async move {
        tokio::signal::ctrl_c().await?;
        line.shutdown(Duration::from_secs(5)).await;
        Ok::<_, BoxError>(())
    });
    while let Some(pushed) = pushes.next().await {
        match pushed {
            Pushed::Push(callback) => match callback.event {
                Event::QrCode(data) => show(data.as_ref()),
                Event::Scan(_) => println!("scanned"),
                Event::Push(messages) => {
                    if let Err(error) = echo(&wx, me.get(), messages).await {
                        println!("not said back: {error}");
                    }
                }
                Event::Error(_) => println!("error: {}", callback.msg.unwrap_or_default()),
                _ => {}
            },
            Pushed::Missed(missed) => println!("{missed} pushes were missed"),
            Pushed::Disconnected(why) => println!("{why}"),
            Pushed::Reconnected => println!("connected again"),
            _ => {}
        }
    }
    login.abort();
    stop.await?
}

/// Logs in; the person has five minutes to scan the code.
async fn log_in(wx: Client, me: Arc<OnceLock<WxId>>) -> Result<(), Error> {
    wx.deng_lu_guan_li().connect(Connect::new()).await?;
    let login = Login::new(LoginLoginType::QrCode);
    let patience = Duration::from_secs(300);
    match wx.deng_lu_guan_li().login(login).timeout(patience).await {
        Ok(login) => {
            println!("logged in: {:?}", login.data.user_name);
            if let Some(account) = login.data.user_name {
                me.get_or_init(|| account);
            }
            Ok(())
        }
        Err(error) => {
            println!("not logged in: {error}");
            Err(error)
        }
    }
}

/// Prints the code. No document says what it comes in, only that names below `data` begin with a capital; gateways were
/// seen to send an address, or an image.
fn show(data: Option<&Json>) {
    let address = data.and_then(|data| data.get("Url").or_else(|| data.get("url"))?.as_text());
    let code = address.and_then(|address| QrCode::new(address).ok());
    match code {
        Some(code) => {
            let mut code = code.render();
            // Most terminals are dark.
            code.dark_color(Dense1x2::Light).light_color(Dense1x2::Dark);
            println!("scan this:\n{}", code.build());
        }
        None => println!("the gateway shows its code elsewhere"),
    }
}

/// Says back every text that a friend has written. What the account writes itself comes as a push too.
async fn echo(wx: &Client, me: Option<&WxId>, messages: Vec<Message>) -> Result<(), Error> {
    for message in messages {
        let Message::Text(text) = message else {
            continue;
        };
        let content = text.content.and_then(|content| content.as_text());
        if let (Some(me), Some(friend), Some(content)) = (me, text.from_user, content)
            && friend != *me
            && !friend.as_str().ends_with("@chatroom")
        {
            println!("{friend} writes {content}");
            let echo = SendMsg::new(friend, content);
            wx.fa_song_xiao_xi().send_msg(echo).await?;
        }
    }
    Ok(())
}
