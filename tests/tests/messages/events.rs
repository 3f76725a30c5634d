//! Every documented event is typed, every key of its examples a field; what is not documented arrives whole.

use std::sync::Arc;

use catalog::load::{Loaded, Origin};
use catalog::model::{Event as Documented, Field};
use generated_sdk::{Issue, padchat, wequick};
use serde::Serialize;
use serde_json::{Value, json};
use tests::{committed, read, shown};

use super::{assert_keys, filled, replaced};

/// A message of an API, read.
pub(super) struct Seen {
    typed: bool,
    issues: Vec<Issue>,
    written: Value,
    pub(super) shown: String,
}

fn seen(typed: bool, issues: &[Issue], callback: &(impl Serialize + std::fmt::Debug)) -> Seen {
    Seen {
        typed,
        issues: issues.to_vec(),
        written: serde_json::to_value(callback).expect("serialises"),
        shown: format!("{callback:?}"),
    }
}

macro_rules! reading {
    ($name:ident, $($api:ident)::+) => {
        fn $name(message: &Value) -> Seen {
            use generated_sdk::runtime::Inbound;
            let callback = $($api)::+::callback::Callback::parse(&message.to_string());
            let callback = callback.expect("JSON");
            seen(callback.is_typed(), callback.issues(), &callback)
        }
    };
}

reading!(v1, wequick::v1);
reading!(v2, wequick::v2);
reading!(pushed, padchat);

/// The envelope: some documents wrap it once more.
fn envelope<'v>(message: &'v mut Value, tag: &str) -> &'v mut Value {
    let wrapped = message.get(tag).is_none()
        && message
            .get("data")
            .is_some_and(|data| data.get(tag).is_some());
    if wrapped {
        &mut message["data"]
    } else {
        message
    }
}

/// The other spellings of fields, each with the field.
fn spellings<'f>(fields: &'f [Field], found: &mut Vec<(&'f str, &'f str)>) {
    for field in fields {
        found.extend(
            field
                .aliases
                .iter()
                .map(|alias| (alias.as_str(), field.wire.as_str())),
        );
        spellings(&field.fields, found);
    }
}

/// How the examples of an API are looked at.
#[derive(Clone, Copy)]
pub(super) struct Examples {
    /// The key of the code.
    pub(super) tag: &'static str,
    /// It stands in the payload.
    pub(super) inside: bool,
    /// How a message is read.
    pub(super) read: fn(&Value) -> Seen,
    /// Texts are only there to be replaced.
    pub(super) are_placeholders: bool,
}

impl Examples {
    pub(super) const V1: Self = Self {
        tag: "type",
        inside: true,
        read: v1,
        are_placeholders: false,
    };
    pub(super) const V2: Self = Self {
        tag: "action",
        inside: false,
        read: v2,
        are_placeholders: false,
    };
    pub(super) const PUSHED: Self = Self {
        tag: "event",
        inside: false,
        read: pushed,
        are_placeholders: false,
    };

    /// As the vendors print them.
    pub(super) fn original(self) -> Self {
        Self {
            are_placeholders: true,
            ..self
        }
    }

    /// Where everything stands.
    fn root(self, message: &mut Value) -> &mut Value {
        if self.inside {
            message
        } else {
            envelope(message, self.tag)
        }
    }

    /// The example with this code: the heading is right where an example has another.
    pub(super) fn coded(self, event: &Documented, example: &Value, code: &str) -> Value {
        let mut message = if self.are_placeholders {
            replaced(example)
        } else {
            example.clone()
        };
        let root = self.root(&mut message);
        let home = if self.inside && !event.flat {
            &mut root["data"]
        } else {
            root
        };
        let number = code.parse::<i64>();
        home[self.tag] = number.map_or_else(|_| json!(code), |number| json!(number));
        message
    }

    /// Reads every example of an event, under each of its codes.
    fn check(self, event: &Documented) -> usize {
        let mut other = Vec::new();
        spellings(&event.fields, &mut other);
        for (sample, code) in event
            .samples
            .iter()
            .flat_map(|sample| event.wire.iter().map(move |code| (sample, code)))
        {
            let message = self.coded(event, &shown(sample), code);
            let found = (self.read)(&message);
            assert!(found.typed, "{}: {}", event.id, found.shown);
            assert!(found.issues.is_empty(), "{}: {:?}", event.id, found.issues);
            let mut message = filled(&message);
            let written = (self.read)(&message).written;
            let root = self.root(&mut message);
            if event.flat {
                if let Some(members) = root.as_object_mut().filter(|_| !self.inside) {
                    members.retain(|key, _| key != self.tag && key != "msg");
                }
                assert_keys(root, &written["data"], &other, &event.id);
            } else {
                assert_keys(root, &written, &other, &event.id);
            }
        }
        event.samples.len()
    }

