//! Calls one after another: pages that lead to the next, a long list in chunks.

use super::plan::{PagePlan, Turn};
use crate::runtime::call::{
    BoxFuture, Call, Chunked, Core, Error, Operation, Paged, Prepared, Reply, Rest, Session,
};
use crate::runtime::codec::json::{Json, find, is_empty};
use crate::runtime::codec::{Cut, Overlay, Slot, ToObject, elements};
use std::collections::HashSet;
use std::fmt;
use std::future::poll_fn;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::marker::PhantomData;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

/// From where calls are made; a session's values are those of the moment of each call.
#[derive(Clone)]
pub(crate) enum Origin {
    Client(Core),
    Session(Session),
}

impl Origin {
    pub(crate) fn prepare(
        &self,
        operation: &'static Operation,
        request: &dyn ToObject,
    ) -> Box<Prepared> {
        match self {
            Origin::Client(core) => core.prepare(operation, &[], request),
            Origin::Session(session) => session.prepare(operation, request),
        }
    }
}

/// What is done to each call before it is sent.
pub(crate) type Each = Arc<dyn Fn(Box<Prepared>) -> Box<Prepared> + Send + Sync>;

/// An [`Each`] of what users write.
pub(crate) fn each<T: 'static>(
    options: impl Fn(Call<T>) -> Call<T> + Send + Sync + 'static,
) -> Option<Each> {
    Some(Arc::new(move |prepared| {
        options(Call::new(prepared)).into_prepared()
    }))
}

type Answer = Option<Result<Rest, Error>>;

/// Something that knows its next call.
trait Source: Send + Sync {
    /// The call; none if there is none, or an error in its place.
    fn call(&mut self) -> Option<Result<Box<Prepared>, Error>>;

    /// Takes notice of what came of it; after an error the same call is next again.
    fn came(&mut self, rest: &Rest);
}

/// Calls of a source, one at a time.
struct Series {
    source: Box<dyn Source>,
    each: Option<Each>,
    under_way: Option<BoxFuture<'static, Result<Rest, Error>>>,
    /// As a stream, it is over after an error.
    #[cfg(feature = "stream")]
    ended: bool,
}

