//! Owns the tests of samples that are worse than any seen yet, and of size and depth.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{MAX_DEPTH, Node, NodeKind, read};
use crate::source::Span;

fn only(text: &str) -> (Value, bool) {
    let fence = read(text);
    assert_eq!(fence.samples.len(), 1, "{text}");
    (
        serde_json::to_value(fence.samples[0].value.to_json()).unwrap(),
        fence.samples[0].is_broken(),
    )
}

#[test]
#[expect(clippy::too_many_lines, reason = "a list of cases")]
fn mends_without_loss() {
    let table = [
        (
            "{a: 1, $b_c: 'x', 3: true}",
            json!({"a": 1, "$b_c": "x", "3": true}),
        ),
        (
            "{\"a\": 1 \"b\": 2\n\"c\": \"x\"\n\"d\": [1 2 \"y\"]}",
            json!({"a": 1, "b": 2, "c": "x", "d": [1, 2, "y"]}),
        ),
        ("{\"a\": \"x\" \"b\": \"y\"}", json!({"a": "x", "b": "y"})),
        (
            "{\"a\" \"x\", \"b\" 2, \"c\" [1]}",
            json!({"a": "x", "b": 2, "c": [1]}),
        ),
        (
            "{\"a\": wxid_xxx, \"b\": 张 三, \"c\": [甲, 乙]}",
            json!({"a": "wxid_xxx", "b": "张 三", "c": ["甲", "乙"]}),
        ),
        (
            "{\"a\": NaN, \"b\": -Infinity, \"c\": 0x1F, \"d\": 1|2}",
            json!({"a": "NaN", "b": "-Infinity", "c": "0x1F", "d": "1|2"}),
        ),
        (
            "{\"a\": True, \"b\": None, \"c\": undefined}",
            json!({"a": true, "b": null, "c": null}),
        ),
        (
            "{\"a\": http://x.cn/b?c=d#e, \"b\": String[]}",
            json!({"a": "http://x.cn/b?c=d#e", "b": "String[]"}),
        ),
        ("{\"a\": 1,, \"b\": 2,}", json!({"a": 1, "b": 2})),
        (
            "{\"list\": [{\"a\":1}, ......], ...\n\"b\": …, \"c\": [...]}",
            json!({"list": [{"a": 1}], "b": null, "c": []}),
        ),
        ("{\"a\":1,\n......\n}", json!({"a": 1})),
        ("{“a”： “x”， ‘b’：1；}", json!({"a": "x", "b": 1})),
        (
            "{\"a\": \"line\none\ttab\", \"b\": \"\u{1}\"}",
            json!({"a": "line\none\ttab", "b": "\u{1}"}),
        ),
        (
            "{\"a\": \"\\x \\u12 \\ud800 \\q\"}",
            json!({"a": "\\x \\u12 \\ud800 \\q"}),
        ),
        (
            "{\"xml\": \"<a b=\"1\" c=\"d\">\", \"e\": 1}",
            json!({"xml": "<a b=\"1\" c=\"d\">", "e": 1}),
        ),
        ("{\"a\": [1, 2, \"b\": 3}", json!({"a": {"b": 3}})),
        (
            "{\"a\": {\"b\": [1, 2}, \"c\": 3}",
            json!({"a": {"b": [1, 2]}, "c": 3}),
        ),
        (
            "array('a' => 1, 'b' => array('x', 'y'), 'c' => ['k' => 'v'])",
            json!({"a": 1, "b": ["x", "y"], "c": {"k": "v"}}),
        ),
        ("['a' => 'x', 'b' => array()]", json!({"a": "x", "b": []})),
        ("{ {\"a\":1}, {\"b\":2} }", json!([{"a": 1}, {"b": 2}])),
        (
            "data: {\"a\": 1}, \"b\" => 2",
            json!({"data": {"a": 1}, "b": 2}),
        ),
        (
            "{\"a\": #fff, \"b\": # note\n 1}",
            json!({"a": "#fff", "b": 1}),
        ),
        (
            "{'a': 'it\\'s', b: it's}",
            json!({"a": "it's", "b": "it's"}),
        ),
        ("{\"空\": \"\", \"\": 1}", json!({"空": "", "": 1})),
    ];
    for (text, expected) in table {
        let lossy = text.contains("[1, 2, \"b\"");
        assert_eq!(only(text), (expected, lossy), "{text}");
    }
}

