//! Owns structs and the types of their fields: scalars, ids, lists, what is nested.

use catalog::diagnostic::{Code, Diagnostic};
use catalog::model::{self, Encoding, Field};
use catalog::spelling::toml_string;

use super::annotate::{Annotator, first_clause};
use super::twins::twins;
use crate::case::Words;
use crate::docs;
use crate::names::{self, Side};
use crate::sdk::{Coding, Type};

/// A struct.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// Its name, e.g. `SentMessage`.
    pub ident: String,
    /// Markdown.
    pub docs: Vec<String>,
    /// Its fields.
    pub members: Vec<Member>,
    /// Fields that are taken out of others.
    pub prefixes: Vec<Prefix>,
    /// It is sent.
    pub sent: bool,
    /// It is received.
    pub received: bool,
    /// It keeps what it was read from.
    pub raw: bool,
}

impl Object {
    /// A field's type: nothing that is sent in an object is required.
    pub fn held(&self, member: &Member) -> String {
        match self.received {
            true => member.held(),
            false => format!("Option<{}>", member.ty.rust()),
        }
    }
}

/// A field of a struct.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// `label_name`.
    pub ident: String,
    /// `labelName`.
    pub wire: String,
    /// Further spellings, e.g. `labelname`.
    pub aliases: Vec<String>,
    /// What it holds.
    pub ty: Type,
    /// How it is written.
    pub coding: Coding,
    /// Always there.
    pub certain: bool,
    /// What people wrote to each other: `Debug` does not show it.
    pub private: bool,
    /// Not to be used any more.
    pub deprecated: bool,
    /// The enum of its documented wordings, e.g. `RoomNotice`.
    pub wordings: Option<String>,
    /// Markdown.
    pub docs: Vec<String>,
}

impl Member {
    /// Its type in a reply: absent is normal, unless the catalog is certain.
    pub fn held(&self) -> String {
        let plain = self.ty.rust();
        match self.ty {
            Type::List(_) => plain,
            _ if self.certain => plain,
            _ => format!("Option<{plain}>"),
        }
    }
}

/// An id at the start of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefix {
    /// The field that the id goes to, e.g. `room_sender`.
    pub into: String,
    /// The field with the text, e.g. `content`.
    pub text: String,
    /// The field with the sender, e.g. `from_user`.
    pub sender: String,
    /// How the sender is had as text: it is an id, not a text.
    pub sender_is_id: bool,
    /// What stands between, e.g. `:\n`.
    pub mark: String,
    /// What is an id by its looks, e.g. `wxid_*`.
    pub like: Vec<String>,
    /// Senders that name nobody, e.g. `*@chatroom`.
    pub except: Vec<String>,
}

/// What fields belong to.
#[derive(Clone, Debug)]
pub(super) struct Owner {
    /// The words of the type that holds them.
    pub(super) words: Words,
    /// The operation's id, and the path so far: what diagnostics call it.
    pub(super) id: String,
    /// Where it stands on the wire.
    pub(super) at: names::Place,
    /// The API, where a provider has several.
    pub(super) api: Option<String>,
}

impl Owner {
    pub(super) fn inner(&self, field: &Words, wire: &str) -> Self {
        Self {
            words: match self.at.side {
                Side::Structure => self.words.then_once(field),
                _ => self.words.then(field),
            },
            id: format!("{} {wire}", self.id),
            at: self.at.below(wire),
            api: self.api.clone(),
        }
    }

    /// A correction of this field.
    pub(super) fn correction(&self, says: &str) -> String {
        let side = match self.at.side {
            Side::Call => "param",
            _ => "field",
        };
        format!(
            "[[correction]]\n{}\n{side} = {}\n{says}\nwhy = \"…\"",
            named(self.api.as_deref(), &self.id),
            toml_string(&self.at.path.join("."))
        )
    }

    /// The correction that gives this field another name.
    pub(super) fn rename(&self) -> Option<String> {
        let name = Words::of_wire(self.at.path.last()?).numbered(2);
        Some(self.correction(&format!("rename = \"{name}\"")))
    }
}

