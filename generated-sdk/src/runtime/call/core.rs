//! What a provider's client is made of. No operation has code of its own here: a request comes in as an object of
//! members, a call that is ready to be sent goes out.

use super::address::Address;
use super::along;
use super::authorization::{Authorized, Grant};
use super::call::Call;
use super::error::{BoxError, ErrorKind};
use super::http::{handed, is_loopback, path, server};
use super::limit::broken;
use super::operation::{Operation, Request};
#[cfg(any(feature = "server", feature = "websocket"))]
use super::pace::Gates;
use super::prepared::{Options, Prepared};
use super::settings::Settings;
#[cfg(any(feature = "server", feature = "websocket"))]
use super::transport::Transport;
use super::wire;
#[cfg(any(feature = "media", feature = "store"))]
use crate::runtime::codec::NOTHING;
use crate::runtime::codec::json::Json;
use crate::runtime::codec::{Scalar, Secret, ToObject, secrets};
#[cfg(feature = "poll")]
use crate::runtime::receive::event::identity_of;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// What a provider's client is made of; cheap to clone.
#[derive(Clone)]
pub struct Core(Arc<Settings>);

impl Core {
    pub(crate) fn new(settings: Settings) -> Self {
        Self(Arc::new(settings))
    }

    /// The same client with another authorization, as a login yields it.
    pub fn authorized(&self, authorization: impl Into<Secret>) -> Self {
        self.granted(Grant {
            authorization: Some(authorization.into()),
            ..Grant::default()
        })
    }

    /// Replaces the authorization of this client, its clones and the sessions bound to it, as a new login yields it;
    /// calls under way keep the old one. A client that asks for its authorization at every call goes on asking.
    pub fn reauthorize(&self, authorization: impl Into<Secret>) {
        self.renew(Grant {
            authorization: Some(authorization.into()),
            ..Grant::default()
        });
    }

    /// What authorises calls now.
    pub(crate) async fn token(&self) -> Result<Option<Secret>, BoxError> {
        self.0.authorization.current().await
    }

    /// Whose calls they are, if the client knows.
    pub(crate) fn account(&self) -> Option<String> {
        let own = self.0.account.as_deref().map(str::to_owned);
        own.or_else(|| self.0.authorization.account())
    }

    /// The address at which calls go on, if a login has said so.
    pub(crate) fn granted_url(&self) -> Option<String> {
        self.0.authorization.base_url()
    }

    /// How long an answer's body may be.
    #[cfg(feature = "poll")]
    pub(crate) fn answer_limit(&self) -> usize {
        self.0.answer_limit
    }

    /// What tells one login from the next, and does not tell the token. Where somebody is asked for one each time, it
    /// is always the same.
    #[cfg(feature = "poll")]
    pub(crate) async fn login_mark(&self) -> Result<String, BoxError> {
        if self.0.authorization.is_asked() {
            return Ok("asked".to_owned());
        }
        let token = self.token().await?;
        let whole = token.map_or(0, |token| identity_of(0, token.expose()));
        // As much as a half cannot lead back to a token.
        let half = (whole >> 64) ^ (whole & u128::from(u64::MAX));
        Ok(format!("{half:016x}"))
    }

    /// Whether the vendor has called expired what authorises calls now.
    #[cfg(feature = "poll")]
    pub(crate) async fn has_expired(&self) -> bool {
        let current = self.token().await.ok().flatten();
        current.is_none_or(|token| self.0.authorization.has_expired(&token))
    }

