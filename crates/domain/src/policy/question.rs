//! What a check asks policy.

use jiff::Timestamp;

use super::Counters;
use crate::approval::{Cost, Proposal};
use crate::identity::{Agent, Capability};
use crate::json::Object;

/// What a check is about.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// Who wants it.
    pub agent: &'a Agent,
    /// What they want.
    pub proposal: &'a Proposal,
    /// What surrounds it.
    pub context: &'a Object,
    /// What it would cost, as they say.
    pub cost: &'a Cost,
    /// The task it belongs to.
    pub task: Option<&'a str>,
    /// Whether it is asked for or about to run.
    pub purpose: Purpose<'a>,
    /// The capability token it is asked with; whoever shows an agent's own key needs none.
    pub capability: Option<&'a Capability>,
    /// When.
    pub now: Timestamp,
    /// How the counters stand; see `Rulebook::counters`.
    pub counters: &'a dyn Counters,
}

/// Why policy is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose<'a> {
    /// The agent asks whether it may.
    Ask,
    /// People said yes, and it is about to run: everything is looked at anew, except how often it was
    /// asked, which counted when it was.
    Use,
    /// The grant of this name said yes, and it is about to run. It still has to cover this; what it has left does
    /// not matter, because it was counted when it said so.
    UseByGrant(&'a str),
}
