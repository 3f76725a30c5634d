//! Owns limits: how many, how large, how long, and how far apart calls must be.

use super::chars::{is_close_bracket, is_open_bracket, is_separator, is_space, starts_with};
use crate::model::Limits;

/// What a description limits.
#[derive(Default)]
struct Found {
    limits: Limits,
    pace_ms: Option<(u32, u32)>,
}

const UPPER: &[&str] = words![
    "最多" "最大" "最长" "至多" "不超过" "不大于" "上限" "限制"
];
const LOWER: [&str; 5] = ["至少", "最少", "不少于", "最低", "不低于"];
const WITHIN: [&str; 4] = ["以内", "内", "之内", "以下"];
const APART: [&str; 4] = ["间隔", "相隔", "停顿", "延时"];
/// A distance is that of calls where its sentence speaks of calls, or of nothing else.
const CALLS: [&str; 5] = ["调用", "请求", "接口", "操作", "每次"];
/// What may stand before a distance of which nothing else is said.
const BARE: [&str; 7] = ["随机", "请", "需", "须", "应", "建议", "每"];
/// Longer distances are for a person to decide: `pace_ms` of a correction.
const LONGEST_PACE_MS: u32 = 60_000;

/// Signs that count items. 位 and 字 count digits and letters.
const COUNTERS: &str = "个张条人名项只";

/// How far before and behind a number its words are looked for.
const REACH: usize = 14;

/// The limits of a description: `最多 20 个`.
pub(crate) fn limits(text: &str) -> Limits {
    found(text).limits
}

/// Calls are to be made so many milliseconds apart, at random between the two: `间隔 300–800 ms`.
pub(crate) fn pace_ms(text: &str) -> Option<(u32, u32)> {
    found(text).pace_ms
}

fn found(text: &str) -> Found {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Found::default();
    let mut at = 0;
    while at < chars.len() {
        let Some(number) = Number::at(&chars, at) else {
            at += 1;
            continue;
        };
        let word = at
            .checked_sub(1)
            .is_some_and(|i| chars[i].is_ascii_alphanumeric());
        if !word {
            note(&chars, at, number, &mut found);
        }
        at = number.end;
    }
    found
}

fn note(chars: &[char], start: usize, number: Number, found: &mut Found) {
    let before = clause_before(chars, start);
    let behind = chars.get(number.end..).unwrap_or_default();
    let behind = &behind[behind.iter().take(2).take_while(|c| is_space(**c)).count()..];
    let says = |words: &[&str]| words.iter().any(|word| before.contains(word));
    if says(&APART) {
        let of_calls = is_bare_distance(&before) || speaks_of_calls(chars, start);
        let pace = || pace(chars, number).filter(|(_, most)| of_calls && *most <= LONGEST_PACE_MS);
        found.pace_ms = found.pace_ms.or_else(pace);
        return;
    }
    let limits = &mut found.limits;
    let (upper, lower) = (says(UPPER), says(&LOWER));
    if let Some((bytes, length)) = size_unit(behind) {
        let within = starts_with_any(&behind[length..], &WITHIN);
        if upper || within || before.contains("支持") || before.contains("小于") {
            limits.max_bytes = limits.max_bytes.or_else(|| number.times(bytes));
        }
        return;
    }
    if let Some((milliseconds, length)) = time_unit(behind) {
        let within = starts_with_any(&behind[length..], &WITHIN);
        if upper || within {
            let seconds = number
                .times(milliseconds)
                .and_then(|ms| u32::try_from(ms / 1000).ok());
            limits.max_seconds = limits.max_seconds.or(seconds);
        }
        return;
    }
    let Some(count) = number.whole() else {
        return;
    };
    if !counts(behind, before.ends_with('个')) {
        return;
    }
    if lower {
        // The last one is the rule, those before it give its reasons.
        limits.min_items = Some(count);
    } else if upper {
        limits.max_items = limits.max_items.or(Some(count));
    } else if (says(&["必须", "需要", "须"])) && says_or_more(behind) {
        limits.min_items = Some(count);
    }
}

