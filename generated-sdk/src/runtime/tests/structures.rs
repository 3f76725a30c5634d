//! Types that hold themselves, and are both sent and received.

use super::{MsgId, Sex};
use crate::runtime::codec::{BODY, push_members};
use crate::runtime::{Decode, Input, Json, Secret, exchanged};

#[derive(Clone, Default)]
struct Comment {
    id: Option<MsgId>,
    text: Option<String>,
    token: Option<Secret>,
    sex: Option<Sex>,
    tags: Vec<String>,
    quoted: Option<Box<Comment>>,
    replies: Vec<Comment>,
}

exchanged!(Comment {
    id = "id" | "ID" as Text,
    text = "text" as Private,
    token = "token" as Private,
    sex = "sex" as Number,
    tags = "tags" as Filled as Joined(","),
    quoted = "quoted",
    replies = "replies" as Filled,
});

fn read(json: &str) -> (Comment, Vec<String>) {
    let checked: Json = json.parse().unwrap();
    let mut input = Input::new(checked.as_str());
    let comment = Comment::decode(&mut input).unwrap();
    let issues = input.into_issues().into_iter();
    (comment, issues.map(|issue| issue.to_string()).collect())
}

fn written(comment: &Comment) -> String {
    let mut out = "{".to_owned();
    push_members(&mut out, comment, BODY);
    out + "}"
}

#[test]
fn what_is_read_is_written_as_it_came() {
    let json = concat!(
        r#"{"id":"7","text":"hello","token":"t0k3n","sex":1,"tags":"a,b","#,
        r#""quoted":{"text":"before","quoted":{"sex":2}},"replies":[{"id":"8"},{"replies":[{"id":"9"}]}]}"#
    );
    let (comment, issues) = read(json);
    assert_eq!(issues, Vec::<String>::new());
    assert_eq!(written(&comment), json);
    let shown = format!("{comment:?}");
    assert!(shown.contains("sex: Some(Male)"), "{shown}");
    for hidden in ["hello", "before", "t0k3n"] {
        assert!(!shown.contains(hidden), "{shown}");
    }
}

#[test]
fn what_is_not_given_is_not_sent() {
    assert_eq!(written(&Comment::default()), "{}");
    let (comment, issues) = read(r#"{"ID": 7, "tags": [], "quoted": null, "replies": ""}"#);
    assert_eq!(issues, Vec::<String>::new());
    assert_eq!(written(&comment), r#"{"id":"7"}"#);
}

#[test]
fn what_does_not_fit_is_said_at_its_place() {
    let (comment, issues) = read(r#"{"quoted": {"replies": [{}, {"quoted": 7}]}}"#);
    assert_eq!(
        issues,
        ["quoted.replies[1].quoted: expected an object, found a number"]
    );
    assert_eq!(written(&comment), r#"{"quoted":{"replies":[{},{}]}}"#);
}

/// A stack as the threads of a server have it.
fn on_a_small_stack(run: fn()) {
    let small = std::thread::Builder::new().stack_size(2 << 20);
    small.spawn(run).unwrap().join().unwrap();
}

#[test]
fn as_deep_as_json_may_be_is_read_shown_and_written() {
    on_a_small_stack(|| {
        let json = format!("{}{}", r#"{"quoted":"#.repeat(127) + "{}", "}".repeat(127));
        let (comment, issues) = read(&json);
        assert_eq!(issues, Vec::<String>::new());
        assert_eq!(written(&comment.clone()), json);
        assert_eq!(format!("{comment:?}").matches("Comment").count(), 128);
    });
}

#[test]
fn texts_that_hold_texts_do_not_lead_deeper() {
    on_a_small_stack(|| {
        let mut json = r#"{"id":"innermost"}"#.to_owned();
        for _ in 0..6 {
            let text = Json::from(format!("[{json}]"));
            let (open, close) = (r#"{"replies":[{"quoted":"#.repeat(24), "}]}".repeat(24));
            json = format!(r#"{open}{{"replies":{text}}}{close}"#);
        }
        let (comment, issues) = read(&json);
        assert_eq!(issues.len(), 1, "{issues:?}");
        let said = "replies[0].quoted: expected an object less deep in others, found an object";
        assert!(issues[0].ends_with(said), "{issues:?}");
        assert_eq!(format!("{comment:?}").matches("Comment").count(), 128);
    });
}
