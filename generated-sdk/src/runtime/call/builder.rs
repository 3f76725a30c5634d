//! How a client comes to be.

use super::along::{Given, With};
use super::authorization::{Authorization, Authorized};
use super::core::Core;
use super::error::{BoxError, Error};
use super::hook::Hook;
use super::http::{UNFIT_HEADER, base_url, header_fits, server};
use super::pace::Gates;
use super::retry::Retry;
use super::settings::Settings;
use super::timer::{Ambient, Timer};
use super::transport::Transport;
use crate::runtime::codec::Secret;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

/// Collects what a client needs; `C` is the provider's client.
#[must_use = "a builder does nothing until it builds"]
pub struct Builder<C> {
    draft: Draft,
    client: PhantomData<fn() -> C>,
}

struct Draft {
    base_url: String,
    authorization: Authorization,
    hosts: &'static [&'static str],
    prefix: Option<String>,
    headers: Vec<(String, String)>,
    given: Vec<Given>,
    timeout: Duration,
    answer_limit: usize,
    transport: Option<Arc<dyn Transport>>,
    timer: Arc<dyn Timer>,
    retry: Retry,
    hooks: Vec<Arc<dyn Hook>>,
    request_id: Option<String>,
    paced: bool,
    limited: bool,
    #[cfg(feature = "media")]
    media_root: Option<String>,
}

impl<C: From<Core>> Builder<C> {
    /// Starts with the gateway's address; it may have a path prefix and a trailing slash.
    pub fn new(base_url: impl Into<String>) -> Self {
        Self {
            draft: Draft {
                base_url: base_url.into(),
                authorization: Authorization::None,
                hosts: &[],
                prefix: None,
                headers: Vec::new(),
                given: Vec::new(),
                timeout: Duration::from_secs(60),
                answer_limit: 64 << 20,
                transport: None,
                timer: Arc::new(Ambient),
                retry: Retry::default(),
                hooks: Vec::new(),
                request_id: None,
                paced: true,
                limited: true,
                #[cfg(feature = "media")]
                media_root: None,
            },
            client: PhantomData,
        }
    }

    /// The authorization, exactly as a login returned it.
    pub fn authorization(mut self, value: impl Into<Secret>) -> Self {
        self.draft.authorization = Authorization::Value(value.into());
        self
    }

    /// What stands before the authorization in its header, such as `"Bearer "`, instead of what the catalog knows of it.
    pub fn authorization_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.draft.prefix = Some(prefix.into());
        self
    }

    /// Asks for the authorization at every call, for tokens that rotate.
    pub fn authorization_from<F, R, S, E>(mut self, provider: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<S, E>> + Send + 'static,
        S: Into<Secret>,
        E: Into<BoxError>,
    {
        self.draft.authorization = Authorization::Provider(Arc::new(move || {
            let answer = provider();
            Box::pin(async move { answer.await.map(Into::into).map_err(Into::into) })
        }));
        self
    }

    /// The hosts to which a vendor may lead this client in what it answers: `api.example.com`, `*.example.com`; what leads
    /// elsewhere is an error before anything is sent there. None: anywhere.
    pub fn hosts(mut self, hosts: &'static [&'static str]) -> Self {
        self.draft.hosts = hosts;
        self
    }

    /// How long an answer may take, 60 s unless told; operations that poll for longer keep their own time.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.draft.timeout = timeout;
        self
    }

    /// How long an answer's body may be, 64 MiB unless told; a longer one is not read to its end.
    pub fn answer_limit(mut self, bytes: usize) -> Self {
        self.draft.answer_limit = bytes;
        self
    }

    /// A header for every call.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.draft.headers.push((name.into(), value.into()));
        self
    }

    /// What a member is that goes along with bodies; generated methods call it.
    pub fn with(mut self, member: &'static With, value: impl Into<String>) -> Self {
        self.draft.given.push((member, value.into()));
        self
    }

    /// Another way to send requests than the default.
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.draft.transport = Some(Arc::new(transport));
        self
    }

    /// How calls that failed are repeated, where that can do no harm: see [`Retry`].
    pub fn retry(mut self, retry: Retry) -> Self {
        self.draft.retry = retry;
        self
    }

    /// Repeats nothing.
    pub fn no_retry(self) -> Self {
        self.retry(Retry::never())
    }

    /// Does not keep the distance between calls that the documents want.
    pub fn no_pace(mut self) -> Self {
        self.draft.paced = false;
        self
    }

    /// Sends requests that break a documented limit; the vendor will say what it thinks of them.
    pub fn no_limits(mut self) -> Self {
        self.draft.limited = false;
        self
    }

    /// Where media are sent to and fetched from, instead of where the catalog says: a proxy of your own, or a test.
    #[cfg(feature = "media")]
    pub fn media_root(mut self, url: impl Into<String>) -> Self {
        self.draft.media_root = Some(url.into());
        self
    }

    /// Lets something look on while calls are made; several are told in the order in which they were added.
    pub fn hook(mut self, hook: impl Hook + 'static) -> Self {
        self.draft.hooks.push(Arc::new(hook));
        self
    }

    /// Gives every call an id, sent in this header; replies, errors, hooks and logs have it.
    pub fn request_id_header(mut self, name: impl Into<String>) -> Self {
        self.draft.request_id = Some(name.into());
        self
    }

    /// Another clock than the default, which waits by tokio where it runs and by a thread elsewhere.
    pub fn timer(mut self, timer: impl Timer + 'static) -> Self {
        self.draft.timer = Arc::new(timer);
        self
    }

    /// Builds the client; an error says what is wrong with the address or a header.
    pub fn build(self) -> Result<C, Error> {
        self.build_core().map(C::from)
    }

    /// Builds what the provider's client is made of.
    pub fn build_core(self) -> Result<Core, Error> {
        self.draft.build()
    }
}

