//! The way of a request: found, checked, remembered, answered, and spoiled where a fault asks for it.

use super::along;
use super::answer::{Answer, Rendered, with_wrong_type};
use super::checks::{self, Checks};
use super::engine::{Busy, Engine, Served};
use super::fault::Fault;
use super::received::Received;
use super::request::{Incoming, is_ours};
use crate::lock;
use crate::provider::Operation;
use serde_json::{Map, Value};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a request may take to be answered, whatever it asks for.
pub(super) const LONGEST: Duration = Duration::from_secs(600);

/// What leaves the gateway.
pub(super) enum Outcome {
    Answer(Rendered),
    /// The connection is closed.
    Drop,
}

impl Engine {
    /// Serves a request.
    pub(super) async fn serve(self: &Arc<Self>, incoming: Incoming) -> Outcome {
        let started = Instant::now();
        let _busy = Busy::new(&self.busy);
        let (method, path) = (incoming.method.clone(), incoming.path.clone());
        let served = tokio::time::timeout(LONGEST, self.answer(incoming)).await;
        let (operation, outcome) = served.unwrap_or((None, Outcome::Drop));
        let code = match &outcome {
            Outcome::Answer(answer) => match &answer.code {
                Some(code) if answer.status == 200 => code.clone(),
                _ => format!("HTTP {}", answer.status),
            },
            Outcome::Drop => "dropped".to_owned(),
        };
        self.observed(&Served {
            method,
            path,
            operation: operation.map(|operation| operation.id().to_owned()),
            code,
            took: started.elapsed(),
        });
        outcome
    }

    async fn answer(self: &Arc<Self>, incoming: Incoming) -> (Option<Arc<Operation>>, Outcome) {
        let plainly = |rendered| (None, Outcome::Answer(rendered));
        if let Some(below) = incoming.path.strip_prefix("/__mock")
            && self.at(&incoming.path).next().is_none()
        {
            return plainly(super::admin::answer(self, &incoming, below).await);
        }
        let members = incoming.members(self.vendor.config.transport).await;
        let readable = members.is_some();
        let members = members.unwrap_or_default();
        let operation = match self.meant(&incoming, &members) {
            Ok(operation) => operation,
            Err(refusal) => return plainly(refusal),
        };
        let payload = self.vendor.layouts().request.payload.as_deref();
        let mut params = incoming.params(&operation, payload, members);
        if !self.settings.strict {
            operation.renamed(&mut params);
        }
        let faults = match self.faults_of(&incoming, &operation) {
            Ok(faults) => faults,
            Err(refusal) => return (Some(operation), Outcome::Answer(refusal)),
        };
        let (header, prefix) = self.vendor.authorization();
        let authorization = incoming.header(header);
        let authorization = authorization.and_then(|given| given.strip_prefix(prefix));
        let authorization = authorization.map(str::to_owned);
        let call = Arc::new(Received {
            operation: operation.clone(),
            params,
            incoming,
            authorization,
        });
        if !is_ours(call.path()) {
            lock(&self.calls).add(call.clone());
        }
        let status = faults.iter().find_map(|fault| match fault {
            Fault::Status(status) => Some(*status),
            _ => None,
        });
        let mut rendered = match status {
            Some(status) => empty(status),
            None => self.executed(&call, readable).await,
        };
        for fault in &faults {
            match fault {
                Fault::Delay(delay) => tokio::time::sleep(*delay).await,
                Fault::Html => rendered = page(),
                Fault::WrongType => with_wrong_type(&mut rendered, &self.vendor),
                // The others are seen elsewhere, or make sense on a socket alone.
                _ => {}
            }
        }
        let outcome = match faults.contains(&Fault::DropAfterSend) {
            true => Outcome::Drop,
            false => Outcome::Answer(rendered),
        };
        (Some(operation), outcome)
    }