#[test]
fn says_when_content_may_be_lost() {
    let table = [
        ("{\"a\": 1, \"a\": 2}", json!({"a": 2})),
        ("{\"a\": , \"b\": 2}", json!({"a": null, "b": 2})),
        (
            "{\"a\": \"forgotten,\n\"b\": 2, \"c\": \"x\"}",
            json!({"a": "forgotten,", "b": 2, "c": "x"}),
        ),
        ("{\"a\": 1, 同上}", json!({"a": 1})),
        ("{\"a\"}", json!({"a": null})),
        ("{\"a\": 1, {\"b\": 2}}", json!({"a": 1})),
        ("{: 1, \"a\": 2}", json!({"a": 2})),
    ];
    for (text, expected) in table {
        assert_eq!(only(text), (expected, true), "{text}");
    }
}

#[test]
fn depth_is_bounded() {
    let nested = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
    let fence = read(&nested(MAX_DEPTH));
    assert_eq!(fence.samples[0].issues, []);
    let json = fence.samples[0].value.to_json();
    assert_eq!(json.to_string(), nested(MAX_DEPTH));

    let (json, is_broken) = only(&format!("{{\"a\": {}, \"b\": 1}}", nested(100_000)));
    assert!(is_broken);
    assert_eq!(json["b"], json!(1));
    for open in ["[", "{\"a\":", "{", "array("] {
        let fence = read(&open.repeat(200_000));
        assert!(fence.samples[0].is_broken(), "{open}");
    }

    let mut deep = Node::default();
    for _ in 0..1000 {
        deep = Node::new(NodeKind::Array(vec![deep]), Span::default());
    }
    assert_eq!(deep.to_json().to_string().len(), 2 * MAX_DEPTH + 4);
}

#[test]
fn long_lines_do_not_hang() {
    let size = 100_000;
    let cases = [
        "{\"a\":\"x\"y:\"a\"x:",
        "\"\n\\\"",
        "\"\n'",
        ":\"a\"x",
        "{\"a\": b c d ",
        "{\"a\":1，",
        "a：",
        "返回：",
        "[[],",
        ":",
        ",",
        "]",
        "// ",
        "/* ",
        "{\"a\": 1 /* x */",
        "\"\\",
        "… ",
        "' => '",
        "{\"a\": 你，",
        "{\"k\": x y ",
        "#",
        "\u{feff} ",
        "{a ",
        "“‘",
        "\n",
    ];
    for piece in cases {
        for prefix in ["", "{\"k\": ", "[", "{\"k\": \"", "{\"k\": x "] {
            let text = format!("{prefix}{}", piece.repeat(size / piece.len()));
            let started = Instant::now();
            let fence = read(&text);
            assert!(
                started.elapsed() < Duration::from_secs(5),
                "{prefix}{piece}"
            );
            assert!(fence.samples.len() <= 64, "{prefix}{piece}");
        }
    }
}

#[test]
fn any_prefix_of_a_sample_is_read() {
    let text = "// 说明\n{\"a\": [1, {'b' => \"x\\u00e9\\n\"}, …], c: array(1), /* d */ \"e\": \"q\"r\"}, [2]";
    for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
        let fence = read(&text[..end]);
        for sample in fence.samples {
            assert!(sample.value.span.end <= end);
            for issue in sample.issues {
                assert!(issue.span.start <= issue.span.end && issue.span.end <= end);
                assert!(text.get(issue.span.range()).is_some());
            }
        }
    }
}
