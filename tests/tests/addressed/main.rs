//! Callbacks that only their address tells apart, over real sockets.

mod gateway;
#[path = "../shared/outcome.rs"]
mod outcome;
mod pages;
mod settings;
mod stage;
mod taking;
mod waiting;

mock_gateway::requests!(generated_sdk);

/// What a form says that it is.
const FORM: &str = "application/x-www-form-urlencoded";
