//! Where a medium waits, encrypted: what is small in memory, what is large in a file that goes with its last owner.
//!
//! Whoever finds the file finds nothing: the key is in memory only.

use super::cipher::{Encryption, Key, encrypted_size};
use super::medium::Watch;
use crate::runtime::call::{BoxFuture, Pieces, TransportError, random};
use std::io::{Error, Result};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};

/// What is no larger waits in memory.
const IN_MEMORY: usize = 8 << 20;

/// How much is read at a time.
const PIECE: usize = 256 << 10;

/// A medium that waits, and what was learnt of it in passing.
pub(super) struct Spooled {
    place: Place,
    /// How large it was.
    pub(super) size: u64,
    /// The MD5 of what it was, in hex letters.
    pub(super) md5: String,
}

#[derive(Clone)]
enum Place {
    Memory(Arc<Vec<u8>>),
    File(Arc<Temporary>),
}

/// Why a medium does not wait.
#[derive(Debug)]
pub(super) enum Refused {
    /// It is larger than it may be.
    TooLarge,
    /// It could not be read.
    Unreadable(Error),
    /// It could not be kept.
    Unwritable(Error),
}

/// Reads a medium once: encrypts it, counts it, and takes its MD5.
pub(super) async fn spool(
    mut source: Pin<Box<dyn AsyncRead + Send>>,
    key: &Key,
    most: u64,
) -> std::result::Result<Spooled, Refused> {
    let (mut encryption, mut hash) = (Encryption::new(key), md5::Context::new());
    let mut waiting = Waiting::default();
    let mut buffer = vec![0; PIECE];
    let mut size = 0_u64;
    loop {
        let read = source
            .read(&mut buffer)
            .await
            .map_err(Refused::Unreadable)?;
        let plain = buffer.get(..read).unwrap_or_default();
        if plain.is_empty() {
            break;
        }
        size += plain.len() as u64;
        if size > most {
            return Err(Refused::TooLarge);
        }
        hash.consume(plain);
        let piece = encryption.piece(plain);
        waiting.take(piece).await.map_err(Refused::Unwritable)?;
    }
    let kept = waiting.take(encryption.end()).await;
    kept.map_err(Refused::Unwritable)?;
    Ok(Spooled {
        place: waiting.end().await.map_err(Refused::Unwritable)?,
        size,
        md5: format!("{:x}", hash.finalize()),
    })
}

/// What has come so far.
#[derive(Default)]
struct Waiting {
    memory: Vec<u8>,
    file: Option<(File, Temporary)>,
}

impl Waiting {
    async fn take(&mut self, mut piece: Vec<u8>) -> Result<()> {
        if self.file.is_none() && self.memory.len() + piece.len() > IN_MEMORY {
            let file = self.file.insert(Temporary::create().await?);
            file.0.write_all(&std::mem::take(&mut self.memory)).await?;
        }
        match &mut self.file {
            Some((file, _)) => file.write_all(&piece).await?,
            None => self.memory.append(&mut piece),
        }
        Ok(())
    }

    async fn end(self) -> Result<Place> {
        let Some((mut file, path)) = self.file else {
            return Ok(Place::Memory(Arc::new(self.memory)));
        };
        file.flush().await?;
        Ok(Place::File(Arc::new(path)))
    }
}

/// A file that goes with its owner.
struct Temporary(PathBuf);

impl Temporary {
    async fn create() -> Result<(File, Self)> {
        let path = std::env::temp_dir().join(format!("medium-{}", random::id()));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        options.mode(0o600);
        let file = options.open(&path).await?;
        Ok((file, Self(path)))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // Where it does not go, nobody can read it, and the system sweeps its directory for such.
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Spooled {
    pub(super) fn encrypted_size(&self) -> u64 {
        encrypted_size(self.size)
    }

    /// All of it from the beginning.
    pub(super) fn pieces(&self, watch: &Watch) -> Box<dyn Pieces> {
        let whole = self.encrypted_size();
        watch.tell(0, Some(whole));
        Box::new(Reading {
            place: self.place.clone(),
            open: None,
            done: 0,
            whole,
            watch: watch.clone(),
        })
    }
}

struct Reading {
    place: Place,
    open: Option<File>,
    done: u64,
    whole: u64,
    watch: Watch,
}

impl Reading {
    async fn read(&mut self) -> Result<Vec<u8>> {
        let file = match &self.place {
            Place::Memory(whole) => {
                let from = usize::try_from(self.done).unwrap_or(usize::MAX);
                let rest = whole.get(from..).unwrap_or_default();
                return Ok(rest.iter().take(PIECE).copied().collect());
            }
            Place::File(path) => match &mut self.open {
                Some(file) => file,
                closed => closed.insert(File::open(&path.0).await?),
            },
        };
        let mut piece = vec![0; PIECE];
        let read = file.read(&mut piece).await?;
        piece.truncate(read);
        Ok(piece)
    }
}

impl Pieces for Reading {
    fn next(&mut self) -> BoxFuture<'_, std::result::Result<Option<Vec<u8>>, TransportError>> {
        Box::pin(async move {
            let piece = self.read().await.map_err(TransportError::no_answer)?;
            if piece.is_empty() {
                return Ok(None);
            }
            self.done += piece.len() as u64;
            self.watch.tell(self.done, Some(self.whole));
            Ok(Some(piece))
        })
    }

    fn left(&self) -> Option<u64> {
        Some(self.whole.saturating_sub(self.done))
    }
}

#[cfg(test)]
mod tests {
    use super::{IN_MEMORY, Place, Refused, spool};
    use crate::runtime::media::cipher::Key;
    use crate::runtime::media::medium::Watch;
    use std::io::Cursor;

    #[tokio::test]
    async fn what_is_large_waits_in_a_file_that_goes_with_it() {
        let key = Key::random().unwrap();
        let waits =
            async |size: usize| spool(Box::pin(Cursor::new(vec![7; size])), &key, 1 << 30).await;
        let small = waits(IN_MEMORY - 16).await.unwrap();
        assert!(matches!(small.place, Place::Memory(_)));
        let large = waits(IN_MEMORY + 1).await.unwrap();
        let Place::File(file) = &large.place else {
            panic!("it is not in a file");
        };
        let path = file.0.clone();
        let found = std::fs::metadata(&path).unwrap();
        assert_eq!(found.len(), large.encrypted_size());
        #[cfg(unix)]
        assert_eq!(
            std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o777,
            0o600
        );
        let pieces = large.pieces(&Watch::default());
        drop(large);
        assert!(path.exists(), "somebody reads it");
        drop(pieces);
        assert!(!path.exists());
    }

    #[tokio::test]
    async fn what_is_larger_than_it_may_be_or_cannot_be_read_is_refused() {
        struct Broken;
        impl tokio::io::AsyncRead for Broken {
            fn poll_read(
                self: std::pin::Pin<&mut Self>,
                _: &mut std::task::Context<'_>,
                _: &mut tokio::io::ReadBuf<'_>,
            ) -> std::task::Poll<std::io::Result<()>> {
                std::task::Poll::Ready(Err(std::io::ErrorKind::BrokenPipe.into()))
            }
        }
        let key = Key::random().unwrap();
        let broken = spool(Box::pin(Broken), &key, 1 << 30).await;
        assert!(matches!(broken, Err(Refused::Unreadable(_))));
        let endless = spool(Box::pin(tokio::io::repeat(1)), &key, 10_000_000).await;
        assert!(matches!(endless, Err(Refused::TooLarge)));
    }
}