    /// Ends when a login has yielded something that authorises, from this call on.
    #[cfg(feature = "poll")]
    pub(crate) fn renewed(&self) -> impl Future<Output = ()> + Send + '_ {
        self.0.authorization.renewed()
    }

    /// A client of its own with what a login yields; this one, where that is nothing.
    pub(crate) fn granted(&self, grant: Grant) -> Self {
        if grant.is_empty() {
            return self.clone();
        }
        self.with(self.0.authorization.with(grant))
    }

    /// The same for this client, its clones and the sessions bound to it.
    pub(crate) fn renew(&self, grant: Grant) {
        self.0.authorization.renew(grant);
    }

    /// The same client at the address for which it was built, where a login begins wherever an earlier one has led.
    pub(crate) fn at_root(&self) -> Self {
        match self.0.authorization.base_url() {
            None => self.clone(),
            Some(_) => self.with(self.0.authorization.at_root()),
        }
    }

    fn with(&self, authorization: Arc<Authorized>) -> Self {
        Self(Arc::new(Settings {
            authorization,
            ..Settings::clone(&self.0)
        }))
    }

    /// What the client was built with.
    #[cfg(feature = "media")]
    pub(crate) fn settings(&self) -> &Arc<Settings> {
        &self.0
    }

    /// An address that a vendor hands out, as one that calls can go to, or the kind of error if they must not.
    pub(crate) fn address(&self, given: &str) -> Result<String, ErrorKind> {
        handed(&self.0.base_url, given, self.0.hosts)
    }

    /// The same of a host that it names in place of this client's: what stands behind that stays.
    pub(crate) fn moved(&self, host: &str) -> Result<String, ErrorKind> {
        let host = host.trim();
        let local = is_loopback(&self.0.base_url) && is_loopback(&format!("http://{host}"));
        let scheme = if local { "http" } else { "https" };
        let is_host = !host.contains(['/', '?', '#', '\\', ' ']);
        let url = format!("{scheme}://{host}{}", path(&self.0.base_url));
        self.address(if is_host { &url } else { "" })
    }

    /// The same client on another way to its server, that of an account where it is known; distances are kept on each way
    /// alone.
    #[cfg(any(feature = "server", feature = "websocket"))]
    pub(crate) fn over(&self, transport: Arc<dyn Transport>, account: Option<&str>) -> Self {
        Self(Arc::new(Settings {
            transport,
            account: account.filter(|account| !account.is_empty()).map(Arc::from),
            gates: Arc::new(Gates::default()),
            ..Settings::clone(&self.0)
        }))
    }

    /// Prepares a call of an operation that needs no session.
    pub fn call<R: Request>(&self, request: &R) -> Call<R::Reply> {
        Call::new(self.prepare(R::OPERATION, &[], request))
    }

    /// Prepares a call that no catalog knows; `like` lends everything but the path.
    pub fn call_raw(
        &self,
        like: &'static Operation,
        path: impl Into<String>,
        body: impl Into<Json>,
    ) -> Call<Option<Json>> {
        let (path, body) = (path.into(), body.into());
        Call::new(Box::new(Prepared {
            settings: self.0.clone(),
            operation: like,
            address: Address::at(path.clone()),
            path: Cow::Owned(path),
            body: self.with_members(like, wire::write_raw(like, &body)),
            bound: String::new(),
            account: None,
            broken: wire::no_form(like, &body),
            secrets: Vec::new(),
            options: Options::default(),
        }))
    }

    /// Prepares a call whose parameters were written before, without those of a session: they were checked then.
    #[cfg(any(feature = "media", feature = "store"))]
    pub(crate) fn prepare_written(
        &self,
        operation: &'static Operation,
        session: &[Scalar],
        body: &str,
    ) -> Box<Prepared> {
        Box::new(Prepared {
            settings: self.0.clone(),
            operation,
            path: Cow::Borrowed(operation.path),
            address: Address::of(operation, session, &NOTHING),
            body: self.with_members(operation, wire::write_bound(operation, session, body)),
            bound: bound(operation, session),
            account: account(operation, session).or_else(|| self.account().map(Scalar::from)),
            broken: None,
            secrets: Vec::new(),
            options: Options::default(),
        })
    }

    /// A body with what goes along with all of them.
    fn with_members(&self, operation: &Operation, body: String) -> String {
        along::with_members(operation, &self.0.given, body)
    }

    /// Prepares a call: the parameters are written here and now, so no borrow outlives this.
    pub(crate) fn prepare(
        &self,
        operation: &'static Operation,
        session: &[Scalar],
        request: &dyn ToObject,
    ) -> Box<Prepared> {
        Box::new(Prepared {
            settings: self.0.clone(),
            operation,
            path: Cow::Borrowed(operation.path),
            address: Address::of(operation, session, request),
            body: self.with_members(operation, wire::write(operation, session, request)),
            bound: match operation.pace_ms {
                Some(_) => bound(operation, session),
                None => String::new(),
            },
            account: account(operation, session).or_else(|| self.account().map(Scalar::from)),
            broken: broken(operation.limits, request),
            secrets: secrets(request),
            options: Options::default(),
        })
    }
}

/// The values that the session fills into an operation.
fn bound(operation: &Operation, session: &[Scalar]) -> String {
    let mut values = String::new();
    for bound in operation.session {
        values.push_str(session.get(bound.value).map_or("", Scalar::as_str));
        values.push('\0');
    }
    values
}

/// Whose call it is, as the session says.
fn account(operation: &Operation, session: &[Scalar]) -> Option<Scalar> {
    let bound = operation.session.first()?;
    session.get(bound.value).cloned()
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core")
            .field("server", &server(&self.0.base_url))
            .finish_non_exhaustive()
    }
}
