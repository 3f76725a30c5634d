//! Contacts and labels.

use super::world::{Contact, State, World};
use super::{documented, first, with};
use crate::gateway::{Answer, Received};
use crate::people::{ME, Person};
use serde_json::{Value, json};

#[expect(
    clippy::too_many_lines,
    reason = "an arm for each path of the vendor's, short ones"
)]
pub(super) fn answer(world: &World, call: &Received) -> Option<Answer> {
    let text = |name: &str| call.text(name).unwrap_or_default();
    let mut state = world.lock();
    let state = &mut *state;
    Some(match call.path() {
        "/getAddressList" => {
            let ids = |wanted: fn(&str) -> bool| {
                let ids = state.contacts.iter().map(|contact| contact.wc_id.as_str());
                ids.filter(|id| wanted(id)).collect::<Vec<_>>()
            };
            Answer::from(json!({
                "chatrooms": state.rooms.iter().map(|room| &room.id).collect::<Vec<_>>(),
                "friends": ids(|id| !id.starts_with("gh_") && id != "filehelper" && id != ME),
                "ghs": ids(|id| id.starts_with("gh_")),
                "others": ids(|id| id == "filehelper"),
            }))
        }
        "/getContact" => {
            let known = first(&documented(call));
            let found = call.list("wcId").into_iter().filter_map(|id| {
                let of_room = state.rooms.iter().find(|room| room.id == id);
                let (nick_name, remark, labels) = match of_room {
                    Some(room) => (room.name.clone(), room.remark.clone(), String::new()),
                    None => {
                        let contact = state.contact(&id)?;
                        let labels = contact.labels.join(",");
                        (contact.nick_name.clone(), contact.remark.clone(), labels)
                    }
                };
                let members = json!({
                    "userName": id,
                    "nickName": nick_name,
                    "remark": remark,
                    "labelList": labels,
                    "aliasName": id.replace("wxid_", "alias_"),
                    "v1": format!("v1_{id}@stranger"),
                });
                Some(with(known.clone(), members))
            });
            Answer::from(found.collect::<Value>())
        }
        "/searchUser" => {
            let id = text("wcId");
            let members = json!({
                "userName": id,
                "v1": format!("v1_{id}@stranger"),
                "v2": format!("v2_{id}@stranger"),
            });
            Answer::with(members)
        }
        "/acceptUser" | "/addUser" => {
            let v1 = text("v1");
            let known = state.requests.remove(&v1);
            let (id, name) = known.unwrap_or_else(|| {
                let id = v1.trim_start_matches("v1_").trim_end_matches("@stranger");
                (id.to_owned(), "新好友".to_owned())
            });
            add(state, &id, &name);
            Answer::documented()
        }
        "/checkZombie" => {
            let checked = call.list("wcId").into_iter().map(|id| {
                let gone = state.contact(&id).is_none();
                json!({ "userName": id, "status": i32::from(gone) })
            });
            Answer::from(checked.collect::<Value>())
        }
        "/delContact" => {
            let id = text("wcId");
            let before = state.contacts.len();
            state.contacts.retain(|contact| contact.wc_id != id);
            if state.contacts.len() == before {
                return Some(Answer::failure("wcId不是好友"));
            }
            Answer::documented()
        }
        "/modifyRemark" => match state.contact(&text("wcId")) {
            Some(contact) => {
                contact.remark = text("remark");
                Answer::documented()
            }
            None => Answer::failure("wcId不是好友"),
        },
        "/addContactLabel" => {
            let name = text("labelName");
            let known = state.labels.iter().find(|(_, known)| **known == name);
            let id = match known {
                Some((id, _)) => *id,
                None if !State::has_space(state.labels.len()) => {
                    return Some(Answer::failure("标签太多"));
                }
                None => state.labels.last_key_value().map_or(1, |(id, _)| id + 1),
            };
            state.labels.insert(id, name.clone());
            Answer::from(json!({ "labelId": id, "labelName": name }))
        }
        "/delContactLabel" => {
            for id in call.list("labelIdList") {
                state.labels.retain(|known, _| known.to_string() != id);
                for contact in &mut state.contacts {
                    contact.labels.retain(|known| *known != id);
                }
            }
            Answer::documented()
        }
        "/getContactLabelList" => {
            let labels = state.labels.iter();
            let labels = labels.map(|(id, name)| json!({ "labelName": name, "labelId": id }));
            Answer::from(labels.collect::<Value>())
        }
        "/modifyContactLabel" => {
            let labels = call.list("labelIdList");
            let known = |id: &String| state.labels.keys().any(|known| known.to_string() == *id);
            if let Some(unknown) = labels.iter().find(|id| !known(id)) {
                return Some(Answer::failure(format!("labelIdList：没有标签 {unknown}")));
            }
            match state.contact(&text("wcId")) {
                Some(contact) => {
                    contact.labels = labels;
                    Answer::documented()
                }
                None => Answer::failure("wcId不是好友"),
            }
        }
        _ => return None,
    })
}

/// A new friend, where there is space for one.
fn add(state: &mut State, id: &str, name: &str) {
    if state.contact(id).is_none() && State::has_space(state.contacts.len()) && id.len() < 200 {
        state.contacts.push(Contact::new(id, name));
    }
}

/// A request to become a friend, as it is told.
pub(super) fn request(state: &mut State, from: &Person, greeting: &str) -> Value {
    let text = |text: &str| {
        let text = text.replace('&', "&amp;").replace('"', "&quot;");
        text.replace('<', "&lt;").replace('>', "&gt;")
    };
    let content = format!(
        r#"<msg fromusername="{id}" encryptusername="v3_{id}@stranger" fromnickname="{}" content="{}" scene="14" ticket="v4_{id}@stranger"/>"#,
        text(&from.name),
        text(greeting),
        id = text(&from.id),
    );
    state.event("30001", &from.id, &content)
}

/// Remembers who has asked to become a friend, by the `v1` that accepts it.
pub(super) fn asked(state: &mut State, event: &Value) {
    let kind = event["messageType"].as_str().unwrap_or_default();
    if !matches!(kind, "30001" | "0") || !State::has_space(state.requests.len()) {
        return;
    }
    let content = event["data"]["content"].as_str().unwrap_or_default();
    let attribute = |name: &str| {
        let (_, value) = content.split_once(&format!("{name}=\""))?;
        let (value, _) = value.split_once('"')?;
        Some(value.to_owned()).filter(|value| !value.is_empty())
    };
    if let (Some(v1), Some(id)) = (attribute("encryptusername"), attribute("fromusername")) {
        let name = attribute("fromnickname").unwrap_or_else(|| id.clone());
        state.requests.insert(v1, (id, name));
    }
}
