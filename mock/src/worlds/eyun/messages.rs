//! Sending, revoking, fetching, and being told.

use super::world::{State, World};
use super::{documented, with};
use crate::callbacks::Undelivered;
use crate::gateway::{Answer, Engine, Received};
use crate::people::Said;
use crate::worlds::memory::now;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Instant;

pub(super) fn answer(world: &World, call: &Received, engine: &Arc<Engine>) -> Option<Answer> {
    let text = |name: &str| call.text(name).unwrap_or_default();
    let mut state = world.lock();
    Some(match call.path() {
        "/revokeMsg" => revoke(&mut state, call),
        "/privateSend" | "/privateSendImg" => {
            let (_, new_msg_id) = state.send(&text("toUserName"), &text("content"));
            Answer::from(json!({ "newMsgId": new_msg_id }))
        }
        "/asynGetMsgVideo" => {
            let id = state.start_job(world.settings.jobs_take, None);
            Answer::from(json!({ "id": id }))
        }
        "/getMsgVideoRes" => {
            let id = text("id");
            let Some(job) = state.jobs.iter().find(|job| job.id == id) else {
                return Some(Answer::failure("id不存在"));
            };
            let data = with(documented(call), json!({ "id": id }));
            if job.ready <= Instant::now() {
                Answer::from(data)
            } else {
                Answer::from(with(data, json!({ "type": 0, "url": null })))
            }
        }
        "/setHttpCallbackUrl" => {
            if !engine.register("", text("httpUrl").trim()) {
                return Some(Answer::failure(
                    "httpUrl：模拟网关只向本机的 http 地址（127.0.0.1、localhost、[::1]）投递",
                ));
            }
            // The probe; whoever does not take it sees it among the deliveries.
            let _ = engine.enqueue(json!({
                "wcId": state.online().next().map(|instance| &instance.wc_id),
                "account": "example_account",
                "messageType": "00000",
                "data": {},
            }));
            Answer::documented()
        }
        "/cancelHttpCallbackUrl" => {
            engine.unregister();
            Answer::documented()
        }
        _ if call.operation().starts_with("xiao_xi_fa_song_") => sent(&mut state, call),
        _ => return None,
    })
}

/// A fresh message; what the documents show as null stays so.
fn sent(state: &mut State, call: &Received) -> Answer {
    let to = call.text("wcId").unwrap_or_default();
    let (msg_id, new_msg_id) = state.send(&to, &call.text("content").unwrap_or_default());
    let mut data = documented(call);
    if let Value::Object(data) = &mut data {
        for (name, value) in data.iter_mut().filter(|(_, value)| !value.is_null()) {
            match name.as_str() {
                "msgId" => *value = json!(msg_id),
                "newMsgId" => *value = json!(new_msg_id),
                "createTime" => *value = json!(now()),
                "wcId" => *value = json!(to),
                _ => {}
            }
        }
    }
    Answer::from(data)
}

/// Revokes what has exactly these ids: one that lost its last digits in a double finds nothing.
fn revoke(state: &mut State, call: &Received) -> Answer {
    let (wc_id, msg_id) = (call.text("wcId").unwrap_or_default(), call.number("msgId"));
    let new_msg_id = call.number("newMsgId");
    let found = state.messages.iter_mut().find(|message| {
        Some(message.new_msg_id) == new_msg_id
            && (Some(message.msg_id) == msg_id || msg_id == new_msg_id)
            && message.to == wc_id
    });
    match found {
        None => Answer::failure("没有这条消息：wcId、msgId 与 newMsgId 须与发送时返回的完全一致"),
        Some(message) if message.revoked => Answer::failure("消息已撤回"),
        Some(message) => {
            message.revoked = true;
            Answer::documented()
        }
    }
}

/// A text as it comes in.
pub(super) fn incoming(state: &mut State, said: Said<'_>) -> Result<Value, Undelivered> {
    let members = |id: &str| {
        let room = state.rooms.iter().find(|room| room.id == id);
        room.map(|room| room.members.clone())
    };
    let is_friend = |id: &str| state.contacts.iter().any(|contact| contact.wc_id == id);
    said.check(is_friend, members)?;
    let kind = if said.group().is_some() {
        "80001"
    } else {
        "60001"
    };
    let mut event = state.event(kind, &said.speaker.id, said.content);
    event["data"]["self"] = said.is_mine().into();
    if let Some(group) = said.group() {
        event["data"]["fromGroup"] = group.into();
    }
    Ok(event)
}
