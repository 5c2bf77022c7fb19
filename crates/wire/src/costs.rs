//! What things really cost.

use countersign_domain::approval::Cost;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an agent says that something cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CostRequest {
    /// The agent, by id or name; an agent's own key needs none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
    /// What was done, for example `llm.call`.
    pub action: String,
    /// What it really cost.
    #[schema(value_type = crate::approvals::CostSchema)]
    pub cost: Cost,
    /// What was estimated when it was checked, and charged then: only what is over it is counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::approvals::CostSchema>)]
    pub estimate: Option<Cost>,
    /// The task it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_id: Option<String>,
    /// The approval that was used for it: what was charged then is corrected, once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval_id: Option<String>,
}

/// What a reported cost corrected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CostView {
    /// How much was counted more or less, by counter; nothing where nothing differs.
    pub corrected: Vec<Correction>,
}

/// How much one counter was corrected by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Correction {
    /// The counter: `budget:support-daily`, for example.
    pub counter: String,
    /// By how much, in its unit; less than nothing where less was spent than estimated.
    pub by: String,
}
