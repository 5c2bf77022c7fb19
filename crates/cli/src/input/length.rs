//! How long to wait.

use std::time::Duration;

use countersign_domain::time::parse_duration;

/// How long to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wait {
    /// Until there is an answer.
    Forever,
    /// At most this long.
    AtMost(Duration),
}

impl Wait {
    /// The limit, if there is one.
    pub(crate) const fn limit(self) -> Option<Duration> {
        match self {
            Self::Forever => None,
            Self::AtMost(limit) => Some(limit),
        }
    }
}

/// Reads `forever`, `10m`, `PT10M`; a plain number is seconds.
pub(crate) fn parse_wait(text: &str) -> Result<Wait, String> {
    if text == "forever" {
        return Ok(Wait::Forever);
    }
    if let Ok(seconds) = text.parse() {
        return Ok(Wait::AtMost(Duration::from_secs(seconds)));
    }
    let length = parse_duration(text).map_err(|e| e.to_string())?;
    Ok(Wait::AtMost(length.unsigned_abs()))
}
