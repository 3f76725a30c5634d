//! What the gateway tells: every documented event typed, and a receiver that takes whatever comes over real sockets.

mod bounds;
mod conversations;
mod decoding;
mod generating;
mod killed;
mod listening;
mod outcomes;
mod queueing;
mod receiving;
mod seen;
mod starving;
