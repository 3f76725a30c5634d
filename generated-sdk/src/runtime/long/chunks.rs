//! Chunks: a list that is longer than the documents allow, sent in several calls.

use super::origin::{Origin, each};
use super::plan::Chunked;
use super::series::{Owned, Series, Source};
use crate::runtime::call::{
    BoxFuture, Call, Core, Error, Operation, Prepared, Reply, Rest, Session, inseparable,
};
use crate::runtime::codec::{Cut, Slot, elements};
use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
#[cfg(feature = "stream")]
use std::task::{Context, Poll};

/// A long list, sent in as many calls as the documented limit asks for.
///
/// Awaited, it yields the elements of all replies in one list:
///
/// ```no_run
/// # async fn example(chunks: generated_sdk::Chunks<String>) -> Result<(), generated_sdk::Error> {
/// let all = chunks.await?;
/// # let _ = all;
/// # Ok(()) }
/// ```
///
/// [`next_chunk`](Self::next_chunk) hands out the replies one by one, so that an error loses none of them.
#[must_use = "nothing is sent until the chunks are awaited"]
pub struct Chunks<I> {
    series: Series,
    data: PhantomData<fn() -> I>,
}

impl<I> Chunks<I> {
    fn new<R: Chunked + Send + Sync + 'static>(origin: Origin, request: R) -> Self {
        let request: Owned = Box::new(request);
        Self {
            series: Series::new(Chunker {
                origin,
                operation: R::OPERATION,
                // What is no list, because the caller put something else in its place, goes as it is.
                total: elements(&*request, R::LIST).unwrap_or(1),
                inseparable: inseparable(&*request),
                request,
                list: R::LIST,
                most: R::MOST.max(1),
                at: 0,
            }),
            data: PhantomData,
        }
    }
}

impl<I: 'static> Chunks<I> {
    /// Options for each call: `.each_call(|call| call.no_retry())`.
    pub fn each_call(
        mut self,
        options: impl Fn(Call<Vec<I>>) -> Call<Vec<I>> + Send + Sync + 'static,
    ) -> Self {
        self.series.each = each(options);
        self
    }
}

impl<I> Chunks<I>
where
    Vec<I>: Slot,
{
    /// The reply to the next chunk; none after the last. After an error the same chunk is sent again.
    pub async fn next_chunk(&mut self) -> Option<Result<Reply<Vec<I>>, Error>> {
        poll_fn(|context| self.series.poll_reply(context)).await
    }

    /// Sends all chunks, for threads without a runtime.
    #[cfg(feature = "blocking")]
    pub fn wait(self) -> Result<Vec<I>, Error>
    where
        I: Send + 'static,
    {
        crate::runtime::call::blocking::wait(self.into_future())
    }
}

impl<I> IntoFuture for Chunks<I>
where
    I: Send + 'static,
    Vec<I>: Slot,
{
    type Output = Result<Vec<I>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            let mut all = Vec::new();
            while let Some(chunk) = self.next_chunk().await {
                all.extend(chunk?.data);
            }
            Ok(all)
        })
    }
}

impl<I> fmt::Debug for Chunks<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chunks").finish_non_exhaustive()
    }
}

/// Ends after an error.
#[cfg(feature = "stream")]
impl<I> futures_core::Stream for Chunks<I>
where
    Vec<I>: Slot,
{
    type Item = Result<Reply<Vec<I>>, Error>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Self::Item>> {
        self.series.poll_item(context)
    }
}

struct Chunker {
    origin: Origin,
    operation: &'static Operation,
    request: Owned,
    list: &'static str,
    most: usize,
    total: usize,
    /// Why the list would arrive with other elements than it has.
    inseparable: Option<String>,
    at: usize,
}

impl Source for Chunker {
    fn call(&mut self) -> Option<Result<Box<Prepared>, Error>> {
        if self.at >= self.total {
            return None;
        }
        let cut = Cut {
            object: &*self.request,
            list: self.list,
            from: self.at,
            to: self.at + self.most,
        };
        let mut prepared = self.origin.prepare(self.operation, &cut);
        // Of a list that cannot be sent whole nothing is sent.
        prepared.broken = prepared.broken.or_else(|| self.inseparable.clone());
        Some(Ok(prepared))
    }

    fn came(&mut self, _: &Rest) {
        self.at += self.most;
    }
}

impl Core {
    /// Sends a request's list in chunks.
    pub fn chunks<R: Chunked + Send + Sync + 'static>(&self, request: R) -> Chunks<R::Item> {
        Chunks::new(Origin::Client(self.clone()), request)
    }
}

impl Session {
    /// Sends a request's list in chunks.
    pub fn chunks<R: Chunked + Send + Sync + 'static>(&self, request: R) -> Chunks<R::Item> {
        Chunks::new(Origin::Session(self.clone()), request)
    }
}
