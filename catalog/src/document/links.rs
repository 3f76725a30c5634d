//! Owns link targets: what stands in the parentheses of `[text](target "title")`.

/// Markdown's own limit; it also bounds how often a byte is looked at.
const MAX_NESTING: usize = 32;

/// The target in parentheses that a text starts with, and how many bytes they take.
pub(super) fn target(text: &str) -> Option<(&str, usize)> {
    let inside = text.strip_prefix('(')?.trim_start();
    let (target, rest) = match inside.strip_prefix('<') {
        Some(pointed) => pointed.split_at_checked(pointed.find(['>', '<'])?)?,
        None => inside.split_at_checked(bare_length(inside)?)?,
    };
    let rest = rest.strip_prefix('>').unwrap_or(rest);
    let rest = skip_title(rest.trim_start())?.trim_start();
    let rest = rest.strip_prefix(')')?;
    Some((target, text.len() - rest.len()))
}

/// How long a target without angle brackets is: up to a space, or the `)` that is not its own.
fn bare_length(text: &str) -> Option<usize> {
    let mut nesting = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' if nesting == MAX_NESTING => return None,
            '(' => nesting += 1,
            ')' if nesting == 0 => return Some(at),
            ')' => nesting -= 1,
            c if c.is_whitespace() => return Some(at),
            _ => {}
        }
    }
    None
}

fn skip_title(text: &str) -> Option<&str> {
    let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
        return Some(text);
    };
    let title = text.get(1..)?;
    title.get(title.find(quote)? + 1..)
}
