//! What a session carries: bound once, shared by all clones, replaced by a new login.

use super::call::Call;
use super::core::Core;
use super::operation::{Operation, Request};
use super::prepared::Prepared;
use crate::runtime::codec::{Scalar, ToObject};
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

/// Whoever calls are made from: a client, or a session bound to one.
pub trait Caller: Clone + Send + Sync + 'static {
    /// The client together with what its session fills in, the same for all clones.
    fn session(&self) -> Session;
}

/// A client together with the values that its session fills in.
#[derive(Clone)]
pub struct Session {
    core: Core,
    values: Arc<RwLock<Vec<Scalar>>>,
}

impl Session {
    /// Binds these values, in the order in which operations name them.
    pub fn new(core: Core, values: Vec<Scalar>) -> Self {
        Self {
            core,
            values: Arc::new(RwLock::new(values)),
        }
    }

    /// The client.
    pub fn core(&self) -> &Core {
        &self.core
    }

    /// The current values.
    pub fn values(&self) -> Vec<Scalar> {
        self.values
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Prepares a call of an operation that the session fills values into.
    pub fn call<R: Request>(&self, request: &R) -> Call<R::Reply> {
        Call::new(self.prepare(R::OPERATION, request))
    }

    pub(crate) fn prepare(
        &self,
        operation: &'static Operation,
        request: &dyn ToObject,
    ) -> Box<Prepared> {
        self.core.prepare(operation, &self.values(), request)
    }

    /// Prepares a call whose parameters were written before, without those of a session.
    #[cfg(any(feature = "media", feature = "store"))]
    pub(crate) fn prepare_written(
        &self,
        operation: &'static Operation,
        body: &str,
    ) -> Box<Prepared> {
        self.core.prepare_written(operation, &self.values(), body)
    }

    /// Replaces a value, for this and all its clones; calls under way keep the old one.
    pub fn rebind(&self, index: usize, value: Scalar) {
        let mut values = self.values.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(old) = values.get_mut(index) {
            *old = value;
        }
    }
}

/// It is one itself.
impl Caller for Session {
    fn session(&self) -> Session {
        self.clone()
    }
}

/// Does not show the values: who holds one speaks for the account.
impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("core", &self.core)
            .finish_non_exhaustive()
    }
}
