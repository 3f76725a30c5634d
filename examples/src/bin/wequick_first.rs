//! The first event, as the README shows it; `cargo xtask mock wequick --secret a-long-random-word` comes to it.

use generated_sdk::server::Delivery;
use generated_sdk::wequick::v2::{Bots, Hub, callback::Callback};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let show = |told: Delivery<Callback>, _: Bots| async move { println!("{:?}", told.callback) };
    let hub = Hub::builder()
        .secret_path("a-long-random-word")
        .start(show)?;
    Ok(hub.serve(examples::listen()).await?)
}
