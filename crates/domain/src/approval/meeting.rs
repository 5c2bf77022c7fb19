//! Where a check meets the earlier requests of the same agent: those of the same digest, and denials of what is alike.

use jiff::{SignedDuration, Timestamp};

use super::{Approval, Cost, Digest, Execution, Likeness, Proposal, State};
use crate::identity::Email;
use crate::{AgentId, ApprovalId};

/// What is wanted, as far as finding earlier requests for it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// What exactly.
    pub digest: Digest,
    /// What it has in common with the same in another way.
    pub likeness: Likeness,
}

impl From<&Proposal> for Wanted {
    fn from(proposal: &Proposal) -> Self {
        Self { digest: proposal.digest(), likeness: proposal.likeness() }
    }
}

/// What a check says of itself, as far as earlier requests are concerned.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// What it asks for.
    pub wanted: Wanted,
    /// What it would cost.
    pub cost: &'a Cost,
    /// The person the agent acts for.
    pub on_behalf_of: Option<&'a Email>,
}

/// What an agent's earlier requests mean for a check of the same proposal.
#[derive(Debug, Clone, PartialEq)]
pub enum Meeting {
    /// Nothing: it is judged on its own.
    Fresh,
    /// The same is pending: the check joins it.
    Joins(Box<Approval>),
    /// The same was approved and is unused: the check is allowed once, and consumes it.
    Consumes(Box<Approval>),
    /// It was approved with edits: only the edited proposal may run.
    Edited(Box<Approval>),
    /// The same was approved at a lower cost than is stated now: that yes does not reach this.
    Dearer(Box<Approval>),
    /// The same was denied a short while ago.
    Denied(Box<Approval>),
}

/// Looks at the approvals whose first or present digest is the one that is asked for, and at denials of what is alike,
/// at the time `now`. What is
/// pending on behalf of somebody else, or of nobody, is not joined: people would not see for whom it is wanted now. A cost that people
/// edited is agreed to by stating it. A yes is never used for more than people saw: what states a higher cost is
/// not what they agreed to. Among several, what was decided counts before what is pending, the later decision
/// before the earlier one, and a no before a yes of the same moment; a yes that does not reach counts last.
pub fn meet(
    related: Vec<Approval>,
    asked: Asked<'_>,
    denial_cooldown: SignedDuration,
    now: Timestamp,
) -> Meeting {
    let mut meeting = Meeting::Fresh;
    let mut decided = Timestamp::MIN;
    for approval in related {
        let at = approval.state.decided_at().unwrap_or(Timestamp::MIN);
        let next = of_one(approval, asked, denial_cooldown, now);
        let outranks = match (&next, &meeting) {
            (Meeting::Fresh, _) => false,
            (_, Meeting::Fresh) => true,
            (Meeting::Dearer(_), other) if !matches!(other, Meeting::Dearer(_)) => false,
            (next, Meeting::Dearer(_)) if !matches!(next, Meeting::Dearer(_)) => true,
            (Meeting::Joins(_), _) => false,
            (_, Meeting::Joins(_)) => true,
            (next, meeting) => (at, denies(next)) > (decided, denies(meeting)),
        };
        if outranks {
            (meeting, decided) = (next, at);
        }
    }
    meeting
}

const fn denies(meeting: &Meeting) -> bool {
    matches!(meeting, Meeting::Denied(_))
}

fn of_one(
    approval: Approval,
    Asked { wanted: Wanted { digest, .. }, cost, on_behalf_of }: Asked<'_>,
    denial_cooldown: SignedDuration,
    now: Timestamp,
) -> Meeting {
    match &approval.state {
        State::Pending { expires_at, .. } if expires_at.is_none_or(|end| now < end) => {
            let same = approval.digest() == digest || approval.card.digest == digest;
            let shown = approval.card.requester.on_behalf_of.as_ref();
            if same && (on_behalf_of.is_none() || on_behalf_of == shown) {
                Meeting::Joins(Box::new(approval))
            } else {
                Meeting::Fresh
            }
        }
        State::Approved { execution: Execution::Unused, .. } if approval.is_held_by_its_call() => {
            Meeting::Fresh
        }
        State::Approved { use_by, execution: Execution::Unused, .. } if now < *use_by => {
            let sum = |cost: &Cost| (cost.usd, cost.tokens);
            let agreed = sum(approval.cost());
            let other_cost = agreed != sum(&approval.card.cost) && agreed != sum(cost);
            let same = approval.digest() == digest;
            if same && !other_cost && approval.reaches(cost) {
                Meeting::Consumes(Box::new(approval))
            } else if approval.card.digest == digest && !approval.edits.is_empty() {
                Meeting::Edited(Box::new(approval))
            } else if same && !approval.reaches(cost) {
                Meeting::Dearer(Box::new(approval))
            } else {
                Meeting::Fresh
            }
        }
        State::Denied { at, .. } if now < crate::time::after(*at, denial_cooldown) => {
            Meeting::Denied(Box::new(approval))
        }
        State::Pending { .. }
        | State::Approved { .. }
        | State::Denied { .. }
        | State::Expired { .. }
        | State::Canceled { .. } => Meeting::Fresh,
    }
}

impl Approval {
    /// Whether a cost is not higher than the one that people are shown, or agreed to.
    pub fn reaches(&self, cost: &Cost) -> bool {
        cost.usd <= self.cost().usd && cost.tokens <= self.cost().tokens
    }

    /// What to tell whoever states a higher cost than people are shown, or agreed to.
    pub fn beyond(&self, cost: &Cost) -> Option<String> {
        let said = |cost: &Cost| format!("{} usd and {} tokens", cost.usd, cost.tokens);
        let (seen, stated) = (said(self.cost()), said(cost));
        (!self.reaches(cost)).then(|| {
            format!(
                "{} is for at most {seen}, this states {stated}: a yes to it is none to this",
                self.id
            )
        })
    }
}

/// An approval that can still mean something to a check, as far as finding it takes. For every other one
/// [`meet`] says [`Meeting::Fresh`], whatever the digest and the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Which one.
    pub id: ApprovalId,
    /// Whose.
    pub agent: AgentId,
    /// What was asked for, and what is now, after edits.
    pub digests: [Digest; 2],
    /// How it stands.
    pub stands: Stands,
}

/// How an approval stands that can still mean something to a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// People have not said enough yet.
    Pending,
    /// Approved, and not used yet.
    Unused,
    /// Denied; it counts until the cool-down is over, and for all that is alike.
    Denied {
        /// When.
        at: Timestamp,
        /// What was asked for has this in common with the same in another way.
        likeness: Likeness,
    },
}

impl Standing {
    /// What finding this approval takes, unless it cannot mean anything to a check any more.
    pub fn of(approval: &Approval) -> Option<Self> {
        let stands = match &approval.state {
            State::Pending { .. } => Stands::Pending,
            State::Approved { execution: Execution::Unused, .. } => Stands::Unused,
            State::Denied { at, .. } => {
                Stands::Denied { at: *at, likeness: approval.card.proposal.likeness() }
            }
            State::Approved { .. } | State::Expired { .. } | State::Canceled { .. } => return None,
        };
        Some(Self {
            id: approval.id,
            agent: approval.card.requester.agent,
            digests: [approval.card.digest, approval.digest()],
            stands,
        })
    }
}

#[cfg(test)]
mod tests;
