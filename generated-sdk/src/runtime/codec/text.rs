//! Bytes of an answer as text, whatever its headers claim.

/// Decodes UTF-8 and UTF-16, takes the byte order mark off, and replaces what is neither.
pub(crate) fn decode(body: Vec<u8>) -> String {
    match body.as_slice() {
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => String::from_utf8(body)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units)
        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// The start of a page that should have been JSON, for a person to look at.
pub(crate) fn shortened(mut body: String) -> String {
    const ENOUGH: usize = 2000;
    if body.len() > ENOUGH {
        let whole = body.len();
        let end = (0..=ENOUGH).rfind(|at| body.is_char_boundary(*at));
        body.truncate(end.unwrap_or_default());
        body.push_str(&format!("… ({whole} bytes in all)"));
        body.shrink_to_fit();
    }
    body
}

/// What a person wants to see of a page that should have been JSON: its title, shortened.
pub(crate) fn page_title(body: &str) -> Option<String> {
    let start = find(body, "<title>", 0)? + "<title>".len();
    let end = find(body, "</title>", start)?;
    let title = body[start..end]
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    if title.is_empty() {
        None
    } else {
        Some(title.chars().take(80).collect())
    }
}

fn find(body: &str, tag: &str, from: usize) -> Option<usize> {
    let bytes = body.as_bytes().get(from..)?;
    bytes
        .windows(tag.len())
        .position(|window| window.eq_ignore_ascii_case(tag.as_bytes()))
        .map(|at| at + from)
}

#[cfg(test)]
mod tests {
    use super::{decode, page_title};

    #[test]
    fn reads_what_gateways_send() {
        assert_eq!(decode(b"\xEF\xBB\xBF{}".to_vec()), "{}");
        assert_eq!(decode(b"\xFF\xFE{\0}\0".to_vec()), "{}");
        assert_eq!(decode(b"\xFE\xFF\0{\0}".to_vec()), "{}");
        assert_eq!(decode("你好".into()), "你好");
        assert_eq!(decode(b"\"\xC4\xE3\"".to_vec()), "\"\u{fffd}\u{fffd}\"");
    }

    #[test]
    fn shows_only_the_title_of_a_page() {
        let page = "<html><head><TITLE>\n 502  Bad Gateway</Title></head><body>token=1</body>";
        assert_eq!(page_title(page).as_deref(), Some("502 Bad Gateway"));
        assert_eq!(page_title("<title>"), None);
        assert_eq!(
            page_title(&format!("<title>{}</title>", "好".repeat(300))).map(|t| t.chars().count()),
            Some(80)
        );
    }
}
