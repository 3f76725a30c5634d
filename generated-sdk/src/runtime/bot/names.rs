//! What a conversation calls its values in the store.
//!
//! ```text
//! talk/<api>/<bot>/<person>/right                 what its newest message gives
//!                          /<message>/<client id>  a send that counts for that message; /<message>/closed
//!                          /said/<message>/<n>     what became of the n-th answer to a message
//!                          /ticket                 what typing is shown with
//! ```

use super::plan::TalkPlan;
use crate::runtime::call::BoxError;
use crate::runtime::store::{Batch, Store, Value};

const RIGHT: &str = "right";
const TICKET: &str = "ticket";

/// The names of one conversation.
#[derive(Clone)]
pub(super) struct Names(String);

impl Names {
    pub(super) fn of(plan: &TalkPlan, bot: &str, person: &str) -> Self {
        Self(format!("{}{}/", of_bot(plan, bot), plain(person)))
    }

    pub(super) fn right(&self) -> String {
        format!("{}{RIGHT}", self.0)
    }

    /// Everything that counts for a message.
    pub(super) fn counted(&self, message: u128) -> String {
        format!("{}{message:032x}/", self.0)
    }

    pub(super) fn said(&self, message: u128, ordinal: u32) -> String {
        format!("{}said/{message:032x}/{ordinal}", self.0)
    }

    pub(super) fn ticket(&self) -> String {
        format!("{}{TICKET}", self.0)
    }
}

/// Says that the vendor lets nothing through; behind [`Names::counted`].
pub(super) const CLOSED: &str = "closed";

fn of_bot(plan: &TalkPlan, bot: &str) -> String {
    format!("talk/{}/{}/", plan.operation.api.name, plain(bot))
}

/// An id without what stands between two.
fn plain(id: &str) -> String {
    id.replace('%', "%25").replace('/', "%2F")
}

/// Forgets all rights of a bot, as a new login of it does: nothing can be said until people write again. What was said
/// in answer to which message is still known.
///
/// # Errors
///
/// If the store fails.
pub async fn forget(store: &dyn Store, plan: &TalkPlan, bot: &str) -> Result<(), BoxError> {
    let mut batch = Batch::default();
    for (name, _) in store.values(of_bot(plan, bot)).await? {
        let last = name.rsplit('/').next();
        if matches!(last, Some(RIGHT | TICKET)) {
            batch.values.push(Value::removed(name));
        }
    }
    if batch.values.is_empty() {
        return Ok(());
    }
    store.commit(batch).await.map(drop)
}

/// The value of exactly this name.
pub(super) async fn value(store: &dyn Store, name: String) -> Result<Option<String>, BoxError> {
    let values = store.values(name.clone()).await?;
    let found = values.into_iter().find(|(known, _)| *known == name);
    Ok(found.map(|(_, text)| text))
}
