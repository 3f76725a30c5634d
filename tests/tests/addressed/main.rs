//! Callbacks that only their address tells apart, over real sockets.

mod gateway;
#[path = "../shared/outcome.rs"]
mod outcome;
mod pages;
mod settings;
mod stage;
mod taking;
mod waiting;

/// What a form says that it is.
const FORM: &str = "application/x-www-form-urlencoded";
