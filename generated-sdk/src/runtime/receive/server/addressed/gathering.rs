//! A call whose result comes in pages, each a message of its own, as one awaitable.

use super::addresses::{Addresses, OneTime};
use super::announces::{Announces, announcing};
use crate::runtime::call::{BoxFuture, Call, Error, Reply};
use crate::runtime::codec::{Encode, plain_text};
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// How many pages may wait to be taken.
const AHEAD: usize = 256;
/// How many pages are gathered at most.
const MOST: usize = 100_000;

/// A request whose result is posted in pages.
pub trait Gathers: Announces {
    /// What the pages are lists of.
    type Item: Send + 'static;
    /// How many a page holds that is not the last.
    const SIZE: usize;
    /// How long all pages may take unless the call says otherwise.
    const WITHIN: Duration;

    /// A page of what came.
    fn page(event: Self::Event) -> Page<Self::Item>;
}

/// One page.
#[derive(Debug)]
pub struct Page<T> {
    number: Option<u64>,
    total: Option<u64>,
    items: Vec<T>,
}

impl<T> Page<T> {
    /// A page by its number, what it says of the total, and its elements.
    pub fn new(number: &dyn Encode, total: &dyn Encode, items: Vec<T>) -> Self {
        let read = |value: &dyn Encode| plain_text(value.view()).trim().parse().ok();
        Self {
            number: read(number),
            total: read(total),
            items,
        }
    }
}

/// Everything that came, in the order of the pages.
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct Gathered<R, T> {
    /// The answer to the call.
    pub reply: Reply<R>,
    /// The elements of all pages.
    pub items: Vec<T>,
    /// How many there are, as the gateway says.
    pub total: Option<u64>,
    /// Whether all have come; if not, the time was over.
    pub complete: bool,
    /// Messages that could not be read as a page.
    pub unreadable: usize,
}

/// A call that is ready to go: `.await` sends it and gathers the pages that the gateway then posts.
///
/// Ends when all have come, or at the deadline with what came: see [`Gathered::complete`]. Pages may come in any order
/// and more than once.
#[must_use = "nothing is sent until it is awaited"]
pub struct Gathering<R: Gathers> {
    call: Call<R::Reply>,
    at: OneTime<R::Callback>,
    within: Duration,
}

announcing!(
    Gathering: Gathers, AHEAD, R::WITHIN,
    "How long all pages may take, from the call on."
);

impl<R> IntoFuture for Gathering<R>
where
    R: Gathers,
    R::Reply: Send + 'static,
{
    type Output = Result<Gathered<R::Reply, R::Item>, Error>;
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
            let mut pages = Pages::new(R::SIZE);
            let mut unreadable = 0;
            while !pages.complete() && pages.all().count() < MOST {
                let Ok(Some(callback)) = timeout_at(deadline, at.next()).await else {
                    at.leave_open();
                    break;
                };
                let page = R::event(callback).map(R::page);
                if !page.is_some_and(|page| pages.add(page)) {
                    unreadable += 1;
                }
            }
            Ok(Gathered {
                reply,
                total: pages.total,
                complete: pages.complete(),
                items: pages.into_items(),
                unreadable,
            })
        })
    }
}

/// Pages so far.
struct Pages<T> {
    size: usize,
    by_number: BTreeMap<u64, Vec<T>>,
    /// Those that do not say which they are.
    others: Vec<Vec<T>>,
    total: Option<u64>,
}

impl<T> Pages<T> {
    fn new(size: usize) -> Self {
        Self {
            size,
            by_number: BTreeMap::new(),
            others: Vec::new(),
            total: None,
        }
    }

    /// Adds a page; one that is there already is a repetition, unless it holds more, and one that says nothing is
    /// none: false.
    fn add(&mut self, page: Page<T>) -> bool {
        match page.number {
            Some(number) => {
                let known = self.by_number.entry(number).or_default();
                if known.len() < page.items.len() {
                    *known = page.items;
                }
            }
            None if page.items.is_empty() && page.total.is_none() => return false,
            None => self.others.push(page.items),
        }
        self.total = self.total.max(page.total);
        true
    }

