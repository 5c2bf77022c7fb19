//! What is counted: budgets, grants, rates and what was seen before.
//!
//! A verdict says what has to be counted, each with the limit that must not be passed; a store counts it in the
//! transaction that keeps the verdict, or keeps nothing.

use std::collections::HashMap;
use std::hash::BuildHasher;

use jiff::tz::TimeZone;
use jiff::{RoundMode, Timestamp, Unit as TimeUnit, ZonedRound};
use rust_decimal::prelude::ToPrimitive as _;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use super::document::{Window, Zone};
use crate::Money;

/// An amount of runs, US dollars or tokens in millionths, so that a database adds it exactly.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Quantity(pub i64);

/// What is counted, and in which window. Its name says what of: `budget:support-daily`,
/// `budget:per-task/T-1`, `grant:images/uses`, `rate:agt_…`, `seen:agt_…/…`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Counter {
    /// What of.
    pub name: String,
    /// When the window began; the epoch where there is none.
    pub since: Timestamp,
}

/// What is counted when something runs or is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// Where.
    pub counter: Counter,
    /// How much; less than nothing corrects an estimate.
    pub amount: Quantity,
    /// What must not be passed; the store keeps nothing if it would be.
    pub limit: Option<Quantity>,
    /// What the counter stood at when a condition judged by it; the store keeps nothing if it has moved since, or
    /// of many that ask at once each would be judged as if it were the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Quantity>,
}

impl Charge {
    /// So much, without a limit.
    pub const fn new(counter: Counter, amount: Quantity) -> Self {
        Self { counter, amount, limit: None, seen: None }
    }

    /// The same, with what must not be passed.
    pub fn within(self, limit: Option<Quantity>) -> Self {
        Self { limit, ..self }
    }

    /// The same, only while the counter stands where it stood.
    pub fn seen_at(self, seen: Option<Quantity>) -> Self {
        Self { seen, ..self }
    }
}

impl Counter {
    /// Whether it counts what a grant covered.
    pub fn is_of_a_grant(&self) -> bool {
        self.name.starts_with("grant:")
    }
}

/// How the counters stand.
pub trait Counters: Send + Sync {
    /// What was counted so far; nothing where nothing was.
    fn used(&self, counter: &Counter) -> Quantity;
}

impl<S: BuildHasher + Send + Sync> Counters for HashMap<Counter, Quantity, S> {
    fn used(&self, counter: &Counter) -> Quantity {
        self.get(counter).copied().unwrap_or_default()
    }
}

impl Quantity {
    /// One run.
    pub const ONE: Self = Self(1_000_000);

    /// The most that is counted at once: a billion. More is too large to be an honest amount.
    pub const MOST: Self = Self(1_000_000_000_000_000);

    /// An amount in millionths, rounded away from nothing; `None` if it is too large to be counted.
    pub fn of(money: Money) -> Option<Self> {
        let millionths = money.0.checked_mul(Decimal::from(1_000_000))?;
        let rounded = millionths.round_dp_with_strategy(0, RoundingStrategy::AwayFromZero);
        rounded.to_i64().map(Self).filter(|quantity| quantity.0.abs() <= Self::MOST.0)
    }

    /// A number of runs or tokens; `None` if it is too large to be counted.
    pub fn whole(number: u64) -> Option<Self> {
        let millionths = i64::try_from(number).ok()?.checked_mul(1_000_000);
        millionths.map(Self).filter(|quantity| *quantity <= Self::MOST)
    }

    /// The amount as a decimal number.
    pub fn to_money(self) -> Money {
        match self.0 % Self::ONE.0 {
            0 => Money(Decimal::from(self.0 / Self::ONE.0)),
            _ => Money(Decimal::new(self.0, 6).normalize()),
        }
    }

    /// The sum, at most the largest there is.
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Window {
    /// When the window that `now` lies in began; the epoch for the one without end.
    pub fn start(self, now: Timestamp, zone: &Zone) -> Timestamp {
        if let Some(length) = self.length_in_utc().filter(|_| *zone.zone() == TimeZone::UTC) {
            let second = now.as_second().div_euclid(length) * length;
            return Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH);
        }
        let here = now.to_zoned(zone.zone().clone());
        let midnight = || here.start_of_day();
        let start = match self {
            Self::Total => return Timestamp::UNIX_EPOCH,
            Self::Hour => {
                here.round(ZonedRound::new().smallest(TimeUnit::Hour).mode(RoundMode::Trunc))
            }
            Self::Day => midnight(),
            Self::Week => midnight().and_then(|day| {
                let back = jiff::Span::new().days(i64::from(day.weekday().to_monday_zero_offset()));
                day.checked_sub(back)?.start_of_day()
            }),
            Self::Month => here.first_of_month().and_then(|day| day.start_of_day()),
        };
        start.map_or(Timestamp::UNIX_EPOCH, |start| start.timestamp())
    }

    /// How many seconds lie between two of its beginnings in UTC, where that is always the same.
    const fn length_in_utc(self) -> Option<i64> {
        match self {
            Self::Hour => Some(3600),
            Self::Day => Some(86_400),
            Self::Week | Self::Month | Self::Total => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_begin_where_the_calendar_hangs() {
        let now: Timestamp = "2026-11-21T23:30:15Z".parse().unwrap();
        let berlin = Zone::try_from("Europe/Berlin".to_owned()).unwrap();
        let cases = [
            (Window::Hour, "2026-11-21T23:00:00Z", "2026-11-21T23:00:00Z"),
            (Window::Day, "2026-11-21T00:00:00Z", "2026-11-21T23:00:00Z"),
            (Window::Week, "2026-11-16T00:00:00Z", "2026-11-15T23:00:00Z"),
            (Window::Month, "2026-11-01T00:00:00Z", "2026-10-31T23:00:00Z"),
            (Window::Total, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        ];
        for (window, utc, local) in cases {
            assert_eq!(window.start(now, &Zone::default()).to_string(), utc, "{window:?}");
            assert_eq!(window.start(now, &berlin).to_string(), local, "{window:?}");
        }
    }

    #[test]
    fn an_amount_is_counted_exactly_and_never_rounded_down() {
        let of = |text: &str| Quantity::of(text.parse().unwrap());
        assert_eq!(of("0.1"), Some(Quantity(100_000)));
        assert_eq!(of("0.0000001"), Some(Quantity(1)));
        assert_eq!(of("10000000000000"), None);
        for (quantity, text) in
            [(2_500_000, "2.5"), (-2_500_000, "-2.5"), (30_000_000, "30"), (0, "0")]
        {
            assert_eq!(Quantity(quantity).to_money().to_string(), text);
        }
    }
}