impl Series {
    fn new(source: impl Source + 'static) -> Self {
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

    fn poll_reply<T: Slot + Default>(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Reply<T>, Error>>> {
        let mut data = T::default();
        let answer = ready!(self.poll_into(context, &mut data));
        Poll::Ready(answer.map(|answer| answer.map(|rest| Reply::new(data, rest))))
    }

    #[cfg(feature = "stream")]
    fn poll_item<T: Slot + Default>(
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

/// The pages of a list, each a reply of its own.
///
/// ```no_run
/// # async fn example(mut pages: generated_sdk::Pages<()>) -> Result<(), generated_sdk::Error> {
/// while let Some(page) = pages.next_page().await {
///     println!("{}", page?.raw_data());
/// }
/// # Ok(()) }
/// ```
///
/// The first page is the one that the request asks for, so a list can be taken up where it was left. The pages end
/// when the vendor says so, or when a page has nothing on it and leads nowhere. A page that leads back to one that
/// was there, or comes a second time, yields an error and ends them: the list is then not complete.
#[must_use = "nothing is sent until a page is asked for"]
pub struct Pages<T> {
    series: Series,
    data: PhantomData<fn() -> T>,
}

impl<T> Pages<T> {
    fn new(origin: Origin, plan: PagePlan, operation: &'static Operation, request: Owned) -> Self {
        let place = hash(&plan.place(&*request));
        Self {
            series: Series::new(Pager {
                origin,
                plan,
                operation,
                request,
                at: Vec::new(),
                seen: HashSet::from([place]),
                last: None,
                next: NextPage::Asked,
            }),
            data: PhantomData,
        }
    }
}

impl<T: 'static> Pages<T> {
    /// Options for the call of each page: `.each_call(|call| call.no_retry())`.
    pub fn each_call(
        mut self,
        options: impl Fn(Call<T>) -> Call<T> + Send + Sync + 'static,
    ) -> Self {
        self.series.each = each(options);
        self
    }
}

impl<T: Slot + Default> Pages<T> {
    /// The next page; none after the last. After an error the same page is asked for again.
    pub async fn next_page(&mut self) -> Option<Result<Reply<T>, Error>> {
        poll_fn(|context| self.series.poll_reply(context)).await
    }

    /// The next page, for threads without a runtime.
    #[cfg(feature = "blocking")]
    pub fn wait_page(&mut self) -> Option<Result<Reply<T>, Error>> {
        crate::runtime::call::blocking::wait(async { Ok(self.next_page().await) })
            .unwrap_or_else(|error| Some(Err(error)))
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").finish_non_exhaustive()
    }
}

/// Ends after an error.
#[cfg(feature = "stream")]
impl<T: Slot + Default> futures_core::Stream for Pages<T> {
    type Item = Result<Reply<T>, Error>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Self::Item>> {
        self.series.poll_item(context)
    }
}

type Owned = Box<dyn ToObject + Send + Sync>;

enum NextPage {
    /// It is to be asked for.
    Asked,
    /// It would be one that was there.
    Stuck(Error),
    /// There is none.
    None,
}

struct Pager {
    origin: Origin,
    plan: PagePlan,
    operation: &'static Operation,
    request: Owned,
    /// The cursors, where they are not those of the request.
    at: Vec<(&'static str, Json)>,
    /// Where pages stood that were asked for.
    seen: HashSet<u64>,
    /// What the last page was.
    last: Option<u64>,
    next: NextPage,
}

impl Source for Pager {
    fn call(&mut self) -> Option<Result<Box<Prepared>, Error>> {
        match std::mem::replace(&mut self.next, NextPage::None) {
            NextPage::None => None,
            NextPage::Stuck(error) => Some(Err(error)),
            NextPage::Asked => {
                self.next = NextPage::Asked;
                let request = Overlay::new(&*self.request, &self.at);
                Some(Ok(self.origin.prepare(self.operation, &request)))
            }
        }
    }

    fn came(&mut self, rest: &Rest) {
        let data = rest.raw();
        let Turn::To(at) = self.plan.turn(&*self.request, &self.at, rest) else {
            self.next = NextPage::None;
            return;
        };
        let items = self.plan.items.iter().filter_map(|list| find(data, list));
        let filled = items.clone().any(|list| !is_empty(list));
        let page = filled.then(|| hash(&items.collect::<Vec<_>>()));
        let place = self.plan.place(&Overlay::new(&*self.request, &at));
        let again = page.is_some() && page == self.last;
        if again || !self.seen.insert(hash(&place)) {
            let message = "the cursor does not move: the list may not be complete";
            self.next = NextPage::Stuck(rest.unusable(self.operation, message.to_owned()));
        }
        self.last = page;
        self.at = at;
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

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
                total: elements(&*request, R::LIST),
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
        Some(Ok(self.origin.prepare(self.operation, &cut)))
    }

    fn came(&mut self, _: &Rest) {
        self.at += self.most;
    }
}

impl Core {
    /// The pages that a request leads to.
    pub fn pages<R: Paged + Send + Sync + 'static>(&self, request: R) -> Pages<R::Reply> {
        let origin = Origin::Client(self.clone());
        Pages::new(origin, R::PAGES, R::OPERATION, Box::new(request))
    }

    /// Sends a request's list in chunks.
    pub fn chunks<R: Chunked + Send + Sync + 'static>(&self, request: R) -> Chunks<R::Item> {
        Chunks::new(Origin::Client(self.clone()), request)
    }
}

impl Session {
    /// The pages that a request leads to.
    pub fn pages<R: Paged + Send + Sync + 'static>(&self, request: R) -> Pages<R::Reply> {
        let origin = Origin::Session(self.clone());
        Pages::new(origin, R::PAGES, R::OPERATION, Box::new(request))
    }

    /// Sends a request's list in chunks.
    pub fn chunks<R: Chunked + Send + Sync + 'static>(&self, request: R) -> Chunks<R::Item> {
        Chunks::new(Origin::Session(self.clone()), request)
    }
}
