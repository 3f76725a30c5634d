//! Owns the tests of the words of the type and 必选 columns.

use crate::prose::{RequiredWord, TypeWord, TypedMember, required_word, type_cell, type_word};

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
fn reads_what_may_be_absent_and_what_is_described_elsewhere() {
    let is_structure = |word: &str| matches!(word, "Comment" | "text");
    let comment = || TypeWord::Structure("Comment".to_owned());
    let list = |item| TypeWord::List(Box::new(item));
    for (cell, word, optional) in [
        ("number?", TypeWord::Number, true),
        ("`string[]`？", list(TypeWord::Text), true),
        ("Comment", comment(), false),
        ("Comment[]? （回复）", list(comment()), true),
        ("List<Comment>", list(comment()), false),
        // A structure of the very name wins, another spelling is the usual word.
        ("text", TypeWord::Structure("text".to_owned()), false),
        ("Text", TypeWord::Text, false),
    ] {
        let read = type_cell(cell, &is_structure);
        assert_eq!((read.word, read.optional), (Some(word), optional), "{cell}");
        assert_eq!(read.unknown, Vec::<String>::new(), "{cell}");
    }
    for (cell, unknown) in [
        ("comment", "comment"),
        ("Comment/Remark", "Remark"),
        ("Map<", "Map<"),
        ("{ a: string", "{a:string"),
        ("{ a: string, a: int }", "{a:string,a:int}"),
        ("{ a-b }", "{a-b}"),
        ("{}", "{}"),
        ("?", "?"),
    ] {
        let read = type_cell(cell, &is_structure);
        assert_eq!(
            (read.word, read.unknown),
            (None, vec![unknown.to_owned()]),
            "{cell}"
        );
    }
}

#[test]
fn reads_objects_that_are_written_out() {
    let read = |cell: &str| type_cell(cell, &|word| word == "Comment");
    let member = |name: &str, ty, optional, note: &str| TypedMember {
        name: name.to_owned(),
        ty: Some(ty),
        optional,
        note: note.to_owned(),
    };
    let found = read("{ title: string（标题, 可空）; by?: { name: text }, all： Comment[]？ }[]");
    let by = TypeWord::Members(vec![member("name", TypeWord::Text, false, "")]);
    let comments = TypeWord::List(Box::new(TypeWord::Structure("Comment".to_owned())));
    let members = TypeWord::Members(vec![
        member("title", TypeWord::Text, false, "标题, 可空"),
        member("by", by, true, ""),
        member("all", comments, true, ""),
    ]);
    assert_eq!(found.word, Some(TypeWord::List(Box::new(members))));
    assert!(!found.optional && found.unknown.is_empty());
    // One unknown word leaves the others.
    let found = read("{ a: strng, b: int }?");
    assert_eq!(found.unknown, ["strng"]);
    let Some(TypeWord::Members(members)) = found.word else {
        panic!("{:?}", found.word);
    };
    let types: Vec<_> = members.into_iter().map(|member| member.ty).collect();
    assert_eq!(types, [None, Some(TypeWord::Integer)]);
    let deep = format!("{}string{}", "{ a: ".repeat(40), " }".repeat(40));
    assert_eq!(read(&deep).unknown.len(), 1);
    let wide = format!("{{ {} }}", "a: string, ".repeat(1_000_000));
    assert_eq!(read(&wide).word, None);
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
