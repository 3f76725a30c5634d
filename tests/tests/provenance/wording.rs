//! Whether two Chinese texts say the same in other words: a document that we wrote anew shares most of its characters
//! with the vendor's where it means the same.

use std::collections::BTreeSet;

/// Words of which both have one, or neither: what they tell apart is another thing.
const TELLING: [&str; 6] = ["邀请", "踢", "群", "总", "备注", "语音"];

/// How the same is written otherwise.
const ALIKE: [(&str, &str); 11] = [
    ("紅", "红"),
    ("不是", "否"),
    ("wxid", "微信id"),
    ("WXID", "微信id"),
    ("ID", "id"),
    ("通过", "取自"),
    ("从", "取自"),
    ("获取", "取"),
    ("实列", "实例"),
    ("登陆", "登录"),
    ("号id", "id"),
];

/// Whether our words cannot mean what the vendor's mean; a vendor that says nothing is not contradicted.
pub fn contradicts(was: &str, is: &str) -> bool {
    let mut slashes = is.match_indices('/').map(|(at, _)| at + 1);
    let names_a_path = slashes.any(|at| is[at..].starts_with(|c: char| c.is_ascii_lowercase()));
    let (was, is) = (plain(was), plain(is));
    // A path stands where the vendor has the title of what is there.
    if was.is_empty() || is.is_empty() || was == is || names_a_path {
        return false;
    }
    let (a, b): (BTreeSet<char>, BTreeSet<char>) = (was.chars().collect(), is.chars().collect());
    let shared = a.intersection(&b).count();
    let tells = |word: &str| was.contains(word) != is.contains(word) && a.len().max(b.len()) < 12;
    shared * 2 <= a.len().min(b.len()) || TELLING.iter().any(|word| tells(word))
}

/// Letters alone, written alike.
fn plain(text: &str) -> String {
    let alike = ALIKE.iter();
    let text = alike.fold(text.to_owned(), |text, (one, other)| {
        text.replace(one, other)
    });
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[test]
fn the_same_in_other_words_is_told_from_something_else() {
    for (was, is) in [
        ("要邀请的微信id", "要踢出的微信id"),
        ("微信群号", "登录微信号"),
        ("反馈信息", "总个数"),
        ("总个数", "页数"),
        ("语音时长", "消息ID，可据此判重"),
        ("群名", "群备注"),
    ] {
        assert!(contradicts(was, is), "{was} {is}");
    }
    for (was, is) in [
        ("", "群名称"),
        ("微信实列ID", "登录实例标识 id"),
        ("用户自定义内容，回调时返回", "自定义内容，回调时带回"),
        ("当前登录微信账号的微信 ID", "当前登陆的微信id"),
    ] {
        assert!(!contradicts(was, is), "{was} {is}");
    }
}
