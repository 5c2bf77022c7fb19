//! A connection without a client library, for what no library would do.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A bare connection to a server.
pub struct Raw(TcpStream);

impl Raw {
    /// Connects to a server at `http://HOST:PORT`.
    pub async fn open(url: &str) -> Self {
        let address = url.strip_prefix("http://").expect("plain HTTP");
        Self(TcpStream::connect(address).await.expect("a connection"))
    }

    /// Sends a whole request.
    pub async fn send(&mut self, method: &str, path: &str, token: &str, body: &[u8]) {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: e2e\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
             content-length: {}\r\n\r\n",
            body.len()
        );
        self.write(head.as_bytes()).await;
        self.write(body).await;
    }

    /// Sends bytes; that the other side has closed already is not an error.
    pub async fn write(&mut self, bytes: &[u8]) {
        drop(self.0.write_all(bytes).await);
    }

    /// The next byte, which has to come within this time; `None` where the other side has closed.
    pub async fn byte(&mut self, within: Duration) -> Option<u8> {
        let read = tokio::time::timeout(within, self.0.read_u8()).await;
        read.unwrap_or_else(|_| panic!("no byte within {within:?}")).ok()
    }

    /// Everything until the connection closes, which has to be within this time.
    pub async fn rest(&mut self, within: Duration) -> String {
        let mut bytes = Vec::new();
        let read = tokio::time::timeout(within, self.0.read_to_end(&mut bytes)).await;
        // A connection that is reset has ended as well.
        drop(read.unwrap_or_else(|_| {
            panic!("still open after {within:?}: {}", String::from_utf8_lossy(&bytes))
        }));
        String::from_utf8_lossy(&bytes).into_owned()
    }
}
