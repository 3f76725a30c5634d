//! A call on its way: attempts, each with its turn, its authorization and its headers, until there is an answer or no
//! use in another one. The same code for every operation.

use super::address::Address;
use super::along;
use super::error::{Error, ErrorKind};
use super::hook::{Attempt, Headers, Outcome};
use super::http::{UNFIT_AUTHORIZATION, UNFIT_HEADER, header_fits};
use super::operation::{Api, BodyFormat, Method, Named, Operation};
use super::pace::Turn;
use super::random;
use super::reply::Rest;
use super::retry::{Retry, retry_after};
use super::settings::Settings;
use super::transport::{BoxFuture, HttpRequest, TransportError};
use super::wire;
use crate::runtime::codec::{Scalar, Secret, hide};
use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

/// A call with everything it needs.
#[derive(Clone)]
pub(crate) struct Prepared {
    pub(super) settings: Arc<Settings>,
    pub(crate) operation: &'static Operation,
    pub(super) path: Cow<'static, str>,
    pub(super) address: Address,
    pub(super) body: String,
    /// The values of the session, among whose calls a distance is kept.
    pub(super) bound: String,
    /// Whose call it is, if the session says so.
    pub(super) account: Option<Scalar>,
    /// Which limit the request breaks.
    pub(crate) broken: Option<String>,
    /// What the vendor must not repeat.
    pub(super) secrets: Vec<Secret>,
    pub(crate) options: Options,
}

/// What a call wants otherwise than the client.
#[derive(Clone, Default)]
pub(crate) struct Options {
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: Option<Retry>,
    pub(crate) request_id: Option<String>,
    pub(crate) unpaced: bool,
    pub(crate) unlimited: bool,
}

/// An attempt that has ended: what a hook is told of it.
struct Ended {
    result: Result<Rest, Error>,
    /// It was an attempt to send the request, and not refused before.
    counts: bool,
    duration: Duration,
    repeated_after: Option<Duration>,
}

