//! What no document can say: how a vendor's gateway remembers.

use super::answer::Answer;
use super::engine::Engine;
use super::received::Received;
use crate::callbacks::{Encoding, Undelivered};
use crate::people::Said;
use serde_json::{Map, Value};
use std::pin::Pin;
use std::sync::Arc;

/// What a world answers with, once it is known.
pub type Answering<'a> = Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;

/// A vendor's behaviour behind its operations. All checks that the documents know of have been made.
pub trait World: Send + Sync + 'static {
    /// Whether this authorization is one that a login has given.
    fn is_authorized(&self, authorization: &str) -> bool {
        !authorization.is_empty()
    }

    /// Whether a call with these parameters can mean this operation, where others share its path and their parameters
    /// do not tell them apart.
    fn means(&self, operation: &str, params: &Map<String, Value>) -> bool {
        let _ = (operation, params);
        true
    }

    /// What a call is answered with.
    fn answer<'a>(&'a self, call: &'a Received, engine: &'a Arc<Engine>) -> Answering<'a>;

    /// How callbacks are written that go to the address of a setting; with no name, to the one address for all.
    fn encoding(&self, address: &str) -> Encoding {
        let _ = address;
        Encoding::Json
    }

    /// Hears what is delivered, whoever has said it.
    fn told(&self, event: &Value) {
        let _ = event;
    }

    /// Somebody says something, which the gateway tells in its way.
    ///
    /// # Errors
    ///
    /// If nobody could have said it, or there is nobody to tell.
    fn write(&self, said: Said<'_>, engine: &Engine) -> Result<(), Undelivered> {
        let _ = (said, engine);
        Err(Undelivered::NoAddress)
    }

    /// How many addresses the gateway listens at beside its first, for what a vendor has on hosts of its own.
    fn hosts(&self) -> usize {
        0
    }

    /// What is answered though no document has it, as method, path, and a line of help for what stands below `/__mock/`:
    /// pages, and files on another host.
    fn besides(&self) -> &'static [(&'static str, &'static str, &'static str)] {
        &[]
    }

    /// Hears that a test has let time pass.
    fn time_has_passed(&self) {}

    /// What is remembered, for people to look at.
    fn state(&self) -> Value {
        Value::Null
    }

    /// Forgets everything.
    fn reset(&self) {}
}

/// The world of a vendor whose documents are built in.
pub trait BuiltIn: World + Default {
    /// The provider's name.
    const PROVIDER: &'static str;

    /// How long a request's body may be, unless the gateway is told.
    const BODY_LIMIT: usize = 16 << 20;

    /// Somebody's id as this vendor writes it.
    fn id(of: &str) -> String {
        of.to_owned()
    }
}

/// Answers every operation as documented, and remembers nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Documented;

impl World for Documented {
    fn answer<'a>(&'a self, _: &'a Received, _: &'a Arc<Engine>) -> Answering<'a> {
        Box::pin(async { Answer::documented() })
    }
}
