//! Bodies in pieces by reqwest: what goes out is asked for as the connection takes it, what comes in as it is wanted.

use super::{failure, head};
use crate::runtime::call::error::BoxError;
use crate::runtime::call::pieces::{Asked, HttpStream, Pieces, Polled};
use crate::runtime::call::transport::{BoxFuture, TransportError};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

/// Sends a request with this body; the time-out is that of the request.
pub(super) async fn send(
    request: reqwest::RequestBuilder,
    body: Box<dyn Pieces>,
) -> Result<HttpStream, TransportError> {
    let request = match body.left() {
        Some(0) => request,
        left => request.body(reqwest::Body::wrap(Outgoing {
            left,
            pieces: Mutex::new(Polled::Idle(body)),
        })),
    };
    let answer = request.send().await.map_err(failure)?;
    let (status, headers) = head(&answer);
    let body = Box::new(Incoming(answer));
    Ok(HttpStream {
        status,
        headers,
        body,
    })
}

/// A body that goes out.
struct Outgoing {
    left: Option<u64>,
    /// Never locked: it makes shareable what only one reads.
    pieces: Mutex<Polled<Box<dyn Pieces>, TransportError>>,
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let pieces = self.pieces.get_mut();
        let next = pieces
            .unwrap_or_else(PoisonError::into_inner)
            .poll(context, asked);
        next.map_ok(|piece| {
            let sent = piece.len() as u64;
            self.left = self.left.map(|left| left.saturating_sub(sent));
            Frame::data(Bytes::from(piece))
        })
        .map_err(|error| error.source)
    }

    fn size_hint(&self) -> SizeHint {
        self.left
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

fn asked(mut pieces: Box<dyn Pieces>) -> Asked<Box<dyn Pieces>, TransportError> {
    Box::pin(async move {
        let next = pieces.next().await;
        (pieces, next)
    })
}

/// A body that comes in.
struct Incoming(reqwest::Response);

impl Pieces for Incoming {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Vec<u8>>, TransportError>> {
        Box::pin(async move {
            let piece = self.0.chunk().await.map_err(failure)?;
            Ok(piece.map(Vec::from))
        })
    }

    fn left(&self) -> Option<u64> {
        self.0.content_length()
    }
}
