//! Calls one after another, whatever leads from one to the next: a source knows the next call, the series sends it.

use super::origin::Each;
use crate::runtime::call::{BoxFuture, Error, Prepared, Reply, Rest};
use crate::runtime::codec::{Slot, ToObject};
use std::sync::Arc;
use std::task::{Context, Poll, ready};

/// A request that calls are made of again and again.
pub(super) type Owned = Box<dyn ToObject + Send + Sync>;

type Answer = Option<Result<Rest, Error>>;

/// Something that knows its next call.
pub(super) trait Source: Send + Sync {
    /// The call; none if there is none, or an error in its place.
    fn call(&mut self) -> Option<Result<Box<Prepared>, Error>>;

    /// Takes notice of what came of it; after an error the same call is next again.
    fn came(&mut self, rest: &Rest);
}

/// Calls of a source, one at a time.
pub(super) struct Series {
    source: Box<dyn Source>,
    pub(super) each: Option<Each>,
    under_way: Option<BoxFuture<'static, Result<Rest, Error>>>,
    /// As a stream, it is over after an error.
    #[cfg(feature = "stream")]
    ended: bool,
}

impl Series {
    pub(super) fn new(source: impl Source + 'static) -> Self {
        Self {
            source: Box::new(source),
            each: None,
            under_way: None,
            #[cfg(feature = "stream")]
            ended: false,
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Answer> {
        let mut sending = match self.under_way.take() {
            Some(sending) => sending,
            None => match self.source.call() {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(prepared)) => match &self.each {
                    Some(each) => each(prepared).send(),
                    None => prepared.send(),
                },
            },
        };
        let Poll::Ready(answer) = sending.as_mut().poll(context) else {
            self.under_way = Some(sending);
            return Poll::Pending;
        };
        if let Ok(rest) = &answer {
            self.source.came(rest);
        }
        Poll::Ready(Some(answer))
    }

    fn poll_into(
        &mut self,
        context: &mut Context<'_>,
        data: &mut dyn Slot,
    ) -> Poll<Option<Result<Arc<Rest>, Error>>> {
        let answer = ready!(self.poll(context));
        Poll::Ready(answer.map(|answer| {
            answer.map(|mut rest| {
                rest.fill(data);
                Arc::new(rest)
            })
        }))
    }

    pub(super) fn poll_reply<T: Slot + Default>(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Reply<T>, Error>>> {
        let mut data = T::default();
        let answer = ready!(self.poll_into(context, &mut data));
        Poll::Ready(answer.map(|answer| answer.map(|rest| Reply::new(data, rest))))
    }

    #[cfg(feature = "stream")]
    pub(super) fn poll_item<T: Slot + Default>(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Reply<T>, Error>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let item = ready!(self.poll_reply(context));
        self.ended = !matches!(item, Some(Ok(_)));
        Poll::Ready(item)
    }
}
