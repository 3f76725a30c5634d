//! The course of broken specs: our own, each with one slip that a maintainer makes, read in memory. Every slip speaks
//! up at its place with a mend; `tests/snapshots/broken_specs.snap` holds what it says.

use std::collections::BTreeSet;
use std::fmt::Write;

use catalog::diagnostic::Code::{self, *};
use catalog::diagnostic::Diagnostic;
use catalog::load::{Origin, Sources, load};
use catalog::source::SourceFile;
use insta::{assert_snapshot, with_settings};
use tests::{committed, root};

/// What becomes of a specification.
enum Slip {
    /// The first of these texts is that instead.
    First(&'static str, &'static str),
    /// Every so many-th of them is.
    Every(usize, &'static str, &'static str),
    /// All of it is.
    Whole(&'static str),
}

use Slip::*;

const LABELS: (&str, &str) = ("eyun", "specs/biao-qian.md");
const CALLBACK: (&str, &str) = ("eyun", "specs/callback.md");
const GROUPS: (&str, &str) = ("dami", "specs/qun-guan-li.md");
const ACCOUNT: (&str, &str) = ("dami", "specs/zhang-hu-guan-li.md");
const PICTURE: (&str, &str) = ("padchat", "specs/huo-qu-tu-pian-wen-jian.md");
const LOGIN: (&str, &str) = ("wequick", "specs/v2/deng-lu-deng-chu.md");

type Broken = (&'static str, (&'static str, &'static str), Slip, Code);

#[rustfmt::skip]
/// What was tried when documents were still misread in silence.
const KNOWN: &[Broken] = &[
    ("a merge that nobody has ended", LABELS, First("| labelName |", "<<<<<<< HEAD\n| labelName |"), ConflictMarker),
    ("a method without a path", LABELS, First("### POST /delContactLabel", "### POST"), AlmostOperation),
    ("a misspelt method", LABELS, First("### POST /delContactLabel", "### PSOT /delContactLabel"), AlmostOperation),
    ("every fourth address", GROUPS, Every(4, "> POST  http", "> PSOT  http"), AlmostOperation),
    ("a title in place of the address", LABELS, First("### POST /delContactLabel", "### 删除标签"), NoOperation),
    ("a title that nobody knows", LABELS, First("| 参数名 | 必选 | 类型 | 说明 |", "| 参数名 | 必选 | 类型 | 详情 |"), UnknownColumn),
    ("no column of types", LABELS, First("| 参数名 | 必选 | 类型 | 说明 |\n| --- | --- | --- | --- |\n| wId | 是 | string | 登录实例标识 |\n| labelName | 是 | string | 标签名称 |", "| 参数名 | 必选 | 说明 |\n| --- | --- | --- |\n| wId | 是 | 登录实例标识 |\n| labelName | 是 | 标签名称 |"), MissingColumn),
    ("a cell too few", LABELS, First("| labelName | 是 | string | 标签名称 |", "| labelName | string | 标签名称 |"), CellCount),
    ("a cell too many", LABELS, First("| labelName | 是 | string | 标签名称 |", "| labelName | 是 | string | 标签 | 名称 |"), CellCount),
    ("full-width pipes", LABELS, First("| labelName | 是 | string | 标签名称 |", "｜ labelName ｜ 是 ｜ string ｜ 标签名称 ｜"), FullWidthPipe),
    ("必先", LABELS, First("| 参数名 | 必选 |", "| 参数名 | 必先 |"), UnknownColumn),
    ("类形", LABELS, First("| 必选 | 类型 |", "| 必选 | 类形 |"), UnknownColumn),
    ("neither yes nor no", LABELS, First("| labelName | 是 |", "| labelName | 群发 |"), UnknownRequired),
    ("反回数据", LABELS, First("**返回数据**", "**反回数据**"), UnknownLabel),
    ("a fence that nobody closes", PICTURE, First("  \"type\": \"cmdRet\"\n}\n```", "  \"type\": \"cmdRet\"\n}"), UnclosedFence),
    ("an example without a label", PICTURE, First("> 返回：\n", ""), UnlabelledSample),
    ("a file that is empty", LABELS, Whole(""), EmptySpec),
    ("words in place of tables", ACCOUNT, Whole("# 账户管理\n\n## 账户管理\n\n### 退出微信\n\n#### 退出微信\n\n> POST  http://域名地址/foreign/wacat/out\n\n带上 my_account。\n"), Undocumented),
    ("a name that is none", LABELS, First("| data.labelId |", "| [data.labelId |"), UnreadRow),
    ("a comment as a name", LABELS, First("| labelName | 是 |", "| // 标签名称 | 是 |"), UnreadRow),
    ("a key that has swallowed its value", LABELS, First("    \"labelId\": 1,", "    \"createTime': 1691125287,\": 1,"), OddKey),
    ("an event whose example is not read", CALLBACK, Whole("# 消息回调\n\n### 消息类型 30000：离线通知\n\n- messageType: `30000`\n\n**回调示例**\n\n```\n<msg>30000</msg>\n```\n"), EmptyEvent),
    ("an address that is empty", LABELS, First("### POST /delContactLabel", "### POST /"), EmptyName),
    ("one id twice", LABELS, First("`biao_qian_delContactLabel`", "`biao_qian_addContactLabel`"), DuplicateId),
    ("names of a hundred levels", LABELS, First("| data.labelId |", "| a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a |"), TooDeep),
];

#[rustfmt::skip]
/// Slips of our own invention.
const INVENTED: &[Broken] = &[
    ("no slash before the path", LABELS, First("### POST /delContactLabel", "### POST delContactLabel"), AlmostOperation),
    ("no space before the path", LABELS, First("### POST /delContactLabel", "### POST/delContactLabel"), AlmostOperation),
    ("no method before the path", LABELS, First("### POST /delContactLabel", "### /delContactLabel"), AlmostOperation),
    ("a level too deep, and misspelt", LABELS, First("### POST /delContactLabel", "#### PSOT /delContactLabel"), AlmostOperation),
    ("the mark of a call misspelt", PICTURE, First("命令码：`getMsgImage`", "命今：`getMsgImage`"), NoOperation),
    ("a fact's key misspelt", LABELS, First("- operationId: `biao_qian_addContactLabel`", "- operatonId: `biao_qian_addContactLabel`"), UnknownFact),
    ("**Haeders**", LABELS, First("**Headers**", "**Haeders**"), UnknownLabel),
    ("a caption that says something else", LABELS, First("**返回数据**", "**结果**"), UnknownLabel),
    ("a fence that does not open", LABELS, First("**请求示例**\n\n```json\n", "**请求示例**\n\n"), UnclosedFence),
    ("a fence that does not close", LABELS, First("  \"labelName\": \"示例标签\"\n}\n```", "  \"labelName\": \"示例标签\"\n}"), UnclosedFence),
    ("a pipe in a description", LABELS, First("| 标签名称 |", "| 标签|名称 |"), CellCount),
    ("the titles of another table", LABELS, First("| 参数名 | 必选 | 类型 | 说明 |", "| 颜色 | 尺寸 | 价格 | 库存 |"), UnknownTable),
    ("two columns of types", LABELS, First("| 参数名 | 必选 | 类型 | 说明 |", "| 参数名 | 类型 | 类型 | 说明 |"), UnknownColumn),
    ("a type misspelt", LABELS, First("| labelName | 是 | string |", "| labelName | 是 | strng |"), UnknownType),
    ("a row twice", LABELS, First("| labelName | 是 | string | 标签名称 |", "| labelName | 是 | string | 标签名称 |\n| labelName | 是 | string | 名称 |"), RepeatedRow),
    ("a row without a name", LABELS, First("| labelName | 是 |", "| | 是 |"), EmptyName),
    ("tabs in place of pipes", LABELS, First("| labelName | 是 | string | 标签名称 |", "\nlabelName\t是\tstring\t标签名称"), UnreadLine),
    ("a table in html", LABELS, First("| labelName | 是 | string | 标签名称 |", "\n<table><tr><td>labelName</td></tr></table>"), UnreadLine),
    ("an example in no fence", LABELS, First("```json\n{\n  \"wId\": \"00000000-0000-0000-0000-000000000001\",\n  \"labelName\": \"示例标签\"\n}\n```", "{\n  \"wId\": \"1\",\n  \"labelName\": \"示例标签\"\n}"), UnreadLine),
    ("an example that is cut off", LABELS, First("    \"labelName\": \"示例标签\"\n  }\n}", "    \"labelName\": \"示例标签\"\n"), BrokenSample),
    ("a request below the table of the reply", LABELS, First("**请求示例**\n\n", ""), UnlabelledSample),
    ("the code of another event", CALLBACK, First("  \"messageType\": \"30000\",", "  \"messageType\": \"30001\","), NameMismatch),
    ("a title in place of a command", LOGIN, First("(reportLoginUser)", ""), NoOperation),
];

/// The provider with the slip in it.
fn broken((name, (id, path), slip, _): &Broken) -> Sources {
    let mut sources = committed(id);
    let file = sources.specs.iter_mut().find(|file| file.path() == *path);
    let file = file.unwrap_or_else(|| panic!("{name}: no {path}"));
    let text = match slip {
        First(from, to) => file.text().replacen(from, to, 1),
        Every(nth, from, to) => {
            let mut parts = file.text().split(from);
            let first = parts.next().unwrap_or_default().to_owned();
            parts.enumerate().fold(first, |text, (n, part)| {
                let between = if (n + 1) % nth == 0 { to } else { from };
                text + between + part
            })
        }
        Whole(text) => (*text).to_owned(),
    };
    assert_ne!(text, file.text(), "{name}: nothing was broken");
    *file = SourceFile::new(path, &text);
    sources
}

/// What is found in the documents, and was not there before. What `provider.toml` says of them follows from it.
fn found(sources: &Sources, before: &BTreeSet<(Code, String)>) -> Vec<Diagnostic> {
    let (_, findings) = load(sources, Origin::Specs);
    let is_new = |finding: &Diagnostic| {
        let in_document = finding
            .at
            .as_ref()
            .is_some_and(|at| at.file.ends_with(".md"));
        in_document && !before.contains(&(finding.code, finding.message.clone()))
    };
    findings.into_iter().filter(is_new).collect()
}

#[test]
fn course() {
    let mut shown = String::new();
    let mut silent = Vec::new();
    for case in KNOWN.iter().chain(INVENTED) {
        let (name, (id, path), _, code) = case;
        let (_, before) = load(&committed(id), Origin::Specs);
        let before = before
            .into_iter()
            .map(|finding| (finding.code, finding.message));
        let findings = found(&broken(case), &before.collect());
        let _ = writeln!(shown, "# {name} ({id}/{path})");
        for finding in &findings {
            let line = finding.at.as_ref().map_or(0, |at| at.line);
            let _ = writeln!(shown, "{} {line}: {}", finding.code, finding.message);
            let mend = finding.help.as_ref().or(finding.fix.as_ref());
            let mend = mend.unwrap_or_else(|| panic!("{name}: {finding:?} has no mend"));
            let _ = writeln!(shown, "    {}", mend.replace('\n', " / "));
        }
        if !findings.iter().any(|finding| finding.code == *code) {
            silent.push((name, code));
        }
    }
    assert!(silent.is_empty(), "{silent:#?}\n{shown}");
    with_settings!({
        snapshot_path => root().join("tests/snapshots"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        assert_snapshot!("broken_specs", shown);
    });
}
