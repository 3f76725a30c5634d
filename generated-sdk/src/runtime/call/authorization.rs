//! What authorises calls and where they go: as the client was built, or as a login has yielded it since, for all
//! clones; or somebody who is asked each time.

use super::error::BoxError;
use super::transport::BoxFuture;
use crate::runtime::codec::Secret;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

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

/// What a login yields.
#[derive(Clone, Default)]
pub(crate) struct Grant {
    /// What authorises calls from now on.
    pub(crate) authorization: Option<Secret>,
    /// Where they go from now on.
    pub(crate) base_url: Option<String>,
}

impl Grant {
    pub(crate) fn is_empty(&self) -> bool {
        self.authorization.is_none() && self.base_url.is_none()
    }
}

/// The authorization of a client and its clones.
pub(crate) struct Authorized {
    given: Authorization,
    /// What logins have yielded.
    granted: RwLock<Grant>,
}

impl Authorized {
    pub(crate) fn new(given: Authorization) -> Arc<Self> {
        Arc::new(Self {
            given,
            granted: RwLock::default(),
        })
    }

    /// The same for a client of its own, with what a login has yielded for it.
    pub(crate) fn with(&self, grant: Grant) -> Arc<Self> {
        let own = Self {
            given: match grant.authorization {
                Some(_) => Authorization::None,
                None => self.given.clone(),
            },
            granted: RwLock::new(self.granted().clone()),
        };
        own.renew(grant);
        Arc::new(own)
    }

    /// The same for calls that go where the client was built for.
    pub(crate) fn at_root(&self) -> Arc<Self> {
        Arc::new(Self {
            given: self.given.clone(),
            granted: RwLock::new(Grant {
                base_url: None,
                ..self.granted().clone()
            }),
        })
    }

    /// Takes this in place of what was given; where somebody is asked each time, that goes on.
    pub(crate) fn renew(&self, grant: Grant) {
        let mut granted = self.granted.write().unwrap_or_else(PoisonError::into_inner);
        if grant.authorization.is_some() {
            granted.authorization = grant.authorization;
        }
        if grant.base_url.is_some() {
            granted.base_url = grant.base_url;
        }
    }

    /// Where calls go, if a login has said so.
    pub(crate) fn base_url(&self) -> Option<String> {
        self.granted().base_url.clone()
    }

    pub(crate) async fn current(&self) -> Result<Option<Secret>, BoxError> {
        if let Authorization::Provider(provider) = &self.given {
            return provider().await.map(Some);
        }
        let granted = self.granted().authorization.clone();
        Ok(match (granted, &self.given) {
            (None, Authorization::Value(secret)) => Some(secret.clone()),
            (granted, _) => granted,
        })
    }

    fn granted(&self) -> RwLockReadGuard<'_, Grant> {
        self.granted.read().unwrap_or_else(PoisonError::into_inner)
    }
}
