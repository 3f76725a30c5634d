//! What must not change by itself: names that were public, bytes of the same documents, and anything
//! besides what a change of the documents is about.

use std::process::Command;

use catalog::api_catalog;
use catalog::load::Origin;
use catalog::source::SourceFile;
use generator::Generated;
use generator::lock::Lock;
use generator::surface::{Effect, compare, of};
use insta::{assert_snapshot, with_settings};
use tests::cases::{Case, USUAL, locked};
use tests::{committed, providers, root, rows_of, surface_text};

/// Two chapters may have an operation of one name.
const APART: &str = "all_requests = false\n";

const CONFIG: &str = r#"
[session]
param = "wId"
scope = "instance"

[ids.WcId]
title = "微信 id"
fields = ["wcId"]

[ids.MsgId]
title = "消息 id"
fields = ["msgId"]
"#;

const FRIENDS: &str = "\
## 查询好友
POST /10001

| 参数名 | 必选 | 类型 | 说明 |
|---|---|---|---|
| wId | 是 | string | 实例 |
| wcId | 是 | string | 微信号 |

返回数据

| 参数名 | 类型 | 说明 |
|---|---|---|
| sex | int | 0：未知 1：男 2：女 |
| owner | object | 群主 |
| owner.nickName | string | 昵称 |
";

const MESSAGES: &str = "\
## 发送文本
POST /sendText

| 参数名 | 必选 | 类型 | 说明 |
|---|---|---|---|
| wcId | 是 | string | 微信号 |
| count | 是 | int | 次数 |

返回数据

| 参数名 | 类型 | 说明 |
|---|---|---|
| msgId | long | 编号 |

## 撤回
POST /revoke
";

fn case(friends: &str, messages: &str) -> Case {
    Case::of_specs(
        "stable",
        &format!("{APART}{USUAL}{CONFIG}"),
        &[
            ("specs/friends.md", friends),
            ("specs/messages.md", messages),
        ],
    )
}

fn before() -> Generated {
    case(FRIENDS, MESSAGES).made()
}

/// The documents of later, with the names of before.
fn later(friends: &str, messages: &str) -> Generated {
    let mut case = case(friends, messages);
    case.lock = locked(&before().lock.write());
    case.made()
}

/// Lines of the surface that are gone, and lines that are new.
/// What has changed of the names; titles stand behind two blanks.
fn changes(later: &Generated) -> Vec<String> {
    let names = |made: &Generated| {
        let text = surface_text(&made.sdks[0]);
        let name = |line: &str| {
            let (indent, rest) = line.split_at(line.len() - line.trim_start().len());
            let rest = rest.split("  ").next().unwrap_or_default();
            format!("{indent}{}\n", rest.trim_end())
        };
        text.lines().map(name).collect::<String>()
    };
    difference(&names(&before()), &names(later))
}

/// Lines that are gone and lines that are new, in their order.
fn difference(old: &str, new: &str) -> Vec<String> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[start..], &new[start..]);
    let ends = old.iter().rev().zip(new.iter().rev());
    let end = ends.take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[..old.len() - end], &new[..new.len() - end]);
    // How many lines two rests have in common.
    let mut common = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for (i, a) in old.iter().enumerate().rev() {
        for (j, b) in new.iter().enumerate().rev() {
            common[i][j] = if a == b {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let (mut i, mut j, mut lines) = (0, 0, Vec::new());
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || i < old.len() && common[i + 1][j] >= common[i][j + 1] {
            lines.push(format!("-{}", old[i]));
            i += 1;
        } else {
            lines.push(format!("+{}", new[j]));
            j += 1;
        }
    }
    lines
}

fn none() -> Vec<String> {
    Vec::new()
}

#[test]
fn adding_operations_renames_nothing() {
    let session =
        "| 参数名 | 必选 | 类型 | 说明 |\n|---|---|---|---|\n| wId | 是 | string | 实例 |\n";
    let first = format!("## 查询\nPOST /query\n\n{session}\n{FRIENDS}");
    let last = format!("{MESSAGES}\n## 查询好友\nPOST /10002\n\n## 发送\nPOST /send/text\n");
    let found = changes(&later(&first, &last));
    assert!(found.iter().all(|line| line.starts_with('+')), "{found:#?}");
    assert_eq!(found.len(), 6, "{found:#?}");
}

#[test]
fn moving_operations_renames_nothing() {
    let (first, second) = MESSAGES.split_once("## 撤回").expect("two operations");
    let moved = format!("## 撤回{second}\n{first}");
    let made = later(FRIENDS, &moved);
    let sorted = |made: &Generated| {
        let text = surface_text(&made.sdks[0]);
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&made), sorted(&before()));
}

