//! A call together with what the gateway posts because of it, as one awaitable.

use super::addresses::{Addresses, OneTime};
use super::announces::{Announces, announcing};
use crate::runtime::call::{BoxFuture, Call, Error, ErrorKind, Reply, Request};
use std::fmt;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// How long to wait unless told.
const WITHIN: Duration = Duration::from_secs(120);
/// How many messages may wait to be looked at.
const AHEAD: usize = 16;

/// The answer to a call, and what the gateway then told.
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct Announced<R, E> {
    /// The answer to the call.
    pub reply: Reply<R>,
    /// What came to the call's own address.
    pub event: E,
}

/// A call that is ready to go: `.await` sends it and waits for what the gateway posts because of it.
///
/// What does not come in time is an error of the kind [`NoAnswer`](ErrorKind::NoAnswer); when it comes later, the
/// receiver's handler gets it. Something that cannot be read as what is announced does not end the waiting.
#[must_use = "nothing is sent until it is awaited"]
pub struct Awaiting<R: Announces> {
    call: Call<R::Reply>,
    at: OneTime<R::Callback>,
    within: Duration,
}

announcing!(
    Awaiting: Announces, AHEAD, WITHIN,
    "How long to wait, from the call on; two minutes unless told."
);

impl<R> IntoFuture for Awaiting<R>
where
    R: Announces,
    R::Reply: Send + 'static,
{
    type Output = Result<Announced<R::Reply, R::Event>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let Self {
                call,
                mut at,
                within,
            } = self;
            let deadline = Instant::now() + within;
            let reply = call.await?;
            let mut unreadable = false;
            while let Ok(Some(callback)) = timeout_at(deadline, at.next()).await {
                if let Some(event) = R::event(callback) {
                    return Ok(Announced { reply, event });
                }
                unreadable = true;
                at.leave_open();
            }
            if unreadable {
                return Err(reply.unusable(
                    R::OPERATION,
                    "what the gateway posted cannot be read as what this call announces",
                ));
            }
            Err(too_late::<R>(within))
        })
    }
}

fn too_late<R: Request>(within: Duration) -> Error {
    let message = format!(
        "the call was taken, but nothing came to its address within {within:?}: see that the gateway reaches it"
    );
    let error = Error::new(ErrorKind::NoAnswer, R::OPERATION);
    error
        .with_message(Some(message))
        .with_source("nothing was posted".into(), true)
}
