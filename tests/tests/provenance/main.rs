//! Where our specifications say something else than the vendors' documents, `provider.toml` says so: every difference
//! has an entry of `[[differs]]`, and every entry a difference.

mod compare;
mod declared;
mod facts;
mod originals;
mod wording;

use catalog::config::Config;
use catalog::load::{Origin, Sources};
use catalog::source::SourceFile;
use tests::committed;

fn check(id: &str) {
    let sources = committed(id);
    let ours = facts::read(&sources, Origin::Specs);
    let theirs = originals::read(id, &ours);
    let found = compare::compare(&theirs, &ours);
    let config = Config::read(&SourceFile::new("provider.toml", sources.config.text()));
    let config = config.expect("a provider.toml");
    let wrong = declared::against(&found, &config.differs);
    assert!(
        wrong.is_empty(),
        "{id}: {} to declare or to remove\n\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
}

macro_rules! providers {
    ($($id:ident)+) => {$(
        #[test]
        #[cfg_attr(
            not(originals),
            ignore = "needs the vendors' documents: ORIGINAL_SPECS=DIR, or ../shared/specs"
        )]
        fn $id() {
            check(stringify!($id));
        }
    )+};
}

providers! { dami eyun padchat wequick }

/// Both documents of a vendor, and what its `provider.toml` declares.
fn wrong(theirs: &str, ours: &str, declared: &str) -> Vec<String> {
    let config = format!("title = \"x\"\ntransport = \"http-json\"\n{declared}");
    let read = |text: &str| {
        let sources = Sources {
            id: "x".to_owned(),
            config: SourceFile::new("provider.toml", &config),
            specs: vec![SourceFile::new("specs/x.md", text)],
            catalog: None,
        };
        facts::read(&sources, Origin::Specs)
    };
    let found = compare::compare(&read(theirs), &read(ours));
    let config = Config::read(&SourceFile::new("provider.toml", &config));
    declared::against(&found, &config.expect("a provider.toml").differs)
}

const THEIRS: &str = "## 踢人\nPOST /remove\n\n| 参数名 | 必选 | 类型 | 说明 |\n|---|---|---|---|\n\
    | ids | 是 | string | 要邀请的微信id |\n| old | 否 | int | 旧 |\n";
const OURS: &str = "## 移除成员\nPOST /remove\n\n| 参数名 | 必选 | 类型 | 说明 |\n|---|---|---|---|\n\
    | ids | 否 | string[] | 要踢出的微信 id |\n| new | 否 | string | 新 |\n";

#[test]
fn a_difference_without_an_entry_is_printed_as_the_entry_to_paste() {
    let all = wrong(THEIRS, OURS, "");
    let aspects: Vec<&str> = all
        .iter()
        .filter_map(|entry| entry.lines().find(|line| line.starts_with("what")))
        .collect();
    let wanted = ["meaning", "type", "required", "meaning", "row", "row"];
    assert_eq!(
        aspects,
        wanted.map(|what| format!("what = \"{what}\"")),
        "{all:#?}"
    );
    let pasted = all.join("\n\n");
    assert!(wrong(THEIRS, OURS, &pasted).is_empty(), "{pasted}");
}

#[test]
fn an_entry_without_a_difference_is_wrong_and_the_same_document_needs_none() {
    let entry = "[[differs]]\noperation = \"/remove\"\nparam = \"ids\"\nwhat = \"type\"\n\
        was = \"long\"\nis = \"string[]\"\nwhy = \"…\"\n";
    let all = wrong(THEIRS, OURS, entry);
    let idle = all
        .iter()
        .filter(|message| message.starts_with("no difference"));
    assert_eq!(idle.count(), 1, "{all:#?}");
    assert!(wrong(THEIRS, THEIRS, "").is_empty());
}