    /// The operation that a request means, or why it means none.
    fn meant(
        &self,
        incoming: &Incoming,
        members: &Map<String, Value>,
    ) -> Result<Arc<Operation>, Rendered> {
        let mut params = incoming.query();
        params.extend(members.clone());
        let path = match incoming.path.trim_end_matches('/') {
            "" => "/",
            path => path,
        };
        let unknown = || self.refused(404, &self.vendor.texts.unknown.replace("{path}", path));
        let here: Vec<&Arc<Operation>> = self.at(path).collect();
        if here.is_empty() {
            return Err(unknown());
        }
        let is_asked = |operation: &&&Arc<Operation>| operation.method() == incoming.method;
        let same = || here.iter().filter(is_asked).copied();
        if same().next().is_none() {
            let mut methods: Vec<&str> = here.iter().map(|operation| operation.method()).collect();
            methods.dedup();
            let text = self.vendor.texts.wrong_method.replace("{path}", path);
            return Err(self.refused(405, &text.replace("{method}", &methods.join("/"))));
        }
        let with_params = |operation| (operation, params_of(operation));
        let told = || same().filter(|operation| operation.is_told_by(&params));
        let same = || match told().next() {
            Some(_) => told().collect::<Vec<_>>(),
            None => same().collect(),
        };
        let same = || same().into_iter();
        let meant = same().filter(|operation| self.world.means(operation.id(), &params));
        let found = checks::fitting(meant.map(with_params), &params)
            .or_else(|| checks::fitting(same().map(with_params), &params));
        found.cloned().ok_or_else(unknown)
    }

    /// Checks a call and has it answered.
    pub(super) async fn executed(
        self: &Arc<Self>,
        call: &Arc<Received>,
        readable: bool,
    ) -> Rendered {
        let (vendor, operation) = (&self.vendor, &call.operation);
        let refused = |message: &str| Rendered::refusal(vendor, message);
        if operation.authorized {
            let given = call.authorization();
            if !given.is_some_and(|value| self.world.is_authorized(value)) {
                let text = &vendor.texts.unauthorized;
                return refused(&text.replace("{param}", vendor.authorization().0));
            }
        }
        if !readable {
            return refused(&vendor.texts.malformed);
        }
        let null_will_do = |param: &str| operation.is_shown_as_null(param);
        let is_lenient = |name: &str| {
            !self.settings.strict && operation.lenient.iter().any(|known| known == name)
        };
        let params = params_of(operation)
            .iter()
            .filter(|param| !is_lenient(&param.wire));
        if !self.is_beside(operation)
            && let Some(message) = along::refusal(call, vendor, is_lenient)
        {
            return refused(&message);
        }
        let checks = Checks {
            texts: &vendor.texts,
            members: &|field| vendor.members(field),
        };
        if let Some(message) = checks.refusal(params, null_will_do, &call.params) {
            return refused(&message);
        }
        let mut answer = match self.planned_reply(operation) {
            Some(reply) => match self.panics.catch(|| reply(call)) {
                Some(answer) => answer,
                None => return self.refused(500, "a reply of the test's panicked"),
            },
            None => Answer::default_behaviour(),
        };
        if answer.is_default() {
            let delay = answer.delay();
            answer = self.world.answer(call, self).await;
            let delay = delay.max(answer.delay());
            answer = answer.after(delay);
        }
        let delay = answer.delay();
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        answer.render(vendor, operation)
    }

    /// What is to go wrong: by the request's own header, and as planned.
    fn faults_of(
        &self,
        incoming: &Incoming,
        operation: &Operation,
    ) -> Result<Vec<Fault>, Rendered> {
        let header = incoming.header("x-mock-fault").unwrap_or_default();
        let mut faults =
            Fault::list(header).map_err(|error| self.refused(400, &error.to_string()))?;
        if faults.contains(&Fault::DuplicateCallback) {
            self.plan_fault("*", Fault::DuplicateCallback, Some(1));
        }
        faults.extend(self.planned_faults(operation));
        Ok(faults)
    }

    pub(super) fn refused(&self, status: u16, message: &str) -> Rendered {
        Rendered {
            status,
            ..Rendered::refusal(&self.vendor, message)
        }
    }
}

fn params_of(operation: &Arc<Operation>) -> &[catalog::model::Field] {
    &operation.facts.params
}

fn empty(status: u16) -> Rendered {
    Rendered::of(status, "text/plain", String::new())
}

fn page() -> Rendered {
    const PAGE: &str = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n";
    Rendered {
        code: Some("html".to_owned()),
        ..Rendered::of(200, "text/html", PAGE.to_owned())
    }
}