/// A number, in thousandths.
#[derive(Clone, Copy)]
struct Number {
    thousandths: u64,
    end: usize,
}

impl Number {
    fn at(chars: &[char], start: usize) -> Option<Self> {
        let digits = |from: usize| {
            let tail = chars.get(from..).unwrap_or_default();
            tail.iter().take_while(|c| c.is_ascii_digit()).count()
        };
        let whole = digits(start);
        if whole == 0 {
            return Self::han(chars, start);
        }
        let mut end = start + whole;
        // Too long a number limits nothing, but it must be passed as a whole.
        let readable = &chars[start..start + if whole <= 9 { whole } else { 0 }];
        let mut value = to_number(readable) * 1000;
        let fraction = digits(end + 1);
        if chars.get(end) == Some(&'.') && fraction > 0 {
            let scale = [0, 100, 10, 1].get(fraction).copied().unwrap_or_default();
            value += to_number(&chars[end + 1..end + 1 + fraction.min(3)]) * scale;
            end += 1 + fraction;
        }
        Some(Self {
            thousandths: value,
            end,
        })
    }

    /// 至少两个: a numeral between a limiting word and what it counts.
    fn han(chars: &[char], start: usize) -> Option<Self> {
        let value = "零一二三四五六七八九十"
            .chars()
            .position(|c| c == chars[start]);
        let value = if chars[start] == '两' {
            Some(2)
        } else {
            value
        }?;
        let limited = UPPER.iter().chain(&LOWER);
        let before = clause_before(chars, start);
        let counted = chars.get(start + 1).is_some_and(|c| COUNTERS.contains(*c));
        let limited = counted && limited.into_iter().any(|word| before.ends_with(word));
        limited.then_some(Self {
            thousandths: value as u64 * 1000,
            end: start + 1,
        })
    }

    fn times(self, factor: u64) -> Option<u64> {
        let product = self.thousandths.checked_mul(factor)? / 1000;
        (product > 0).then_some(product)
    }

    fn whole(self) -> Option<u32> {
        let whole = self.thousandths > 0 && self.thousandths.is_multiple_of(1000);
        whole
            .then(|| u32::try_from(self.thousandths / 1000).ok())
            .flatten()
    }
}

fn to_number(digits: &[char]) -> u64 {
    digits
        .iter()
        .filter_map(|c| c.to_digit(10))
        .fold(0, |sum, digit| sum * 10 + u64::from(digit))
}

/// What stands before a number in its clause, without blanks.
fn clause_before(chars: &[char], start: usize) -> String {
    let head = &chars[start.saturating_sub(REACH)..start];
    let ends = |c: char| is_separator(c) || is_open_bracket(c) || is_close_bracket(c);
    let from = head.iter().rposition(|c| ends(*c)).map_or(0, |at| at + 1);
    head[from..].iter().filter(|c| !is_space(**c)).collect()
}

/// `随机间隔`: nothing is said of what else would be apart.
fn is_bare_distance(before: &str) -> bool {
    let mut rest = before;
    while let Some(shorter) = BARE.iter().find_map(|word| rest.strip_prefix(word)) {
        rest = shorter;
    }
    APART.iter().any(|word| rest.starts_with(word))
}

/// Whether the sentence around a number speaks of calls.
fn speaks_of_calls(chars: &[char], at: usize) -> bool {
    let ends = |c: &char| matches!(c, '。' | '；' | ';' | '！' | '!' | '\n');
    let (head, tail) = chars.split_at(at.min(chars.len()));
    let from = head.iter().rposition(ends).map_or(0, |end| end + 1);
    let sentence = head
        .iter()
        .skip(from)
        .chain(tail.iter().take_while(|c| !ends(c)));
    let sentence: String = sentence.collect();
    CALLS.iter().any(|word| sentence.contains(word))
}

