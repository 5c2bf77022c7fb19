//! A receipt: what it states. The server signs it; anyone with the public key can check it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::approval::{AnsweredBy, Approval, Say};
use crate::{ReceiptId, time};

/// The claims of a receipt (RFC 7519 names where there is one; times in seconds since 1970).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// Who states it.
    pub iss: String,
    /// The organization.
    pub org: String,
    /// The approval it comes from.
    pub approval_id: String,
    /// The digest of what may run.
    pub digest: String,
    /// The agent that may run it.
    pub agent: String,
    /// The action.
    pub action: String,
    /// `approved` or `edited`.
    pub outcome: Value,
    /// Who said yes, and how sure we are.
    pub approvers: Vec<Value>,
    /// When it was given out.
    pub iat: i64,
    /// Until when it is worth something.
    pub exp: i64,
    /// Its id.
    pub jti: String,
}

impl Receipt {
    /// The receipt for an approval that was redeemed at `now`; it is worth something until the approval's
    /// `use_by`.
    pub fn of(approval: &Approval, id: ReceiptId, issuer: &str, now: Timestamp) -> Self {
        let end =
            approval.use_by().unwrap_or_else(|| time::after(now, approval.requirements.use_within));
        let yes = |a: &&crate::approval::Answer| {
            matches!(a.say, Say::Approve) && a.counts && a.version == approval.edits.len()
        };
        let approver = |a: &crate::approval::Answer| {
            let mut said = json!({"id": a.by.id, "email": a.by.email, "assurance": a.assurance, "relayed_by": a.relayed_by.as_ref().map(|by| by.id)});
            if let (Some(of), Value::Object(said)) = (&a.in_place_of, &mut said) {
                said.insert("in_place_of".to_owned(), json!(of.person));
            }
            said
        };
        let automatic = match approval.answered_by() {
            Some(AnsweredBy::Auto(by)) => {
                Some(json!({"id": by.label(), "grant": by.grant(), "assurance": "auto"}))
            }
            Some(AnsweredBy::Person(_) | AnsweredBy::Relayed { .. } | AnsweredBy::Timeout)
            | None => None,
        };
        Self {
            iss: issuer.to_owned(),
            org: approval.org().to_string(),
            approval_id: approval.id.to_string(),
            digest: approval.digest().to_string(),
            agent: approval.card.requester.agent.to_string(),
            action: approval.card.proposal.action.to_string(),
            outcome: json!(approval.outcome().kind),
            approvers: approval.answers.iter().filter(yes).map(approver).chain(automatic).collect(),
            iat: now.as_second(),
            exp: end.as_second(),
            jti: id.to_string(),
        }
    }
}
