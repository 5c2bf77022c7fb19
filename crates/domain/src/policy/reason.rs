//! Why a check was answered as it was: stable codes.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! reason_codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// Why a check was answered as it was; a rule may name its own.
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        pub enum ReasonCode {
            $($(#[$doc])* $name,)*
            /// One that a rule names.
            Own(String),
        }

        impl ReasonCode {
            /// Every code of the house.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The public text.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$name => $text,)*
                    Self::Own(text) => text,
                }
            }
        }

        impl From<String> for ReasonCode {
            fn from(text: String) -> Self {
                match text.as_str() {
                    $($text => Self::$name,)*
                    _ => Self::Own(text),
                }
            }
        }
    };
}

reason_codes! {
    /// Policy allows it.
    AllowedByPolicy = "ALLOWED_BY_POLICY",
    /// A person approved exactly this; the approval is now used.
    Approved = "APPROVED",
    /// A trust budget covers it.
    TrustBudget = "TRUST_BUDGET",
    /// A grant covers it.
    Grant = "GRANT",
    /// The tool only reads.
    ReadOnly = "READ_ONLY",
    /// The same was denied a short while ago.
    PreviouslyDenied = "PREVIOUSLY_DENIED",
    /// Only an edited version was approved.
    ApprovedWithEdits = "APPROVED_WITH_EDITS",
    /// No such agent.
    AgentUnknown = "AGENT_UNKNOWN",
    /// The agent is switched off.
    AgentInactive = "AGENT_INACTIVE",
    /// The agent has no manifest.
    ManifestNotFound = "MANIFEST_NOT_FOUND",
    /// The agent's manifest is switched off.
    ManifestInactive = "MANIFEST_INACTIVE",
    /// The capability token does not verify.
    InvalidToken = "INVALID_TOKEN",
    /// The capability token is over.
    TokenExpired = "TOKEN_EXPIRED",
    /// The capability token was revoked.
    TokenRevoked = "TOKEN_REVOKED",
    /// The capability token does not cover it.
    CapabilityMissing = "CAPABILITY_MISSING",
    /// The agent may not do this.
    ActionNotAllowed = "ACTION_NOT_ALLOWED",
    /// The agent may not use this tool.
    ToolNotAuthorized = "TOOL_NOT_AUTHORIZED",
    /// The parameters do not fit the schema.
    ParamsInvalid = "PARAMS_INVALID",
    /// The amount is over the cap.
    AmountExceedsCap = "AMOUNT_EXCEEDS_CAP",
    /// The other side is blocked.
    CounterpartyBlocked = "COUNTERPARTY_BLOCKED",
    /// Not at this time.
    OutsideAllowedHours = "OUTSIDE_ALLOWED_HOURS",
    /// Too often.
    RateLimitExceeded = "RATE_LIMIT_EXCEEDED",
    /// The budget is used up.
    BudgetExceeded = "BUDGET_EXCEEDED",
    /// A rule denies it.
    PolicyDenied = "POLICY_DENIED",
    /// It is frozen.
    Frozen = "FROZEN",
    /// A permission demands a person.
    RequiresApproval = "REQUIRES_APPROVAL",
    /// The amount demands a person.
    AmountThreshold = "AMOUNT_THRESHOLD",
    /// The other side is new.
    NewCounterparty = "NEW_COUNTERPARTY",
    /// The risk demands a person.
    HighRiskAction = "HIGH_RISK_ACTION",
    /// The budget is nearly used up.
    BudgetNearLimit = "BUDGET_NEAR_LIMIT",
    /// The tool is sensitive.
    SensitiveTool = "SENSITIVE_TOOL",
    /// The agent is not trusted enough.
    TrustLevel = "TRUST_LEVEL",
    /// The agent itself wants a person.
    AgentRequested = "AGENT_REQUESTED",
    /// No rule says otherwise.
    DefaultPolicy = "DEFAULT_POLICY",
}

impl From<ReasonCode> for String {
    fn from(code: ReasonCode) -> Self {
        code.as_str().to_owned()
    }
}

impl fmt::Display for ReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_survives_its_text() {
        for code in ReasonCode::ALL {
            assert_eq!(&ReasonCode::from(code.to_string()), code);
        }
    }
}
