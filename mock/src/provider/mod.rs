//! What the documents say of one vendor's gateway: a provider folder in, its operations with their answers out.
//!
//! ```no_run
//! let acme = mock_gateway::Vendor::read("my-catalog/acme")?;
//! assert!(acme.operations().any(|operation| operation.path() == "/sendText"));
//! # Ok::<(), mock_gateway::Unplayable>(())
//! ```

mod callback;
mod folder;
mod operation;

use crate::value;
use catalog::config::{Config, Layouts, MockGateway, SocketLayout, Transport, succeeds};
use catalog::load::Loaded;
use catalog::model::{Event, Field, Provider, SampleRole, parted};
use serde_json::{Map, Value};
use std::fmt;
use std::path::Path;
use std::sync::Arc;

pub use folder::Unplayable;
pub use operation::Operation;

/// A vendor's gateway as its documents describe it; of a vendor's several APIs, one.
pub struct Vendor {
    id: String,
    api: Option<String>,
    provider: Arc<Provider>,
    pub(crate) config: Arc<Config>,
    /// What is said to clients.
    pub(crate) texts: MockGateway,
    failure: String,
    numeric: bool,
    operations: Vec<Arc<Operation>>,
    /// Every event, in the order of the documents.
    pub(crate) events: Vec<Arc<Event>>,
    /// What the documents show at each address, where addresses tell callbacks apart.
    callbacks: Vec<(String, Value)>,
}

impl Vendor {
    /// Reads a provider folder: `provider.toml`, and the specifications or `api_catalog.json`. Of several APIs, it is
    /// the last.
    ///
    /// # Errors
    ///
    /// If `cargo xtask inspect` would find an error there.
    pub fn read(folder: impl AsRef<Path>) -> Result<Arc<Self>, Unplayable> {
        folder::last(folder::read(folder.as_ref())?)
    }

    /// The same, of a vendor with several APIs, the one that is called so.
    ///
    /// # Errors
    ///
    /// If `cargo xtask inspect` would find an error there, or there is no such API.
    pub fn read_api(folder: impl AsRef<Path>, api: &str) -> Result<Arc<Self>, Unplayable> {
        folder::named(folder::read(folder.as_ref())?, api)
    }

    /// One of the vendors whose documents are built in (`dami`, `eyun`, `ilink`, `padchat`, `wequick`), read once.
    ///
    /// # Errors
    ///
    /// If there is no such vendor.
    pub fn built_in(id: &str) -> Result<Arc<Self>, Unplayable> {
        folder::last(folder::built_in(id)?)
    }

    /// The same, of a vendor with several APIs, the one that is called so.
    ///
    /// # Errors
    ///
    /// If there is no such vendor or API.
    pub fn built_in_api(id: &str, api: &str) -> Result<Arc<Self>, Unplayable> {
        folder::named(folder::built_in(id)?, api)
    }

    /// One for each API.
    fn of(loaded: Loaded) -> Vec<Arc<Self>> {
        let Loaded {
            config, provider, ..
        } = loaded;
        let (config, provider) = (Arc::new(config), Arc::new(provider));
        let apis = config.api.iter().map(|api| Some(api.id.clone()));
        let apis: Vec<Option<String>> = match config.api.is_empty() {
            true => vec![None],
            false => apis.collect(),
        };
        let vendor = |api: Option<String>| Self::api_of(&provider, &config, api);
        apis.into_iter().map(|api| Arc::new(vendor(api))).collect()
    }

    fn api_of(provider: &Arc<Provider>, config: &Arc<Config>, api: Option<String>) -> Self {
        let texts = config.mock.clone().unwrap_or_default();
        let reply = config.layouts(api.as_deref()).reply;
        let modules = provider.modules.iter();
        let modules: Vec<_> = modules.filter(|module| module.api == api).collect();
        let documented = modules.iter().flat_map(|module| &module.operations);
        let code_of = |answer: &catalog::json::Value| {
            let mut keys = reply.code.iter();
            keys.find_map(|key| answer.get(key)).cloned()
        };
        let replies = documented.clone().flat_map(|operation| &operation.samples);
        let mut replies = replies.filter(|sample| sample.role == SampleRole::Reply);
        let code = replies.find_map(|sample| code_of(&sample.value));
        let events = modules.iter().flat_map(|module| &module.events);
        let mut vendor = Self {
            id: provider.id.clone(),
            provider: Arc::clone(provider),
            failure: texts
                .failure
                .clone()
                .unwrap_or_else(|| failure(&reply.success)),
            numeric: texts
                .numeric
                .unwrap_or_else(|| code.is_some_and(|code| value(code).is_number())),
            config: Arc::clone(config),
            texts,
            operations: Vec::new(),
            events: events.clone().cloned().collect(),
            callbacks: callback::documented(events, config.layouts(api.as_deref()).event),
            api,
        };
        let operations = documented.map(|facts| Arc::new(Operation::new(&vendor, facts)));
        vendor.operations = operations.collect();
        vendor
    }

    /// The members of a field, wherever they are described.
    pub(crate) fn members<'v>(&'v self, field: &'v Field) -> &'v [Field] {
        self.provider.described(self.api.as_deref()).members(field)
    }

    /// Its name, and that of the API where it has several: `eyun`, `wequick::v2`.
    pub fn name(&self) -> String {
        match &self.api {
            Some(api) => format!("{}::{api}", self.id),
            None => self.id.clone(),
        }
    }

