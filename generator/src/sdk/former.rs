//! Owns names that operations and their types once had: what was public stays.

use std::collections::{BTreeMap, BTreeSet};

use catalog::model;

use super::annotate::{Annotator, Holder, rename, suggestion};
use crate::names::Called;
use crate::sdk::Operation;

impl Annotator<'_> {
    /// Former names stay, unless a correction gives one to another operation; an operation that takes
    /// one by itself is an error.
    pub(super) fn keep_former(
        &mut self,
        module: &model::Module,
        named: &[Called],
        operations: &mut [Operation],
    ) {
        let methods: BTreeMap<String, usize> = operations
            .iter()
            .enumerate()
            .map(|(at, operation)| (operation.method.clone(), at))
            .collect();
        let mut kept: BTreeSet<String> = BTreeSet::new();
        for operation in operations {
            let id = &operation.model.id;
            operation.former.retain(|(method, request)| {
                let now = methods.get(method).copied();
                let other = now.and_then(|at| Some((module.operations.get(at)?, named.get(at)?)));
                if let Some((other, called)) = other.filter(|(other, _)| other.name.is_none()) {
                    let fix = rename(
                        self.api.as_deref(),
                        &other.id,
                        &suggestion(module, other, &called.words),
                    );
                    let at = other.source.at.clone();
                    self.namer
                        .clash(method, &format!("{id} of old"), &other.id, at, Some(fix));
                }
                let holder = self.scope.taken.get(request);
                let is_free = holder.is_none_or(|holder| holder.owner == *id);
                other.is_none() && is_free && kept.insert(method.clone())
            });
            operation.former_types = self.former_types(operation);
        }
    }

    /// The request and everything that is called after it, under the names that they once had.
    fn former_types(&mut self, operation: &Operation) -> Vec<(String, String)> {
        if operation.former.is_empty() {
            return Vec::new();
        }
        let plain = |name: &str| name.trim_end_matches('_').to_owned();
        let now = plain(&operation.request);
        let is_own = |holder: &Holder| holder.owner.split(' ').next() == Some(&operation.model.id);
        let taken = self.scope.taken.iter();
        let own: Vec<String> = taken
            .filter(|(_, holder)| is_own(holder))
            .map(|(name, _)| name.clone())
            .collect();
        let mut types = Vec::new();
        for (_, request) in &operation.former {
            for name in &own {
                let Some(rest) = name.strip_prefix(&now) else {
                    continue;
                };
                let old = match rest {
                    "" | "_" => request.clone(),
                    rest => plain(request) + rest,
                };
                if !self.scope.taken.contains_key(&old) {
                    let (owner, fix) = (operation.model.id.clone(), None);
                    self.scope.taken.insert(old.clone(), Holder { owner, fix });
                    types.push((old, name.clone()));
                }
            }
        }
        types
    }
}
