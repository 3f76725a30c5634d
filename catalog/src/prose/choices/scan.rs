//! Owns the search for values: which numbers and words of a text may be enumerated values, judged by
//! what stands before and behind them.

use super::super::chars::{
    count_while, ends_with, is_close_bracket, is_colon, is_dash, is_han, is_open_bracket, is_quote,
    is_separator, is_space, starts_with,
};

/// How values and titles are joined.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `0：正常`
    Colon,
    /// `0-正常`, `0=正常`
    Dash,
    /// `0正常`, `0是正常`, `0 正常`
    Adjacent,
    /// `qrcode：扫码`
    Word,
}

/// What may be a value.
pub(super) struct Candidate {
    /// Where the value starts.
    pub(super) start: usize,
    /// Where its title starts.
    pub(super) title: usize,
    pub(super) value: String,
    /// How many brackets are open around it.
    pub(super) depth: usize,
    /// No sign parts it from the word before it, as after a lost line break.
    pub(super) inside_word: bool,
    /// It stands right behind 默认 and has digits for a default and a value.
    pub(super) behind_default: bool,
}

/// Longer numbers are ids, not enumerated values.
const MOST_DIGITS: usize = 9;

/// Words with a colon behind them that are no values.
const NO_VALUES: [&str; 10] = [
    "ps", "todo", "http", "https", "eg", "ex", "tips", "tip", "note", "p.s",
];

/// Words before a number that make it a count.
const COUNTING: [&str; 13] = [
    "最多", "至少", "最少", "第", "每", "共", "约", "超过", "间隔", "大于", "小于", "高于", "低于",
];

/// Signs that count things. Behind a number they make it a measure, unless a word begins with them.
const UNITS: &str = "天次秒页张条人位名级岁倍字元米日月年台步号点周种款层后前内起时个分%";

pub(super) fn candidates(chars: &[char], style: Style) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut depth = 0usize;
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let begins = match style {
            Style::Word => c.is_ascii_alphabetic(),
            _ => c.is_ascii_digit(),
        };
        if !begins {
            if is_open_bracket(c) {
                depth += 1;
            } else if is_close_bracket(c) {
                depth = depth.saturating_sub(1);
            }
            at += 1;
            continue;
        }
        let length = count_while(&chars[at..], |c| match style {
            Style::Word => c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'),
            _ => c.is_ascii_digit(),
        });
        found.extend(candidate(chars, style, at, at + length, depth));
        at += length;
    }
    found
}

fn candidate(
    chars: &[char],
    style: Style,
    run: usize,
    end: usize,
    depth: usize,
) -> Option<Candidate> {
    let before = |at: usize| at.checked_sub(1).and_then(|i| chars.get(i)).copied();
    let minus = style != Style::Word && before(run).is_some_and(is_dash);
    let start = if minus { run - 1 } else { run };
    let value: String = chars[run..end].iter().collect();
    let is_value = match style {
        Style::Word => !NO_VALUES
            .iter()
            .any(|word| value.eq_ignore_ascii_case(word)),
        _ => value.len() <= MOST_DIGITS,
    };
    let inside_word = inside_word(chars, style, start)?;
    if !is_value || (inside_word && (minus || style == Style::Word)) {
        return None;
    }
    let head = &chars[..start];
    let head = &head[..head.len() - count_while_back(head, is_space)];
    if style == Style::Adjacent && COUNTING.iter().any(|word| ends_with(head, word)) {
        return None;
    }
    let quoted =
        before(start).is_some_and(is_quote) && chars.get(end).is_some_and(|c| is_quote(*c));
    let title = title_start(chars, style, value.len(), end + usize::from(quoted))?;
    let behind_default = !minus
        && value.len() >= 2
        && ["默认", "默认为", "默认是", "默认值"]
            .iter()
            .any(|word| ends_with(&chars[..run], word));
    Some(Candidate {
        start,
        title,
        value: if minus { format!("-{value}") } else { value },
        depth,
        inside_word,
        behind_default,
    })
}

/// Whether a word goes on where a value begins; nothing: what stands before shows that it is no value.
fn inside_word(chars: &[char], style: Style, start: usize) -> Option<bool> {
    let before = |at: usize| at.checked_sub(1).and_then(|i| chars.get(i)).copied();
    match before(start) {
        None | Some('传') => Some(false),
        Some(c) if is_colon(c) => {
            // Neither 10:30 nor 8E:53:A8.
            let clock = before(start - 1).is_some_and(|c| match style {
                Style::Colon => c.is_ascii_alphanumeric(),
                _ => c.is_ascii_digit(),
            });
            (!clock).then_some(false)
        }
        Some(c) if is_han(c) => Some(true),
        Some(c) => {
            let is_gap = c.is_whitespace() || is_space(c) || is_separator(c);
            let parted = is_gap || is_open_bracket(c) || is_close_bracket(c) || is_quote(c);
            parted.then_some(false)
        }
    }
}

