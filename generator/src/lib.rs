//! Turns the model into the files of the SDK crate. Pure: nothing is read, nothing is written.
//!
//! `Model -> names -> Sdk -> files`: `names` is the one place where Rust identifiers are decided, `sdk` is the
//! model annotated with them and with Rust types, `emit` decides nothing.

pub mod accept;
pub mod case;
pub mod digest;
mod docs;
pub mod emit;
mod glossary;
mod names;
pub mod sdk;
pub mod surface;

use catalog::config::Config;
use catalog::diagnostic::{Diagnostic, has_errors};
use catalog::model::Provider;

pub use names::{is_reserved, lock};
pub use sdk::annotate;

use emit::File;
use names::lock::Lock;
use sdk::Sdk;

/// What was made of one provider.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The SDK as data: one for each of the provider's APIs.
    pub sdks: Vec<Sdk>,
    /// Its files; none if there are errors.
    pub files: Vec<File>,
    /// The names, old and new.
    pub lock: Lock,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// Makes one provider's SDK. The model goes as soon as nothing needs it: a large one is large.
pub fn generate(provider: Provider, config: &Config, lock: &Lock) -> Generated {
    let (sdks, lock, mut diagnostics) = annotate(&provider, config, lock);
    drop(provider);
    let mut files = Vec::new();
    if !has_errors(&diagnostics) {
        match emit::emit(&sdks) {
            Ok(emitted) => files = emitted,
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    Generated {
        sdks,
        files,
        lock,
        diagnostics,
    }
}
