//! A text that arrives in pieces, line by line.

use std::collections::VecDeque;

use reqwest::Response;

use crate::ClientError;
use crate::client::in_time;

/// A streamed text.
#[derive(Debug)]
pub struct Lines {
    response: Response,
    pieces: Pieces,
}

impl Lines {
    pub(crate) fn of(response: Response) -> Self {
        Self { response, pieces: Pieces::default() }
    }

    /// The next line, without its end; `None` after the last. A stream that breaks off is an error, never
    /// an end.
    pub async fn next(&mut self) -> Result<Option<String>, ClientError> {
        loop {
            if let Some(line) = self.pieces.line() {
                return text(line).map(Some);
            }
            match in_time(self.response.chunk()).await? {
                Some(chunk) => self.pieces.take(&chunk),
                None => return self.pieces.rest().map(text).transpose(),
            }
        }
    }
}

fn text(line: Vec<u8>) -> Result<String, ClientError> {
    let not_text =
        || ClientError::Unexpected { status: 200, body: "a line is not UTF-8".to_owned() };
    String::from_utf8(line).map_err(|_| not_text())
}

/// What has arrived and was not yet given out.
#[derive(Debug, Default)]
struct Pieces {
    lines: VecDeque<Vec<u8>>,
    open: Vec<u8>,
}

impl Pieces {
    fn take(&mut self, chunk: &[u8]) {
        let mut parts = chunk.split(|byte| *byte == b'\n');
        self.open.extend(parts.next().unwrap_or_default());
        for part in parts {
            self.lines.push_back(std::mem::replace(&mut self.open, part.to_vec()));
        }
    }

    fn line(&mut self) -> Option<Vec<u8>> {
        self.lines.pop_front()
    }

    fn rest(&mut self) -> Option<Vec<u8>> {
        (!self.open.is_empty()).then(|| std::mem::take(&mut self.open))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_do_not_depend_on_how_they_are_cut() {
        let text = "one\ntwo\n\nthree".as_bytes();
        for size in 1..=text.len() {
            let mut pieces = Pieces::default();
            let mut lines = Vec::new();
            for chunk in text.chunks(size) {
                pieces.take(chunk);
                lines.extend(std::iter::from_fn(|| pieces.line()));
            }
            lines.extend(pieces.rest());
            assert_eq!(lines, [b"one".as_slice(), b"two", b"", b"three"], "in pieces of {size}");
        }
    }
}
