//! What the catalog knows of an API and its operations, as data.

use super::along::{FixedHeader, With};
use super::limit::Limit;
use crate::runtime::codec::{Place, Slot, ToObject};
use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Method {
    /// GET; what would stand in the body stands in the query.
    Get,
    /// POST.
    Post,
    /// PUT.
    Put,
    /// PATCH.
    Patch,
    /// DELETE.
    Delete,
}

impl Method {
    /// The method as it stands in a request.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }
}

/// How parameters are written into a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyFormat {
    /// One JSON object.
    Json,
    /// URL-encoded pairs.
    Form,
}

/// Where the documented fields of a reply stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Data {
    /// In the envelope's data.
    Payload,
    /// Beside the code; the envelope is the data.
    Envelope,
}

/// What all operations of an API have in common.
#[derive(Debug)]
pub struct Api {
    /// The provider's name.
    pub name: &'static str,
    /// The header that carries the authorization.
    pub authorization: &'static str,
    /// How parameters are written.
    pub format: BodyFormat,
    /// Names of the envelope's codes: one that is no success is a failure. None: the HTTP status alone decides.
    pub code: &'static [&'static str],
    /// Names of the envelope's message, the likelier first.
    pub message: &'static [&'static str],
    /// Names of the envelope's data.
    pub data: &'static [&'static str],
    /// Codes that say success, where an operation has none of its own: `""` stands for none, `"!0"` for any but 0.
    pub success: &'static [&'static str],
    /// Codes that say "busy, again later", where an operation has none of its own.
    pub busy: &'static [&'static str],
    /// Codes that say that the session has expired, where an operation has none of its own.
    pub expired: &'static [&'static str],
    /// What stands before the authorization in its header.
    pub prefix: &'static str,
    /// Headers that go with every call.
    pub headers: &'static [FixedHeader],
    /// Members that go with the bodies of authorised calls.
    pub with: &'static [With],
    /// Names of commands are numbers.
    pub numeric: bool,
}

impl Api {
    /// An API that has nothing of its own; the rest is overwritten with `..`.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            authorization: "",
            format: BodyFormat::Json,
            code: &[],
            message: &[],
            data: &[],
            success: &[],
            busy: &[],
            expired: &[],
            prefix: "",
            headers: &[],
            with: &[],
            numeric: false,
        }
    }
}

/// A parameter that the session fills in.
#[derive(Debug)]
pub struct Bound {
    /// Its wire name.
    pub name: &'static str,
    /// Which of the session's values it is.
    pub value: usize,
    /// Where it stands.
    pub place: Place,
}

/// A parameter that always has one value.
#[derive(Debug)]
pub struct Constant {
    /// Its wire name.
    pub name: &'static str,
    /// The value, as JSON.
    pub value: &'static str,
    /// Where it stands.
    pub place: Place,
}

/// An operation as the catalog has it.
#[derive(Debug)]
pub struct Operation {
    /// The API it belongs to.
    pub api: &'static Api,
    /// Its id in the catalog, which is stable and its own.
    pub id: &'static str,
    /// The method that calls it: what errors, hooks, spans and metrics call it.
    pub name: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path below the base URL, with `{name}` for each parameter that stands in it; or the command.
    pub path: &'static str,
    /// Whether the authorization is sent.
    pub authorized: bool,
    /// Parameters that the session fills in.
    pub session: &'static [Bound],
    /// Members that are always the same.
    pub fixed: &'static [(&'static str, &'static str)],
    /// Parameters that always have one value.
    pub constants: &'static [Constant],
    /// The member that the parameters are wrapped in.
    pub wrap: Option<&'static str>,
    /// Codes that say success here.
    pub success: Option<&'static [&'static str]>,
    /// Codes that say "busy, again later" here.
    pub busy: Option<&'static [&'static str]>,
    /// Codes that say that the session has expired here.
    pub expired: Option<&'static [&'static str]>,
    /// Where the fields of the reply stand.
    pub data: Data,
    /// How long an answer may take at least; long polls say it.
    pub patience: Option<Duration>,
    /// Whether it may be executed twice without harm.
    pub safe: bool,
    /// Milliseconds to keep between two calls in one session, least and most.
    pub pace_ms: Option<(u32, u32)>,
    /// What the vendor would refuse.
    pub limits: &'static [Limit],
}

impl Operation {
    /// An operation that is like most of this API; the rest is overwritten with `..`.
    pub const fn new(
        api: &'static Api,
        id: &'static str,
        name: &'static str,
        path: &'static str,
    ) -> Self {
        Self {
            api,
            id,
            name,
            method: Method::Post,
            path,
            authorized: true,
            session: &[],
            fixed: &[],
            constants: &[],
            wrap: None,
            success: None,
            busy: None,
            expired: None,
            data: Data::Payload,
            patience: None,
            safe: false,
            pace_ms: None,
            limits: &[],
        }
    }
}

/// What a call is named by: `send_text (/sendText)`; by its path alone where no catalog knows it.
#[derive(Clone, Default)]
pub(crate) struct Named {
    pub(crate) operation: Cow<'static, str>,
    pub(crate) path: Cow<'static, str>,
}

impl Named {
    /// The operation at its own path, or a call that only the path names.
    pub(crate) fn at(operation: &'static Operation, path: &str) -> Self {
        if path == operation.path {
            return operation.into();
        }
        let path = Cow::<'static, str>::Owned(path.to_owned());
        Self {
            operation: path.clone(),
            path,
        }
    }
}

impl From<&'static Operation> for Named {
    fn from(operation: &'static Operation) -> Self {
        Self {
            operation: Cow::Borrowed(operation.name),
            path: Cow::Borrowed(operation.path),
        }
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.operation)?;
        if self.path.is_empty() || self.path == self.operation {
            return Ok(());
        }
        write!(f, " ({})", self.path)
    }
}

/// As it is displayed.
impl fmt::Debug for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The parameters of one operation.
pub trait Request: ToObject {
    /// What the data of a successful reply is.
    type Reply: Slot + Default;
    /// From where it may be called.
    type Scope;
    /// What the catalog knows of it.
    const OPERATION: &'static Operation;
}

/// Says that operations of a scope can be called from here.
pub trait Reaches<Scope> {}
