//! What the gateway posts because of a call: to the address that the call names, or to that of a setting.

use super::with;
use super::world::{State, World};
use crate::callbacks::Undelivered;
use crate::gateway::{Engine, Received};
use crate::people::{self, Chat, ME, Said};
use serde_json::{Value, json};
use std::sync::Arc;

/// How many friends a page holds.
const PAGE: usize = 100;

/// Something to be posted to the address of a setting, or to the one that the call names.
struct Post {
    address: &'static str,
    url: String,
    event: Value,
}

/// What a call calls the address that it names.
const NAMED: &str = "callback_url";

/// What these announce comes as fields; anything else as JSON text in one field `data`, which is what receivers read.
const FLAT: [&str; 2] = [
    "/foreign/Friends/syncFriendList",
    "/foreign/Friends/checkZombie",
];

/// Posts what a call leads to.
pub(super) fn after(world: &World, call: &Received, engine: &Arc<Engine>) {
    let posts = posts(&mut world.lock(), call, engine);
    if posts.is_empty() {
        return;
    }
    let wait = world.settings.posts_after;
    let is_flat = FLAT.contains(&call.path());
    let within = engine.clone();
    engine.spawn(async move {
        tokio::time::sleep(wait).await;
        for post in posts {
            let event = match is_flat || post.event.get("data").is_some() {
                true => post.event,
                false => json!({ "data": post.event }),
            };
            let encoding = within.encoding(post.address);
            // Too many wait already: whoever waits for this one sees its deadline.
            let _ = within.post(&post.url, event, encoding);
        }
    });
}

fn posts(state: &mut State, call: &Received, engine: &Engine) -> Vec<Post> {
    let text = |name: &str| call.text(name).unwrap_or_default();
    let mine = text("my_account");
    let at = |address: &'static str, event: Value| {
        let url = engine.registered(address);
        let post = |url| Post {
            address,
            url,
            event,
        };
        url.map(post).into_iter().collect()
    };
    match call.path() {
        "/foreign/message/send" => {
            let sent = self::text(state, &mine, &text("to_account"), &text("content"), 1);
            at("messagelog", sent)
        }
        "/foreign/friends/del" => {
            let gone = json!([{ "to_account": text("to_account"), "form_account": mine }]);
            at(
                "delfriendlog",
                json!({ "code": 0, "msg": "删除成功", "data": gone }),
            )
        }
        "/foreign/friends/passAddFriends" => {
            let added = json!({ "my_account": mine, "to_account": text("account") });
            let event = inside(documented(engine, "addfriendlog"), added);
            at("addfriendlog", event)
        }
        "/foreign/wacat/newGetWacatInfo" => {
            let found = json!({
                "account": text("account"),
                "myAccount": mine,
                "extend": text("extend"),
            });
            at(
                "callbackSend",
                with(documented(engine, "callbackSend/2"), found),
            )
        }
        "/foreign/Wacat/getLables" => {
            let labels = state.labels.iter();
            let labels = labels.map(|(id, name)| json!({ "lable_id": id, "lable_name": name }));
            at("callbackSend", json!({ "data": labels.collect::<Value>() }))
        }
        "/foreign/wacat/out" => at("wacatout", status(engine, "2", &mine, "", state.tasks)),
        "/foreign/message/scanNew" => scanned(state, call, engine),
        "/foreign/Friends/syncFriendList" => pages(&state.friends, &mine)
            .map(|event| Post {
                address: NAMED,
                url: text(NAMED),
                event,
            })
            .collect(),
        _ => announced(state, call, engine).into_iter().collect(),
    }
}

/// The code to scan, and who then scans it.
fn scanned(state: &State, call: &Received, engine: &Engine) -> Vec<Post> {
    let text = |name: &str| call.text(name).unwrap_or_default();
    let account = match text("account") {
        account if account.is_empty() => ME.to_owned(),
        account => account,
    };
    let extend = text("extend");
    let code = json!({
        "code": 1,
        "url": format!("https://example.com/qrcode/{}.jpg", state.tasks),
        "task_id": state.tasks,
        "extend": extend,
    });
    let confirmed = json!([{
        "account": account,
        "account_alias": format!("{account}_alias"),
        "name": people::name(&account),
        "headimg": "https://example.com/head.jpg",
        "status": 8,
        "type": 4,
        "app_token": "",
        "extend": extend,
    }]);
    let mut posts = vec![Post {
        address: NAMED,
        url: text(NAMED),
        event: code,
    }];
    let settings = [
        ("callbackSend", json!({ "data": confirmed })),
        (
            "wacatout",
            status(engine, "1", &account, &extend, state.tasks),
        ),
    ];
    for (address, event) in settings {
        let url = engine.registered(address);
        posts.extend(url.map(|url| Post {
            address,
            url,
            event,
        }));
    }
    posts
}

