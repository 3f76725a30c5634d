//! A medium goes up: read once, an address is asked for, and what is encrypted goes there.

use super::cipher::{self, Key};
use super::host::{Way, error, header};
use super::medium::{Medium, Watch};
use super::plan::UpPlan;
use super::spool::{Refused, Spooled, spool};
use crate::runtime::call::{Error, ErrorKind, Method, Rest, Session};
use crate::runtime::codec::json::Json;
use crate::runtime::codec::{Secret, base64};
use std::fmt;
use std::time::Duration;

/// What errors call it.
const UPLOAD: &str = "upload";

/// The slowest line that is waited for, in bytes a second.
const SLOWEST: u64 = 64 << 10;

/// How much of the host's answer is read.
const NOTICE: u64 = 64 << 10;

/// A medium that its host has taken: it may be sent to the person for whom it was.
#[derive(Clone)]
#[non_exhaustive]
pub struct Uploaded {
    /// The medium as it stands in a message: it holds the key.
    pub medium: Json,
    /// How large it is.
    pub size: u64,
    /// How large it is encrypted.
    pub encrypted_size: u64,
    /// Its MD5, in hex letters.
    pub md5: String,
    /// What it is called.
    pub name: Option<String>,
}

/// Shows sizes: what it is called is the user's, and where it is and how to read it a secret.
impl fmt::Debug for Uploaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Uploaded")
            .field("size", &self.size)
            .field("encrypted_size", &self.encrypted_size)
            .finish_non_exhaustive()
    }
}

impl Uploaded {
    /// What the template of a message may want to know of it.
    pub fn values(&self) -> [(&'static str, Json); 5] {
        let name = self.name.as_deref().unwrap_or_default();
        [
            ("media", self.medium.clone()),
            ("size", Json::from(self.size)),
            ("encrypted_size", Json::from(self.encrypted_size)),
            ("md5", Json::from(self.md5.as_str())),
            ("file_name", Json::from(name)),
        ]
    }
}

/// Encrypts a medium, of a kind as the vendor calls it, and takes it to its host, for this person.
///
/// # Errors
///
/// Whatever the error says, nobody was sent anything: it never says that something may have been executed.
pub async fn upload(
    session: &Session,
    plan: &UpPlan,
    kind: Json,
    person: &str,
    medium: Medium,
) -> Result<Uploaded, Error> {
    let (name, watch) = (medium.name.clone(), medium.watch.clone());
    let key = Key::random()?;
    let spooled = wait(plan, &key, medium).await?;
    let id = cipher::hex(&cipher::random()?);
    let mut values = vec![
        ("id", Json::from(id.as_str())),
        ("kind", kind),
        ("person", Json::from(person)),
        ("size", Json::from(spooled.size)),
        ("encrypted_size", Json::from(spooled.encrypted_size())),
        ("md5", Json::from(spooled.md5.as_str())),
        ("key_hex", Json::from(key.hex())),
        ("key_base64", Json::from(key.base64())),
        (
            "key_hex_base64",
            Json::from(base64::encode(key.hex().as_bytes())),
        ),
    ];
    let asked = ask(session, plan, &values, &key).await?;
    let way = way(session, plan, &asked, &id)?;
    let once =
        || -> crate::runtime::BoxFuture<'_, _> { Box::pin(put(&way, plan, &spooled, &watch)) };
    let taken = way.tries(once).await?;
    values.push(("taken", Json::from(taken)));
    Ok(Uploaded {
        medium: plan
            .medium
            .filled(&named(&values))
            .map_err(Error::harmless)?,
        size: spooled.size,
        encrypted_size: spooled.encrypted_size(),
        md5: spooled.md5,
        name,
    })
}

fn named<'a>(values: &'a [(&'a str, Json)]) -> Vec<(&'a str, &'a Json)> {
    values.iter().map(|(name, value)| (*name, value)).collect()
}

/// Reads it once.
async fn wait(plan: &UpPlan, key: &Key, medium: Medium) -> Result<Spooled, Error> {
    let most = medium.most.unwrap_or(plan.host.most);
    let failed = |message: &str, source: std::io::Error| {
        error(UPLOAD, plan.host.root, ErrorKind::NotSent)
            .with_message(Some(format!("{message}: {source}")))
            .with_source(source.into(), false)
            .with_hopeless(true)
    };
    let source = medium.open().await;
    let source = source.map_err(|source| failed("the medium cannot be opened", source))?;
    spool(source, key, most)
        .await
        .map_err(|refused| match refused {
            Refused::TooLarge => {
                let message =
                    format!("the medium is larger than {most} bytes: `most_bytes` allows more");
                error(UPLOAD, plan.host.root, ErrorKind::Misuse).with_message(Some(message))
            }
            Refused::Unreadable(source) => failed("the medium cannot be read", source),
            Refused::Unwritable(source) => failed(
                "the medium cannot wait in the directory for temporary files",
                source,
            ),
        })
}

async fn ask(
    session: &Session,
    plan: &UpPlan,
    values: &[(&str, Json)],
    key: &Key,
) -> Result<Rest, Error> {
    let body = plan
        .params
        .filled(&named(values))
        .map_err(Error::harmless)?;
    let call = session.prepare_written(plan.operation, body.as_str());
    let secrets = [Secret::from(key.hex())];
    let asked = call.send().await;
    asked.map_err(|error| error.without(&secrets).harmless())
}

/// Where to, as the answer says.
fn way(session: &Session, plan: &UpPlan, asked: &Rest, id: &str) -> Result<Way, Error> {
    let found = |path: Option<_>| path.and_then(|path| asked.text(path));
    let (whole, param) = (found(plan.url), found(plan.param));
    if whole.is_none() && param.is_none() {
        let message = "the answer does not say where the medium goes to".to_owned();
        return Err(asked.unusable(plan.operation, message).harmless());
    }
    let values = [("param", param.as_deref().unwrap_or_default()), ("id", id)];
    let below = (plan.at, &values[..]);
    Way::new(session.core(), plan.host, UPLOAD, whole.as_deref(), below)
}

/// Takes it there once; how the host calls it.
async fn put(way: &Way, plan: &UpPlan, spooled: &Spooled, watch: &Watch) -> Result<String, Error> {
    let slow = Duration::from_secs(spooled.encrypted_size() / SLOWEST);
    let patience = way.settings().timeout.saturating_add(slow);
    let pieces = spooled.pieces(watch);
    let answer = way.send(Method::Post, pieces, patience, NOTICE).await?;
    if answer.status != 200 {
        return Err(way.unwanted(&answer));
    }
    header(&answer, plan.taken).ok_or_else(|| {
        let message = format!("the medium was taken, but the answer has no {}", plan.taken);
        way.error(ErrorKind::Undecodable)
            .with_message(Some(message))
    })
}
