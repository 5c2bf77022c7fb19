//! How budgets stand.

use countersign_domain::policy::document::{Percent, Scope, Unit, Window};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A budget, and how it stands in the window that runs. Amounts are in its unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BudgetView {
    /// Its name.
    pub name: String,
    /// What is counted against it.
    #[schema(value_type = serde_json::Value)]
    pub scope: Scope,
    /// `actions`, `usd` or `tokens`.
    #[schema(value_type = String)]
    pub unit: Unit,
    /// `hour`, `day`, `week`, `month` or `total`.
    #[schema(value_type = String)]
    pub window: Window,
    /// How much was used; where agents, actions or tasks have the limit for themselves, by the fullest.
    pub used: String,
    /// How much there is.
    pub limit: String,
    /// The share that was used, rounded down.
    pub percent: u64,
    /// From which share a person is asked.
    #[schema(value_type = Option<String>)]
    pub escalate_at: Option<Percent>,
    /// When the window ends; absent for the one without end.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub resets_at: Option<Timestamp>,
    /// How much it will be at the end of the window if it goes on like this; absent where that says nothing.
    pub forecast: Option<String>,
    /// Those that have the limit for themselves, the fullest first, at most 100.
    pub parts: Vec<PartView>,
}

/// How one agent, action or task stands that has a limit for itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PartView {
    /// The name of the agent, the action or the task.
    pub name: String,
    /// How much it used.
    pub used: String,
    /// The share that was used, rounded down.
    pub percent: u64,
    /// How much it will be at the end of the window if it goes on like this.
    pub forecast: Option<String>,
}
