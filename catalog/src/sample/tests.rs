//! Owns the tests of samples as the vendors print them.

use serde_json::{Value, json};

use super::{Fence, Member, Node, NodeKind, Sample, read};
use crate::source::Span;

impl Sample {
    pub(super) fn is_broken(&self) -> bool {
        self.issues.iter().any(|issue| issue.severe)
    }
}

/// How tests look into a tree.
impl Node {
    pub(super) fn as_object(&self) -> Option<&[Member]> {
        match &self.kind {
            NodeKind::Object(members) => Some(members),
            _ => None,
        }
    }

    pub(super) fn as_array(&self) -> Option<&[Node]> {
        match &self.kind {
            NodeKind::Array(elements) => Some(elements),
            _ => None,
        }
    }

    pub(super) fn as_number(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Number(number) => Some(number),
            _ => None,
        }
    }

    pub(super) fn as_bool(&self) -> Option<bool> {
        match self.kind {
            NodeKind::Bool(value) => Some(value),
            _ => None,
        }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self.kind, NodeKind::Null)
    }

    pub(super) fn member(&self, key: &str) -> Option<&Member> {
        self.as_object()?.iter().find(|member| member.key == key)
    }

    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.member(key).map(|member| &member.value)
    }
}

/// What a test says an example is; the order of members is another test's.
fn json_of(node: &Node) -> Value {
    serde_json::to_value(node.to_json()).unwrap()
}

fn only(text: &str) -> (Value, Vec<String>, bool) {
    let fence = read(text);
    assert_eq!(fence.samples.len(), 1, "{text}");
    let sample = &fence.samples[0];
    let messages = sample.issues.iter().map(|i| i.message.clone()).collect();
    (json_of(&sample.value), messages, sample.is_broken())
}

fn comment<'a>(fence: &'a Fence, key: &str) -> Option<&'a str> {
    fence.samples[0].value.member(key)?.comment.as_deref()
}

#[test]
fn reads_plain_json_without_a_word() {
    let text = r#"{"a":[1,-2.5e3,true,null,"x\"\u00e9\ud83d\ude00\/"],"b":{}}"#;
    let (value, issues, broken) = only(text);
    assert_eq!(value, serde_json::from_str::<Value>(text).unwrap());
    assert_eq!((issues, broken), (vec![], false));
}

#[test]
#[expect(clippy::too_many_lines, reason = "a list of cases")]
fn reads_vendor_samples() {
    let table: &[(&str, &str, Value, &[&str])] = &[
        (
            "doubled braces",
            "\n{\n{\n \"data\": {\n \"my_account\": \"damibtc\",\n \"my_name\": 12\n }\n}\n}\n",
            json!({"data": {"my_account": "damibtc", "my_name": 12}}),
            &["doubled braces"],
        ),
        (
            "missing outer braces",
            "\"data\": {\n\t\"account\": \"22156949594@chatroom\",\n\t\"extend\": \" \",\n}\n",
            json!({"data": {"account": "22156949594@chatroom", "extend": " "}}),
            &[
                "the outer braces are missing",
                "a comma behind the last item",
            ],
        ),
        (
            "a PHP array in braces",
            "{\n\n 'account' => 'damibtc',\n 'sex' => '0',\n 'sign' => '',\n}",
            json!({"account": "damibtc", "sex": "0", "sign": ""}),
            &["text in single quotes", "another sign in place of a colon"],
        ),
        (
            "a trailing comma in an inner object",
            "{\"data\":{\"wxid\":\"xxxx\",}}",
            json!({"data": {"wxid": "xxxx"}}),
            &["a comma behind the last item"],
        ),
        (
            "escaped slashes, escaped once more",
            r#"{"headimg": "http:\\/\\/wx.qlogo.cn\\/0", "a": "http:\/\/b"}"#,
            json!({"headimg": "http:\\/\\/wx.qlogo.cn\\/0", "a": "http://b"}),
            &[],
        ),
        (
            "a list of commands",
            r#"[{"sendId":"","api":"sendTextMessage","option":{"wxid":"","text":""}}]"#,
            json!([{"sendId": "", "api": "sendTextMessage", "option": {"wxid": "", "text": ""}}]),
            &[],
        ),
        (
            "braces around what is marked {$@}",
            r#"{"text":"你好{$@},你好{$@}","atlist":["wxid_xxx","wxid_xxx"]}"#,
            json!({"text": "你好{$@},你好{$@}", "atlist": ["wxid_xxx", "wxid_xxx"]}),
            &[],
        ),
        (
            "another program's word for null, in quotes",
            r#"{"cwxid":"null","asName":"(null)","path":"c:\\test.dat"}"#,
            json!({"cwxid": "null", "asName": "(null)", "path": "c:\\test.dat"}),
            &[],
        ),
    ];
    for (name, text, expected, messages) in table {
        let (value, issues, broken) = only(text);
        assert_eq!(&value, expected, "{name}");
        assert!(!broken, "{name}: {issues:?}");
        for message in *messages {
            assert!(issues.iter().any(|i| i == message), "{name}: {issues:?}");
        }
        if messages.is_empty() {
            assert!(issues.is_empty(), "{name}: {issues:?}");
        }
    }
}