#[test]
fn an_operation_keeps_its_name_in_another_chapter() {
    let (first, second) = MESSAGES.split_once("## 撤回").expect("two operations");
    let made = later(&format!("{FRIENDS}\n## 撤回{second}"), first);
    let modules = made.sdks[0].modules.iter();
    let names: Vec<Vec<&str>> = modules
        .map(|module| {
            module
                .operations
                .iter()
                .map(|o| o.method.as_str())
                .collect()
        })
        .collect();
    assert_eq!(
        names,
        [vec!["cha_xun_hao_you", "revoke"], vec!["send_text"]]
    );
}

#[test]
fn rewording_titles_renames_nothing() {
    let friends = FRIENDS
        .replace("查询好友", "好友信息查询")
        .replace("0：未知 1：男 2：女", "0：不详 1：男性 2：女性")
        .replace("群主", "群的所有者")
        .replace("昵称", "群昵称");
    let messages = MESSAGES
        .replace("发送文本", "发文字")
        .replace("撤回", "收回");
    assert_eq!(changes(&later(&friends, &messages)), none());
}

#[test]
fn a_value_that_is_called_like_another_renames_nothing() {
    let friends = FRIENDS.replace("0：未知", "-1：未知 0：未知 3：男");
    assert_eq!(
        changes(&later(&friends, MESSAGES)),
        ["+    UnknownMinus1 = \"-1\"", "+    Male3 = \"3\""]
    );
}

#[test]
fn moving_rows_keeps_the_order_of_arguments() {
    let row = "| wcId | 是 | string | 微信号 |\n";
    let messages = MESSAGES.replace(row, "");
    let moved = messages.replace("次数 |\n", &format!("次数 |\n{row}"));
    let found = changes(&later(FRIENDS, &moved));
    assert!(
        !found.iter().any(|line| line.contains("new(")),
        "{found:#?}"
    );
}

#[test]
fn a_new_argument_stands_behind() {
    let messages = MESSAGES.replace("| wcId", "| loud | 是 | boolean | 响 |\n| wcId");
    let found = changes(&later(FRIENDS, &messages));
    assert_eq!(
        found,
        [
            "+    loud: bool = \"loud\" required",
            "-    new(wc_id, count)",
            "+    new(wc_id, count, loud)",
        ]
    );
    let [old, new] = [before(), later(FRIENDS, &messages)].map(|made| of(&made.sdks, true));
    let found = compare(Some(&old), Some(&new));
    assert!(
        found.iter().any(|change| change.effect == Effect::Breaks),
        "{found:#?}"
    );
}

/// What the generator makes of a lock file that somebody has edited, and of nothing else.
fn with_lock(edits: &[(&str, &str)]) -> (Generated, String) {
    let mut old = before().lock.write();
    for (now, then) in edits {
        assert!(old.contains(now), "{now} is not in\n{old}");
        old = old.replace(now, then);
    }
    let mut case = case(FRIENDS, MESSAGES);
    case.lock = locked(&old);
    (case.made(), old)
}

/// As if the dictionary, the glossary or the code that names had learned something since.
#[test]
fn whatever_naming_learns_renames_nothing() {
    let (made, old) = with_lock(&[
        ("field wc_id = ", "field wcid = "),
        ("fn revoke = ", "fn take_back = "),
        ("type Revoke = ", "type TakeItBack = "),
        ("mod friends = ", "mod people = "),
        ("type Friends = module", "type People = module"),
        ("variant Male = ", "variant Nan = "),
        ("fn instance = ", "fn device = "),
        ("type Instance = ", "type Device = "),
        ("type ChaXunHaoYouReplyOwner = ", "type Chief = "),
        ("type ChaXunHaoYouReplySex = ", "type Sex = "),
        ("arguments wcId count = ", "arguments count wcId = "),
    ]);
    assert_eq!(made.lock.write(), old);
    let surface = surface_text(&made.sdks[0]);
    for name in [
        "wcid: WcId",
        "new(count, wcid)",
        "take_back(TakeItBack)",
        "== people",
        "Nan = \"1\"",
        "owner: Option<Chief>",
        "sex: Option<Sex>",
    ] {
        assert!(surface.contains(name), "{name} is not in\n{surface}");
    }
    let files: String = made.files.iter().map(|file| file.text.as_str()).collect();
    for name in ["pub struct People", "pub struct Device", "fn device("] {
        assert!(files.contains(name), "{name} is nowhere");
    }
    for gone in ["wc_id", "Instance", "Male", "ReplyOwner"] {
        assert!(!files.contains(gone), "{gone} is somewhere");
    }
}

