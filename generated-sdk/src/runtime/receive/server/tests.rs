//! What a receiver refuses to be.

use super::{Delivery, Misuse, Receiver};
use crate::runtime::codec::{Issue, Scalar};
use crate::runtime::receive::event::{EventApi, Inbound, Opened, Untyped};

/// A message that is only its code.
#[derive(Clone, Debug)]
struct Coded(Option<Scalar>);

static LAYOUT: EventApi = EventApi {
    name: "test",
    tag: "code",
    payload: "data",
    ..*Untyped::LAYOUT
};

impl Inbound for Coded {
    const LAYOUT: &'static EventApi = &LAYOUT;

    fn read(opened: Opened<'_>) -> Self {
        Self(opened.code().cloned())
    }

    fn is_typed(&self) -> bool {
        self.0.is_some()
    }
}

async fn ignore(_: Delivery<Coded>) {}

fn misuse(builder: super::ReceiverBuilder<Coded>) -> Option<Misuse> {
    builder.start(ignore).err()
}

#[tokio::test]
async fn a_receiver_says_what_is_wrong_with_it() {
    let builder = Receiver::<Coded>::builder;
    assert!(misuse(builder()).is_some_and(|m| m.to_string().contains("unprotected")));
    assert!(misuse(builder().unprotected()).is_none());
    for secret in ["", "a/b", "{x}", "ä"] {
        assert!(misuse(builder().secret_path(secret)).is_some(), "{secret}");
    }
    for path in ["", "/", "callback", "/a//b", "/{a}", "/a/"] {
        assert!(
            misuse(builder().unprotected().path(path)).is_some(),
            "{path}"
        );
    }
    assert!(misuse(builder().secret_header("a b", "x")).is_some());
    assert!(misuse(builder().secret_header("x-secret", "")).is_some());
    let shown = format!("{:?}", builder().secret_path("hush"));
    assert!(!shown.contains("hush"), "{shown}");
}

#[test]
fn a_receiver_needs_a_runtime() {
    let builder = Receiver::<Coded>::builder().unprotected();
    assert!(misuse(builder).is_some_and(|m| m.to_string().contains("runtime")));
}

#[test]
fn the_issue_of_a_payload_names_no_value() {
    let mut opened = Opened::new(&LAYOUT, r#"{"code":"x","data":"secret"}"#).unwrap();
    let mut never = Vec::<i64>::new();
    let issue: Issue = opened.read(&mut never).unwrap_err();
    assert!(!issue.to_string().contains("secret"), "{issue}");
}
