//! A request's body out, an answer's body in: the part of a call that needs no network.

use super::envelope::{self, Opened};
use super::error::{Error, ErrorKind};
use super::limit::broken;
use super::operation::{BodyFormat, Constant, Method, Named, Operation, Request};
use super::reply::{Reply, Rest};
use super::transport::HttpResponse;
use crate::runtime::codec::json::{Json, push_text};
use crate::runtime::codec::{
    BODY, Encode, Issue, Place, Placed, Scalar, Text, ToObject, View, Visit, is_number, push_form,
    push_form_json, push_members, text,
};

/// The body that a request travels as, with these values of the session.
pub fn request_body<R: Request>(request: &R, session: &[Scalar]) -> String {
    write(R::OPERATION, session, request)
}

/// Which of the documented limits keeps a request from being sent, in words.
pub fn broken_limit<R: Request>(request: &R) -> Option<String> {
    broken(R::OPERATION.limits, request)
}

/// What an answer to this request says.
pub fn read_reply<R: Request>(answer: HttpResponse) -> Result<Reply<R::Reply>, Error> {
    read(R::OPERATION, R::OPERATION.path, answer).map(Reply::of)
}

pub(crate) fn write(operation: &Operation, session: &[Scalar], request: &dyn ToObject) -> String {
    let request = &Whole { operation, request };
    match operation.api.format {
        _ if operation.method == Method::Get => String::new(),
        BodyFormat::Json => json_body(operation, session, request),
        BodyFormat::Form => form_body(operation, session, request),
    }
}

/// A body that was written without a session, with these values of one.
#[cfg(any(feature = "media", feature = "store"))]
pub(crate) fn write_bound(operation: &Operation, session: &[Scalar], body: &str) -> String {
    let session = OfSession { operation, session };
    let mut bound = String::with_capacity(body.len() + 64);
    match operation.api.format {
        BodyFormat::Json => {
            bound.push('{');
            push_members(&mut bound, &session, BODY);
            let own = body.strip_prefix('{').unwrap_or(body);
            if bound.len() > 1 && !own.starts_with('}') {
                bound.push(',');
            }
            bound.push_str(own);
        }
        BodyFormat::Form => {
            push_form(&mut bound, &session);
            if !bound.is_empty() && !body.is_empty() {
                bound.push('&');
            }
            bound.push_str(body);
        }
    }
    bound
}

/// The body of a call that no catalog knows.
pub(crate) fn write_raw(operation: &Operation, body: &Json) -> String {
    match operation.api.format {
        BodyFormat::Json => body.as_str().to_owned(),
        BodyFormat::Form => {
            let mut form = String::new();
            push_form_json(&mut form, body.as_str());
            form
        }
    }
}

/// What is wrong with a body that should become a form: only the members of an object are fields.
pub(crate) fn no_form(operation: &Operation, body: &Json) -> Option<String> {
    let is_form = operation.api.format == BodyFormat::Form;
    let fits = body.as_str().starts_with('{') || body.as_str() == "null";
    (is_form && !fits).then(|| {
        "the body of a form must be a JSON object; a text of JSON becomes one by `.parse::<Json>()?`"
            .to_owned()
    })
}

/// Parameters that the session fills in and those that never change, around the request's own.
pub(super) struct Around<'a> {
    pub(super) operation: &'a Operation,
    pub(super) session: &'a [Scalar],
}

impl ToObject for Around<'_> {
    fn members(&self, visit: Visit<'_>) {
        let numeric = self.operation.api.numeric;
        for (name, value) in self.operation.fixed {
            visit(&[(name, &Fixed { value, numeric })]);
        }
        let Self { operation, session } = *self;
        OfSession { operation, session }.members(visit);
    }
}

/// The parameters that the session fills in.
struct OfSession<'a> {
    operation: &'a Operation,
    session: &'a [Scalar],
}

impl ToObject for OfSession<'_> {
    fn members(&self, visit: Visit<'_>) {
        for bound in self.operation.session {
            if let Some(value) = self.session.get(bound.value) {
                visit(&[(bound.name, &Placed(bound.place, &Text(value)))]);
            }
        }
    }
}

/// A request with the parameters that always have one value.
pub(super) struct Whole<'a> {
    pub(super) operation: &'a Operation,
    pub(super) request: &'a dyn ToObject,
}

impl ToObject for Whole<'_> {
    fn members(&self, visit: Visit<'_>) {
        for constant in self.operation.constants {
            visit(&[(constant.name, &Placed(constant.place, constant))]);
        }
        self.request.members(visit);
    }

    fn extra(&self) -> &[(String, Json)] {
        self.request.extra()
    }
}

