//! Owns what a model says, fact by fact, as `[[differs]]` words it.
//!
//! In: a field of a model, `wxid: string[]`. Out: its facts, `type` `string[]`, `meaning` `微信id`. Two documents
//! differ where one of them has another fact at the same place, or none.

use crate::config::Aspect;
use crate::model::{Choice, Encoding, Event, Field, Operation, Reply};

/// One fact: what of a place, and what the document says.
pub type Fact = (Aspect, String);

/// Of an operation itself.
pub fn operation(operation: &Operation) -> Vec<Fact> {
    let flag = |is: bool, yes: &str, no: &str| if is { yes } else { no }.to_owned();
    vec![
        (Aspect::Section, operation.title.clone()),
        (Aspect::Name, operation.wire.clone()),
        (Aspect::Meaning, operation.title.clone()),
        (Aspect::Reply, reply(operation.reply)),
        (Aspect::Auth, flag(operation.auth, "with", "without")),
        (Aspect::Deprecated, flag(operation.deprecated, "struck", "")),
    ]
}

/// Of an event itself.
pub fn event(event: &Event) -> Vec<Fact> {
    let mut codes = event.wire.clone();
    codes.sort();
    vec![
        (Aspect::Section, event.title.clone()),
        (Aspect::Name, codes.join(" ")),
        (Aspect::Meaning, event.title.clone()),
        (Aspect::Reply, reply(event.payload)),
    ]
}

/// Of a field at a path; `is_asked`: it is a parameter.
pub fn field(field: &Field, path: &str, is_asked: bool) -> Vec<Fact> {
    let mut facts = vec![
        (Aspect::Row, ty(field)),
        (Aspect::Nesting, path.to_owned()),
        (Aspect::Type, ty(field)),
        (Aspect::Meaning, field.title.clone()),
        (Aspect::Values, values(&field.values)),
        (Aspect::Separator, separator(&field.title)),
    ];
    if is_asked {
        let required = if field.required {
            "required"
        } else {
            "optional"
        };
        facts.push((Aspect::Required, required.to_owned()));
    }
    facts
}

/// Every field below, each with its path.
pub fn paths<'f>(fields: &'f [Field], prefix: &str, found: &mut Vec<(String, &'f Field)>) {
    for field in fields {
        let path = crate::path::join(prefix, &field.wire);
        paths(&field.fields, &path, found);
        found.push((path, field));
    }
}

fn ty(field: &Field) -> String {
    let ty = field.type_name();
    match (&field.list, field.encoding) {
        (Some(_), _) => format!("{ty} that is a list"),
        (None, Encoding::Plain) => ty,
        (None, Encoding::JsonText) => format!("{ty} as JSON text"),
        (None, Encoding::XmlText) => format!("{ty} as XML text"),
    }
}

/// In an order of their own: a table that is turned round says the same.
fn values(values: &[Choice]) -> String {
    let all = values.iter();
    let mut all: Vec<String> = all
        .map(|one| format!("{} {}", one.value, one.title))
        .collect();
    all.sort();
    all.join("；")
}

fn reply(reply: Reply) -> String {
    match reply {
        Reply::Nothing => "nothing".to_owned(),
        Reply::Object => "object".to_owned(),
        Reply::Objects => "object[]".to_owned(),
        Reply::Value(ty) => ty.as_str().to_owned(),
        Reply::Values(ty) => format!("{}[]", ty.as_str()),
    }
}

/// The sign between the elements of a list as it is printed, full width or not: `多个用 "，" 分隔`.
fn separator(text: &str) -> String {
    const NEAR: usize = 12;
    let words = ["分隔", "分割", "隔开", "拼接"];
    let at = words.iter().find_map(|word| text.find(word));
    let before = at.and_then(|at| text.get(..at)).unwrap_or_default();
    let mut signs = before.chars().rev().take(NEAR);
    match signs.find(|c| "，,.。;；|、#".contains(*c)) {
        Some('，' | '、') if before.contains("英文") => ",".to_owned(),
        sign => sign.map_or_else(String::new, String::from),
    }
}

#[cfg(test)]
mod tests {
    use super::separator;

    #[test]
    fn a_sign_between_elements_is_read_as_it_is_printed() {
        assert_eq!(separator("标签标识，多个标签已 \"，\" 号分割"), "，");
        assert_eq!(separator("对谁不可见（传微信号,多个用.分隔）"), ".");
        assert_eq!(separator("多个 英文 , 逗号分隔"), ",");
        assert_eq!(separator("微信id"), "");
    }
}
