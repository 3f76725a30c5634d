//! Owns code that is written the way it is laid out: what every operation and every reply has, and most of a file.
//! prettyplease has the last word all the same: whatever has a line that is too wide goes through it, and a test lays
//! out again what did not.

use super::Chunk;
use crate::docs;

/// The width that prettyplease fills, in bytes.
pub(super) const MARGIN: usize = 89;

/// An item that stands as prettyplease would lay it out, unless a line is too wide.
pub(super) fn item(text: String) -> Chunk {
    let is_doc = |line: &str| line.trim_start().starts_with("///");
    if text.lines().all(|line| fits(line) || is_doc(line)) {
        Chunk::Text(text)
    } else {
        Chunk::Source(text)
    }
}

/// The width that prettyplease gives the literal of a struct on one line, without the closing brace.
const STRUCT_WIDTH: usize = 34;

/// Whether what holds at most one literal of a struct has it on one line.
pub(super) fn is_flat(code: &str) -> bool {
    let Some((before, _)) = code.split_once('{') else {
        return true;
    };
    let start = before
        .trim_end()
        .rfind(['[', '(', ' '])
        .map_or(0, |at| at + 1);
    let end = code.rfind('}').unwrap_or(code.len());
    end - start <= STRUCT_WIDTH
}

/// The literal of a struct, the only expression of a method.
pub(super) fn literal_of_struct(name: &str, fields: &[String]) -> String {
    let line = format!("{name} {{ {} }}", fields.join(", "));
    if is_flat(&line) {
        return format!("        {line}\n");
    }
    let fields = fields.iter().map(|field| format!("            {field},\n"));
    let fields: String = fields.collect();
    format!("        {name} {{\n{fields}        }}\n")
}

/// Whether a line is not too wide.
pub(super) fn fits(line: &str) -> bool {
    line.len() <= MARGIN
}

/// A literal.
pub(super) fn literal(text: &str) -> String {
    let is_plain = |c: char| match c {
        '"' | '\\' => false,
        ' '..='~' | '\u{4e00}'..='\u{9fff}' => true,
        _ => false,
    };
    if text.chars().all(is_plain) {
        // Nearly all are: nothing has to be escaped.
        return format!("\"{text}\"");
    }
    proc_macro2::Literal::string(text).to_string()
}

/// Documentation before an item, or, with space in front, before a part of one. Whatever the lines have come through
/// before, nothing in them ends the comment.
pub(super) fn documentation(lines: &[String], space: &str) -> String {
    let mut text =
        String::with_capacity(lines.iter().map(|line| line.len() + space.len() + 5).sum());
    for line in lines {
        text.push_str(space);
        text.push_str(if line.is_empty() { "///" } else { "/// " });
        text.extend(line.chars().filter(|c| !c.is_control()));
        text.push('\n');
    }
    text
}

/// A title under which rustdoc's search finds the item.
pub(super) fn alias(title: &str, of: &str, space: &str) -> String {
    match docs::alias(title).filter(|alias| alias != of) {
        Some(alias) => format!("{space}#[doc(alias = {})]\n", literal(&alias)),
        None => String::new(),
    }
}

/// A mark on what the documents struck through, before a method.
pub(super) fn deprecated(struck: bool) -> &'static str {
    if struck {
        "    #[deprecated = \"文档中已划去\"]\n"
    } else {
        ""
    }
}

/// A field of a struct.
pub(super) fn field(docs: &[String], name: &str, ty: &str) -> String {
    format!("{}    pub {name}: {ty},\n", documentation(docs, "    "))
}

/// The first lines of a method: `pub fn name(arguments) -> Reply {`.
pub(super) fn signature(name: &str, arguments: &[String], reply: &str) -> String {
    let line = format!("    pub fn {name}({}) -> {reply} {{", arguments.join(", "));
    if fits(&line) {
        return line + "\n";
    }
    let arguments = arguments.iter();
    let arguments: String = arguments.map(|one| format!("        {one},\n")).collect();
    format!("    pub fn {name}(\n{arguments}    ) -> {reply} {{\n")
}

/// A method that hands its request on.
pub(super) fn method(
    attributes: &str,
    name: &str,
    request: &str,
    reply: &str,
    body: &str,
) -> String {
    let arguments = ["&self".to_owned(), format!("request: {request}")];
    let signature = signature(name, &arguments, reply);
    format!("{attributes}{signature}        {body}\n    }}\n")
}

/// `visit(&[…]);`, the only statement of a method.
pub(super) fn visit(entries: &[String]) -> String {
    format!("        {};\n", call("visit(&[", entries, 8))
}

/// `input.object(&mut […])`, the only expression of a method.
pub(super) fn object(slots: &[String]) -> String {
    let line = format!("        input.object(&mut [{}])\n", slots.join(", "));
    if fits(line.trim_end_matches('\n')) {
        return line;
    }
    let call = call(".object(&mut [", slots, 12);
    format!("        input\n            {call}\n")
}

/// A call whose only argument is a list, `.object(&mut [`, behind so much space: on one line, or with lines for the
/// list alone.
pub(super) fn call(open: &str, elements: &[String], indent: usize) -> String {
    let line = format!("{open}{}])", elements.join(", "));
    if !line.contains('\n') && indent + line.len() <= MARGIN {
        return line;
    }
    let (name, list_open) = match open.split_once('(') {
        Some((name, list_open)) => (name, list_open),
        None => (open, ""),
    };
    let space = indent + 4;
    let list = list(&format!("{:space$}{list_open}", ""), elements, space);
    format!("{name}(\n{list}{:indent$})", "")
}

/// A list and a comma, on one line or with one for each element; `open` is what comes before the elements.
pub(super) fn list(open: &str, elements: &[String], indent: usize) -> String {
    let line = format!("{open}{}]", elements.join(", "));
    // Behind the last element of a list a comma may stand in the margin.
    if !line.contains('\n') && fits(&line) {
        return line + ",\n";
    }
    let elements = elements.iter();
    let elements: String = elements
        .map(|element| format!("{:indent$}    {element},\n", ""))
        .collect();
    format!("{open}\n{elements}{:indent$}],\n", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_of_documentation_ends_the_comment() {
        let lines = ["a\nfn b() {}".to_owned(), String::new(), "c\rd".to_owned()];
        let wanted = "  /// afn b() {}\n  ///\n  /// cd\n";
        assert_eq!(documentation(&lines, "  "), wanted);
    }

    #[test]
    fn what_is_too_wide_is_left_to_prettyplease() {
        let code = |width: usize| format!("type A = {};\n", "B".repeat(width - 10));
        assert!(matches!(item(code(MARGIN)), Chunk::Text(_)));
        assert!(matches!(item(code(MARGIN + 1)), Chunk::Source(_)));
        let comment = format!("/// {}\n{}", "c".repeat(MARGIN), code(40));
        assert!(matches!(item(comment), Chunk::Text(_)));
    }

    #[test]
    fn a_short_literal_of_a_struct_stands_on_one_line() {
        assert!(is_flat("session: &[Bound { name: \"wId\", value: 0 }]"));
        assert!(!is_flat(
            "session: &[Bound { name: \"my_account\", value: 0 }]"
        ));
        assert!(is_flat("safe: true"));
    }
}