fn starts_with_any(chars: &[char], words: &[&str]) -> bool {
    let from = chars.iter().take(2).take_while(|c| is_space(**c)).count();
    words.iter().any(|word| starts_with(&chars[from..], word))
}

/// Letters that stand here, in lower case.
fn letters(chars: &[char]) -> String {
    let letters = chars.iter().take(8).take_while(|c| c.is_ascii_alphabetic());
    letters.map(char::to_ascii_lowercase).collect()
}

/// How many bytes the unit here has, and how long its name is.
fn size_unit(chars: &[char]) -> Option<(u64, usize)> {
    if starts_with(chars, "兆") {
        return Some((1 << 20, 1));
    }
    let name = letters(chars);
    let bytes = match name.as_str() {
        "k" | "kb" => 1 << 10,
        "m" | "mb" => 1 << 20,
        "g" | "gb" => 1 << 30,
        _ => return None,
    };
    Some((bytes, name.len()))
}

/// How many milliseconds the unit here has, and how long its name is.
fn time_unit(chars: &[char]) -> Option<(u64, usize)> {
    const NAMES: [(&str, u64); 5] = [
        ("毫秒", 1),
        ("秒钟", 1000),
        ("秒", 1000),
        ("分钟", 60_000),
        ("小时", 3_600_000),
    ];
    if let Some((name, ms)) = NAMES.iter().find(|(name, _)| starts_with(chars, name)) {
        return Some((*ms, name.chars().count()));
    }
    let name = letters(chars);
    let ms = match name.as_str() {
        "ms" => 1,
        "s" | "sec" => 1000,
        "min" => 60_000,
        _ => return None,
    };
    Some((ms, name.len()))
}

/// Whether a number before this counts items: a counting sign follows, or nothing does.
fn counts(behind: &[char], counter_before: bool) -> bool {
    match behind.first().copied() {
        None => true,
        Some('个') => !behind.get(1).is_some_and(|c| "字月小".contains(*c)),
        Some(c) if COUNTERS.contains(c) => true,
        Some(c) => counter_before || is_separator(c) || is_close_bracket(c),
    }
}

/// `2个微信id以上`
fn says_or_more(behind: &[char]) -> bool {
    let clause = behind.iter().take(REACH);
    let clause: String = clause.take_while(|c| !is_separator(**c)).collect();
    clause.contains("以上")
}

/// `300ms-800ms`, `1–3 s`, `2 秒`, from its first number on.
fn pace(chars: &[char], first: Number) -> Option<(u32, u32)> {
    let skip = |at: usize| {
        let tail = chars.get(at..).unwrap_or_default();
        at + tail.iter().take(2).take_while(|c| is_space(**c)).count()
    };
    let tail = |at: usize| chars.get(at..).unwrap_or_default();
    let mut at = skip(first.end);
    let first_unit = time_unit(tail(at));
    at = skip(at + first_unit.map_or(0, |(_, length)| length));
    let joined = tail(at)
        .first()
        .is_some_and(|c| matches!(c, '-' | '–' | '—' | '－' | '~' | '～' | '至' | '到'));
    let last = if joined {
        Number::at(chars, skip(at + 1).min(chars.len() - 1))
    } else {
        None
    };
    let to_ms =
        |number: Number, unit: u64| number.times(unit).and_then(|ms| u32::try_from(ms).ok());
    let Some(last) = last else {
        let apart = to_ms(first, first_unit?.0)?;
        return Some((apart, apart));
    };
    let last_unit = time_unit(tail(skip(last.end)));
    let (unit, _) = last_unit.or(first_unit)?;
    let (first_unit, _) = first_unit.unwrap_or((unit, 0));
    let (low, high) = (to_ms(first, first_unit)?, to_ms(last, unit)?);
    (low <= high).then_some((low, high))
}
