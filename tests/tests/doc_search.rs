//! What a person types into rustdoc's search, and what the pages answer: a browser without a window is asked.
//!
//! A Chinese title, its pinyin with spaces and without, its initials, the name on the wire and an event's code lead to
//! the type; `发送文本` to `SendText`.

#![cfg_attr(not(browser), allow(dead_code, reason = "nothing is searched"))]

use std::path::Path;
use std::process::Command;

const BROWSER: &str = match option_env!("BROWSER_FOUND") {
    Some(found) => found,
    None => "",
};

/// What is typed, and the page that has to be among the first results.
const SEARCHES: &[(&str, &str)] = &[
    ("发送文本", "eyun/xiao_xi_fa_song/struct.SendText.html"),
    ("fasongwenben", "eyun/xiao_xi_fa_song/struct.SendText.html"),
    (
        "fa song wen ben",
        "eyun/xiao_xi_fa_song/struct.SendText.html",
    ),
    ("fswb", "eyun/xiao_xi_fa_song/struct.SendText.html"),
    ("sendText", "eyun/xiao_xi_fa_song/struct.SendText.html"),
    ("messages", "eyun/index.html#reexport.messages"),
    ("messages", "eyun/struct.Instance.html#method.messages"),
    ("60001", "eyun/callback/enum.Event.html#variant.PrivateText"),
    ("scanNew", "dami/deng_lu/struct.ScanNew.html"),
    (
        "sendTextMessage",
        "wequick/v2/xiao_xi_xiang_guan/struct.SendTextMessage.html",
    ),
];

/// How many results a person looks at.
const FIRST: usize = 12;

#[test]
#[cfg_attr(
    not(browser),
    ignore = "needs Chromium, or a browser like it that BROWSER names"
)]
fn what_people_type_leads_to_the_page() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("..");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args([
        "doc",
        "--quiet",
        "--offline",
        "--no-deps",
        "--package",
        "generated-sdk",
    ]);
    cargo.args(["--all-features", "--target-dir"]).arg(&target);
    assert!(cargo.status().expect("cargo").success());
    let mut missing = Vec::new();
    for (typed, page) in SEARCHES {
        let found = results(&target, typed);
        if !found
            .iter()
            .take(FIRST)
            .any(|result| result.ends_with(page))
        {
            missing.push(format!("{typed}: {found:?}"));
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Where the results lead, in their order.
fn results(target: &Path, typed: &str) -> Vec<String> {
    let query: String = typed.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let index = target.join("doc/generated_sdk/index.html");
    let output = Command::new("timeout")
        .args(["60", BROWSER, "--headless", "--no-sandbox", "--disable-gpu"])
        .args([
            "--allow-file-access-from-files",
            "--virtual-time-budget=20000",
            "--dump-dom",
        ])
        .arg(format!("file://{}?search={query}", index.display()))
        .output()
        .expect("the browser starts");
    let page = String::from_utf8_lossy(&output.stdout);
    let results = page.split("<a class=\"result").skip(1);
    let href = |result: &str| {
        let (_, after) = result.split_once("href=\"")?;
        Some(after.split_once('"')?.0.to_owned())
    };
    results.filter_map(href).collect()
}
