//! Owns fields: placed rows and examples together become one tree, each field typed and explained.

use crate::config::Subject;
use crate::config::{Config, Layouts, RequestLayout};
use crate::diagnostic::{Code, Diagnostic};
use crate::entry::{Entry, EntryKind, Row, ValueTable};
use crate::model::{Choice, Field, Place, Reply, Type};
use crate::path::segments;
use crate::sample::Shape;

use super::Known;
use super::field_type::type_seen;

mod example;
mod row;

use example::{add_unlisted, settle};
use row::field_of;

/// One message of an item: what is known beside its rows.
pub(super) struct Side<'a> {
    pub(super) entry: &'a Entry,
    pub(super) shape: &'a Shape,
    known: &'a Known,
    secrets: &'a [String],
    private: &'a [String],
    /// Whether a parameter is required where nothing says so; replies and events require nothing.
    pub(super) required: Option<bool>,
    values: &'a [ValueTable],
    /// The payload's key: where neither cell nor example says what it is, nothing is known of it.
    pub(super) payload: Option<&'a str>,
    /// Keys that the transport fills in: an example that shows them says nothing new.
    managed: Vec<String>,
}

impl<'a> Side<'a> {
    /// Whom a finding about a field speaks of.
    pub(super) fn subject(&self) -> Subject<'a> {
        Subject {
            entry: self.entry,
            asks: self.required.is_some() && self.entry.kind != EntryKind::Structure,
            payload: self.payload,
        }
    }

    pub(super) fn request(
        entry: &'a Entry,
        config: &'a Config,
        layouts: Layouts<'a>,
        shape: &'a Shape,
        known: &'a Known,
    ) -> Self {
        Self {
            required: Some(layouts.request.required),
            managed: managed(layouts.request),
            ..Self::received(
                entry,
                config,
                layouts.request.payload.as_deref(),
                shape,
                known,
            )
        }
    }

    /// A structure: what is not said to be required is not.
    pub(super) fn of_structure(
        entry: &'a Entry,
        config: &'a Config,
        shape: &'a Shape,
        known: &'a Known,
    ) -> Self {
        let layouts = config.layouts(entry.api.as_deref());
        Self {
            required: Some(false),
            managed: layouts.event.managed.clone(),
            ..Self::received(entry, config, None, shape, known)
        }
    }

    /// A reply or an event.
    pub(super) fn received(
        entry: &'a Entry,
        config: &'a Config,
        payload: Option<&'a str>,
        shape: &'a Shape,
        known: &'a Known,
    ) -> Self {
        Self {
            payload,
            entry,
            shape,
            known,
            secrets: &config.secrets,
            private: &config.private,
            required: None,
            values: &entry.values,
            managed: Vec::new(),
        }
    }
}

/// Keys of a request that are no parameters, with the paths of what goes along.
fn managed(request: &RequestLayout) -> Vec<String> {
    let along = request.with.iter().flat_map(|with| {
        let ends = with.param.match_indices('.').map(|(at, _)| at);
        let ends = ends.chain([with.param.len()]);
        ends.filter_map(|end| with.param.get(..end))
            .map(str::to_owned)
    });
    request.keys().into_iter().chain(along).collect()
}

/// The payload of a message, and the fields around it.
pub(super) struct Split {
    pub(super) payload: Reply,
    /// The structure that it is.
    pub(super) structure: Option<String>,
    pub(super) fields: Vec<Field>,
}

/// The fields of a message, from its root.
#[derive(Debug, Default)]
pub(super) struct Tree {
    roots: Vec<Field>,
    /// The root itself is a list, of this.
    list: Option<Type>,
}

/// Reads placed rows and examples into one tree.
pub(super) fn read(rows: &[Row], side: &Side<'_>, diagnostics: &mut Vec<Diagnostic>) -> Tree {
    let mut tree = Tree {
        roots: Vec::new(),
        list: side
            .shape
            .element
            .as_ref()
            .map(|element| type_seen(element).unwrap_or(Type::Any)),
    };
    for row in rows {
        let Some(path) = &row.path else { continue };
        let field = field_of(row, path, side, diagnostics);
        insert(&mut tree.roots, path, field, side, diagnostics);
    }
    add_unlisted(&mut tree.roots, side, rows, diagnostics);
    settle(&mut tree.roots, side, "", diagnostics);
    tree
}

impl Tree {
    /// Whether there is a root field of this name.
    pub(super) fn has(&self, key: &str) -> bool {
        self.roots.iter().any(|field| field.wire == key)
    }

    /// Documented values of a root field.
    pub(super) fn values_of(&self, key: &str) -> Vec<Choice> {
        self.roots
            .iter()
            .find(|field| field.wire == key)
            .map(|field| field.values.clone())
            .unwrap_or_default()
    }

