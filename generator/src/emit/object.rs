//! Owns structs: replies, and the objects inside of requests.

use proc_macro2::TokenStream;
use quote::quote;

use super::Chunk;
use super::laid::{self, documentation, literal};
use super::tokens::{argument, ident};
use crate::sdk::{Coding, Member, Object, Prefix, Type};

pub(super) fn object(object: &Object) -> Vec<Chunk> {
    if object.sent {
        sent(object)
    } else {
        received(object)
    }
}

/// The struct itself. What is private in it needs a `Debug` of its own.
fn declared(object: &Object, fields: &str) -> Chunk {
    let debug = if has_private(object) { "" } else { "Debug, " };
    let fields = match fields {
        "" => String::new(),
        fields => format!("\n{fields}"),
    };
    laid::item(format!(
        "{}#[derive(Clone, {debug}Default)]\n#[non_exhaustive]\npub struct {} {{{fields}}}\n",
        documentation(&object.docs, ""),
        object.ident
    ))
}

fn has_private(object: &Object) -> bool {
    object.members.iter().any(|member| member.private)
}

/// `Debug` written out, where something is private.
fn debug(object: &Object) -> Option<Chunk> {
    if !has_private(object) {
        return None;
    }
    let (name, text) = (ident(&object.ident), &object.ident);
    let fields = object.members.iter().map(|member| {
        let (field, text) = (ident(&member.ident), &member.ident);
        if member.private {
            quote!((#text, &Hidden),)
        } else {
            quote!((#text, &self.#field),)
        }
    });
    let raw = object.raw.then(|| quote!(("raw", &self.raw),));
    let senders = object.prefixes.iter().map(|prefix| {
        let (field, text) = (ident(&prefix.into), &prefix.into);
        quote!((#text, &self.#field),)
    });
    Some(Chunk::Items(quote! {
        impl fmt::Debug for #name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                debug_fields(#text, &[#(#fields)* #(#senders)* #raw], f)
            }
        }
    }))
}

fn received(object: &Object) -> Vec<Chunk> {
    let name = &object.ident;
    let member = |member: &Member| laid::field(&member.docs, &member.ident, &object.held(member));
    let mut fields: String = object.members.iter().map(member).collect();
    for prefix in &object.prefixes {
        let line = format!("拆自 `{}` 开头的发送者；没有时为 `None`。", prefix.text);
        fields += &laid::field(&[line], &prefix.into, "Option<String>");
    }
    if object.raw {
        fields += &laid::field(&["收到时的原样。".to_owned()], "raw", "Json");
    }
    let serialized = "#[cfg(feature = \"serialize\")]\n";
    let mut chunks = vec![declared(object, &fields)];
    chunks.extend(debug(object));
    chunks.extend(worded(object));
    chunks.extend([
        reader(object),
        laid::item(format!("{serialized}{}", members(name, &object.members))),
        laid::item(format!("{serialized}serialize!({name});\n")),
    ]);
    chunks
}

/// Methods that say which of the documented wordings a text is.
fn worded(object: &Object) -> Option<Chunk> {
    let methods = object.members.iter().filter_map(|member| {
        let (field, wordings) = (&member.ident, member.wordings.as_ref()?);
        let line = format!("`{field}` 是文档所列的哪一种；都不是时为 `None`。");
        let signature = laid::signature(
            &format!("{field}_wording"),
            &["&self".to_owned()],
            &format!("Option<{wordings}>"),
        );
        let of = match member.certain {
            true => format!("{wordings}::of(&self.{field})"),
            false => format!("self.{field}.as_deref().and_then({wordings}::of)"),
        };
        let docs = documentation(&[line], "    ");
        Some(format!("{docs}{signature}        {of}\n    }}\n"))
    });
    let methods: String = methods.collect();
    let name = &object.ident;
    (!methods.is_empty()).then(|| laid::item(format!("impl {name} {{\n{methods}}}\n")))
}

/// How an object is read.
fn reader(object: &Object) -> Chunk {
    let slots: Vec<String> = object.members.iter().map(slot).collect();
    let aliases: Vec<String> = object.members.iter().flat_map(aliases).collect();
    let is_usual = aliases.is_empty() && object.prefixes.is_empty() && !object.raw;
    let read = if is_usual {
        laid::object(&slots)
    } else {
        unusual_read(object, &slots, &aliases)
    };
    let text = format!(
        "impl FromObject for {} {{\n    #[inline]\n    fn read(&mut self, input: &mut Input<'_>) -> bool {{\n{read}    }}\n}}\n",
        object.ident
    );
    if is_usual {
        laid::item(text)
    } else {
        Chunk::Source(text)
    }
}

/// The same with what few objects have: other spellings, the raw text, ids in front of a text.
fn unusual_read(object: &Object, slots: &[String], aliases: &[String]) -> String {
    let slots = slots.join(", ");
    let mut read = if aliases.is_empty() {
        format!("input.object(&mut [{slots}])")
    } else {
        format!(
            "input.object_with(&mut [{slots}], &[{}])",
            aliases.join(", ")
        )
    };
    if !object.prefixes.is_empty() {
        let splits = object.prefixes.iter().map(split);
        let splits = quote!(#(#splits)*);
        read = format!("let read = {read}; {splits} read");
    }
    if object.raw {
        read.insert_str(0, "self.raw = input.whole(); ");
    }
    read
}

/// Takes the id off the start of a text.
fn split(prefix: &Prefix) -> TokenStream {
    let (into, text, sender) = (
        ident(&prefix.into),
        ident(&prefix.text),
        ident(&prefix.sender),
    );
    let (mark, like, except) = (&prefix.mark, &prefix.like, &prefix.except);
    let sender = if prefix.sender_is_id {
        quote!(self.#sender.as_ref().map(|id| id.as_str()))
    } else {
        quote!(self.#sender.as_deref())
    };
    quote! {
        const PREFIX: Prefix = Prefix { mark: #mark, like: &[#(#like),*], except: &[#(#except),*] };
        if let Some(id) = split_prefix(&PREFIX, &mut self.#text, #sender) {
            self.#into = Some(id);
        }
    }
}

/// Where a member's value goes to: a list out of one text, or JSON out of a text, first.
pub(super) fn slot(member: &Member) -> String {
    let (wire, field) = (literal(&member.wire), &member.ident);
    match &member.coding {
        Coding::Joined(separator) => {
            let separator = literal(separator);
            format!("({wire}, &mut Split(&mut self.{field}, {separator}))")
        }
        Coding::JsonText => format!("({wire}, &mut FromJsonText(&mut self.{field}))"),
        Coding::Plain | Coding::Number | Coding::Text => format!("({wire}, &mut self.{field})"),
    }
}

/// Other spellings of a member, each with the one that counts.
pub(super) fn aliases(member: &Member) -> impl Iterator<Item = String> + '_ {
    let pair = |alias: &String| format!("({}, {})", literal(alias), literal(&member.wire));
    member.aliases.iter().map(pair)
}

/// One field on its way out.
pub(super) fn entry(member: &Member, envelope: bool) -> String {
    entry_of(member, envelope, format!("&self.{}", member.ident))
}

/// One value on its way out, wherever it stands.
pub(super) fn entry_of(member: &Member, envelope: bool, plain: String) -> String {
    let wire = literal(&member.wire);
    let mut coded = match &member.coding {
        Coding::Plain if member.ty == Type::Secret => format!("&Private({plain})"),
        Coding::Plain => plain,
        Coding::Number => format!("&Number({plain})"),
        Coding::Text => format!("&Text({plain})"),
        Coding::Joined(separator) => format!("&Joined({plain}, {})", literal(separator)),
        Coding::JsonText => format!("&JsonText({plain})"),
    };
    if member.private && member.ty != Type::Secret {
        coded = format!("&Private({coded})");
    }
    if envelope {
        coded = format!("&Envelope({coded})");
    }
    format!("({wire}, {coded})")
}

/// How an object shows its members.
fn members(name: &str, members: &[Member]) -> String {
    let entries: Vec<String> = members.iter().map(|member| entry(member, false)).collect();
    let visit = laid::visit(&entries);
    format!(
        "impl ToObject for {name} {{\n    fn members(&self, visit: Visit<'_>) {{\n{visit}    }}\n}}\n"
    )
}

/// An object inside of a request: nothing in it is required, everything can be set.
fn sent(object: &Object) -> Vec<Chunk> {
    let field = |member: &Member| laid::field(&member.docs, &member.ident, &object.held(member));
    let fields: String = object.members.iter().map(field).collect();
    let setters: String = object.members.iter().map(setter).collect();
    let mut chunks = vec![declared(object, &fields)];
    chunks.extend(debug(object));
    chunks.extend([
        laid::item(format!("impl {} {{\n{setters}}}\n", object.ident)),
        laid::item(members(&object.ident, &object.members)),
    ]);
    chunks
}

/// A chained setter of an optional field.
pub(super) fn setter(member: &Member) -> String {
    let field = &member.ident;
    let (argument, value) = argument(&member.ty, field);
    let arguments = ["mut self".to_owned(), format!("{field}: {argument}")];
    format!(
        "{}{}    #[must_use]\n{}        self.{field} = Some({value});\n        self\n    }}\n",
        documentation(&member.docs, "    "),
        laid::deprecated(member.deprecated),
        laid::signature(field, &arguments, "Self"),
    )
}
