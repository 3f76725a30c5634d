//! Owns which fields hold which id.

use std::collections::BTreeMap;

use catalog::config::Config;

use crate::sdk::Type;

/// The types of ids by the wire names of fields.
#[derive(Debug)]
pub(super) struct Ids<'c> {
    everywhere: BTreeMap<&'c str, &'c str>,
    /// By chapter and wire name.
    within: BTreeMap<(&'c str, &'c str), &'c str>,
}

impl<'c> Ids<'c> {
    /// As `provider.toml` declares them.
    pub(super) fn of(config: &'c Config) -> Self {
        let mut ids = Self {
            everywhere: BTreeMap::new(),
            within: BTreeMap::new(),
        };
        for (ident, id) in &config.ids {
            let fields = id.fields.iter();
            ids.everywhere
                .extend(fields.map(|field| (field.as_str(), ident.as_str())));
            for (chapter, fields) in &id.within {
                let key = |field: &'c String| ((chapter.as_str(), field.as_str()), ident.as_str());
                ids.within.extend(fields.iter().map(key));
            }
        }
        ids
    }

    /// The type of a field that holds an id; what a chapter says of its own goes first.
    pub(super) fn get(&self, wire: &str, chapter: Option<&str>) -> Option<Type> {
        let own = chapter.and_then(|chapter| self.within.get(&(chapter, wire)));
        let ident = own.or_else(|| self.everywhere.get(wire))?;
        Some(Type::Id((*ident).to_owned()))
    }
}
