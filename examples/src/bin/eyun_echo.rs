//! A bot that says back what friends write to it, until Ctrl-C.
//!
//! `cargo xtask mock eyun --incoming-every 5` in one terminal, `cargo run -p examples --bin eyun_echo` in another.
//! `CALLBACK_LISTEN` is where it listens (127.0.0.1, any port), `CALLBACK_URL` how the gateway reaches that place,
//! if otherwise.

use generated_sdk::eyun::callback::{Callback, Event};
use generated_sdk::eyun::xiao_xi_fa_song::SendText;
use generated_sdk::eyun::xiao_xi_jie_shou::SetHttpCallbackUrl;
use generated_sdk::server::{Delivery, Receiver};
use generated_sdk::{BoxError, Error};
use std::env;
use std::time::Duration;
use tokio::net::TcpListener;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let wx = examples::log_in().await?;
    let client = wx.client();
    let bot = Receiver::builder()
        .secret_path("a-long-random-word")
        .start(move |delivery: Delivery<Callback>| {
            let wx = wx.clone();
            async move {
                if let Event::PrivateText(message) = delivery.callback.event
                    && message.self_ != Some(true)
                    && let (Some(friend), Some(text)) = (message.from_user, message.content)
                {
                    println!("{friend} writes {text}");
                    let echo = SendText::new(friend, text);
                    wx.xiao_xi_fa_song().send_text(echo).await?;
                }
                Ok::<_, Error>(())
            }
        })?;

    let listen = env::var("CALLBACK_LISTEN").unwrap_or_else(|_| "127.0.0.1:0".to_owned());
    let listener = TcpListener::bind(listen).await?;
    let base = match env::var("CALLBACK_URL") {
        Ok(url) => url,
        Err(_) => format!("http://{}", listener.local_addr()?),
    };
    let url = format!("{}{}", base.trim_end_matches('/'), bot.path());
    // The gateway probes the address while it is registered, so somebody must listen already.
    let register = async {
        let request = SetHttpCallbackUrl::new(url, 2);
        client
            .xiao_xi_jie_shou()
            .set_http_callback_url(request)
            .await?;
        println!("listening on {base}; Ctrl-C ends");
        tokio::signal::ctrl_c().await?;
        let left = bot.shutdown(Duration::from_secs(5)).await;
        println!("{left} messages were left");
        Ok::<_, BoxError>(())
    };
    // Both to their ends: what has been begun is finished after the last request.
    let serve = async { Ok(bot.serve_on(listener).await?) };
    tokio::try_join!(serve, register)?;
    Ok(())
}
