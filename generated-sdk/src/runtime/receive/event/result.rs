//! Events that say what became of a command: which of their fields do.

use crate::runtime::codec::Scalar;

/// How the result of a command looks among the events: by its keys, whatever the event's code is.
#[derive(Debug)]
pub struct ResultLayout {
    /// The key of the command's id.
    pub id: &'static str,
    /// The key of what came of it.
    pub outcome: &'static str,
    /// The key of what went wrong; where it is empty, nothing did.
    pub reason: &'static str,
}

/// What became of a command, as an event says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandResult {
    /// The command's id.
    pub id: String,
    /// What went wrong; `None`: nothing did.
    pub reason: Option<String>,
}

impl ResultLayout {
    /// What became of a command, if a payload says so: `field` looks into it.
    pub(crate) fn read(
        &self,
        field: impl Fn(&str) -> Option<Option<Scalar>>,
    ) -> Option<CommandResult> {
        let id = field(self.id)??;
        let (outcome, reason) = (field(self.outcome), field(self.reason));
        (outcome.is_some() || reason.is_some()).then(|| CommandResult {
            id: id.as_str().to_owned(),
            reason: reason
                .flatten()
                .map(Scalar::into_text)
                .filter(|reason| !matches!(reason.as_str(), "" | "null")),
        })
    }
}
