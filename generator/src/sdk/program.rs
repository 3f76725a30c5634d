//! Owns what is known of a vendor's program that fetches its commands: where it comes.

use catalog::config::{ProgramVisits, Transport};
use catalog::diagnostic::{Code, Diagnostic};

use super::Annotator;

/// What there is to paste where nothing says where a program comes.
const VISITS: &str = r#"[program]
events = "/events"       # where it posts events, unless told otherwise
commands = "/commands"   # where it asks for commands
account = "wxid"         # the key of the account in that query
process = "pid"          # the key of the process"#;

impl Annotator<'_> {
    /// Nothing where no program fetches the commands, or nothing says where it comes.
    pub(super) fn program(&mut self) -> Option<ProgramVisits> {
        if self.config.transport != Transport::Poll {
            return None;
        }
        let declared = self.config.program.clone();
        let first = self.config.api.first().map(|api| &api.id);
        // All APIs of a provider share what is declared.
        if declared.is_none() && self.api.as_ref() == first {
            let message = "nothing says where the program comes with its events and for its commands: no `Hub` is made";
            self.namer
                .report(Diagnostic::new(Code::NoServer, message).fix(VISITS));
        }
        declared
    }
}
