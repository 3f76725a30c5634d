//! The media that a message brought, fetched from where it came.

use super::down::{Download, HoldsMedia};
use crate::runtime::poll::{Message, Polled};

impl<H: Polled> Message<H>
where
    H::Inbound: HoldsMedia,
{
    /// The first medium that it holds and that can be read.
    pub fn download(&self) -> Option<Download> {
        self.downloads().into_iter().next()
    }

    /// The media that it holds, without those that nobody could read.
    pub fn downloads(&self) -> Vec<Download> {
        Download::all(self.caller(), &self.callback)
    }
}
