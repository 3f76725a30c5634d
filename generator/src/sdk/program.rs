//! Owns what is known of a vendor's program that fetches its commands: where it comes.

use catalog::config::{ProgramVisits, Transport};

use super::Annotator;

impl Annotator<'_> {
    /// Nothing where no program fetches the commands, or nothing says where it comes.
    pub(super) fn program(&self) -> Option<ProgramVisits> {
        let declared = self.config.program.as_ref();
        declared
            .filter(|_| self.config.transport == Transport::Poll)
            .cloned()
    }
}
