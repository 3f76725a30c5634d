//! The non-generic core: bytes out, an opened envelope back, the same code for every operation.

use super::builder::server;
use super::codec::{Scalar, Secret, ToObject};
use super::error::{BoxError, Error, ErrorKind};
use super::json::Json;
use super::operation::{BodyFormat, Operation};
use super::reply::Rest;
use super::transport::{BoxFuture, HttpRequest, TooLong, Transport, TransportError};
use super::wire;
use super::{Api, Call, Method};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

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

/// What a provider's client is made of; cheap to clone.
#[derive(Clone)]
pub struct Core(Arc<Settings>);

#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) base_url: String,
    pub(crate) authorization: Authorization,
    pub(crate) prefix: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) timeout: Duration,
    pub(crate) answer_limit: usize,
    pub(crate) transport: Arc<dyn Transport>,
}

/// A call with everything it needs.
pub(crate) struct Prepared {
    core: Core,
    pub(crate) operation: &'static Operation,
    path: Cow<'static, str>,
    body: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) timeout: Option<Duration>,
}

impl Core {
    pub(crate) fn new(settings: Settings) -> Self {
        Self(Arc::new(settings))
    }

    /// The same client with another authorization, as a login yields it.
    pub fn authorized(&self, authorization: impl Into<Secret>) -> Self {
        Self(Arc::new(Settings {
            authorization: Authorization::Value(authorization.into()),
            ..Settings::clone(&self.0)
        }))
    }

    /// Prepares a call that no catalog knows; `like` lends everything but the path.
    pub fn call_raw(
        &self,
        like: &'static Operation,
        path: impl Into<String>,
        body: impl Into<Json>,
    ) -> Call<Option<Json>> {
        Call::new(Box::new(Prepared {
            core: self.clone(),
            operation: like,
            path: Cow::Owned(path.into()),
            body: wire::write_raw(like, &body.into()),
            headers: Vec::new(),
            timeout: None,
        }))
    }

    /// Prepares a call: the parameters are written here and now, so no borrow outlives this.
    pub(crate) fn prepare(
        &self,
        operation: &'static Operation,
        session: &[Scalar],
        request: &dyn ToObject,
    ) -> Box<Prepared> {
        Box::new(Prepared {
            core: self.clone(),
            operation,
            path: Cow::Borrowed(operation.path),
            body: wire::write(operation, session, request),
            headers: Vec::new(),
            timeout: None,
        })
    }
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core")
            .field("server", &server(&self.0.base_url))
            .finish_non_exhaustive()
    }
}

impl Prepared {
    /// Sends the call. One future type for all operations.
    pub(crate) fn send(self: Box<Self>) -> BoxFuture<'static, Result<Rest, Error>> {
        Box::pin(async move {
            let secret = self.authorization().await?;
            let request = self.request(secret.as_ref());
            match self.core.0.transport.send(request).await {
                Ok(answer) if answer.body.len() > self.core.0.answer_limit => {
                    Err(self.failed(TransportError::no_answer(TooLong)))
                }
                Ok(answer) => wire::read(self.operation, &self.path, answer),
                Err(failure) => Err(self.failed(failure)),
            }
            .map_err(|error| error.without(secret.as_ref()))
        })
    }

    fn failed(&self, failure: TransportError) -> Error {
        let kind = if failure.sent {
            ErrorKind::NoAnswer
        } else {
            ErrorKind::NotSent
        };
        self.error(kind)
            .with_source(failure.source, failure.timeout)
    }

    fn request(&self, secret: Option<&Secret>) -> HttpRequest {
        let Settings {
            base_url,
            prefix,
            headers: defaults,
            timeout,
            answer_limit,
            ..
        } = &*self.core.0;
        let Api {
            authorization: header,
            format,
            ..
        } = self.operation.api;
        let mut headers = vec![(
            "Content-Type".to_owned(),
            match format {
                BodyFormat::Json => "application/json".to_owned(),
                BodyFormat::Form => "application/x-www-form-urlencoded".to_owned(),
            },
        )];
        if let Some(secret) = secret {
            headers.push(((*header).to_owned(), format!("{prefix}{}", secret.expose())));
        }
        for (name, value) in defaults.iter().chain(&self.headers) {
            headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            headers.push((name.clone(), value.clone()));
        }
        let patience = self.operation.patience.unwrap_or_default();
        let mut url = format!("{base_url}/{}", self.path.trim_start_matches('/'));
        let mut body = self.body.clone().into_bytes();
        if self.operation.method == Method::Get && *format == BodyFormat::Form {
            if !body.is_empty() {
                url.push('?');
                url.push_str(&self.body);
            }
            body.clear();
        }
        HttpRequest {
            method: self.operation.method,
            url,
            headers,
            body,
            timeout: Some(self.timeout.unwrap_or((*timeout).max(patience))),
            answer_limit: *answer_limit,
        }
    }

    async fn authorization(&self) -> Result<Option<Secret>, Error> {
        match &self.core.0.authorization {
            _ if !self.operation.authorized => Ok(None),
            Authorization::None => Ok(None),
            Authorization::Value(secret) => Ok(Some(secret.clone())),
            Authorization::Provider(provider) => match provider().await {
                Ok(secret) => Ok(Some(secret)),
                Err(source) => Err(self
                    .error(ErrorKind::NotSent)
                    .with_message(Some("no authorization".to_owned()))
                    .with_source(source, false)),
            },
        }
    }

    fn error(&self, kind: ErrorKind) -> Error {
        wire::error(self.operation, &self.path, kind)
    }
}
