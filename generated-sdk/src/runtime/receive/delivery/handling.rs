//! One message that was taken: its handler, its outcome, its verdict.

use super::body::Body;
use super::deliveries::Delivery;
use super::engine::Core;
use super::options::Handler;
use super::outcome::{Failure, Next, REPEATED, judged};
use super::report;
use crate::runtime::receive::event::{Inbound, Opened};
use crate::runtime::store::{Applied, Stored, Target, Verdict};
use std::sync::Arc;

/// Has a message handled, and tells the store what came of it.
pub(super) async fn run<C: Inbound>(core: &Core<C>, handler: &Arc<Handler<C>>, stored: Stored) {
    let Some((verdict, failure)) = handled(core, handler, &stored).await else {
        return;
    };
    if let Some(failure) = &failure {
        core.tally.failed.one();
        say(core, &stored, failure);
    }
    let is = |wanted: fn(&Verdict) -> bool| wanted(&verdict);
    let (done, again) = (
        is(|verdict| matches!(verdict, Verdict::Done)),
        is(|verdict| matches!(verdict, Verdict::Again { .. })),
    );
    let applied = core.rule(Target::Lease(stored.lease), verdict).await;
    match applied {
        // The end came first: whoever opens the store next hands the message over again.
        None => {}
        Some(Applied::Yes { .. }) if done => match is_probe::<C>(&stored) {
            true => core.tally.probes.one(),
            false => core.tally.handled.one(),
        },
        Some(Applied::Yes { .. }) if again => core.tally.again.one(),
        Some(Applied::Yes { .. }) => core.tally.set_aside.one(),
        Some(Applied::Lost | Applied::Before | Applied::Unknown) => {
            core.tally.late.one();
            let error = "the handler took longer than its lease could be renewed".into();
            let next = Next::Another;
            say(core, &stored, &Failure { error, next });
        }
    }
}

/// What came of it; `None` if the runtime has ended.
async fn handled<C: Inbound>(
    core: &Core<C>,
    handler: &Arc<Handler<C>>,
    stored: &Stored,
) -> Option<(Verdict, Option<Failure>)> {
    let attempts = core.options.attempts();
    let attempt = stored.lease.attempt;
    let aside = |reason: &str| {
        let failure = Failure {
            error: reason.into(),
            next: Next::SetAside,
        };
        let reason = reason.to_owned();
        (Verdict::SetAside { reason }, Some(failure))
    };
    let Some(delivery) = delivery(core, stored) else {
        return Some(aside("what the store has kept is no message of this API"));
    };
    if attempt > attempts.most && stored.reason != REPEATED {
        // Each time the process died: another time would only tell that it does again.
        return Some(aside(&format!(
            "it was handed over {} times, and no handler lived to say what came of it",
            attempt - 1
        )));
    }
    let handler = Arc::clone(handler);
    // In a task of its own, and so is what is asked of its error: a panic is a failure of this message alone.
    let task = tokio::spawn(async move {
        let answer = handler(delivery).await;
        judged(answer, attempt, attempts)
    });
    match task.await {
        Ok(judged) => Some(judged),
        Err(panic) if panic.is_panic() => Some(judged(
            Err("the handler panicked".into()),
            attempt,
            attempts,
        )),
        Err(_) => None,
    }
}

fn say<C: Inbound>(core: &Core<C>, stored: &Stored, failure: &Failure) {
    match delivery(core, stored) {
        Some(delivery) => report::failed(core.options.on_error.as_ref(), &delivery, failure),
        None => report::said(C::LAYOUT.name, &failure.to_string()),
    }
}

/// A message that the store has kept; it was JSON when it came.
#[cfg_attr(
    not(feature = "poll"),
    expect(
        unused_variables,
        reason = "only what is polled gives a right to answer"
    )
)]
fn delivery<C: Inbound>(core: &Core<C>, stored: &Stored) -> Option<Delivery<C>> {
    let body = Body::of(&stored.body);
    let opened = Opened::new(C::LAYOUT, body.text).ok()?;
    Some(Delivery {
        attempt: stored.lease.attempt,
        redelivered: stored.redelivered(),
        probe: opened.is_probe(),
        since: stored.since,
        account: body.account.to_owned(),
        process: body.process.to_owned(),
        #[cfg(feature = "poll")]
        kept: (stored.identity, stored.lease),
        #[cfg(feature = "poll")]
        sides: core.options.talk.and_then(|talk| talk.key(&opened)),
        callback: C::read(opened),
    })
}

fn is_probe<C: Inbound>(stored: &Stored) -> bool {
    let body = Body::of(&stored.body);
    Opened::new(C::LAYOUT, body.text).is_ok_and(|opened| opened.is_probe())
}