impl Annotator<'_> {
    /// Declares a struct and everything below it.
    pub(super) fn object(&mut self, owner: &Owner, doc: String, fields: &[Field]) -> Type {
        let ident = self.namer.type_at(owner.at.clone(), &owner.words);
        self.object_called(ident, owner, vec![doc], fields)
    }

    /// The same, its name given.
    pub(super) fn object_called(
        &mut self,
        ident: String,
        owner: &Owner,
        docs: Vec<String>,
        fields: &[Field],
    ) -> Type {
        let (sent, received) = self.ways(owner);
        let members = self.members(owner, fields);
        let at = fields.first().and_then(|field| field.source.clone());
        let fix = owner.rename().or_else(|| self.rename.clone());
        self.claim(&ident, &owner.id, at, fix);
        self.scope.objects.push(Object {
            ident: ident.clone(),
            docs,
            members,
            prefixes: Vec::new(),
            sent,
            received,
            raw: false,
        });
        Type::Object(ident)
    }

    /// The fields of a struct; two that want one name are an error.
    pub(super) fn members<'f>(
        &mut self,
        owner: &Owner,
        fields: impl IntoIterator<Item = &'f Field>,
    ) -> Vec<Member> {
        let fields: Vec<&Field> = fields.into_iter().collect();
        let members = fields.iter().map(|field| self.member(owner, field));
        let members: Vec<Member> = members.collect();
        let named = members.iter().map(|member| &*member.ident).zip(fields);
        for (name, first, field) in twins(&[], named) {
            let first = first.map_or("", |first| &first.wire);
            let fix = owner.inner(&owner.words, &field.wire).rename();
            let at = field.source.clone();
            self.namer.clash(name, first, &field.wire, at, fix);
        }
        members
    }

    fn member(&mut self, owner: &Owner, field: &Field) -> Member {
        let (ident, words) = self.namer.field(&owner.at, field);
        let mut ty = self.typed(owner, &words, field);
        let (sent, received) = self.ways(owner);
        if field.nullable && sent && !received {
            ty = Type::Maybe(Box::new(ty));
        }
        self.check_certain(owner, field);
        let wordings = match ty {
            Type::Text if !sent => self.wordings(&owner.inner(&words, &field.wire), field),
            _ => None,
        };
        if field.certain && matches!(ty, Type::Id(_) | Type::Choice(_)) {
            let message = format!(
                "`{}` cannot be certain: no value could stand for it",
                field.wire
            );
            let certain = Diagnostic::error(Code::BadCorrection, message)
                .at_if(field.source.clone())
                .help("ids and enumerations have no default; remove `certain`");
            self.namer.report(certain);
        }
        Member {
            ident,
            wire: field.wire.clone(),
            aliases: field.aliases.clone(),
            coding: coding(field, &ty),
            ty,
            certain: field.certain,
            private: field.private,
            deprecated: field.deprecated,
            docs: docs::field(field),
            wordings,
        }
    }

    fn typed(&mut self, owner: &Owner, words: &Words, field: &Field) -> Type {
        let inner = owner.inner(words, &field.wire);
        let many = matches!(field.ty, model::Type::List(_)) || field.list.is_some();
        let is_xml = field.encoding == Encoding::XmlText;
        // What is sent as XML is the caller's to write.
        let has_members = !field.fields.is_empty() && (!is_xml || !self.ways(owner).0);
        let named = field.structure.as_deref();
        let one = if let Some(shared) = self.places.get(&inner.id) {
            Type::Object(shared.clone())
        } else if let Some(structure) = named.and_then(|wire| self.structure(owner, wire, many)) {
            structure
        } else if has_members {
            let title = nonempty(docs::escaped(first_clause(&field.title)), &field.wire);
            let held = self.object(&inner, format!("{title}。"), &field.fields);
            if is_xml {
                Type::Xml(Box::new(held))
            } else {
                held
            }
        } else if field.secret {
            Type::Secret
        } else {
            self.scalar(&inner, field)
        };
        if many { Type::List(Box::new(one)) } else { one }
    }

    /// The type of a value, or of one element of a list.
    fn scalar(&mut self, inner: &Owner, field: &Field) -> Type {
        if field.encoding == Encoding::XmlText {
            return Type::Text;
        }
        let ty = element(field.ty);
        let textual = matches!(
            ty,
            model::Type::Text | model::Type::Integer | model::Type::Unsigned
        );
        if (textual || field.ty == model::Type::Any)
            && let Some(id) = self.ids.get(&field.wire, self.scope.chapter.as_deref())
        {
            return id;
        }
        if !field.values.is_empty() && textual {
            return self.choice(inner, field);
        }
        plain(ty)
    }
}

/// What a correction says to name the operation or the event of a wire identity.
pub(super) fn named(api: Option<&str>, owner: &str) -> String {
    let of = |id: &str| id.split(' ').next().unwrap_or_default().to_owned();
    if let Some(rest) = owner.strip_prefix("structure ") {
        let structure = format!("structure = {}", toml_string(&of(rest)));
        return match api {
            Some(api) => format!("{structure}\napi = {}", toml_string(api)),
            None => structure,
        };
    }
    match owner.strip_prefix("event ") {
        Some(rest) => {
            let id = of(rest);
            match id.split_once('/') {
                Some((api, id)) => {
                    format!("event = {}\napi = {}", toml_string(id), toml_string(api))
                }
                None => format!("event = {}", toml_string(&id)),
            }
        }
        None => operation_named(api, &of(owner)),
    }
}

/// What a correction says to name an operation.
pub(super) fn operation_named(api: Option<&str>, operation: &str) -> String {
    let operation = format!("operation = {}", toml_string(operation));
    match api {
        Some(api) => format!("{operation}\napi = {}", toml_string(api)),
        None => operation,
    }
}

/// The Rust type of a bare value.
pub(super) fn plain(ty: model::Type) -> Type {
    match ty {
        model::Type::Text => Type::Text,
        model::Type::Integer => Type::I64,
        model::Type::Unsigned => Type::U64,
        model::Type::Number => Type::F64,
        model::Type::Boolean => Type::Bool,
        model::Type::Object | model::Type::Any | model::Type::List(_) => Type::Json,
    }
}

/// What a list holds, or the type itself.
fn element(ty: model::Type) -> model::Type {
    match ty {
        model::Type::List(item) => item.ty(),
        ty => ty,
    }
}

pub(super) fn nonempty(text: String, wire: &str) -> String {
    if text.is_empty() {
        format!("`{}`", docs::code(wire))
    } else {
        text
    }
}

/// Ids and enumerations are written as the field declares; lists as the separator says.
fn coding(field: &Field, ty: &Type) -> Coding {
    if let Some(separator) = &field.list {
        return Coding::Joined(separator.clone());
    }
    if field.encoding == Encoding::JsonText {
        return Coding::JsonText;
    }
    let one = match ty {
        Type::List(of) | Type::Maybe(of) | Type::Boxed(of) => of,
        ty => ty,
    };
    match (one, element(field.ty)) {
        (
            Type::Id(_) | Type::Choice(_),
            model::Type::Integer | model::Type::Unsigned | model::Type::Number,
        ) => Coding::Number,
        (Type::Id(_) | Type::Choice(_), model::Type::Text) => Coding::Text,
        _ => Coding::Plain,
    }
}
