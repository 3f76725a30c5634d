//! A client that others have published logs in to the gateway, receives and answers, on loopback.

use mock_gateway::ilink::{Gateway, Scan};
use std::process::Command;
use std::time::Duration;

const BOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/published/bot.py");

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs ILINK_PYTHON, a Python with the client: pip install openilink-sdk-python"]
async fn a_published_client_logs_in_receives_and_answers() {
    let python = std::env::var("ILINK_PYTHON").expect("ILINK_PYTHON names a Python");
    let builder = Gateway::builder().scan_takes(Duration::from_millis(50));
    let builder = builder.scans([Scan::Expired, Scan::Confirmed]);
    let gateway = builder.start().await.expect("a gateway");
    gateway.friend().says("你好");
    let mut bot = Command::new(python);
    bot.args([BOT, &gateway.url()]);
    let bot = tokio::task::spawn_blocking(move || bot.output());
    while gateway.friend().heard().is_empty() && !bot.is_finished() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    gateway.friend().says("再见");
    let said = bot.await.expect("no panic").expect("it starts");
    let (out, err) = (
        String::from_utf8_lossy(&said.stdout),
        String::from_utf8_lossy(&said.stderr),
    );
    assert_eq!(out.trim(), "2 2 2 []", "{err}");
    let heard = gateway.friend().heard();
    let texts: Vec<&str> = heard.iter().map(|sent| sent.text()).collect();
    assert_eq!(texts, ["echo: 你好", "echo: 再见"]);
    assert_eq!(gateway.friend().sees_typing(), (false, 2));
    assert!(gateway.repeated().is_empty());
}
