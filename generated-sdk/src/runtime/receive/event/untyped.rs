//! What comes unasked where no document says what that may be.

use super::{EventApi, Inbound, Opened};
use crate::runtime::codec::json::Json;

static LAYOUT: EventApi = EventApi {
    name: "",
    tag: "",
    tag_inside: false,
    payload: "",
    deeper: &[],
    empty: &[],
    flat: &[],
    beside: &[],
    probe: &[],
    receiver: &[],
    dedupe: &[],
    coarse: &[],
    order: &[],
    each: &[],
    addressed: None,
};

/// Something that came unasked, as it came.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Untyped {
    /// The whole.
    pub raw: Json,
}

impl Inbound for Untyped {
    const LAYOUT: &'static EventApi = &LAYOUT;

    fn read(opened: Opened<'_>) -> Self {
        Self {
            raw: opened.whole(),
        }
    }

    fn is_typed(&self) -> bool {
        false
    }
}
