//! Owns marks within a description: optional, also called, JSON or XML within a text, and rules
//! that tie one field to another.

use crate::model::Rule;

const OPTIONAL: &[&str] = words![
    "可空" "可为空" "可以为空" "可选" "可不传" "可以不传" "可不填" "可省略" "选填" "非必填" "非必须" "非必传"
];

/// No field has more names.
const MOST_NAMES: usize = 16;

/// Whether a description says that a parameter may be left out. `可能为空` speaks of replies.
pub(crate) fn optional_mark(text: &str) -> bool {
    OPTIONAL.iter().any(|mark| {
        text.match_indices(mark).any(|(at, _)| {
            let (before, behind) = (&text[..at], &text[at + mark.len()..]);
            let denied = before.ends_with(['不', '未', '无']);
            // 可选值 and 可选择 name what may be chosen.
            let names = *mark == "可选" && behind.starts_with(['值', '择', '项', '类', '的']);
            !denied && !names
        })
    })
}

/// Other wire names of a field: `别名 sel`.
pub(crate) fn aliases(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (at, word) in text.match_indices("别名") {
        let mut rest = &text[at + word.len()..];
        loop {
            rest = rest.trim_start_matches(|c: char| {
                c == ' '
                    || matches!(
                        c,
                        ':' | '：' | '为' | '是' | '`' | '、' | '/' | '，' | ',' | '或'
                    )
            });
            let name = identifier(rest);
            if name.is_empty() || found.len() >= MOST_NAMES {
                break;
            }
            if !found.iter().any(|known| known == name) {
                found.push(name.to_owned());
            }
            rest = &rest[name.len()..];
            if !rest
                .trim_start_matches([' ', '`'])
                .starts_with(['、', '/', '，', ',', '或'])
            {
                break;
            }
        }
    }
    found
}

/// Whether a text field holds JSON: `JSON 文本`, `数组文本`, `JSON字符串`.
pub(crate) fn says_json_text(text: &str) -> bool {
    const SAID: &[&str] = words![
        "json文本" "json字符串" "json串" "json格式的文本" "json格式文本" "json格式字符串" "json格式的字符串"
        "数组文本" "对象文本" "数组字符串" "对象字符串"
    ];
    let plain = compact(text);
    SAID.iter().any(|mark| plain.contains(mark))
}

/// Without blanks, in small letters.
fn compact(text: &str) -> String {
    text.replace(' ', "").to_ascii_lowercase()
}

/// Whether null is what is to be sent at times: `第一次传null`, not `不传null`.
pub(crate) fn says_null(text: &str) -> bool {
    let plain = compact(text);
    ["传null", "填null", "给null", "为null"].iter().any(|said| {
        plain.match_indices(said).any(|(at, _)| {
            let before = plain.get(..at).unwrap_or_default();
            let asks = *said != "为null" || before.ends_with('可');
            asks && !before.ends_with(['不', '勿', '别'])
        })
    })
}

/// Whether a text field holds XML. `xml中的…`, `从XML获取`, `取自 XML` and `xml 长度` speak of something else.
pub(crate) fn says_xml(text: &str) -> bool {
    const CONTENT: &[&str] = words![
        "信息" "数据" "内容" "文本" "消息" "报文" "结构体" "格式"
    ];
    let plain = compact(text);
    plain.match_indices("xml").any(|(at, word)| {
        let mut behind = &plain[at + word.len()..];
        while let Some(rest) = CONTENT.iter().find_map(|word| behind.strip_prefix(word)) {
            behind = rest;
        }
        let before = plain.get(..at).unwrap_or_default();
        let aside = ["中", "里", "获取", "取", "解析", "长度", "大小", "或"];
        !is_source(before) && !aside.iter().any(|word| behind.starts_with(word))
    })
}

/// Whether what follows is where a value is taken from, or one of two things: `取自转账消息的`, `文本或`.
fn is_source(before: &str) -> bool {
    const NEAR: usize = 8;
    let clause = before.rsplit(['，', '；', '。', ',', ';']).next();
    let clause: Vec<char> = clause.unwrap_or_default().chars().collect();
    let near = clause.len().saturating_sub(NEAR);
    let taken = clause.iter().enumerate().skip(near).any(|(at, c)| {
        let got = at > 0 && clause.get(at - 1) == Some(&'获');
        matches!(c, '取' | '见') && !got
    });
    taken || clause.last() == Some(&'或')
}

/// A rule that ties the marks in a text to the items of a list.
pub(crate) fn count_rule(text: &str) -> Option<Rule> {
    let counted = ["个数", "数量"].iter().any(|word| text.contains(word));
    let equal = ["等于", "相等", "一致", "相同"]
        .iter()
        .any(|word| text.contains(word));
    if !counted || !equal {
        return None;
    }
    let open = text.find('{')?;
    let (before, rest) = text.split_at(open);
    let mark = rest.get(..=rest.find('}')?)?;
    if mark.chars().count() > 12 || mark.contains([' ', '\n', '"']) {
        return None;
    }
    let behind = &rest[mark.len()..];
    let field = before
        .rsplit(|c: char| !is_name(c))
        .find(|name| !identifier(name).is_empty())?;
    let list = behind
        .split(|c: char| !is_name(c))
        .find(|name| !identifier(name).is_empty())?;
    Some(Rule::CountEquals {
        field: field.to_owned(),
        mark: mark.to_owned(),
        list: list.to_owned(),
    })
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The name that stands here; empty if there is none.
fn identifier(text: &str) -> &str {
    if !text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return "";
    }
    let end = text
        .find(|c: char| !(is_name(c) || c == '.'))
        .unwrap_or(text.len());
    text[..end].trim_end_matches('.')
}