#[test]
fn closes_a_sample_that_is_cut_off() {
    let text = "{\n\"data\":{\n    \"cgi\":\"/cgi-bin/micromsg-bin/autoauth\",\n    \"type\":98,\n    \"hex\":\"0A\n";
    let (value, issues, broken) = only(text);
    let expected =
        json!({"data": {"cgi": "/cgi-bin/micromsg-bin/autoauth", "type": 98, "hex": "0A"}});
    assert_eq!(value, expected);
    assert!(broken, "{issues:?}");
    for (text, expected) in [
        ("{\"a\": [1, {\"b\": 2", json!({"a": [1, {"b": 2}]})),
        ("{\"a\": 1, \"b", json!({"a": 1})),
        ("{\"a\": 1, \"b\":", json!({"a": 1, "b": null})),
        ("{\"a\": \"x\\", json!({"a": "x\\"})),
        ("{\"a\": tr", json!({"a": "tr"})),
        ("{\"a\": 1, /* and", json!({"a": 1})),
        ("{", json!({})),
        ("[", json!([])),
    ] {
        let (value, issues, broken) = only(text);
        assert_eq!((value, broken), (expected, true), "{text}: {issues:?}");
    }
}

#[test]
fn keeps_comments_with_their_members() {
    let fence = read(
        "// wxid： 群id； exist: 是否在这个群里\n# code 200 表示 已登陆\n/* 两行\n * 说明 */\n{\n\
         \"type\": 78,       // int     信息分类\n\
         // 消息内容\n// 第二行\n\"message\": \"// no comment\",\n\
         \"sex\": 1 /* 性别 */, \"city\": \"\" # 城市\n,\
         \"data\": { // 数据\n\"a\": 1\n// nobody's\n}, // 数据止\n\
         /* 群主 */ \"owner\": true,\n\
         \"list\": // 列表\n [\n// 元素\n1, // 一\n2],\n\
         \"plain\": 0\n}\n// behind\n",
    );
    assert_eq!(
        fence.remarks,
        [
            "wxid： 群id； exist: 是否在这个群里",
            "code 200 表示 已登陆",
            "两行",
            "说明"
        ]
    );
    let table = [
        ("type", Some("int     信息分类")),
        ("message", Some("消息内容\n第二行")),
        ("sex", Some("性别")),
        ("city", Some("城市")),
        ("data", Some("数据")),
        ("owner", Some("群主")),
        ("list", Some("列表")),
        ("plain", None),
    ];
    for (key, expected) in table {
        assert_eq!(comment(&fence, key), expected, "{key}");
    }
    let value = &fence.samples[0].value;
    assert_eq!(
        value.get("data").unwrap().member("a").unwrap().comment,
        None
    );
    assert_eq!(
        value.get("message").unwrap().as_text(),
        Some("// no comment")
    );
    assert_eq!(json_of(value.get("list").unwrap()), json!([1, 2]));
}

#[test]
fn keeps_words_behind_a_value_as_its_comment() {
    let fence = read("{\"type\": 78  int 信息分类：接收\n \"nick\": \"a\" 昵称,\n \"b\": 1}");
    assert_eq!(comment(&fence, "type"), Some("int 信息分类：接收"));
    assert_eq!(comment(&fence, "nick"), Some("昵称"));
    assert_eq!(
        json_of(&fence.samples[0].value),
        json!({"type": 78, "nick": "a", "b": 1})
    );
}

