//! One answer, from the store to the vendor: what it needs is written down before it goes out.

use super::conversation::Sent;
use super::names::CLOSED;
use super::origin::{Handed, Origin};
use super::record::Record;
use super::right::{Granted, Held, counted};
use super::unsaid::{Unsaid, Why};
use crate::runtime::call::{BoxError, BoxFuture, Session, random, wire};
use crate::runtime::codec::Secret;
use crate::runtime::codec::json::{Kind, Reader};
use crate::runtime::receive::event::identity_of;
use crate::runtime::store::{Batch, Value, value};
use crate::runtime::{Error, ErrorKind, Json};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;

/// How often it is tried again to have sends counted, and the first wait before that.
const TRIES: u32 = 6;
const SHORT: Duration = Duration::from_millis(5);

/// Makes the items of an answer, once it is known that it goes out.
pub(super) type Make = BoxFuture<'static, Result<Vec<Json>, Error>>;

/// An answer that has its number.
pub(super) struct Saying {
    pub(super) origin: Arc<Origin>,
    pub(super) session: Session,
    pub(super) ordinal: u32,
    /// How many pieces it has.
    pub(super) needed: usize,
}

/// A piece on its way.
struct Piece {
    id: String,
    body: Json,
    /// What the vendor must not repeat.
    texts: Vec<Secret>,
}

impl Saying {
    /// Sends what has not been sent, or says why not.
    pub(super) async fn run(self, make: Make) -> Result<Sent, Error> {
        let _turn = self.origin.turn.lock().await;
        let mut record = self.begun().await?;
        if record.is_whole() {
            let client_ids = record.sent;
            return Ok(Sent {
                client_ids,
                repeated: true,
            });
        }
        if record.going.is_some() {
            return Err(self.refused(Why::Unknown, record.sent));
        }
        let missing = self.needed.saturating_sub(record.sent.len());
        // It is not made if it cannot go out.
        self.granted(missing, &record).await?;
        let items = make.await?;
        let print = items
            .iter()
            .fold(0, |print, item| identity_of(print, item.as_str()));
        if let Some(why) = record.refuses(items.len(), print) {
            return Err(self.refused(why, record.sent));
        }
        (record.of, record.print) = (items.len(), print);
        let (granted, pieces) = self.reserved(&items, &mut record).await?;
        self.send(&granted, &pieces, &mut record).await?;
        Ok(Sent {
            client_ids: record.sent,
            repeated: false,
        })
    }

    /// What an earlier attempt at the message has done of this answer.
    async fn begun(&self) -> Result<Record, Error> {
        let Some(name) = self.record() else {
            return Ok(Record::default());
        };
        let text = value(&*self.origin.store, name).await;
        let Some(text) = text.map_err(|error| self.store_failed(error))? else {
            return Ok(Record::default());
        };
        Record::read(&text).ok_or_else(|| {
            self.store_failed("the store has an answer that no version of this crate wrote".into())
        })
    }

    /// Where it is written what became of this answer.
    fn record(&self) -> Option<String> {
        let handed = self.origin.handed.as_ref()?;
        Some(self.origin.names.said(handed.message, self.ordinal))
    }

    /// The right to send so many.
    async fn granted(&self, needed: usize, record: &Record) -> Result<Granted, Error> {
        let Origin {
            store,
            names,
            handed,
            ..
        } = &*self.origin;
        let refused = |why| self.refused(why, record.sent.clone());
        let held = Held::read(&**store, names).await;
        let held = held.map_err(|error| self.store_failed(error))?;
        let held = held.ok_or_else(|| refused(Why::NobodyWrote))?;
        // What was said in answer to it is forgotten by then.
        let forgotten =
            |handed: &Handed| handed.redelivered && held.granted.is_too_old(handed.since);
        if handed.as_ref().is_some_and(forgotten) {
            return Err(refused(Why::TooOld));
        }
        match held.refuses(needed) {
            Some(why) => Err(refused(why)),
            None => Ok(held.granted),
        }
    }

