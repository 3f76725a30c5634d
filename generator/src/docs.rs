//! Owns documentation as Markdown: texts of documents, made harmless for rustdoc and for readers.

use catalog::model::{Choice, Field, Limits, Note};
use catalog::slug;

/// A text of a document as Markdown that means the same and nothing more.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if ["http://", "https://"]
            .iter()
            .any(|scheme| rest.starts_with(scheme))
        {
            let end = rest
                .find(|c: char| !c.is_ascii_graphic() || "<>`\"'()[]{}|\\".contains(c))
                .unwrap_or(rest.len());
            let (link, after) = rest.split_at(end);
            out.push_str(&format!("`{link}`"));
            rest = after;
            continue;
        }
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '&' | '~' | '|' | '$' => {
                out.push('\\');
                out.push(c);
            }
            '\n' | '\t' => out.push(' '),
            c if is_invisible(c) => {}
            c => out.push(c),
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    let out = out.trim();
    // `1. …` and `+ …` at the start of a line would be a list.
    let list = out.split(' ').next().is_some_and(|word| {
        matches!(word, "-" | "+")
            || word
                .strip_suffix(['.', ')'])
                .is_some_and(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit()))
    });
    if list {
        format!("\u{3000}{out}")
    } else {
        out.to_owned()
    }
}

/// Control characters, and those that make text read otherwise than it is.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            u32::from(c),
            0xad | 0x61c | 0x180e | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x2069 | 0xfeff
                | 0xfff9..=0xfffb | 0xe0000..=0xe007f
        )
}

/// The words by which rustdoc's search finds something: its title, as it is, in pinyin with spaces and without, by the
/// initials, `发送文本` as `fa song wen ben`, `fasongwenben` and `fswb`; then what else it is called. Left out is what
/// the search finds anyway: it looks at neither case nor `_`, and knows a word by its beginning, unless that has spaces.
/// So 消息, which people leave out, is left out there as well.
pub(crate) fn search_words<'w>(
    title: &'w str,
    of: &str,
    also: impl IntoIterator<Item = &'w str>,
) -> Vec<String> {
    let folded = |word: &str| word.replace('_', "").to_lowercase();
    let (syllables, initials) = slug::spoken(title);
    let short = title.strip_suffix("消息").unwrap_or(title);
    let (short, _) = slug::spoken(short);
    let joined = syllables.concat();
    let spoken = [syllables.join(" "), short.join(" "), joined, initials];
    let given = std::iter::once(title).chain(also);
    let mut known = vec![folded(of)];
    let mut words = Vec::new();
    for word in given.map(str::to_owned).chain(spoken) {
        let Some(word) = alias(&word) else { continue };
        if !known.contains(&folded(&word)) {
            known.push(folded(&word));
            words.push(word);
        }
    }
    words
}

/// A word for rustdoc's search, which refuses quotes and odd spaces in it.
fn alias(word: &str) -> Option<String> {
    let alias: String = word
        .chars()
        .filter(|c| !is_invisible(*c) && !matches!(c, '"' | '\''))
        .collect();
    let alias = alias.split_whitespace().collect::<Vec<_>>().join(" ");
    (!alias.is_empty()).then_some(alias)
}

/// What is known of a field, a paragraph a fact.
pub(crate) fn field(field: &Field) -> Vec<String> {
    let title = escaped(&field.title);
    let wire = code(&field.wire);
    let mut lines = vec![if title.is_empty() {
        format!("`{wire}`")
    } else {
        title
    }];
    lines.extend(field.notes.iter().map(|note| escaped(note)));
    if let Some(default) = &field.default {
        lines.push(format!("默认 `{}`。", code(default)));
    }
    lines.extend(limits(field.limits));
    if !field.forms.is_empty() {
        lines.push("已知的文本：".to_owned());
        let form = |form: &Choice| format!("- `{}`：{}", code(&form.value), escaped(&form.title));
        lines.extend(field.forms.iter().map(form));
    }
    separated(lines)
}

/// What is known of a value.
pub(crate) fn value(choice: &Choice) -> String {
    let title = escaped(&choice.title);
    let value = code(&choice.value);
    if title.is_empty() {
        format!("`{value}`")
    } else {
        format!("`{value}`：{title}")
    }
}

