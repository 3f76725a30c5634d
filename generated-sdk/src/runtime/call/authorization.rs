//! What authorises calls and where they go: as the client was built, or as a login has yielded it since, for all
//! clones; or somebody who is asked each time.

use super::error::BoxError;
use super::transport::BoxFuture;
use crate::runtime::codec::Secret;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

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
    /// Whose they are from now on.
    pub(crate) account: Option<String>,
}

impl Grant {
    pub(crate) fn is_empty(&self) -> bool {
        self.authorization.is_none() && self.base_url.is_none() && self.account.is_none()
    }
}

/// The authorization of a client and its clones.
pub(crate) struct Authorized {
    given: Authorization,
    /// What logins have yielded.
    granted: RwLock<Grant>,
    /// What the vendor has called expired: nothing is sent with it any more.
    expired: RwLock<Option<Secret>>,
    /// Told that something else may authorise now.
    #[cfg(feature = "poll")]
    renewed: tokio::sync::Notify,
}

impl Authorized {
    pub(crate) fn new(given: Authorization) -> Arc<Self> {
        Arc::new(Self::with_granted(given, Grant::default()))
    }

    fn with_granted(given: Authorization, granted: Grant) -> Self {
        Self {
            given,
            granted: RwLock::new(granted),
            expired: RwLock::default(),
            #[cfg(feature = "poll")]
            renewed: tokio::sync::Notify::default(),
        }
    }

    /// The same for a client of its own, with what a login has yielded for it.
    pub(crate) fn with(&self, grant: Grant) -> Arc<Self> {
        let given = match grant.authorization {
            Some(_) => Authorization::None,
            None => self.given.clone(),
        };
        let own = Self::with_granted(given, self.granted().clone());
        own.renew(grant);
        Arc::new(own)
    }

    /// The same for calls that go where the client was built for.
    pub(crate) fn at_root(&self) -> Arc<Self> {
        let granted = Grant {
            base_url: None,
            ..self.granted().clone()
        };
        Arc::new(Self::with_granted(self.given.clone(), granted))
    }

    /// Takes this in place of what was given; where somebody is asked each time, that goes on.
    pub(crate) fn renew(&self, grant: Grant) {
        {
            let mut granted = self.granted.write().unwrap_or_else(PoisonError::into_inner);
            if grant.base_url.is_some() {
                granted.base_url = grant.base_url;
            }
            if grant.account.is_some() {
                granted.account = grant.account;
            }
            if grant.authorization.is_none() {
                return;
            }
            granted.authorization = grant.authorization;
        }
        // The same once more is tried once more.
        *self.expired_mut() = None;
        #[cfg(feature = "poll")]
        self.renewed.notify_waiters();
    }

    /// The vendor says that this has expired.
    pub(crate) fn expire(&self, sent: &Secret) {
        *self.expired_mut() = Some(sent.clone());
    }

    /// Whether the vendor has said so of this.
    pub(crate) fn has_expired(&self, secret: &Secret) -> bool {
        let expired = self.expired.read().unwrap_or_else(PoisonError::into_inner);
        expired.as_ref() == Some(secret)
    }

    fn expired_mut(&self) -> RwLockWriteGuard<'_, Option<Secret>> {
        self.expired.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends when something else may authorise, if it is waited for by then.
    #[cfg(feature = "poll")]
    pub(crate) fn renewed(&self) -> tokio::sync::futures::Notified<'_> {
        self.renewed.notified()
    }

    /// Whether somebody is asked each time.
    #[cfg(feature = "poll")]
    pub(crate) fn is_asked(&self) -> bool {
        matches!(self.given, Authorization::Provider(_))
    }

    /// Whose calls they are, if a login has said so.
    pub(crate) fn account(&self) -> Option<String> {
        self.granted().account.clone()
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
