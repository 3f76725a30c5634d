//! Media as answers: they go up once it is known that they go out.

use super::{Does, SEND, World};
use crate::runtime::media::{Host, Medium, UpPlan};
use crate::runtime::{ErrorKind, Part, Template};

static UP: UpPlan = UpPlan {
    host: Host {
        root: "http://h/media",
        most: 1 << 20,
        reason: None,
    },
    operation: &SEND,
    params: Template(&[Part::Json("{}")]),
    url: None,
    param: Some(&["param"]),
    at: "up",
    taken: "X-Taken",
    medium: Template(&[Part::Value("taken")]),
};
static FILE: Template = Template(&[
    Part::Json("{\"file\":"),
    Part::Value("media"),
    Part::Json(",\"name\":"),
    Part::Value("file_name"),
    Part::Json(",\"size\":"),
    Part::Text("size"),
    Part::Json("}"),
]);
const WHERE: Does = Does::Answers(r#"{"ret":0,"data":{"param":"p"}}"#);
const CLOSED: Does = Does::Answers(r#"{"ret":-2}"#);

fn report() -> Medium {
    Medium::bytes("abc").named("a.txt")
}

#[tokio::test]
async fn a_medium_goes_up_and_out_and_neither_twice() {
    let world = World::new();
    world.ann_writes(1).await;
    let message = world.handed().await;
    let talk = world.talk(&message);
    world.vendor.does([WHERE]);
    let first = talk.send_medium(&UP, "3", &FILE, report()).await.unwrap();
    let got = world.vendor.got();
    let paths: Vec<_> = got.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["send", "up", "send"]);
    let item = r#""items":[{"file":"t4ken","name":"a.txt","size":"3"}]"#;
    assert!(got[2].1.contains(item), "{}", got[2].1);
    let message = world.again(message).await;
    let talk = world.talk(&message);
    let again = talk.send_medium(&UP, "3", &FILE, report()).await.unwrap();
    assert!(again.repeated && again.client_ids == first.client_ids);
    assert_eq!(world.vendor.got().len(), 3);
}

#[tokio::test]
async fn nothing_goes_up_that_has_no_name_or_may_not_go_out() {
    let world = World::new();
    world.ann_writes(1).await;
    let talk = world.talk(&world.handed().await);
    let nameless = talk
        .send_medium(&UP, "3", &FILE, Medium::bytes("abc"))
        .await;
    assert_eq!(nameless.unwrap_err().kind(), ErrorKind::Misuse);
    assert!(world.vendor.got().is_empty());
    world.vendor.does([WHERE, Does::Answers("{}"), CLOSED]);
    talk.send_medium(&UP, "3", &FILE, report())
        .await
        .unwrap_err();
    let refused = talk.send_medium(&UP, "3", &FILE, report()).await;
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::NoRight);
    assert_eq!(world.vendor.got().len(), 3);
}

#[tokio::test]
async fn what_failed_on_the_way_up_was_certainly_not_sent() {
    let world = World::new();
    world.ann_writes(1).await;
    let message = world.handed().await;
    world.vendor.does([WHERE, Does::Loses]);
    let talk = world.talk(&message);
    let failed = talk.send_medium(&UP, "3", &FILE, report()).await;
    assert!(!failed.unwrap_err().may_have_been_executed());
    let message = world.again(message).await;
    world.vendor.does([WHERE]);
    let talk = world.talk(&message);
    let sent = talk.send_medium(&UP, "3", &FILE, report()).await.unwrap();
    assert!(!sent.repeated);
    assert_eq!(world.left(&talk).await, 9);
}
