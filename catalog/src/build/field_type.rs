//! Owns the type of a field: what its cell says, what examples show, and which of them counts.

use crate::diagnostic::{Code, Diagnostic};

use crate::model::{Field, Item, Type};
use crate::prose::TypeWord;
use crate::sample::Shape;

use super::fields::Side;
use super::vocabulary::are_numbers;

/// Cell and example together; where they disagree the example of a reply wins, the cell of a request.
pub(super) fn typed(
    word: Option<&TypeWord>,
    side: &Side<'_>,
    path: &str,
    field: &Field,
    diagnostics: &mut Vec<Diagnostic>,
) -> Type {
    let shape = side.shape.at(path);
    let by_cell = word.and_then(type_of);
    let by_example = shape.and_then(type_seen);
    let by_values = || are_numbers(&field.values).then_some(Type::Integer);
    let (Some(cell), Some(example)) = (by_cell, by_example) else {
        let unknown = matches!(word, Some(TypeWord::Null)) || side.payload == Some(path);
        let fallback = if unknown { Type::Any } else { Type::Text };
        return by_cell
            .or(by_example)
            .or_else(by_values)
            .unwrap_or(fallback);
    };
    if cell == example || agree(cell, example, shape) {
        // The example knows what a list or an object holds; the cell knows how wide a number is.
        return match (cell, example) {
            (Type::List(Item::Any), Type::List(item)) if item != Item::Any => example,
            (Type::Any, _) => cell,
            (Type::Integer, Type::Unsigned | Type::Number) => example,
            _ => cell,
        };
    }
    let wins =
        if side.required.is_some() && !example.has_members() && !matches!(example, Type::List(_)) {
            cell
        } else {
            example
        };
    diagnostics.push(mismatch((cell, example), wins, side, path, field));
    wins
}

fn mismatch(
    (cell, example): (Type, Type),
    wins: Type,
    side: &Side<'_>,
    path: &str,
    field: &Field,
) -> Diagnostic {
    let message = format!(
        "`{}` of `{}` is {} in the table and {} in the example; read as {}",
        field.wire,
        side.entry.title,
        cell.as_str(),
        example.as_str(),
        wins.as_str()
    );
    let loses = if wins == cell { example } else { cell };
    let says = format!("type = \"{}\" # or \"{}\"", wins.as_str(), loses.as_str());
    Diagnostic::new(Code::TypeMismatch, message)
        .at_if(field.source.clone())
        .help("mend the table or the example, or decide here")
        .fix(side.subject().correction(path, &says))
}

/// Whether cell and example say the same in the vendors' loose words.
fn agree(cell: Type, example: Type, shape: Option<&Shape>) -> bool {
    let kinds = shape.map(|shape| shape.kinds).unwrap_or_default();
    match (cell, example) {
        (Type::Any, _) => true,
        (
            Type::Integer | Type::Unsigned | Type::Number,
            Type::Integer | Type::Unsigned | Type::Number,
        ) => true,
        // Numbers arrive as text; a placeholder says nothing.
        (Type::Integer | Type::Unsigned | Type::Number, Type::Text) => !kinds.words,
        // An empty list shows that it is one, not of what.
        (Type::List(Item::Any), Type::List(_)) | (Type::List(_), Type::List(Item::Any)) => true,
        (Type::List(a), Type::List(b)) => a == b,
        (Type::Boolean, Type::Integer) => true,
        _ => false,
    }
}

pub(super) fn type_of(word: &TypeWord) -> Option<Type> {
    Some(match word {
        TypeWord::Text | TypeWord::Bytes => Type::Text,
        TypeWord::Integer => Type::Integer,
        // What vendors call a number is an id or a count, unless an example shows a fraction.
        TypeWord::Number => Type::Integer,
        TypeWord::Fraction => Type::Number,
        TypeWord::Boolean => Type::Boolean,
        TypeWord::Object | TypeWord::Structure(_) | TypeWord::Members(_) => Type::Object,
        TypeWord::Any => Type::Any,
        TypeWord::List(of) => type_of(of).unwrap_or(Type::Any).listed(),
        TypeWord::Null => return None,
    })
}

/// What the examples show; nothing where they only show null.
pub(super) fn type_seen(shape: &Shape) -> Option<Type> {
    if let Some(element) = &shape.element {
        return Some(type_seen(element).unwrap_or(Type::Any).listed());
    }
    if shape.object {
        return Some(Type::Object);
    }
    let kinds = shape.kinds;
    if !kinds.any() {
        return None;
    }
    Some(if kinds.text() && kinds.number() && kinds.words {
        Type::Any
    } else if kinds.text() && !kinds.number() {
        Type::Text
    } else if kinds.unsigned {
        Type::Unsigned
    } else if kinds.fraction {
        Type::Number
    } else if kinds.number() {
        Type::Integer
    } else {
        Type::Boolean
    })
}
