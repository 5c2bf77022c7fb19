//! What an organization can set for all its approvals.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::Revision;
use crate::approval::Risk;

/// The settings of one organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// How often they were written.
    pub revision: Revision,
    /// How long people have to answer, unless a rule or a request says otherwise.
    pub expires_in: SignedDuration,
    /// How long an approval can be used after it was given.
    pub use_within: SignedDuration,
    /// How long an equal request is refused after a denial; zero switches this off.
    pub denial_cooldown: SignedDuration,
    /// Up to which risk people may answer their own requests; `None` means never.
    pub self_approval: Option<Risk>,
    /// How many requests one agent may have pending.
    pub pending_per_agent: u32,
    /// How dangerous that is which policy does not rate.
    #[serde(default = "Settings::of_what_nobody_rated")]
    pub unrated_risk: Risk,
}

impl Settings {
    const fn of_what_nobody_rated() -> Risk {
        Risk::High
    }

    /// How dangerous a request is: what policy sees in it, and else what is set for everything that it does not
    /// rate. A hint of the agent raises this, and never lowers it.
    pub fn risk(&self, seen: Option<Risk>, hint: Option<Risk>) -> Risk {
        let floor = seen.unwrap_or(self.unrated_risk);
        hint.map_or(floor, |hint| hint.max(floor))
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            revision: Revision::FIRST,
            expires_in: SignedDuration::from_hours(24),
            use_within: SignedDuration::from_hours(1),
            denial_cooldown: SignedDuration::from_hours(24),
            self_approval: None,
            pending_per_agent: 10_000,
            unrated_risk: Self::of_what_nobody_rated(),
        }
    }
}
