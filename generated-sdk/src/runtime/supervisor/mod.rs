//! Several accounts in one program, each kept online: asked and listened to, logged in again, and bound anew.
//!
//! In go accounts ([`Supervisor::account_by_code`], [`Supervisor::account`]) and what the gateway tells
//! ([`Supervisor::tell`]); which operation or event says that one is offline, and why, is declared (`[online]`). Out come
//! sessions that stay good through any number of logins, codes for a person to scan, and how the accounts are
//! ([`Supervisor::health`], or an endpoint).
//!
//! ```text
//! starting ──> online <────────────────────────────────┐
//!     │           │ asked every so often, or told       │
//!     └──> offline, with the vendor's reason            │
//!             └──> logging in, with what was saved ─────┤
//!                     └──> awaiting a person: a code ───┘
//! ```
//!
//! What a login yields is kept in a store or in a file that nobody else can read: after a restart an account that is
//! still online goes on without a login.
//!
//! ```no_run
//! # #[cfg(feature = "eyun")]
//! # async fn example(client: generated_sdk::eyun::Client) -> Result<(), generated_sdk::BoxError> {
//! use generated_sdk::eyun::deng_lu::{IPadLogin, IPadLoginProxy};
//! use generated_sdk::supervisor::Supervisor;
//!
//! let supervisor = Supervisor::builder()
//!     .file("accounts.json")
//!     .on_code(|account, code| println!("{account}: scan {code}"))
//!     .on_change(|account| println!("{account:?}"))
//!     .start()?;
//! let login = |wc_id: Option<&str>| IPadLogin::new(wc_id.unwrap_or(""), "ipad", IPadLoginProxy::ShangHai);
//! let alice = supervisor.account_by_code("alice", &client, login).await?; // use it everywhere, for ever
//! # let _ = alice;
//! # Ok(()) }
//! ```

mod attempt;
mod builder;
mod by_code;
#[cfg(feature = "server")]
mod endpoint;
mod health;
mod keeper;
mod plan;
mod told;
mod watched;

pub use attempt::Attempt;
pub use builder::{Supervisor, SupervisorBuilder};
pub use health::{Health, State};
pub use plan::{AsksWhy, LogsInAgain, OnlinePlan, Supervised};
