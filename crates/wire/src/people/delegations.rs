//! Who answers in whose place, and when.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::approvals::PersonView;

/// Another person who is to answer in one's own place for a time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DelegationRequest {
    /// Who answers instead, by id or address; they have to be approver or admin themselves.
    pub delegate: String,
    /// In whose place, by id or address; the caller where nobody is named. Only admins name others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegator: Option<String>,
    /// From when on: a time, or a day, which begins in UTC. Now where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Up to when: a time, or a day, which belongs to it whole. Until it is ended where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Only where the delegator may answer as a member of one of these groups.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// Only for actions that one of these patterns matches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<String>,
    /// Why.
    pub reason: String,
}

/// Which delegations are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DelegationQuery {
    /// Whether those that are over are listed as well.
    #[serde(default)]
    pub over: bool,
}

/// That one person may answer in another one's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DelegationView {
    /// Its id.
    pub id: String,
    /// In whose place.
    pub delegator: PersonView,
    /// Who answers instead.
    pub delegate: PersonView,
    /// `planned`, `holds` or `over`.
    pub state: String,
    /// Why it gives nothing although it holds or is planned: one of them may not answer as things stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle: Option<String>,
    /// From when on.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// Up to this moment, which does not belong to it; `null` until it is ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    /// Only as a member of these groups; empty for wherever the delegator may answer.
    pub groups: Vec<String>,
    /// Only for these actions; empty for all.
    pub actions: Vec<String>,
    /// Why.
    pub reason: String,
    /// The address of whoever made it: the delegator, or an admin.
    pub made_by: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub made_at: Timestamp,
    /// When it was ended before its time.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
}
