//! Calls that hang together: a request comes in, and what many calls have answered goes out.
//!
//! [`Pages`] follow one page to the next, [`Chunks`] send a long list in parts, a [`Job`] starts something and asks
//! until it is done, a [`PendingLogin`] the same of what a person does. How they hang together is data that the generator
//! writes: [`PagePlan`], [`JobPlan`] and [`LoginPlan`].

mod chunks;
mod grants;
mod job;
mod login;
mod origin;
mod pages;
mod pending;
mod plan;
mod saved;
mod series;
#[cfg(test)]
mod tests;

pub use chunks::Chunks;
pub use grants::Grants;
pub use job::Job;
pub use login::{CodeLogin, EnterPlan, EntersCode, LoginByCode, LoginPlan};
pub use pages::Pages;
pub use pending::{LoggedIn, LoginStep, PendingLogin, Typed};
pub use plan::{Chunked, Condition, Cursor, JobPlan, Next, PagePlan, Paged, Path, Started};
