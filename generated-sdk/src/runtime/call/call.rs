//! A call before and while it is under way: one small type for all operations.

use super::error::Error;
use super::prepared::Prepared;
use super::reply::{Reply, Rest};
use super::retry::Retry;
use super::transport::BoxFuture;
use crate::runtime::codec::Slot;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

/// A call that is ready to go: `.await` sends it, and options can be set before.
///
/// ```no_run
/// # async fn example(call: generated_sdk::Call<()>) -> Result<(), generated_sdk::Error> {
/// let reply = call.timeout(std::time::Duration::from_secs(5)).header("X-Request-Id", "42").await?;
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent until the call is awaited"]
pub struct Call<T> {
    prepared: Box<Prepared>,
    data: PhantomData<fn() -> T>,
}

impl<T> Call<T> {
    pub(crate) fn new(prepared: Box<Prepared>) -> Self {
        Self {
            prepared,
            data: PhantomData,
        }
    }

    /// How long the answer may take, instead of the client's time-out.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.prepared.options.timeout = Some(timeout);
        self
    }

    /// Adds a header to this call.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.prepared
            .options
            .headers
            .push((name.into(), value.into()));
        self
    }

    /// How this call is repeated if it fails, where that can do no harm: see [`Retry`].
    pub fn retry(mut self, retry: Retry) -> Self {
        self.prepared.options.retry = Some(retry);
        self
    }

    /// Does not repeat this call.
    pub fn no_retry(self) -> Self {
        self.retry(Retry::never())
    }

    /// Does not keep the distance to other calls that the documents want.
    pub fn no_pace(mut self) -> Self {
        self.prepared.options.unpaced = true;
        self
    }

    /// Sends the request even if it breaks a documented limit.
    pub fn no_limits(mut self) -> Self {
        self.prepared.options.unlimited = true;
        self
    }

    /// The id of this call instead of one that is drawn; it is sent if the client has a header for ids.
    pub fn request_id(mut self, id: impl Into<String>) -> Self {
        self.prepared.options.request_id = Some(id.into());
        self
    }

    pub(crate) fn into_prepared(self) -> Box<Prepared> {
        self.prepared
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &self.prepared.named())
            .finish_non_exhaustive()
    }
}

impl<T: Slot + Default> IntoFuture for Call<T> {
    type Output = Result<Reply<T>, Error>;
    type IntoFuture = Sending<T>;

    fn into_future(self) -> Sending<T> {
        Sending::new(self.prepared.send())
    }
}

#[cfg(feature = "blocking")]
impl<T: Slot + Default> Call<T> {
    /// Sends the call and waits for its reply, for threads without a runtime.
    pub fn wait(self) -> Result<Reply<T>, Error> {
        super::blocking::wait(self.into_future())
    }
}

/// A call under way.
#[must_use = "nothing is sent until the call is awaited"]
pub struct Sending<T> {
    answer: BoxFuture<'static, Result<Rest, Error>>,
    data: PhantomData<fn() -> T>,
}

impl<T> Sending<T> {
    pub(crate) fn new(answer: BoxFuture<'static, Result<Rest, Error>>) -> Self {
        Self {
            answer,
            data: PhantomData,
        }
    }
}

impl<T> fmt::Debug for Sending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sending").finish_non_exhaustive()
    }
}

impl<T: Slot + Default> Future for Sending<T> {
    type Output = Result<Reply<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut data = T::default();
        match poll(&mut self.answer, context, &mut data) {
            Poll::Ready(Ok(rest)) => Poll::Ready(Ok(Reply::new(data, rest))),
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => Poll::Pending,
        }
    }
}

fn poll(
    answer: &mut BoxFuture<'static, Result<Rest, Error>>,
    context: &mut Context<'_>,
    data: &mut dyn Slot,
) -> Poll<Result<Arc<Rest>, Error>> {
    answer.as_mut().poll(context).map(|answer| {
        answer.map(|mut rest| {
            rest.fill(data);
            Arc::new(rest)
        })
    })
}
