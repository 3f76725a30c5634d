//! As much of an HTTP client as a program needs: one connection, one request at a time.

use std::io;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// The longest answer that is read.
const LONGEST: usize = 16 << 20;

/// A way to a server that is opened when it is needed.
pub(super) struct Connection {
    authority: String,
    /// What stands before every path.
    base: String,
    open: Option<BufReader<TcpStream>>,
}

/// An answer: its status and body.
pub(super) type Answer = (u16, String);

impl Connection {
    /// To a server at `http://host:port[/base]` on this machine.
    pub(super) fn new(server: &str) -> Option<Self> {
        let (authority, path) = crate::runtime::mock::callback::parts(server)?;
        Some(Self {
            authority,
            base: path.trim_end_matches('/').to_owned(),
            open: None,
        })
    }

    /// Another one to the same server.
    pub(super) fn another(&self) -> Self {
        Self {
            authority: self.authority.clone(),
            base: self.base.clone(),
            open: None,
        }
    }

    /// Asks once, and once more if the connection was closed while it was idle.
    pub(super) async fn ask(&mut self, method: &str, path: &str, body: &str) -> io::Result<Answer> {
        let head = format!(
            "{method} {}{path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            self.base,
            self.authority,
            body.len()
        );
        let request = [head.as_bytes(), body.as_bytes()].concat();
        if let Some(open) = self.open.take()
            && let Some(answer) = self.asked(open, &request).await?
        {
            return Ok(answer);
        }
        let stream = TcpStream::connect(&self.authority).await?;
        stream.set_nodelay(true)?;
        let answer = self.asked(BufReader::new(stream), &request).await?;
        answer.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    /// `None` if the connection was closed before the first byte of an answer.
    async fn asked(
        &mut self,
        mut stream: BufReader<TcpStream>,
        request: &[u8],
    ) -> io::Result<Option<Answer>> {
        if stream.write_all(request).await.is_err() {
            return Ok(None);
        }
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return Ok(None);
        }
        let status = line
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        let status = status.ok_or(io::ErrorKind::InvalidData)?;
        let (mut length, mut chunked, mut close) = (None, false, false);
        loop {
            line.clear();
            stream.read_line(&mut line).await?;
            let Some((name, value)) = line.split_once(':') else {
                break;
            };
            let (name, value) = (name.to_ascii_lowercase(), value.trim().to_ascii_lowercase());
            match name.as_str() {
                "content-length" => length = value.parse::<usize>().ok(),
                "transfer-encoding" => chunked = value.contains("chunked"),
                "connection" => close = value.contains("close"),
                _ => {}
            }
        }
        let body = match length {
            _ if chunked => read_chunks(&mut stream).await?,
            Some(length) => read_exactly(&mut stream, length).await?,
            None => {
                let mut body = Vec::new();
                stream.take(LONGEST as u64).read_to_end(&mut body).await?;
                return Ok(Some((status, String::from_utf8_lossy(&body).into_owned())));
            }
        };
        if !close {
            self.open = Some(stream);
        }
        Ok(Some((status, String::from_utf8_lossy(&body).into_owned())))
    }
}

async fn read_exactly(stream: &mut BufReader<TcpStream>, length: usize) -> io::Result<Vec<u8>> {
    if length > LONGEST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok(body)
}

async fn read_chunks(stream: &mut BufReader<TcpStream>) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let size = read_size(stream).await?;
        if body.len() + size > LONGEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
        body.extend(read_exactly(stream, size).await?);
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        if size == 0 {
            return Ok(body);
        }
    }
}

async fn read_size(stream: &mut (impl AsyncBufRead + Unpin)) -> io::Result<usize> {
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    let size = line.split(';').next().unwrap_or_default().trim();
    usize::from_str_radix(size, 16).map_err(|_| io::ErrorKind::InvalidData.into())
}
