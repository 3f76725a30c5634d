//! Owns what fields are called, and the order in which a constructor takes them.

use std::collections::{BTreeMap, HashMap, HashSet};

use catalog::model;

use super::lock::{Key, Kind, Lock, Place, Side};
use super::meaning::is_opposite;
use super::{Namer, member_name, spelled};
use crate::case::Words;

impl Namer {
    /// A key that stands beside every event; `free` keeps its name off those that events have.
    pub(crate) fn envelope(&mut self, wire: &str, free: impl FnOnce(String) -> String) -> String {
        let place = Place::new(Side::Envelope, "").below(wire);
        let derived = free(self.usual_name(wire));
        self.named(place, Kind::Field, None, "", || derived)
    }

    /// The order of a constructor's arguments: as it once was, new ones behind.
    pub(crate) fn arguments(
        &mut self,
        operation: &model::Operation,
        required: &[String],
    ) -> Vec<String> {
        let place = Place::new(Side::Call, &operation.id);
        let (home, key) = (self.home(&place), place.key(Kind::Arguments));
        let mut known = self.known(&home, &key).unwrap_or_default();
        for name in required {
            if !known.names.contains(name) {
                known.names.push(name.clone());
            }
        }
        let is_required = |name: &&String| required.contains(name);
        let ordered = known.names.iter().filter(is_required).cloned().collect();
        if !known.names.is_empty() {
            self.now.put(home, key, known);
        }
        ordered
    }

    /// A field of what stands at a place, and what its types are called after.
    pub(crate) fn field(&mut self, of: &Place, field: &model::Field) -> (String, Words) {
        let asked = field.name.as_ref().map(|asked| {
            self.plain(asked, field.source.clone());
            member_name(&Words::of_ident(asked))
        });
        let derived = self.usual_name(&field.wire);
        let place = of.below(&field.wire);
        if asked.is_none() {
            self.keeps_meaning(&place, field);
        }
        let name = self.named(place, Kind::Field, asked, &field.title, || derived);
        let words = spelled(&name);
        (name, words)
    }

    /// A field that means the opposite now is an error, with both ways on.
    fn keeps_meaning(&mut self, place: &Place, field: &model::Field) {
        let Some((_, was, is)) = self.retitled(place, Kind::Field, &field.title) else {
            return;
        };
        if is_opposite(&was, &is) {
            let subject = format!("`{}` of `{}`", field.wire, place.owner);
            self.turned_around(place, &subject, (&was, &is), field.source.as_ref());
        }
    }

    /// A field's name that is as it is declared.
    pub(crate) fn declared_field(&mut self, place: Place, words: &Words) -> String {
        self.named(
            place,
            Kind::Field,
            Some(member_name(words)),
            "",
            String::new,
        )
    }

    /// What a field of this wire name is called elsewhere, or what it would be called.
    fn usual_name(&self, wire: &str) -> String {
        match self.usual.get(wire) {
            Some(name) => name.clone(),
            None => match self.was.formerly().field(wire) {
                Some(name) => member_name(&Words::of_ident(name)),
                None => member_name(&Words::of_wire(wire)),
            },
        }
    }
}

/// What most fields of a wire name are called, those aside that corrections name.
pub(super) fn usual(was: &Lock, provider: &model::Provider) -> HashMap<String, String> {
    let mut asked: HashSet<(&str, String)> = HashSet::new();
    let params = provider
        .operations()
        .flat_map(|operation| &operation.params);
    let returns = provider
        .operations()
        .flat_map(|operation| &operation.returns);
    let events = provider.events().flat_map(|event| &event.fields);
    let structures = provider.structures.iter().flat_map(|one| &one.fields);
    let fields = params.chain(returns).chain(events).chain(structures);
    let mut fields: Vec<&model::Field> = fields.collect();
    while let Some(field) = fields.pop() {
        fields.extend(&field.fields);
        if let Some(name) = &field.name {
            asked.insert((&field.wire, member_name(&Words::of_ident(name))));
        }
    }
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let is_field = |key: &Key| key.kind == Kind::Field && key.place.side != Side::Envelope;
    for (_, key, entry) in was.entries().filter(|(_, key, _)| is_field(key)) {
        if let Some(wire) = key.place.path.last() {
            *counts.entry((wire, entry.name())).or_default() += 1;
        }
    }
    let mut usual: HashMap<String, (String, usize)> = HashMap::new();
    for ((wire, name), count) in counts {
        let best = usual.get(wire).map_or(0, |(_, count)| *count);
        if count > best && !asked.contains(&(wire, name.to_owned())) {
            usual.insert(wire.to_owned(), (name.to_owned(), count));
        }
    }
    usual
        .into_iter()
        .map(|(wire, (name, _))| (wire, name))
        .collect()
}
