//! Owns one chapter's file: its methods, its operations, its types.

use std::collections::{BTreeSet, HashSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::ident;
use super::{Chunk, choice, laid, object, operation, wording};
use crate::docs;
use crate::names::RUNTIME;
use crate::sdk::{Module, Operation, Sdk, Types};

/// What only serialization uses: imported under its feature where nothing else needs it.
const SERIALIZED: &[&str] = &[
    "Encode", "Joined", "JsonText", "Number", "Private", "Text", "ToObject", "View", "Visit",
];

/// The items of a chapter's file, without the imports.
pub(super) fn module(sdk: &Sdk, module: &Module) -> Vec<Chunk> {
    let client = methods(module, &sdk.handle, true);
    let session = sdk
        .session
        .as_ref()
        .map(|session| methods(module, &session.ty, false));
    let operations = module
        .operations
        .iter()
        .flat_map(|o| operation::operation(sdk, &module.ident, o));
    let mut items: Vec<Chunk> = client;
    items.extend(session.into_iter().flatten());
    items.extend(operations);
    items.extend(types(&module.types));
    items
}

/// Structs, then open enums.
pub(super) fn types(types: &Types) -> Vec<Chunk> {
    let objects = types.objects.iter().flat_map(object::object);
    let choices = types.choices.iter().flat_map(choice::choice);
    let wordings = types.wordings.iter().flat_map(wording::wordings);
    objects.chain(choices).chain(wordings).collect()
}

fn methods(module: &Module, on: &str, on_client: bool) -> Vec<Chunk> {
    let wanted = |o: &&Operation| {
        if on_client {
            o.on_client()
        } else {
            o.on_session()
        }
    };
    let wanted: Vec<&Operation> = module.operations.iter().filter(wanted).collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let (name, title) = (module.accessor(on_client), docs::escaped(&module.title));
    let methods = wanted.into_iter();
    let methods: String = methods
        .map(|o| operation::methods(&module.ident, o))
        .collect();
    vec![
        laid::item(format!(
            "/// {title}。\n#[derive(Clone, Copy, Debug)]\npub struct {name}<'a>(&'a {on});\n"
        )),
        laid::item(format!(
            "impl<'a> {name}<'a> {{
    pub(super) fn new(on: &'a {on}) -> Self {{
        Self(on)
    }}
{methods}}}
"
        )),
    ]
}

/// Imports what the items of a file name, and nothing else.
pub(super) fn imports(named: &Named<'_>, types: &Types, sdk: &Sdk) -> TokenStream {
    let used = |name: &&&str| named.always.contains(**name);
    let runtime = RUNTIME.iter().filter(used).map(|name| ident(name));
    let only_serialized =
        |name: &&str| named.serialized.contains(*name) && !named.always.contains(*name);
    let serialized = std::iter::once("serialize").chain(SERIALIZED.iter().copied());
    let serialized: Vec<_> = serialized.filter(only_serialized).map(ident).collect();
    let declared = |name: &str| {
        types.objects.iter().any(|object| object.ident == name)
            || types.choices.iter().any(|choice| choice.ident == name)
            || types.wordings.iter().any(|wordings| wordings.ident == name)
    };
    let session = sdk.session.iter().map(|session| session.ty.as_str());
    let handle = sdk.handle.as_str();
    let own: BTreeSet<&str> = ["API", "Anywhere", "callback", handle]
        .into_iter()
        .chain(sdk.ids.iter().map(|id| id.ident.as_str()))
        .chain(
            sdk.shared
                .objects
                .iter()
                .map(|object| object.ident.as_str()),
        )
        .chain(session)
        .filter(|name| named.always.contains(*name) && !declared(name))
        .collect();
    let own: Vec<_> = own.into_iter().map(ident).collect();
    let own = (!own.is_empty()).then(|| quote!(use super::{#(#own),*};));
    let serialize = (!serialized.is_empty())
        .then(|| quote!(#[cfg(feature = "serialize")] use crate::runtime::{#(#serialized),*};));
    let uses = |name: &str| named.always.contains(name);
    let fmt = uses("fmt").then(|| {
        quote!(
            use std::fmt;
        )
    });
    let duration = uses("Duration").then(|| {
        quote!(
            use std::time::Duration;
        )
    });
    quote! {
        #fmt
        #duration
        #own
        use crate::runtime::{#(#runtime),*};
        #serialize
    }
}

/// The names that items use, always or only under the feature `serialize`.
#[derive(Default)]
pub(super) struct Named<'t> {
    always: HashSet<&'t str>,
    serialized: HashSet<&'t str>,
}

impl<'t> Named<'t> {
    /// Takes the names of one formatted item; those in its texts do not count.
    pub(super) fn read(&mut self, item: &'t str) {
        let guarded = item.starts_with("#[cfg(feature = \"serialize\")]");
        let set = if guarded {
            &mut self.serialized
        } else {
            &mut self.always
        };
        let code = item
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        if item.starts_with("choice!(") {
            set.insert("choice");
        } else if item.starts_with("wordings!(") {
            set.insert("wordings");
        } else if item.starts_with("pub enum ") || item.contains("\npub enum ") {
            // Its variants are its own names, whatever they are called; what they hold is not.
            let held = code.filter_map(|line| line.split_once(['(', ':']));
            held.for_each(|(_, held)| names(held, set));
        } else {
            code.for_each(|line| names(line, set));
        }
    }
}

/// The names on a line of code that something else has to define: types, and what is called.
fn names<'t>(line: &'t str, into: &mut HashSet<&'t str>) {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let mut at = 0;
    while let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
        // All that matters is ASCII: bytes tell as much as characters, and faster.
        let begins = |byte| is_part(byte) || byte == b'"';
        let skipped = rest.bytes().position(begins).unwrap_or(rest.len());
        let (before, rest) = line.split_at(at + skipped);
        let length = match rest.starts_with('"') {
            true => text_length(rest),
            false => rest
                .bytes()
                .position(|byte| !is_part(byte))
                .unwrap_or(rest.len()),
        };
        let (word, after) = rest.split_at(length);
        at = line.len() - after.len();
        let is_type = word.starts_with(|c: char| c.is_ascii_uppercase());
        let is_called = after.starts_with("::") || after.starts_with(['!', '(']);
        let is_member = || ["::", ".", "fn "].iter().any(|end| before.ends_with(end));
        if word.bytes().next().is_some_and(is_part) && (is_type || is_called) && !is_member() {
            into.insert(word);
        }
    }
}

/// How long the text is that begins here, with its quotes.
fn text_length(code: &str) -> usize {
    let mut escaped = false;
    let end = code.bytes().enumerate().skip(1).find(|(_, byte)| {
        let closes = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        closes
    });
    end.map_or(code.len(), |(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_used_counts() {
        let mut named = Named::default();
        named.read(
            "/// Input\nfn data(&self, choice: Vec<Json>) { f(\"Text\\\" Split\", self.Extra) }",
        );
        named.read("impl fmt::Debug for X {\n    serialize: bool, debug_object(Data::Envelope)\n}");
        named.read(
            "pub enum Kind {\n    Number,\n    Other(Scalar),\n    Text { reason: Issue },\n}",
        );
        let mut always: Vec<&str> = named.always.into_iter().collect();
        always.sort_unstable();
        assert_eq!(
            always,
            [
                "Data",
                "Issue",
                "Json",
                "Scalar",
                "Vec",
                "X",
                "debug_object",
                "f",
                "fmt"
            ]
        );
    }
}
