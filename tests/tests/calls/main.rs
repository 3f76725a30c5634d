//! Calls that survive, over real sockets: what is repeated and what is not, what is kept apart,
//! what is refused, chunks, pages, jobs, hooks and logs, and threads without a runtime.

mod acme;
mod blocking;
mod gateway;
mod jobs;
mod limits;
mod login;
mod pacing;
mod pages;
mod retrying;
mod watching;
