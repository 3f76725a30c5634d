//! Owns doing the same to many things at once, the order kept.
//!
//! In: `[a, b, c]` and a function. Out: `[f(a), f(b), f(c)]`, with a worker on each core. By hand: forty lines of `std`
//! do all that is asked, where `rayon` is six more crates that everybody who types `cargo xtask …` waits for first.

use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Does it to each, on all cores.
pub fn map<T: Send, R: Send>(items: Vec<T>, each: impl Fn(T) -> R + Sync) -> Vec<R> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let workers = cores.min(items.len());
    if workers < 2 {
        return items.into_iter().map(each).collect();
    }
    let queue = Mutex::new(items.into_iter().enumerate());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || {
        let mut done = Vec::new();
        while let Some((at, item)) = next() {
            done.push((at, each(item)));
        }
        done
    };
    let mut done: Vec<(usize, R)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        // A worker that panicked has met a defect of ours: its panic goes on.
        let join = |worker: thread::ScopedJoinHandle<'_, _>| {
            worker.join().unwrap_or_else(|panic| resume_unwind(panic))
        };
        workers.into_iter().flat_map(join).collect()
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Does two things at once.
pub fn both<A: Send, B>(aside: impl FnOnce() -> A + Send, here: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let aside = scope.spawn(aside);
        let here = here();
        let aside = aside.join();
        (aside.unwrap_or_else(|panic| resume_unwind(panic)), here)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_kept() {
        let doubled: Vec<u32> = (0..1000).map(|n| n * 2).collect();
        assert_eq!(map((0..1000).collect(), |n: u32| n * 2), doubled);
        assert!(map(Vec::new(), |n: u32| n).is_empty());
        assert_eq!(map(vec!["x".to_owned()], |text| text + "y"), ["xy"]);
    }

    #[test]
    fn both_are_done() {
        let mut here = Vec::new();
        assert_eq!(both(|| 1, || here.push(2)), (1, ()));
        assert_eq!(here, [2]);
    }
}
