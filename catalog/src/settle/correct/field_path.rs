//! Owns how a correction finds its way to a field: by a path, or by a name.

use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Field, Type};
use crate::path::{join, segments};

/// The names on the way to a field: by its whole path, or by its name alone, which may be that of several.
pub(super) fn locate(fields: &[Field], path: &str) -> Vec<Vec<String>> {
    let wanted: Vec<&str> = segments(path).collect();
    let mut known = Vec::new();
    collect_paths(fields, "", &mut known);
    let split = |path: &String| path.split('.').map(str::to_owned).collect::<Vec<_>>();
    if let Some(path) = known
        .iter()
        .find(|path| path.split('.').eq(wanted.iter().copied()))
    {
        return vec![split(path)];
    }
    match wanted.as_slice() {
        [name] => known
            .iter()
            .filter(|path| path.rsplit('.').next() == Some(name))
            .map(split)
            .collect(),
        _ => Vec::new(),
    }
}

/// The structure that a path leads into, and the field that it is.
pub(super) fn structure_on<'f>(fields: &'f [Field], path: &str) -> Option<(&'f Field, &'f str)> {
    let mut fields = fields;
    let mut steps = segments(path).peekable();
    while let Some(name) = steps.next() {
        let field = fields.iter().find(|field| field.wire == name)?;
        if let Some(structure) = field
            .structure
            .as_deref()
            .filter(|_| steps.peek().is_some())
        {
            return Some((field, structure));
        }
        fields = &field.fields;
    }
    None
}

pub(super) fn ambiguous(name: &str, found: &[Vec<String>], item: Option<&String>) -> Diagnostic {
    let paths: Vec<String> = found
        .iter()
        .map(|path| format!("`{}`", path.join(".")))
        .collect();
    let item = item.cloned().unwrap_or_default();
    Diagnostic::error(
        Code::BadCorrection,
        format!(
            "`{name}` may be any of several fields of `{item}`: {}",
            paths.join(", ")
        ),
    )
    .help("write the whole path")
}

pub(super) fn collect_paths(fields: &[Field], prefix: &str, paths: &mut Vec<String>) {
    for field in fields {
        let path = join(prefix, &field.wire);
        collect_paths(&field.fields, &path, paths);
        paths.push(path);
    }
}

pub(super) fn at_mut<'f>(fields: &'f mut [Field], path: &[String]) -> Option<&'f mut Field> {
    let (first, rest) = path.split_first()?;
    let field = fields.iter_mut().find(|field| &field.wire == first)?;
    if rest.is_empty() {
        Some(field)
    } else {
        at_mut(&mut field.fields, rest)
    }
}

pub(super) fn take(fields: &mut Vec<Field>, path: &[String]) -> Option<Field> {
    let (first, rest) = path.split_first()?;
    let at = fields.iter().position(|field| &field.wire == first)?;
    if rest.is_empty() {
        Some(fields.remove(at))
    } else {
        take(&mut fields.get_mut(at)?.fields, rest)
    }
}

/// Puts a field under a path, making the containers on the way; an empty path is the payload itself.
pub(super) fn put(fields: &mut Vec<Field>, home: &str, field: Field) {
    let Some((first, rest)) = home
        .split_once('.')
        .or(Some((home, "")))
        .filter(|_| !home.is_empty())
    else {
        fields.retain(|known| known.wire != field.wire);
        fields.push(field);
        return;
    };
    let name = first.trim_end_matches("[]");
    let ty = if first.ends_with("[]") {
        Type::Object.listed()
    } else {
        Type::Object
    };
    let at = fields
        .iter()
        .position(|known| known.wire == name)
        .unwrap_or_else(|| {
            fields.push(Field::new(name, ty));
            fields.len() - 1
        });
    if !fields[at].ty.has_members() {
        fields[at].ty = match fields[at].ty {
            Type::List(_) => Type::Object.listed(),
            _ => ty,
        };
    }
    put(&mut fields[at].fields, rest, field);
}
