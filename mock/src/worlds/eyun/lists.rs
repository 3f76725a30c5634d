//! Lists that page by a key the last answer gave: favourites, and those of the finder.

use super::world::World;
use super::{documented, first, with};
use crate::gateway::{Answer, Received};
use serde_json::{Value, json};

/// How many a page has, and how many there are.
const PAGE: usize = 10;
const TOTAL: usize = 25;

#[expect(
    clippy::too_many_lines,
    reason = "an arm for each path of the vendor's, short ones"
)]
pub(super) fn answer(world: &World, call: &Received) -> Option<Answer> {
    Some(match call.path() {
        "/weChatFavorites/favSync" => {
            let state = world.lock();
            let page = Page::asked(call, &["keyBuf"], state.favorites.len());
            let list = page.items(
                call,
                "favList",
                |_, at| json!({ "favId": state.favorites.get(at) }),
            );
            let (key, more) = (page.key(), page.more());
            let key = if more { json!(key) } else { Value::Null };
            let members =
                json!({ "favList": list, "keyBuf": key, "continueFlag": i32::from(more) });
            Answer::with(members)
        }
        "/weChatFavorites/getFavItem" => {
            let id = call.number("favId").unwrap_or_default();
            if !world.lock().favorites.contains(&id) {
                return Some(Answer::failure("favId不存在"));
            }
            Answer::with(json!({ "favId": id }))
        }
        "/weChatFavorites/delFavItem" => {
            let id = call.number("favId").unwrap_or_default();
            let mut state = world.lock();
            let before = state.favorites.len();
            state.favorites.retain(|known| *known != id);
            if state.favorites.len() == before {
                return Some(Answer::failure("favId不存在"));
            }
            Answer::documented()
        }
        "/finder/getFollowList" | "/finder/getLikeAndFavList" => {
            let page = Page::asked(call, &["lastBuffer", "lastBuff"], TOTAL);
            let list = page.items(call, "contactList", |_, at| {
                let user = format!("v2_example{:02}@finder", at + 1);
                json!({ "username": user, "nickname": format!("示例视频号{:02}", at + 1) })
            });
            let members = json!({
                "contactList": list,
                "lastBuffer": page.key(),
                "followCount": TOTAL,
                "continueFlag": i32::from(page.more()),
            });
            Answer::with(members)
        }
        // No flag says whether there is more: the list ends where it is empty.
        "/finder/getMentionList" => {
            let page = Page::asked(call, &["lastBuff"], TOTAL);
            let list = page.items(call, "list", |_, at| json!({ "svrMentionId": at + 1 }));
            let members = json!({ "list": list, "lastBuff": page.key() });
            Answer::with(members)
        }
        "/finderCommentDetails" => {
            let page = Page::asked(call, &["pageCode"], TOTAL);
            let list = page.items(call, "commentList", |_, at| {
                let at = i64::try_from(at).unwrap_or_default();
                json!({ "commentId": -7_208_643_216_420_147_215 + 2 * at })
            });
            let code = page.code();
            let members = json!({ "commentList": list, "pageCode": code, "commentCount": TOTAL });
            Answer::with(members)
        }
        "/finderUserHome" => {
            let page = Page::asked(call, &["pageCode"], TOTAL);
            let list = page.items(call, "videoList", |_, at| {
                let at = i64::try_from(at).unwrap_or_default();
                json!({ "id": 7_208_643_216_420_147_215 + 2 * at })
            });
            let members = json!({ "videoList": list, "pageCode": page.code() });
            Answer::with(members)
        }
        _ => return None,
    })
}

/// What is asked of a list.
struct Page {
    from: usize,
    to: usize,
    total: usize,
}

impl Page {
    /// The page that one of these parameters names; the first where none does.
    fn asked(call: &Received, keys: &[&str], total: usize) -> Self {
        let from = keys.iter().find_map(|key| call.number(key));
        let from = from.and_then(|from| usize::try_from(from).ok());
        let from = from.unwrap_or(0).min(total);
        Self {
            from,
            to: (from + PAGE).min(total),
            total,
        }
    }

    fn more(&self) -> bool {
        self.to < self.total
    }

    /// The key of the next page.
    fn key(&self) -> String {
        format!("{:04}", self.to)
    }

    /// The key of the next page; empty where there is none.
    fn code(&self) -> String {
        if self.more() {
            self.key()
        } else {
            String::new()
        }
    }

    /// The documented element so many times, each a little different.
    fn items(
        &self,
        call: &Received,
        list: &str,
        differs: impl Fn(&Value, usize) -> Value,
    ) -> Value {
        let one = first(documented(call).get(list).unwrap_or(&Value::Null));
        let items = (self.from..self.to).map(|at| with(one.clone(), differs(&one, at)));
        items.collect()
    }
}