    /// Every event of an API, but for those whose example the document cuts off: how many there are.
    pub(super) fn check_all(self, loaded: &Loaded, api: Option<&str>, cut_off: &[&str]) -> usize {
        let modules = loaded.provider.modules.iter();
        let modules = modules.filter(|module| module.api.as_deref() == api);
        // What a correction adds is in no document.
        let documented = |event: &&Arc<Documented>| !event.source.file.is_empty();
        let events = modules.flat_map(|module| &module.events);
        let events: Vec<&Arc<Documented>> = events.filter(documented).collect();
        for event in &events {
            if !event
                .wire
                .iter()
                .any(|code| cut_off.contains(&code.as_str()))
            {
                assert!(self.check(event) > 0, "{} has no example", event.id);
            }
        }
        events.len()
    }
}

#[test]
fn every_event_of_v1_is_typed_key_for_key() {
    let (loaded, _) = read(&committed("wequick"), Origin::Specs);
    assert_eq!(Examples::V1.check_all(&loaded, Some("v1"), &[]), 14);
}

#[test]
fn every_event_of_v2_is_typed_key_for_key() {
    let (loaded, _) = read(&committed("wequick"), Origin::Specs);
    assert_eq!(Examples::V2.check_all(&loaded, Some("v2"), &[]), 46);
}

#[test]
fn every_push_is_typed_key_for_key() {
    let (loaded, _) = read(&committed("padchat"), Origin::Specs);
    assert_eq!(Examples::PUSHED.check_all(&loaded, None, &[]), 10);
}

mod programs {
    use super::*;
    use generated_sdk::wequick::v2::callback::{Callback, Event, TransferMessageXmlmsgPaysubtype};

    fn parsed(message: Value) -> Callback {
        Callback::parse(&message.to_string()).expect("JSON")
    }

