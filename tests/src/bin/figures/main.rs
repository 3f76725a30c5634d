//! What the runtime does under a hostile world, in numbers, within a minute each:
//! `cargo run -p tests --release --bin figures -- heads|bodies|chunks|proxy`. Tests hold the same by the order of what
//! happens; here a person sees how long it takes and how much memory.

mod bodies;
mod chunks;
mod heads;
mod proxy;
mod receiving;

use std::io::{Error, Result};

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<()> {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    match wanted.as_str() {
        "heads" => heads::run().await,
        "bodies" => bodies::run().await,
        "chunks" => chunks::run().await,
        "proxy" => proxy::run().await,
        _ => Err(Error::other("one of: heads, bodies, chunks, proxy")),
    }
}
