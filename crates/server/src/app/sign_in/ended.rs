//! What became of a link that works no more. The record knows every link by the hash of its secret, so that only
//! whoever holds a link is told.

use countersign_domain::audit::{Kind, Record};
use countersign_domain::identity::KeyHash;
use countersign_store::{RecordQuery, RecordSearch};
use jiff::Timestamp;

use super::PREFIX;
use crate::app::{App, Error};

/// The most records that one link leaves: that it was made, used or withdrawn.
const MOST: usize = 4;

/// Why a link works no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkEnd {
    /// It was used, at this time.
    Used(Timestamp),
    /// Nobody used it in time, which was over then.
    Over(Timestamp),
    /// It was withdrawn, a newer one took its place, or whoever made it may not any more.
    Withdrawn,
    /// No such link is known here: perhaps it was not copied whole.
    Unknown,
}

impl App {
    /// Why the link with this secret works no more.
    pub async fn link_end(&self, secret: &str) -> Result<LinkEnd, Error> {
        if !secret.starts_with(PREFIX) {
            return Ok(LinkEnd::Unknown);
        }
        let text = Some(KeyHash::of(secret).to_string());
        let within = RecordQuery { newest: true, limit: MOST, ..RecordQuery::default() };
        let wanted = RecordSearch { within, by: None, text };
        for snapshot in self.snapshots.all() {
            let found = self.store.search_records(&snapshot.org, &wanted).await?.records;
            if !found.is_empty() {
                return Ok(told(&found, self.now()));
            }
        }
        Ok(LinkEnd::Unknown)
    }
}

fn told(records: &[Record], now: Timestamp) -> LinkEnd {
    let of = |kinds: &[Kind]| records.iter().find(|record| kinds.contains(&record.kind));
    if let Some(used) = of(&[Kind::SessionStarted, Kind::InvitationAccepted]) {
        return LinkEnd::Used(used.at);
    }
    let made = of(&[Kind::LinkMade, Kind::InvitationMade]);
    let ends = made.and_then(|made| made.data.get("expires_at")?.as_str()?.parse().ok());
    match ends {
        Some(ends) if ends <= now => LinkEnd::Over(ends),
        Some(_) | None => LinkEnd::Withdrawn,
    }
}
