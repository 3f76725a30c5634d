//! What a conversation calls its values in the store.
//!
//! ```text
//! login/<api>/<bot>/talk/<person>/right            what its newest message gives: a new login begins without it
//!                                /ticket           what typing is shown with
//! talk/<api>/<bot>/<person>/<message>/<client id>  a send that counts for that message; /<message>/closed
//!                          /said/<message>/<n>     what became of the n-th answer to a message
//! ```

use super::plan::TalkPlan;
use crate::runtime::store::login_names;

/// The names of one conversation.
#[derive(Clone)]
pub(super) struct Names {
    /// What goes with the login.
    login: String,
    talk: String,
}

impl Names {
    pub(super) fn of(plan: &TalkPlan, bot: &str, person: &str) -> Self {
        let api = plan.operation.api.name;
        let person = plain(person);
        Self {
            login: format!("{}talk/{person}/", login_names(api, bot)),
            talk: format!("talk/{api}/{}/{person}/", plain(bot)),
        }
    }

    pub(super) fn right(&self) -> String {
        format!("{}right", self.login)
    }

    pub(super) fn ticket(&self) -> String {
        format!("{}ticket", self.login)
    }

    /// Everything that counts for a message.
    pub(super) fn counted(&self, message: u128) -> String {
        format!("{}{message:032x}/", self.talk)
    }

    pub(super) fn said(&self, message: u128, ordinal: u32) -> String {
        format!("{}said/{message:032x}/{ordinal}", self.talk)
    }
}

/// Says that the vendor lets nothing through; behind [`Names::counted`].
pub(super) const CLOSED: &str = "closed";

/// An id without what stands between two.
fn plain(id: &str) -> String {
    id.replace('%', "%25").replace('/', "%2F")
}
