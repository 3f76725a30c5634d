//! What the examples share: the way to a gateway on which somebody is logged in.

pub mod own_store;

use generated_sdk::eyun::deng_lu::{IPadLogin, IPadLoginProxy};
use generated_sdk::eyun::{Client, Instance};
use generated_sdk::{BoxError, Error, LoginStep, ilink};

/// The gateway: `GATEWAY_URL`, or where `cargo xtask mock` listens.
pub fn gateway() -> String {
    std::env::var("GATEWAY_URL").unwrap_or_else(|_| "http://127.0.0.1:8787".to_owned())
}

/// The same of a gateway that speaks over one connection: `SOCKET_URL`.
pub fn socket() -> String {
    std::env::var("SOCKET_URL").unwrap_or_else(|_| "ws://127.0.0.1:8787/ws".to_owned())
}

/// Where a server of ours listens: `LISTEN`, or where `cargo xtask mock wequick` comes.
pub fn listen() -> String {
    std::env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:8080".to_owned())
}

/// How a gateway reaches it: `CALLBACK_URL`.
pub fn callbacks() -> String {
    std::env::var("CALLBACK_URL").unwrap_or_else(|_| "http://127.0.0.1:8080".to_owned())
}

/// An account on iLink: that of `bot.json`, or of whoever scans the code.
///
/// # Errors
///
/// Those of the calls and of the file, a code that nobody scans in time among them.
pub async fn ilink() -> Result<ilink::Client, BoxError> {
    let to = || ilink::Client::builder(gateway());
    if let Some(known) = to().restore("bot.json").await? {
        return Ok(known);
    }
    let code = ilink::requests::GetBotQrCode::new();
    let login = to().build()?.log_in_by_code(code).await?;
    println!("scan {}", login.shown);
    let wx = login.until_done(LoginStep::in_terminal).await?.handle;
    wx.save("bot.json").await?;
    Ok(wx)
}

/// Logs in: to the gateway first, then the account that scans the code.
///
/// # Errors
///
/// Those of the calls, a code that nobody scans in time among them.
pub async fn log_in() -> Result<Instance, Error> {
    let client = Client::builder(gateway())
        .login("account", "password")
        .await?;
    let login = client
        .log_in_by_code(IPadLogin::new("", "ipad", IPadLoginProxy::ShangHai))
        .await?;
    println!("scan {}", login.shown);
    let done = login.until_done(|step| {
        if let LoginStep::Verify { url, .. } = step {
            println!("open {url} and confirm");
        }
    });
    let done = done.await?;
    println!("logged in: {:?}", done.reply.data.wc_id);
    Ok(done.handle)
}
