//! AES-128 in ECB mode with PKCS#7 padding, in pieces: what media travel as.
//!
//! The blocks are those of the crate `aes`; mode and padding are by hand, for they are these few lines.

use crate::runtime::call::{Error, ErrorKind, Named};
use crate::runtime::codec::base64;
use aes::Aes128;
use aes::cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use std::fmt;

const BLOCK: usize = 16;

/// What one medium is encrypted with.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Key([u8; BLOCK]);

impl Key {
    /// A new one, by the system's own chance.
    pub(super) fn random() -> Result<Self, Error> {
        random().map(Self)
    }

    /// A key in one of its spellings: its hex letters, its bytes as base64, or its hex letters as base64.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(key) = unhex(text.as_bytes()) {
            return Some(Self(key));
        }
        let bytes = base64::decode(text)?;
        match <[u8; BLOCK]>::try_from(&*bytes) {
            Ok(key) => Some(Self(key)),
            Err(_) => unhex(&bytes).map(Self),
        }
    }

    /// Its hex letters.
    pub(super) fn hex(&self) -> String {
        hex(&self.0)
    }

    /// Its bytes as base64.
    pub(super) fn base64(&self) -> String {
        base64::encode(&self.0)
    }

    fn cipher(&self) -> Aes128 {
        Aes128::new(&Array(self.0))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(***)")
    }
}

/// 128 bits that nobody can foresee.
pub(super) fn random() -> Result<[u8; BLOCK], Error> {
    let mut bytes = [0; BLOCK];
    getrandom::fill(&mut bytes).map_err(|error| {
        let message = "the system has no random numbers for a key".to_owned();
        Error::new(ErrorKind::NotSent, Named::default())
            .with_message(Some(message))
            .with_source(error.into(), false)
    })?;
    Ok(bytes)
}

/// Bytes as hex letters.
pub(super) fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16);
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(digit).collect()
}

fn unhex(letters: &[u8]) -> Option<[u8; BLOCK]> {
    if letters.len() != 2 * BLOCK {
        return None;
    }
    let digit = |letter: u8| char::from(letter).to_digit(16);
    let mut bytes = [0; BLOCK];
    for (byte, pair) in bytes.iter_mut().zip(letters.chunks_exact(2)) {
        let [high, low] = [digit(*pair.first()?)?, digit(*pair.last()?)?];
        *byte = u8::try_from(high << 4 | low).ok()?;
    }
    Some(bytes)
}

/// How long something is when it is encrypted.
pub(super) fn encrypted_size(plain: u64) -> u64 {
    (plain / BLOCK as u64 + 1).saturating_mul(BLOCK as u64)
}

/// Encrypts what comes in pieces.
pub(super) struct Encryption {
    cipher: Aes128,
    /// Less than a block.
    rest: Vec<u8>,
}

impl Encryption {
    pub(super) fn new(key: &Key) -> Self {
        Self {
            cipher: key.cipher(),
            rest: Vec::new(),
        }
    }

    /// What is whole of it, encrypted.
    pub(super) fn piece(&mut self, plain: &[u8]) -> Vec<u8> {
        self.rest.extend_from_slice(plain);
        let whole = self.rest.len() / BLOCK * BLOCK;
        let rest = self.rest.split_off(whole);
        let mut blocks = std::mem::replace(&mut self.rest, rest);
        self.encrypt(&mut blocks);
        blocks
    }

    /// The last block.
    pub(super) fn end(mut self) -> Vec<u8> {
        let missing = BLOCK - self.rest.len();
        let mut last = std::mem::take(&mut self.rest);
        last.resize(BLOCK, u8::try_from(missing).unwrap_or_default());
        self.encrypt(&mut last);
        last
    }

    fn encrypt(&self, bytes: &mut [u8]) {
        let (blocks, _) = Array::slice_as_chunks_mut(bytes);
        self.cipher.encrypt_blocks(blocks);
    }
}

/// Decrypts what comes in pieces.
pub(super) struct Decryption {
    cipher: Aes128,
    /// A block at most: the last one has the padding.
    rest: Vec<u8>,
}

impl Decryption {
    pub(super) fn new(key: &Key) -> Self {
        Self {
            cipher: key.cipher(),
            rest: Vec::new(),
        }
    }

    /// What is certainly not the end, decrypted.
    pub(super) fn piece(&mut self, encrypted: &[u8]) -> Vec<u8> {
        self.rest.extend_from_slice(encrypted);
        let whole = self.rest.len().saturating_sub(1) / BLOCK * BLOCK;
        let rest = self.rest.split_off(whole);
        let mut blocks = std::mem::replace(&mut self.rest, rest);
        self.decrypt(&mut blocks);
        blocks
    }

