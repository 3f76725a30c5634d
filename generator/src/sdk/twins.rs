//! Owns finding things that want a name that another one has.

use std::collections::BTreeMap;

/// Each thing whose name is taken: the name, what has it, the thing. What has a reserved name is nothing.
///
/// Of `1` and `2` that are both called `Male`, and `3` that is called `Other`, which is reserved, these are
/// `("Male", Some(1), 2)` and `("Other", None, 3)`.
pub(super) fn twins<'n, T: Copy>(
    reserved: &[&'n str],
    named: impl IntoIterator<Item = (&'n str, T)>,
) -> Vec<(&'n str, Option<T>, T)> {
    let reserved = reserved.iter().map(|name| (*name, None));
    let mut taken: BTreeMap<&str, Option<T>> = reserved.collect();
    let taken = named.into_iter().filter_map(|(name, thing)| {
        let first = taken.insert(name, Some(thing))?;
        Some((name, first, thing))
    });
    taken.collect()
}

#[cfg(test)]
mod tests {
    use super::twins;

    #[test]
    fn what_has_the_name_is_the_one_before() {
        let named = [
            ("Male", 1),
            ("Female", 2),
            ("Male", 3),
            ("Other", 4),
            ("Male", 5),
        ];
        let found = twins(&["Other"], named);
        let expected = [
            ("Male", Some(1), 3),
            ("Other", None, 4),
            ("Male", Some(3), 5),
        ];
        assert_eq!(found, expected);
        assert_eq!(twins(&[], [("Other", 1)]), []);
    }
}
