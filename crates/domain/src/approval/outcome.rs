//! What the waiting agent is told. All sentences for agents stand here.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Approval, Cost, Execution, Say, State, ToolRef};
use crate::Action;
use crate::json::Object;

/// What the waiting agent is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// What happened, in one word.
    pub kind: OutcomeKind,
    /// Who answered.
    pub answered_by: Option<String>,
    /// When.
    pub answered_at: Option<Timestamp>,
    /// Why, on a no.
    pub reason: Option<String>,
    /// What the last person added.
    pub notes: Option<String>,
    /// What was changed: dotted keys and new values.
    pub edits: Option<Object>,
    /// What may run instead of what was asked, after edits.
    pub effective: Option<Effective>,
    /// The open question.
    pub question: Option<String>,
    /// What the agent should do now.
    pub next: String,
}

/// What happened, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeKind {
    /// Exactly what was asked may run.
    Approved,
    /// Something else may run.
    Edited,
    /// It must not run.
    Denied,
    /// Nobody answered in time; it must not run.
    Expired,
    /// It was withdrawn; it must not run.
    Canceled,
    /// A person wants to know something first.
    AskedQuestion,
    /// The wait ended first.
    Pending,
}

/// What may run after edits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Effective {
    /// The action.
    pub action: Action,
    /// The tool.
    pub tool: Option<ToolRef>,
    /// What it is done to, where no parameter says so.
    pub resource: Option<String>,
    /// The parameters.
    pub params: Object,
    /// The cost.
    pub cost: Cost,
    /// What else it does.
    pub side_effects: Vec<String>,
}

impl Approval {
    /// What the agent is told now.
    pub fn outcome(&self) -> Outcome {
        Outcome {
            kind: self.outcome_kind(),
            answered_by: self.answered_by().map(|by| by.to_string()),
            answered_at: self.state.decided_at(),
            reason: self.outcome_reason(),
            notes: self.answers.last().and_then(|answer| answer.notes.clone()),
            edits: self.all_changes(),
            effective: self.effective(),
            question: self.open_question().map(|q| q.body.clone()),
            next: self.next_step(),
        }
    }

    /// What may run after edits; `None` when nothing was edited.
    pub fn effective(&self) -> Option<Effective> {
        let edit = self.edits.last()?;
        Some(Effective {
            action: edit.proposal.action.clone(),
            tool: edit.proposal.tool.clone(),
            resource: edit.proposal.resource.clone(),
            params: edit.proposal.params.clone(),
            cost: edit.cost.clone(),
            side_effects: self.card.side_effects.clone(),
        })
    }

    /// Every edit together, the later ones over the earlier ones; `None` when nothing was edited.
    pub fn all_changes(&self) -> Option<Object> {
        let changes: Object = self.edits.iter().flat_map(|edit| edit.changes.clone()).collect();
        (!self.edits.is_empty()).then_some(changes)
    }

    /// Where the API has it.
    fn path(&self) -> String {
        format!("/api/v1/orgs/{}/approvals/{}", self.org(), self.id)
    }

    /// The word for what the agent is told now.
    pub fn outcome_kind(&self) -> OutcomeKind {
        match self.state {
            State::Pending { .. } if self.open_question().is_some() => OutcomeKind::AskedQuestion,
            State::Pending { .. } => OutcomeKind::Pending,
            State::Approved { .. } if self.edits.is_empty() => OutcomeKind::Approved,
            State::Approved { .. } => OutcomeKind::Edited,
            State::Denied { .. } => OutcomeKind::Denied,
            State::Expired { .. } => OutcomeKind::Expired,
            State::Canceled { .. } => OutcomeKind::Canceled,
        }
    }

    fn outcome_reason(&self) -> Option<String> {
        match &self.state {
            State::Denied { reason, .. } => Some(reason.clone()),
            State::Canceled { reason, .. } => reason.clone(),
            State::Expired { .. } => Some("nobody answered in time".to_owned()),
            State::Approved { execution: Execution::Revoked { reason, .. }, .. } => {
                Some(reason.clone())
            }
            State::Pending { .. } | State::Approved { .. } => None,
        }
    }

    fn next_step(&self) -> String {
        match self.outcome_kind() {
            OutcomeKind::Approved | OutcomeKind::Edited => self.next_step_with_a_yes(),
            OutcomeKind::Denied => {
                "do not run it; tell your user why, or ask for something else".to_owned()
            }
            OutcomeKind::Expired => {
                "do not run it; nobody answered in time, ask again if it is still wanted".to_owned()
            }
            OutcomeKind::Canceled => "do not run it; the request was withdrawn".to_owned(),
            OutcomeKind::AskedQuestion => {
                format!("answer the question with POST {}/answer, then wait again", self.path())
            }
            OutcomeKind::Pending => format!("wait again with GET {}?wait=55s", self.path()),
        }
    }

    fn next_step_with_a_yes(&self) -> String {
        match self.execution() {
            Some(Execution::Unused) if self.edits.is_empty() => {
                format!(
                    "redeem it once with POST {}/redeem, then run exactly what was approved",
                    self.path()
                )
            }
            Some(Execution::Unused) => format!(
                "redeem it once with POST {}/redeem and the edited parameters, which replace your request",
                self.path()
            ),
            Some(Execution::Running { .. }) => {
                format!("it was redeemed; report the end with POST {}/result", self.path())
            }
            Some(Execution::Succeeded { .. }) => "nothing; it ran and succeeded".to_owned(),
            Some(Execution::Failed { .. }) => {
                "it ran and failed; ask again if it is still wanted".to_owned()
            }
            Some(Execution::Unknown { .. }) => {
                "do not run it again; we do not know whether it ran, a person has to resolve this"
                    .to_owned()
            }
            Some(Execution::Lapsed { .. }) => {
                "do not run it; the yes was not used in time, ask again".to_owned()
            }
            Some(Execution::Revoked { .. }) | None => {
                "do not run it; the yes was taken back, ask again if it is still wanted".to_owned()
            }
        }
    }

    /// What the last person who said no gave as reason and notes.
    pub fn last_denial(&self) -> Option<&str> {
        self.answers.iter().rev().find_map(|answer| match &answer.say {
            Say::Deny { reason } => Some(reason.as_str()),
            Say::Approve => None,
        })
    }
}

#[cfg(test)]
mod tests;
