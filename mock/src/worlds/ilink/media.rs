//! Files: encrypted by whoever sends them, and kept on a host of their own, which knows no token.

use super::world::{MEDIA_HOST, World, must};
use crate::gateway::{Answer, Engine, Received};
use aes::Aes128;
use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use form_urlencoded::Serializer;
use hyper::body::Bytes;
use md5::{Digest, Md5};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How many files are kept, and how many bytes of them.
const MOST: usize = 1000;
const BYTES: usize = 512 << 20;
const BLOCK: usize = 16;

type Key = [u8; BLOCK];

/// What was announced, and what is there.
#[derive(Default)]
pub(super) struct Files {
    announced: BTreeMap<String, Announced>,
    kept: BTreeMap<String, Kept>,
    bytes: usize,
    counter: u64,
}

/// A file that may be uploaded.
struct Announced {
    name: String,
    key: Option<Key>,
    size: usize,
    md5: String,
}

/// A file that is there.
struct Kept {
    encrypted: Bytes,
    key: Option<Key>,
    size: usize,
}

/// How the key of a file is written that somebody sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeySpelling {
    /// Base64 of its 16 bytes.
    Bytes,
    /// Base64 of their 32 hexadecimal letters.
    Letters,
    /// As hexadecimal letters beside the medium, of an image; the one in the medium is wrong.
    Beside,
    /// There is none, and the file is plain.
    None,
}

impl World {
    /// Where a file may be sent.
    pub(super) fn announce(&self, call: &Received, engine: &Engine) -> Result<Answer, String> {
        let text = |name: &str| call.text(name).unwrap_or_default();
        let number = |name: &str| call.number(name).and_then(|n| usize::try_from(n).ok());
        let size = number("rawsize").unwrap_or_default();
        let (name, key, md5) = (text("filekey"), text("aeskey"), text("rawfilemd5"));
        must(unhex(&name).is_some(), "filekey: 32 hex letters")?;
        must(unhex(&md5).is_some(), "rawfilemd5: 32 hex letters")?;
        must(
            number("filesize") == Some(padded(size)),
            "filesize: encrypted",
        )?;
        must(
            matches!(call.number("media_type"), Some(1..=4)),
            "media_type: 1 to 4",
        )?;
        let key = unhex(&key).filter(|_| !key.is_empty());
        must(
            key.is_some() || text("aeskey").is_empty(),
            "aeskey: 32 hex letters",
        )?;
        let files = &mut self.lock().files;
        let param = files.param("up");
        let url = url(
            engine,
            "upload",
            &[("encrypted_query_param", &param), ("filekey", &name)],
        );
        files.announced.insert(
            param.clone(),
            Announced {
                name,
                key,
                size,
                md5,
            },
        );
        if files.announced.len() > MOST {
            files.announced.pop_first();
        }
        Ok(Answer::json(match self.settings.whole_urls {
            true => json!({ "ret": 0, "upload_param": param, "upload_full_url": url }),
            false => json!({ "ret": 0, "upload_param": param }),
        }))
    }

    /// What the host of files answers.
    pub(super) fn media(&self, call: &Received) -> Result<Answer, String> {
        // Who brings a token here has given it to somebody whom it does not concern.
        for name in [
            "authorization",
            "authorizationtype",
            "x-wechat-uin",
            "ilink-app-id",
        ] {
            must(
                call.header(name).is_none(),
                &format!("{name} has no business here"),
            )?;
        }
        let text = |name: &str| call.text(name).unwrap_or_default();
        let param = text("encrypted_query_param");
        let files = &mut self.lock().files;
        let found = |body: Bytes| Answer::raw(200, "application/octet-stream", body);
        if call.documents().method() == "GET" {
            let kept = files.kept.get(&param).ok_or("no such file")?;
            return Ok(found(kept.encrypted.clone()));
        }
        let param = files.taken(&param, &text("filekey"), call.body())?;
        Ok(found(Bytes::new()).header("x-encrypted-param", param))
    }

