//! Calls that hang together: a request comes in, and what many calls have answered goes out.
//!
//! [`Pages`] follow one page to the next, [`Chunks`] send a long list in parts, a [`Job`] starts something and asks
//! until it is done, a [`PendingLogin`] the same of what a person does. How they hang together is data that the generator
//! writes: [`PagePlan`], [`JobPlan`] and [`LoginPlan`].

mod chunks;
mod job;
mod login;
mod origin;
mod pages;
mod plan;
mod series;

pub use chunks::Chunks;
pub use job::Job;
pub use login::{
    CodeLogin, EntersCode, Grants, LoggedIn, LoginByCode, LoginPlan, LoginStep, PendingLogin,
};
pub use pages::Pages;
pub use plan::{Chunked, Condition, Cursor, JobPlan, Next, PagePlan, Paged, Path, Started};
