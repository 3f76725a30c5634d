//! The queue that several servers share: one Redis.

use super::scripts::{FINISH, GIVE_BACK, NEWS, PUSH, RENEW, TAKE, TELL, WITHDRAW};
use super::store::{Command, CommandStore, News, Settled, Visit};
use crate::runtime::call::{BoxError, BoxFuture};
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, Cmd, FromRedisValue};
use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How long Redis may take to answer before a step has failed.
const PATIENCE: Duration = Duration::from_secs(3);

/// What separates the parts of a piece of news; ids, codes and accounts have none.
const BREAK: char = '\n';

/// Commands in a Redis that several servers share: enqueued on one, fetched from another, the result told to whoever
/// waits for it.
///
/// As durable as that Redis is; one that only caches forgets commands. Every step is a script, so that it happens
/// whole. A cluster of several nodes is not supported.
#[derive(Clone)]
pub struct RedisCommands {
    connection: ConnectionManager,
    prefix: String,
}

impl fmt::Debug for RedisCommands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisCommands")
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

impl RedisCommands {
    /// Connects to `redis://[user:password@]host:port[/database]`, and again whenever the connection is lost.
    ///
    /// # Errors
    ///
    /// If the URL is none, or Redis cannot be reached.
    pub async fn connect(url: impl AsRef<str>) -> Result<Self, BoxError> {
        let client = Client::open(url.as_ref())?;
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(2)
            .set_response_timeout(Some(PATIENCE))
            .set_connection_timeout(Some(PATIENCE));
        Ok(Self {
            connection: ConnectionManager::new_with_config(client, config).await?,
            prefix: "commands:".to_owned(),
        })
    }

    /// What all keys begin with; `commands:` unless said otherwise. APIs that share a Redis need one each.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    fn script(&self, script: &str) -> Cmd {
        let mut command = redis::cmd("EVAL");
        command.arg(script).arg(0).arg(&self.prefix);
        command
    }

    async fn run<T: FromRedisValue>(&self, command: Cmd) -> Result<T, BoxError> {
        let mut connection = self.connection.clone();
        Ok(command.query_async(&mut connection).await?)
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX >> 12)
}

impl CommandStore for RedisCommands {
    fn push(&self, command: Command, most: usize) -> BoxFuture<'_, Result<bool, BoxError>> {
        // By how long, not until when: the clocks of servers differ.
        let left = command.expires.duration_since(SystemTime::now());
        let mut push = self.script(PUSH);
        push.arg(command.id).arg(command.lane).arg(command.body);
        push.arg(command.server);
        push.arg(milliseconds(left.unwrap_or_default()));
        push.arg(u8::from(command.has_result)).arg(most);
        Box::pin(self.run(push))
    }

    fn take(&self, visit: Visit) -> BoxFuture<'_, Result<Vec<Command>, BoxError>> {
        let mut take = self.script(TAKE);
        take.arg(visit.server).arg(visit.most);
        take.arg(milliseconds(visit.lease))
            .arg(visit.programs.len());
        take.arg(visit.programs).arg(visit.lanes);
        Box::pin(async move {
            let taken: Vec<(String, String, String, String, u64, u8)> = self.run(take).await?;
            let commands = taken
                .into_iter()
                .map(|(id, lane, body, server, expires, result)| {
                    let expires = UNIX_EPOCH + Duration::from_millis(expires);
                    let mut command = Command::new(id, lane, body, server, expires);
                    command.has_result = result != 0;
                    command
                });
            Ok(commands.collect())
        })
    }

    fn give_back(&self, ids: Vec<String>) -> BoxFuture<'_, Result<(), BoxError>> {
        let mut give_back = self.script(GIVE_BACK);
        give_back.arg(ids);
        Box::pin(self.run(give_back))
    }

    fn finish(
        &self,
        server: String,
        id: String,
        news: News,
    ) -> BoxFuture<'_, Result<Settled, BoxError>> {
        let mut finish = self.script(FINISH);
        finish.arg(server).arg(id).arg(written(&news));
        Box::pin(async move {
            let settled: u8 = self.run(finish).await?;
            Ok(match settled {
                0 => Settled::Unknown,
                1 => Settled::Again,
                2 => Settled::PassedOn,
                _ => Settled::Open,
            })
        })
    }

    fn withdraw(&self, id: String) -> BoxFuture<'_, Result<bool, BoxError>> {
        let mut withdraw = self.script(WITHDRAW);
        withdraw.arg(id);
        Box::pin(self.run(withdraw))
    }

    fn renew(&self, server: String, lease: Duration) -> BoxFuture<'_, Result<(), BoxError>> {
        let mut renew = self.script(RENEW);
        renew.arg(server).arg(milliseconds(lease));
        Box::pin(self.run(renew))
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn tell(
        &self,
        from: String,
        to: Option<String>,
        news: News,
    ) -> BoxFuture<'_, Result<(), BoxError>> {
        let mut tell = self.script(TELL);
        tell.arg(from)
            .arg(to.unwrap_or_default())
            .arg(written(&news));
        Box::pin(self.run(tell))
    }

    fn news(&self, server: String) -> BoxFuture<'_, Result<Vec<News>, BoxError>> {
        let mut news = self.script(NEWS);
        news.arg(server);
        Box::pin(async move {
            let news: Vec<String> = self.run(news).await?;
            Ok(news.iter().filter_map(|text| read(text)).collect())
        })
    }
}

fn written(news: &News) -> String {
    match news {
        News::HandedOut { id } => format!("handed{BREAK}{id}"),
        News::Result {
            id,
            reason,
            payload,
        } => {
            let mut text = format!(
                "result{BREAK}{id}{BREAK}{}{BREAK}",
                u8::from(reason.is_some())
            );
            // A reason is a program's text and may have line breaks: its length comes first.
            let reason = reason.as_deref().unwrap_or_default();
            text.push_str(&format!("{}{BREAK}{reason}{payload}", reason.len()));
            text
        }
        News::Event {
            account,
            process,
            code,
            payload,
        } => format!("event{BREAK}{account}{BREAK}{process}{BREAK}{code}{BREAK}{payload}"),
    }
}

fn read(text: &str) -> Option<News> {
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

#[cfg(test)]
mod tests {
    use super::{read, written};
    use crate::runtime::program::News;

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
            }) = read(&written(&news))
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
            assert!(read(odd).is_none(), "{odd}");
        }
    }
}
