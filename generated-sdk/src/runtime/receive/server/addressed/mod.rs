//! Events that only their address tells apart: an address per setting, one for a single use per announcing call, and
//! the call that waits for what comes there.

mod addresses;
mod awaiting;
mod gathering;
mod json_body;
mod waiting;

use crate::runtime::receive::event::{Inbound, Opened};
pub use addresses::{Addresses, OneTime};
pub use awaiting::{Announced, Announces, Awaiting};
pub use gathering::{Gathered, Gathering, Gathers, Page};
pub(super) use json_body::text;
pub(super) use waiting::{Handed, Waiting};

/// Reads what came to an address: the setting or the operation, the content type, the body. None if the body is neither
/// a form nor JSON.
pub fn read<C: Inbound>(address: &str, content_type: &str, body: &[u8]) -> Option<C> {
    let addressed = C::LAYOUT.addressed?;
    let text = text(C::LAYOUT, addressed, address, content_type, body)?;
    Opened::new(C::LAYOUT, &text).ok().map(C::read)
}

/// Where a request came to, below the receiver's own path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target<'p> {
    /// The receiver's path.
    pub(super) path: &'p str,
    /// The setting or the operation; empty where there is only one address.
    pub(super) address: &'p str,
    /// What makes the address one for a single use.
    pub(super) token: Option<&'p str>,
}

impl<'p> Target<'p> {
    /// Takes as many segments off a path as the route has behind the receiver's own.
    pub(super) fn of(path: &'p str, segments: u8) -> Self {
        let last = |path: &'p str| path.rsplit_once('/').unwrap_or(("", path));
        let (path, token) = match segments {
            2 => {
                let (path, token) = last(path);
                (path, Some(token))
            }
            _ => (path, None),
        };
        let (path, address) = match segments {
            0 => (path, ""),
            _ => last(path),
        };
        Self {
            path,
            address,
            token,
        }
    }
}
