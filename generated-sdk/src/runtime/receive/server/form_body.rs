//! Form bodies as their fields: urlencoded or multipart, read strictly and within bounds.
//!
//! Multipart is read by hand: a body is whole and small when it gets here, and what crates for it offer, streams and
//! files, is not wanted.

use std::borrow::Cow;

/// Most fields of a form.
const FIELDS: usize = 4096;
/// Most bytes of the head of a part.
const HEAD: usize = 8 << 10;
/// Most characters of a boundary; more are forbidden by RFC 2046.
const BOUNDARY: usize = 70;

/// A body that is not what its content type says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unreadable;

/// Names and values in their order.
pub(crate) type Fields = Vec<(String, String)>;

/// How a body is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Whatever its first character says.
    Json,
    /// Pairs of `name=value`.
    Urlencoded,
    /// Parts, with this between them.
    Multipart(String),
}

impl Kind {
    /// What a content type says; without one, a body is a form.
    pub(crate) fn of(content_type: &str) -> Result<Self, Unreadable> {
        let (essence, params) = content_type.split_once(';').unwrap_or((content_type, ""));
        let essence = essence.trim().to_ascii_lowercase();
        if essence == "multipart/form-data" {
            let boundary = param(params, "boundary").ok_or(Unreadable)?;
            let fits = (1..=BOUNDARY).contains(&boundary.len())
                && boundary.bytes().all(|byte| matches!(byte, b' '..=b'~'));
            return if fits {
                Ok(Self::Multipart(boundary))
            } else {
                Err(Unreadable)
            };
        }
        if essence.ends_with("/json") || essence.ends_with("+json") {
            return Ok(Self::Json);
        }
        Ok(Self::Urlencoded)
    }
}

/// A parameter of a header, `; name="value"`, unquoted.
fn param(params: &str, wanted: &str) -> Option<String> {
    let mut rest = params;
    while !rest.is_empty() {
        rest = rest.trim_start_matches([';', ' ', '\t']);
        let end = rest.find(['=', ';']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let Some(after) = after.strip_prefix('=') else {
            rest = after;
            continue;
        };
        let (value, after) = value(after.trim_start())?;
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = after;
    }
    None
}

/// A token or a quoted text, and what stands behind it; a quoted text without an end is none.
fn value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(';').unwrap_or(text.len());
        let (value, after) = text.split_at(end);
        return Some((value.trim_end().to_owned(), after));
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return Some((value, quoted.get(at + 1..).unwrap_or_default())),
            // Browsers leave a backslash alone, others escape with it: only a quote needs that.
            '\\' if quoted
                .get(at + 1..)
                .is_some_and(|rest| rest.starts_with('"')) =>
            {
                chars.next();
                value.push('"');
            }
            other => value.push(other),
        }
    }
    None
}

/// The fields of an urlencoded body.
pub(crate) fn urlencoded(text: &str) -> Result<Fields, Unreadable> {
    // Some text is no form; in a form, a name may stand alone.
    if !text.contains('=') {
        return Err(Unreadable);
    }
    let mut fields = Fields::new();
    for pair in text.trim().split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        push(&mut fields, unescaped(name), unescaped(value))?;
    }
    Ok(fields)
}

/// Percent-decoded; what is no escape stands for itself, what is not UTF-8 afterwards is U+FFFD.
fn unescaped(text: &str) -> String {
    let spaced = text.replace('+', " ");
    let decoded = percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy();
    decoded.into_owned()
}

/// The fields of a multipart body. Files are passed over.
pub(crate) fn multipart(body: &str, boundary: &str) -> Result<Fields, Unreadable> {
    let mut fields = Fields::new();
    let delimiter = format!("\r\n--{boundary}");
    let opening = delimiter.get(2..).unwrap_or_default();
    let mut rest = match body.strip_prefix(opening) {
        Some(rest) => rest,
        None => body.split_once(&delimiter).ok_or(Unreadable)?.1,
    };
    loop {
        if rest.starts_with("--") {
            return Ok(fields);
        }
        let part = rest.trim_start_matches([' ', '\t']).strip_prefix("\r\n");
        let (part, after) = part
            .and_then(|part| part.split_once(&delimiter))
            .ok_or(Unreadable)?;
        if let Some((name, value)) = field(part)? {
            push(&mut fields, name, value)?;
        }
        rest = after;
    }
}

/// A part as a field; none if it is a file, or says no name.
fn field(part: &str) -> Result<Option<(String, String)>, Unreadable> {
    let (head, value) = match part.strip_prefix("\r\n") {
        Some(value) => ("", value),
        None => part.split_once("\r\n\r\n").ok_or(Unreadable)?,
    };
    if head.len() > HEAD {
        return Err(Unreadable);
    }
    let disposition = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let wanted = name.trim().eq_ignore_ascii_case("content-disposition");
        wanted.then(|| value.trim().to_owned())
    });
    let disposition = disposition.ok_or(Unreadable)?;
    let (_, params) = disposition.split_once(';').unwrap_or_default();
    let name = param(params, "name").ok_or(Unreadable)?;
    if param(params, "filename").is_some() {
        return Ok(None);
    }
    Ok(Some((name, value.to_owned())))
}

