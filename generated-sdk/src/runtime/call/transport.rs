//! The seam to the network: plain data out, plain data in, object-safe.

use super::error::BoxError;
use super::operation::Method;
#[cfg(feature = "media")]
use super::pieces::{HttpStream, Pieces, gathered};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// A future on the heap, of one type whatever it computes with.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Something that carries HTTP requests: the network, a proxy of your own, or a test.
pub trait Transport: Send + Sync {
    /// Sends a request and reads the whole answer within the request's time-out.
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>>;

    /// Sends a request with this body in place of its own, and leaves the answer's body to be asked for. It ends when the
    /// answer begins, so the request has no time-out: whoever asks drops what takes too long.
    ///
    /// A transport that does not do it holds both bodies whole.
    #[cfg(feature = "media")]
    fn stream(
        &self,
        mut request: HttpRequest,
        body: Box<dyn Pieces>,
    ) -> BoxFuture<'_, Result<HttpStream, TransportError>> {
        Box::pin(async move {
            request.body = gathered(body).await?;
            self.send(request).await.map(HttpStream::from)
        })
    }
}

/// A request, complete.
#[derive(Clone)]
#[non_exhaustive]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// The absolute URL.
    pub url: String,
    /// Names and values; the authorization is among them.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// How long connecting, sending and reading may take together.
    pub timeout: Option<Duration>,
    /// How many bytes of an answer's body are read before the transport gives up.
    pub answer_limit: usize,
}

/// Shows neither headers nor body: they hold secrets.
impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRequest")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

/// An answer, complete.
#[derive(Clone, Default)]
pub struct HttpResponse {
    /// The status.
    pub status: u16,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// An answer with this status and body.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
        }
    }
}

/// Shows neither headers nor body: they hold secrets.
impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub struct TransportError {
    pub(crate) sent: bool,
    pub(crate) timeout: bool,
    pub(crate) source: BoxError,
    /// The source says to people what to do: the call's error repeats it.
    pub(crate) telling: bool,
    /// Another attempt would be of no use.
    pub(crate) hopeless: bool,
}

impl TransportError {
    /// The request certainly did not reach the server.
    pub fn not_sent(source: impl Into<BoxError>) -> Self {
        Self {
            sent: false,
            timeout: false,
            source: source.into(),
            telling: false,
            hopeless: false,
        }
    }

    /// The request, or a part of it, may have reached the server.
    pub fn no_answer(source: impl Into<BoxError>) -> Self {
        Self {
            sent: true,
            ..Self::not_sent(source)
        }
    }

    /// There was an answer, which is longer than the client reads.
    pub(crate) fn too_long() -> Self {
        Self::no_answer("the answer is longer than the client's answer limit").hopeless()
    }

    /// Says that another attempt would be of no use.
    pub(crate) fn hopeless(mut self) -> Self {
        self.hopeless = true;
        self
    }

    /// Lets the call's error say what the source says.
    #[must_use]
    pub fn telling(mut self) -> Self {
        self.telling = true;
        self
    }

    /// Says that the time-out was the reason.
    #[must_use]
    pub fn timed_out(mut self) -> Self {
        self.timeout = true;
        self
    }
}
