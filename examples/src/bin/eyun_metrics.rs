//! Metrics for Prometheus: calls and callbacks are counted, and `/metrics` serves them beside the callbacks. Runs against
//! `cargo xtask mock eyun`; `curl -s localhost:8080/metrics` shows them.

use axum::routing::get;
use generated_sdk::eyun::callback::Callback;
use generated_sdk::eyun::deng_lu::{IPadLogin, IPadLoginProxy};
use generated_sdk::eyun::{Client, xiao_xi_fa_song::SendText};
use generated_sdk::server::{Delivery, Receiver};
use metrics_exporter_prometheus::PrometheusBuilder;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let prometheus = PrometheusBuilder::new().install_recorder()?;
    generated_sdk::metrics::describe();

    let client = Client::builder(examples::gateway())
        .login("account", "password")
        .await?;
    let login = client
        .log_in_by_code(IPadLogin::new("", "ipad", IPadLoginProxy::ShangHai))
        .await?;
    let wx = login.until_done(|step| println!("{step}")).await?.handle;
    wx.xiao_xi_fa_song()
        .send_text(SendText::new("filehelper", "你好"))
        .await?;

    let show = |told: Delivery<Callback>| async move { println!("{:?}", told.callback) };
    let receiver = Receiver::builder()
        .secret_path("a-long-random-word")
        .start(show)?;
    // On a port of its own where callbacks come from the open: metrics are not for everybody.
    let metrics = get(move || async move { prometheus.render() });
    let routes = receiver.router().route("/metrics", metrics);
    let listener = tokio::net::TcpListener::bind(examples::listen()).await?;
    println!("metrics at http://{}/metrics", listener.local_addr()?);
    Ok(axum::serve(listener, routes).await?)
}
