//! The media host as a client reaches it: an address that calls may go to, none of the API's headers, and three tries.

use super::plan::{Host, address};
use crate::runtime::call::{
    BoxFuture, Core, Error, ErrorKind, HttpRequest, HttpStream, Method, Named, Pieces, Settings,
    TransportError, server,
};
use crate::runtime::codec::Secret;
use crate::runtime::race::{First, race};
use std::borrow::Cow;
use std::time::Duration;

/// A medium on its way to or from its host.
#[derive(Clone)]
pub(super) struct Way {
    pub(super) core: Core,
    host: Host,
    /// What errors call it.
    what: &'static str,
    url: String,
    /// What the host must not repeat.
    secrets: Vec<Secret>,
}

impl Way {
    /// The way to an address that an answer gives whole, or to one below the host's root.
    pub(super) fn new(
        core: &Core,
        host: Host,
        what: &'static str,
        whole: Option<&str>,
        below: (&str, &[(&str, &str)]),
    ) -> Result<Self, Error> {
        let root = core.settings().media_root.as_deref();
        let root = root.unwrap_or(host.root).trim().trim_end_matches('/');
        let mut way = Self {
            core: core.clone(),
            host,
            what,
            url: format!("{root}/{}", address(below.0, below.1)),
            secrets: below
                .1
                .iter()
                .map(|(_, value)| Secret::from(*value))
                .collect(),
        };
        let Some(whole) = whole.map(str::trim).filter(|whole| !whole.is_empty()) else {
            return Ok(way);
        };
        whole.clone_into(&mut way.url);
        way.secrets.push(Secret::from(whole));
        let (place, query) = whole.split_once('?').unwrap_or((whole, ""));
        let is_one =
            !query.contains(|char: char| char.is_whitespace() || char.is_control() || char == '#');
        let kind = match core.address(place) {
            Ok(_) if is_one => return Ok(way),
            Ok(_) => ErrorKind::Undecodable,
            Err(kind) => kind,
        };
        let message = "its address is none that a client of this one may go to";
        Err(way.refused(kind, message.to_owned()))
    }

    pub(super) fn settings(&self) -> &Settings {
        self.core.settings()
    }

    /// How large a medium may be.
    pub(super) fn most(&self, own: Option<u64>) -> u64 {
        own.unwrap_or(self.host.most)
    }

    /// Sends a request, and waits for the beginning of its answer.
    pub(super) async fn send(
        &self,
        method: Method,
        body: Box<dyn Pieces>,
        patience: Duration,
        limit: u64,
    ) -> Result<HttpStream, Error> {
        let kind = (
            "Content-Type".to_owned(),
            "application/octet-stream".to_owned(),
        );
        let request = HttpRequest {
            method,
            url: self.url.clone(),
            headers: (method != Method::Get)
                .then_some(kind)
                .into_iter()
                .collect(),
            body: Vec::new(),
            timeout: None,
            answer_limit: usize::try_from(limit).unwrap_or(usize::MAX),
        };
        let answer = self.settings().transport.stream(request, body);
        self.within(patience, answer).await
    }

    /// Waits for so long.
    pub(super) async fn within<T>(
        &self,
        patience: Duration,
        step: impl Future<Output = Result<T, TransportError>>,
    ) -> Result<T, Error> {
        match race(step, self.settings().timer.sleep(patience)).await {
            First::Left(done) => done.map_err(|failure| self.lost(failure)),
            First::Right(()) => {
                let failure = TransportError::no_answer("the time-out ran out");
                Err(self.lost(failure.timed_out()))
            }
        }
    }

    /// What an answer says that is not as it should be.
    pub(super) fn unwanted(&self, answer: &HttpStream) -> Error {
        let reason = self.host.reason.and_then(|name| header(answer, name));
        let error = self.error(ErrorKind::Status).with_message(reason);
        error
            .with_answer(answer.status, String::new())
            .with_hopeless((400..500).contains(&answer.status))
    }

    /// An error that another try would not make good.
    pub(super) fn refused(&self, kind: ErrorKind, message: String) -> Error {
        let error = self.error(kind).with_message(Some(message));
        error.with_hopeless(true)
    }

    pub(super) fn error(&self, kind: ErrorKind) -> Error {
        error(self.what, &self.url, kind)
    }

    fn lost(&self, failure: TransportError) -> Error {
        let kind = match failure.sent {
            true => ErrorKind::NoAnswer,
            false => ErrorKind::NotSent,
        };
        self.error(kind)
            .with_source(failure.source, failure.timeout)
            .with_hopeless(failure.hopeless)
    }

    /// Tries as often as the client does, three times unless told.
    pub(super) async fn tries<'a, T>(
        &'a self,
        mut once: impl FnMut() -> BoxFuture<'a, Result<T, Error>>,
    ) -> Result<T, Error> {
        let settings = self.settings();
        let mut number = 1;
        loop {
            let error = match once().await {
                Ok(done) => return Ok(done),
                Err(error) => error.without(&self.secrets),
            };
            let pause = settings.retry.pause(number);
            let Some(pause) = pause.filter(|_| !error.is_hopeless()) else {
                return Err(error.after_attempts(number, None));
            };
            #[cfg(feature = "tracing")]
            crate::runtime::call::trace::tried(
                self.what,
                &server(&self.url),
                number,
                &error,
                pause,
            );
            settings.timer.sleep(pause).await;
            number += 1;
        }
    }
}

/// An error of a medium on its way: it names the host, but no more of the address.
pub(super) fn error(what: &'static str, url: &str, kind: ErrorKind) -> Error {
    let named = Named {
        operation: Cow::Borrowed(what),
        path: Cow::Owned(server(url)),
    };
    Error::new(kind, named).harmless()
}

/// A header of an answer that is not empty.
pub(super) fn header(answer: &HttpStream, name: &str) -> Option<String> {
    let mut headers = answer.headers.iter();
    let (_, value) = headers.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    Some(value.trim().to_owned()).filter(|value| !value.is_empty())
}
