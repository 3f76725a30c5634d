//! Somebody who writes to the bot, and hears what it says.

use super::media::KeySpelling;
use super::{Gateway, Sent};
use crate::value;
use serde::Serialize;
use serde_json::{Value, json};

/// Somebody with a phone.
#[derive(Clone, Debug)]
pub struct Writer<'g> {
    pub(super) gateway: &'g Gateway,
    pub(super) id: String,
}

impl Writer<'_> {
    /// Who it is, `example02@im.wechat`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Writes a text; the message's id.
    pub fn says(&self, text: impl Into<String>) -> u64 {
        self.sends(json!({ "type": 1, "text_item": { "text": text.into() } }))
    }

    /// Sends anything, an item as messages have it.
    pub fn sends(&self, item: impl Serialize) -> u64 {
        let (world, engine) = (self.gateway.world(), self.gateway.engine());
        world.write_items(&self.id, json!([value(item)]), engine.now())
    }

    /// Sends a picture, its key written so.
    pub fn sends_image(&self, file: &[u8], key: KeySpelling) -> u64 {
        let (media, beside, size) = self.given(file, key);
        let mut image = json!({ "media": media, "mid_size": size });
        if let Some(key) = beside {
            image["aeskey"] = key.into();
        }
        self.sends(json!({ "type": 2, "image_item": image }))
    }

    /// Sends a file.
    pub fn sends_file(&self, name: &str, file: &[u8], key: KeySpelling) -> u64 {
        let (media, _, _) = self.given(file, key);
        let len = file.len().to_string();
        self.sends(json!({
            "type": 4,
            "file_item": { "media": media, "file_name": name, "len": len },
        }))
    }

    /// Speaks; what was said comes along as text.
    pub fn speaks(&self, recording: &[u8], said: &str) -> u64 {
        let (media, _, _) = self.given(recording, KeySpelling::Letters);
        let voice = json!({ "media": media, "encode_type": 6, "sample_rate": 24_000, "playtime": 1200, "text": said });
        self.sends(json!({ "type": 3, "voice_item": voice }))
    }

    fn given(&self, file: &[u8], key: KeySpelling) -> (Value, Option<String>, usize) {
        self.gateway.world().given(file, key, self.gateway.engine())
    }

    /// What the bot has said to this person, what was refused left out, the oldest first.
    pub fn heard(&self) -> Vec<Sent> {
        let sent = self.gateway.sent().into_iter();
        let heard = sent.filter(|sent| sent.to == self.id && sent.refused.is_none());
        heard.collect()
    }

    /// Whether the bot is shown typing, and how often it has said so.
    pub fn sees_typing(&self) -> (bool, u32) {
        let state = self.gateway.world().lock();
        state.typing.get(&self.id).copied().unwrap_or_default()
    }

    /// Nothing may be sent to this person any more, until he writes again.
    pub fn closes(&self) {
        let id = self.id.clone();
        self.gateway.world().lock().closed.insert(id);
    }
}
