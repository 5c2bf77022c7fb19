//! Grants: bounded automatic yeses.

use countersign_domain::approval::Risk;
use countersign_domain::policy::document::{Grant, Window};
use countersign_domain::policy::grant::GrantStatus;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a grant is to differ from the narrowest one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantRequest {
    /// What to call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How often it can be used: from 1 to 100; 10 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uses: Option<u32>,
    /// How many US dollars it covers in all; as many as the uses would cost if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub usd: Option<countersign_domain::Money>,
    /// How long it holds, as `7d`: at most 30 days, a week if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<String>,
    /// Parameters that may have other values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
    /// Only say what it would have covered.
    #[serde(default)]
    pub dry_run: bool,
}

/// A grant, and what was used of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct GrantView {
    /// Its name.
    pub name: String,
    /// The names of the agents.
    pub agents: Vec<String>,
    /// The actions.
    pub actions: Vec<String>,
    /// What must hold as well, in CEL.
    pub when: Option<String>,
    /// Up to which risk it covers.
    #[schema(value_type = String)]
    pub risk_at_most: Risk,
    /// How often it can be used.
    pub uses: Option<u32>,
    /// How often it was used, in the window that runs.
    pub uses_used: Option<String>,
    /// How many US dollars it covers.
    pub usd: Option<String>,
    /// How many of them were used, in the window that runs.
    pub usd_used: Option<String>,
    /// After which window it refills; `total` never does.
    #[schema(value_type = String)]
    pub window: Window,
    /// When it refills.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub resets_at: Option<Timestamp>,
    /// When it ends.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// `active`, `used_up` or `expired`; absent for one that is only drafted.
    #[schema(value_type = Option<String>)]
    pub status: Option<GrantStatus>,
    /// The approval it was made from.
    pub from: Option<String>,
    /// Who made it.
    pub by: Option<String>,
}

impl From<&Grant> for GrantView {
    fn from(grant: &Grant) -> Self {
        let texts = |patterns: &[countersign_domain::ActionPattern]| {
            patterns.iter().map(ToString::to_string).collect()
        };
        Self {
            name: grant.name.clone(),
            agents: grant.agents.iter().map(|name| name.as_str().to_owned()).collect(),
            actions: texts(&grant.actions),
            when: grant.when.clone(),
            risk_at_most: grant.risk_at_most,
            uses: grant.limit.uses,
            uses_used: None,
            usd: grant.limit.usd.map(|usd| usd.to_string()),
            usd_used: None,
            window: grant.limit.window,
            resets_at: None,
            expires_at: grant.expires_at,
            status: None,
            from: grant.from.map(|id| id.to_string()),
            by: None,
        }
    }
}

/// A grant that was made of an approval, or would be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct GrantPreview {
    /// Whether it was made; `false` for a dry run.
    pub made: bool,
    /// The grant.
    pub grant: GrantView,
    /// The parameters that may have other values: those that were named, and secrets.
    pub left_open: Vec<String>,
    /// What it would have covered in the last 30 days.
    pub would_have_covered: Covered,
}

/// What a grant would have covered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Covered {
    /// How many requests of this agent for this action were looked at, the newest first.
    pub looked_at: usize,
    /// How many of them it would have covered.
    pub requests: usize,
    /// How many of those people denied: a sign that it covers too much.
    pub denied: usize,
    /// How many US dollars those it would have covered cost, as they said.
    pub usd: String,
    /// Some of them.
    pub examples: Vec<CoveredExample>,
}

/// A request that a grant would have covered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CoveredExample {
    /// The approval.
    pub approval_id: String,
    /// One line about it.
    pub summary: String,
    /// What became of it.
    pub status: String,
    /// When it was asked.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}
