//! Owns what is known of a vendor's program that fetches its commands: where it comes, and what one needs that stands
//! in for it.

use catalog::config::Transport;
use catalog::model::{self, Provider};

use super::Lowering;
use crate::docs;
use crate::sdk::{EventSample, Program, ProgramCommand};

impl Lowering<'_> {
    /// Nothing where no program fetches the commands, or nothing says where it comes.
    pub(super) fn program(&self, provider: &Provider) -> Option<Program> {
        let visits = self.config.program.clone()?;
        if self.config.transport != Transport::Poll {
            return None;
        }
        let events = self.chapters(provider).flat_map(|module| &module.events);
        let operations = self.chapters(provider);
        let operations = operations.flat_map(|module| &module.operations);
        Some(Program {
            visits,
            wrap: (self.config.layouts(self.api.as_deref()))
                .request
                .payload
                .clone(),
            events: events.filter_map(event).collect(),
            commands: operations.map(command).collect(),
        })
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
