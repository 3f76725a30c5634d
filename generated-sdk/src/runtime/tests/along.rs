//! What goes along with every request: headers, members of bodies, names that are numbers.

use super::API;
use super::places::Kept;
use crate::runtime::codec::base64;
use crate::runtime::{
    Api, ErrorKind, Extra, FixedHeader, Json, Method, Operation, Request, With, request,
};

static ALONG: Api = Api {
    prefix: "Bearer ",
    headers: &[
        FixedHeader {
            name: "X-App",
            value: "bot/{version}",
            methods: &[],
        },
        FixedHeader {
            name: "X-Number",
            value: "{version_number}",
            methods: &[Method::Get],
        },
        FixedHeader {
            name: "X-Once",
            value: "{random_u32_base64}",
            methods: &[Method::Post],
        },
    ],
    with: &[
        With {
            path: "info.version",
            value: Some("\"{version}\""),
            most_bytes: None,
        },
        AGENT,
        With {
            path: "kind",
            value: Some("3"),
            most_bytes: None,
        },
    ],
    ..API
};
const AGENT: With = With {
    path: "info.agent",
    value: None,
    most_bytes: Some(8),
};
const VERSION: &str = env!("CARGO_PKG_VERSION");

#[derive(Clone, Default)]
struct Ask {
    text: Option<String>,
    extra: Extra,
}

request!(Ask { text = "text" });

impl Request for Ask {
    type Reply = ();
    type Scope = ();
    const OPERATION: &'static Operation = &Operation::new(&ALONG, "along_ask", "ask", "/ask");
}

/// Bodies of a client that was given this, of calls with these members besides.
async fn body(agents: &[&str], ask: Ask) -> String {
    let kept = Kept::default();
    let mut builder = kept.builder();
    for agent in agents {
        builder = builder.with(&ALONG.with[1], *agent);
    }
    builder.build().unwrap().call(&ask).await.unwrap();
    String::from_utf8(kept.last().body).unwrap()
}

#[tokio::test]
async fn members_go_along_where_the_caller_has_none_of_his_own() {
    let with = |info: &str| format!(r#""info":{{"version":"{VERSION}"{info}}},"kind":3}}"#);
    assert_eq!(body(&[], Ask::default()).await, format!("{{{}", with("")));
    let ask = Ask {
        text: Some("a".to_owned()),
        ..Ask::default()
    };
    assert_eq!(
        body(&["x", "B/\"1"], ask.clone()).await,
        format!(r#"{{"text":"a",{}"#, with(r#","agent":"B/\"1""#))
    );
    let own = ask.extra("info", Json::from(1));
    assert_eq!(body(&["x"], own).await, r#"{"text":"a","info":1,"kind":3}"#);
    let kept = Kept::default();
    let long = kept.builder().with(&ALONG.with[1], "more than eight");
    let error = long.build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misuse);
    assert!(error.to_string().contains("`info.agent`"), "{error}");
}

#[tokio::test]
async fn headers_go_along_and_some_are_new_each_time() {
    let kept = Kept::default();
    let core = kept.builder().authorization("t").build().unwrap();
    let mut once = Vec::new();
    for _ in 0..2 {
        core.call(&Ask::default()).await.unwrap();
        let sent = kept.last();
        let header = |name: &str| {
            let mut headers = sent.headers.iter().filter(|(known, _)| known == name);
            headers.next().map(|(_, value)| value.clone())
        };
        assert_eq!(header("Authorization").as_deref(), Some("Bearer t"));
        assert_eq!(header("X-App"), Some(format!("bot/{VERSION}")));
        assert_eq!(header("X-Number"), None);
        once.push(header("X-Once").unwrap());
    }
    assert_ne!(once[0], once[1]);
    let digits: String = (0..=u32::MAX.ilog10()).map(|_| '9').collect();
    assert!(once[0].len() <= base64::encode(digits.as_bytes()).len());
    core.call(&Ask::default())
        .header("x-app", "mine")
        .await
        .unwrap();
    let sent = kept.last();
    let of_app = |(name, _): &&(String, String)| name.eq_ignore_ascii_case("X-App");
    let values: Vec<_> = sent
        .headers
        .iter()
        .filter(of_app)
        .map(|(_, value)| value)
        .collect();
    assert_eq!(values, ["mine"]);
}

#[test]
fn a_name_that_is_a_number_stays_one() {
    static NUMERIC: Api = Api {
        numeric: true,
        ..Api::program("numbers")
    };
    let written = |name: &'static str| {
        let fixed: &'static [(&str, &str)] = Box::leak(Box::new([("cmd", name)]));
        let operation = Operation {
            fixed,
            ..Operation::new(&NUMERIC, "n", "n", "")
        };
        crate::runtime::call::wire::write(&operation, &[], &Ask::default())
    };
    assert_eq!(written("12"), r#"{"cmd":12}"#);
    assert_eq!(written("send"), r#"{"cmd":"send"}"#);
}
