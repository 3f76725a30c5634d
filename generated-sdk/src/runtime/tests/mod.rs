//! A vendor made up for the tests, and what every real one relies on.

mod along;
mod codec;
mod forms;
mod pace;
mod places;
mod structures;
use super::{
    Api, BodyFormat, Bound, Extra, FromJsonText, FromObject, Input, Joined, Json, JsonText,
    Members, Number, Operation, Private, Request, Scalar, Split, Text, ToObject, Visit, choice,
    debug_object, id,
};
use std::fmt;

static API: Api = Api {
    authorization: "Authorization",
    format: BodyFormat::Json,
    code: &["code"],
    message: &["message", "msg"],
    data: &["data"],
    success: &["1000"],
    busy: &["1099"],
    expired: &["1010"],
    ..Api::new("acme")
};
static FORM_API: Api = Api {
    format: BodyFormat::Form,
    ..API
};
static SEND: Operation = Operation {
    session: &[Bound {
        name: "wId",
        value: 0,
        place: crate::runtime::Place::Payload,
    }],
    ..Operation::new(&API, "acme_send", "acme_send", "/send")
};
static WRAPPED: Operation = Operation {
    session: &[Bound {
        name: "wId",
        value: 0,
        place: crate::runtime::Place::Payload,
    }],
    fixed: &[("code", "send")],
    wrap: Some("data"),
    ..Operation::new(&API, "acme_wrapped", "acme_wrapped", "/wrapped")
};
static FORM: Operation = Operation {
    ..Operation::new(&FORM_API, "acme_form", "acme_form", "/form")
};

/// An id.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct MsgId(Scalar);

/// Another id.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct WId(Scalar);

id!(MsgId, WId);

/// A choice.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Sex {
    /// One.
    Male,
    /// Two.
    Female,
    /// Another.
    Other(Scalar),
}

choice!(Sex {
    Male = "1",
    Female = "2",
});

/// A request with one field of each sort.
#[derive(Clone, Default)]
struct Send {
    to: Option<MsgId>,
    number: Option<MsgId>,
    content: String,
    sex: Option<Sex>,
    at: Option<Vec<String>>,
    ids: Vec<MsgId>,
    count: Option<i64>,
    inner: Option<Inner>,
    extra: Extra,
}

impl ToObject for Send {
    fn members(&self, visit: Visit<'_>) {
        visit(&[
            ("to", &Text(&self.to)),
            ("number", &Number(&self.number)),
            ("content", &Private(&self.content)),
            ("sex", &Number(&self.sex)),
            ("at", &Joined(&self.at, ",")),
            ("ids", &Number(&self.ids)),
            ("count", &self.count),
            ("inner", &JsonText(&self.inner)),
            ("app", &Members(&[("title", &self.content)])),
        ]);
    }

    fn extra(&self) -> &[(String, Json)] {
        self.extra.as_slice()
    }
}

impl fmt::Debug for Send {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_object("Send", self, f)
    }
}

/// A nested request object.
#[derive(Clone, Default)]
struct Inner {
    x: Option<u64>,
}

impl ToObject for Inner {
    fn members(&self, visit: Visit<'_>) {
        visit(&[("x", &self.x)]);
    }
}

/// Where instance operations are called from.
struct Here;

impl Request for Send {
    type Reply = Got;
    type Scope = Here;
    const OPERATION: &'static Operation = &SEND;
}

/// A reply with one field of each sort.
#[derive(Clone, Debug, Default)]
struct Got {
    id: Option<MsgId>,
    number: Option<i64>,
    big: Option<u64>,
    ratio: Option<f64>,
    on: Option<bool>,
    name: Option<String>,
    sex: Option<Sex>,
    tags: Vec<String>,
    items: Vec<Item>,
    members: Vec<Item>,
    any: Option<Json>,
    one: Option<Item>,
    sure: String,
}

impl FromObject for Got {
    fn read(&mut self, input: &mut Input<'_>) -> bool {
        input.object(&mut [
            ("id", &mut self.id),
            ("number", &mut self.number),
            ("big", &mut self.big),
            ("ratio", &mut self.ratio),
            ("on", &mut self.on),
            ("name", &mut self.name),
            ("sex", &mut self.sex),
            ("tags", &mut Split(&mut self.tags, ",")),
            ("items", &mut self.items),
            ("members", &mut FromJsonText(&mut self.members)),
            ("any", &mut self.any),
            ("one", &mut self.one),
            ("sure", &mut self.sure),
        ])
    }
}

/// An element.
#[derive(Clone, Debug, Default, PartialEq)]
struct Item {
    n: Option<i64>,
}

impl FromObject for Item {
    fn read(&mut self, input: &mut Input<'_>) -> bool {
        input.object(&mut [("n", &mut self.n)])
    }
}

fn session() -> Vec<Scalar> {
    vec![Scalar::from(7_i64)]
}
