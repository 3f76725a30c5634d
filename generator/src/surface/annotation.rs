//! Owns diagnostics as programs read them: JSON, and the commands by which a workflow of GitHub marks lines.
//!
//! `warning[unread-row]` of line 12 becomes `{"code": "unread-row", "line": 12, …}`, or
//! `::warning file=catalog/…/a.md,line=12,col=3,title=unread-row::…`.

use catalog::diagnostic::Diagnostic;
use serde_json::{Map, Value, json};

use super::diagnostic::{Place, word};

/// A diagnostic as JSON; `also` are its further places, each a path and a line.
pub fn json(diagnostic: &Diagnostic, place: Option<Place<'_>>, also: &[(String, u32)]) -> Value {
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| drop(object.insert(key.to_owned(), value));
    put("severity", word(diagnostic.severity()).into());
    put("code", diagnostic.code.as_str().into());
    put("message", diagnostic.message.clone().into());
    if let Some(place) = place {
        put("file", place.path.into());
        put("line", place.location.line.into());
        put("column", place.column().into());
    }
    if !also.is_empty() {
        let places = also.iter();
        let places = places.map(|(file, line)| json!({ "file": file, "line": line }));
        put("also", places.collect());
    }
    for (key, text) in [
        ("help", &diagnostic.help),
        ("fix", &diagnostic.fix),
        ("accepted", &diagnostic.accepted),
    ] {
        if let Some(text) = text {
            put(key, text.clone().into());
        }
    }
    object.into()
}

/// A diagnostic as a command of GitHub's, ending in a line break.
pub fn github(diagnostic: &Diagnostic, place: Option<Place<'_>>) -> String {
    let mut properties = Vec::new();
    if let Some(place) = place {
        properties.push(format!("file={}", property(place.path)));
        properties.push(format!("line={}", place.location.line));
        let column = place.column();
        properties.extend(column.map(|column| format!("col={column}")));
    }
    properties.push(format!("title={}", diagnostic.code));
    let mut text = diagnostic.message.clone();
    if let Some(help) = &diagnostic.help {
        text.push_str(&format!("\nhelp: {help}"));
    }
    if let Some(fix) = &diagnostic.fix {
        text.push_str(&format!("\npaste into provider.toml:\n{fix}"));
    }
    format!(
        "::{} {}::{}\n",
        word(diagnostic.severity()),
        properties.join(","),
        data(&text)
    )
}

/// What stands behind a command: a line break would end it.
fn data(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => out.push_str("%25"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            c if super::escape::is_unsafe(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// What a property of a command holds.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use catalog::diagnostic::Code;
    use catalog::source::{SourceFile, Span};

    use super::*;

    #[test]
    fn programs_have_the_place_the_code_and_the_mend() {
        let file = SourceFile::new("specs/a.md", "标签 x\n");
        let diagnostic = Diagnostic::new(Code::UnknownType, "100% odd\u{1b}")
            .at(file.location(Span::new(7, 8)))
            .help("a\nb")
            .fix("[[correction]]");
        let place = diagnostic.at.as_ref().map(|location| Place {
            path: "x,y/a.md",
            location,
            file: Some(&file),
        });
        assert_eq!(
            github(&diagnostic, place),
            "::warning file=x%2Cy/a.md,line=1,col=4,title=unknown-type::100%25 odd\\u{1b}%0Ahelp: a%0Ab\
             %0Apaste into provider.toml:%0A[[correction]]\n"
        );
        let also = [("b.md".to_owned(), 3)];
        assert_eq!(
            json(&diagnostic, place, &also),
            json!({
                "severity": "warning", "code": "unknown-type", "message": "100% odd\u{1b}",
                "file": "x,y/a.md", "line": 1, "column": 4, "also": [{ "file": "b.md", "line": 3 }],
                "help": "a\nb", "fix": "[[correction]]",
            })
        );
    }
}
