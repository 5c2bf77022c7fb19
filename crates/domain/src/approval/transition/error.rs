//! Why an approval does not change.

use crate::approval::{Assurance, Digest, EditError, Status};
use crate::identity::Email;

/// Why an approval does not change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApprovalError {
    /// It was decided before.
    #[error("it is already {0}")]
    Decided(Status),
    /// It is pending, but its time is over; it has to be expired.
    #[error("its time ran out")]
    TimeRanOut,
    /// It is not over yet.
    #[error("its time has not run out")]
    StillOpen,
    /// The person stands behind the request, or edited it.
    #[error("nobody answers their own request: {0}")]
    OwnRequest(&'static str),
    /// The person is in none of the stages.
    #[error("only these can answer it: {0}")]
    NotAdmitted(String),
    /// The person has said yes to this version already.
    #[error("you have approved it already; it waits for others")]
    AlreadyApproved,
    /// Someone has said yes from the one place that they could answer from.
    #[error("the place of {0} is taken: someone has approved it from there already")]
    PlaceTaken(Email),
    /// The answer is not sure enough.
    #[error("{}", too_low(*.needed))]
    AssuranceTooLow {
        /// What is demanded.
        needed: Assurance,
        /// What was given.
        given: Assurance,
    },
    /// No agent may report an answer to it, or not this one.
    #[error("no agent can report an answer to it: {0}")]
    NotRelayed(&'static str),
    /// The person saw another version.
    #[error("it changed since you saw it: it is now `{now}`")]
    Stale {
        /// The digest that stands now.
        now: Digest,
    },
    /// The person did not show that they mean exactly this.
    #[error("to confirm, `{expected}` has to be typed exactly")]
    NotMeant {
        /// What they have to type.
        expected: String,
    },
    /// A text is missing.
    #[error("{0} is required")]
    TextMissing(&'static str),
    /// The edit cannot be made.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// There is no open question.
    #[error("no question is open")]
    NoQuestion,
    /// It was not approved.
    #[error("it is {0}, not approved")]
    NotApproved(Status),
    /// The parameters are not those that were approved.
    #[error("these are not the approved parameters: approved was `{approved}`, this is `{given}`")]
    OtherProposal {
        /// What was approved.
        approved: Digest,
        /// What was given.
        given: Digest,
    },
    /// The one use is spent.
    #[error("it was used already; its run is `{0}`")]
    Used(&'static str),
    /// There is no run whose end could be told.
    #[error("its run is `{0}`, not running")]
    NotRunning(&'static str),
    /// The run is not unknown.
    #[error("its run is `{0}`, not unknown")]
    NotUnknown(&'static str),
}

const fn too_low(needed: Assurance) -> &'static str {
    match needed {
        Assurance::StepUp => "it takes a passkey or a one-time code for this very answer",
        Assurance::Session => "it takes the answer of a person who is signed in",
        Assurance::Channel => "it takes the answer of a person, in a known channel or signed in",
        Assurance::Relayed => "it takes at least what an agent reports",
    }
}
