//! Whether a person's yes leads anywhere, in as few words as fit into a row and in a sentence.

use countersign_domain::approval::{Approval, ApprovalError, Reviewer};
use countersign_domain::policy::FreezeScope;

use super::super::words;
use crate::app::{Obstacle, Shortage};

/// What a person can do about a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ability {
    /// `can`, `cannot`, or `stuck` where nobody's yes leads anywhere.
    pub(crate) class: &'static str,
    /// In a few words.
    pub(crate) short: String,
    /// In a sentence, where the few words leave something open.
    pub(crate) why: Option<String>,
}

impl Ability {
    /// Of this person, with what stands in the way.
    pub(in crate::dashboard::approvals) fn of(
        approval: &Approval,
        who: Reviewer<'_>,
        obstacle: Option<&Obstacle>,
    ) -> Self {
        let own = words::may_answer(approval, who).err();
        let told = |class, short: &str, why| Self { class, short: short.to_owned(), why };
        match (obstacle, own) {
            // What they lack matters only where they could answer otherwise.
            (Some(Obstacle::NothingToShow) | None, Some(why)) => {
                told("cannot", why_not(approval, who), Some(why))
            }
            (Some(obstacle), _) => told("stuck", &short(obstacle), Some(sentence(obstacle))),
            (None, None) => match words::stands_in(approval, who) {
                Some(lent) => {
                    told("can", &format!("you can decide for {}", lent.delegator().email), None)
                }
                None => told("can", "you can decide", None),
            },
        }
    }
}

fn why_not(approval: &Approval, who: Reviewer<'_>) -> &'static str {
    if words::has_approved(approval, who.person) {
        return "you have approved it";
    }
    match approval.seat_for_yes(who) {
        Err(ApprovalError::OwnRequest(_)) if edited(approval, who) => "you made the last edit",
        Err(ApprovalError::OwnRequest(_)) => "your own request",
        Err(ApprovalError::PlaceTaken(_)) => "the place is taken",
        Ok(_) | Err(_) => "not yours to decide",
    }
}

fn edited(approval: &Approval, who: Reviewer<'_>) -> bool {
    approval.edits.last().is_some_and(|edit| edit.by.id == who.person.id)
}

fn short(obstacle: &Obstacle) -> String {
    match obstacle {
        Obstacle::AgentGone => "agent gone, a yes is not used".to_owned(),
        Obstacle::AgentOff => "agent off, a yes is not used".to_owned(),
        Obstacle::Frozen(_) => "frozen, a yes is not used".to_owned(),
        Obstacle::TokenRevoked => "token revoked, a yes is not used".to_owned(),
        Obstacle::TooFew(Shortage { at_most: 0, .. }) => "nobody can decide it".to_owned(),
        Obstacle::TooFew(Shortage { needed, at_most }) => {
            format!("needs {needed} people, only {at_most} can")
        }
        Obstacle::NothingToShow => "you need a passkey or a code".to_owned(),
    }
}

/// Why a yes leads nowhere now, and what would have to change.
pub(in crate::dashboard) fn sentence(obstacle: &Obstacle) -> String {
    match obstacle {
        Obstacle::AgentGone => "The agent that asked is gone, so a yes is not used".to_owned(),
        Obstacle::AgentOff => {
            "The agent is switched off: a yes is not used before an admin switches it on".to_owned()
        }
        Obstacle::Frozen(scope) => {
            let what = match scope {
                FreezeScope::All => "Everything is frozen",
                FreezeScope::Agent(_) => "This agent is frozen",
                FreezeScope::Action(_) => "This action is frozen",
            };
            format!("{what}: a yes is not used before an admin lets it go on")
        }
        Obstacle::TokenRevoked => {
            "The capability token that it was asked with was revoked, so a yes is not used".to_owned()
        }
        Obstacle::TooFew(Shortage { needed, at_most: 0 }) => {
            let yeses = if *needed == 1 { "a yes".to_owned() } else { format!("{needed} yeses") };
            format!("It takes {yeses}, and nobody is there who can say it: it waits until an admin adds someone")
        }
        Obstacle::TooFew(Shortage { needed, at_most }) => format!(
            "{needed} people have to say yes, and only {at_most} can: it waits until an admin adds someone"
        ),
        Obstacle::NothingToShow => {
            "This answer takes a passkey or the code of an authenticator app, and you have neither: add one on your account"
                .to_owned()
        }
    }
}
