//! A long text as several: cut at blank lines, else at lines, else at spaces, else where it must be.

/// The pieces, of so many characters at most. What stands around a cut is left out; no piece is blank.
pub(super) fn split(text: &str, most: usize) -> Vec<&str> {
    let most = most.max(1);
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((end, _)) = rest.char_indices().nth(most) {
        let at = cut(rest, end);
        let (piece, left) = rest.split_at(at);
        pieces.push(piece.trim_end());
        rest = left.trim_start();
    }
    pieces.push(rest);
    pieces.retain(|piece| !piece.trim().is_empty());
    pieces
}

/// Where to cut, at `end` at the latest; not in the first half, so that there are not more pieces than need be.
fn cut(text: &str, end: usize) -> usize {
    let window = text.get(..end).unwrap_or(text);
    let late = |at: &usize| *at >= end / 2;
    let blank = window.rfind("\n\n").filter(late);
    let line = || cut_behind(text, end, |char| char == '\n').filter(late);
    let space = || cut_behind(text, end, char::is_whitespace).filter(late);
    let found = blank.or_else(line).or_else(space);
    found.unwrap_or_else(|| whole(window, text))
}

/// Before the last such character, that at `end` included.
fn cut_behind(text: &str, end: usize, is: impl Fn(char) -> bool) -> Option<usize> {
    let next = text.get(end..)?.chars().next()?;
    let window = text.get(..end + next.len_utf8())?;
    window.rfind(is)
}

/// The end of a window, moved to the front where it would part what is seen as one character.
fn whole(window: &str, text: &str) -> usize {
    const LONGEST: usize = 32;
    let mut next = text
        .get(window.len()..)
        .and_then(|rest| rest.chars().next());
    for (at, char) in window.char_indices().rev().take(LONGEST) {
        if next.is_none_or(|next| !joins(char, next)) {
            return at + char.len_utf8();
        }
        next = Some(char);
    }
    window.len()
}

/// Whether two characters are seen as one.
fn joins(one: char, next: char) -> bool {
    const JOINER: char = '\u{200d}';
    let extends = matches!(next,
        '\u{300}'..='\u{36f}' | '\u{20d0}'..='\u{20f0}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}');
    let flag = |char| matches!(char, '\u{1f1e6}'..='\u{1f1ff}');
    extends
        || next == JOINER
        || one == JOINER
        || (flag(one) && flag(next))
        || (one, next) == ('\r', '\n')
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn what_fits_stays_as_it_is() {
        assert_eq!(split("", 5), [""; 0]);
        assert_eq!(split(" \n ", 1), [""; 0]);
        assert_eq!(split(" 你好\n\n吗 ", 7), [" 你好\n\n吗 "]);
    }

    #[test]
    fn cuts_at_blank_lines_then_lines_then_spaces_then_anywhere() {
        assert_eq!(split("aaaa\n\nb b\nb", 9), ["aaaa", "b b\nb"]);
        assert_eq!(split("aaaa\nb b b", 9), ["aaaa", "b b b"]);
        assert_eq!(split("aaaa bbbbb", 9), ["aaaa", "bbbbb"]);
        assert_eq!(split("aaaabbbbb", 4), ["aaaa", "bbbb", "b"]);
        assert_eq!(split("aaaa bbbb", 4), ["aaaa", "bbbb"]);
        assert_eq!(
            split("a\n\nbbbbbbbbb", 9),
            ["a\n\nbbbbbb", "bbb"],
            "too early"
        );
    }

    #[test]
    fn as_many_pieces_as_there_must_be() {
        let text = "字".repeat(25_000);
        let pieces = split(&text, 2_000);
        assert_eq!(pieces.len(), 13);
        assert_eq!(pieces.concat(), text);
    }

    #[test]
    fn what_is_seen_as_one_character_stays_whole() {
        let family = "👨\u{200d}👩\u{200d}👧";
        assert_eq!(split(&format!("ab{family}"), 6), ["ab", family]);
        assert_eq!(split("abce\u{301}", 4), ["abc", "e\u{301}"]);
        assert_eq!(split("a🇨🇳", 2), ["a", "🇨🇳"]);
        assert_eq!(
            split("\u{301}\u{301}\u{301}", 2),
            ["\u{301}\u{301}", "\u{301}"]
        );
    }
}
