//! What the READMEs show is what there is: their programs are the examples, which are run, and their settings are read.

use std::fs;
use std::path::{Path, PathBuf};

use catalog::config::Config;
use catalog::source::SourceFile;

const READMES: [&str; 2] = ["README.md", "README.zh-CN.md"];
const REFERENCES: [&str; 2] = ["catalog/README.md", "catalog/README.zh-CN.md"];
const PROGRAMS: [&str; 5] = [
    "ilink_echo",
    "eyun_first",
    "wequick_first",
    "padchat_first",
    "dami_first",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The fenced blocks of one language.
fn blocks(markdown: &str, language: &str) -> Vec<String> {
    let fences = markdown.split("\n```");
    let opened = fences.skip(1).step_by(2);
    opened
        .filter_map(|fence| fence.split_once('\n'))
        .filter(|(of, _)| *of == language)
        .map(|(_, code)| code.to_owned())
        .collect()
}

/// Code without what formatting and a reader's language change: blanks, trailing commas, comments.
fn bare(code: &str) -> String {
    let lines = code.lines();
    let lines = lines.map(|line| line.split_once(" //").map_or(line, |(code, _)| code));
    let lines = lines.filter(|line| !line.trim_start().starts_with("//"));
    let code: String = lines.flat_map(str::split_whitespace).collect();
    code.replace(",)", ")").replace(",}", "}")
}

/// An example as a reader would write it, with the addresses of the mock gateways.
fn example(name: &str) -> String {
    let code = text(&format!("examples/src/bin/{name}.rs"));
    let code = code.replace("examples::gateway()", "\"http://127.0.0.1:8787\"");
    let code = code.replace("examples::callbacks()", "\"http://127.0.0.1:8080\"");
    let code = code.replace("examples::socket()", "\"ws://127.0.0.1:8787/ws\"");
    bare(&code.replace("examples::listen()", "\"127.0.0.1:8080\""))
}

#[test]
fn the_programs_are_the_examples() {
    let examples = PROGRAMS.map(example);
    for readme in READMES {
        let shown = blocks(&text(readme), "rust");
        let shown = shown.iter().filter(|code| code.contains("fn main()"));
        let shown: Vec<String> = shown.map(|code| bare(code)).collect();
        assert_eq!(shown, examples, "{readme}");
    }
}

#[test]
fn the_functions_are_in_the_examples() {
    let answer = example("wequick_answer");
    for readme in READMES {
        let shown = blocks(&text(readme), "rust");
        let shown = shown
            .iter()
            .find(|code| code.starts_with("async fn answer("));
        let shown = shown.unwrap_or_else(|| panic!("{readme} answers nobody"));
        assert!(answer.contains(&bare(shown)), "{readme}");
    }
}

#[test]
fn the_twins_show_the_same_code() {
    for [english, chinese] in [READMES, REFERENCES] {
        for language in ["rust", "toml"] {
            let of = |path: &str| blocks(&text(path), language);
            let (english, chinese) = (of(english), of(chinese));
            assert!(!english.is_empty() || language == "rust");
            assert_eq!(english.len(), chinese.len());
            for (english, chinese) in english.iter().zip(&chinese) {
                let keys = |code: &str| -> Vec<String> {
                    let code = code.replace("# ", "// ");
                    let lines = code.lines().map(bare);
                    lines.map(|line| ascii(&line)).collect()
                };
                assert_eq!(keys(english), keys(chinese));
            }
        }
    }
}

/// What does not depend on the language in which titles are written.
fn ascii(line: &str) -> String {
    match line.split_once('=') {
        Some((key @ ("title" | "why"), _)) => key.to_owned(),
        _ => line.to_owned(),
    }
}

#[test]
fn the_settings_are_understood() {
    for reference in REFERENCES {
        let blocks = blocks(&text(reference), "toml");
        assert!(blocks.len() > 8, "{reference}");
        for block in blocks {
            let transport = match () {
                () if block.contains("[program]") => "poll",
                () if block.contains("[socket]") => "websocket",
                () => "http-json",
            };
            let head = match block.contains("transport =") {
                true => String::new(),
                false => format!("title = \"x\"\ntransport = \"{transport}\"\n"),
            };
            let file = SourceFile::new("provider.toml", &format!("{head}{block}"));
            if let Err(error) = Config::read(&file) {
                panic!("{reference}: {}\n{block}", error.message);
            }
        }
    }
}

#[test]
fn the_links_lead_somewhere() {
    for path in READMES.iter().chain(&REFERENCES) {
        let markdown = text(path);
        let folder = root().join(path);
        let folder = folder.parent().expect("a folder");
        let links = markdown.split("](").skip(1);
        let links: Vec<&str> = links.filter_map(|rest| rest.split(')').next()).collect();
        assert!(!links.is_empty(), "{path}");
        for link in links {
            match link.strip_prefix('#') {
                Some(anchor) => assert!(anchors(&markdown).contains(&anchor.to_owned()), "{link}"),
                None => assert!(folder.join(link).exists(), "{path}: {link}"),
            }
        }
    }
}

/// Where links within a document lead: its headings in lower case, blanks as `-`, without punctuation.
fn anchors(markdown: &str) -> Vec<String> {
    let headings = markdown.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| line.trim_start_matches('#').trim().to_lowercase())
        .map(|title| {
            let kept = title
                .chars()
                .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        })
        .collect()
}
