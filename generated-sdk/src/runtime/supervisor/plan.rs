//! What tells whether an account is online, as data that the generator writes; and asking it.

use crate::runtime::call::{Caller, Error, ErrorKind, Operation, Rest, Session};
use crate::runtime::codec::json::Json;
use crate::runtime::codec::{NOTHING, ToObject, Visit};
use crate::runtime::receive::event::Inbound;
use crate::runtime::{Condition, Path};

/// What tells whether an account is online.
#[derive(Clone, Copy, Debug)]
pub struct OnlinePlan {
    /// The operation that is asked, with the session alone.
    pub asks: Option<&'static Operation>,
    /// What its reply shows then; `None`: that it is not refused.
    pub when: Option<Condition>,
    /// The field of an event with what the session carries.
    pub session: Option<&'static str>,
    /// The field of an event that says why.
    pub why: Option<&'static str>,
    /// Who is logged in, in the last reply of the login by code.
    pub account: Option<Path>,
    /// What is asked why.
    pub reason: Option<AsksWhy>,
    /// What logs in again without a person.
    pub again: Option<LogsInAgain>,
}

/// What says why an account is offline.
#[derive(Clone, Copy, Debug)]
pub struct AsksWhy {
    /// The operation.
    pub operation: &'static Operation,
    /// The parameter that takes the account.
    pub param: &'static str,
    /// The field that says it.
    pub field: Path,
}

/// What logs an account in again.
#[derive(Clone, Copy, Debug)]
pub struct LogsInAgain {
    /// The operation.
    pub operation: &'static Operation,
    /// The parameter that takes the account.
    pub param: &'static str,
    /// The field with what the session carries from then on.
    pub session: Path,
}

/// A client or session of which something tells whether its account is online.
pub trait Supervised: Caller {
    /// What the gateway tells.
    type Inbound: Inbound;
    /// What tells whether the account is online.
    const ONLINE: &'static OnlinePlan;

    /// The whole of what was told, if it tells that something has changed.
    fn told(told: &Self::Inbound) -> Option<&Json>;
}

/// Whether the vendor has said no.
pub(super) fn is_refusal(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Vendor | ErrorKind::Expired)
}

/// How an account is seen.
#[derive(Debug)]
pub(super) enum Seen {
    Online,
    /// With the reason as far as one is known.
    Offline(String),
    /// Nothing was learned.
    Unclear(Error),
}

impl OnlinePlan {
    /// Asks whether the account is online; `None` if there is nothing to ask.
    pub(super) async fn ask(&self, session: &Session) -> Option<Seen> {
        let asked = session.prepare(self.asks?, &NOTHING).send().await;
        Some(match asked {
            Ok(rest) if self.when.is_none_or(|when| when.holds(&rest).is_some()) => Seen::Online,
            Ok(rest) => Seen::Offline(rest.message.unwrap_or_default()),
            // What is not told by a field is told by a refusal; else a refusal is one of the question.
            Err(error) if self.when.is_none() && is_refusal(&error) => {
                Seen::Offline(error.message().unwrap_or_default().to_owned())
            }
            Err(error) => Seen::Unclear(error),
        })
    }

    /// Asks why an account is offline.
    pub(super) async fn why(&self, session: &Session, account: &str) -> Option<String> {
        let AsksWhy {
            operation,
            param,
            field,
        } = self.reason?;
        let asked = session.prepare(operation, &One(param, account));
        asked.send().await.ok()?.text(field)
    }
}

impl LogsInAgain {
    /// Logs in; what the session carries from then on.
    pub(super) async fn log_in(&self, session: &Session, account: &str) -> Result<String, Error> {
        let login = session.prepare(self.operation, &One(self.param, account));
        let rest: Rest = login.send().await?;
        rest.text(self.session).ok_or_else(|| {
            let message = "the login succeeded, but its answer does not say what the session is";
            rest.unusable(self.operation, message.to_owned())
        })
    }
}

/// A request with one parameter.
struct One<'a>(&'static str, &'a str);

impl ToObject for One<'_> {
    fn members(&self, visit: Visit<'_>) {
        visit(&[(self.0, &self.1.to_owned())]);
    }
}