/// That an account has come, as an object, or gone, as a list of one: both are seen.
fn status(engine: &Engine, kind: &str, account: &str, extend: &str, task: u64) -> Value {
    let shown = documented(engine, "wacatout");
    let one = shown["data"].get(0).cloned().unwrap_or_default();
    let members = json!({
        "type": kind,
        "account": account,
        "extend": extend,
        "task_id": task,
    });
    let one = with(one, members);
    match kind {
        "1" => json!({ "data": one }),
        _ => json!({ "data": [one] }),
    }
}

/// All friends, a hundred at a time; nobody has one page.
fn pages(friends: &[String], mine: &str) -> impl Iterator<Item = Value> {
    let empty: &[String] = &[];
    let none = friends.is_empty().then_some(empty);
    let chunks = none.into_iter().chain(friends.chunks(PAGE));
    chunks.enumerate().map(move |(at, chunk)| {
        let info = chunk.iter().map(|account| {
            json!({
                "account": account,
                "account_alias": "",
                "name": people::name(account),
                "sex": 1,
                "area": "福建福州",
                "thumb": "https://example.com/head.jpg",
                "description": "",
                "form_name": "",
                "disturb": 2,
                "v1": "v1_example@stranger",
                "tag": "",
            })
        });
        json!({
            "my_account": mine,
            "currentPage": (at + 1).to_string(),
            "info": info.collect::<Value>(),
            "total": friends.len(),
        })
    })
}

/// What the documents show for a call that names an address, with the call's own values.
fn announced(state: &State, call: &Received, engine: &Engine) -> Option<Post> {
    let text = |name: &str| call.text(name).unwrap_or_default();
    let url = text(NAMED);
    if url.is_empty() {
        return None;
    }
    let mine = text("my_account");
    let shown = documented(engine, call.operation());
    let event = match call.path() {
        "/foreign/Wacat/addLable" => {
            let added = call.list("lables");
            let labels = state.labels.iter().filter(|(_, name)| added.contains(name));
            let labels = labels
                .map(|(id, name)| json!({ "lable_id": id, "account": mine, "lable_name": name }));
            with(shown, json!({ "info": labels.collect::<Value>() }))
        }
        "/foreign/group/found" => {
            let room = state.rooms.last()?;
            let made =
                json!({ "account": room.number, "name": room.name, "extend": text("extend") });
            inside(shown, made)
        }
        "/foreign/group/qrcode" => with(shown, json!({ "group_number": text("g_number") })),
        "/foreign/Group/getAllMembers" => {
            let number = text("number");
            let room = state.rooms.iter().find(|room| room.number == number);
            let members = room.into_iter().flat_map(|room| &room.members);
            let members = members.map(|member| {
                json!({
                    "nickName": people::name(member),
                    "displayName": "",
                    "bigHeadImgUrl": "https://example.com/head.jpg",
                    "userName": member,
                    "number": number,
                })
            });
            let members: Value = members.collect();
            with(shown, json!({ "my_account": mine, "info": members }))
        }
        "/foreign/Friends/checkZombie" => {
            json!({ "my_account": mine, "account": text("account"), "status": "1" })
        }
        _ if shown.is_null() => json!({ "code": 1, "msg": "成功", "my_account": mine }),
        _ => with(shown, json!({ "my_account": mine })),
    };
    let address = NAMED;
    Some(Post {
        address,
        url,
        event,
    })
}

/// A text, sent by the account (1) or by a friend (2).
pub(super) fn text(state: &mut State, mine: &str, other: &str, content: &str, kind: u8) -> Value {
    json!({
        "data": {
            "my_account": mine,
            "my_name": people::name(mine),
            "to_account": other,
            "to_name": people::name(other),
            "content": content,
            "content_type": 1,
            "file_name": "",
            "voice_len": 0,
            "type": kind,
            "msgid": state.message_id(),
        },
    })
}

/// What somebody has said, and the setting to whose address it goes.
pub(super) fn told(
    state: &mut State,
    said: Said<'_>,
    engine: &Engine,
) -> Result<(&'static str, Value), Undelivered> {
    let members = |id: &str| {
        let room = state.rooms.iter().find(|room| room.number == id);
        room.map(|room| room.members.clone())
    };
    said.check(
        |id| state.friends.iter().any(|friend| friend == id),
        members,
    )?;
    let (speaker, content) = (said.speaker, said.content);
    let Chat::Group(group) = said.chat else {
        return Ok(("messagelog", text(state, ME, &speaker.id, content, 2)));
    };
    let room = state.rooms.iter().find(|room| room.number == group.id);
    let members = json!({
        "my_account": ME,
        "my_name": people::name(ME),
        "to_account": speaker.id,
        "to_name": speaker.name,
        "g_number": group.id,
        "g_name": room.map(|room| room.name.as_str()),
        "content": content,
        "type": if said.is_mine() { 1 } else { 2 },
        "msgid": state.message_id(),
    });
    Ok(("crowdlog", inside(documented(engine, "crowdlog"), members)))
}

fn documented(engine: &Engine, address: &str) -> Value {
    engine.documented_at(address).unwrap_or_default()
}

/// Overwrites members of the payload.
fn inside(mut event: Value, members: Value) -> Value {
    if let Some(data) = event.get_mut("data") {
        *data = with(data.take(), members);
    }
    event
}
