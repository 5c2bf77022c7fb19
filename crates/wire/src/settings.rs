//! What an organization can set for all its approvals.

use countersign_domain::Settings;
use countersign_domain::approval::Risk;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The settings; lengths of time are written `4h` or in ISO 8601.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SettingsView {
    /// How long people have to answer.
    pub expires_in: String,
    /// How long an approval can be used after it was given.
    pub use_within: String,
    /// How long an equal request is refused after a denial; `0s` switches this off.
    pub denial_cooldown: String,
    /// Up to which risk people may answer their own requests; `null` means never.
    #[schema(value_type = Option<String>)]
    pub self_approval: Option<Risk>,
    /// How many requests one agent may have pending.
    pub pending_per_agent: u32,
    /// How dangerous that is which no rule and no tool rates; what an agent says of it can only be more.
    #[schema(value_type = String)]
    pub unrated_risk: Risk,
    /// The fields that the policy document `Defaults` says; they are changed there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from_document: Vec<String>,
}

impl From<&Settings> for SettingsView {
    fn from(settings: &Settings) -> Self {
        Self {
            expires_in: format!("{:#}", settings.expires_in),
            use_within: format!("{:#}", settings.use_within),
            denial_cooldown: format!("{:#}", settings.denial_cooldown),
            self_approval: settings.self_approval,
            pending_per_agent: settings.pending_per_agent,
            unrated_risk: settings.unrated_risk,
            from_document: Vec::new(),
        }
    }
}

/// What to change about the settings; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettingsPatch {
    /// How long people have to answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<String>,
    /// How long an approval can be used after it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_within: Option<String>,
    /// How long an equal request is refused after a denial.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denial_cooldown: Option<String>,
    /// Up to which risk people may answer their own requests: a risk; `never` or `null` for none.
    #[serde(default, deserialize_with = "crate::present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub self_approval: Option<Option<String>>,
    /// How many requests one agent may have pending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_per_agent: Option<u32>,
    /// How dangerous that is which no rule and no tool rates: a risk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unrated_risk: Option<String>,
}
