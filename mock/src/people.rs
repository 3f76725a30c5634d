//! The people of every world: the account itself, two friends, one group. Who speaks, and where, goes in; whether that
//! makes sense comes out.
//!
//! ```
//! use mock_gateway::Chat;
//!
//! # async fn example(gateway: mock_gateway::eyun::Gateway) -> Result<(), mock_gateway::Undelivered> {
//! let ([friend, _], group) = (gateway.friends(), gateway.group());
//! gateway.deliver_text(&friend, Chat::Private, "你好").await?;
//! gateway.deliver_text(&friend, Chat::Group(&group), "你好").await?;
//! # Ok(())
//! # }
//! ```

use crate::callbacks::Undelivered;
use std::fmt;

/// Somebody with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The account's id, `wxid_example02`.
    pub id: String,
    /// What it is called.
    pub name: String,
}

impl Person {
    /// Somebody whom the world knows by this id.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        let (id, name) = (id.into(), name.into());
        Self { id, name }
    }
}

/// A group in which the account is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The group's id, `12345678901@chatroom`.
    pub id: String,
    /// What it is called.
    pub name: String,
}

impl Group {
    /// A group that the world knows by this id.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        let (id, name) = (id.into(), name.into());
        Self { id, name }
    }
}

/// Where something is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chat<'g> {
    /// To the account alone.
    Private,
    /// In a group, where everybody hears it.
    Group(&'g Group),
}

/// The documents' own ids, so that their examples work.
pub(crate) const ME: &str = "wxid_example01";
const FRIENDS: [(&str, &str); 2] = [("wxid_example02", "小明"), ("wxid_example03", "小刚")];
const GROUP: &str = "12345678901@chatroom";

/// The account.
pub fn me() -> Person {
    Person::new(ME, "小红")
}

/// Its friends of whom everybody knows; a world may have more.
pub fn friends() -> [Person; 2] {
    FRIENDS.map(|(id, name)| Person::new(id, name))
}

/// The group in which all three are.
pub fn group() -> Group {
    Group::new(GROUP, "示例群")
}

/// The ids of those who are in [`group`].
pub(crate) fn members() -> Vec<String> {
    let friends = FRIENDS.iter().map(|(id, _)| *id);
    std::iter::once(ME)
        .chain(friends)
        .map(str::to_owned)
        .collect()
}

/// What the documents' people are called; others by their number.
pub(crate) fn name(id: &str) -> String {
    let mut known = FRIENDS.iter().chain([&(ME, "小红")]);
    match known.find(|(known, _)| *known == id) {
        Some((_, name)) => (*name).to_owned(),
        None => format!("示例好友{}", id.trim_start_matches("wxid_example")),
    }
}

/// A text that somebody says somewhere.
#[derive(Clone, Copy)]
pub struct Said<'s> {
    pub(crate) speaker: &'s Person,
    pub(crate) chat: Chat<'s>,
    pub(crate) content: &'s str,
}

/// Does not show what is said.
impl fmt::Debug for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Said").finish_non_exhaustive()
    }
}

impl<'s> Said<'s> {
    /// Somebody says this somewhere.
    pub fn new(speaker: &'s Person, chat: Chat<'s>, content: &'s str) -> Self {
        Self {
            speaker,
            chat,
            content,
        }
    }

    /// The group's id, in a group.
    pub(crate) fn group(&self) -> Option<&str> {
        match self.chat {
            Chat::Private => None,
            Chat::Group(group) => Some(&group.id),
        }
    }

    /// Whether the account itself has said it, on another device.
    pub(crate) fn is_mine(&self) -> bool {
        self.speaker.id == ME
    }

    /// Whether it can be said where only these are friends, and these are in the group; no members: the account is not
    /// in it.
    pub(crate) fn check(
        &self,
        is_friend: impl Fn(&str) -> bool,
        members: impl Fn(&str) -> Option<Vec<String>>,
    ) -> Result<(), Undelivered> {
        let senseless = |why| Err(Undelivered::Senseless(why));
        let is_group = |id: &str| id.ends_with("chatroom");
        let id = self.speaker.id.as_str();
        if self.content.is_empty() {
            return senseless("an empty text is never told");
        }
        if is_group(id) || id.is_empty() {
            return senseless(
                "a group does not speak: say which member does, and name the group in `Chat::Group`",
            );
        }
        match self.group() {
            None if self.is_mine() => {
                senseless("nobody writes to oneself: the speaker is a friend")
            }
            None if !is_friend(id) => {
                senseless("strangers cannot write: the speaker must be a friend")
            }
            None => Ok(()),
            Some(group) if !is_group(group) => {
                senseless("the group's id is that of a person: say `Chat::Private`")
            }
            Some(group) => match members(group) {
                None => senseless("the account is in no group of this id"),
                Some(members) if !members.iter().any(|member| member == id) => {
                    senseless("the speaker is not in this group")
                }
                Some(_) => Ok(()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_sense_is_refused() {
        let said = |speaker: &Person, chat: Chat<'_>, content: &str| {
            let said = Said::new(speaker, chat, content);
            let is_friend = |id: &str| FRIENDS.iter().any(|(known, _)| *known == id);
            let members = |id: &str| (id == GROUP).then(members);
            said.check(is_friend, members)
                .map_err(|why| why.to_string())
        };
        let ([friend, _], group) = (friends(), group());
        let within = Chat::Group(&group);
        let stranger = Person::new("wxid_nobody", "");
        let a_group = Person::new(GROUP, "");
        let (no_group, other) = (Group::new(ME, ""), Group::new("1@chatroom", ""));
        assert_eq!(said(&friend, Chat::Private, "你好"), Ok(()));
        assert_eq!(said(&friend, within, "你好"), Ok(()));
        assert_eq!(said(&me(), within, "你好"), Ok(()));
        for (speaker, chat, content, why) in [
            (&friend, Chat::Private, "", "empty"),
            (&a_group, Chat::Private, "x", "does not speak"),
            (&me(), Chat::Private, "x", "oneself"),
            (&stranger, Chat::Private, "x", "strangers"),
            (&stranger, within, "x", "not in this group"),
            (&friend, Chat::Group(&other), "x", "no group"),
            (&friend, Chat::Group(&no_group), "x", "a person"),
        ] {
            let refused = said(speaker, chat, content).expect_err(why);
            assert!(refused.contains(why), "{refused}");
        }
    }
}
