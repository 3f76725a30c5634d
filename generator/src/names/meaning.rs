//! Owns whether a name that was public means the opposite now: programs that use it would do the opposite, and compile.
//!
//! In: the title that `names.lock` has, and the title of now. Out: `显示` and `隐藏` are opposites, so are `可见` and
//! `不可见`; `显示` and `显示状态` are two wordings.

/// Titles of which one is the other's opposite, as vendors have them of values and switches.
const OPPOSITES: [(&str, &str); 26] = [
    ("显示", "隐藏"),
    ("是", "否"),
    ("真", "假"),
    ("开", "关"),
    ("开启", "关闭"),
    ("打开", "关闭"),
    ("允许", "禁止"),
    ("启用", "停用"),
    ("启用", "禁用"),
    ("同意", "拒绝"),
    ("通过", "拒绝"),
    ("接受", "拒绝"),
    ("成功", "失败"),
    ("有", "无"),
    ("男", "女"),
    ("在线", "离线"),
    ("上线", "下线"),
    ("已读", "未读"),
    ("公开", "私密"),
    ("添加", "删除"),
    ("新增", "删除"),
    ("加入", "退出"),
    ("绑定", "解绑"),
    ("锁定", "解锁"),
    ("置顶", "取消置顶"),
    ("点赞", "取消点赞"),
];

/// What turns a sentence around.
const NEGATIONS: [&str; 5] = ["不", "非", "未", "没有", "取消"];

/// Whether one title says the opposite of another.
pub(super) fn is_opposite(was: &str, is: &str) -> bool {
    was != is && (is_turned(was, is) || is_negated(was, is) || is_negated(is, was))
}

/// One word of a pair stands where the other stood.
fn is_turned(was: &str, is: &str) -> bool {
    let turns = |from: &str, to: &str| was.contains(from) && was.replacen(from, to, 1) == is;
    OPPOSITES
        .iter()
        .any(|(one, other)| turns(one, other) || turns(other, one))
}

/// One has a negation more.
fn is_negated(plain: &str, negated: &str) -> bool {
    NEGATIONS.iter().any(|word| {
        let mut places = negated.match_indices(word);
        places.any(|(at, _)| {
            let (before, behind) = (negated.get(..at), negated.get(at + word.len()..));
            before.zip(behind).is_some_and(|(before, behind)| {
                plain.len() == before.len() + behind.len()
                    && plain.starts_with(before)
                    && plain.ends_with(behind)
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opposites_are_told_from_other_words() {
        for (one, other) in [
            ("显示", "隐藏"),
            ("开启消息提醒", "关闭消息提醒"),
            ("可见", "不可见"),
            ("好友", "非好友"),
            ("置顶", "取消置顶"),
            ("女", "男"),
        ] {
            assert!(
                is_opposite(one, other) && is_opposite(other, one),
                "{one} {other}"
            );
        }
        for (one, other) in [
            ("显示", "显示"),
            ("显示", "显示状态"),
            ("是否群主", "是否为群主"),
            ("微信号", "微信 id"),
            ("", "不可见"),
        ] {
            assert!(!is_opposite(one, other), "{one} {other}");
        }
    }
}
