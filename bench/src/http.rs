//! A client that costs next to nothing: one connection, HTTP/1.1, one request at a time.

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// One connection to a server.
pub struct Connection {
    stream: TcpStream,
    token: String,
    buffer: Vec<u8>,
}

/// An answer as it came over the wire.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The head, in the letters it was sent in.
    pub head: String,
    /// How many bytes the head takes.
    pub start: usize,
    /// The body.
    pub body: Vec<u8>,
}

impl Connection {
    /// Connects; every request carries `token`.
    pub async fn open(address: &str, token: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await.context("no connection")?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, token: token.to_owned(), buffer: Vec::with_capacity(8192) })
    }

    /// A POST that has to succeed.
    pub async fn post(&mut self, path: &str, body: &str) -> Result<Value> {
        self.send("POST", path, body).await?;
        self.answer().await
    }

    /// A GET that has to succeed.
    pub async fn get(&mut self, path: &str) -> Result<Value> {
        self.send("GET", path, "").await?;
        self.answer().await
    }

    /// Sends a request without waiting for its answer.
    pub async fn send(&mut self, method: &str, path: &str, body: &str) -> Result<()> {
        let own = format!("host: bench\r\nauthorization: Bearer {}\r\n", self.token);
        self.send_with(&format!("{own}content-type: application/json\r\n"), (method, path), body)
            .await
    }

    /// Sends a request with these lines in its head.
    pub async fn send_with(
        &mut self,
        lines: &str,
        (method, path): (&str, &str),
        body: &str,
    ) -> Result<()> {
        let length = body.len();
        let request =
            format!("{method} {path} HTTP/1.1\r\n{lines}content-length: {length}\r\n\r\n{body}");
        Ok(self.stream.write_all(request.as_bytes()).await?)
    }

    /// The answer to the request that was sent.
    pub async fn answer(&mut self) -> Result<Value> {
        let (status, start, length) = self.whole().await?;
        let body = self.buffer.get(start..start + length).unwrap_or_default();
        if !(200..300).contains(&status) {
            bail!("status {status}: {}", String::from_utf8_lossy(body));
        }
        Ok(serde_json::from_slice(body)?)
    }

    /// The same, whatever it is.
    pub async fn raw_answer(&mut self) -> Result<Answer> {
        let (status, start, length) = self.whole().await?;
        let part = |range: std::ops::Range<usize>| self.buffer.get(range).unwrap_or_default();
        let head = String::from_utf8_lossy(part(0..start)).into_owned();
        Ok(Answer { status, head, start, body: part(start..start + length).to_vec() })
    }

    /// Reads until an answer is there whole: its status, and where its body starts and how long it is.
    async fn whole(&mut self) -> Result<(u16, usize, usize)> {
        self.buffer.clear();
        let (status, start, length) = self.head().await?;
        while self.buffer.len() < start + length {
            self.more().await?;
        }
        Ok((status, start, length))
    }

    async fn head(&mut self) -> Result<(u16, usize, usize)> {
        loop {
            let end = self.buffer.windows(4).position(|four| four == b"\r\n\r\n");
            if let Some(end) = end {
                let head = String::from_utf8_lossy(self.buffer.get(..end).unwrap_or_default());
                let head = head.to_ascii_lowercase();
                let status = head.split(' ').nth(1).and_then(|text| text.parse().ok());
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
                let length = length.and_then(|text| text.trim().parse().ok());
                return Ok((status.context("no status")?, end + 4, length.context("no length")?));
            }
            self.more().await?;
        }
    }

    async fn more(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the server closed the connection");
        }
        Ok(())
    }
}
