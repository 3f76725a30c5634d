//! Owns lists in one text: which sign the vendor wants between the items.

/// Words that say that items are joined or parted.
const VERBS: &[&str] = words![
    "分隔" "分割" "隔开" "分开" "拼接" "间隔开" "连接" "分离"
];

/// Words between the sign and the verb.
const FILLERS: &[&str] = words![
    "状态下" "半角" "全角" "进行" "作为" "来" "号" "符" "的" "为" "做" "去" "字符" "符号" "隔" "间"
];

/// Signs by their names.
const NAMES: [(&str, &str); 13] = [
    ("中文逗", "，"),
    ("逗", ","),
    ("分", ";"),
    ("竖线", "|"),
    ("竖杠", "|"),
    ("空格", " "),
    ("换行", "\n"),
    ("回车", "\n"),
    ("顿", "、"),
    ("斜杠", "/"),
    ("下划线", "_"),
    ("冒", ":"),
    ("井", "#"),
];

/// A sign of more characters is no sign.
const LONGEST_SIGN: usize = 4;

/// The sign that joins the items of a text that is documented as a list.
pub(crate) fn separator(text: &str) -> Option<String> {
    let mut verbs: Vec<(usize, usize)> = VERBS
        .iter()
        .flat_map(|verb| {
            text.match_indices(verb)
                .map(|(at, _)| (at, at + verb.len()))
        })
        .collect();
    verbs.sort_unstable();
    verbs.into_iter().find_map(|(start, end)| {
        sign_before(text.get(..start)?).or_else(|| sign_behind(text.get(end..)?))
    })
}

/// The sign at the end of what stands before the verb: `用 | 号来`.
fn sign_before(text: &str) -> Option<String> {
    let mut head = text.trim_end();
    loop {
        if let Some(sign) = named(head)
            .or_else(|| enclosed(head))
            .or_else(|| bare(head))
        {
            return Some(plain(&sign));
        }
        let shorter = FILLERS
            .iter()
            .find_map(|filler| head.strip_suffix(filler))?;
        head = shorter.trim_end();
    }
}

/// The sign behind `分隔符为` or `分隔符：`.
fn sign_behind(text: &str) -> Option<String> {
    let rest = text
        .strip_prefix('符')
        .or_else(|| text.strip_prefix("号"))?;
    let rest = rest.trim_start();
    let rest = ["为", "是", "：", ":"]
        .iter()
        .find_map(|link| rest.strip_prefix(link))?;
    let rest = rest.trim_start();
    let quoted = rest.chars().next().and_then(closing);
    if let Some(close) = quoted {
        let inner = rest.get(rest.chars().next()?.len_utf8()..)?;
        let sign: String = inner
            .chars()
            .take(LONGEST_SIGN + 1)
            .take_while(|c| *c != close)
            .collect();
        return fits(&sign).then(|| plain(&sign));
    }
    if let Some((_, sign)) = NAMES.iter().find(|(name, _)| rest.starts_with(name)) {
        return Some((*sign).to_owned());
    }
    let sign: String = rest
        .chars()
        .take(LONGEST_SIGN + 1)
        .take_while(|c| is_sign(*c))
        .collect();
    fits(&sign).then(|| plain(&sign))
}

fn named(head: &str) -> Option<String> {
    let name = head.strip_suffix('号').unwrap_or(head);
    // 分 and its like need 号 behind them, or 用分隔 would be a semicolon.
    let full = name.len() < head.len();
    let (_, sign) = NAMES.iter().find(|(word, _)| {
        name.ends_with(word) && (full || word.chars().count() > 1 && *word != "中文逗")
    })?;
    Some((*sign).to_owned())
}

/// A sign in quotes or braces, or a control character: `","`, `{#}`, `^G`.
fn enclosed(head: &str) -> Option<String> {
    let mut back = head.chars().rev();
    let last = back.next()?;
    if last == '}' {
        let inner: String = back
            .take(LONGEST_SIGN + 1)
            .take_while(|c| *c != '{')
            .collect();
        let start = head.len().checked_sub(inner.len() + 2)?;
        return (fits(&inner) && head.get(start..)?.starts_with('{'))
            .then(|| head[start..].to_owned());
    }
    if last.is_ascii_uppercase() && back.next() == Some('^') {
        return Some(format!("^{last}"));
    }
    let open = opening(last)?;
    let inner: Vec<char> = head
        .chars()
        .rev()
        .skip(1)
        .take(LONGEST_SIGN + 2)
        .take_while(|c| *c != open)
        .collect();
    let sign: String = inner.into_iter().rev().collect();
    let trimmed = if sign.trim().is_empty() {
        sign.as_str()
    } else {
        sign.trim()
    };
    (fits(trimmed) && !trimmed.contains(char::is_alphanumeric)).then(|| trimmed.to_owned())
}

/// Signs as they are: `用,分隔`.
fn bare(head: &str) -> Option<String> {
    let sign: Vec<char> = head
        .chars()
        .rev()
        .take(LONGEST_SIGN + 1)
        .take_while(|c| is_sign(*c))
        .collect();
    let sign: String = sign.into_iter().rev().collect();
    fits(&sign).then_some(sign)
}

fn is_sign(c: char) -> bool {
    let bracket = matches!(
        c,
        '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>' | '"' | '\'' | '`'
    );
    (c.is_ascii_punctuation() && !bracket) || matches!(c, '，' | '；' | '、' | '｜' | '。')
}

fn fits(sign: &str) -> bool {
    !sign.is_empty() && sign.chars().count() <= LONGEST_SIGN
}

/// Full-width signs stand for the plain ones; a full stop is a mistyped comma.
fn plain(sign: &str) -> String {
    match sign {
        "，" | "." | "。" => ",".to_owned(),
        "；" => ";".to_owned(),
        "｜" => "|".to_owned(),
        _ => sign.to_owned(),
    }
}

fn opening(close: char) -> Option<char> {
    match close {
        '"' | '\'' | '`' => Some(close),
        '”' => Some('“'),
        '’' => Some('‘'),
        '」' => Some('「'),
        '】' => Some('【'),
        _ => None,
    }
}

fn closing(open: char) -> Option<char> {
    match open {
        '"' | '\'' | '`' => Some(open),
        '“' => Some('”'),
        '‘' => Some('’'),
        '「' => Some('」'),
        '【' => Some('】'),
        _ => None,
    }
}
