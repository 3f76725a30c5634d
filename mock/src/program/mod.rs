//! A program that stands in for the vendor's: it posts documented events to the user's server, fetches commands, and
//! reports their results. It can also do what programs do on bad days, see [`Fault`].
//!
//! ```no_run
//! # async fn example(url: &str) -> Result<(), Box<dyn std::error::Error>> {
//! let program = mock_gateway::wequick::v2::program(url).start()?;
//! program.post("reportTextMessage").await?;
//! assert!(program.executed().is_empty());
//! # Ok(())
//! # }
//! ```

mod builder;
mod execute;
mod running;
mod written;

pub use builder::Builder;
pub use execute::{Executed, Verdict};
pub use running::{Fault, Numbers, Program, Unposted};