#[test]
fn tells_samples_from_other_fences() {
    for text in [
        "",
        " \n\u{feff}",
        "<appmsg appid=\"\" sdkver=\"\">\n<title>a</title></appmsg>",
        "# npm start authKey name\n# 两个参数\nnpm start key test",
        "curl -X POST http://a/b -d '{\"a\":1}'",
        "http://域名地址/getContact",
        "POST /a HTTP/1.1",
        "const a = {b: 1}",
        "成功返回一个对象：见下表",
        "123",
    ] {
        assert_eq!(read(text).samples, [], "{text}");
    }
    assert_eq!(read("# npm\nnpm start").remarks, Vec::<String>::new());
    assert_eq!(read("// 无").remarks, ["无"]);
}

#[test]
fn reads_several_values_of_one_fence() {
    let fence = read("成功：\n{\"code\":1}\n// 失败\n{\"code\":0},\n失败返回:\n[2]\n以上。\n}");
    let values: Vec<Value> = fence.samples.iter().map(|s| json_of(&s.value)).collect();
    assert_eq!(values, [json!({"code": 1}), json!({"code": 0}), json!([2])]);
    assert_eq!(fence.remarks, ["成功"]);
    assert_eq!(fence.samples[0].issues, []);
    assert!(fence.samples.iter().all(|sample| !sample.is_broken()));
    assert_eq!(fence.samples[2].issues.len(), 2);

    let fence = read("\"a\"\n\"b\": 1, c: {}\n[1]");
    let values: Vec<Value> = fence.samples.iter().map(|s| json_of(&s.value)).collect();
    assert_eq!(values, [json!("a"), json!({"b": 1, "c": {}}), json!([1])]);
}

#[test]
fn spans_are_bytes_of_the_given_text() {
    let text = " {\"名\": [12, 'x'], \"b\": tru}";
    let fence = read(text);
    let value = &fence.samples[0].value;
    let at = |span: Span| &text[span.range()];
    assert_eq!(at(value.span), &text[1..]);
    let members = value.as_object().unwrap();
    assert_eq!(at(members[0].key_span), "\"名\"");
    assert_eq!(at(members[0].value.span), "[12, 'x']");
    let elements = members[0].value.as_array().unwrap();
    assert_eq!((at(elements[0].span), at(elements[1].span)), ("12", "'x'"));
    assert_eq!(at(members[1].value.span), "tru");
    let text = "{ {\"a\": 1} }";
    assert_eq!(read(text).samples[0].value.span, Span::new(2, 10));
}

#[test]
fn numbers_stay_as_written() {
    let fence =
        read("[18446744073709551615, -9223372036854775808, 1.50, 99999999999999999999, 1e999]");
    let elements = fence.samples[0].value.as_array().unwrap();
    let written: Vec<_> = elements.iter().filter_map(Node::as_number).collect();
    let expected = [
        "18446744073709551615",
        "-9223372036854775808",
        "1.50",
        "99999999999999999999",
        "1e999",
    ];
    assert_eq!(written, expected);
    let json = json_of(&fence.samples[0].value);
    assert_eq!(json[0], json!(18446744073709551615u64));
    assert_eq!(json[1], json!(i64::MIN));
    assert_eq!(json[2], json!(1.5));
    assert_eq!(json[3], json!(1e20));
    assert_eq!(json[4], json!("1e999"));
}

#[test]
fn goes_to_json_in_its_order() {
    let text = r#"{"b":[1,18446744073709551615,-1.5,"x",null,true],"a":{"c":{}}}"#;
    let node = &read(text).samples[0].value;
    assert_eq!(node.to_json().to_string(), text);
    assert_eq!(node.span, Span::new(0, text.len()));
    let list = node.get("b").unwrap();
    assert!(node.is_container() && list.as_array().unwrap()[4].is_null());
    assert_eq!(list.as_array().unwrap()[5].as_bool(), Some(true));
    assert!(matches!(node.kind, NodeKind::Object(_)));
    assert_eq!(node.get("nothing"), None);
}
