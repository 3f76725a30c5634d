//! A medium comes down: fetched, decrypted as it comes, and never longer than it may be.

use super::cipher::{Decryption, Key};
use super::host::{Way, error};
use super::medium::{Progress, Watch};
use super::plan::DownPlan;
use crate::runtime::call::{
    Asked, BoxFuture, Caller, Core, Error, ErrorKind, Method, Pieces, Polled,
};
use std::fmt;
use std::future::poll_fn;
use std::task::{Context, Poll};

/// What errors call it.
const DOWNLOAD: &str = "download";

/// What a message says of a medium, as it came.
#[derive(Clone, Copy, Default)]
pub struct Parts<'a> {
    /// The whole address.
    pub url: Option<&'a str>,
    /// What stands for the address.
    pub param: Option<&'a str>,
    /// The key that stands beside it, in any of its spellings: it wins.
    pub beside: Option<&'a str>,
    /// Its own key.
    pub key: Option<&'a str>,
    /// Without a key it is not encrypted.
    pub plain: bool,
}

impl Parts<'_> {
    /// Whether there is something to fetch that can be read.
    pub fn is_readable(&self) -> bool {
        (is_there(self.url) || is_there(self.param)) && (self.plain || self.keys().next().is_some())
    }

    fn keys(&self) -> impl Iterator<Item = &str> {
        let keys = [self.beside, self.key];
        keys.into_iter().filter(|key| is_there(*key)).flatten()
    }

    fn key(&self) -> Result<Option<Key>, &'static str> {
        match self.keys().find_map(Key::read) {
            Some(key) => Ok(Some(key)),
            None if self.keys().next().is_some() => {
                Err("its key is none: neither 16 bytes nor 32 hex letters")
            }
            None if self.plain => Ok(None),
            None => Err("it has no key"),
        }
    }
}

fn is_there(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}

/// What holds media: a message, a part of one, a list of such.
pub trait HoldsMedia {
    /// How they get here.
    const DOWN: &'static DownPlan;

    /// Adds what is said of each of them.
    fn media<'a>(&'a self, found: &mut Vec<Parts<'a>>);
}

impl<T: HoldsMedia> HoldsMedia for Option<T> {
    const DOWN: &'static DownPlan = T::DOWN;

    fn media<'a>(&'a self, found: &mut Vec<Parts<'a>>) {
        if let Some(held) = self {
            held.media(found);
        }
    }
}

impl<T: HoldsMedia> HoldsMedia for Vec<T> {
    const DOWN: &'static DownPlan = T::DOWN;

    fn media<'a>(&'a self, found: &mut Vec<Parts<'a>>) {
        for held in self {
            held.media(found);
        }
    }
}

/// A medium that is to be fetched: `.await` yields its bytes, [`stream`](Self::stream) yields them as they come.
///
/// ```no_run
/// # async fn example(download: generated_sdk::media::Download) -> Result<(), Box<dyn std::error::Error>> {
/// let picture = download.most_bytes(5 << 20).await?;
/// std::fs::write("picture.jpg", picture)?;
/// # Ok(()) }
/// ```
#[must_use = "nothing is fetched until it is awaited"]
pub struct Download {
    /// Where it is, and its key if it is encrypted; or why it cannot be fetched.
    target: Result<(Way, Option<Key>), Error>,
    most: Option<u64>,
    watch: Watch,
}

impl Download {
    /// What a message says of it is enough; what is missing is said when it is fetched.
    pub fn new(caller: &impl Caller, plan: &DownPlan, parts: Parts<'_>) -> Self {
        Self {
            target: target(caller.session().core(), plan, parts),
            most: None,
            watch: Watch::default(),
        }
    }

    /// The first medium that something holds; what it does not hold is said when it is fetched.
    pub fn first<T: HoldsMedia>(caller: &impl Caller, holder: &T) -> Self {
        let mut found = Vec::new();
        holder.media(&mut found);
        Self::new(caller, T::DOWN, found.first().copied().unwrap_or_default())
    }

    /// The media that something holds, without those that nobody could read.
    pub fn all<T: HoldsMedia>(caller: &impl Caller, holder: &T) -> Vec<Self> {
        let mut found = Vec::new();
        holder.media(&mut found);
        let readable = found.into_iter().filter(Parts::is_readable);
        readable
            .map(|parts| Self::new(caller, T::DOWN, parts))
            .collect()
    }

    /// How large it may be, instead of what is usual for the vendor.
    pub fn most_bytes(mut self, most: u64) -> Self {
        self.most = Some(most);
        self
    }

    /// Tells how far it is fetched; where it is fetched once more, that begins anew.
    pub fn progress(mut self, tell: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.watch = Watch::of(tell);
        self
    }

    /// Begins to fetch it.
    ///
    /// # Errors
    ///
    /// Those of the beginning; what is wrong with the rest, the pieces say.
    pub async fn stream(self) -> Result<Downloading, Error> {
        let Self {
            target,
            most,
            watch,
        } = self;
        let (way, key) = target?;
        let begun = way.tries(|| Box::pin(begin(&way, key.as_ref(), most, &watch)));
        begun.await
    }

    async fn whole(self) -> Result<Vec<u8>, Error> {
        let Self {
            target,
            most,
            watch,
        } = self;
        let (way, key) = target?;
        let whole = way.tries(|| {
            Box::pin(async {
                let coming = begin(&way, key.as_ref(), most, &watch).await?;
                coming.gathered().await
            })
        });
        whole.await
    }

    /// Fetches it and waits for it, for threads without a runtime.
    #[cfg(feature = "blocking")]
    pub fn wait(self) -> Result<Vec<u8>, Error> {
        crate::runtime::call::blocking::wait(self.into_future())
    }
}

