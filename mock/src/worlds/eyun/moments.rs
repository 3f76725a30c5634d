//! Moments: posted, listed page by page, liked and commented on.

use super::world::{Comment, Moment, State, World};
use super::{documented, first, with};
use crate::gateway::{Answer, Received};
use serde_json::{Value, json};
use std::time::Instant;

/// How many a page has.
const PAGE: usize = 10;
/// How many likes and comments a moment may have.
const MOST: usize = 1000;

pub(super) fn answer(world: &World, call: &Received) -> Option<Answer> {
    let text = |name: &str| call.text(name).unwrap_or_default();
    let mut state = world.lock();
    let state = &mut *state;
    Some(match call.path() {
        "/snsSend" | "/snsSendImage" | "/snsSendUrl" => {
            let user = state.account(call);
            let id = state.post(&user, &text("content"));
            let posted = state.moments.iter().find(|moment| moment.id == id)?;
            let members = json!({
                "id": id.to_string(),
                "userName": user,
                "createTime": posted.created,
                "objectDesc": posted.content,
            });
            let mut data = documented(call);
            match data.get_mut("object") {
                Some(object) => *object = with(object.take(), members),
                None => data = with(data, members),
            }
            Answer::from(data)
        }
        "/forwardSns" => {
            let user = state.account(call);
            let id = state.post(&user, &text("content"));
            let at = state.moments.iter().position(|moment| moment.id == id)?;
            Answer::from(shown(state, at, &documented(call)))
        }
        "/asynSnsSendVideo" => {
            let post = (state.account(call), text("content"));
            let id = state.start_job(world.settings.jobs_take, Some(post));
            Answer::from(json!({ "asynId": id }))
        }
        "/getAsynSnsSendVideoRes" => video_result(state, call),
        "/getCircle" | "/getFriendCircle" => page(state, call),
        "/getSnsObject" => match found(state, &text("id")) {
            Some(at) => Answer::from(shown(state, at, &documented(call))),
            None => missing(),
        },
        "/deleteSns" => match found(state, &text("id")) {
            Some(at) => {
                state.moments.remove(at);
                Answer::documented()
            }
            None => missing(),
        },
        "/snsPraise" | "/snsCancelPraise" | "/snsComment" | "/snsCommentDel"
        | "/snsSetAsPrivacy" | "/snsSetPublic" => {
            let user = state.account(call);
            let fresh = i64::try_from(state.next()).unwrap_or_default();
            let at = found(state, &text("id"));
            match at.and_then(|at| state.moments.get_mut(at)) {
                Some(moment) => change(moment, call, user, 100 + fresh),
                None => missing(),
            }
        }
        _ => return None,
    })
}

fn missing() -> Answer {
    Answer::failure("id：没有这条朋友圈")
}

fn found(state: &State, id: &str) -> Option<usize> {
    let id: u64 = id.trim().parse().ok()?;
    state.moments.iter().position(|moment| moment.id == id)
}

fn change(moment: &mut Moment, call: &Received, user: String, fresh: i64) -> Answer {
    match call.path() {
        "/snsPraise" if moment.likes.contains(&user) || moment.likes.len() >= MOST => {}
        "/snsPraise" => moment.likes.push(user),
        "/snsCancelPraise" => moment.likes.retain(|known| *known != user),
        "/snsComment" => {
            if moment.comments.len() >= MOST {
                return Answer::failure("评论太多");
            }
            let content = call.text("content").unwrap_or_default();
            moment.comments.push(Comment {
                id: fresh,
                user,
                reply_to: call.number("replyCommentId").unwrap_or_default(),
                content: content.chars().take(2000).collect(),
            });
        }
        "/snsCommentDel" => {
            let id = call.number("commentId");
            let before = moment.comments.len();
            moment.comments.retain(|comment| Some(comment.id) != id);
            if moment.comments.len() == before {
                return Answer::failure("commentId：没有这条评论");
            }
        }
        "/snsSetAsPrivacy" => moment.private = true,
        "/snsSetPublic" => moment.private = false,
        _ => {}
    }
    Answer::documented()
}

fn video_result(state: &mut State, call: &Received) -> Answer {
    let id = call.text("asynId").unwrap_or_default();
    let Some(at) = state.jobs.iter().position(|job| job.id == id) else {
        return Answer::failure("asynId不存在");
    };
    let job = state.jobs.get_mut(at);
    let ready = job.as_ref().is_some_and(|job| job.ready <= Instant::now());
    let data = with(documented(call), json!({ "asynId": id }));
    if !ready {
        let members = json!({
            "type": 0, "id": null, "userName": null, "createTime": null, "objectDesc": null,
        });
        return Answer::from(with(data, members));
    }
    let (post, mut moment) = job.map_or((None, None), |job| (job.post.take(), job.moment));
    if let Some((user, content)) = post {
        moment = Some(state.post(&user, &content));
        if let Some(job) = state.jobs.get_mut(at) {
            job.moment = moment;
        }
    }
    let posted = state.moments.iter();
    let posted = posted.clone().find(|posted| Some(posted.id) == moment);
    let members = posted.map_or_else(
        || json!({ "type": 1 }),
        |posted| {
            json!({
                "type": 1,
                "id": posted.id.to_string(),
                "userName": posted.user,
                "createTime": posted.created,
                "objectDesc": posted.content,
            })
        },
    );
    Answer::from(with(data, members))
}

/// The moments older than `maxId`; all of them where it is 0.
fn page(state: &State, call: &Received) -> Answer {
    let max_id = call.text("maxId").unwrap_or_default();
    let max_id: u64 = max_id.parse().unwrap_or_default();
    let of = call.text("wcId");
    let data = documented(call);
    let one = first(data.get("sns").unwrap_or(&Value::Null));
    let older = |at: &usize| {
        let moment = state.moments.get(*at);
        moment.is_some_and(|moment| {
            (max_id == 0 || moment.id < max_id)
                && of.as_ref().is_none_or(|of| moment.user == *of)
                && !moment.private
        })
    };
    let older = (0..state.moments.len()).filter(older).take(PAGE);
    let sns: Value = older.map(|at| shown(state, at, &one)).collect();
    Answer::from(with(data, json!({ "sns": sns })))
}

/// A moment in the documented shape.
fn shown(state: &State, at: usize, shape: &Value) -> Value {
    let Some(moment) = state.moments.get(at) else {
        return shape.clone();
    };
    let like = first(shape.get("snsLikes").unwrap_or(&Value::Null));
    let comment = first(shape.get("snsComments").unwrap_or(&Value::Null));
    let likes = moment.likes.iter().map(|user| {
        let members = json!({ "userName": user, "nickName": state.nick_name(user) });
        with(like.clone(), members)
    });
    let comments = moment.comments.iter().map(|known| {
        let members = json!({
            "userName": known.user,
            "nickName": state.nick_name(&known.user),
            "commentId": known.id,
            "replyCommentId": known.reply_to,
            "content": known.content,
        });
        with(comment.clone(), members)
    });
    let members = json!({
        "id": moment.id.to_string(),
        "userName": moment.user,
        "nickName": state.nick_name(&moment.user),
        "createTime": moment.created,
        "likeCount": moment.likes.len(),
        "snsLikes": likes.collect::<Value>(),
        "commentCount": moment.comments.len(),
        "snsComments": comments.collect::<Value>(),
        "objectDesc": { "xml": moment.content, "len": moment.content.len() },
    });
    with(shape.clone(), members)
}
