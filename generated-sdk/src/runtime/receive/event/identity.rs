//! What repetitions of an event have in common, as one number: the same today, after a restart, and on every server.

/// FNV-1a over parts, in 128 bits.
pub(super) struct Identity(u128);

impl Default for Identity {
    fn default() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }
}

impl Identity {
    pub(super) fn part(&mut self, part: &str) {
        // No part holds this byte, so that two parts never read as one.
        self.0 = mixed(self.0, part.bytes().chain([0xff]));
    }

    pub(super) fn number(self) -> u128 {
        self.0
    }
}

/// An identity that holds for one program or name only.
#[cfg(feature = "store")]
pub(crate) fn identity_of(identity: u128, program: &str) -> u128 {
    mixed(identity, program.bytes())
}

fn mixed(identity: u128, bytes: impl Iterator<Item = u8>) -> u128 {
    const PRIME: u128 = 0x0100_0000_0000_0000_0000_013b;
    bytes.fold(identity, |mixed, byte| {
        (mixed ^ u128::from(byte)).wrapping_mul(PRIME)
    })
}