/// All of its bytes. What was fetched in vain is fetched again where that may go well.
///
/// # Errors
///
/// Besides those of calls: what has no key, another key or no end is [`Undecodable`](crate::ErrorKind::Undecodable), as
/// is an address that the client must not go to.
impl IntoFuture for Download {
    type Output = Result<Vec<u8>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.whole())
    }
}

/// Shows neither where it is nor its key.
impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download").finish_non_exhaustive()
    }
}

fn target(core: &Core, plan: &DownPlan, parts: Parts<'_>) -> Result<(Way, Option<Key>), Error> {
    let refused = |message: &str| {
        error(DOWNLOAD, plan.host.root, ErrorKind::Undecodable)
            .with_message(Some(format!("the medium cannot be fetched: {message}")))
            .with_hopeless(true)
    };
    if !is_there(parts.url) && !is_there(parts.param) {
        return Err(refused("the message does not say where it is"));
    }
    let key = parts.key().map_err(refused)?;
    let values = [("param", parts.param.unwrap_or_default())];
    let below = (plan.at, &values[..]);
    let way = Way::new(core, plan.host, DOWNLOAD, parts.url, below)?;
    Ok((way, key))
}

async fn begin(
    way: &Way,
    key: Option<&Key>,
    most: Option<u64>,
    watch: &Watch,
) -> Result<Downloading, Error> {
    let most = way.most(most);
    // Encrypted, it is a block longer at most.
    let limit = most.saturating_add(16);
    let patience = way.settings().timeout;
    let answer = way
        .send(Method::Get, Box::new(Vec::new()), patience, limit)
        .await?;
    if answer.status != 200 {
        return Err(way.unwanted(&answer));
    }
    let coming = Coming {
        whole: answer.body.left(),
        way: way.clone(),
        body: answer.body,
        decryption: key.map(Decryption::new),
        is_over: false,
        came: 0,
        yielded: 0,
        most,
        watch: watch.clone(),
    };
    if coming.whole.is_some_and(|whole| whole > limit) {
        return Err(coming.too_long());
    }
    Ok(Downloading {
        whole: coming.whole,
        pieces: Polled::Idle(Box::new(coming)),
    })
}

/// A medium that comes piece by piece. What is wrong with its end is an error after the last piece: until then the
/// bytes are not certain.
///
/// ```no_run
/// # async fn example(download: generated_sdk::media::Download) -> Result<(), generated_sdk::Error> {
/// let mut coming = download.stream().await?;
/// while let Some(piece) = coming.next().await? {
///     println!("{} bytes more", piece.len());
/// }
/// # Ok(()) }
/// ```
pub struct Downloading {
    /// How long it is as it travels, where the host says so.
    whole: Option<u64>,
    pieces: Polled<Box<Coming>, Error>,
}

impl Downloading {
    /// The next piece; none after the last one or an error.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Error> {
        poll_fn(|context| self.poll(context)).await.transpose()
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Vec<u8>, Error>>> {
        fn asked(mut coming: Box<Coming>) -> Asked<Box<Coming>, Error> {
            Box::pin(async move {
                let next = coming.next().await;
                (coming, next)
            })
        }
        self.pieces.poll(context, asked)
    }

    async fn gathered(mut self) -> Result<Vec<u8>, Error> {
        let mut all = Vec::new();
        let known = self.whole.and_then(|whole| usize::try_from(whole).ok());
        // Where there is no room, the pieces will tell.
        let _ = all.try_reserve(known.unwrap_or_default());
        while let Some(piece) = self.next().await? {
            all.extend_from_slice(&piece);
        }
        Ok(all)
    }
}

/// Ends after an error.
#[cfg(feature = "stream")]
impl futures_core::Stream for Downloading {
    type Item = Result<Vec<u8>, Error>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Self::Item>> {
        self.poll(context)
    }
}

/// A medium under way.
struct Coming {
    way: Way,
    body: Box<dyn Pieces>,
    /// Unless it comes as it is.
    decryption: Option<Decryption>,
    is_over: bool,
    came: u64,
    yielded: u64,
    whole: Option<u64>,
    most: u64,
    watch: Watch,
}

impl Coming {
    /// The next piece that has something in it.
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Error> {
        while !self.is_over {
            let plain = self.piece().await?;
            self.yielded += plain.len() as u64;
            if self.yielded > self.most {
                return Err(self.too_long());
            }
            if !plain.is_empty() {
                return Ok(Some(plain));
            }
        }
        Ok(None)
    }

    /// What the next piece that comes is, decrypted.
    async fn piece(&mut self) -> Result<Vec<u8>, Error> {
        let Self { way, body, .. } = self;
        let piece = way.within(way.settings().timeout, body.next()).await?;
        let Some(piece) = piece else {
            self.is_over = true;
            return self.end();
        };
        self.came += piece.len() as u64;
        self.watch.tell(self.came, self.whole);
        Ok(match &mut self.decryption {
            Some(decryption) => decryption.piece(&piece),
            None => piece,
        })
    }

    fn end(&mut self) -> Result<Vec<u8>, Error> {
        let end = self.decryption.take().map(Decryption::end);
        end.unwrap_or(Ok(Vec::new())).map_err(|wrong| {
            let message = format!("the medium cannot be decrypted: {wrong}");
            self.way.refused(ErrorKind::Undecodable, message)
        })
    }

    fn too_long(&self) -> Error {
        let message = format!(
            "the medium is larger than {} bytes: `most_bytes` allows more",
            self.most
        );
        self.way.refused(ErrorKind::NoAnswer, message)
    }
}

/// Shows nothing of it.
impl fmt::Debug for Downloading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Downloading").finish_non_exhaustive()
    }
}
