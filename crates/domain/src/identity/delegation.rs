//! A delegation: while a person is away, another one may answer in their place.
//!
//! It lends a seat, not a right: whoever stands in still needs the right to answer, and nothing that they could
//! not have answered with the delegator's own hands becomes theirs. What that means for one request is decided
//! where answers are, in [`crate::approval::StandIn`].

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Email, Person};
use crate::{ActionPattern, DelegationId, PersonId, Revision, display};

/// The longest reason, in characters.
const LONGEST: usize = 500;

/// That one person may answer in another one's place for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegation {
    /// Its id.
    pub id: DelegationId,
    /// How often the row was written.
    pub revision: Revision,
    /// In whose place.
    pub delegator: PersonId,
    /// Who answers instead.
    pub delegate: PersonId,
    /// When, where and why.
    #[serde(flatten)]
    pub terms: Terms,
    /// Who made it: the delegator, or an admin for them.
    pub made_by: Email,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it was ended before its time.
    pub ended_at: Option<Timestamp>,
}

/// When, where and why someone is stood in for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// From this moment on.
    pub from: Timestamp,
    /// Up to this moment, which does not belong to it; `None` until it is ended.
    pub until: Option<Timestamp>,
    /// Only where the delegator is admitted as a member of one of these groups; empty for wherever they are.
    pub groups: Vec<String>,
    /// Only for these actions; empty for all.
    pub actions: Vec<ActionPattern>,
    /// Why.
    pub reason: String,
}

/// Where a delegation stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It has not begun.
    Planned,
    /// It holds.
    Holds,
    /// It is over, or was ended.
    Over,
}

impl Phase {
    /// The public name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Holds => "holds",
            Self::Over => "over",
        }
    }
}

/// Why there is no such delegation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DelegationError {
    /// Both are the same person.
    #[error("nobody stands in for themselves; name another person")]
    ToThemselves,
    /// The delegate has no right that they could use.
    #[error("{0} may not answer: they are locked, or neither approver nor admin")]
    DelegateAnswersNothing(Email),
    /// The delegator has no seat that they could lend.
    #[error("{0} has nothing to delegate: they are locked, or neither approver nor admin")]
    DelegatorAnswersNothing(Email),
    /// It would be over before it begins.
    #[error("it has to end after it begins, and after now")]
    EndsTooEarly,
    /// The delegator is no member of a group that it is limited to.
    #[error("`{0}` is not a member of `{1}`, so that there is nothing to delegate in it")]
    NotInGroup(Email, String),
    /// No reason, or a book.
    #[error("a reason is required, of at most {LONGEST} characters")]
    Reason,
    /// It is over.
    #[error("it is over already")]
    Over,
}

impl Delegation {
    /// A new one, from now on or later. Both have to be people who answer, as they are now.
    pub fn agreed(
        id: DelegationId,
        (delegator, delegate): (&Person, &Person),
        terms: Terms,
        (made_by, now): (&Email, Timestamp),
    ) -> Result<Self, DelegationError> {
        if delegator.id == delegate.id {
            return Err(DelegationError::ToThemselves);
        }
        if !delegator.answers() {
            return Err(DelegationError::DelegatorAnswersNothing(delegator.email.clone()));
        }
        if !delegate.answers() {
            return Err(DelegationError::DelegateAnswersNothing(delegate.email.clone()));
        }
        let stranger = |group: &&String| !delegator.groups.contains(group);
        if let Some(group) = terms.groups.iter().find(stranger) {
            let group = display::sanitise(group);
            return Err(DelegationError::NotInGroup(delegator.email.clone(), group));
        }
        if display::is_blank(&terms.reason) || terms.reason.chars().count() > LONGEST {
            return Err(DelegationError::Reason);
        }
        // It cannot have held before anyone made it.
        let terms = Terms { from: terms.from.max(now), ..terms };
        if terms.until.is_some_and(|until| until <= terms.from) {
            return Err(DelegationError::EndsTooEarly);
        }
        Ok(Self {
            id,
            revision: Revision::FIRST,
            delegator: delegator.id,
            delegate: delegate.id,
            terms,
            made_by: made_by.clone(),
            made_at: now,
            ended_at: None,
        })
    }

    /// Where it stands.
    pub fn phase(&self, now: Timestamp) -> Phase {
        let ends = [self.terms.until, self.ended_at];
        if ends.into_iter().flatten().any(|end| now >= end) {
            Phase::Over
        } else if now < self.terms.from {
            Phase::Planned
        } else {
            Phase::Holds
        }
    }

    /// The same, ended before its time.
    pub fn ended(self, now: Timestamp) -> Result<Self, DelegationError> {
        match self.phase(now) {
            Phase::Over => Err(DelegationError::Over),
            Phase::Planned | Phase::Holds => {
                Ok(Self { revision: self.revision.next(), ended_at: Some(now), ..self })
            }
        }
    }
}

#[cfg(test)]
mod tests;
