//! How a gateway is asked for events, as data that the generator writes; and asking it.

use crate::runtime::Path;
use crate::runtime::bot::TalkPlan;
use crate::runtime::call::{Caller, Error, Operation, Rest, Retry, Session};
use crate::runtime::codec::json::{Kind, Reader};
use crate::runtime::codec::{Private, Secret, ToObject, Visit, recast};
use crate::runtime::receive::event::Inbound;
use std::time::Duration;

/// The bounds of what a gateway may say of the next question's time-out.
const TIMEOUTS: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(600));

/// How a gateway is asked for events.
#[derive(Clone, Copy, Debug)]
pub struct PollPlan {
    /// The operation that is asked.
    pub operation: &'static Operation,
    /// The parameter that says up to where all is known.
    pub param: &'static str,
    /// Whether the parameter is declared as a number; one that is empty is then left out.
    pub number: bool,
    /// The field of the reply with its next value; where it is empty, the former value stays.
    pub cursor: Path,
    /// The list of what has happened.
    pub items: Path,
    /// The field with the next question's time-out, in milliseconds.
    pub timeout: Option<Path>,
    /// How long to wait after the first failure in a row, the second, and so on; after more, the last.
    pub again_after: &'static [Duration],
    /// What is called before the first question, whatever comes of it.
    pub before: &'static [&'static Operation],
    /// What is called after the last one.
    pub after: &'static [&'static Operation],
}

/// A client or session whose events are asked for.
pub trait Polled: Caller {
    /// What is told.
    type Inbound: Inbound;
    /// How it is asked for.
    const POLL: &'static PollPlan;
    /// What of it opens a conversation.
    const OPENS: Option<&'static TalkPlan> = None;
}

/// What an answer tells.
#[derive(Default)]
pub(super) struct Answer {
    /// Each as it came.
    pub(super) items: Vec<String>,
    /// The next cursor, if it says one.
    pub(super) cursor: Option<String>,
    /// How long the next question may wait, if it says so.
    pub(super) timeout: Option<Duration>,
}

impl PollPlan {
    /// Asks once.
    pub(super) async fn ask(
        &self,
        session: &Session,
        cursor: &str,
        timeout: Option<Duration>,
    ) -> Result<Answer, Error> {
        let mut call = session.prepare(self.operation, &Question { plan: self, cursor });
        // What is repeated here, and when, is declared.
        call.options.retry = Some(Retry::never());
        call.options.timeout = timeout;
        self.read(&call.send().await?)
    }

    fn read(&self, rest: &Rest) -> Result<Answer, Error> {
        let milliseconds = self.timeout.and_then(|path| rest.text(path)?.parse().ok());
        let timeout = milliseconds.map(Duration::from_millis);
        Ok(Answer {
            items: self.items(rest)?,
            cursor: rest.text(self.cursor),
            timeout: timeout.map(|timeout| timeout.clamp(TIMEOUTS.0, TIMEOUTS.1)),
        })
    }

    fn items(&self, rest: &Rest) -> Result<Vec<String>, Error> {
        let mut items = Vec::new();
        let Some(list) = rest.find(self.items) else {
            return Ok(items);
        };
        let mut elements = Reader::new(list);
        if elements.kind() != Kind::Array {
            let message = format!("`{}` is no list", self.items.join("."));
            return Err(rest.unusable(self.operation, message));
        }
        // What is empty was not found.
        let mut any = elements.enter();
        while any {
            items.push(elements.raw().to_owned());
            any = elements.more();
        }
        Ok(items)
    }

    /// How long to wait after so many failures in a row.
    pub(super) fn again_after(&self, failures: usize) -> Duration {
        let steps = self.again_after;
        let step = steps.get(failures.saturating_sub(1)).or(steps.last());
        step.copied().unwrap_or(Duration::from_secs(1))
    }
}

/// The question: from where on.
struct Question<'a> {
    plan: &'a PollPlan,
    cursor: &'a str,
}

impl ToObject for Question<'_> {
    fn members(&self, visit: Visit<'_>) {
        let Self { plan, cursor } = *self;
        if !plan.number {
            // Nobody but the gateway knows what it says.
            visit(&[(plan.param, &Private(&Secret::from(cursor)))]);
        } else if !cursor.is_empty() {
            visit(&[(plan.param, &recast(cursor, Some(true)))]);
        }
    }
}
