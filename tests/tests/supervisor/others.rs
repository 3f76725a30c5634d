//! dami, where a refusal says that an account is offline and a person scans what comes by callback; PadChat, where a push
//! says it and a saved token logs in again.

use generated_sdk::dami::callback::Callback;
use generated_sdk::dami::deng_lu::ScanNew;
use generated_sdk::dami::zhang_hu_guan_li::Out;
use generated_sdk::padchat::deng_lu_guan_li::{
    Connect, GetAutoLoginData, Login, LoginLoginType, Logout,
};
use generated_sdk::padchat::fa_song_xiao_xi::SendMsg;
use generated_sdk::server::{Delivery, Receiver};
use generated_sdk::socket::Pushed;
use generated_sdk::supervisor::Attempt;
use generated_sdk::{dami, padchat};
use tokio::net::TcpListener;

use super::*;

#[tokio::test]
async fn dami_accounts_come_back_when_a_person_has_scanned() {
    let gateway = mock_gateway::dami::Gateway::start()
        .await
        .expect("a gateway");
    let client = dami::Client::builder(gateway.url())
        .login("phone", "password")
        .await;
    let client = client.expect("a token");
    let codes = Codes::default();
    let supervisor = noting(&codes)
        .every(Duration::from_secs(3600))
        .start()
        .expect("starts");
    let telling = supervisor.clone();
    let receiver = Receiver::builder().secret_path("s3cret");
    let receiver = receiver.start(move |told: Delivery<Callback>| {
        telling.tell(&told.callback);
        async {}
    });
    let receiver = receiver.expect("a receiver");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("bound"));
    let addresses = receiver.addresses(url).expect("addresses");
    let serving = receiver.clone();
    tokio::spawn(async move { serving.serve_on(listener).await });
    client.register(&addresses).await.expect("registered");
    let mut accounts = Vec::new();
    for name in ["wxid_a", "wxid_b", "wxid_c"] {
        let wx = client.account(name);
        let (client, addresses) = (client.clone(), addresses.clone());
        let log_in = move |attempt: Attempt| {
            let (client, addresses) = (client.clone(), addresses.clone());
            async move {
                let scan = |url| ScanNew::new(url).account(attempt.account());
                let code = client.deng_lu().scan_new_and_wait(&addresses, scan).await?;
                attempt.show(code.event.url.as_deref().unwrap_or_default());
                match attempt.until_online(PATIENCE).await {
                    true => Ok(()),
                    false => Err("nobody has scanned".into()),
                }
            }
        };
        supervisor
            .account(name, &wx, log_in)
            .await
            .expect("supervised");
        accounts.push((name, wx, 0));
    }
    for (name, _, _) in &accounts {
        online(&supervisor, name, 0).await;
    }
    assert!(shown(&codes).is_empty(), "they were online");
    let mut seeded = Seeded(7);
    for _ in 0..12 {
        let at = seeded.below(accounts.len());
        let (name, wx, logins) = &mut accounts[at];
        wx.zhang_hu_guan_li().out(Out::new()).await.expect("out");
        supervisor.look(name);
        *logins += 1;
        online(&supervisor, name, *logins).await;
        assert_eq!(shown(&codes).last().map(String::as_str), Some(*name));
    }
    assert_eq!(shown(&codes).len(), 12);
}

#[tokio::test]
async fn padchat_logs_in_again_with_the_saved_token() {
    let gateway = mock_gateway::padchat::Gateway::builder().scan_takes(ms(5));
    let gateway = gateway.start().await.expect("a gateway");
    let client = padchat::Client::connect(gateway.socket_url()).auth_key("key");
    let (wx, mut pushes) = client.open().await.expect("a connection");
    let codes = Codes::default();
    let supervisor = noting(&codes)
        .every(Duration::from_secs(3600))
        .start()
        .expect("starts");
    let telling = supervisor.clone();
    tokio::spawn(async move {
        while let Some(pushed) = pushes.next().await {
            let Pushed::Push(push) = pushed else { continue };
            if let padchat::callback::Event::QrCode(_) = &push.event {
                telling.show("me", "the code of the push");
            }
            telling.tell(&push);
        }
    });
    let logging_in = wx.clone();
    let log_in = move |attempt: Attempt| {
        let wx = logging_in.clone();
        async move {
            // That it is connected already does not matter.
            let _ = wx.call(Connect::new()).await;
            let mut login = Login::new(LoginLoginType::QrCode);
            if let Some(token) = attempt.saved("auto_login").await? {
                login = login.token(token);
            }
            wx.call(login).await?;
            let data = wx.call(GetAutoLoginData::new()).await?.data;
            match data.token {
                Some(token) => attempt.save("auto_login", token.expose()).await,
                None => Ok(()),
            }
        }
    };
    supervisor
        .account("me", &wx, log_in)
        .await
        .expect("supervised");
    online(&supervisor, "me", 1).await;
    assert_eq!(shown(&codes), ["me"]);
    for logins in 2..6 {
        wx.call(Logout::new()).await.expect("out");
        online(&supervisor, "me", logins).await;
        wx.call(SendMsg::new("wxid_friend", "x"))
            .await
            .expect("online");
    }
    assert_eq!(shown(&codes).len(), 1, "the saved token does");
}
