//! Owns paths of fields: the names from the root of a message, with `[]` behind a list: `data.sns[].id`.

/// How deep a field may stand: no vendor's messages go half as deep, and code for deeper ones would not compile.
pub(crate) const DEEPEST: usize = 32;

/// Whether a path leads deeper than any field may stand.
pub(crate) fn is_too_deep(path: &str) -> bool {
    segments(path).nth(DEEPEST).is_some()
}

/// The names on a path, without `[]`.
pub(crate) fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('.')
        .map(|segment| segment.trim_end_matches("[]"))
        .filter(|s| !s.is_empty())
}

/// `prefix.name`, or `name` at the root.
pub(crate) fn join(prefix: &str, name: &str) -> String {
    if prefix.is_empty() {
        name.to_owned()
    } else {
        format!("{prefix}.{name}")
    }
}

/// The path of what holds a field, without a closing `[]`; empty at the root.
pub(crate) fn parent(path: &str) -> &str {
    path.rsplit_once('.')
        .map_or("", |(parent, _)| parent.trim_end_matches("[]"))
}

/// The last name on a path.
pub(crate) fn last(path: &str) -> &str {
    path.rsplit('.')
        .next()
        .unwrap_or(path)
        .trim_end_matches("[]")
}