/// What documents say besides, a paragraph a note. Code is `text`: nothing of a vendor's runs as a doctest.
pub(crate) fn notes<'n>(notes: impl IntoIterator<Item = &'n Note>) -> Vec<String> {
    let mut lines = Vec::new();
    for note in notes {
        let block = match note {
            Note::Text(text) => vec![escaped(text)],
            Note::Title { title } => vec![format!("**{}**", escaped(title))],
            Note::Code { code } => code_block(code),
            Note::Table { columns, rows } => table(columns, rows),
        };
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(block);
    }
    lines
}

/// Code in a fence that nothing in it closes.
fn code_block(code: &str) -> Vec<String> {
    let runs = code.split(|c| c != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or(0).max(2) + 1);
    let visible = |line: &str| line.chars().filter(|c| !is_invisible(*c)).collect();
    let lines = code
        .lines()
        .map(|line| visible(&line.replace('\t', "    ")));
    let opened = std::iter::once(format!("{fence}text"));
    opened.chain(lines).chain([fence]).collect()
}

fn table(columns: &[String], rows: &[Vec<String>]) -> Vec<String> {
    let line = |cells: &[String]| -> String {
        let cells = cells.iter().map(|cell| format!(" {} |", escaped(cell)));
        format!("|{}", cells.collect::<String>())
    };
    let rule = format!("|{}", "---|".repeat(columns.len()));
    let rows = rows.iter().map(|row| line(row));
    [line(columns), rule].into_iter().chain(rows).collect()
}

/// A text inside backticks.
pub(crate) fn code(text: &str) -> String {
    text.chars()
        .filter(|c| !is_invisible(*c) && *c != '`')
        .collect()
}

fn limits(limits: Limits) -> Option<String> {
    let facts: Vec<String> = [
        limits.min_items.map(|n| format!("至少 {n} 个")),
        limits.max_items.map(|n| format!("至多 {n} 个")),
        limits.max_bytes.map(|n| format!("至多 {n} 字节")),
        limits.max_seconds.map(|n| format!("至多 {n} 秒")),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!facts.is_empty()).then(|| format!("{}。", facts.join("，")))
}

/// Paragraphs: an empty line between facts, none between the items of a list.
fn separated(lines: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for line in lines {
        let in_list =
            line.starts_with("- ") && out.last().is_some_and(|last| last.starts_with("- "));
        if !out.is_empty() && !in_list {
            out.push(String::new());
        }
        out.push(line);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_document_becomes_markup() {
        assert_eq!(
            escaped("[x](y) <b> `c` my_account"),
            "\\[x\\](y) \\<b\\> \\`c\\` my\\_account"
        );
        assert_eq!(
            escaped("见 https://example.com/a_b 。"),
            "见 `https://example.com/a_b` 。"
        );
        assert_eq!(escaped("a\u{202e}b\u{0}c*/"), "abc\\*/");
        assert_eq!(escaped("1. 一"), "\u{3000}1. 一");
    }

    #[test]
    fn code_of_a_document_stays_code_and_a_table_a_table() {
        let code = Note::Code {
            code: "a\u{202e}\n```\nrm".to_owned(),
        };
        let text = |text: &str| text.to_owned();
        let table = Note::Table {
            columns: vec![text("a|b")],
            rows: vec![vec![text("x\ny")]],
        };
        let lines = [
            "````text",
            "a",
            "```",
            "rm",
            "````",
            "",
            "| a\\|b |",
            "|---|",
            "| x y |",
        ];
        assert_eq!(notes([&code, &table]), lines);
    }

    #[test]
    fn an_alias_has_no_quotes() {
        assert_eq!(alias("开启'群聊\"确认'").as_deref(), Some("开启群聊确认"));
        assert_eq!(alias("''"), None);
    }

    #[test]
    fn a_chinese_title_is_found_as_it_is_spoken() {
        let found = |title, of, also: &[&'static str]| {
            search_words(title, of, also.iter().copied()).join("|")
        };
        assert_eq!(
            found("发送文本", "SendText", &["sendText", "send_text", "60001"]),
            "发送文本|60001|fa song wen ben|fasongwenben|fswb"
        );
        assert_eq!(
            found("发送APP类消息", "SendApp", &[]),
            "发送APP类消息|fa song app lei xiao xi|fa song app lei|fasongappleixiaoxi|fsapplxx"
        );
        assert_eq!(found("login", "Login", &[]), "");
    }
}