impl<C> fmt::Debug for Builder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("server", &server(&self.draft.base_url))
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "websocket")]
impl<C: From<Core>> Builder<C> {
    /// The clock, and how long an answer may be.
    pub(crate) fn clock_and_limit(&self) -> (Arc<dyn Timer>, usize) {
        (self.draft.timer.clone(), self.draft.answer_limit)
    }

    /// What a client is made of that a transport of one connection carries.
    pub(crate) fn build_over(self, transport: Arc<dyn Transport>) -> Core {
        let address = self.draft.base_url.clone();
        self.draft.over(address, transport)
    }
}

impl Draft {
    fn build(self) -> Result<Core, Error> {
        let base_url = base_url(&self.base_url).map_err(Error::misuse)?.to_owned();
        let id = self.request_id.iter().map(|name| (name.as_str(), ""));
        let headers = self.headers.iter().map(|(name, value)| (&**name, &**value));
        if !headers
            .chain(id)
            .all(|(name, value)| header_fits(name, value))
        {
            return Err(Error::misuse(UNFIT_HEADER));
        }
        #[cfg(feature = "media")]
        if let Some(Err(wrong)) = self.media_root.as_deref().map(super::http::base_url) {
            return Err(Error::misuse(wrong));
        }
        let is_long =
            |(member, value): &&Given| member.most_bytes.is_some_and(|most| value.len() > most);
        if let Some((member, _)) = self.given.iter().find(is_long) {
            let most = member.most_bytes.unwrap_or_default();
            let path = member.path;
            return Err(Error::misuse(format!(
                "`{path}` may have {most} bytes at most"
            )));
        }
        let plain = base_url.starts_with("http://");
        let transport = match &self.transport {
            Some(transport) => transport.clone(),
            None => default_transport(plain)?,
        };
        Ok(self.over(base_url, transport))
    }

    fn over(self, base_url: String, transport: Arc<dyn Transport>) -> Core {
        Core::new(Settings {
            base_url,
            authorization: Authorized::new(self.authorization),
            hosts: self.hosts,
            prefix: self.prefix,
            headers: self.headers,
            given: self.given,
            timeout: self.timeout,
            answer_limit: self.answer_limit,
            transport,
            timer: self.timer,
            retry: self.retry,
            hooks: self.hooks,
            request_id: self.request_id,
            paced: self.paced,
            limited: self.limited,
            account: None,
            #[cfg(feature = "media")]
            media_root: self.media_root,
            gates: Arc::new(Gates::default()),
        })
    }
}

#[cfg(feature = "reqwest")]
fn default_transport(plain: bool) -> Result<Arc<dyn Transport>, Error> {
    Ok(Arc::new(super::reqwest::Http::new(plain)?))
}

#[cfg(not(feature = "reqwest"))]
fn default_transport(_: bool) -> Result<Arc<dyn Transport>, Error> {
    Err(Error::misuse(
        "without the feature `reqwest` a client needs a transport",
    ))
}
