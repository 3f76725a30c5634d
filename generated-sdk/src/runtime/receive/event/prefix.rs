//! Texts that begin with the id of who wrote them.

/// Longer than any id.
const LONGEST: usize = 64;

/// How a text may begin with somebody's id.
#[derive(Debug)]
pub struct Prefix {
    /// What stands between the id and the text.
    pub mark: &'static str,
    /// What is an id by its looks; a `*` at either end stands for any text.
    pub like: &'static [&'static str],
    /// Known senders that name nobody who writes, as `like`.
    pub except: &'static [&'static str],
}

/// Takes the id at the start of a text off and returns it.
///
/// It is one if it is the known sender, if it looks like one, or, where no sender is known, if it could be one. What
/// people write (`note:\n…`) stays whole otherwise.
pub fn split_prefix(
    prefix: &Prefix,
    text: &mut Option<String>,
    sender: Option<&str>,
) -> Option<String> {
    let whole = text.as_deref()?;
    let (id, rest) = whole.split_once(prefix.mark)?;
    if id.is_empty() || id.len() > LONGEST || !id.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let sender = sender.filter(|sender| !sender.is_empty() && !any(prefix.except, sender));
    let meant = sender.is_none_or(|sender| sender == id) || any(prefix.like, id);
    if !meant {
        return None;
    }
    let (id, rest) = (id.to_owned(), rest.to_owned());
    *text = Some(rest);
    Some(id)
}

fn any(patterns: &[&str], text: &str) -> bool {
    patterns.iter().any(
        |pattern| match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
            (Some(end), _) => text.ends_with(end),
            (None, Some(start)) => text.starts_with(start),
            (None, None) => text == *pattern,
        },
    )
}