    /// Takes the envelope off. `root_is_payload`: what stands at the root is the payload itself.
    pub(super) fn split(
        self,
        payload: Option<&str>,
        managed: &[String],
        root_is_payload: bool,
    ) -> Split {
        let mut fields = Vec::new();
        let root_is_payload = root_is_payload || self.list.is_some();
        let mut found = if root_is_payload || payload.is_none() {
            match (self.list, self.roots.is_empty()) {
                (Some(ty), _) => Reply::of(ty.listed()),
                (None, true) => Reply::Nothing,
                (None, false) => Reply::Object,
            }
        } else {
            Reply::Nothing
        };
        let (mut beside, mut structure) = (Vec::new(), None);
        for mut field in self.roots {
            if Some(field.wire.as_str()) == payload && !root_is_payload {
                let is_empty = field.fields.is_empty() && field.structure.is_none();
                found = match (field.ty, is_empty) {
                    (Type::Object | Type::Any, true) => Reply::Nothing,
                    (ty, _) => Reply::of(ty),
                };
                (fields, structure) = (field.fields, field.structure);
            } else if !managed.contains(&field.wire) {
                field.place = if root_is_payload || payload.is_none() {
                    Place::Payload
                } else {
                    Place::Envelope
                };
                beside.push(field);
            }
        }
        if payload.is_none() && found == Reply::Object && beside.is_empty() {
            // Nothing comes but the code.
            found = Reply::Nothing;
        }
        fields.extend(beside);
        Split {
            payload: found,
            structure,
            fields,
        }
    }
}

/// Puts a field where its path says, making the containers on the way.
fn insert(
    roots: &mut Vec<Field>,
    path: &str,
    field: Field,
    side: &Side<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut fields = roots;
    let mut walked = String::new();
    let parts: Vec<&str> = path.split('.').collect();
    for (n, part) in parts.iter().enumerate() {
        let name = part.trim_end_matches("[]");
        if !walked.is_empty() {
            walked.push('.');
        }
        walked.push_str(name);
        let at = fields.iter().position(|known| known.wire == name);
        if n + 1 == parts.len() {
            match at {
                Some(at) => merge(&mut fields[at], field, side, diagnostics),
                None => fields.push(field),
            }
            return;
        }
        let at = at.unwrap_or_else(|| {
            let ty = if part.ends_with("[]") {
                Type::Object.listed()
            } else {
                Type::Object
            };
            fields.push(Field::new(name, ty));
            fields.len() - 1
        });
        fields = &mut fields[at].fields;
    }
}

/// One name twice: what the later row adds is kept, what it repeats is reported.
fn merge(known: &mut Field, other: Field, side: &Side<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if known.source.is_none() {
        let mut fields = std::mem::take(&mut known.fields);
        let ty = known.ty;
        *known = other;
        let is_new = |field: &Field| fields.iter().all(|one| one.wire != field.wire);
        let more: Vec<Field> = known.fields.drain(..).filter(is_new).collect();
        fields.extend(more);
        known.fields = fields;
        if !known.fields.is_empty() && !known.ty.has_members() {
            known.ty = ty;
        }
        return;
    }
    diagnostics.push(
        Diagnostic::new(
            Code::RepeatedRow,
            format!(
                "`{}` of `{}` has two rows; they were merged",
                known.wire, side.entry.title
            ),
        )
        .at_if(other.source.clone())
        .help("remove one, or say here where the second belongs")
        .fix(side.subject().correction(
            &format!("parent.{}", known.wire),
            &format!("add = true\ntype = \"{}\"", other.ty.as_str()),
        )),
    );
    if known.title.is_empty() {
        known.title = other.title;
    }
    if known.values.is_empty() {
        known.values = other.values;
    }
    known.required |= other.required;
}

fn find<'f>(roots: &'f [Field], path: &str) -> Option<&'f Field> {
    let mut fields = roots;
    let mut found = None;
    for name in segments(path) {
        let field = fields.iter().find(|field| field.wire == name)?;
        fields = &field.fields;
        found = Some(field);
    }
    found
}

/// Whether a field on the way is anything, by correction or cell, so that nothing below it is typed, or a structure,
/// whose members stand elsewhere.
fn below_scalar(roots: &[Field], path: &str) -> bool {
    let mut fields = roots;
    for name in segments(path) {
        let Some(field) = fields.iter().find(|field| field.wire == name) else {
            return false;
        };
        if field.ty == Type::Any || field.structure.is_some() {
            return true;
        }
        fields = &field.fields;
    }
    false
}