/// Blanks at the end; looks at few, as text before a number is looked at for every number.
fn count_while_back(chars: &[char], condition: impl Fn(char) -> bool) -> usize {
    chars
        .iter()
        .rev()
        .take(8)
        .take_while(|c| condition(**c))
        .count()
}

/// Where the title of a value starts, if this style's sign stands between them.
fn title_start(chars: &[char], style: Style, digits: usize, end: usize) -> Option<usize> {
    let skip = |at: usize, most: usize| {
        let tail = chars.get(at..).unwrap_or_default();
        at + count_while(&tail[..tail.len().min(most)], is_space)
    };
    match style {
        Style::Colon | Style::Word => {
            let colon = skip(end, 3);
            if !chars.get(colon).copied().is_some_and(is_colon) {
                return None;
            }
            let title = skip(colon + 1, usize::MAX);
            let first = *chars.get(title)?;
            if matches!(first, '/' | '\\' | '\n') || is_colon(first) {
                return None;
            }
            let is_time = style == Style::Colon && digits <= 2 && is_time(&chars[title..]);
            (!is_time).then_some(title)
        }
        Style::Dash => {
            let sign = skip(end, 1);
            if !chars
                .get(sign)
                .is_some_and(|c| is_dash(*c) || matches!(c, '=' | '＝' | '→'))
            {
                return None;
            }
            let arrow = usize::from(chars.get(sign + 1) == Some(&'>'));
            let title = skip(sign + 1 + arrow, usize::MAX);
            let first = *chars.get(title)?;
            (is_han(first) || first.is_ascii_alphabetic()).then_some(title)
        }
        Style::Adjacent => {
            let title = skip(end, 2);
            let tail = chars.get(title..)?;
            let first = *tail.first()?;
            let begins = if is_open_bracket(first) {
                let inner = tail.get(1).copied().unwrap_or(' ');
                title == end && (is_han(inner) || inner.is_ascii_alphabetic())
            } else if first.is_ascii_alphabetic() {
                is_latin_title(tail)
            } else {
                is_han(first) && !is_measure(tail) && !is_connected(tail)
            };
            begins.then_some(title)
        }
    }
}

/// Whether two digits follow that make the number before the colon an hour.
fn is_time(tail: &[char]) -> bool {
    let digits = count_while(&tail[..tail.len().min(3)], |c| c.is_ascii_digit());
    let behind = tail.get(digits).copied().unwrap_or(' ');
    digits == 2 && (!is_han(behind) || matches!(behind, '到' | '至' | '分' | '点'))
}

/// `8url链接` has a title, `50K` and `0A04080012` have none.
fn is_latin_title(tail: &[char]) -> bool {
    const MEASURES: [&str; 14] = [
        "k", "kb", "m", "mb", "g", "gb", "b", "ms", "s", "min", "h", "px", "st", "nd",
    ];
    let letters = count_while(&tail[..tail.len().min(16)], |c| c.is_ascii_alphabetic());
    let word: String = tail[..letters].iter().collect();
    let clause = count_while(&tail[..tail.len().min(16)], |c| !is_separator(c));
    !MEASURES.contains(&word.to_ascii_lowercase().as_str())
        && tail[..clause].iter().any(|c| is_han(*c))
}

/// Whether the number before counts or measures something: 20个, 3天内, 10 分钟.
fn is_measure(tail: &[char]) -> bool {
    let unit = tail.first().copied().unwrap_or(' ');
    let next = tail.get(1).copied().unwrap_or(' ');
    let alone = !is_han(next) || "内后前以之左右上下及且或的有起".contains(next);
    match unit {
        '个' => !matches!(next, '人' | '性' | '体'),
        '分' => alone || next == '钟',
        '时' => !matches!(next, '间' | '长' | '段' | '效'),
        '小' => next == '时',
        '毫' => next == '秒',
        '进' => next == '制',
        '千' | '万' | '百' | '亿' => true,
        _ => alone && UNITS.contains(unit),
    }
}

/// Whether a word follows that joins the number to the next: 1 或 2, 3以上.
fn is_connected(tail: &[char]) -> bool {
    let next = tail.iter().skip(1).find(|c| !is_space(**c));
    let before_number = next.is_none_or(|c| c.is_ascii_digit());
    let words = ["以上", "以下", "以内", "以后", "以前", "及以", "即可"];
    (before_number && tail.first().is_some_and(|c| "或到至与和及".contains(*c)))
        || words.iter().any(|word| starts_with(tail, word))
}
