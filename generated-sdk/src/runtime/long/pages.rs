//! Pages: each reply says where the next one begins, by the plan that the generator writes.

use super::origin::{Origin, each};
use super::plan::{PagePlan, Paged, Turn};
use super::series::{Owned, Series, Source};
use crate::runtime::call::{Call, Core, Error, Operation, Prepared, Reply, Rest, Session};
use crate::runtime::codec::json::{Json, find, is_empty};
use crate::runtime::codec::{Overlay, Slot};
use std::fmt;
use std::future::poll_fn;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::marker::PhantomData;
#[cfg(feature = "stream")]
use std::task::{Context, Poll};

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
                seen: vec![place],
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
    /// Where pages stood that were asked for: few enough to be looked through.
    seen: Vec<u64>,
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
        let place = hash(&place);
        if again || self.seen.contains(&place) {
            let message = "the cursor does not move: the list may not be complete";
            self.next = NextPage::Stuck(rest.unusable(self.operation, message.to_owned()));
        }
        self.seen.push(place);
        self.last = page;
        self.at = at;
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

impl Core {
    /// The pages that a request leads to.
    pub fn pages<R: Paged + Send + Sync + 'static>(&self, request: R) -> Pages<R::Reply> {
        let origin = Origin::Client(self.clone());
        Pages::new(origin, R::PAGES, R::OPERATION, Box::new(request))
    }
}

impl Session {
    /// The pages that a request leads to.
    pub fn pages<R: Paged + Send + Sync + 'static>(&self, request: R) -> Pages<R::Reply> {
        let origin = Origin::Session(self.clone());
        Pages::new(origin, R::PAGES, R::OPERATION, Box::new(request))
    }
}