#[test]
fn a_name_is_one_things_name() {
    let wc_id = "field wc_id = call messages_sendText wcId";
    let (made, _) = with_lock(&[(wc_id, "field to = call messages_sendText wcId")]);
    let surface = surface_text(&made.sdks[0]);
    assert!(surface.contains("to: WcId = \"wcId\""), "{surface}");
    assert!(surface.contains("wc_id: WcId = \"wcId\""), "{surface}");
}

#[test]
fn a_new_field_is_called_like_others_of_its_wire_name() {
    let mut old = before().lock.write();
    old = old.replace("field wc_id = ", "field wcid = ");
    let found =
        "## 查询\nPOST /query\n\n| 参数名 | 必选 | 类型 |\n|---|---|---|\n| wcId | 是 | string |\n";
    let mut case = case(&format!("{FRIENDS}\n{found}"), MESSAGES);
    case.lock = locked(&old);
    let surface = surface_text(&case.made().sdks[0]);
    assert_eq!(surface.matches("wcid: WcId").count(), 3, "{surface}");
    assert!(!surface.contains("wc_id"), "{surface}");
}

#[test]
fn an_operation_takes_its_names_along_to_another_chapter() {
    let (first, second) = MESSAGES.split_once("## 撤回").expect("two operations");
    let moved = format!("{FRIENDS}\n## 撤回{second}");
    // An id that says nothing of the chapter, as a catalog may have it.
    let identity = "[[identity]]\ntitle = \"撤回\"\nid = \"revoke\"\nwhy = \"x\"\n";
    let stated = |friends: &str, messages: &str| case(friends, messages).with_config(identity);
    let old = stated(FRIENDS, MESSAGES).made().lock.write();
    let mut later = stated(&moved, first);
    later.lock = locked(&old.replace("fn revoke = ", "fn take_back = "));
    let made = later.made();
    let surface = surface_text(&made.sdks[0]);
    assert!(surface.contains("take_back(Revoke)"), "{surface}");
    let lock = made.lock.write();
    assert_eq!(lock.matches(" = call revoke").count(), 2, "{lock}");
    let (friends, messages) = lock.split_once("[module messages]").expect("two chapters");
    assert!(friends.contains("fn take_back = call revoke"), "{friends}");
    assert!(!messages.contains("revoke"), "{messages}");
}

#[test]
fn a_name_that_nothing_has_any_more_goes_to_what_takes_it() {
    let again = MESSAGES.replace("发送文本\nPOST /sendText", "发文本\nPOST /send_text");
    let made = later(FRIENDS, &again);
    let lock = made.lock.write();
    assert_eq!(lock.matches("fn send_text = ").count(), 1, "{lock}");
    assert!(lock.contains("# 发文本"), "{lock}");
    assert_eq!(locked(&lock), made.lock);
}

#[test]
fn a_title_is_remembered_as_it_was() {
    let friends = FRIENDS.replace("1：男 2：女", "1：男性 2：女性");
    let lock = later(&friends, MESSAGES).lock.write();
    assert!(lock.contains(" sex 1 # 男\n"), "{lock}");
    assert_eq!(lock, before().lock.write());
}

/// As the file was before it held every name.
const OLDER: &str = "\
# written by cargo xtask codegen
catalog = \"139d6e346b17e49b3b15281df10c274e\"

[module]
\"friends\" = \"people\"

[operation]
\"friends_10001\" = \"find\"
\"messages_sendText\" = \"say\"

[field]
\"wcId\" = \"wcid\"

[value]
\"friends_10001 sex=1\" = \"Nan\"

[arguments]
\"messages_sendText\" = [\"count\", \"wcId\"]

[former]
\"messages_sendText\" = [\"speak\"]
";

#[test]
fn a_file_of_older_times_is_carried_over() {
    let older = |case: Case| Case {
        lock: locked(OLDER),
        ..case
    };
    let made = older(case(FRIENDS, MESSAGES)).made();
    let surface = surface_text(&made.sdks[0]);
    for name in [
        "== people",
        "find(Find)",
        "say(Say)",
        "new(count, wcid)",
        "wcid: WcId",
        "Nan = \"1\"",
    ] {
        assert!(surface.contains(name), "{name} is not in\n{surface}");
    }
    let lock = made.lock.write();
    assert!(
        lock.contains("former speak = call messages_sendText"),
        "{lock}"
    );
    assert!(!lock.contains("139d6e"), "{lock}");
    let mut again = case(FRIENDS, MESSAGES);
    again.lock = locked(&lock);
    assert_eq!(surface_text(&again.made().sdks[0]), surface);
}

