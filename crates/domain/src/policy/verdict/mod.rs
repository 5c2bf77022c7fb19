//! The answer to a check.

mod rating;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::document::Unit;
use super::{Charge, ReasonCode, TraceLine};
use crate::Money;
use crate::approval::{Requirements, Risk};

pub use rating::{Rating, rated_by};

/// The answer to a check, always with its reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// What it is.
    pub decision: Decision,
    /// Why, as a code.
    pub reason_code: ReasonCode,
    /// Why, in a sentence.
    pub reason: String,
    /// How it came about.
    pub trace: Vec<TraceLine>,
    /// The numbers behind it.
    pub risk_snapshot: RiskSnapshot,
    /// The least risk that policy sees in it.
    pub risk_floor: Option<Risk>,
    /// What people would have to do, if one is asked.
    pub requirements: Requirements,
    /// What would help a reviewer.
    pub hints: Vec<String>,
    /// What has to be counted if it runs, in the transaction that lets it run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charges: Vec<Charge>,
    /// What has to be counted because it was asked, unless it is refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<Charge>,
    /// The rules that decided, as `policy/rule`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
    /// The grant that stands in for people, if one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<AutoBy>,
}

/// The numbers behind a verdict, for whoever has to judge it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RiskSnapshot {
    /// The budgets it counts against, as they stood before.
    pub budgets: Vec<BudgetUse>,
    /// The amount among the parameters, if one is stated.
    pub request_amount: Option<Money>,
    /// Who says how dangerous it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ratings: Vec<Rating>,
    /// What is set for what nobody rates, where nobody rated this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unrated: Option<Risk>,
}

impl RiskSnapshot {
    /// As JSON.
    pub fn to_value(&self) -> serde_json::Value {
        serde_json::json!(self)
    }
}

/// How a budget stood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BudgetUse {
    /// Its name.
    #[serde(with = "shared")]
    pub name: Arc<str>,
    /// In what it is counted.
    pub unit: Unit,
    /// How much was used.
    pub used: Money,
    /// How much there is.
    pub limit: Money,
    /// How much this adds; `None` where no cost is stated in this unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adds: Option<Money>,
    /// The share that was used, rounded down; more than 100 where the limit was lowered.
    pub percent: u64,
}

/// A shared text as a plain one.
mod shared {
    use std::sync::Arc;

    use serde::{Deserialize as _, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(text: &Arc<str>, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(text)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Arc<str>, D::Error> {
        String::deserialize(d).map(Arc::from)
    }
}

/// What stands in for people when nobody is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AutoBy {
    /// A grant that refills, by name.
    TrustBudget(String),
    /// A grant that does not, by name.
    Grant(String),
}

impl AutoBy {
    /// The public label; the same in outcomes, records, receipts and figures.
    pub const fn label(&self) -> &'static str {
        match self {
            Self::TrustBudget(_) => "auto:trust_budget",
            Self::Grant(_) => "auto:grant",
        }
    }

    /// The name of the grant.
    pub fn grant(&self) -> &str {
        match self {
            Self::TrustBudget(name) | Self::Grant(name) => name,
        }
    }
}

/// Allow, deny or escalate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It may run.
    Allow,
    /// It must not run.
    Deny,
    /// A person decides.
    Escalate,
}

impl Verdict {
    /// The same verdict with another decision and why.
    pub fn turned(self, decision: Decision, code: ReasonCode, reason: impl Into<String>) -> Self {
        Self { decision, reason_code: code, reason: reason.into(), ..self }
    }
}
