//! What authorises calls: a value that a new login replaces for all clones, or somebody who is asked each time.

use super::error::BoxError;
use super::transport::BoxFuture;
use crate::runtime::codec::Secret;
use std::sync::{Arc, PoisonError, RwLock};

/// Yields the current authorization, however it is come by.
pub(crate) type Provider =
    Arc<dyn Fn() -> BoxFuture<'static, Result<Secret, BoxError>> + Send + Sync>;

/// Where the authorization comes from.
#[derive(Clone)]
pub(crate) enum Authorization {
    None,
    Value(Secret),
    Provider(Provider),
}

/// The authorization of a client and its clones.
pub(crate) struct Authorized {
    given: Authorization,
    /// What a later login has yielded.
    renewed: RwLock<Option<Secret>>,
}

impl Authorized {
    pub(crate) fn new(given: Authorization) -> Arc<Self> {
        Arc::new(Self {
            given,
            renewed: RwLock::new(None),
        })
    }

    /// Takes this in place of what was given; where somebody is asked each time, that goes on.
    pub(crate) fn renew(&self, authorization: Secret) {
        let mut renewed = self.renewed.write().unwrap_or_else(PoisonError::into_inner);
        *renewed = Some(authorization);
    }

    pub(crate) async fn current(&self) -> Result<Option<Secret>, BoxError> {
        if let Authorization::Provider(provider) = &self.given {
            return provider().await.map(Some);
        }
        let renewed = self.renewed.read().unwrap_or_else(PoisonError::into_inner);
        Ok(match (&*renewed, &self.given) {
            (None, Authorization::Value(secret)) => Some(secret.clone()),
            (renewed, _) => renewed.clone(),
        })
    }
}