fn push(fields: &mut Fields, name: String, value: String) -> Result<(), Unreadable> {
    if fields.len() >= FIELDS {
        return Err(Unreadable);
    }
    fields.push((name, value));
    Ok(())
}

/// The steps of a name with brackets, `info[0][name]`: forms have no other way to nest.
pub(crate) fn steps(name: &str) -> Vec<Cow<'_, str>> {
    let whole = || vec![Cow::Borrowed(name)];
    let Some((first, rest)) = name.split_once('[').filter(|(first, _)| !first.is_empty()) else {
        return whole();
    };
    let Some(rest) = rest.strip_suffix(']') else {
        return whole();
    };
    let mut steps = vec![Cow::Borrowed(first)];
    steps.extend(rest.split("][").map(Cow::Borrowed));
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(fields: Result<Fields, Unreadable>) -> Vec<(String, String)> {
        fields.expect("a form")
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn content_types_are_told_apart() {
        let multipart = |boundary: &str| Ok(Kind::Multipart(boundary.to_owned()));
        for (given, expected) in [
            ("", Ok(Kind::Urlencoded)),
            ("application/x-www-form-urlencoded", Ok(Kind::Urlencoded)),
            ("text/plain; charset=utf-8", Ok(Kind::Urlencoded)),
            ("Application/JSON; charset=utf-8", Ok(Kind::Json)),
            ("multipart/form-data; boundary=x-1", multipart("x-1")),
            (
                "multipart/form-data;charset=utf-8; Boundary=\"a b\"",
                multipart("a b"),
            ),
            ("multipart/form-data", Err(Unreadable)),
            ("multipart/form-data; boundary=", Err(Unreadable)),
            ("multipart/form-data; boundary=\"open", Err(Unreadable)),
            ("multipart/form-data; boundary=你", Err(Unreadable)),
        ] {
            assert_eq!(Kind::of(given), expected, "{given}");
        }
        let long = format!("multipart/form-data; boundary={}", "x".repeat(71));
        assert_eq!(Kind::of(&long), Err(Unreadable));
    }

    #[test]
    fn urlencoded_fields() {
        let read = pairs(urlencoded("a=1&b=%E4%BD%A0+%26&&c=&d=100%&e=%4&f"));
        let expected = [
            ("a", "1"),
            ("b", "你 &"),
            ("c", ""),
            ("d", "100%"),
            ("e", "%4"),
            ("f", ""),
        ];
        assert_eq!(read, expected.map(|(name, value)| pair(name, value)));
        assert_eq!(urlencoded("a=%ff1"), Ok(vec![pair("a", "\u{fffd}1")]));
        assert_eq!(urlencoded("no pair"), Err(Unreadable));
        assert_eq!(urlencoded(&"a=1&".repeat(FIELDS + 1)), Err(Unreadable));
    }

    #[test]
    fn multipart_fields() {
        let body = "preamble\r\n--x\r\nContent-Disposition: form-data; name=\"data\"\r\n\
                    Content-Type: text/plain\r\n\r\n{\"a\":\r\n\"--x\"}\r\n--x \t\r\n\
                    content-disposition: form-data; name=plain\r\n\r\n\r\n--x\r\n\
                    Content-Disposition: form-data; name=\"f\"; filename=\"f.bin\"\r\n\r\n\u{1}\r\n--x--\r\nepilogue";
        let read = pairs(multipart(body, "x"));
        assert_eq!(
            read,
            [pair("data", "{\"a\":\r\n\"--x\"}"), pair("plain", "")]
        );
        assert_eq!(multipart("--x--", "x"), Ok(Fields::new()));
    }

    #[test]
    fn a_multipart_body_that_is_none_is_refused() {
        let part = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1";
        let head = format!("--x\r\nA: {}\r\n\r\n1\r\n--x--", "a".repeat(HEAD));
        for body in [
            "",
            "a=1",
            part,
            &format!("{part}\r\n--y--"),
            &format!("{part}\r\n--xy"),
            "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n--x--",
            "--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--",
            "--x\r\n\r\n1\r\n--x--",
            "--x\r\nContent-Disposition: form-data; name=\"a\r\n\r\n1\r\n--x--",
            "--xContent",
            &head,
        ] {
            assert_eq!(multipart(body, "x"), Err(Unreadable), "{body}");
        }
    }

    #[test]
    fn brackets_nest() {
        assert_eq!(steps("info[0][name]"), ["info", "0", "name"]);
        assert_eq!(steps("a[]"), ["a", ""]);
        for plain in ["a", "[a]", "a[b", "a]"] {
            assert_eq!(steps(plain), [plain]);
        }
    }
}
