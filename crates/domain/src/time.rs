//! Points in time and lengths of time as people write them.

use jiff::civil::Date;
use jiff::tz::TimeZone;
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

/// Why a text is not a day, nor a point in time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither a day such as `2026-01-31` nor a time such as `2026-01-31T09:00:00Z`")]
pub struct MomentError(String);

/// Reads when something begins: a time, or a day, which begins with its first moment in UTC.
pub fn parse_begin(text: &str) -> Result<Timestamp, MomentError> {
    moment(text, 0)
}

/// Reads when something ends: a time, or a day, which belongs to it whole, in UTC.
pub fn parse_end(text: &str) -> Result<Timestamp, MomentError> {
    moment(text, 1)
}

fn moment(text: &str, days: i64) -> Result<Timestamp, MomentError> {
    let refuse = || MomentError(crate::display::sanitise(text));
    let trimmed = text.trim();
    if trimmed.len() > "2026-01-31".len() {
        return trimmed.parse().map_err(|_| refuse());
    }
    let day: Date = trimmed.parse().map_err(|_| refuse())?;
    let day = day.checked_add(Span::new().days(days)).map_err(|_| refuse())?;
    TimeZone::UTC.to_timestamp(day.into()).map_err(|_| refuse())
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
    fn a_day_is_meant_whole() {
        let read = |text| (parse_begin(text).unwrap(), parse_end(text).unwrap());
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let day = (at("2026-01-31T00:00:00Z"), at("2026-02-01T00:00:00Z"));
        assert_eq!((read("2026-01-31"), read(" 2026-01-31 ")), (day, day));
        let moment = at("2026-01-31T09:00:00Z");
        assert_eq!(read("2026-01-31T10:00:00+01:00"), (moment, moment));
        for text in ["", "tomorrow", "2026-02-30", "2026-01-31T09:00:00", "9999-12-31x", "\u{202e}"]
        {
            assert!(parse_begin(text).is_err() && parse_end(text).is_err(), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_positive_length() {
        for text in ["", "soon", "-4h", "0s", "4", "1 month", "99999999999999999h"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}
