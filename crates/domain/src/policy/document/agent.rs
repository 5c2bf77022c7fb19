//! `kind: Agent`: an agent and what it may do at most.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::scalar::named;
use super::{Length, Zone};
use crate::identity::{AgentStatus, Email, Trust};
use crate::{ActionPattern, Money};

/// An agent and its manifest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentDocument {
    /// Its name.
    pub name: String,
    /// The version it has.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// The person who answers for it and so never answers its requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub owner: Option<Email>,
    /// How far it is trusted.
    #[serde(default)]
    pub trust: Trust,
    /// Whether it may act.
    #[serde(default)]
    pub status: AgentStatus,
    /// What it may do at most; without one, only permissions and rules speak.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest: Option<Manifest>,
}

/// What an agent may do at most. It only ever restricts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Whether it is in force; with a manifest that is not, the agent may do nothing.
    #[serde(default)]
    pub status: AgentStatus,
    /// The actions it may ask for; all others are refused.
    #[schemars(with = "Vec<String>")]
    pub actions: Vec<ActionPattern>,
    /// The actions that always need a person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub requires_approval: Vec<ActionPattern>,
    /// The tools it may name; absent means any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tools: Option<Vec<super::NamePattern>>,
    /// Limits on an amount among the parameters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<AmountLimit>,
    /// Who stands on the other side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counterparty: Option<Counterparty>,
    /// When it may act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
    /// How often it may ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
}

/// Limits on one amount among the parameters, for every action that the manifest permits: where it is missing, a
/// person is asked. What holds for some actions only is a rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AmountLimit {
    /// Which parameter holds the amount, as a dotted path.
    #[serde(default = "amount")]
    pub param: String,
    /// More than this is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<f64>")]
    pub cap: Option<Money>,
    /// More than this needs a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<f64>")]
    pub escalate_above: Option<Money>,
}

fn amount() -> String {
    "amount".to_owned()
}

/// Who stands on the other side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Counterparty {
    /// Which parameter names the other side, as a dotted path.
    pub param: String,
    /// Whether one that this agent never dealt with needs a person.
    #[serde(default)]
    pub escalate_new: bool,
    /// These are refused; an address also where it stands within a text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocked: Vec<String>,
    /// Only these pass, if any are named.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "named")]
    pub allowed: Vec<String>,
}

/// When an agent may act; outside it is refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// On which days: `mon-fri`, `sat,sun`, `all`.
    #[serde(default)]
    pub days: Days,
    /// From when, as `08:00`.
    #[schemars(with = "String")]
    pub from: jiff::civil::Time,
    /// Until when, as `20:00`; earlier than `from` means over midnight.
    #[schemars(with = "String")]
    pub to: jiff::civil::Time,
    /// Where the clock hangs.
    #[serde(default)]
    pub timezone: Zone,
}

/// Days of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Days([bool; 7]);

const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Days {
    /// Whether the day is one of them.
    pub fn include(self, day: jiff::civil::Weekday) -> bool {
        let index = usize::try_from(day.to_monday_zero_offset()).unwrap_or_default();
        self.0.get(index).copied().unwrap_or_default()
    }
}

impl Default for Days {
    fn default() -> Self {
        Self([true; 7])
    }
}

impl TryFrom<String> for Days {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let refuse = || format!("`{text}` names no days: write `mon-fri`, `sat,sun` or `all`");
        if text == "all" {
            return Ok(Self::default());
        }
        let index = |name: &str| NAMES.iter().position(|n| *n == name.trim()).ok_or_else(refuse);
        let mut days = [false; 7];
        for part in text.split(',') {
            let (first, last) = match part.split_once('-') {
                Some((first, last)) => (index(first)?, index(last)?),
                None => (index(part)?, index(part)?),
            };
            let length = (last + 7 - first) % 7;
            for offset in 0..=length {
                if let Some(day) = days.get_mut((first + offset) % 7) {
                    *day = true;
                }
            }
        }
        Ok(Self(days))
    }
}

impl From<Days> for String {
    fn from(days: Days) -> Self {
        if days == Days::default() {
            return "all".to_owned();
        }
        let named = NAMES.iter().zip(days.0).filter(|(_, on)| *on).map(|(name, _)| *name);
        named.collect::<Vec<_>>().join(",")
    }
}

/// How often an agent may ask; more is refused until the window is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// In one hour of the clock (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_hour: Option<u32>,
    /// In one day (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_day: Option<u32>,
    /// At least this long between two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<Length>,
}
