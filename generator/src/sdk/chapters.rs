//! Owns what a provider has beside its chapters: their English names, and all requests in one place.
//!
//! In: the chapters, annotated, and `[modules]` of `provider.toml`. Out: `messages` for `xiao_xi_fa_song`, and what speaks
//! against it: a name that something else has, two requests of one name in different chapters.

use std::collections::BTreeMap;

use catalog::diagnostic::{Code, Diagnostic};

use super::Module;
use super::annotate::{Annotator, rename};
use crate::case::Words;
use crate::names::is_own_module;

impl Annotator<'_> {
    /// The English name of a chapter must be one, and nobody else's.
    pub(super) fn claim_english(&mut self, modules: &[Module]) {
        let session = self.session.as_ref().map(|session| session.ident.clone());
        let mut taken = self.modules.clone();
        for module in modules {
            let Some(name) = &module.english else {
                continue;
            };
            let chapter = &module.slug;
            let problem = if Words::of_wire(name).snake() != *name {
                format!("`{name}`, for the chapter `{chapter}`, is no name in snake case")
            } else if is_own_module(name) || session.as_ref() == Some(name) {
                format!("`{name}`, for the chapter `{chapter}`, is something that every client has")
            } else if let Some(first) = taken.insert(name.clone(), chapter.clone()) {
                format!("the chapters `{first}` and `{chapter}` would both be called `{name}`")
            } else {
                continue;
            };
            let help = "choose another name in [modules] of provider.toml";
            self.namer
                .report(Diagnostic::error(Code::NameClash, problem).help(help));
        }
    }

    /// Two requests of one name cannot stand in one place.
    pub(super) fn claim_requests(&mut self, modules: &[Module]) {
        if !self.config.all_requests {
            return;
        }
        let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
        for module in modules {
            for operation in &module.operations {
                let (id, request) = (&operation.model.id, &operation.request);
                if self.clashing.contains(id) {
                    continue;
                }
                let Some(first) = taken.insert(request, id) else {
                    continue;
                };
                let name = format!("{}_{}", module.shown(), operation.method);
                let message =
                    format!("`{first}` and `{id}` would both be called `requests::{request}`");
                let clash = Diagnostic::error(Code::NameClash, message)
                    .at_if(operation.model.source.at.clone())
                    .help("name one of them, or have no list of all requests: `all_requests = false` in provider.toml")
                    .fix(rename(self.api.as_deref(), id, &name));
                self.namer.report(clash);
            }
        }
    }
}
