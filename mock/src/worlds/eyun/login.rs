//! The login dance, and who is there.

use super::world::{Instance, Login, State, World};
use crate::gateway::{Answer, Engine, Received};
use crate::people;
use crate::worlds::QR_CODE;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Instant;

#[expect(
    clippy::too_many_lines,
    reason = "an arm for each path of the vendor's, short ones"
)]
pub(super) fn answer(world: &World, call: &Received, engine: &Arc<Engine>) -> Option<Answer> {
    let text = |name: &str| call.text(name).unwrap_or_default();
    let mut state = world.lock();
    Some(match call.path() {
        "/member/login" => {
            if let Some((account, password)) = &world.settings.account
                && (*account != text("account") || *password != text("password"))
            {
                return Some(Answer::failure("账号或密码错误"));
            }
            let members = json!({
                "callbackUrl": engine.registered(""),
                "Authorization": state.tokens.give(),
            });
            Answer::with(members)
        }
        "/iPadLogin" => {
            let scanned = Login::Scanning {
                at: Instant::now() + world.settings.login_takes,
                verified: !world.settings.verify_first,
            };
            let wc_id = Some(text("wcId")).filter(|wc_id| !wc_id.is_empty());
            let w_id = state.new_instance(wc_id, scanned);
            Answer::with(json!({ "wId": w_id }))
        }
        "/loginByAccountAndPassword" => by_password(&mut state, call),
        "/secondLogin" => {
            let wc_id = text("wcId");
            if !state.instances.iter().any(|known| known.wc_id == wc_id) {
                return Some(Answer::failure("wcId从未登录过，请先扫码登录"));
            }
            let old = state.instances.iter_mut();
            for instance in old.filter(|instance| instance.wc_id == wc_id) {
                instance.login = Login::Offline;
            }
            let w_id = state.new_instance(Some(wc_id.clone()), Login::Online);
            let members = json!({ "wId": w_id, "wcId": wc_id });
            Answer::with(members)
        }
        "/isOnline" => {
            let instance = state.instance(&text("wId"));
            let online = instance.is_some_and(|instance| instance.login == Login::Online);
            Answer::from(json!({ "isOnline": online }))
        }
        "/queryLoginWx" => {
            let online = state
                .online()
                .map(|instance| json!({ "wcId": instance.wc_id, "wId": instance.w_id }));
            Answer::from(online.collect::<Value>())
        }
        "/member/offline" => {
            let gone = call.list("wcIds");
            for instance in &mut state.instances {
                if instance.login == Login::Online && gone.contains(&instance.wc_id) {
                    instance.login = Login::Offline;
                    // Nobody may be listening.
                    let _ = engine.enqueue(json!({
                        "wcId": instance.wc_id,
                        "account": "example_account",
                        "messageType": "30000",
                        "data": { "wId": instance.w_id },
                    }));
                }
            }
            Answer::documented()
        }
        "/offlineReason" => {
            let wc_id = text("wcId");
            let online = state.online().any(|instance| instance.wc_id == wc_id);
            let reason = if online {
                Value::Null
            } else {
                json!("已下线")
            };
            Answer::from(json!([{ "wcId": wc_id, "reason": reason }]))
        }
        _ => return None,
    })
}

/// The picture code first, the account second: with the `wId` of the first step, or without it by the same account.
fn by_password(state: &mut State, call: &Received) -> Answer {
    let text = |name: &str| call.text(name).unwrap_or_default();
    let asked = Some(text("wId")).filter(|w_id| !w_id.is_empty());
    let is_second = asked.is_some();
    let w_id = asked.or_else(|| state.codes.remove(&text("account")));
    let Some(w_id) = w_id else {
        let shown = Login::Scanning {
            at: Instant::now(),
            verified: true,
        };
        let wc_id = Some(text("wcId")).filter(|wc_id| !wc_id.is_empty());
        let w_id = state.new_instance(wc_id, shown);
        if State::has_space(state.codes.len()) {
            state.codes.insert(text("account"), w_id.clone());
        }
        let picture = BASE64_STANDARD.encode(QR_CODE);
        let members = json!({ "wId": w_id, "base64": picture });
        return Answer::with(members);
    };
    if is_second {
        state.codes.remove(&text("account"));
    }
    match state.instance(&w_id) {
        Some(instance) => {
            instance.login = Login::Online;
            Answer::from(account(instance))
        }
        None => Answer::failure("wId不存在，请先不带 wId 调用"),
    }
}

/// The long poll: answers as soon as the code has been scanned.
pub(super) async fn await_scan(world: &World, call: &Received) -> Answer {
    let w_id = call.text("wId").unwrap_or_default();
    let login = world.lock().instance(&w_id).map(|instance| instance.login);
    if let Some(Login::Scanning { at, .. }) = login {
        tokio::time::sleep_until(at.into()).await;
    }
    let mut state = world.lock();
    let Some(instance) = state.instance(&w_id) else {
        return Answer::failure("wId不存在，请先调用 /iPadLogin");
    };
    match &mut instance.login {
        Login::Scanning { verified, .. } if !*verified => {
            *verified = true;
            let data = json!({ "url": "https://example.com/verify" });
            Answer::coded("200", "需要验证", data)
        }
        Login::Scanning { .. } => {
            instance.login = Login::Online;
            Answer::with(account(instance))
        }
        Login::Online => Answer::with(account(instance)),
        Login::Offline => Answer::failure("二维码已失效，请重新调用 /iPadLogin"),
    }
}

/// Who is logged in, as all logins tell it.
fn account(instance: &Instance) -> Value {
    json!({
        "wcId": instance.wc_id,
        "wId": instance.w_id,
        "username": instance.wc_id,
        "wAccount": "example_alias",
        "nickName": people::name(&instance.wc_id),
        "deviceType": "ipad",
        "uin": 1_000_000_001,
        "status": 3,
    })
}
