//! The small values of documents: lengths of time, percentages, name patterns, time zones.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::names;
use crate::time::{DurationError, parse_duration};

/// Why a small value was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScalarError {
    /// It is no percentage.
    #[error("`{0}` is not a percentage: write `90%`, from 1% to 100%")]
    Percent(String),
    /// It is no pattern over names.
    #[error("`{0}` is not a name or a pattern such as `support-*`")]
    NamePattern(String),
    /// It is no time zone of the IANA database.
    #[error("`{0}` is not a time zone: write its IANA name, such as `Europe/Berlin`")]
    Zone(String),
}

/// A positive length of time; written `4h`, `90m`, `2d` or in ISO 8601.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Length(pub SignedDuration);

impl TryFrom<String> for Length {
    type Error = DurationError;

    fn try_from(text: String) -> Result<Self, DurationError> {
        parse_duration(&text).map(Self)
    }
}

impl From<Length> for String {
    fn from(length: Length) -> Self {
        format!("{:#}", length.0)
    }
}

/// A list that names something. Leaving it out means all, so that an empty one would mean the opposite of what it
/// looks like.
pub(super) fn named<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    let list = Vec::deserialize(deserializer)?;
    if list.is_empty() {
        let message =
            "an empty list names nothing, and leaving it out means all: say which is meant";
        return Err(serde::de::Error::custom(message));
    }
    Ok(list)
}

/// A percentage from 1 to 100; written `90%`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Percent(pub u8);

impl TryFrom<String> for Percent {
    type Error = ScalarError;

    fn try_from(text: String) -> Result<Self, ScalarError> {
        let number = text.trim().strip_suffix('%').and_then(|digits| digits.trim().parse().ok());
        match number {
            Some(percent @ 1..=100) => Ok(Self(percent)),
            _ => Err(ScalarError::Percent(text)),
        }
    }
}

impl From<Percent> for String {
    fn from(percent: Percent) -> Self {
        format!("{}%", percent.0)
    }
}

/// A pattern over names; `*` stands for any characters.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct NamePattern(String);

impl NamePattern {
    /// The pattern as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it stands for exactly one name.
    pub fn is_exact(&self) -> bool {
        !self.0.contains('*')
    }

    /// Whether it covers the name.
    pub fn matches(&self, name: &str) -> bool {
        let mut pieces = self.0.split('*');
        let Some(mut rest) = pieces.next().and_then(|first| name.strip_prefix(first)) else {
            return false;
        };
        let mut pieces: Vec<_> = pieces.collect();
        let Some(last) = pieces.pop() else {
            return rest.is_empty();
        };
        for piece in pieces {
            match rest.split_once(piece) {
                Some((_, after)) => rest = after,
                None => return false,
            }
        }
        rest.ends_with(last)
    }

    /// Whether the pattern covers the name, whatever is written in capitals: for names that whoever asks chooses.
    pub fn matches_in_any_case(&self, name: &str) -> bool {
        if self.matches(name) {
            return true;
        }
        match (names::folded(&self.0), names::folded(name)) {
            (Cow::Borrowed(_), Cow::Borrowed(_)) => false,
            (pattern, name) => Self(pattern.into_owned()).matches(&name),
        }
    }
}

impl TryFrom<String> for NamePattern {
    type Error = ScalarError;

    fn try_from(text: String) -> Result<Self, ScalarError> {
        let plain = |c: char| !c.is_control() && !c.is_whitespace();
        if text.is_empty() || text.chars().count() > 200 || !text.chars().all(plain) {
            return Err(ScalarError::NamePattern(text));
        }
        Ok(Self(text))
    }
}

impl From<NamePattern> for String {
    fn from(pattern: NamePattern) -> Self {
        pattern.0
    }
}

impl FromStr for NamePattern {
    type Err = ScalarError;

    fn from_str(text: &str) -> Result<Self, ScalarError> {
        Self::try_from(text.to_owned())
    }
}

impl fmt::Display for NamePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A time zone of the IANA database, as it was compiled in; UTC unless another is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Zone {
    name: String,
    zone: TimeZone,
}

impl Zone {
    /// The zone itself.
    pub const fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Its IANA name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self { name: "UTC".to_owned(), zone: TimeZone::UTC }
    }
}

impl TryFrom<String> for Zone {
    type Error = ScalarError;

    fn try_from(name: String) -> Result<Self, ScalarError> {
        match TimeZone::get(&name) {
            Ok(zone) => Ok(Self { name, zone }),
            Err(_) => Err(ScalarError::Zone(name)),
        }
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_covers_names_with_any_characters_for_its_stars() {
        let cases = [
            ("support-*", "support-bot", true),
            ("support-*", "sales-bot", false),
            ("*", "", true),
            ("*-bot", "support-bot", true),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxcyyb", false),
            ("ab*ba", "aba", false),
            ("bot", "bot", true),
            ("bot", "bots", false),
        ];
        for (pattern, name, covers) in cases {
            let pattern: NamePattern = pattern.parse().unwrap();
            assert_eq!(pattern.matches(name), covers, "{pattern} {name}");
        }
    }

    #[test]
    fn capitals_count_unless_it_is_said_that_they_do_not() {
        let pattern: NamePattern = "Mail-*".parse().unwrap();
        assert!(!pattern.matches("mail-out") && pattern.matches_in_any_case("mail-OUT"));
        assert!(!pattern.matches_in_any_case("email-out"));
    }

    #[test]
    fn refuses_what_is_no_percentage() {
        for text in ["", "90", "0%", "101%", "ninety%", "-5%"] {
            assert!(Percent::try_from(text.to_owned()).is_err(), "{text}");
        }
    }

    #[test]
    fn knows_the_zones_of_the_database() {
        assert!(Zone::try_from("Europe/Berlin".to_owned()).is_ok());
        assert!(Zone::try_from("Europe/Atlantis".to_owned()).is_err());
    }
}
