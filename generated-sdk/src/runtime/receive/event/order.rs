//! Which conversation an event belongs to, and a list of events taken apart: what keeps its order, and what need not.
//!
//! With `order: &[&["account"], &["room", "from", "to"]]`, `{"account": "me", "from": "me", "to": "friend"}` is of the
//! conversation `me/friend`: what an account writes itself belongs to whom it writes to.

#![cfg(feature = "receive")]

use super::{Opened, scalar};
use crate::runtime::codec::json::{Kind, Reader, member};

impl Opened<'_> {
    /// The conversation; `None` if nothing in the event names one. `account` is whose event it is where the event does
    /// not say. Where no key is declared, all events of an account are one conversation.
    pub(crate) fn conversation(&self, account: &str) -> Option<String> {
        if self.api.order.is_empty() {
            return Some(account.to_owned());
        }
        let mut parts: Vec<String> = Vec::new();
        for keys in self.api.order {
            let mut values = keys.iter().filter_map(|key| self.telling(key));
            let part = values.find(|value| !parts.contains(value));
            let part = part.or_else(|| parts.is_empty().then(|| account.to_owned()));
            parts.push(part.unwrap_or_default());
        }
        let named = parts.iter().any(|part| !part.is_empty());
        named.then(|| parts.join("/"))
    }

    /// What a key says, if it says anything; of a list, what its first element says.
    fn telling(&self, key: &str) -> Option<String> {
        let first = || {
            let mut elements = Reader::new(self.payload);
            let any = elements.kind() == Kind::Array && elements.enter();
            any.then(|| member(elements.raw(), key).and_then(scalar))?
        };
        let value = self.anywhere(key).or_else(first)?.into_text();
        let nothing = matches!(value.as_str(), "" | "0" | "null");
        (!nothing && !self.api.empty.contains(&value.as_str())).then_some(value)
    }

    /// An event that is a list of what came, as one event for each; `None` if it is none, or has no more than one.
    #[cfg(feature = "websocket")]
    pub(crate) fn apart(&self) -> Option<Vec<String>> {
        let mut elements = Reader::new(self.payload);
        if !self.is_in(self.api.each) || elements.kind() != Kind::Array || !elements.enter() {
            return None;
        }
        // The payload stands in the whole.
        let start = self.payload.as_ptr().addr() - self.whole.as_ptr().addr();
        let head = self.whole.get(..start)?;
        let tail = self.whole.get(start + self.payload.len()..)?;
        let mut events = Vec::new();
        loop {
            events.push(format!("{head}[{}]{tail}", elements.raw()));
            if !elements.more() {
                break;
            }
        }
        (events.len() > 1).then_some(events)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{EventApi, Inbound, Opened, Untyped};

    static API: EventApi = EventApi {
        tag: "kind",
        payload: "data",
        empty: &["(null)"],
        order: &[&["account", "bot"], &["room", "from", "to"]],
        each: &["list"],
        ..*Untyped::LAYOUT
    };

    fn conversation(text: &str, account: &str) -> Option<String> {
        Opened::new(&API, text).unwrap().conversation(account)
    }

    #[test]
    fn a_conversation_is_an_account_and_the_other_side() {
        for (text, account, expected) in [
            (
                r#"{"account":"me","data":{"from":"friend","to":"me"}}"#,
                "",
                Some("me/friend"),
            ),
            (
                r#"{"account":"me","data":{"from":"me","to":"friend"}}"#,
                "",
                Some("me/friend"),
            ),
            (
                r#"{"bot":7,"data":{"room":"1@room","from":"friend"}}"#,
                "",
                Some("7/1@room"),
            ),
            (
                r#"{"account":"me","data":{"room":"(null)","from":"friend"}}"#,
                "",
                Some("me/friend"),
            ),
            (
                r#"{"account":"null","data":{"from":"friend"}}"#,
                "told",
                Some("told/friend"),
            ),
            (
                r#"{"account":"me","data":[{"from":"friend"}]}"#,
                "",
                Some("me/friend"),
            ),
            (r#"{"account":"me","data":{}}"#, "", Some("me/")),
            (r#"{"data":{"from":"friend"}}"#, "", Some("/friend")),
            (r#"{"data":{}}"#, "", None),
        ] {
            assert_eq!(conversation(text, account).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn without_a_declared_key_all_events_of_an_account_are_one_conversation() {
        let opened = Opened::new(Untyped::LAYOUT, r#"{"from":"friend"}"#).unwrap();
        assert_eq!(opened.conversation("me").as_deref(), Some("me"));
    }

    #[cfg(feature = "websocket")]
    #[test]
    fn a_list_is_taken_apart_with_all_that_stands_around_it() {
        let apart = |text| Opened::new(&API, text).unwrap().apart();
        let two = apart(r#"{"kind":"list","data":[{"a":1}, [2]],"msg":"x"}"#);
        let expected = [
            r#"{"kind":"list","data":[{"a":1}],"msg":"x"}"#,
            r#"{"kind":"list","data":[[2]],"msg":"x"}"#,
        ];
        assert_eq!(two, Some(expected.map(str::to_owned).to_vec()));
        for text in [
            r#"{"kind":"list","data":[1]}"#,
            r#"{"kind":"list","data":[]}"#,
            r#"{"kind":"list","data":{}}"#,
            r#"{"kind":"other","data":[1,2]}"#,
        ] {
            assert_eq!(apart(text), None, "{text}");
        }
    }
}
