//! Texts whose wording the documents show, with `{placeholders}` for what differs.

/// What stands in a text where a documented wording has placeholders, in their order; `None` if it is worded otherwise.
///
/// Blanks around it, a full stop at its end and the kind of its quotation marks make no difference; quotation marks
/// around what fills a placeholder are left out.
pub fn worded(wording: &str, text: &str) -> Option<Vec<String>> {
    let (wording, text) = (plain(wording), plain(text));
    let literals = literals(&wording);
    let (first, behind) = literals.split_first()?;
    let mut rest = text.strip_prefix(first)?;
    let Some((last, between)) = behind.split_last() else {
        return rest.is_empty().then(Vec::new);
    };
    rest = rest.strip_suffix(last)?;
    let mut found = Vec::new();
    for literal in between {
        let (filled, after) = rest.split_once(literal)?;
        found.push(filled);
        rest = after;
    }
    found.push(rest);
    let found: Vec<String> = found.into_iter().map(unquoted).collect();
    found
        .iter()
        .all(|filled| !filled.is_empty())
        .then_some(found)
}

/// What stands before, between and behind the placeholders.
fn literals(wording: &str) -> Vec<&str> {
    let mut literals = Vec::new();
    let (mut rest, mut from) = (wording, 0);
    while let Some((before, opened)) = rest.get(from..).and_then(|text| text.split_once('{')) {
        match opened.split_once('}') {
            Some((name, behind)) if !name.is_empty() && !name.contains('{') => {
                literals.extend(rest.get(..from + before.len()));
                (rest, from) = (behind, 0);
            }
            _ => from += before.len() + 1,
        }
    }
    literals.push(rest);
    literals
}

fn plain(text: &str) -> String {
    let text = text.replace(['“', '”'], "\"");
    text.trim().trim_end_matches('。').to_owned()
}

fn unquoted(filled: &str) -> String {
    filled.trim().trim_matches('"').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{literals, worded};

    #[test]
    fn what_differs_is_found_in_its_order() {
        let invited = "{by} invited {member} to the room";
        for (wording, text, expected) in [
            ("you own it", "you own it", Some(vec![])),
            ("you own it。", " you own it ", Some(vec![])),
            ("you own it", "you own it now", None),
            (
                invited,
                "“A b” invited \"C\" to the room。",
                Some(vec!["A b", "C"]),
            ),
            (
                invited,
                "A invited B invited C to the room",
                Some(vec!["A", "B invited C"]),
            ),
            (invited, " invited C to the room", None),
            (invited, "A invited C", None),
            ("{name} owns it", "A owns it", Some(vec!["A"])),
            ("{name} owns it", " owns it", None),
            ("to {name}", "to A", Some(vec!["A"])),
            ("on \"x\"", "on “x”", Some(vec![])),
            ("{a}{b}", "xy", None),
            ("", "", Some(vec![])),
        ] {
            let found = worded(wording, text);
            let found = found
                .as_ref()
                .map(|found| found.iter().map(String::as_str).collect());
            assert_eq!(found, expected, "{wording} / {text}");
        }
    }

    #[test]
    fn braces_that_hold_no_name_are_themselves() {
        assert_eq!(literals("{}x{"), ["{}x{"]);
        assert_eq!(literals("{{a}b}"), ["{", "b}"]);
        assert_eq!(literals("{a}"), ["", ""]);
    }
}
