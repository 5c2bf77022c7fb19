//! An approval: the case opened by an escalation or by an agent's own wish, until it is used.
//!
//! [`Approval`] is data; every way it can change is a function in [`transition`] that consumes it and
//! gives back the next one together with its record. No other code builds a change of an approval.

mod answer;
mod card;
mod edit;
mod meeting;
mod outcome;
mod proposal;
mod quorum;
mod requirements;
pub mod statistics;
mod thread;
pub mod transition;

#[cfg(test)]
pub(crate) mod fixtures;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use answer::{
    AgentRef, Answer, AnsweredBy, Friction, Means, PersonRef, Proof, ProofError, Say, Subject,
};
use card::Presented;
pub use card::{Card, Cost, Link, Origin, Requester, SuggestedResponse};
pub(crate) use edit::changed;
pub use edit::{Edit, EditError, Edited, step, steps};
pub use meeting::{Asked, Meeting, Standing, Stands, Wanted, meet};
pub use outcome::{Effective, Outcome, OutcomeKind};
pub use proposal::{Digest, DigestError, Likeness, Proposal, ToolRef};
pub use quorum::{
    InPlaceOf, Reviewer, Seat, Seats, Shortfall, StandIn, Tally, Yes, reachable, tally,
};
pub use requirements::{Assurance, Level, OnTimeout, Requirements, Risk, Stage};
pub use thread::{Message, MessageKind};
pub use transition::{ApprovalError, Execution, Resolution, Run, Transition};

use crate::display::Headline;
use crate::{ApprovalId, OrgId, Revision};

/// One approval, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Approval {
    /// Its id.
    pub id: ApprovalId,
    /// How often it was written; guards every change.
    pub revision: Revision,
    /// What was asked; never changes.
    pub card: Card,
    /// What people changed about it, in order; the last one counts.
    pub edits: Vec<Edit>,
    /// Who must say yes, frozen when it was opened.
    pub requirements: Requirements,
    /// What people said, in order.
    pub answers: Vec<Answer>,
    /// Questions, answers to them, and comments.
    pub thread: Vec<Message>,
    /// Where it stands.
    pub state: State,
    #[serde(skip)]
    presented: Presented,
}

/// Where an approval stands. Everything but `Pending` is final; an approved one can still be used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum State {
    /// People have not said enough yet.
    Pending {
        /// When silence becomes no; `None` where a rule keeps it open.
        expires_at: Option<Timestamp>,
        /// How many levels of further people were added.
        levels_used: usize,
    },
    /// Enough people said yes.
    Approved {
        /// When the last yes was said.
        at: Timestamp,
        /// By whom.
        by: AnsweredBy,
        /// Until when it can be used.
        use_by: Timestamp,
        /// What became of it.
        execution: Execution,
    },
    /// One person said no.
    Denied {
        /// When.
        at: Timestamp,
        /// By whom.
        by: AnsweredBy,
        /// Why.
        reason: String,
    },
    /// Nobody said enough in time.
    Expired {
        /// When this was established.
        at: Timestamp,
    },
    /// It was withdrawn.
    Canceled {
        /// When.
        at: Timestamp,
        /// Why, if a reason was given.
        reason: Option<String>,
    },
}

/// The name of a [`State`], for filters and rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// People have not said enough yet.
    Pending,
    /// Enough people said yes.
    Approved,
    /// One person said no.
    Denied,
    /// Nobody said enough in time.
    Expired,
    /// It was withdrawn.
    Canceled,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 5] =
        [Self::Pending, Self::Approved, Self::Denied, Self::Expired, Self::Canceled];

    /// The public name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Denied => "denied",
            Self::Expired => "expired",
            Self::Canceled => "canceled",
        }
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl State {
    /// The name of the state.
    pub const fn status(&self) -> Status {
        match self {
            Self::Pending { .. } => Status::Pending,
            Self::Approved { .. } => Status::Approved,
            Self::Denied { .. } => Status::Denied,
            Self::Expired { .. } => Status::Expired,
            Self::Canceled { .. } => Status::Canceled,
        }
    }

    /// When it was decided, by people or by the clock.
    pub const fn decided_at(&self) -> Option<Timestamp> {
        match self {
            Self::Pending { .. } => None,
            Self::Approved { at, .. }
            | Self::Denied { at, .. }
            | Self::Expired { at }
            | Self::Canceled { at, .. } => Some(*at),
        }
    }
}