#[test]
fn nothing_is_forgotten() {
    let ids =
        "| 参数名 | 类型 |\n|---|---|\n| wId | string |\n| wcId | string |\n| msgId | long |\n";
    let made = later(
        &format!("## 查询\nPOST /query\n\n{ids}"),
        "## 发送\nPOST /send\n",
    );
    let (old, new) = (before().lock.write(), made.lock.write());
    let gone: Vec<String> = difference(&old, &new)
        .into_iter()
        .filter(|line| line.starts_with('-'))
        .collect();
    assert_eq!(gone, none());
}

/// The committed providers, as they are.
fn everything() -> Vec<Generated> {
    let one = |id: String| {
        let sources = committed(&id);
        let case = Case {
            sources,
            lock: Lock::default(),
        };
        case.made()
    };
    providers().into_iter().map(one).collect()
}

fn text(made: &[Generated]) -> String {
    let files = made.iter().flat_map(|made| &made.files);
    files
        .map(|file| format!("{}\n{}", file.path, file.text))
        .collect()
}

#[test]
fn the_same_documents_give_the_same_bytes() {
    let first = everything();
    assert!(text(&first) == text(&everything()), "twice is not the same");
    for made in first {
        let mut case = Case {
            sources: committed(&made.sdks[0].id),
            lock: locked(&made.lock.write()),
        };
        let again = case.made();
        assert!(
            made.files == again.files,
            "{}: with its lock",
            made.sdks[0].id
        );
        assert_eq!(made.lock, again.lock);
        case.sources.specs.reverse();
        assert!(
            made.files == case.made().files,
            "{}: reversed",
            made.sdks[0].id
        );
    }
}

#[test]
fn the_order_in_provider_toml_does_not_matter() {
    let sections: Vec<&str> = CONFIG.split("\n\n").collect();
    let mut turned = sections.clone();
    turned.reverse();
    assert_ne!(sections, turned);
    let mut case = case(FRIENDS, MESSAGES);
    let config = format!("{APART}{USUAL}\n{}\n", turned.join("\n\n"));
    case.sources.config = SourceFile::new("provider.toml", &config);
    assert!(case.made().files == before().files);
}

/// Said aloud for the test below, which runs this one elsewhere.
#[test]
fn everything_in_a_number() {
    let sum = text(&everything()).bytes().fold(0_u64, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u64::from(byte))
    });
    println!("everything is {sum}");
}

#[test]
fn nothing_depends_on_where_it_runs() {
    let run = |locale: &str, zone: &str| {
        let output = Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", "everything_in_a_number", "--nocapture"])
            .env("LC_ALL", locale)
            .env("LANG", locale)
            .env("TZ", zone)
            .current_dir(std::env::temp_dir())
            .output()
            .expect("this test again");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let said = text.lines().find(|line| line.contains("everything is "));
        said.unwrap_or_else(|| panic!("{text}")).to_owned()
    };
    assert_eq!(run("C", "UTC"), run("tr_TR.UTF-8", "Asia/Shanghai"));
}

/// One row of a table changes: what the pull request shows.
#[test]
fn one_row_shows_as_the_lines_that_users_notice() {
    let old = committed("eyun");
    let row = "| labelName | 是 | string | 标签名称 |";
    let mut new = old.clone();
    for file in &mut new.specs {
        if file.path() == "specs/biao-qian.md" {
            assert!(file.text().contains(row), "{row} is not in {}", file.path());
            let changed = "| labelName | 否 | string | 标签名称；多个用 \",\" 分隔 |";
            let text = file.text().replacen(row, changed, 1);
            *file = SourceFile::new("specs/biao-qian.md", &text);
        }
    }
    let state = |sources, lock| {
        let catalog = api_catalog::write(&rows_of(&sources, Origin::Specs));
        (catalog, Case { sources, lock }.made())
    };
    let (old_catalog, old) = state(old, Lock::default());
    let (new_catalog, new) = state(new, old.lock.clone());
    let mut shown = String::new();
    let mut show = |path: &str, old: &str, new: &str| {
        let lines = difference(old, new);
        if !lines.is_empty() {
            shown.push_str(&format!("{path}\n{}\n\n", lines.join("\n")));
        }
    };
    show(
        "surface",
        &surface_text(&old.sdks[0]),
        &surface_text(&new.sdks[0]),
    );
    show("names.lock", &old.lock.write(), &new.lock.write());
    show("api_catalog.json", &old_catalog, &new_catalog);
    assert_eq!(old.files.len(), new.files.len());
    for (old, new) in old.files.iter().zip(&new.files) {
        show(&new.path, &old.text, &new.text);
    }
    with_settings!({
        snapshot_path => root().join("tests/snapshots"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        assert_snapshot!("one_row", shown);
    });
}