    /// Every operation, in the order of the documents.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.operations.iter().map(AsRef::as_ref)
    }

    /// Whether a program of the vendor comes to its users, and no gateway waits for them.
    pub fn is_program(&self) -> bool {
        self.config.transport == Transport::Poll
    }

    pub(crate) fn layouts(&self) -> Layouts<'_> {
        self.config.layouts(self.api.as_deref())
    }

    /// The header that carries the authorization, and what stands before it there; empty if there is none.
    pub(crate) fn authorization(&self) -> (&str, &str) {
        let auth = self.config.auth.as_ref();
        auth.map_or(("", ""), |auth| (&auth.header, &auth.prefix))
    }

    /// How a connection begins, where calls travel on one.
    pub(crate) fn socket(&self) -> Option<&SocketLayout> {
        (self.config.transport == Transport::Websocket).then_some(&self.config.socket)
    }

    /// The operation that must come first on a connection.
    pub(crate) fn is_first(&self, operation: &Operation) -> bool {
        let first = self.config.socket.first.as_deref();
        first.is_some_and(|first| first == operation.id() || first == operation.path())
    }

    /// The operations at a path; where none has it as its own, those whose path has parameters in it.
    pub(crate) fn at(&self, path: &str) -> impl Iterator<Item = &Arc<Operation>> {
        let is_own = move |operation: &&Arc<Operation>| {
            operation.path() == path || parted(operation.path()).0.trim_end_matches('/') == path
        };
        let has_own = self.operations.iter().any(|operation| is_own(&operation));
        self.operations
            .iter()
            .filter(move |operation| match has_own {
                true => is_own(operation),
                false => operation.in_path(path).is_some(),
            })
    }

    /// The operation that an id, or a path of its own, names.
    pub(crate) fn named(&self, name: &str) -> Option<&Arc<Operation>> {
        let mut operations = self.operations.iter();
        let by_id = operations.find(|operation| operation.id() == name);
        by_id.or_else(|| self.at(name).next())
    }

    /// What the documents show at an address.
    pub(crate) fn callback(&self, address: &str) -> Option<&Value> {
        let mut callbacks = self.callbacks.iter();
        let (_, shown) = callbacks.find(|(known, _)| known == address)?;
        Some(shown)
    }

    /// An envelope with this code and text, and no data; an empty code is left out.
    pub(crate) fn envelope(&self, code: &str, message: &str) -> Value {
        let reply = self.layouts().reply;
        let mut envelope = Map::new();
        if let Some(key) = reply.message.first() {
            envelope.insert(key.clone(), message.into());
        }
        if let Some(key) = reply.code.first().filter(|_| !code.is_empty()) {
            envelope.insert(key.clone(), self.code(code));
        }
        if let Some(key) = &reply.payload {
            envelope.insert(key.clone(), Value::Null);
        }
        let members = self.texts.members.iter();
        envelope.extend(members.map(|(name, value)| (name.clone(), value.as_str().into())));
        Value::Object(envelope)
    }

    /// A refusal with this text.
    pub(crate) fn refusal(&self, message: &str) -> Value {
        self.envelope(&self.failure, message)
    }

    /// A code as the wire has it: a boolean where it reads like one, otherwise a number or a text.
    pub(crate) fn code(&self, text: &str) -> Value {
        let number = text.parse::<i64>().ok().filter(|_| self.numeric);
        match (text, number) {
            ("true", _) => Value::Bool(true),
            ("false", _) => Value::Bool(false),
            (_, Some(number)) => number.into(),
            (text, None) => text.into(),
        }
    }

    /// The code in an answer, as text: of several the first that is none of these.
    pub(crate) fn code_of(&self, answer: &Value, success: &[String]) -> Option<String> {
        let keys = self.layouts().reply.code.iter();
        let codes = keys.filter_map(|key| answer.get(key).map(plain));
        let mut codes = codes
            .filter(|code| !code.is_empty() && code != "null")
            .peekable();
        let first = codes.peek().cloned();
        codes.find(|code| !succeeds(success, code)).or(first)
    }

    /// Whether an answer says what the data is around it, so that it has a place of its own.
    pub(crate) fn is_enveloped(&self, answer: &Value) -> bool {
        let reply = self.layouts().reply;
        let mut keys = reply.code.iter().chain(&reply.payload);
        answer.is_object() && keys.any(|key| answer.get(key).is_some())
    }
}

impl fmt::Debug for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Vendor").field(&self.name()).finish()
    }
}

/// A code that no success has.
fn failure(success: &[String]) -> String {
    let mut failing = success.iter().filter_map(|code| code.strip_prefix('!'));
    let candidates = match success.iter().any(|code| code == "true") {
        true => ["false", "1", "0"],
        false => ["1", "0", "-1"],
    };
    let mut candidates = candidates.into_iter();
    let free = candidates.find(|code| !succeeds(success, code));
    failing.next().or(free).unwrap_or("failure").to_owned()
}

/// A text as it is, anything else as JSON.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::failure;

    #[test]
    fn a_refusal_never_has_the_code_of_a_success() {
        let code = |success: &[&str]| {
            failure(&success.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(code(&["1000"]), "1");
        assert_eq!(code(&["1"]), "0");
        assert_eq!(code(&["true"]), "false");
        assert_eq!(
            (code(&["!0"]), code(&["!-7", ""])),
            ("0".to_owned(), "-7".to_owned())
        );
        assert_eq!(code(&["", "0"]), "1");
    }
}
