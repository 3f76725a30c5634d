//! The way to the gateway: address, TCP, TLS, handshake.

use super::lost::Lost;
use crate::runtime::Error;
use http::{HeaderMap, HeaderName, HeaderValue};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_websockets::{ClientBuilder, Config, Limits, WebSocketStream};

/// An open connection.
pub(super) type Socket = WebSocketStream<Counted>;

/// Where to connect to, and how.
pub(super) struct Target {
    url: String,
    host: String,
    port: u16,
    #[cfg(feature = "rustls-tls")]
    secure: bool,
    #[cfg(feature = "rustls-tls")]
    connector: Option<tokio_rustls::TlsConnector>,
    /// How long a message may be.
    limit: usize,
    /// What the handshake says besides.
    headers: HeaderMap,
}

impl Target {
    /// Understands an address.
    pub(super) fn new(url: &str, limit: usize) -> Result<Self, Error> {
        let url = url.trim();
        let (tls, rest) = match (url.strip_prefix("ws://"), url.strip_prefix("wss://")) {
            (Some(rest), _) => (false, rest),
            (None, Some(rest)) => (true, rest),
            (None, None) => {
                return Err(Error::misuse(
                    "the address must start with ws:// or wss:// and a host",
                ));
            }
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if url.contains(['#', ' ']) || authority.contains('@') {
            return Err(Error::misuse(
                "the address must have no user, fragment or space",
            ));
        }
        let (host, port) = host_and_port(authority, if tls { 443 } else { 80 })
            .ok_or_else(|| Error::misuse("the address must have a host, and a port that is one"))?;
        ClientBuilder::new()
            .uri(url)
            .map_err(|_| Error::misuse("the address is no URL"))?;
        #[cfg(not(feature = "rustls-tls"))]
        if tls {
            return Err(Error::misuse("wss:// needs the feature `rustls-tls`"));
        }
        Ok(Self {
            url: url.to_owned(),
            host,
            port,
            #[cfg(feature = "rustls-tls")]
            secure: tls,
            #[cfg(feature = "rustls-tls")]
            connector: None,
            limit,
            headers: HeaderMap::new(),
        })
    }

    /// Says more in the handshake.
    pub(super) fn saying(mut self, headers: &[(String, String)]) -> Result<Self, Error> {
        for (name, value) in headers {
            let fits = HeaderName::try_from(name).ok().zip(value.parse().ok());
            let Some((name, mut value)): Option<(HeaderName, HeaderValue)> = fits else {
                return Err(Error::misuse(
                    "a header's name or value has a character that HTTP does not allow",
                ));
            };
            // The library has the last word on which headers are the handshake's own.
            ClientBuilder::new()
                .add_header(name.clone(), value.clone())
                .map_err(|_| Error::misuse(format!("`{name}` is the handshake's own header")))?;
            value.set_sensitive(true);
            self.headers.insert(name, value);
        }
        Ok(self)
    }

    /// Says whom to trust beside those whom the system trusts.
    #[cfg(feature = "rustls-tls")]
    pub(super) fn trusting(mut self, roots: Vec<Vec<u8>>) -> Result<Self, Error> {
        if self.secure {
            self.connector = Some(super::tls::connector(roots)?);
        }
        Ok(self)
    }

    /// Connects, up to the end of the handshake.
    pub(super) async fn dial(&self) -> Result<(Socket, Arc<Activity>), Lost> {
        let unreachable = |error: io::Error| Lost::Unreachable(error.to_string());
        let stream = TcpStream::connect((self.host.as_str(), self.port))
            .await
            .map_err(unreachable)?;
        // Small calls leave at once; where that cannot be had, they leave a little later.
        let _ = stream.set_nodelay(true);
        let io = self.encrypted(stream).await.map_err(unreachable)?;
        let activity = Arc::new(Activity::default());
        let io = Counted {
            io,
            activity: activity.clone(),
        };
        // Not every gateway understands a message in pieces.
        let config = Config::default().frame_size(usize::MAX);
        let limits = Limits::default().max_payload_len(Some(self.limit));
        let builder = ClientBuilder::new().config(config).limits(limits);
        let mut builder = builder
            .uri(&self.url)
            .map_err(|error| Lost::Unreachable(error.to_string()))?;
        for (name, value) in &self.headers {
            builder = builder
                .add_header(name.clone(), value.clone())
                .map_err(|error| Lost::Unreachable(error.to_string()))?;
        }
        match builder.connect_on(io).await {
            Ok((socket, _)) => Ok((socket, activity)),
            Err(error) => Err(Lost::before(&error)),
        }
    }

    #[cfg(feature = "rustls-tls")]
    async fn encrypted(&self, stream: TcpStream) -> io::Result<Box<dyn Io>> {
        match &self.connector {
            None => Ok(Box::new(stream)),
            Some(connector) => {
                let encrypted = super::tls::encrypted(connector, &self.host, stream);
                Ok(Box::new(encrypted.await?))
            }
        }
    }

    #[cfg(not(feature = "rustls-tls"))]
    async fn encrypted(&self, stream: TcpStream) -> io::Result<Box<dyn Io>> {
        Ok(Box::new(stream))
    }
}

/// The parts of an authority; an IPv6 address without its brackets.
fn host_and_port(authority: &str, default: u16) -> Option<(String, u16)> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let port = match port {
        "" => default,
        port => port.strip_prefix(':')?.parse().ok()?,
    };
    (!host.is_empty()).then(|| (host.to_owned(), port))
}

