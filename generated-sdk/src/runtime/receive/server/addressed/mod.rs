//! Events that only their address tells apart: an address per setting, one for a single use per announcing call, and
//! the call that waits for what comes there.

mod addresses;
mod announces;
mod awaiting;
mod gathering;

use super::json_body::text;
use crate::runtime::codec::text::decode;
use crate::runtime::receive::event::{Inbound, Opened};

pub use addresses::{Addresses, OneTime};
pub use announces::Announces;
pub use awaiting::{Announced, Awaiting};
pub use gathering::{Gathered, Gathering, Gathers, Page};

/// Reads what came to an address: the setting or the operation, the content type, the body. None if the body is neither
/// a form nor JSON.
pub fn read<C: Inbound>(address: &str, content_type: &str, body: &[u8]) -> Option<C> {
    let addressed = C::LAYOUT.addressed?;
    let body = decode(body.to_vec());
    let text = text(C::LAYOUT, addressed, address, content_type, &body)?;
    Opened::new(C::LAYOUT, &text).ok().map(C::read)
}
