//! Base64 with the usual alphabet and padding. By hand: the crate comes with `reqwest` only, and is no shorter to use.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Bytes as text.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let whole = group.iter().chain(&[0, 0]).take(3);
        let bits = whole.fold(0, |bits, byte| bits << 8 | usize::from(*byte));
        for place in 0..4 {
            if place <= group.len() {
                text.push(char::from(ALPHABET[bits >> (18 - 6 * place) & 63]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

/// The bytes that a text stands for; its padding may be missing. `None` if it stands for none.
#[cfg(feature = "media")]
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim().trim_end_matches('=').as_bytes();
    if digits.len() % 4 == 1 {
        return None;
    }
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3 + 2);
    for group in digits.chunks(4) {
        let mut bits = 0_u32;
        for digit in group {
            let value = ALPHABET.iter().position(|known| known == digit)?;
            bits = bits << 6 | u32::try_from(value).ok()?;
        }
        bits <<= 6 * (4 - group.len());
        let whole = bits.to_be_bytes();
        bytes.extend_from_slice(whole.get(1..group.len())?);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_vectors_of_rfc_4648() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(super::encode(bytes.as_bytes()), text);
            #[cfg(feature = "media")]
            for spelled in [text, text.trim_end_matches('=')] {
                assert_eq!(super::decode(spelled).as_deref(), Some(bytes.as_bytes()));
            }
        }
        assert_eq!(super::encode(&[0xfb, 0xef, 0xff]), "++//");
    }

    #[cfg(feature = "media")]
    #[test]
    fn what_is_no_base64_stands_for_nothing() {
        for text in ["A", "Zm9vY", "Zm9*", "你好"] {
            assert_eq!(super::decode(text), None, "{text}");
        }
    }
}
