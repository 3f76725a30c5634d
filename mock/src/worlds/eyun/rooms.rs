//! Rooms and who is in them.

use super::world::{Room, State, World};
use super::{documented, first, with};
use crate::gateway::{Answer, Received};
use serde_json::{Value, json};

/// How many a room may hold.
const MEMBERS: usize = 500;

pub(super) fn answer(world: &World, call: &Received) -> Option<Answer> {
    let text = |name: &str| call.text(name).unwrap_or_default();
    let mut state = world.lock();
    let state = &mut *state;
    if call.path() == "/createChatroom" {
        return Some(create(state, call));
    }
    if !call.operation().starts_with("qun_cao_zuo_") {
        return None;
    }
    if !call.documents().params().any(|name| name == "chatRoomId") {
        return None;
    }
    let id = text("chatRoomId");
    let Some(at) = state.rooms.iter().position(|room| room.id == id) else {
        return Some(Answer::failure("chatRoomId不存在，或已退出该群"));
    };
    Some(match call.path() {
        "/quitChatRoom" => {
            state.rooms.remove(at);
            Answer::documented()
        }
        "/getChatRoomInfo" => Answer::from(json!([info(state, at, &first(&documented(call)))])),
        "/getChatRoomMember" => {
            let shown = first(&documented(call));
            let members = members(state, at);
            let count = members.len();
            let members = members.into_iter().map(|(id_of, nick_name)| {
                let members = json!({
                    "chatRoomId": id,
                    "userName": id_of,
                    "nickName": nick_name,
                    "displayName": nick_name,
                    "memberCount": count,
                });
                with(shown.clone(), members)
            });
            Answer::from(members.collect::<Value>())
        }
        "/getChatRoomMemberInfo" => {
            let shown = first(&documented(call));
            let asked = call.list("userList");
            let members = members(state, at).into_iter();
            let members = members.filter(|(id, _)| asked.contains(id));
            let members = members.map(|(id, nick_name)| {
                with(
                    shown.clone(),
                    json!({ "userName": id, "nickName": nick_name }),
                )
            });
            Answer::from(members.collect::<Value>())
        }
        path => {
            let Some(room) = state.room(&id) else {
                return Some(Answer::documented());
            };
            change(room, path, call);
            Answer::documented()
        }
    })
}

fn change(room: &mut Room, path: &str, call: &Received) {
    let text = |name: &str| -> String {
        let text = call.text(name).unwrap_or_default();
        text.chars().take(2000).collect()
    };
    match path {
        "/modifyGroupName" => room.name = text("content"),
        "/modifyGroupRemark" => room.remark = text("content"),
        "/setChatRoomAnnouncement" => room.announcement = text("content"),
        "/addChatRoomMember" | "/addChatRoomMemberVerify" | "/inviteChatRoomMember" => {
            for member in call.list("userList") {
                if !room.members.contains(&member) && room.members.len() < MEMBERS {
                    room.members.push(member);
                }
            }
        }
        "/deleteChatRoomMember" => {
            let gone = call.list("userList");
            room.members.retain(|member| !gone.contains(member));
        }
        _ => {}
    }
}

fn create(state: &mut State, call: &Received) -> Answer {
    if !State::has_space(state.rooms.len()) {
        return Answer::failure("群太多");
    }
    let owner = state.account(call);
    let id = format!("3{:010}@chatroom", state.next());
    let mut members = vec![owner.clone()];
    members.extend(call.list("userList"));
    members.truncate(MEMBERS);
    let name = call.text("topic").filter(|topic| !topic.is_empty());
    state.rooms.push(Room {
        id: id.clone(),
        name: name.unwrap_or_else(|| "群聊".to_owned()),
        remark: String::new(),
        announcement: String::new(),
        owner,
        members,
    });
    Answer::with(json!({ "chatRoomID": id }))
}

/// The members' ids and names.
fn members(state: &State, at: usize) -> Vec<(String, String)> {
    let room = state.rooms.get(at);
    let members = room.map(|room| room.members.clone()).unwrap_or_default();
    let members = members.into_iter();
    members
        .map(|id| {
            let name = state.nick_name(&id);
            (id, name)
        })
        .collect()
}

fn info(state: &State, at: usize, shown: &Value) -> Value {
    let one = first(shown.get("chatRoomMembers").unwrap_or(&Value::Null));
    let members = members(state, at);
    let Some(room) = state.rooms.get(at) else {
        return shown.clone();
    };
    let listed = members.iter().map(|(id, name)| {
        with(
            one.clone(),
            json!({ "userName": id, "nikeName": name, "inviterUserName": room.owner }),
        )
    });
    let listed: Value = listed.collect();
    let members = json!({
        "chatRoomId": room.id,
        "nickName": room.name,
        "chatRoomOwner": room.owner,
        "memberCount": members.len(),
        "chatRoomMembers": listed,
    });
    with(shown.clone(), members)
}
