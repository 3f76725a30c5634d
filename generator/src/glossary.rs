//! Owns the glossary: Chinese words of this field and their English, for names that only a title can give.
//!
//! Appending is safe: `names.lock` keeps what was once public. A title is translated only if every
//! word of it is known; half-translated names help nobody.

const WORDS: &[(&str, &str)] = &[
    ("是", "yes"),
    ("否", "no"),
    ("男", "male"),
    ("女", "female"),
    ("未知", "unknown"),
    ("成功", "success"),
    ("失败", "failure"),
    ("正常", "normal"),
    ("开启", "on"),
    ("关闭", "off"),
    ("自动", "automatic"),
    ("取消", "cancel"),
    ("全部", "all"),
    ("所有", "all"),
    ("最新", "latest"),
    ("不限", "any"),
    ("显示", "shown"),
    ("不显示", "hidden"),
    ("在线", "online"),
    ("离线", "offline"),
    ("已登陆", "logged in"),
    ("未登陆", "logged out"),
    ("文本", "text"),
    ("文字", "text"),
    ("图片", "image"),
    ("语音", "voice"),
    ("视频", "video"),
    ("文件", "file"),
    ("表情", "emoji"),
    ("动图", "gif"),
    ("红包", "red packet"),
    ("转账", "transfer"),
    ("小程序", "mini program"),
    ("地图", "map"),
    ("名片", "card"),
    ("个人", "personal"),
    ("公众号", "official account"),
    ("链接", "link"),
    ("系统", "system"),
    ("消息", "message"),
    ("通知", "notice"),
    ("群聊", "group chat"),
    ("单聊", "private chat"),
    ("私聊", "private"),
    ("群", "group"),
    ("好友", "friend"),
    ("手机号", "phone"),
    ("微信号", "account"),
    ("二维码", "qr code"),
    ("扫码", "scan"),
    ("账号密码", "password"),
    ("邮箱", "email"),
    ("搜索", "search"),
    ("用户", "user"),
    ("点赞", "like"),
    ("评论", "comment"),
    ("关注", "follow"),
    ("收藏", "favorite"),
    ("置顶", "top"),
    ("冻结", "frozen"),
    ("到期", "expired"),
    ("已过期", "expired"),
    ("待验证", "pending"),
    ("已通过", "accepted"),
    ("被删除", "deleted"),
    ("被拉黑", "blocked"),
    ("仅聊天", "chat only"),
    ("删除", "delete"),
    ("发送", "send"),
    ("发送中", "sending"),
    ("发送完成", "sent"),
    ("发送失败", "send failed"),
    ("红心", "heart"),
    ("大拇指", "thumb"),
    ("缩略图", "thumbnail"),
    ("高清", "hd"),
    ("常规", "regular"),
    ("高清图", "hd image"),
    ("进群", "join"),
    ("转让群主", "transfer ownership"),
    ("添加群管理", "add admin"),
    ("删除群管理", "remove admin"),
    ("设置群待办", "set todo"),
    ("撤回群待办", "revoke todo"),
    ("来自", "from"),
    ("通讯录", "contacts"),
    ("保存到群通讯录", "save to contacts"),
    ("从通讯录移除", "remove from contacts"),
    ("返回群名称及人数", "name and size"),
    ("返回原始", "raw"),
    ("数据", "data"),
    ("同步结束", "finished"),
    ("须继续同步", "more"),
    ("朋友赞过", "liked by friends"),
    ("喜欢", "like"),
    ("不喜欢", "dislike"),
    ("加好友须验证", "friend verification"),
    ("推荐通讯录朋友", "recommend contacts"),
    ("可凭手机号添加", "add by phone"),
    ("可凭微信号添加", "add by account"),
    ("可经群聊添加", "add by group"),
    ("可凭我的二维码添加", "add by qr code"),
    ("可凭名片添加", "add by card"),
    ("好友可看全部", "friends see all"),
    ("好友可看近半年", "friends see half year"),
    ("好友可看近一个月", "friends see month"),
    ("好友可看近", "friends see"),
    ("天", "days"),
    ("陌生人可看十条", "strangers see ten"),
    ("陌生人不可看", "strangers see none"),
    ("视频号身份", "finder identity"),
    ("自身微信号身份", "wechat identity"),
    ("登录", "login"),
    ("退出", "quit"),
    ("错误", "error"),
    ("北京", "beijing"),
    ("重庆", "chongqing"),
    ("陕西", "shaanxi"),
    ("西藏", "tibet"),
    ("内蒙古", "inner mongolia"),
    ("好友验证", "friend verification"),
    ("添加群好友", "group member"),
    ("通过查询添加", "search"),
    ("通过名片添加", "card"),
    ("新好友", "new friend"),
    ("系统消息", "system message"),
    ("非僵尸粉", "not zombie"),
    ("僵尸粉，被对方拉黑", "zombie blocked"),
    ("僵尸粉，被对方删除", "zombie deleted"),
    ("僵尸粉，原因不明", "zombie unclear"),
    ("失败，对方隐私设置所限", "failure privacy"),
    ("失败，操作频繁", "failure too frequent"),
    ("失败，未取得", "failure without"),
    ("群已开启进群验证", "verification required"),
    ("开启防撤回", "on"),
    ("保存到通讯录", "save to contacts"),
    ("移出通讯录", "remove from contacts"),
    ("发起转账", "transfer initiated"),
    ("确认收账", "transfer accepted"),
    ("退还转账", "transfer returned"),
    ("号搜索", "search"),
    ("好友和群信息数据库", "contacts"),
    ("头像数据库", "avatars"),
    ("多媒体数据库", "media"),
    ("聊天相关数据库", "chats"),
    ("收藏相关数据库", "favorites"),
    ("消息相关数据库", "messages"),
    ("企业相关数据库", "enterprise"),
    ("群里有红包", "red packet"),
    ("被对方拉黑", "blocked"),
    ("群名改变", "group renamed"),
    ("进群方式复原", "joining restored"),
    ("邀请须经群主确认", "invites need approval"),
    ("本号接任群主", "became owner"),
    ("他人接任群主", "new owner"),
    ("本号邀请入群", "invited by me"),
    ("他人邀请入群", "invited"),
    ("扫本号的码入群", "joined by my code"),
    ("扫他人的码入群", "joined by code"),
];

