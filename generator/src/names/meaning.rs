//! Owns whether a name that was public means the opposite now: programs that use it would do the opposite, and compile.
//!
//! In: the title that `names.lock` has, and the title of now. Out: `显示` and `隐藏` are opposites, so are `可见` and
//! `不可见`; `显示` and `显示状态` are two wordings. Two operations, or two events, may also have exchanged their titles.

use std::collections::HashSet;

use catalog::diagnostic::{Code, Diagnostic};
use catalog::model;
use catalog::source::Location;
use catalog::spelling::toml_string;

use super::Namer;
use super::lock::{self, Kind, Place, Side};

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

/// The titles that something had, and has now.
type WasIs = (String, String);

impl Namer {
    /// The name, and both titles, of what is told otherwise than when it got the name.
    pub(super) fn retitled(
        &self,
        place: &Place,
        kind: Kind,
        title: &str,
    ) -> Option<(String, String, String)> {
        let known = self.known(&self.home(place), &place.clone().key(kind))?;
        let is = lock::title(title);
        let differs = !known.title.is_empty() && !is.is_empty() && known.title != is;
        differs.then(|| (known.name().to_owned(), known.title.clone(), is))
    }

    /// Operations and events of an API that mean the opposite now, or what another meant, are errors.
    pub(crate) fn keep_meanings(&mut self, modules: &[&model::Module]) {
        let operations = modules.iter().flat_map(|module| &module.operations);
        let operations = operations.map(|one| {
            let place = Place::new(Side::Call, &one.id);
            (
                place,
                Kind::Fn,
                &one.title,
                one.name.is_some(),
                one.source.at.as_ref(),
            )
        });
        self.keep_titles(operations.collect());
        let events = modules.iter().flat_map(|module| &module.events);
        let events = events.map(|one| {
            let place = Place::new(Side::Event, &one.id);
            (
                place,
                Kind::Variant,
                &one.title,
                one.name.is_some(),
                one.source.at.as_ref(),
            )
        });
        self.keep_titles(events.collect());
    }

    /// The same of things of one kind: where they are remembered, and whether a correction names them.
    fn keep_titles(&mut self, of: Vec<(Place, Kind, &String, bool, Option<&Location>)>) {
        let retitled = of
            .into_iter()
            .filter_map(|(place, kind, title, is_asked, at)| {
                let (name, was, is) = self.retitled(&place, kind, title)?;
                Some((place, name, (was, is), is_asked, at))
            });
        let retitled: Vec<_> = retitled.collect();
        let all: HashSet<WasIs> = retitled
            .iter()
            .map(|(_, _, titles, ..)| titles.clone())
            .collect();
        for (place, name, (was, is), is_asked, at) in retitled {
            let exchanged = all.contains(&(is.clone(), was.clone()));
            if !is_asked && (exchanged || is_opposite(&was, &is)) {
                self.turned_around(&place, &format!("`{name}`"), (&was, &is), at);
            }
        }
    }

    /// Says that a name which was public means something else now, with both ways on.
    pub(super) fn turned_around(
        &mut self,
        place: &Place,
        subject: &str,
        (was, is): (&str, &str),
        at: Option<&Location>,
    ) {
        let (item, side) = match place.side {
            Side::Call => ("operation", "param"),
            Side::Reply => ("operation", "field"),
            Side::Structure => ("structure", "field"),
            _ => ("event", "field"),
        };
        let mut selector = format!("[[correction]]\n{item} = {}\n", toml_string(&place.owner));
        let api = self.home(place).api;
        if !api.is_empty() {
            selector += &format!("api = {}\n", toml_string(&api));
        }
        if !place.path.is_empty() {
            selector += &format!("{side} = {}\n", toml_string(&place.path.join(".")));
        }
        let old = format!("{selector}title = {}\nwhy = \"…\"", toml_string(was));
        let new = format!("{selector}rename = \"…\"\nwhy = \"…\"").replace('\n', "\n# ");
        let message = format!("{subject} meant `{was}`, and means `{is}` now");
        let turned = Diagnostic::error(Code::Turned, message)
            .at_if(at.cloned())
            .help("programs would do something else: correct the documents, or give what means something else another name")
            .fix(format!("{old}\n# or, if it means this now:\n# {new}"));
        self.report(turned);
    }
}

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
