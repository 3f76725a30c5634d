//! Requests to a server of the user's, which is on this machine and nowhere else: address and body in, status and body
//! of the answer out.

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::header::{CONNECTION, CONTENT_TYPE};
use hyper::{Method, Request, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use std::io;
use std::net::IpAddr;

/// The longest answer that is read.
const LONGEST: usize = 16 << 20;

/// Keeps connections open between requests, or not.
#[derive(Clone)]
pub(crate) struct HttpClient {
    client: Client<HttpConnector, Full<Bytes>>,
    closing: bool,
}

impl HttpClient {
    /// Keeps them open, as a program does.
    pub(crate) fn keeping() -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            closing: false,
        }
    }

    /// A new one for each request.
    pub(crate) fn closing() -> Self {
        Self {
            closing: true,
            ..Self::keeping()
        }
    }

    /// Asks, and waits for the whole answer.
    pub(crate) async fn ask(
        &self,
        method: Method,
        url: &str,
        content_type: &str,
        body: String,
    ) -> io::Result<(u16, String)> {
        let uri = local(url).ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::InvalidInput,
                "not an http address on loopback",
            )
        })?;
        let mut request = Request::builder().method(method).uri(uri);
        request = request.header(CONTENT_TYPE, content_type);
        if self.closing {
            request = request.header(CONNECTION, "close");
        }
        let request = request.body(Full::from(body)).map_err(io::Error::other)?;
        let answer = self
            .client
            .request(request)
            .await
            .map_err(|error| deepest(&error))?;
        let status = answer.status().as_u16();
        let body = Limited::new(answer.into_body(), LONGEST).collect().await;
        let body = body.map_err(io::Error::other)?.to_bytes();
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    }
}

/// What went wrong in the end: `client error (Connect)` alone tells nobody anything.
fn deepest(error: &hyper_util::client::legacy::Error) -> io::Error {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    io::Error::other(cause.to_string())
}

/// The address, if it is plain HTTP to this machine.
fn local(url: &str) -> Option<Uri> {
    let uri: Uri = url.parse().ok()?;
    let authority = uri.authority()?.as_str();
    let host = uri.host()?;
    // No name and password before it, and no port that is none.
    let plain = authority == host
        || uri
            .port()
            .is_some_and(|port| authority == format!("{host}:{port}"));
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let is_loopback = bare.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    (uri.scheme_str() == Some("http") && plain && is_loopback).then_some(uri)
}

/// Whether callbacks may go there, and programs come from there.
pub(crate) fn is_local(url: &str) -> bool {
    local(url).is_some()
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn callbacks_stay_on_this_machine() {
        let there = |url: &str| local(url).map(|uri| uri.to_string());
        let said = |url: &str| Some(url.to_owned());
        assert_eq!(
            there("http://127.0.0.1:81/a?b"),
            said("http://127.0.0.1:81/a?b")
        );
        assert_eq!(there("http://localhost"), said("http://localhost/"));
        assert_eq!(there("http://[::1]:9#x"), said("http://[::1]:9/"));
        for elsewhere in [
            "https://127.0.0.1/",
            "http://example.com/",
            "http://127.0.0.1.example.com/",
            "http://localhost@example.com/",
            "http://127.0.0.1:x/",
            "http://127.0.0.1/a b",
            "",
        ] {
            assert_eq!(there(elsewhere), None, "{elsewhere}");
        }
    }
}