/// A plain or an encrypted stream.
pub(super) trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// How many bytes have come and gone: a long message shows life before it is complete.
#[derive(Debug, Default)]
pub(super) struct Activity {
    read: AtomicU64,
    written: AtomicU64,
}

impl Activity {
    pub(super) fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    pub(super) fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }
}

/// A stream whose bytes are counted.
pub(super) struct Counted {
    io: Box<dyn Io>,
    activity: Arc<Activity>,
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.io).poll_read(context, buffer);
        let came = buffer.filled().len().saturating_sub(before);
        self.activity.read.fetch_add(came as u64, Ordering::Relaxed);
        read
    }
}

impl AsyncWrite for Counted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write(context, bytes);
        self.count(&written);
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write_vectored(context, parts);
        self.count(&written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(context)
    }
}

impl Counted {
    fn count(&self, written: &Poll<io::Result<usize>>) {
        if let Poll::Ready(Ok(gone)) = written {
            let gone = *gone as u64;
            self.activity.written.fetch_add(gone, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Target, host_and_port};

    #[test]
    fn an_address_has_a_host_and_a_port() {
        for (authority, host, port) in [
            ("gateway.example", "gateway.example", 80),
            ("127.0.0.1:9000", "127.0.0.1", 9000),
            ("[::1]:9000", "::1", 9000),
            ("[::1]", "::1", 80),
        ] {
            let parts = host_and_port(authority, 80);
            assert_eq!(parts, Some((host.to_owned(), port)), "{authority}");
        }
        for authority in ["", ":9000", "a:b", "a:99999", "[::1", "a:1:2"] {
            assert_eq!(host_and_port(authority, 80), None, "{authority}");
        }
    }

    #[test]
    fn an_address_that_is_none_says_what_is_wrong() {
        for (url, said) in [
            ("http://gateway.example", "ws://"),
            ("gateway.example", "ws://"),
            ("ws://", "host"),
            ("ws://a:b", "port"),
            ("ws://me:pa55@gateway.example", "no user"),
            ("ws://gateway.example/a b", "space"),
            ("ws://gateway.example/\u{7f}", "no URL"),
        ] {
            let error = Target::new(url, 1).err().unwrap();
            assert!(error.to_string().contains(said), "{url}: {error}");
            assert!(!error.to_string().contains("pa55"), "{error}");
        }
        assert!(Target::new(" ws://127.0.0.1:9000/ws?a=1 ", 1).is_ok());
    }

    #[test]
    fn a_header_that_is_none_says_what_is_wrong() {
        for (name, value, said) in [
            ("X-App\r\nHost", "x", "HTTP does not allow"),
            ("X-App", "s3cret\r\nX: y", "HTTP does not allow"),
            ("", "x", "HTTP does not allow"),
            ("Upgrade", "x", "`upgrade` is the handshake's own"),
            ("sec-websocket-key", "x", "the handshake's own"),
        ] {
            let headers = [(name.to_owned(), value.to_owned())];
            let target = Target::new("ws://127.0.0.1", 1).unwrap();
            let error = target.saying(&headers).err().unwrap().to_string();
            assert!(error.contains(said) && !error.contains("s3cret"), "{error}");
        }
    }
}
