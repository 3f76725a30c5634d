//! Owns the tests of separators, limits and marks.

use std::time::{Duration, Instant};

use crate::model::{Limits, Rule};
use crate::prose::{
    aliases, count_rule, limits, optional_mark, pace_ms, says_json_text, says_null, says_xml,
    separator,
};

#[test]
fn reads_separators() {
    let table = [
        ("对谁可见（传微信id,多个用,分隔）", Some(",")),
        ("好友微信id，多个已\",\"分隔,每次最多支持个20", Some(",")),
        ("图片url(多个用;分隔 单张图片最大3M以内)", Some(";")),
        ("对谁不可见（传微信号,多个用.分隔）", Some(",")),
        ("艾特的微信id（多个以逗号分开）群主", Some(",")),
        ("微信号（多个用英文状态下的逗号隔开）", Some(",")),
        ("多个 英文 , 逗号分隔", Some(",")),
        ("微信用户id（假如@多人，用英文逗号, 拼接）", Some(",")),
        ("图片url最多9张, 用{#}号分隔 |  视频{#}缩略图", Some("{#}")),
        ("群成员的 wxid，以 ^G 分隔", Some("^G")),
        ("userLists: 群成员的 wxid， ^G 为分隔符", Some("^G")),
        ("标签标识，多个标签已 \"，\" 号分割", Some(",")),
        ("群成员微信id，多个用 \",\" 分割", Some(",")),
        ("标签名称 多个以英文 , 分割|", Some(",")),
        ("多个用“；”隔开", Some(";")),
        ("多个用分号分隔", Some(";")),
        ("用竖线分隔", Some("|")),
        ("用 | 作为分隔符", Some("|")),
        ("分隔符为 `|`", Some("|")),
        ("分隔符：逗号", Some(",")),
        ("多个用空格隔开", Some(" ")),
        ("多个用换行分隔", Some("\n")),
        ("多个用、分隔", Some("、")),
        ("多个用##分隔", Some("##")),
        (
            "文本内容消息（@的微信昵称需要自己拼接，必须拼接艾特符号，不然不生效）",
            None,
        ),
        ("群成员标识PS: 暂不支持多个群成员查询，可间隔调用获取", None),
        ("多个 id", None),
        ("分隔", None),
        ("", None),
    ];
    for (text, expected) in table {
        assert_eq!(separator(text).as_deref(), expected, "{text}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a list of cases")]
fn reads_limits() {
    let none = Limits::default();
    let max = |n| Limits {
        max_items: Some(n),
        ..none
    };
    let min = |n| Limits {
        min_items: Some(n),
        ..none
    };
    let bytes = |n| Limits {
        max_bytes: Some(n),
        ..none
    };
    let table = [
        ("每次最多支持20个微信/群号", max(20)),
        ("每次最多支持个20", max(20)),
        ("最多 20 个", max(20)),
        ("最多20", max(20)),
        ("图片url最多9张, 用{#}号分隔", max(9)),
        ("最多三个", max(3)),
        ("至少 2 个", min(2)),
        ("至少两个好友", min(2)),
        ("用户wxid数组，至少需要有2个好友wxid", min(2)),
        (
            "由于群聊必须至少3个人, 因此必须包含至少2个好友的wxid",
            min(2),
        ),
        ("（必须传输2个微信id以上才可创建群聊）", min(2)),
        (
            "视频链接URL 最大支持20M且30秒内",
            Limits {
                max_seconds: Some(30),
                ..bytes(20 << 20)
            },
        ),
        (
            "图片url(多个用;分隔 单张图片最大3M以内,必须是png格式)",
            bytes(3 << 20),
        ),
        ("图标url（JPG/PNG格式,50K以内）", bytes(50 << 10)),
        ("视频封面url链接（50KB以内）", bytes(50 << 10)),
        ("不超过 1.5 MB", bytes(3 << 19)),
        (
            "1到20个；最多 5 个，至少 1 个",
            Limits {
                min_items: Some(1),
                ..max(5)
            },
        ),
        ("有效期3天，最多5次", none),
        ("昵称最多20字", none),
        ("邀请群成员（40人以上）", none),
        ("图片地址（7日内有效）", none),
        ("第2页及以后", none),
        ("可间隔调用获取", none),
        ("最多99999999999999999999个", none),
        ("间隔", none),
        ("间隔1-", none),
        ("H264 20M", none),
    ];
    for (text, expected) in table {
        assert_eq!(limits(text), expected, "{text}");
    }
}

#[test]
fn reads_how_far_apart_calls_are() {
    let table = [
        ("本接口每次调用请随机间隔300ms-800ms之间", Some((300, 800))),
        ("间隔 1–3 s", Some((1000, 3000))),
        ("间隔0.5到1秒", Some((500, 1000))),
        ("间隔 2 秒", Some((2000, 2000))),
        ("新消息将间隔10min后推送", None),
        ("消息间隔 3 秒送达", None),
        ("两次调用间隔 2 分钟", None),
        ("调用本接口后，请停顿 1 分钟", Some((60_000, 60_000))),
        ("可间隔调用获取", None),
        ("间隔", None),
        ("间隔1-", None),
    ];
    for (text, expected) in table {
        assert_eq!(pace_ms(text), expected, "{text}");
        assert_eq!(limits(text), Limits::default(), "{text}");
    }
    let both = "每次最多 20 个，间隔 300–800 ms";
    assert_eq!(
        (limits(both).max_items, pace_ms(both)),
        (Some(20), Some((300, 800)))
    );
}

#[test]
fn reads_optional_marks() {
    let table = [
        ("来自哪个群，可空", true),
        ("可选", true),
        ("（可不传）", true),
        ("选填", true),
        ("非必填", true),
        ("非必须，登陆附加数据", true),
        ("可为空", true),
        ("邀请理由（管理员查看，不得为空）", false),
        ("不可为空", false),
        ("不可空", false),
        ("祖国(可能为空)", false),
        ("微信号(有可能为空)", false),
        ("可选值：1、2", false),
        ("是 (userId/stranger 任选其一)", false),
        ("", false),
    ];
    for (text, expected) in table {
        assert_eq!(optional_mark(text), expected, "{text}");
    }
}

#[test]
fn reads_aliases() {
    let table: &[(&str, &[&str])] = &[
        ("是否自己发的，别名 sel", &["sel"]),
        ("消息类型；别名 msg_type", &["msg_type"]),
        ("别名：`a`、b，c。别名 d", &["a", "b", "c", "d"]),
        ("微信号别名", &[]),
        ("群聊别名", &[]),
        ("别名 a 与 b", &["a"]),
        ("别名 a，可空", &["a"]),
    ];
    for (text, expected) in table {
        assert_eq!(aliases(text), *expected, "{text}");
    }
}

#[test]
fn reads_what_a_text_holds() {
    for text in [
        "JSON 文本",
        "JSON文本",
        "微信群成员信息数组文本",
        "json 字符串",
    ] {
        assert!(says_json_text(text), "{text}");
    }
    for text in ["JSON", "文本内容", "返回JSON不同"] {
        assert!(!says_json_text(text), "{text}");
    }
    for text in [
        "微信原始的 xml 信息",
        "要发送的xml数据",
        "XML 文本",
        "app消息xml结构体文本（`<appmsg></appmsg>`部分）",
        "入群邀请的回调xml",
        "xml图片内容",
        "收到的xml",
        "通过获取某条朋友圈详细内容接口[/getSnsObject]返回的xml",
    ] {
        assert!(says_xml(text), "{text}");
    }
    for text in [
        "取回调中xml中md5字段值",
        "xml中返回的bufId字段值",
        "收哪一笔转账(收到转账xml信息 中的 transferid)",
        "好友来源，接收到的加好友请求XML信息中有",
        "XML获取",
        "取自 XML",
        "正文，文本或 xml",
        "取回调 xml 的 md5",
        "要收的转账，取自转账消息的xml",
        "好友来源，见加好友请求的xml",
        "xml 长度",
        "消息",
    ] {
        assert!(!says_xml(text), "{text}");
    }
}

#[test]
fn null_is_sent_where_the_documents_say_so() {
    for text in [
        "第一次传null,如果接口返回keyBuf第二次传keyBuf",
        "首次传 NULL",
        "可为 null",
    ] {
        assert!(says_null(text), "{text}");
    }
    for text in [
        "不传null",
        "掉线原因（null则是在线）",
        "firstPageMd5为null情况下",
        "首次传空",
    ] {
        assert!(!says_null(text), "{text}");
    }
}

#[test]
fn reads_count_rules() {
    let rule = Rule::CountEquals {
        field: "text".to_owned(),
        mark: "{$@}".to_owned(),
        list: "atlist".to_owned(),
    };
    for text in [
        "约束：text 中 {$@} 的个数等于 atlist 的个数。",
        "约束：`text` 中 `{$@}` 的个数等于 `atlist` 的个数。",
        "文本消息text的内容中设置占位符{$@},代表被@群成员，占位符的数量必须和atlist中的微信号数量相等",
    ] {
        assert_eq!(count_rule(text), Some(rule.clone()), "{text}");
    }
    for text in [
        "用{#}号分隔",
        "数量相等",
        "{$@} 的个数等于 atlist 的个数",
        "text 中 {$@",
        "",
    ] {
        assert_eq!(count_rule(text), None, "{text}");
    }
}

#[test]
fn long_cells_do_not_hang() {
    let pieces = [
        "分隔",
        "号分隔",
        "间隔开",
        "间隔1-",
        "最多",
        "20",
        "至少两个",
        "别名 a,",
        "xml信息",
        "{",
        "可选",
        " ",
        "别名",
        "\"分隔",
        "分隔符",
    ];
    for piece in pieces {
        let text = piece.repeat(100_000 / piece.len());
        let started = Instant::now();
        separator(&text);
        limits(&text);
        optional_mark(&text);
        aliases(&text);
        says_xml(&text);
        says_json_text(&text);
        count_rule(&text);
        assert!(started.elapsed() < Duration::from_secs(5), "{piece}");
    }
}