    /// A file that somebody sends: the medium as messages have it, the key beside it, and its encrypted size.
    pub(super) fn given(
        &self,
        file: &[u8],
        spelling: KeySpelling,
        engine: &Engine,
    ) -> (Value, Option<String>, usize) {
        let key: Key = std::array::from_fn(|_| fastrand::u8(..));
        let key = Some(key).filter(|_| spelling != KeySpelling::None);
        let encrypted = key.map_or_else(|| file.to_vec(), |key| encrypted(&key, file));
        let size = encrypted.len();
        let kept = Kept {
            encrypted: encrypted.into(),
            key,
            size: file.len(),
        };
        let param = self.lock().files.keep(kept);
        let mut medium = json!({ "encrypt_query_param": param, "encrypt_type": 1 });
        if self.settings.whole_urls {
            medium["full_url"] =
                url(engine, "download", &[("encrypted_query_param", &param)]).into();
        }
        if let Some(key) = key {
            medium["aes_key"] = match spelling {
                KeySpelling::Letters => letters(&key),
                KeySpelling::Beside => BASE64_STANDARD.encode(key.map(|byte| !byte)),
                _ => BASE64_STANDARD.encode(key),
            }
            .into();
        }
        let beside = key.filter(|_| spelling == KeySpelling::Beside);
        (medium, beside.map(|key| hex(&key)), size)
    }
}

impl Files {
    /// How many are there.
    pub(super) fn len(&self) -> usize {
        self.kept.len()
    }

    /// A word that names a file, with letters that a query must escape; the oldest is the first in order.
    fn param(&mut self, what: &str) -> String {
        self.counter += 1;
        format!("mock-{what}-{:012}+/&==", self.counter)
    }

    fn keep(&mut self, kept: Kept) -> String {
        self.bytes += kept.encrypted.len();
        let param = self.param("file");
        self.kept.insert(param.clone(), kept);
        while self.kept.len() > MOST || (self.bytes > BYTES && self.kept.len() > 1) {
            if let Some((_, oldest)) = self.kept.pop_first() {
                self.bytes -= oldest.encrypted.len();
            }
        }
        param
    }

    /// Takes an upload that is what was announced; by what it is sent then.
    fn taken(&mut self, param: &str, name: &str, body: &Bytes) -> Result<String, String> {
        let announced = self.announced.get(param).ok_or("nothing was announced")?;
        let (key, size) = (announced.key, announced.size);
        must(announced.name == name, "filekey is another")?;
        must(body.len() == padded(size), "the size is another")?;
        if let Some(key) = &key {
            let plain = decrypted(key, body).ok_or("the padding is wrong")?;
            let is_same = plain.len() == size && hex(&Md5::digest(&plain)) == announced.md5;
            must(is_same, "the file is another")?;
        }
        let encrypted = body.clone();
        Ok(self.keep(Kept {
            encrypted,
            key,
            size,
        }))
    }

