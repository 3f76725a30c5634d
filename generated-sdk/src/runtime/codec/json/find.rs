//! A value by its path, without a tree.

use super::{Kind, Reader};

/// The value at a path in a checked text, as it stands; the step `[]` goes to an array's last element.
pub(crate) fn find<'a>(text: &'a str, path: &[&str]) -> Option<&'a str> {
    let mut reader = Reader::new(text);
    let Some((step, rest)) = path.split_first() else {
        return (!text.is_empty()).then(|| reader.raw());
    };
    let kind = reader.kind();
    let mut found = None;
    match kind {
        Kind::Array if *step == "[]" => {
            let mut more = reader.enter();
            while more {
                found = Some(reader.raw());
                more = reader.more();
            }
        }
        Kind::Object => {
            let mut more = reader.enter();
            while more {
                let named = reader.name() == *step;
                let value = reader.raw();
                if named {
                    found = Some(value);
                }
                more = reader.more();
            }
        }
        _ => {}
    }
    find(found?, rest)
}

/// A member of a checked value; the first of that name.
pub(crate) fn member<'a>(text: &'a str, wanted: &str) -> Option<&'a str> {
    let mut reader = Reader::new(text);
    let mut more = reader.kind() == Kind::Object && reader.enter();
    while more {
        let found = reader.name() == wanted;
        let value = reader.raw();
        if found {
            return Some(value);
        }
        more = reader.more();
    }
    None
}

/// Whether a value says nothing.
pub(crate) fn is_empty(raw: &str) -> bool {
    let mut reader = Reader::new(raw);
    match reader.kind() {
        Kind::Null => true,
        Kind::Text => matches!(raw, "\"\"" | "\"null\""),
        Kind::Array | Kind::Object => !reader.enter(),
        Kind::Bool | Kind::Number => false,
    }
}

/// A text without its quotes; anything else as it stands.
pub(crate) fn plain(raw: &str) -> String {
    let mut reader = Reader::new(raw);
    match reader.kind() {
        Kind::Text => reader.text().into_owned(),
        _ => raw.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{find, is_empty, plain};

    #[test]
    fn finds_members_and_last_elements() {
        let text = r#" {"a": {"b": [ {"id": "1"}, {"id":"2", "x": [] } ]}, "n": null, "s": "好"}"#;
        assert_eq!(find(text, &["a", "b", "[]", "id"]), Some("\"2\""));
        assert_eq!(find(text, &["n"]), Some("null"));
        assert_eq!(find(text, &["a", "[]"]), None);
        assert_eq!(find(text, &["s", "t"]), None);
        assert_eq!(find("", &[]), None);
        assert_eq!(find("[1,2]", &["[]"]), Some("2"));
        assert_eq!(plain(find(text, &["s"]).unwrap()), "好");
        for empty in ["null", "\"\"", "\"null\"", "[ ]", "{}"] {
            assert!(is_empty(empty), "{empty}");
        }
        for full in ["0", "false", "\"x\"", "[0]"] {
            assert!(!is_empty(full), "{full}");
        }
    }
}