    fn piece(&self, item: &Json, granted: &Granted) -> Result<Piece, Error> {
        let Origin { plan, person, .. } = &*self.origin;
        let id = random::id();
        let mut texts = vec![granted.token.clone()];
        push_texts(item, &mut texts);
        let body = plan.message.filled(&[
            ("person", &Json::from(person.as_str())),
            ("client_id", &Json::from(id.as_str())),
            ("token", &Json::from(granted.token.expose())),
            ("item", item),
        ])?;
        Ok(Piece { id, body, texts })
    }

    /// Has the sends that are missing counted before they go out. Others may want the same ones at the same time, on
    /// whatever server: whoever meets them gives way, and tries again a little later.
    async fn reserved(
        &self,
        items: &[Json],
        record: &mut Record,
    ) -> Result<(Granted, Vec<Piece>), Error> {
        let missing = items.get(record.sent.len()..).unwrap_or_default();
        let mut tries = 0;
        loop {
            let granted = self.granted(missing.len(), record).await?;
            let pieces = missing.iter().map(|item| self.piece(item, &granted));
            let pieces = pieces.collect::<Result<Vec<_>, Error>>()?;
            let Some(why) = self.reserve(&granted, &pieces, record).await? else {
                return Ok((granted, pieces));
            };
            if tries == TRIES {
                return Err(self.refused(why, record.sent.clone()));
            }
            sleep(random::between(SHORT, SHORT * (2 << tries))).await;
            tries += 1;
        }
    }

    /// Writes down that these are sent, the first one now; if that were more than there may be, nothing, and why.
    async fn reserve(
        &self,
        granted: &Granted,
        pieces: &[Piece],
        record: &mut Record,
    ) -> Result<Option<Why>, Error> {
        let Origin { store, names, .. } = &*self.origin;
        record.going = pieces.first().map(|piece| piece.id.clone());
        let mut batch = self.noted(record, granted);
        for piece in pieces {
            let mut sends = Value::new(self.counts(granted, &piece.id), "");
            sends.life = Some(granted.within);
            batch.values.push(sends);
        }
        if let Err(error) = self.commit(batch).await {
            record.going = None;
            if error.kind() == ErrorKind::NotSent {
                // Perhaps it is written all the same.
                let _ = store.commit(self.undone(granted, pieces, record)).await;
            }
            return Err(error);
        }
        let now = counted(&**store, names, granted.message).await;
        if let Ok((sends, _)) = now
            && sends <= granted.answers
        {
            return Ok(None);
        }
        record.going = None;
        self.write(self.undone(granted, pieces, record)).await;
        let (sends, _) = now.map_err(|error| self.store_failed(error))?;
        let needed = pieces.len();
        let left = (granted.answers + needed).saturating_sub(sends);
        Ok(Some(Why::UsedUp { left, needed }))
    }

    async fn send(
        &self,
        granted: &Granted,
        pieces: &[Piece],
        record: &mut Record,
    ) -> Result<(), Error> {
        let mut left = pieces;
        while let Some((piece, rest)) = left.split_first() {
            let prepared =
                (self.session).prepare_written(self.origin.plan.operation, piece.body.as_str());
            let sent = prepared.hiding(piece.texts.clone()).send().await;
            if let Err(error) = sent {
                return Err(self.failed(granted, left, record, error).await);
            }
            record.sent.push(piece.id.clone());
            record.going = rest.first().map(|piece| piece.id.clone());
            let noted = self.noted(record, granted);
            if rest.is_empty() {
                self.write(noted).await;
            } else if let Err(error) = self.commit(noted).await {
                record.going = None;
                self.write(self.undone(granted, rest, record)).await;
                return Err(self.halfway(Why::Failed, error, record));
            }
            left = rest;
        }
        Ok(())
    }

