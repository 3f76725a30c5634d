//! Where what a login yields is kept: in a store, or in a file that its owner alone can read. By name, `session/alice/token`.

use crate::runtime::call::BoxError;
use crate::runtime::codec::json::{Json, members, plain};
use crate::runtime::lock::lock;
use crate::runtime::store::{Batch, Store, Value, value};
use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// Where it is kept.
pub(super) enum Keeper {
    Store(Arc<dyn Store>),
    File(PathBuf, Mutex<BTreeMap<String, String>>),
    /// Nowhere: gone with the process.
    Memory(Mutex<BTreeMap<String, String>>),
}

fn name(account: &str, what: &str) -> String {
    format!("session/{account}/{what}")
}

impl Keeper {
    /// A file, and what it holds already.
    pub(super) fn file(path: PathBuf) -> Result<Self, BoxError> {
        let kept = match fs::read_to_string(&path) {
            Ok(text) => read(&text)
                .ok_or_else(|| format!("{} is no file of a supervisor", path.display()))?,
            Err(error) if error.kind() == ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(format!("{}: {error}", path.display()).into()),
        };
        Ok(Self::File(path, Mutex::new(kept)))
    }

    pub(super) async fn get(&self, account: &str, what: &str) -> Result<Option<String>, BoxError> {
        let name = name(account, what);
        match self {
            Self::Store(store) => value(&**store, name).await,
            Self::File(_, kept) | Self::Memory(kept) => Ok(lock(kept).get(&name).cloned()),
        }
    }

    pub(super) async fn put(&self, account: &str, what: &str, text: &str) -> Result<(), BoxError> {
        let name = name(account, what);
        match self {
            Self::Store(store) => {
                let mut batch = Batch::default();
                batch.values.push(Value::new(name, text));
                store.commit(batch).await.map(drop)
            }
            Self::File(path, kept) => {
                let mut kept = lock(kept);
                kept.insert(name, text.to_owned());
                write(path, &kept).map_err(|error| format!("{}: {error}", path.display()).into())
            }
            Self::Memory(kept) => {
                lock(kept).insert(name, text.to_owned());
                Ok(())
            }
        }
    }
}

fn read(text: &str) -> Option<BTreeMap<String, String>> {
    let mut kept = BTreeMap::new();
    members(text, &mut |name, value, _| {
        kept.insert(name.to_owned(), plain(value));
    })
    .ok()?;
    Some(kept)
}

/// Whole or not at all, and never readable for others.
fn write(path: &Path, kept: &BTreeMap<String, String>) -> std::io::Result<()> {
    let members = kept
        .iter()
        .map(|(name, text)| (name, Json::from(text.as_str())));
    let text = Json::object(members);
    let mut new = path.as_os_str().to_owned();
    new.push(".new");
    // One that a killed process left may have another mode.
    match fs::remove_file(&new) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&new)?;
    file.write_all(text.as_str().as_bytes())?;
    file.sync_all()?;
    fs::rename(new, path)
}
