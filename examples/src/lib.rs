//! What the examples share: the way to a gateway on which somebody is logged in.

use generated_sdk::Error;
use generated_sdk::eyun::deng_lu::{GetIPadLoginInfo, IPadLogin, IPadLoginProxy};
use generated_sdk::eyun::{Client, Instance};
use generated_sdk::runtime::Request;

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

/// Logs in: to the gateway first, then the account that scans the code.
///
/// # Errors
///
/// Those of the calls, and a gateway that forgets to say what it started.
pub async fn log_in() -> Result<Instance, Error> {
    let client = Client::builder(gateway())
        .login("account", "password")
        .await?;
    let code = client
        .deng_lu()
        .ipad_login(IPadLogin::new("", "ipad", IPadLoginProxy::ShangHai))
        .await?;
    println!(
        "scan {}",
        code.data.qr_code_url.as_deref().unwrap_or("the code")
    );
    let Some(w_id) = &code.data.w_id else {
        return Err(code.unusable(IPadLogin::OPERATION, "the answer has no wId"));
    };
    let wx = client.instance(w_id);
    loop {
        let login = wx
            .deng_lu()
            .get_ipad_login_info(GetIPadLoginInfo::new(false))
            .await?;
        if login.code() != "200" {
            println!("logged in: {:?}", login.data.wc_id);
            return Ok(wx);
        }
        println!(
            "open {} and confirm",
            login.data.url.as_deref().unwrap_or("the page")
        );
    }
}