    /// The end without its padding; an error says why there is none.
    pub(super) fn end(mut self) -> Result<Vec<u8>, &'static str> {
        let mut last = std::mem::take(&mut self.rest);
        if last.len() != BLOCK {
            return Err("it is cut off: what is encrypted has whole blocks");
        }
        self.decrypt(&mut last);
        let padding = last.last().copied().unwrap_or_default();
        let kept = BLOCK.checked_sub(usize::from(padding));
        let plain = kept.filter(|kept| last.iter().skip(*kept).all(|byte| *byte == padding));
        match plain {
            Some(plain) if padding > 0 => {
                last.truncate(plain);
                Ok(last)
            }
            _ => {
                Err("its end is not as encryption leaves it: the key is another, or it is cut off")
            }
        }
    }

    fn decrypt(&self, bytes: &mut [u8]) {
        let (blocks, _) = Array::slice_as_chunks_mut(bytes);
        self.cipher.decrypt_blocks(blocks);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encrypted(key: &Key, plain: &[u8], piece: usize) -> Vec<u8> {
        let mut encryption = Encryption::new(key);
        let pieces = plain.chunks(piece).map(|piece| encryption.piece(piece));
        let mut whole = pieces.collect::<Vec<_>>().concat();
        whole.extend(encryption.end());
        whole
    }

    fn decrypted(key: &Key, bytes: &[u8], piece: usize) -> Result<Vec<u8>, &'static str> {
        let mut decryption = Decryption::new(key);
        let pieces = bytes.chunks(piece).map(|piece| decryption.piece(piece));
        let mut whole = pieces.collect::<Vec<_>>().concat();
        whole.extend(decryption.end()?);
        Ok(whole)
    }

    #[test]
    fn the_vector_of_fips_197() {
        let key = Key::read("000102030405060708090a0b0c0d0e0f").unwrap();
        let plain = unhex(b"00112233445566778899aabbccddeeff").unwrap();
        let bytes = encrypted(&key, &plain, 16);
        assert_eq!(hex(&bytes[..16]), "69c4e0d86a7b0430d8cdb78070b4c55a");
        assert_eq!(hex(&bytes[16..]), "954f64f2e4e86e9eee82d20216684899");
    }

    #[test]
    fn a_key_has_three_spellings() {
        let hex = "00112233445566778899aabbccddeeff";
        let key = Key::read(hex).unwrap();
        let upper = hex.to_uppercase();
        for spelled in [
            upper.clone(),
            key.base64(),
            base64::encode(hex.as_bytes()),
            base64::encode(upper.as_bytes()),
        ] {
            assert_eq!(Key::read(&spelled).as_ref(), Some(&key), "{spelled}");
        }
        for wrong in ["", "00", "zz112233445566778899aabbccddeeff", "AAAA", "好"] {
            assert_eq!(Key::read(wrong), None, "{wrong}");
        }
        assert_eq!(format!("{key:?}"), "Key(***)");
        assert_ne!(Key::random().unwrap(), Key::random().unwrap());
    }

    #[test]
    fn what_is_encrypted_in_any_pieces_is_decrypted_in_any_others() {
        let key = Key::random().unwrap();
        let plain: Vec<u8> = (0..100_u8).collect();
        for size in (0..40).chain([47, 48, 49, 64, 100]) {
            let plain = &plain[..size];
            let whole = encrypted(&key, plain, 1000);
            assert_eq!(whole.len() as u64, encrypted_size(size as u64));
            for piece in [1, 3, 15, 16, 17, 32, 33] {
                assert_eq!(encrypted(&key, plain, piece), whole, "{size} by {piece}");
                assert_eq!(
                    decrypted(&key, &whole, piece).unwrap(),
                    plain,
                    "{size} by {piece}"
                );
            }
        }
        assert_eq!([0, 15, 16, 17].map(encrypted_size), [16, 16, 32, 32]);
    }

    #[test]
    fn what_is_cut_off_or_has_another_key_does_not_pass() {
        let key = Key::read("000102030405060708090a0b0c0d0e0f").unwrap();
        let other = Key::read("ff0102030405060708090a0b0c0d0e0f").unwrap();
        let whole = encrypted(&key, b"a medium that has two blocks", 7);
        for cut in [0, 1, 15, 16, 17, 31] {
            assert!(decrypted(&key, &whole[..cut], 5).is_err(), "{cut}");
        }
        assert!(decrypted(&other, &whole, 5).is_err());
    }
}
