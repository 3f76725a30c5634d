//! Owns what nearly names an operation: `PSOT /sendText`, `POST` without a path, `/sendText` without a method.
//!
//! In: a heading or a line that starts nothing. Out: what it was to be, `POST /sendText`.

use crate::config::pattern::METHODS;
use crate::spelling::is_slip_of;

/// What a heading was to be.
pub(super) fn heading(text: &str) -> Option<String> {
    let text = text.trim();
    if let Some(found) = line(text) {
        return Some(found);
    }
    let (word, rest) = first_word(text);
    if METHODS.contains(&word) && rest.is_empty() {
        return Some(format!("{word} /…"));
    }
    let name = rest.split_whitespace().next().unwrap_or_default();
    if METHODS.contains(&word) && !name.is_empty() && name.chars().all(is_of_path) {
        return Some(format!("{word} /{}", name.trim_start_matches('/')));
    }
    let path = text.split_whitespace().find(|part| is_path(part))?;
    Some(format!("POST {path}"))
}

/// What a line was to be: a method, or nearly one, and where it goes.
pub(super) fn line(text: &str) -> Option<String> {
    let (word, rest) = first_word(text.trim());
    let path = rest.split_whitespace().next()?;
    if !(is_path(path) || path.contains("://")) || word.chars().any(|c| c.is_ascii_lowercase()) {
        return None;
    }
    let method = METHODS.iter().find(|method| is_slip_of(word, method))?;
    Some(format!("{method} {path}"))
}

/// The letters at the start, and what follows.
fn first_word(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_alphabetic());
    let (word, rest) = text.split_at(end.unwrap_or(text.len()));
    (word, rest.trim_start())
}

/// `/sendText`, and not the `/` between two words.
fn is_path(part: &str) -> bool {
    part.len() > 3 && part.starts_with('/') && part.chars().all(is_of_path)
}

fn is_of_path(c: char) -> bool {
    c.is_ascii_alphanumeric() || "/_-.{}:".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nearly_names_an_operation_is_seen() {
        for (text, meant) in [
            ("PSOT /sendText", "POST /sendText"),
            ("GTE /a/list", "GET /a/list"),
            ("POST", "POST /…"),
            ("POST sendText", "POST /sendText"),
            ("POST/sendText", "POST /sendText"),
            ("/sendText", "POST /sendText"),
            ("发送 /sendText", "POST /sendText"),
        ] {
            assert_eq!(heading(text).as_deref(), Some(meant), "{text}");
        }
        for text in ["群管理", "好友 / 群", "POSTER", "HTTP", "GET 与 POST", "v1"] {
            assert_eq!(heading(text), None, "{text}");
        }
        assert_eq!(
            line("PSOT http://域名/x").as_deref(),
            Some("POST http://域名/x")
        );
        assert_eq!(line("地址 /sendText 已停用"), None);
    }
}
