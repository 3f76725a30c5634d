//! What a user sends: bytes, a file or a stream, and what is said of it on the way.

use std::fmt;
use std::io::{Cursor, Error};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use tokio::fs::File;
use tokio::io::AsyncRead;

/// A picture, a video or a file that is to be sent.
///
/// ```
/// use generated_sdk::media::Medium;
/// let picture = Medium::file("cat.png");
/// let report = Medium::bytes("1,2,3\n").named("report.csv").progress(|far| eprintln!("{far}"));
/// # let _ = (picture, report);
/// ```
///
/// It is read once, piece by piece: what is large never stands in memory as a whole, but encrypted in a file of the
/// system's directory for such (`TMPDIR`), which goes when it is sent.
#[must_use = "nothing is sent until it is given to a send"]
pub struct Medium {
    source: Source,
    pub(super) name: Option<String>,
    pub(super) watch: Watch,
    pub(super) most: Option<u64>,
}

enum Source {
    Bytes(Vec<u8>),
    File(PathBuf),
    Reader(Pin<Box<dyn AsyncRead + Send>>),
}

impl Medium {
    /// These bytes.
    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self::of(Source::Bytes(bytes.into()))
    }

    /// A file; its name goes with it.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::of(Source::File(path.into()))
    }

    /// All that a stream yields.
    pub fn reader(reader: impl AsyncRead + Send + 'static) -> Self {
        Self::of(Source::Reader(Box::pin(reader)))
    }

    fn of(source: Source) -> Self {
        let name = match &source {
            Source::File(path) => path.file_name(),
            Source::Bytes(_) | Source::Reader(_) => None,
        };
        Self {
            name: name.map(|name| name.to_string_lossy().into_owned()),
            source,
            watch: Watch::default(),
            most: None,
        }
    }

    /// What it is called where it arrives.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// How large it may be, instead of what is usual for the vendor.
    pub fn most_bytes(mut self, most: u64) -> Self {
        self.most = Some(most);
        self
    }

    /// Tells how far it is sent; where it is sent once more, that begins anew.
    pub fn progress(mut self, tell: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.watch = Watch::of(tell);
        self
    }

    pub(super) async fn open(self) -> Result<Pin<Box<dyn AsyncRead + Send>>, Error> {
        Ok(match self.source {
            Source::Bytes(bytes) => Box::pin(Cursor::new(bytes)),
            Source::File(path) => Box::pin(File::open(path).await?),
            Source::Reader(reader) => reader,
        })
    }
}

impl From<Vec<u8>> for Medium {
    fn from(bytes: Vec<u8>) -> Self {
        Self::bytes(bytes)
    }
}

impl From<&[u8]> for Medium {
    fn from(bytes: &[u8]) -> Self {
        Self::bytes(bytes)
    }
}

impl<const N: usize> From<&[u8; N]> for Medium {
    fn from(bytes: &[u8; N]) -> Self {
        Self::bytes(bytes)
    }
}

impl From<PathBuf> for Medium {
    fn from(path: PathBuf) -> Self {
        Self::file(path)
    }
}

impl From<&Path> for Medium {
    fn from(path: &Path) -> Self {
        Self::file(path)
    }
}

/// Shows neither what it is nor where it comes from.
impl fmt::Debug for Medium {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Medium").finish_non_exhaustive()
    }
}

/// How far a medium is on its way, in bytes as they travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// What is done.
    pub done: u64,
    /// What there is in all, where that is known.
    pub whole: Option<u64>,
}

/// As in `1024 of 4096 bytes`.
impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.done)?;
        if let Some(whole) = self.whole {
            write!(f, " of {whole}")?;
        }
        f.write_str(" bytes")
    }
}

/// Who wants to know how far a medium is.
#[derive(Clone, Default)]
pub(super) struct Watch(Option<Arc<dyn Fn(Progress) + Send + Sync>>);

impl Watch {
    pub(super) fn of(tell: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(tell)))
    }

    pub(super) fn tell(&self, done: u64, whole: Option<u64>) {
        if let Some(tell) = &self.0 {
            tell(Progress { done, whole });
        }
    }
}
