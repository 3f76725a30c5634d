//! Owns what is known of a vendor's program that fetches its commands: where it comes, and what one needs that stands
//! in for it.

use catalog::config::{ProgramVisits, Transport};
use catalog::diagnostic::{Code, Diagnostic};
use catalog::model::{self, Provider};

use super::Annotator;
use crate::docs;

/// The vendor's program that posts events and fetches commands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Where it comes, and how it says who it is.
    pub visits: ProgramVisits,
    /// The member that the parameters of a command are wrapped in.
    pub wrap: Option<String>,
    /// What one can post that stands in for it: every documented event.
    pub events: Vec<EventSample>,
    /// What one can execute.
    pub commands: Vec<ProgramCommand>,
}

/// An event as the documents print it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventSample {
    /// Every code of it.
    pub wire: Vec<String>,
    /// What it is.
    pub title: String,
    /// The whole message, as JSON.
    pub sample: String,
}

/// A command as a program knows it that stands in for the vendor's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramCommand {
    /// The wire name.
    pub wire: String,
    /// What it is.
    pub title: String,
    /// Parameters that must be there.
    pub required: Vec<String>,
}

/// What there is to paste where nothing says where a program comes.
const VISITS: &str = r#"[program]
events = "/events"       # where it posts events, unless told otherwise
commands = "/commands"   # where it asks for commands
account = "wxid"         # the key of the account in that query
process = "pid"          # the key of the process"#;

impl Annotator<'_> {
    /// Nothing where no program fetches the commands, or nothing says where it comes.
    pub(super) fn program(&mut self, provider: &Provider) -> Option<Program> {
        if self.config.transport != Transport::Poll {
            return None;
        }
        let visits = self.visits()?;
        let events = self.chapters(provider).flat_map(|module| &module.events);
        let operations = self.chapters(provider);
        let operations = operations.flat_map(|module| &module.operations);
        Some(Program {
            visits,
            wrap: (self.config.layouts(self.api.as_deref()))
                .request
                .payload
                .clone(),
            events: events.filter_map(|one| event(one)).collect(),
            commands: operations.map(|one| command(one)).collect(),
        })
    }

    fn visits(&mut self) -> Option<ProgramVisits> {
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

/// An event that the documents print; its code is the heading's, which is right where a sample is not.
fn event(event: &model::Event) -> Option<EventSample> {
    let sample = event.samples.first()?;
    Some(EventSample {
        wire: event.wire.clone(),
        title: visible(&event.title),
        sample: visible(&sample.value.to_string()),
    })
}

fn command(operation: &model::Operation) -> ProgramCommand {
    let required = operation.params.iter().filter(|field| field.required);
    ProgramCommand {
        wire: operation.wire.clone(),
        title: visible(&operation.title),
        required: required.map(|field| field.wire.clone()).collect(),
    }
}

fn visible(text: &str) -> String {
    text.chars().filter(|c| !docs::is_invisible(*c)).collect()
}
