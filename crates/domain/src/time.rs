//! Points in time and lengths of time as people write them.

use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};

/// Why a text is not a length of time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a length of time: write `4h`, `90m`, `2d` or ISO 8601 such as `PT4H`")]
pub struct DurationError(String);

/// Reads `4h`, `1h 30m`, `2d` or ISO 8601 (`PT4H`, `P2D`); a day has 24 hours. Only positive lengths pass.
pub fn parse_duration(text: &str) -> Result<SignedDuration, DurationError> {
    let refuse = || DurationError(text.to_owned());
    let span: Span = text.trim().parse().map_err(|_| refuse())?;
    let length = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| refuse())?;
    if length > SignedDuration::ZERO { Ok(length) } else { Err(refuse()) }
}

/// The moment `length` after `start`, or the last moment there is.
pub fn after(start: Timestamp, length: SignedDuration) -> Timestamp {
    start.checked_add(length).unwrap_or(Timestamp::MAX)
}

/// Cuts to whole milliseconds, the finest time that is kept and shown.
pub fn to_millis(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lengths_as_people_write_them() {
        for (text, seconds) in
            [("4h", 14_400), ("PT4H", 14_400), ("1h 30m", 5_400), ("2d", 172_800), ("P1W", 604_800)]
        {
            assert_eq!(parse_duration(text).map(|d| d.as_secs()), Ok(seconds), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_positive_length() {
        for text in ["", "soon", "-4h", "0s", "4", "1 month", "99999999999999999h"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}
