//! Owns lines that are no sentences: rows with full-width pipes or tabs, rows in HTML, members of an example whose
//! fence does not open, a `key: value` line whose key nobody knows but for a slip.
//!
//! In: a line that is neither a fact nor a caption. Out: what it was to be, as a finding; none: it is documentation.

use crate::diagnostic::{Code, Diagnostic};
use crate::document::Line;

use super::dialect::Dialect;
use super::table_doubts::FULL_WIDTH_PIPE;

/// What a line was to be.
pub(super) fn doubt(line: &Line, dialect: &Dialect) -> Option<Diagnostic> {
    let (plain, raw) = (line.text.plain.as_str(), line.text.raw.as_str());
    if plain.matches(FULL_WIDTH_PIPE).count() > 1 {
        let message = format!("`{FULL_WIDTH_PIPE}` makes no table: this line is no row");
        return Some(Diagnostic::new(Code::FullWidthPipe, message).help("write `|`"));
    }
    let tag = raw.trim_start_matches('<').to_lowercase();
    let is_html = ["table", "tr", "td", "th"].iter().any(|name| {
        let rest = tag.strip_prefix(name);
        raw.starts_with('<') && rest.is_some_and(|rest| rest.starts_with(['>', ' ']))
    });
    if is_html || raw.matches('\t').count() > 1 {
        let message = "this line looks like the row of a table, and is none";
        return Some(Diagnostic::new(Code::UnreadLine, message).help("write the table with `|`"));
    }
    let is_member = raw.starts_with('"') && (raw.contains("\":") || raw.contains("\" :"));
    if is_member {
        let message = "this line looks like a part of an example, and stands in no fence";
        let help = "write ```` ```json ```` above the example and ```` ``` ```` below it";
        return Some(Diagnostic::new(Code::UnreadLine, message).help(help));
    }
    let (key, known) = dialect
        .misspelt_fact(plain)
        .filter(|_| line.bullet.is_some())?;
    let message = format!("`{key}` tells nothing that is known (did you mean `{known}`?)");
    let help = "write the key as the other sections do, or say it in a sentence";
    Some(Diagnostic::new(Code::UnknownFact, message).help(help))
}
