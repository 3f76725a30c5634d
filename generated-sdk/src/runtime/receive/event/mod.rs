//! What a gateway tells: an envelope with a code, opened before anything is known of its payload.

mod addressed;
mod identity;
mod opened;
mod order;
mod prefix;
mod result;
#[cfg(test)]
mod tests;
mod untyped;

use crate::runtime::codec::json::Malformed;
use crate::runtime::codec::{Issue, Scalar};
pub use addressed::Addressed;
#[cfg(feature = "server")]
pub(crate) use addressed::{ADDRESS, MESSAGE};
#[cfg(feature = "store")]
pub(crate) use identity::identity_of;
pub use opened::Opened;
pub use prefix::{Prefix, split_prefix};
pub use result::{CommandResult, ResultLayout};
pub use untyped::Untyped;

/// How what an API tells is laid out. Empty lists are normal.
#[derive(Debug)]
pub struct EventApi {
    /// The provider, and the API where it has several.
    pub name: &'static str,
    /// The key of the code that tells events apart.
    pub tag: &'static str,
    /// The code stands inside the payload.
    pub tag_inside: bool,
    /// The key of the payload; empty: the whole is the payload.
    pub payload: &'static str,
    /// Keys below which the payload is at times found, one level deeper.
    pub deeper: &'static [&'static str],
    /// Texts that stand for nothing, besides the usual ones.
    pub empty: &'static [&'static str],
    /// Codes whose payload is the whole.
    pub flat: &'static [&'static str],
    /// Codes that have fields of their own beside the payload.
    pub beside: &'static [&'static str],
    /// Codes that only ask whether somebody listens.
    pub probe: &'static [&'static str],
    /// Keys that say whom an event is for; events for two are never the same one.
    pub receiver: &'static [&'static str],
    /// Keys that tell a repeated event: the first that is present counts.
    pub dedupe: &'static [&'static str],
    /// Those of `dedupe` that count only if the rest of the payload is the same.
    pub coarse: &'static [&'static str],
    /// What makes a conversation: the account and the other side, each the first of these keys that is there and says
    /// something new. Events of one conversation keep their order; none: all of them do.
    pub order: &'static [&'static [&'static str]],
    /// Codes whose payload is a list of what came, each of another conversation perhaps.
    pub each: &'static [&'static str],
    /// Only the address tells what came: `tag` is then the address, and messages may be forms.
    pub addressed: Option<&'static Addressed>,
}

/// Something that a gateway tells, typed as far as the catalog knows it.
pub trait Inbound: Sized + Clone + Send + Sync + 'static {
    /// How it is laid out.
    const LAYOUT: &'static EventApi;

    /// Reads what has been opened. Never fails: what has no type stays as it came.
    fn read(opened: Opened<'_>) -> Self;

    /// Whether the event is one of the catalog's, and its payload fits.
    fn is_typed(&self) -> bool;

    /// Whether it only tells what became of a command.
    fn is_result(&self) -> bool {
        false
    }

    /// Reads a message; the only thing that can be wrong with one is that it is no JSON.
    fn parse(text: &str) -> Result<Self, Malformed> {
        Opened::new(Self::LAYOUT, text).map(Self::read)
    }
}

/// The events of an API.
pub trait Tagged: Sized {
    /// The event with this code; `None` if the catalog has none.
    fn typed(code: &str, opened: &mut Opened<'_>) -> Option<Result<Self, Issue>>;
}

/// What a member names: a text or a number.
fn scalar(value: &str) -> Option<Scalar> {
    Scalar::read(value)?.naming().map(Scalar::trimmed)
}
