//! Where parameters stand: in the path, the query, headers or the body.

use super::{API, FORM_API};
use crate::runtime::{
    BoxFuture, Builder, Core, ErrorKind, Extra, HttpRequest, HttpResponse, Method, Operation,
    Request, Transport, TransportError, request,
};
use std::sync::{Arc, Mutex};

/// A request with a parameter at each place.
#[derive(Clone, Default)]
struct Change {
    id: String,
    device: String,
    notify: Option<bool>,
    tags: Option<Vec<String>>,
    remark: Option<String>,
    extra: Extra,
}

request!(Change {
    id = "id" as InPath,
    device = "X-Device" as InHeader,
    notify = "notify" as InQuery,
    tags = "tags" as InQuery,
    remark = "remark" as Private,
});

impl Request for Change {
    type Reply = ();
    type Scope = ();
    const OPERATION: &'static Operation = &Operation {
        method: Method::Put,
        ..Operation::new(&API, "acme_change", "acme_change", "/friend/{id}/remark")
    };
}

/// A request without a body.
#[derive(Clone, Default)]
struct Find {
    id: String,
    word: String,
    only: Vec<i64>,
    extra: Extra,
}

request!(Find {
    id = "id" as InPath,
    word = "word",
    only = "only",
});

impl Request for Find {
    type Reply = ();
    type Scope = ();
    const OPERATION: &'static Operation = &Operation {
        method: Method::Get,
        ..Operation::new(&FORM_API, "acme_find", "acme_find", "/find/{id}?kind=3")
    };
}

/// Keeps what it is given.
#[derive(Clone, Default)]
pub(super) struct Kept(Arc<Mutex<Vec<HttpRequest>>>);

impl Transport for Kept {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        self.0.lock().unwrap().push(request);
        Box::pin(async { Ok(HttpResponse::new(200, r#"{"code":"1000"}"#)) })
    }
}

impl Kept {
    pub(super) fn builder(&self) -> Builder<Core> {
        Builder::new("http://h/api/").transport(self.clone())
    }

    fn core(&self) -> Core {
        self.builder().build().unwrap()
    }

    pub(super) fn last(&self) -> HttpRequest {
        self.0.lock().unwrap().pop().unwrap()
    }
}

#[tokio::test]
async fn each_parameter_is_sent_where_it_stands() {
    let kept = Kept::default();
    let change = Change {
        id: "a/b ü%".to_owned(),
        device: "d 1".to_owned(),
        notify: Some(true),
        tags: Some(vec!["x&y".to_owned(), "z".to_owned()]),
        remark: Some("n".to_owned()),
        extra: Extra::default(),
    };
    kept.core().call(&change).await.unwrap();
    let sent = kept.last();
    assert_eq!(
        sent.url,
        "http://h/api/friend/a%2Fb%20%C3%BC%25/remark?notify=true&tags=x%26y&tags=z"
    );
    assert_eq!(sent.body, br#"{"remark":"n"}"#);
    let device = ("X-Device".to_owned(), "d 1".to_owned());
    assert!(sent.headers.contains(&device));

    let bare = Change {
        notify: None,
        tags: None,
        ..change.extra("tags", "t").extra("new", 1)
    };
    kept.core().call(&bare).await.unwrap();
    let sent = kept.last();
    assert!(sent.url.ends_with("/remark?tags=t"), "{}", sent.url);
    assert_eq!(sent.body, br#"{"remark":"n","new":1}"#);
    let shown = format!("{bare:?}");
    assert!(
        shown.contains("X-Device") && shown.contains("***"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_get_has_everything_in_its_query_and_no_body() {
    let kept = Kept::default();
    let find = Find {
        id: "7".to_owned(),
        word: "好 +".to_owned(),
        only: vec![1, 2],
        ..Find::default()
    };
    let find = find.extra("page", 3);
    kept.core().call(&find).await.unwrap();
    let sent = kept.last();
    assert_eq!(
        sent.url,
        "http://h/api/find/7?kind=3&word=%E5%A5%BD%20%2B&only=1&only=2&page=3"
    );
    assert!(sent.body.is_empty());
    let mut names = sent.headers.iter().map(|(name, _)| name);
    assert!(!names.any(|name| name == "Content-Type"));
}

#[tokio::test]
async fn what_leads_to_another_path_or_is_no_header_is_not_sent() {
    let kept = Kept::default();
    for id in ["", ".", ".."] {
        let find = Find {
            id: id.to_owned(),
            ..Find::default()
        };
        let error = kept.core().call(&find).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misuse, "{id}");
        assert!(error.to_string().contains("`id`"), "{error}");
    }
    let change = Change {
        id: "1".to_owned(),
        device: "d\r\nX: 1".to_owned(),
        ..Change::default()
    };
    let error = kept.core().call(&change).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misuse);
    assert!(kept.0.lock().unwrap().is_empty());
}
