//! Two futures, of which the first to end decides. By hand: `tokio::select!` would bring a crate of procedural macros.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

/// Which one it was.
pub(crate) enum First<A, B> {
    Left(A),
    Right(B),
}

/// Ends with the first of both; the left one if both have ended. The other is dropped.
pub(crate) async fn race<A, B>(
    left: impl Future<Output = A>,
    right: impl Future<Output = B>,
) -> First<A, B> {
    let (mut left, mut right) = (pin!(left), pin!(right));
    poll_fn(|context| {
        if let Poll::Ready(value) = left.as_mut().poll(context) {
            return Poll::Ready(First::Left(value));
        }
        right.as_mut().poll(context).map(First::Right)
    })
    .await
}
