//! What a login has yielded, kept for the next start: in a file that nobody else can read, or in a store.
//!
//! It stays until another login is saved in its place, also when its session has expired: people scan once more, and
//! nothing that was kept is lost by an error.

use crate::runtime::call::{BoxError, Builder, Core, Grant, random};
use crate::runtime::codec::Secret;
use crate::runtime::codec::json::{Json, find, plain};
#[cfg(feature = "store")]
use crate::runtime::store::{Batch, Store, Value, value};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

const TOKEN: &str = "token";
const ROOT: &str = "root";
const ACCOUNT: &str = "account";

impl Core {
    /// Saves what authorises calls, where they go if a login has said so, and whose they are: in a file that only this
    /// user can read, whole or not at all, in place of what was saved there.
    ///
    /// # Errors
    ///
    /// If nobody is logged in, or the file cannot be written.
    pub async fn save(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let saved = self.saved().await.map_err(io::Error::other)?;
        replace(path.as_ref(), saved.as_bytes())
    }

    /// The same in a store, by a name of one's own.
    ///
    /// # Errors
    ///
    /// If nobody is logged in, or the store fails.
    #[cfg(feature = "store")]
    pub async fn save_in(&self, store: &dyn Store, name: String) -> Result<(), BoxError> {
        let mut batch = Batch::default();
        batch.values.push(Value::new(name, self.saved().await?));
        store.commit(batch).await.map(drop)
    }

    async fn saved(&self) -> Result<String, BoxError> {
        let token = self.token().await?;
        let token = token.ok_or("nobody is logged in: there is nothing to save")?;
        let root = self.granted_url().map(|root| (ROOT, Json::from(root)));
        let account = self.account().map(|account| (ACCOUNT, Json::from(account)));
        let token = (TOKEN, Json::from(token.expose()));
        let members = [token].into_iter().chain(root).chain(account);
        Ok(Json::object(members).as_str().to_owned())
    }
}

impl<C: From<Core>> Builder<C> {
    /// The client with what was [saved](Core::save) in a file; `None` if there is no such file.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or holds something else, if it leads to a host where calls must not go, or for what
    /// [`build`](Self::build) says.
    pub async fn restore(self, path: impl AsRef<Path>) -> Result<Option<C>, BoxError> {
        match fs::read_to_string(path) {
            Ok(text) => self.restored(&text).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The same of a store; `None` if it has nothing of this name.
    ///
    /// # Errors
    ///
    /// If the store fails, and as with [`restore`](Self::restore).
    #[cfg(feature = "store")]
    pub async fn restore_value(
        self,
        store: &dyn Store,
        name: String,
    ) -> Result<Option<C>, BoxError> {
        let saved = value(store, name).await?;
        saved.map(|text| self.restored(&text)).transpose()
    }

    fn restored(self, text: &str) -> Result<C, BoxError> {
        let core = self.build_core()?;
        let json: Json = text.parse().map_err(|_| "what was saved is no JSON")?;
        let member = |name: &str| find(json.as_str(), &[name]).map(plain);
        let token = member(TOKEN).filter(|token| !token.is_empty());
        let token = token.ok_or("what was saved has no token")?;
        let root = member(ROOT).map(|root| {
            core.address(&root).map_err(|kind| {
                let server = crate::runtime::call::server(&root);
                let message = format!("what was saved leads to {server}");
                crate::runtime::Error::misuse(message).with_kind(kind)
            })
        });
        let grant = Grant {
            authorization: Some(Secret::from(token)),
            base_url: root.transpose()?,
            account: member(ACCOUNT),
        };
        Ok(C::from(core.granted(grant)))
    }
}

/// Puts a file in place of another, or leaves that as it is.
fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut beside = std::ffi::OsString::from(".");
    beside.push(name);
    beside.push(format!(".{}", random::id()));
    let beside = path.with_file_name(beside);
    let written = write(&beside, content).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // What could not be written is of no use; that it cannot be removed changes nothing.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(content)?;
    file.sync_all()
}
