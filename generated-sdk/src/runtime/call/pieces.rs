//! Bodies in pieces, for what is too large to be held whole.

use super::transport::{BoxFuture, HttpResponse, TransportError};
use std::fmt;
use std::task::{Context, Poll};

/// A body that comes in pieces, each when it is asked for.
pub trait Pieces: Send {
    /// The next piece; none after the last.
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Vec<u8>>, TransportError>>;

    /// How many bytes are still to come, where that is known.
    fn left(&self) -> Option<u64> {
        None
    }
}

/// A body in one piece.
impl Pieces for Vec<u8> {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Vec<u8>>, TransportError>> {
        let piece = std::mem::take(self);
        Box::pin(async move { Ok((!piece.is_empty()).then_some(piece)) })
    }

    fn left(&self) -> Option<u64> {
        Some(self.len() as u64)
    }
}

/// An answer whose body is still to come.
pub struct HttpStream {
    /// The status.
    pub status: u16,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Box<dyn Pieces>,
}

/// An answer that is there.
impl From<HttpResponse> for HttpStream {
    fn from(answer: HttpResponse) -> Self {
        Self {
            status: answer.status,
            headers: answer.headers,
            body: Box::new(answer.body),
        }
    }
}

/// Shows neither headers nor body: they hold secrets.
impl fmt::Debug for HttpStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpStream")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// All pieces of a body.
pub(super) async fn gathered(mut body: Box<dyn Pieces>) -> Result<Vec<u8>, TransportError> {
    let known = body.left().and_then(|left| usize::try_from(left).ok());
    let mut whole = Vec::new();
    whole
        .try_reserve(known.unwrap_or_default())
        .map_err(|error| TransportError::not_sent(error).hopeless())?;
    while let Some(piece) = body.next().await? {
        whole.extend_from_slice(&piece);
    }
    Ok(whole)
}

/// The next piece, and what gives the one after it.
pub(crate) type Asked<P, E> = BoxFuture<'static, (P, Result<Option<Vec<u8>>, E>)>;

/// Pieces for those who poll.
pub(crate) enum Polled<P, E> {
    /// Nobody waits.
    Idle(P),
    /// A piece is under way.
    Asked(Asked<P, E>),
    /// There are no more.
    Over,
}

impl<P, E> Polled<P, E> {
    /// The next piece, for which `ask` asks; none after the last one or an error.
    pub(crate) fn poll(
        &mut self,
        context: &mut Context<'_>,
        ask: fn(P) -> Asked<P, E>,
    ) -> Poll<Option<Result<Vec<u8>, E>>> {
        let mut asked = match std::mem::replace(self, Self::Over) {
            Self::Idle(pieces) => ask(pieces),
            Self::Asked(asked) => asked,
            Self::Over => return Poll::Ready(None),
        };
        let Poll::Ready((pieces, next)) = asked.as_mut().poll(context) else {
            *self = Self::Asked(asked);
            return Poll::Pending;
        };
        Poll::Ready(match next {
            Ok(None) => None,
            Ok(Some(piece)) => {
                *self = Self::Idle(pieces);
                Some(Ok(piece))
            }
            Err(error) => Some(Err(error)),
        })
    }
}
