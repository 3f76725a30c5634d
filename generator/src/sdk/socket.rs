//! Owns how a connection begins on which calls travel: the call that must come first.

use catalog::config::Transport;
use catalog::diagnostic::{Code, Diagnostic};

use super::Annotator;
use super::{Module, Operation, Type};

/// How a connection begins on which calls travel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Socket {
    /// The call that must come first.
    pub first: Option<FirstCall>,
    /// How many seconds the gateway waits for it.
    pub within_s: u32,
}

/// The call that must come first on a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstCall {
    /// The Rust module of its request.
    pub module: String,
    /// The type of its request.
    pub request: String,
    /// The vendor's title.
    pub title: String,
    /// Its only parameter, a secret.
    pub param: String,
}

impl Annotator<'_> {
    /// Nothing where calls travel otherwise.
    pub(super) fn socket(&mut self, modules: &[Module]) -> Option<Socket> {
        if self.config.transport != Transport::Websocket {
            return None;
        }
        let declared = &self.config.socket;
        let first = declared.first.as_ref().and_then(|name| {
            let found = first(modules, name);
            if let Err(message) = &found {
                let help = "in [socket], `first` names the id or wire of an operation that takes one secret";
                self.namer
                    .report(Diagnostic::error(Code::BadConfig, message).help(help));
            }
            found.ok()
        });
        Some(Socket {
            first,
            within_s: declared.within_s,
        })
    }
}

fn is_called(operation: &Operation, name: &str) -> bool {
    operation.model.id == name || operation.model.wire == name
}

fn first(modules: &[Module], name: &str) -> Result<FirstCall, String> {
    let find = |module: &&Module| module.operations.iter().any(|o| is_called(o, name));
    let module = modules.iter().find(find);
    let operation = module.and_then(|m| m.operations.iter().find(|o| is_called(o, name)));
    let (Some(module), Some(operation)) = (module, operation) else {
        return Err(format!("no operation is called `{name}`"));
    };
    match operation.params.as_slice() {
        [only] if only.required && only.field.ty == Type::Secret => Ok(FirstCall {
            module: module.ident.clone(),
            request: operation.request.clone(),
            title: operation.model.title.clone(),
            param: only.field.ident.clone(),
        }),
        _ => Err(format!("`{name}` does not take exactly one secret")),
    }
}