impl Prepared {
    /// Sends the call. One future type for all operations.
    pub(crate) fn send(self: Box<Self>) -> BoxFuture<'static, Result<Rest, Error>> {
        let id = self.request_id();
        #[cfg(feature = "tracing")]
        {
            let span = super::trace::span(&self.seen(1, id.as_deref(), false));
            Box::pin(tracing::Instrument::instrument(self.run(id), span))
        }
        #[cfg(not(feature = "tracing"))]
        Box::pin(self.run(id))
    }

    async fn run(self: Box<Self>, id: Option<String>) -> Result<Rest, Error> {
        let ended = self.attempts(id).await;
        #[cfg(feature = "metrics")]
        {
            let failed = ended.as_ref().err().map(Error::kind);
            crate::runtime::metrics::call(&self.seen(1, None, false), failed);
        }
        ended
    }

    async fn attempts(&self, id: Option<String>) -> Result<Rest, Error> {
        let settings = &*self.settings;
        if let Some(refused) = self.refused(id.as_deref()) {
            return Err(refused.after_attempts(0, id));
        }
        let (mut number, mut executed) = (1, false);
        let mut begun = None;
        loop {
            let ended = self.attempt(number, &mut begun, id.as_deref()).await;
            let done = |error: Error| {
                let error = error.after_execution(executed);
                let error = error.of_safe(self.operation.safe);
                error.after_attempts(number - u32::from(!ended.counts), id.clone())
            };
            match (ended.result, ended.repeated_after) {
                (Ok(mut rest), _) => {
                    rest.attempts = number;
                    rest.request_id = id;
                    return Ok(rest);
                }
                (Err(error), None) => return Err(done(error)),
                (Err(error), Some(wait)) => {
                    executed |= error.may_have_been_executed();
                    settings.timer.sleep(wait).await;
                    number += 1;
                }
            }
        }
    }

    /// Sends the request once, when its turn has come. The first turn is when the call has begun.
    async fn attempt(&self, number: u32, begun: &mut Option<Instant>, id: Option<&str>) -> Ended {
        let settings = &*self.settings;
        let timer = &*settings.timer;
        let turn = self.turn().await;
        let begun = *begun.get_or_insert_with(|| timer.now());
        let secret = match self.authorization().await {
            Ok(secret) => secret,
            Err(error) => {
                return Ended {
                    result: Err(error),
                    counts: false,
                    duration: Duration::ZERO,
                    repeated_after: None,
                };
            }
        };
        let (request, unfit) = self.request(secret.as_ref(), number, id);
        let start = timer.now();
        let result = if unfit {
            Err(self.misuse(UNFIT_HEADER))
        } else {
            // Once before, in case that the call is dropped under way, and once when it is over.
            self.count(turn.as_ref());
            let result = self.exchange(request).await;
            self.count(turn.as_ref());
            result
        };
        drop(turn);
        let now = timer.now();
        if let (Err(error), Some(secret)) = (&result, &secret)
            && error.kind() == ErrorKind::Expired
        {
            settings.authorization.expire(secret);
        }
        let secrets = secret.iter().chain(&self.secrets);
        let result = match result {
            Ok(mut rest) => {
                hide(&mut rest.message, secrets);
                Ok(rest)
            }
            Err(error) => Err(error.without(secrets)),
        };
        let repeated_after = result.as_ref().err().and_then(|error| {
            let retry = self.options.retry.as_ref().unwrap_or(&settings.retry);
            let spent = now.saturating_duration_since(begun);
            retry.wait(error, self.operation.safe, number, spent)
        });
        let ended = Ended {
            result,
            counts: true,
            duration: now.saturating_duration_since(start),
            repeated_after,
        };
        self.tell(number, id, &ended);
        ended
    }

    async fn exchange(&self, request: HttpRequest) -> Result<Rest, Error> {
        match self.settings.transport.send(request).await {
            Ok(answer) if answer.body.len() > self.settings.answer_limit => {
                Err(self.failed(TransportError::too_long()))
            }
            Ok(answer) => {
                let after = retry_after(&answer.headers, SystemTime::now());
                wire::read(self.operation, &self.path, answer)
                    .map_err(|error| error.with_retry_after(after))
            }
            Err(failure) => Err(self.failed(failure)),
        }
    }

    /// The turn to send, where the documents want calls apart.
    async fn turn(&self) -> Option<Turn> {
        let settings = &*self.settings;
        if self.operation.pace_ms.is_none() || self.options.unpaced || !settings.paced {
            return None;
        }
        let by = (self.operation.id, self.bound.clone());
        let gate = settings.gates.of(&by, settings.timer.now());
        Some(gate.enter(&*settings.timer).await)
    }

    /// The next call is counted from now on.
    fn count(&self, turn: Option<&Turn>) {
        if let (Some(turn), Some(pace)) = (turn, self.operation.pace_ms) {
            turn.count(pace, &*self.settings.timer);
        }
    }

    /// What is wrong with the call before anything is sent.
    fn refused(&self, id: Option<&str>) -> Option<Error> {
        let limited = self.settings.limited && !self.options.unlimited;
        if let Some(broken) = self.broken.as_deref().filter(|_| limited) {
            return Some(self.misuse(broken));
        }
        if let Some(wrong) = &self.address.wrong {
            return Some(self.misuse(wrong));
        }
        let mut headers = self.options.headers.iter().chain(&self.address.headers);
        let fits = id.is_none_or(|id| header_fits("X", id))
            && headers.all(|(name, value)| header_fits(name, value));
        (!fits).then(|| self.misuse(UNFIT_HEADER))
    }

    fn misuse(&self, message: &str) -> Error {
        self.error(ErrorKind::Misuse)
            .with_message(Some(message.to_owned()))
    }

    /// The id of this call: its own, or a new one if the client wants calls to have one.
    fn request_id(&self) -> Option<String> {
        let own = self.options.request_id.clone();
        own.or_else(|| self.settings.request_id.as_ref().map(|_| random::id()))
    }

    pub(crate) fn settings(&self) -> &Arc<Settings> {
        &self.settings
    }

    /// The same, with what the vendor must not repeat.
    #[cfg(feature = "poll")]
    pub(crate) fn hiding(mut self: Box<Self>, secrets: Vec<Secret>) -> Box<Self> {
        self.secrets = secrets;
        self
    }

    /// What the call is named by.
    pub(crate) fn named(&self) -> Named {
        Named::at(self.operation, &self.path)
    }

    fn seen<'a>(&'a self, number: u32, id: Option<&'a str>, bodies: bool) -> Attempt<'a> {
        let is_known = self.path == self.operation.path;
        let account = self.account.as_ref().map(Scalar::as_str);
        Attempt {
            provider: self.operation.api.name,
            operation: if is_known {
                self.operation.name
            } else {
                &self.path
            },
            path: &self.path,
            account: account.or(self.settings.account.as_deref()),
            number,
            safe: self.operation.safe,
            request_id: id,
            body: bodies.then_some(self.body.as_str()),
        }
    }

    /// Tells hooks and logs how an attempt ended.
    fn tell(&self, number: u32, id: Option<&str>, ended: &Ended) {
        let (kind, status, code, body) = match &ended.result {
            Ok(rest) => (
                None,
                Some(rest.status),
                rest.code.as_ref().map(Scalar::as_str),
                Some(rest.body.as_str()),
            ),
            Err(error) => (
                Some(error.kind()),
                error.status(),
                error.code(),
                error.body(),
            ),
        };
        let outcome = Outcome {
            duration: ended.duration,
            kind,
            status,
            code,
            repeated_after: ended.repeated_after,
            body: None,
        };
        #[cfg(feature = "tracing")]
        super::trace::attempt(number, &outcome);
        #[cfg(feature = "metrics")]
        crate::runtime::metrics::attempt(&self.seen(number, id, false), &outcome);
        for hook in &self.settings.hooks {
            let bodies = hook.wants_bodies();
            let body = body.filter(|_| bodies);
            hook.after(&self.seen(number, id, bodies), &Outcome { body, ..outcome });
        }
    }

    fn failed(&self, failure: TransportError) -> Error {
        let kind = if failure.sent {
            ErrorKind::NoAnswer
        } else {
            ErrorKind::NotSent
        };
        let told = failure.telling.then(|| failure.source.to_string());
        self.error(kind)
            .with_message(told)
            .with_source(failure.source, failure.timeout)
            .with_hopeless(failure.hopeless)
    }

    /// The request, and whether a hook added a header that cannot be one.
    fn request(
        &self,
        secret: Option<&Secret>,
        number: u32,
        id: Option<&str>,
    ) -> (HttpRequest, bool) {
        let Settings {
            base_url,
            authorization,
            prefix,
            headers: defaults,
            answer_limit,
            ..
        } = &*self.settings;
        let Api {
            authorization: header,
            prefix: usual,
            format,
            ..
        } = self.operation.api;
        let mut headers = self.address.headers.clone();
        if self.operation.method != Method::Get {
            let kind = match format {
                BodyFormat::Json => "application/json",
                BodyFormat::Form => "application/x-www-form-urlencoded",
            };
            headers.push(("Content-Type".to_owned(), kind.to_owned()));
        }
        headers.extend(along::headers(self.operation));
        if let Some(secret) = secret {
            let prefix = prefix.as_deref().unwrap_or(usual);
            headers.push(((*header).to_owned(), format!("{prefix}{}", secret.expose())));
        }
        let (added, unfit) = self.added_headers(number, id);
        for (name, value) in defaults.iter().chain(&added).chain(&self.options.headers) {
            headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            headers.push((name.clone(), value.clone()));
        }
        let granted = authorization.base_url();
        let base_url = granted.as_ref().unwrap_or(base_url);
        let url = format!("{base_url}/{}", self.address.target.trim_start_matches('/'));
        let timeout = self.options.timeout;
        let request = HttpRequest {
            method: self.operation.method,
            url,
            headers,
            body: self.body.clone().into_bytes(),
            timeout: Some(timeout.unwrap_or_else(|| self.settings.timeout(self.operation))),
            answer_limit: *answer_limit,
        };
        (request, unfit)
    }

    /// The call's id and what hooks add, and whether a hook added what cannot be a header.
    fn added_headers(&self, number: u32, id: Option<&str>) -> (Vec<(String, String)>, bool) {
        let settings = &*self.settings;
        let mut added = Vec::new();
        if let (Some(name), Some(id)) = (&settings.request_id, id) {
            added.push((name.clone(), id.to_owned()));
        }
        for hook in &settings.hooks {
            let attempt = self.seen(number, id, hook.wants_bodies());
            hook.before(&attempt, &mut Headers(&mut added));
        }
        let unfit = added.iter().any(|(name, value)| !header_fits(name, value));
        (added, unfit)
    }

    async fn authorization(&self) -> Result<Option<Secret>, Error> {
        if !self.operation.authorized {
            return Ok(None);
        }
        let current = self.settings.authorization.current().await;
        let current = current.map_err(|source| {
            self.error(ErrorKind::NotSent)
                .with_message(Some("no authorization".to_owned()))
                .with_source(source, false)
        })?;
        match &current {
            Some(secret) if !header_fits("X", secret.expose()) => {
                Err(self.misuse(UNFIT_AUTHORIZATION))
            }
            Some(secret) if self.settings.authorization.has_expired(secret) => {
                let told = "the vendor has said so before, and nothing was sent: log in again";
                Err(self
                    .error(ErrorKind::Expired)
                    .with_message(Some(told.to_owned())))
            }
            _ => Ok(current),
        }
    }

    fn error(&self, kind: ErrorKind) -> Error {
        wire::error(self.operation, &self.path, kind)
    }
}
