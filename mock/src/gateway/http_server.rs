//! The HTTP around the engine: connections in, answers out; the path of the socket is upgraded.

use super::answer::Rendered;
use super::engine::Engine;
use super::request::Incoming;
use super::serve::Outcome;
use super::socket;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many connections may be open.
const CONNECTIONS: usize = 1024;
/// How long a connection may be silent, and how long a body may take.
const SILENCE: Duration = Duration::from_secs(120);

/// Accepts connections until it is dropped.
pub(super) async fn accept(listener: TcpListener, host: usize, engine: Arc<Engine>) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(permit) = room.clone().acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((stream, _)) => {
                let connection = engine.clone();
                engine.spawn(serve(stream, host, connection, Arc::new(permit)));
            }
            // Out of file descriptors, most likely: waiting helps, spinning does not.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// A connection counts as long as its permit is held, by a socket that it was upgraded to as well.
async fn serve(
    stream: TcpStream,
    host: usize,
    engine: Arc<Engine>,
    permit: Arc<OwnedSemaphorePermit>,
) {
    // Small answers leave at once.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| answer(engine.clone(), host, request, permit.clone()));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(SILENCE)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    // What a client does to its connection is the client's business.
    let _ = connection.await;
}

/// A connection that is closed on demand.
#[derive(Debug)]
struct Dropped;

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("dropped on demand")
    }
}

impl std::error::Error for Dropped {}

impl From<Infallible> for Dropped {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

async fn answer(
    engine: Arc<Engine>,
    host: usize,
    request: Request<hyper::body::Incoming>,
    permit: Arc<OwnedSemaphorePermit>,
) -> Result<Response<Full<Bytes>>, Dropped> {
    if socket::is_meant(&request, &engine.vendor) {
        return Ok(socket::upgrade(request, &engine, permit));
    }
    let (head, body) = request.into_parts();
    let limited = Limited::new(body, engine.settings.body_limit).collect();
    let body = match tokio::time::timeout(SILENCE, limited).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(_)) => {
            let most = engine.settings.body_limit.to_string();
            let text = engine.vendor.texts.too_long.replace("{most}", &most);
            return Ok(response(engine.refused(413, &text)));
        }
        Err(_) => return Err(Dropped),
    };
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = head.headers.iter();
    let incoming = Incoming {
        host,
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: headers
            .map(|(name, value)| (name.as_str().to_owned(), text(value)))
            .collect(),
        body,
    };
    match engine.serve(incoming).await {
        Outcome::Answer(rendered) => Ok(response(rendered)),
        Outcome::Drop => Err(Dropped),
    }
}

fn response(rendered: Rendered) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(rendered.body));
    *response.status_mut() =
        StatusCode::from_u16(rendered.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = (CONTENT_TYPE.as_str().to_owned(), rendered.kind);
    for (name, value) in rendered.headers.into_iter().chain([kind]) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
