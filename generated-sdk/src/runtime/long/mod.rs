//! Calls that hang together: a request comes in, and what many calls have answered goes out.
//!
//! [`Pages`] follow one page to the next, [`Chunks`] send a long list in parts, a [`Job`] starts something and asks
//! until it is done, a [`PendingLogin`] the same of what a person does. How they hang together is data that the generator
//! writes: [`PagePlan`], [`JobPlan`] and [`LoginPlan`].

mod job;
mod login;
mod plan;
mod series;

pub use job::Job;
pub use login::{
    CodeLogin, EntersCode, Grants, LoggedIn, LoginByCode, LoginPlan, LoginStep, PendingLogin,
};
pub use plan::{Condition, Cursor, JobPlan, Next, PagePlan, Path};
pub use series::{Chunks, Pages};