    /// The file that an item carries, if what the item says of it is right; none in a text.
    pub(super) fn carried(&self, item: &Value) -> Result<Option<Vec<u8>>, String> {
        let inner = match item["type"].as_u64() {
            Some(1) => {
                let text = item["text_item"]["text"].as_str().unwrap_or_default();
                return must(!text.is_empty(), "text_item.text: is missing").map(|()| None);
            }
            Some(2) => "image_item",
            Some(4) => "file_item",
            Some(5) => "video_item",
            _ => return Err("item_list.type: 1, 2, 4 or 5".to_owned()),
        };
        let (item, medium) = (&item[inner], &item[inner]["media"]);
        let param = medium["encrypt_query_param"].as_str().unwrap_or_default();
        let kept = self
            .kept
            .get(param)
            .ok_or("encrypt_query_param: no such file")?;
        let key = kept.key.map(|key| letters(&key));
        must(
            medium["aes_key"].as_str() == key.as_deref(),
            "aes_key: of the letters",
        )?;
        must(medium["encrypt_type"] == 1, "encrypt_type: is 1")?;
        let encrypted = kept.encrypted.len();
        match inner {
            "image_item" => must(item["mid_size"] == encrypted, "mid_size: encrypted")?,
            "video_item" => must(item["video_size"] == encrypted, "video_size: encrypted")?,
            _ => {
                let size = kept.size.to_string();
                must(
                    item["len"].as_str() == Some(&size),
                    "len: the plain size, a text",
                )?;
                must(item["file_name"].is_string(), "file_name: is missing")?;
            }
        }
        let plain = kept.key.map(|key| decrypted(&key, &kept.encrypted));
        Ok(plain.unwrap_or_else(|| Some(kept.encrypted.to_vec())))
    }
}

/// An address on the host of files.
fn url(engine: &Engine, what: &str, query: &[(&str, &str)]) -> String {
    let query = Serializer::new(String::new()).extend_pairs(query).finish();
    format!("http://{}/c2c/{what}?{query}", engine.host(MEDIA_HOST))
}

/// The size of a file once it is encrypted.
fn padded(size: usize) -> usize {
    (size / BLOCK + 1) * BLOCK
}

fn encrypted(key: &Key, plain: &[u8]) -> Vec<u8> {
    let mut bytes = plain.to_vec();
    let missing = padded(plain.len()) - plain.len();
    bytes.resize(padded(plain.len()), missing.to_le_bytes()[0]);
    let cipher = Aes128::new(key.into());
    for block in bytes.as_chunks_mut::<BLOCK>().0 {
        cipher.encrypt_block(block.into());
    }
    bytes
}

fn decrypted(key: &Key, encrypted: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = encrypted.to_vec();
    let cipher = Aes128::new(key.into());
    for block in bytes.as_chunks_mut::<BLOCK>().0 {
        cipher.decrypt_block(block.into());
    }
    let padding = usize::from(*bytes.last()?);
    let (_, last) = bytes.split_at_checked(bytes.len().checked_sub(padding)?)?;
    let is_padding = |byte: &u8| usize::from(*byte) == padding;
    ((1..=BLOCK).contains(&padding) && last.iter().all(is_padding)).then(|| {
        bytes.truncate(bytes.len() - padding);
        bytes
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A key as clients write it: base64 of its letters.
fn letters(key: &Key) -> String {
    BASE64_STANDARD.encode(hex(key))
}

fn unhex(text: &str) -> Option<Key> {
    let is_hex = text.len() == 2 * BLOCK && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let number = u128::from_str_radix(text, 16).ok().filter(|_| is_hex)?;
    Some(number.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encrypted_is_read_again_and_sizes_are_as_announced() {
        let key = [7; BLOCK];
        for size in [0, 1, 15, 16, 17, 4096] {
            let plain: Vec<u8> = (0..size).map(|n: usize| n.to_le_bytes()[0]).collect();
            let bytes = encrypted(&key, &plain);
            assert_eq!(bytes.len(), padded(size));
            assert_eq!(decrypted(&key, &bytes), Some(plain));
            assert_ne!(decrypted(&[8; BLOCK], &bytes), decrypted(&key, &bytes));
        }
        assert_eq!(decrypted(&key, &[]), None);
    }

    #[test]
    fn a_block_is_encrypted_as_the_standard_says() {
        // FIPS 197, appendix C.1.
        let key = unhex("000102030405060708090a0b0c0d0e0f").expect("hexadecimal");
        let plain = unhex("00112233445566778899aabbccddeeff").expect("hexadecimal");
        let first = encrypted(&key, &plain)[..BLOCK].to_vec();
        assert_eq!(hex(&first), "69c4e0d86a7b0430d8cdb78070b4c55a");
    }
}
