//! Owns structures: objects that a table of their own describes, and that types refer to by name.

use std::collections::BTreeSet;

use super::{Field, Note, Provider, Sample, Source};

/// An object that types name, perhaps its own: `Comment` with `replies: Comment[]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Structure {
    /// The API whose types can name it, where a provider has several.
    pub api: Option<String>,
    /// As types write it, e.g. `Comment`.
    pub wire: String,
    /// The vendor's title, e.g. `评论`.
    pub title: String,
    /// Its members.
    pub fields: Vec<Field>,
    /// A public name that a correction asks for, e.g. `remark`.
    pub name: Option<String>,
    /// As documented, mended.
    pub samples: Vec<Sample>,
    /// What a reader wants to know besides.
    pub notes: Vec<Note>,
    /// Where it is documented.
    pub source: Source,
}

/// What types of one API can name.
#[derive(Clone, Copy, Debug)]
pub struct Described<'p> {
    provider: &'p Provider,
    api: Option<&'p str>,
}

impl<'p> Described<'p> {
    /// What a type names.
    pub fn structure(self, wire: &str) -> Option<&'p Structure> {
        let mut structures = self.provider.structures.iter().map(|one| &**one);
        structures.find(|one| one.wire == wire && one.api.as_deref() == self.api)
    }

    /// The members of a field, wherever they are described.
    pub fn members(self, field: &'p Field) -> &'p [Field] {
        let named = field.structure.as_deref();
        let structure = named.and_then(|wire| self.structure(wire));
        structure.map_or(&field.fields, |structure| &structure.fields)
    }
}

impl Provider {
    /// What types of an API can name.
    pub fn described<'p>(&'p self, api: Option<&'p str>) -> Described<'p> {
        Described {
            provider: self,
            api,
        }
    }
}

/// The structures of an API to which some fields lead, at once or by way of others.
#[derive(Clone, Debug)]
pub struct Reached<'p> {
    described: Described<'p>,
    names: BTreeSet<&'p str>,
}

impl<'p> Reached<'p> {
    /// None yet.
    pub fn of(provider: &'p Provider, api: Option<&'p str>) -> Self {
        Self {
            described: provider.described(api),
            names: BTreeSet::new(),
        }
    }

    /// Adds a structure, and those to which it leads.
    pub fn name(&mut self, name: Option<&'p str>) {
        let Some(name) = name else { return };
        if self.names.insert(name)
            && let Some(structure) = self.described.structure(name)
        {
            self.fields(&structure.fields);
        }
    }

    /// Adds those to which these fields lead.
    pub fn fields(&mut self, fields: &'p [Field]) {
        for field in fields {
            self.name(field.structure.as_deref());
            self.fields(&field.fields);
        }
    }

    /// Whether a structure is among them.
    pub fn has(&self, structure: &super::Structure) -> bool {
        self.described.api == structure.api.as_deref() && self.names.contains(&*structure.wire)
    }
}