    /// The first of these pieces was not sent, or nobody knows: what that means for the rest.
    async fn failed(
        &self,
        granted: &Granted,
        pieces: &[Piece],
        record: &mut Record,
        error: Error,
    ) -> Error {
        let mut left = pieces;
        if error.may_have_been_executed() {
            left = pieces.get(1..).unwrap_or_default();
        } else {
            record.going = None;
        }
        let mut batch = self.undone(granted, left, record);
        let mut why = Why::Failed;
        if (self.origin.plan).is_closed_by(error.code(), error.message()) {
            why = Why::Closed;
            let mut closed = Value::new(self.counts(granted, CLOSED), "");
            closed.life = Some(granted.within * 2);
            batch.values.push(closed);
        }
        self.write(batch).await;
        self.halfway(why, error, record)
    }

    /// What became of the answer so far, and that these pieces do not go out.
    fn undone(&self, granted: &Granted, pieces: &[Piece], record: &Record) -> Batch {
        let mut batch = self.noted(record, granted);
        let names = pieces.iter().map(|piece| self.counts(granted, &piece.id));
        batch.values.extend(names.map(Value::removed));
        batch
    }

    /// Writes what has happened, whoever has the message by now: nobody else writes of an answer that is being sent.
    async fn write(&self, mut batch: Batch) {
        batch.held = Vec::new();
        // With a store that fails it stays as being sent, which is never sent again.
        let _ = self.origin.store.commit(batch).await;
    }

    /// What became of the answer so far, as a step of whoever holds the message.
    fn noted(&self, record: &Record, granted: &Granted) -> Batch {
        let handed = self.origin.handed.iter();
        let mut batch = Batch {
            held: handed.map(|handed| handed.lease).collect(),
            ..Batch::default()
        };
        if let Some(name) = self.record() {
            let mut value = Value::removed(name);
            if !record.is_empty() {
                value.text = Some(record.written());
                value.life = Some(granted.within);
            }
            batch.values.push(value);
        }
        batch
    }

    async fn commit(&self, batch: Batch) -> Result<(), Error> {
        let committed = self.origin.store.commit(batch).await;
        match committed.map_err(|error| self.store_failed(error))?.held {
            true => Ok(()),
            false => Err(self.error(ErrorKind::Misuse).with_message(Some(
                "its message is finished, or was handed to another: answer while it is being handled, \
                 or hold a conversation of the client"
                    .to_owned(),
            ))),
        }
    }

    fn counts(&self, granted: &Granted, what: &str) -> String {
        format!("{}{what}", self.origin.names.counted(granted.message))
    }

    fn error(&self, kind: ErrorKind) -> Error {
        let operation = self.origin.plan.operation;
        wire::error(operation, operation.path, kind)
    }

    fn store_failed(&self, failure: BoxError) -> Error {
        let message = failure.to_string();
        self.error(ErrorKind::NotSent)
            .with_message(Some(message))
            .with_source(failure, false)
    }

    fn refused(&self, why: Why, sent: Vec<String>) -> Error {
        let kind = match why {
            Why::Unknown => ErrorKind::NoAnswer,
            _ => ErrorKind::NoRight,
        };
        let partly = !sent.is_empty();
        let of = self.needed;
        self.error(kind)
            .with_message(Some(why.to_string()))
            .after_execution(partly)
            .with_unsaid(Unsaid { why, sent, of })
    }

    /// A call failed, perhaps when others had gone well: a message that is handed over again goes on behind those.
    fn halfway(&self, why: Why, error: Error, record: &Record) -> Error {
        let goes_on = self.origin.handed.is_some();
        error
            .after_execution(!goes_on && !record.sent.is_empty())
            .with_unsaid(Unsaid {
                why,
                sent: record.sent.clone(),
                of: record.of,
            })
    }
}

/// The texts in a value.
fn push_texts(value: &Json, into: &mut Vec<Secret>) {
    push_of(&mut Reader::new(value.as_str()), into);
}

fn push_of(reader: &mut Reader<'_>, into: &mut Vec<Secret>) {
    match reader.kind() {
        Kind::Text => into.push(reader.text().into_owned().into()),
        kind @ (Kind::Object | Kind::Array) => {
            let mut more = reader.enter();
            while more {
                if kind == Kind::Object {
                    reader.name();
                }
                push_of(reader, into);
                more = reader.more();
            }
        }
        _ => _ = reader.raw(),
    }
}
