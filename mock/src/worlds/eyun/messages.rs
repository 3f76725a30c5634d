//! Sending, revoking, fetching, and being told.

use super::world::{State, World, now};
use super::{documented, with};
use crate::gateway::{Answer, Engine, Received};
use serde_json::{Value, json};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

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
            if !engine.register(text("httpUrl").trim()) {
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
                // Some operations document a small number, some the large one.
                "msgId" if value.as_i64().is_some_and(|id| id > 1 << 53) => {
                    *value = json!(new_msg_id);
                }
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
pub(super) fn incoming(state: &mut State, from: &str, content: &str) -> Value {
    let n = i64::try_from(state.next()).unwrap_or_default();
    let instance = state.online().next();
    let (w_id, wc_id) = instance.map_or(("", "wxid_mock01"), |instance| {
        (instance.w_id.as_str(), instance.wc_id.as_str())
    });
    let mut event = json!({
        "wcId": wc_id,
        "account": "example_account",
        "messageType": "60001",
        "data": {
            "wId": w_id,
            "fromUser": from,
            "toUser": wc_id,
            "msgId": 200_000_001 + n,
            "newMsgId": 8_208_643_216_420_147_215 + 2 * n,
            "timestamp": now(),
            "content": content,
            "self": false,
        },
    });
    if from.ends_with("@chatroom") {
        event["messageType"] = json!("80001");
        event["data"]["fromGroup"] = json!(from);
        event["data"]["fromUser"] = json!("wxid_example01");
    }
    event
}

/// A friend who writes every so often.
pub(super) async fn chat(world: Arc<World>, engine: Weak<Engine>, every: Duration) {
    for n in 1_u64.. {
        tokio::time::sleep(every).await;
        let Some(engine) = engine.upgrade() else {
            return;
        };
        if engine.callback().is_none() || world.lock().online().next().is_none() {
            continue;
        }
        let event = incoming(
            &mut world.lock(),
            "wxid_example01",
            &format!("你好，第 {n} 次"),
        );
        // Where too many wait already, this one is not missed.
        let _ = engine.enqueue(event);
    }
}
