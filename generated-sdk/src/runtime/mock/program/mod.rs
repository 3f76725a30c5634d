//! A program that stands in for the vendor's: it posts documented events to the user's server, fetches commands, and
//! reports their results.
//!
//! What is documented comes from a [`Table`]. It can also do what programs do on bad days, see [`Fault`].

mod builder;
mod connection;
mod execute;
mod message;
mod running;
mod table;

pub use builder::Builder;
pub use execute::{Executed, Verdict};
pub use running::{Fault, Numbers, Program, Unposted};
pub use table::{Command, Event, Table};