impl Encode for Constant {
    fn view(&self) -> View<'_> {
        View::Raw(self.value)
    }
}

struct Fixed<'a> {
    value: &'a str,
    numeric: bool,
}

impl Encode for Fixed<'_> {
    fn view(&self) -> View<'_> {
        match self.numeric && is_number(self.value) {
            true => View::Raw(self.value),
            false => View::Text(self.value),
        }
    }
}

fn json_body(operation: &Operation, session: &[Scalar], request: &dyn ToObject) -> String {
    let mut body = String::with_capacity(256);
    body.push('{');
    push_members(&mut body, &Around { operation, session }, BODY);
    match operation.wrap {
        None => push_members(&mut body, request, BODY),
        Some(name) => {
            push_members(&mut body, request, &[Place::Envelope]);
            if !body.ends_with('{') {
                body.push(',');
            }
            push_text(&mut body, name);
            body.push_str(":{");
            push_members(&mut body, request, &[Place::Payload]);
            body.push('}');
        }
    }
    body.push('}');
    body
}

fn form_body(operation: &Operation, session: &[Scalar], request: &dyn ToObject) -> String {
    let mut body = String::new();
    push_form(&mut body, &Around { operation, session });
    push_form(&mut body, request);
    body
}

pub(crate) fn read(
    operation: &'static Operation,
    path: &str,
    answer: HttpResponse,
) -> Result<Rest, Error> {
    let status = answer.status;
    let body = text::decode(answer.body);
    let opened = envelope::open(operation, &body);
    let failed = |kind| error(operation, path, kind);
    if !(200..300).contains(&status) {
        let known = opened.is_ok();
        let Opened { code, message, .. } = opened.unwrap_or_default();
        let message = message.or_else(|| notice(status, &answer.headers, &body));
        let body = if known { body } else { text::shortened(body) };
        let kind = match envelope::is_expired(operation, code.as_ref()) {
            true => ErrorKind::Expired,
            false => ErrorKind::Status,
        };
        return Err(failed(kind)
            .with_code(code)
            .with_message(message)
            .with_answer(status, body));
    }
    match opened {
        Err(malformed) => {
            let message = text::page_title(&body);
            let error = failed(ErrorKind::Undecodable)
                .with_message(message)
                .with_answer(status, text::shortened(body));
            Err(error.with_source(malformed.into(), false))
        }
        Ok(Opened {
            code,
            message,
            data,
            inner,
            succeeded,
            ..
        }) => {
            if succeeded {
                return Ok(Rest {
                    issues: Issue::unreadable(&body).into_iter().collect(),
                    status,
                    code,
                    message,
                    data,
                    inner,
                    body,
                    attempts: 1,
                    request_id: None,
                });
            }
            let kind = if envelope::is_expired(operation, code.as_ref()) {
                ErrorKind::Expired
            } else if code.is_some() {
                ErrorKind::Vendor
            } else {
                ErrorKind::Undecodable
            };
            let busy = envelope::is_busy(operation, code.as_ref());
            Err(failed(kind)
                .with_busy(busy)
                .with_code(code)
                .with_message(message)
                .with_answer(status, body))
        }
    }
}

/// What an answer without an envelope has to say.
fn notice(status: u16, headers: &[(String, String)], body: &str) -> Option<String> {
    if !(300..400).contains(&status) {
        return text::page_title(body);
    }
    let mut headers = headers.iter();
    let location = headers.find(|(name, _)| name.eq_ignore_ascii_case("location"));
    let to = location.map_or_else(String::new, |(_, to)| format!(" to {}", target(to)));
    Some(format!(
        "a redirect{to}: redirects are not followed; is the base URL right?"
    ))
}

/// Where a redirect leads: host and path, as what stands around them may be a secret.
fn target(location: &str) -> String {
    let place = location.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = place.split_once("//") else {
        return place.to_owned();
    };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    format!("{scheme}//{host}{path}")
}

/// An error of this call.
pub(crate) fn error(operation: &'static Operation, path: &str, kind: ErrorKind) -> Error {
    Error::new(kind, Named::at(operation, path))
}

#[cfg(test)]
mod tests {
    use super::target;

    #[test]
    fn a_redirect_is_named_without_what_may_be_secret() {
        for (location, shown) in [
            (
                "https://login.example/sso?token=1#x",
                "https://login.example/sso",
            ),
            ("/login?next=1", "/login"),
            ("http://me:pa55@h:80/a", "http://h:80/a"),
            ("//h/a", "//h/a"),
        ] {
            assert_eq!(target(location), shown);
        }
    }
}