/// The English of a title, if the glossary knows every word of it; ASCII words count as known.
pub(crate) fn english(title: &str) -> Option<String> {
    let mut words: Vec<&str> = Vec::new();
    let mut translated = false;
    let mut rest = title;
    while let Some(first) = rest.chars().next() {
        if let Some((chinese, english)) = longest(rest) {
            words.push(english);
            translated = true;
            rest = rest.get(chinese.len()..)?;
        } else if first.is_ascii_alphanumeric() {
            let end = rest
                .find(|c: char| !c.is_ascii_alphanumeric())
                .unwrap_or(rest.len());
            words.push(rest.get(..end)?);
            rest = rest.get(end..)?;
        } else if first.is_alphanumeric() {
            return None;
        } else if matches!(first, '，' | ',' | '（' | '(') && translated {
            // What follows a comma only explains: `好友验证，曾加过的人`.
            break;
        } else {
            rest = rest.get(first.len_utf8()..)?;
        }
    }
    translated.then(|| words.join("_"))
}

fn longest(text: &str) -> Option<&'static (&'static str, &'static str)> {
    WORDS
        .iter()
        .filter(|(chinese, _)| text.starts_with(chinese))
        .max_by_key(|(chinese, _)| chinese.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_translated_whole_or_not_at_all() {
        assert_eq!(english("男").as_deref(), Some("male"));
        assert_eq!(english("私聊文本").as_deref(), Some("private_text"));
        assert_eq!(english("QQ好友").as_deref(), Some("QQ_friend"));
        assert_eq!(english("设备男"), None);
        assert_eq!(english("abc"), None, "nothing to translate");
    }

    #[test]
    fn the_longest_word_is_taken() {
        assert_eq!(english("不喜欢").as_deref(), Some("dislike"));
        assert_eq!(english("未登陆").as_deref(), Some("logged out"));
    }

    #[test]
    fn an_explanation_is_left_out() {
        assert_eq!(english("转账，已收").as_deref(), Some("transfer"));
    }
}
