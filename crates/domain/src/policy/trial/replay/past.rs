//! A question as the record tells it.

use serde::Deserialize;

use crate::approval::{Cost, Proposal, ToolRef, changed};
use crate::audit::Record;
use crate::json::Object;
use crate::policy::ReasonCode;
use crate::{Action, AgentId};

/// What a record of a check says; other parts of it do not matter here.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Past {
    pub(super) action: Action,
    #[serde(default)]
    pub(super) tool: Option<String>,
    #[serde(default)]
    pub(super) params: Object,
    #[serde(default)]
    pub(super) context: Object,
    #[serde(default)]
    pub(super) cost: Cost,
    #[serde(default)]
    pub(super) task_id: Option<String>,
    #[serde(default)]
    pub(super) origin: Option<String>,
    #[serde(default)]
    pub(super) reason_code: Option<ReasonCode>,
    #[serde(default)]
    pub(super) reason: Option<String>,
}

impl Past {
    /// Whether policy decided it: not people earlier, nor a token, nor somebody who stopped everything; and an
    /// agent's own wish asked for no verdict.
    pub(super) fn was_of_policy(&self) -> bool {
        let by_others = matches!(
            self.reason_code,
            Some(
                ReasonCode::PreviouslyDenied
                    | ReasonCode::ApprovedWithEdits
                    | ReasonCode::Approved
                    | ReasonCode::InvalidToken
                    | ReasonCode::TokenExpired
                    | ReasonCode::TokenRevoked
                    | ReasonCode::CapabilityMissing
                    | ReasonCode::Frozen
            )
        );
        !by_others && !self.was_a_wish()
    }

    /// Whether the agent asked for a person by itself, or repeated a question that began so.
    pub(super) fn was_a_wish(&self) -> bool {
        self.origin.as_deref().is_some_and(|origin| origin != "check")
            || self.reason_code == Some(ReasonCode::AgentRequested)
    }

    /// What people made of it. What was hidden from the record stays as it was.
    pub(super) fn edit(&mut self, changes: &Object) {
        for (key, value) in changes {
            let change = Object::from_iter([(key.clone(), value.clone())]);
            if let Ok((params, cost)) = changed(&self.params, &self.cost, &change) {
                (self.params, self.cost) = (params, cost);
            }
        }
    }

    pub(super) fn proposal(&self, record: &Record, agent: AgentId) -> Proposal {
        Proposal {
            org: record.org.clone(),
            agent,
            action: self.action.clone(),
            tool: self.tool.clone().map(|name| ToolRef { name, schema_version: None }),
            resource: None,
            params: self.params.clone(),
        }
    }

    pub(super) fn is_redacted(&self) -> bool {
        let hidden = |object: &Object| {
            serde_json::Value::Object(object.clone()).to_string().contains("[REDACTED]")
        };
        hidden(&self.params) || hidden(&self.context)
    }
}
