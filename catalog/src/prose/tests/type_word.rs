//! Owns the tests of the words of the type and 必选 columns.

use crate::prose::{RequiredWord, TypeWord, required_word, type_word};

#[test]
fn reads_every_type_word_of_the_documents() {
    let list = |item| TypeWord::List(Box::new(item));
    let table = [
        ("String string str text xml", TypeWord::Text),
        ("int Int integer long bigint int64", TypeWord::Integer),
        ("Number Numver number", TypeWord::Number),
        ("float double 小数", TypeWord::Fraction),
        ("boolean bool Boolean", TypeWord::Boolean),
        ("JSONObject Object object JSON json", TypeWord::Object),
        (
            "JSONArray array arrary list List Array",
            list(TypeWord::Any),
        ),
        (
            "Array<String> String[] string[] String\\[\\] List<String> Array&lt;String&gt;",
            list(TypeWord::Text),
        ),
        ("object[] List<Object>", list(TypeWord::Object)),
        ("List<int[]>", list(list(TypeWord::Integer))),
        ("byte[] byte\\[\\]", TypeWord::Bytes),
        ("Object/Array String/Object String/Number", TypeWord::Any),
        ("int/long", TypeWord::Integer),
        ("null", TypeWord::Null),
        ("**string** `string` string（可空）", TypeWord::Text),
    ];
    for (words, expected) in table {
        for word in words.split(' ') {
            assert_eq!(type_word(word), Some(expected.clone()), "{word}");
        }
    }
    assert_eq!(type_word(" int "), Some(TypeWord::Integer));
    for word in [
        "",
        " ",
        "wxid",
        "微信号",
        "String/微信号",
        "List<",
        "List<>",
        "[]",
        "Foo<String>",
        "（可空）",
    ] {
        assert_eq!(type_word(word), None, "{word}");
    }
    assert_eq!(type_word(&"[]".repeat(1_000_000)), None);
    assert_eq!(type_word(&format!("int{}", "[]".repeat(20))), None);
}

#[test]
fn reads_required_words() {
    for word in ["是", "必填", "Yes", "Y", "true", "必须", " 是 ", "**是**"] {
        assert_eq!(required_word(word), Some(RequiredWord::Always), "{word}");
    }
    for word in ["否", "No", "N", "false", "可选"] {
        assert_eq!(required_word(word), Some(RequiredWord::Optional), "{word}");
    }
    for (word, names) in [
        ("是 (userId/stranger 任选其一)", vec!["userId", "stranger"]),
        ("是（a/b 任选其一）", vec!["a", "b"]),
        ("是（`a`、`b_c`、d 任选其一）", vec!["a", "b_c", "d"]),
    ] {
        let names = names.into_iter().map(str::to_owned).collect();
        assert_eq!(
            required_word(word),
            Some(RequiredWord::OneOf(names)),
            "{word}"
        );
    }
    for word in [
        "",
        "看情况",
        "任选其一",
        "是（a 任选其一）",
        "是（type=1 时）",
    ] {
        assert_eq!(required_word(word), None, "{word}");
    }
}