    fn text(message: Value) -> (Option<String>, Option<i64>) {
        let callback = parsed(message);
        match callback.event {
            Event::TextMessage(text) => (text.message, text.msg_type),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_envelope_comes_bare_wrapped_and_with_a_payload_one_level_deeper() {
        let payload = json!({"message": "hi", "msgType": "1"});
        let expected = (Some("hi".to_owned()), Some(1));
        for data in [
            payload.clone(),
            json!({"msg": payload}),
            json!({"info": payload}),
        ] {
            let bare = json!({"action": "reportTextMessage", "cwxid": "wxid_a", "data": data});
            assert_eq!(text(bare.clone()), expected);
            let wrapped = json!({"data": bare});
            assert_eq!(text(wrapped.clone()), expected);
            assert_eq!(
                parsed(wrapped).cwxid.map(|id| id.as_str().to_owned()),
                Some("wxid_a".to_owned())
            );
        }
    }

    #[test]
    fn an_account_that_is_absent_null_or_says_null_is_none() {
        for message in [
            json!({"action": "reportLogout", "data": {}}),
            json!({"action": "reportLogout", "cwxid": null, "data": {}}),
            json!({"action": "reportLogout", "cwxid": "null", "data": {}}),
        ] {
            let callback = parsed(message);
            assert!(callback.cwxid.is_none(), "{callback:?}");
            assert!(callback.issues().is_empty(), "{callback:?}");
        }
    }

    #[test]
    fn numbers_come_as_text_and_keys_under_their_other_name() {
        let data = json!({"msg_type": "47", "myMsg": "1", "timestamp": "1700000000", "ispc": ""});
        let callback = parsed(json!({"action": "reportGifMessage", "data": data}));
        let Event::GifMessage(gif) = &callback.event else {
            panic!("{callback:?}");
        };
        assert_eq!(
            (gif.msg_type, gif.timestamp),
            (Some(47), Some(1_700_000_000))
        );
        assert!(callback.issues().is_empty(), "{:?}", callback.issues());
    }

    #[test]
    fn an_action_that_no_document_names_arrives_whole() {
        let callback = parsed(json!({"action": "unheardOf", "data": {"a": 1}}));
        let Event::Unknown { code, data } = &callback.event else {
            panic!("{callback:?}");
        };
        assert_eq!((code.as_str(), data.as_str()), ("unheardOf", r#"{"a":1}"#));
    }

    #[test]
    fn a_payload_that_does_not_fit_arrives_whole_with_the_reason() {
        let callback = parsed(json!({"action": "reportTextMessage", "data": [1, 2]}));
        let Event::Unreadable { code, data, reason } = &callback.event else {
            panic!("{callback:?}");
        };
        assert_eq!(
            (code.as_str(), data.as_str()),
            ("reportTextMessage", "[1,2]")
        );
        assert!(!reason.to_string().is_empty());
    }

    #[test]
    fn a_result_is_known_by_its_keys_whatever_the_action_says() {
        let data = json!({"errorReason": "offline", "sendId": "7", "sendResult": ""});
        for action in [json!(""), json!("sendTextMessage"), json!(null)] {
            let callback = parsed(json!({"action": action, "cwxid": null, "data": data}));
            let Event::CommandResult(result) = &callback.event else {
                panic!("{callback:?}");
            };
            assert_eq!(result.error_reason.as_deref(), Some("offline"));
            assert_eq!(result.send_id.as_deref(), Some("7"));
        }
        let callback = parsed(json!({"action": "resUploadFile", "data": data}));
        assert!(matches!(callback.event, Event::ResUploadFile(_)));
        let callback = parsed(json!({"action": "", "data": {"sendId": "7"}}));
        assert!(matches!(callback.event, Event::Unknown { .. }));
    }

    #[test]
    fn a_transfer_is_read_out_of_its_xml() {
        let xml = "<msg><wcpayinfo><paysubtype>3</paysubtype><feedesc><![CDATA[￥1.00]]></feedesc>\
                   <transferid>100001</transferid><pay_memo>x</pay_memo></wcpayinfo></msg>";
        let data = json!({"msgType": "49", "xmlmsg": xml});
        let callback = parsed(json!({"action": "reportTransferMessage", "data": data}));
        let Event::TransferMessage(transfer) = &callback.event else {
            panic!("{callback:?}");
        };
        let bill = transfer.xmlmsg.as_ref().expect("a bill");
        assert_eq!(
            bill.data.paysubtype,
            Some(TransferMessageXmlmsgPaysubtype::TransferAccepted)
        );
        assert_eq!(bill.data.feedesc.as_deref(), Some("￥1.00"));
        assert_eq!(bill.data.transferid.as_deref(), Some("100001"));
        assert_eq!(bill.raw(), xml);
        assert!(!format!("{callback:?}").contains("100001"), "{callback:?}");
    }

    #[test]
    fn what_people_write_is_not_in_the_log() {
        let data = json!({"message": "a secret", "xmlmsg": "<a secret/>", "wxidFrom": "wxid_b"});
        let callback = parsed(json!({"action": "reportOtherMessage", "data": data}));
        let shown = format!("{callback:?}");
        assert!(
            !shown.contains("secret") && shown.contains("wxid_b"),
            "{shown}"
        );
    }
}

mod numbered {
    use super::*;
    use generated_sdk::wequick::v1::callback::{Callback, Event};

    #[test]
    fn one_event_has_two_numbers_and_one_stands_at_the_root() {
        for number in [json!(401), json!("82")] {
            let message = json!({"data": {"type": number, "hex": "data:"}});
            let callback = Callback::parse(&message.to_string()).expect("JSON");
            assert!(
                matches!(callback.event, Event::LoginQrCode(_)),
                "{callback:?}"
            );
        }
        let message = json!({"type": 78, "msgType": "1", "message": "hi", "processid": "7768"});
        let callback = Callback::parse(&message.to_string()).expect("JSON");
        let Event::Message(message) = &callback.event else {
            panic!("{callback:?}");
        };
        assert_eq!(message.message.as_deref(), Some("hi"));
    }

    #[test]
    fn members_come_as_a_list_and_as_one_text() {
        let rooms = json!([{"wxid": "1@chatroom", "userLists": "^Gwxid_a^Gwxid_b^G"}]);
        let message = json!({"data": {"type": 211, "chatrooms": rooms}});
        let callback = Callback::parse(&message.to_string()).expect("JSON");
        let Event::ChatRooms(rooms) = &callback.event else {
            panic!("{callback:?}");
        };
        let users = rooms.chatrooms.first().map(|room| room.user_lists.len());
        assert_eq!(users, Some(2));
    }
}

mod pushes {
    use super::*;
    use generated_sdk::Json;
    use generated_sdk::padchat::callback::{Callback, Event, Message};
    use generated_sdk::padchat::huo_qu_tu_pian_wen_jian::GetMsgImage;
    use generated_sdk::runtime::request_body;

    fn messages(data: Value) -> Vec<Message> {
        let push = json!({"event": "push", "msg": "", "data": data});
        let callback = Callback::parse(&push.to_string()).expect("JSON");
        assert!(callback.issues().is_empty(), "{:?}", callback.issues());
        match callback.event {
            Event::Push(messages) => messages,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_message_has_the_type_of_its_number_and_others_arrive_whole() {
        let (loaded, _) = read(&committed("padchat"), Origin::Specs);
        let vocabulary = loaded.provider.vocabularies.first().expect("MsgType");
        let mut variants = std::collections::BTreeSet::new();
        for choice in &vocabulary.values {
            let number: i64 = choice.value.parse().expect("a number");
            for number in [json!(number), json!(choice.value)] {
                let [message] = &messages(json!([{"MsgType": number, "MsgId": "1"}]))[..] else {
                    panic!("one message");
                };
                assert!(message.data().is_some(), "{message:?}");
                let shown = format!("{message:?}");
                variants.insert(shown.split('(').next().unwrap_or_default().to_owned());
            }
        }
        assert_eq!(variants.len(), 19, "{variants:?}");
        let [unknown] = &messages(json!([{"MsgType": 7, "x": 1}]))[..] else {
            panic!("one message");
        };
        assert!(
            matches!(unknown, Message::Unknown { code, .. } if code == "7"),
            "{unknown:?}"
        );
        assert_eq!(unknown.raw().as_str(), r#"{"MsgType":7,"x":1}"#);
    }

    #[test]
    fn messages_come_as_a_list_alone_and_as_json_in_a_text() {
        let one = json!({"MsgType": 1, "MsgId": "1", "Content": "[a]"});
        let list = json!([one, {"MsgType": 3}]);
        for (data, expected) in [
            (list.clone(), 2),
            (json!(list.to_string()), 2),
            (one.clone(), 1),
            (json!(one.to_string()), 1),
            (json!([one.to_string(), one]), 2),
            (json!("[]"), 0),
            (json!(""), 0),
            (Value::Null, 0),
        ] {
            let messages = messages(data.clone());
            assert_eq!(messages.len(), expected, "{data}");
            if let Some(first) = messages.first() {
                assert!(matches!(first, Message::Text(_)), "{data}: {first:?}");
                assert_eq!(first.raw().as_str(), one.to_string());
            }
        }
    }

    #[test]
    fn an_image_is_asked_for_with_its_message_as_it_came() {
        let pushed =
            json!({"MsgType": 3, "Content": {"a": [1]}, "MsgId": "1", "Undocumented": true});
        let [message] = &messages(json!([pushed]))[..] else {
            panic!("one message");
        };
        for request in [
            GetMsgImage::new(message),
            GetMsgImage::new(message.raw().clone()),
            GetMsgImage::new(Json::from(pushed.clone())),
        ] {
            let body: Value = serde_json::from_str(&request_body(&request, &[])).expect("JSON");
            assert_eq!(
                body,
                json!({"code": "getMsgImage", "data": {"rawMsgData": pushed}})
            );
        }
    }

    #[test]
    fn a_content_is_a_text_or_an_object_and_not_in_the_log() {
        let data =
            json!([{"MsgType": 1, "Content": "a secret"}, {"MsgType": 2, "Content": {"b": 2}}]);
        let messages = messages(data);
        let contents: Vec<Option<&str>> = messages
            .iter()
            .filter_map(Message::data)
            .map(|data| data.content.as_ref().map(Json::as_str))
            .collect();
        assert_eq!(contents, [Some(r#""a secret""#), Some(r#"{"b":2}"#)]);
        assert!(!format!("{messages:?}").contains("secret"), "{messages:?}");
    }
}