impl Approval {
    /// The organization it belongs to.
    pub const fn org(&self) -> &OrgId {
        &self.card.proposal.org
    }

    /// The proposal as it stands after the last edit.
    pub fn proposal(&self) -> &Proposal {
        self.edits.last().map_or(&self.card.proposal, |edit| &edit.proposal)
    }

    /// The cost as it stands after the last edit.
    pub fn cost(&self) -> &Cost {
        self.edits.last().map_or(&self.card.cost, |edit| &edit.cost)
    }

    /// What would happen as it stands, in plain words.
    pub fn headline(&self) -> Headline {
        self.card.headline(self.proposal())
    }

    /// The digest of the proposal as it stands; what the next answer is bound to.
    pub fn digest(&self) -> Digest {
        self.edits.last().map_or(self.card.digest, |edit| edit.digest)
    }

    /// The hash of the whole card as it is shown, without what people said about it.
    pub fn presented(&self) -> Digest {
        let version = (self.card.digest, self.edits.len(), &self.requirements);
        self.presented.of(version, || {
            let shown = serde_json::json!({
                "card": self.card,
                "digest": self.digest(),
                "cost": self.cost(),
                "requirements": self.requirements,
            });
            Digest::of(&shown)
        })
    }

    /// Until when people can answer, while it is pending.
    pub const fn expires_at(&self) -> Option<Timestamp> {
        match self.state {
            State::Pending { expires_at, .. } => expires_at,
            State::Approved { .. }
            | State::Denied { .. }
            | State::Expired { .. }
            | State::Canceled { .. } => None,
        }
    }

    /// Until when it can be used, once approved.
    pub const fn use_by(&self) -> Option<Timestamp> {
        match self.state {
            State::Approved { use_by, .. } => Some(use_by),
            State::Pending { .. }
            | State::Denied { .. }
            | State::Expired { .. }
            | State::Canceled { .. } => None,
        }
    }

    /// What became of the approved action.
    pub const fn execution(&self) -> Option<&Execution> {
        match &self.state {
            State::Approved { execution, .. } => Some(execution),
            State::Pending { .. }
            | State::Denied { .. }
            | State::Expired { .. }
            | State::Canceled { .. } => None,
        }
    }

    /// Whether the yes belongs to the call that asked, which runs when it is told: nothing else may use it.
    /// An edited version is used by the call that follows with exactly that.
    pub fn is_held_by_its_call(&self) -> bool {
        self.card.origin == Origin::Call && self.edits.is_empty()
    }

    /// Whether the one use was claimed and its end is not known yet.
    pub const fn is_running(&self) -> bool {
        matches!(self.execution(), Some(Execution::Running { .. }))
    }

    /// Who decided it.
    pub fn answered_by(&self) -> Option<AnsweredBy> {
        match &self.state {
            State::Approved { by, .. } | State::Denied { by, .. } => Some(by.clone()),
            State::Expired { .. } => Some(AnsweredBy::Timeout),
            State::Pending { .. } | State::Canceled { .. } => None,
        }
    }

    /// How the yeses that count stand against what is needed.
    pub fn tally(&self) -> Tally {
        self.tally_with(None)
    }

    /// The same, with one more.
    fn tally_with(&self, more: Option<Yes<'_>>) -> Tally {
        let yeses: Vec<_> = self.counting_answers().map(Answer::as_counted).chain(more).collect();
        tally(&self.requirements.stages, &yeses)
    }

    /// The same, without the yeses that do not hold any more: whoever may not answer now is not counted when
    /// somebody else answers.
    pub fn without_yeses(mut self, fallen: impl Fn(&Answer) -> bool) -> Self {
        for answer in &mut self.answers {
            answer.counts &= !(matches!(answer.say, Say::Approve) && fallen(answer));
        }
        self
    }

    /// In whose place the person answered who decided it, if not in their own.
    pub fn decided_in_place_of(&self) -> Option<&PersonRef> {
        let decided = matches!(self.state, State::Approved { .. } | State::Denied { .. });
        let last = self.answers.last().filter(|_| decided)?;
        last.in_place_of.as_ref().map(|of| &of.person)
    }

    /// The yeses to the version that stands now.
    pub fn counting_answers(&self) -> impl Iterator<Item = &Answer> {
        let version = self.edits.len();
        self.answers
            .iter()
            .filter(move |a| matches!(a.say, Say::Approve) && a.counts && a.version == version)
    }
}
