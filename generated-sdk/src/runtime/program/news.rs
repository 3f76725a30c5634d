//! What one server tells another through the store that they share: entries of a queue of their own, in the lane of the
//! server that is to hear them.

use crate::runtime::codec::json::Json;
use std::time::Duration;

const BREAK: char = '\n';

/// How long news is worth hearing: old ones would answer new commands.
pub(super) const LIFE: Duration = Duration::from_secs(60);

/// What one server tells another.
#[derive(Clone, Debug)]
pub(super) enum News {
    /// A command has reached its program.
    HandedOut { id: String },
    /// A command's result has come, with the reason if the program did not execute it.
    Result {
        id: String,
        reason: Option<String>,
        payload: Json,
    },
    /// An event that commands may wait for has come, from this account and process as far as it says.
    Event {
        account: String,
        process: String,
        code: String,
        payload: Json,
    },
}

impl News {
    /// As the body of an entry.
    pub(super) fn written(&self) -> String {
        match self {
            News::HandedOut { id } => format!("handed{BREAK}{id}"),
            News::Result {
                id,
                reason,
                payload,
            } => {
                // A reason is a program's text and may have line breaks: its length comes first.
                let (failed, reason) =
                    (u8::from(reason.is_some()), reason.as_deref().unwrap_or(""));
                let length = reason.len();
                format!("result{BREAK}{id}{BREAK}{failed}{BREAK}{length}{BREAK}{reason}{payload}")
            }
            News::Event {
                account,
                process,
                code,
                payload,
            } => format!("event{BREAK}{account}{BREAK}{process}{BREAK}{code}{BREAK}{payload}"),
        }
    }

    /// Of the body of an entry.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once(BREAK)?;
        match kind {
            "handed" => Some(News::HandedOut {
                id: rest.to_owned(),
            }),
            "result" => {
                let mut parts = rest.splitn(4, BREAK);
                let (id, failed) = (parts.next()?, parts.next()? == "1");
                let (length, rest) = (parts.next()?.parse().ok()?, parts.next()?);
                let (reason, payload) = rest.split_at_checked(length)?;
                Some(News::Result {
                    id: id.to_owned(),
                    reason: failed.then(|| reason.to_owned()),
                    payload: payload.parse().ok()?,
                })
            }
            "event" => {
                let mut parts = rest.splitn(4, BREAK);
                Some(News::Event {
                    account: parts.next()?.to_owned(),
                    process: parts.next()?.to_owned(),
                    code: parts.next()?.to_owned(),
                    payload: parts.next()?.parse().ok()?,
                })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::News;

    #[test]
    fn news_arrive_as_they_were_told() {
        for (reason, payload) in [
            (None, "{}"),
            (Some(""), "1"),
            (Some("a\nb\n"), "{\"x\":\"\\n\"}"),
            (Some("不行"), "null"),
        ] {
            let news = News::Result {
                id: "id".to_owned(),
                reason: reason.map(str::to_owned),
                payload: payload.parse().unwrap(),
            };
            let Some(News::Result {
                id,
                reason: r,
                payload: p,
            }) = News::read(&news.written())
            else {
                panic!("{news:?}");
            };
            assert_eq!((&*id, r.as_deref(), p.as_str()), ("id", reason, payload));
        }
        for odd in [
            "",
            "result\n",
            "result\na\n1\n99\nx",
            "result\na\n1\n1\n你",
            "what\nx",
        ] {
            assert!(News::read(odd).is_none(), "{odd}");
        }
    }
}
