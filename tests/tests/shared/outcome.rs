//! Owns how one call of an application ended that calls everything.

use generated_sdk::{Error, Reply};

/// How one call ended.
pub struct Outcome {
    pub id: &'static str,
    pub result: Result<Vec<String>, String>,
}

pub fn outcome<T>(id: &'static str, result: Result<Reply<T>, Error>) -> Outcome {
    let issues = |reply: Reply<T>| reply.issues().iter().map(ToString::to_string).collect();
    let result = result.map(issues).map_err(|error| error.to_string());
    Outcome { id, result }
}
