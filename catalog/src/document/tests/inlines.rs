//! Owns the quirks of inline markup.

use super::super::{Link, Text};

fn plain(source: &str) -> String {
    Text::new(source).plain
}

fn unchanged(sources: &[&str]) {
    for source in sources {
        assert_eq!(plain(source), *source);
    }
}

#[test]
fn bold_and_italic_markers_go() {
    let text = Text::new("**wcId**");
    assert_eq!((text.plain.as_str(), text.bold), ("wcId", true));
    let text = Text::new("登录 **（本值非固定的）**");
    assert_eq!(
        (text.plain.as_str(), text.bold),
        ("登录 （本值非固定的）", false)
    );
    assert_eq!(plain("*必填*，***x***"), "必填，x");
    assert!(Text::new("<b>x</b> <strong>y</strong>").bold);
}

#[test]
fn bold_that_commonmark_would_not_see() {
    assert_eq!(plain("**中文（…）。**后文"), "中文（…）。后文");
    assert_eq!(plain("login接口返回**参数：**"), "login接口返回参数：");
    assert_eq!(plain("** 以下内容仅供参考。**"), "以下内容仅供参考。");
    assert_eq!(plain("前**“重要”**后**（二）**"), "前“重要”后（二）");
}

#[test]
fn half_open_bold_at_the_ends() {
    let text = Text::new("**Authorization");
    assert_eq!((text.plain.as_str(), text.bold), ("Authorization", false));
    assert_eq!(plain("login接口返回**"), "login接口返回");
}

#[test]
fn stars_that_are_no_marks() {
    unchanged(&[
        "*",
        "**",
        "*必填",
        "2*3*4",
        "2**3 与 4**5",
        "******",
        "a * b * c",
        "信息**微信需要设置",
    ]);
    unchanged(&["*必填，*选填"]);
}

#[test]
fn underscores_belong_to_names() {
    unchanged(&[
        "my_account",
        "head_img_url",
        "_x_",
        "__biz",
        "a __b__ c",
        "__a__ 与 __b__",
    ]);
    let text = Text::new("__重要__");
    assert_eq!((text.plain.as_str(), text.bold), ("重要", true));
}

#[test]
fn struck_text() {
    for source in [
        "~username~",
        "~~username~~",
        "~~`username`~~",
        "~username~ ",
    ] {
        let text = Text::new(source);
        assert_eq!(
            (text.plain.as_str(), text.struck),
            ("username", true),
            "{source}"
        );
    }
    let text = Text::new("~~旧~~新");
    assert_eq!((text.plain.as_str(), text.struck), ("旧新", false));
}

#[test]
fn tildes_that_are_no_marks() {
    unchanged(&["~", "约~5秒", "间隔1~3秒，最多5~10次", "~5，~10"]);
}

#[test]
fn code_is_kept_without_its_backticks() {
    let text = Text::new("callbackSend   `必填`");
    assert_eq!(
        (text.plain.as_str(), text.codes),
        ("callbackSend   必填", vec!["必填".to_owned()])
    );
    assert_eq!(plain("`a*b*c` 与 ``x`y``"), "a*b*c 与 x`y");
    assert_eq!(plain("`&lt;` `<br>` `~x~`"), "&lt; <br> ~x~");
    unchanged(&["`半开"]);
}

#[test]
fn links_become_their_text() {
    let text = Text::new("见[第3步](login.html \"题\")和[**文档**](<https://x.y/a(b)>)");
    assert_eq!(text.plain, "见第3步和文档");
    let link = |text: &str, target: &str| Link {
        text: text.to_owned(),
        target: target.to_owned(),
    };
    assert_eq!(
        text.links,
        [
            link("第3步", "login.html"),
            link("文档", "https://x.y/a(b)")
        ]
    );
    assert_eq!(
        Text::new("[获取X(getX)](#getX)").links,
        [link("获取X(getX)", "#getX")]
    );
    assert_eq!(
        Text::new("<https://x.y>").links,
        [link("https://x.y", "https://x.y")]
    );
    assert_eq!(Text::new("[[内](a)](b)").links.len(), 1);
}

#[test]
fn brackets_that_are_no_links() {
    unchanged(&[
        "[\"wxid1\",\"wxid2\"]",
        "[可选] (见下)",
        "[可选](见 下)",
        "【必填】(x)",
        "[x](y",
        "a]b",
        "!x",
    ]);
}

#[test]
fn images_say_nothing() {
    assert_eq!(plain("前![alt 图](img/01.png)后"), "前后");
    let text = Text::new("[![图](a.png)](b)");
    assert_eq!((text.plain.as_str(), text.links.len()), ("", 1));
    assert_eq!(plain("<img src=\"x.jpg\" width=\"100\" align=center/>"), "");
}

#[test]
fn html_line_breaks() {
    assert_eq!(plain("甲 <br> 乙<br/>丙<BR />"), "甲\n乙\n丙");
}

#[test]
fn known_tags_go_and_others_stay() {
    assert_eq!(
        plain("<font color='red'>红</font><!-- 注 --><u>线</u>"),
        "红线"
    );
    unchanged(&[
        "Array<String>",
        "<appmsg></appmsg>",
        "Map<String, Object>",
        "a < b > c",
        "<bin>",
        "->",
    ]);
}

#[test]
fn anchors_are_recorded() {
    assert_eq!(
        Text::new("<a name=\"x\"></a><span class=c id='y'>z</span>").anchors,
        ["x", "y"]
    );
}

#[test]
fn entities_are_decoded() {
    assert_eq!(
        plain("微信号&#124; 手机号 &amp;&lt;&gt;&quot;&nbsp;&#x4E2d;"),
        "微信号| 手机号 &<>\" 中"
    );
    unchanged(&["a&b;c", "&;", "&#xZZ;", "?a=1&copy=2", "&#9999999999;"]);
}

#[test]
fn escapes_of_punctuation() {
    assert_eq!(
        plain(r"String\[\] a\_b \*x\* 甲\|乙"),
        "String[] a_b *x* 甲|乙"
    );
    unchanged(&[r"C:\Users", r"\n"]);
}

#[test]
fn full_width_punctuation_stays() {
    unchanged(&["性别：1男；2女（默认）", "【说明】“”"]);
}

#[test]
fn invisible_characters_go() {
    assert_eq!(plain("\u{3000}na\u{200b}me\u{a0}"), "name");
}

#[test]
fn raw_and_span_are_the_trimmed_source() {
    let text = Text::new("  **甲**  ");
    assert_eq!(
        (text.raw.as_str(), text.span.start, text.span.end),
        ("**甲**", 2, 9)
    );
    assert_eq!(Text::new("   ").span.start, 3);
}
