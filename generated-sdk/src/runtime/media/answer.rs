//! A medium as an answer to a person: it goes up when it is known that the answer goes out, and not before.

use super::medium::Medium;
use super::plan::UpPlan;
use super::up::upload;
use crate::runtime::bot::{Answering, Conversation, Talks};
use crate::runtime::call::{Error, Template};
use crate::runtime::codec::json::Json;

impl<H: Talks> Conversation<H> {
    /// Sends a medium of this kind by this template of an item.
    pub fn send_medium(
        &self,
        plan: &'static UpPlan,
        kind: &'static str,
        item: &'static Template,
        medium: Medium,
    ) -> Answering {
        let (session, person) = (self.session().clone(), self.person().to_owned());
        self.send_made(1, async move {
            if item.wants("file_name") && medium.name.as_deref().is_none_or(str::is_empty) {
                let message = "what is sent as a file has a name: `.named(\"…\")`";
                return Err(Error::misuse(message));
            }
            let uploaded = upload(&session, plan, Json::checked(kind), &person, medium).await?;
            let values = uploaded.values();
            let values: Vec<_> = values.iter().map(|(name, value)| (*name, value)).collect();
            item.filled(&values).map(|item| vec![item])
        })
    }
}
