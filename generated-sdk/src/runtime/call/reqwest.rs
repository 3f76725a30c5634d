//! The default transport: reqwest, seen nowhere but here.

#[cfg(feature = "media")]
mod streamed;

use super::error::{BoxError, Error};
use super::operation::Method;
#[cfg(feature = "media")]
use super::pieces::{HttpStream, Pieces};
use super::transport::{BoxFuture, HttpRequest, HttpResponse, Transport, TransportError};
use std::time::Duration;

/// How long a connection may take to come about. What runs out here has certainly not been sent.
const CONNECT: Duration = Duration::from_secs(10);

/// A connection pool. Redirects are not followed: they would turn a POST into a GET of a login page.
pub(crate) struct Http(reqwest::Client);

impl Http {
    /// A client for addresses that are `plain`, or for those that may be encrypted.
    pub(crate) fn new(plain: bool) -> Result<Self, Error> {
        let client = options().build();
        client
            .or_else(|error| without_certificates(plain, error))
            .map(Self)
            .map_err(|error| {
                Error::misuse("the HTTP client cannot be built").with_source(error.into(), false)
            })
    }
}

fn options() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT)
}

/// A machine without CA certificates, such as a slim container, can still reach a plain address.
fn without_certificates(plain: bool, error: reqwest::Error) -> reqwest::Result<reqwest::Client> {
    #[cfg(feature = "rustls-tls")]
    if plain {
        return options().tls_certs_only([]).build();
    }
    let _only_with_tls = plain;
    Err(error)
}

impl Http {
    fn outgoing(&self, request: HttpRequest) -> reqwest::RequestBuilder {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Patch => reqwest::Method::PATCH,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut outgoing = self.0.request(method, request.url).body(request.body);
        for (name, value) in &request.headers {
            outgoing = outgoing.header(name, value);
        }
        if let Some(timeout) = request.timeout {
            outgoing = outgoing.timeout(timeout);
        }
        outgoing
    }
}

impl Transport for Http {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(async move {
            let limit = request.answer_limit;
            let mut answer = self.outgoing(request).send().await.map_err(failure)?;
            let (status, headers) = head(&answer);
            let mut body = Vec::new();
            while let Some(chunk) = answer.chunk().await.map_err(failure)? {
                if chunk.len() > limit.saturating_sub(body.len()) {
                    return Err(TransportError::too_long());
                }
                body.extend_from_slice(&chunk);
            }
            Ok(HttpResponse {
                status,
                headers,
                body,
            })
        })
    }

    #[cfg(feature = "media")]
    fn stream(
        &self,
        request: HttpRequest,
        body: Box<dyn Pieces>,
    ) -> BoxFuture<'_, Result<HttpStream, TransportError>> {
        Box::pin(async move { streamed::send(self.outgoing(request), body).await })
    }
}

fn head(answer: &reqwest::Response) -> (u16, Vec<(String, String)>) {
    let value = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let headers = answer.headers().iter();
    let headers = headers.map(|(name, text)| (name.as_str().to_owned(), value(text.as_bytes())));
    (answer.status().as_u16(), headers.collect())
}

/// The URL is left out: a path may hold a secret.
fn failure(error: reqwest::Error) -> TransportError {
    let sent = !(error.is_connect() || error.is_builder());
    let timeout = error.is_timeout();
    let source = BoxError::from(error.without_url());
    TransportError {
        sent,
        timeout,
        ..TransportError::not_sent(source)
    }
}
