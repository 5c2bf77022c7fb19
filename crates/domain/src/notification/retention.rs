//! How long is kept what was to be told. The record itself is kept for ever.

use jiff::{SignedDuration, Timestamp};

use super::Announcement;
use crate::Seq;

/// How long deliveries are kept after they ended, and announcements after they were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Deliveries that arrived, and announcements.
    pub delivered: SignedDuration,
    /// Deliveries that were given up; until then they can be asked for again.
    pub failed: SignedDuration,
}

impl Default for Retention {
    fn default() -> Self {
        let day = |days: i64| SignedDuration::from_hours(24 * days);
        Self { delivered: day(30), failed: day(90) }
    }
}

impl Retention {
    /// Deliveries that arrived before this are kept no longer.
    pub fn delivered_before(&self, now: Timestamp) -> Timestamp {
        before(now, self.delivered)
    }

    /// Deliveries that were given up before this are kept no longer.
    pub fn failed_before(&self, now: Timestamp) -> Timestamp {
        before(now, self.failed)
    }

    /// Up to where the announcements of a page, in order, are needed no more: they are old enough that no
    /// stream is resumed there, and deliveries were made of everything up to `told`; `None` if nobody is
    /// told. A clock that was set back ends it early, and never lets it reach over what is still needed.
    pub fn forgettable(
        &self,
        page: &[Announcement],
        told: Option<Seq>,
        now: Timestamp,
    ) -> Option<Seq> {
        let horizon = before(now, self.delivered);
        let needless =
            |one: &&Announcement| one.at < horizon && told.is_none_or(|told| one.seq <= told);
        page.iter().take_while(needless).last().map(|one| one.seq)
    }
}

fn before(now: Timestamp, length: SignedDuration) -> Timestamp {
    now.checked_sub(length).unwrap_or(Timestamp::MIN)
}