    fn all(&self) -> impl Iterator<Item = &Vec<T>> {
        self.by_number.values().chain(&self.others)
    }

    /// In the order of the numbers; pages without one come behind.
    fn into_items(self) -> Vec<T> {
        let numbered = self.by_number.into_values();
        numbered.chain(self.others).flatten().collect()
    }

    /// Whether all have come: as many as the total says, or, without one, everything up to a page that is not full.
    fn complete(&self) -> bool {
        let count = |items: &Vec<T>| u64::try_from(items.len()).unwrap_or(u64::MAX);
        let Some(total) = self.total else {
            return self.has_end();
        };
        // A page with more elements than the total shows that pages are counted, not elements.
        if self.all().any(|items| count(items) > total) {
            return u64::try_from(self.all().count()).unwrap_or(u64::MAX) >= total;
        }
        self.all().map(count).sum::<u64>() >= total
    }

    /// Whether there is a page that is not full, and none is missing before it.
    fn has_end(&self) -> bool {
        let Some((first, _)) = self.by_number.first_key_value() else {
            return false;
        };
        let in_a_row = (*first..).zip(&self.by_number);
        let mut in_a_row = in_a_row.take_while(|(expected, (number, _))| expected == *number);
        *first <= 1 && in_a_row.any(|(_, (_, items))| items.len() < self.size)
    }
}

#[cfg(test)]
mod tests {
    use super::{Page, Pages};

    fn page(number: u64, total: Option<u64>, items: usize) -> Page<usize> {
        Page {
            number: Some(number),
            total,
            items: vec![0; items],
        }
    }

    /// After how many pages all have come.
    fn ends(pages: &[(u64, Option<u64>, usize)]) -> Option<usize> {
        let mut so_far = Pages::new(3);
        pages.iter().position(|(number, total, items)| {
            assert!(so_far.add(page(*number, *total, *items)));
            so_far.complete()
        })
    }

    #[test]
    fn all_have_come_when_the_total_has() {
        assert_eq!(ends(&[(1, Some(0), 0)]), Some(0));
        assert_eq!(ends(&[(1, Some(3), 3), (2, Some(3), 1)]), Some(0));
        let out_of_order = [
            (3, Some(7), 1),
            (1, Some(7), 3),
            (1, Some(7), 3),
            (2, Some(7), 3),
        ];
        assert_eq!(ends(&out_of_order), Some(3));
        assert_eq!(ends(&[(1, Some(7), 3), (2, Some(7), 3)]), None);
    }

    #[test]
    fn a_page_that_does_not_say_which_it_is_displaces_none() {
        let mut pages = Pages::new(3);
        let unnumbered = |total, items| Page {
            number: None,
            ..page(0, total, items)
        };
        assert!(!pages.add(unnumbered(None, 0)));
        assert!(pages.add(unnumbered(None, 2)));
        assert!(pages.add(page(1, Some(5), 3)));
        assert!(pages.complete());
        assert_eq!(pages.into_items().len(), 5);
    }

    #[test]
    fn a_page_that_could_not_be_read_comes_again() {
        assert_eq!(ends(&[(1, Some(2), 0), (1, Some(2), 2)]), Some(1));
        assert_eq!(ends(&[(1, Some(3), 2), (1, Some(3), 1)]), None);
    }

    #[test]
    fn a_total_of_pages_is_understood() {
        assert_eq!(ends(&[(1, Some(2), 3), (2, Some(2), 1)]), Some(1));
        assert_eq!(ends(&[(1, Some(1), 2)]), Some(0));
    }

    #[test]
    fn without_a_total_a_page_that_is_not_full_is_the_last() {
        assert_eq!(ends(&[(1, None, 3), (2, None, 2)]), Some(1));
        assert_eq!(ends(&[(2, None, 2), (1, None, 3)]), Some(1));
        assert_eq!(ends(&[(1, None, 3), (3, None, 2)]), None);
        assert_eq!(ends(&[(1, None, 3), (3, None, 3), (4, None, 2)]), None);
        assert_eq!(ends(&[(0, None, 3), (1, None, 0)]), Some(1));
    }
}
