//! Shows that something is being written, beside what is being done. Whatever fails here is seen by hooks and logs as
//! every call is, and by nobody else.

use super::origin::Origin;
use super::plan::TypingPlan;
use super::right::Held;
use crate::runtime::Json;
use crate::runtime::call::Template;
use crate::runtime::call::{Operation, Rest, Session};
use crate::runtime::codec::Secret;
use crate::runtime::store::{Batch, Value, value};
use std::sync::Arc;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::time::timeout;

/// Typing is shown until this is dropped.
pub(super) struct Typing(
    #[expect(dead_code, reason = "its end is the message")] oneshot::Sender<()>,
);

impl Typing {
    pub(super) fn shown(
        plan: &'static TypingPlan,
        origin: Arc<Origin>,
        session: Session,
    ) -> Option<Self> {
        let (end, ended) = oneshot::channel();
        let typist = Typist {
            plan,
            origin,
            session,
        };
        Handle::try_current().ok()?.spawn(typist.run(ended));
        Some(Self(end))
    }
}

struct Typist {
    plan: &'static TypingPlan,
    origin: Arc<Origin>,
    session: Session,
}

impl Typist {
    async fn run(self, mut ended: oneshot::Receiver<()>) {
        let mut shown = false;
        loop {
            shown |= self.tell(&self.plan.start).await.is_some();
            // Its sender says nothing: it is dropped.
            if timeout(self.plan.every, &mut ended).await.is_ok() {
                break;
            }
        }
        if shown {
            self.tell(&self.plan.stop).await;
        }
    }

    /// Shows or hides it; `None` if there was no ticket to do it with.
    async fn tell(&self, how: &Template) -> Option<()> {
        let Origin { store, names, .. } = &*self.origin;
        let ticket = self.ticket().await?;
        let told = self
            .call(self.plan.operation, how, ("ticket", &ticket))
            .await;
        if told.is_none() {
            // It may be the ticket's fault: the next time asks for another.
            let mut batch = Batch::default();
            batch.values.push(Value::removed(names.ticket()));
            let _ = store.commit(batch).await;
        }
        Some(())
    }

    /// The ticket that is kept, or a new one.
    async fn ticket(&self) -> Option<String> {
        let Origin { store, names, .. } = &*self.origin;
        if let Some(ticket) = value(&**store, names.ticket()).await.ok()? {
            return Some(ticket);
        }
        let right = Held::read(&**store, names).await.ok()??;
        let token = right.granted.token.expose();
        let TypingPlan { asks, ask, .. } = self.plan;
        let ticket = self.call(asks, ask, ("token", token)).await?;
        let ticket = ticket.text(self.plan.ticket)?;
        let mut kept = Value::new(names.ticket(), &*ticket);
        kept.life = Some(self.plan.within);
        let mut batch = Batch::default();
        batch.values.push(kept);
        // What cannot be kept is asked for again.
        let _ = store.commit(batch).await;
        Some(ticket)
    }

    async fn call(
        &self,
        operation: &'static Operation,
        template: &Template,
        (name, secret): (&str, &str),
    ) -> Option<Rest> {
        let person = Json::from(self.origin.person.as_str());
        let values = [("person", &person), (name, &Json::from(secret))];
        let body = template.filled(&values).ok()?;
        let prepared = self.session.prepare_written(operation, body.as_str());
        let prepared = prepared.hiding(vec![Secret::from(secret)]);
        prepared.send().await.ok()
    }
}
