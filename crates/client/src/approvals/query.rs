//! Finding approvals.

use countersign_domain::approval::{Risk, Status};
use countersign_wire::List;
use countersign_wire::approvals::ApprovalView;
use jiff::Timestamp;
use reqwest::Method;
use serde::Serialize;

use crate::{Client, ClientError};

/// Which approvals are wanted; every filter that is `None` lets everything pass.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ApprovalQuery {
    /// With this status.
    pub status: Option<Status>,
    /// Of this agent, by id or name.
    pub agent_id: Option<String>,
    /// For exactly this action.
    pub action: Option<String>,
    /// Asked for this reason.
    pub reason_code: Option<String>,
    /// With this risk.
    pub risk: Option<Risk>,
    /// With a stage that names this group.
    pub group: Option<String>,
    /// Created at or after.
    pub from: Option<Timestamp>,
    /// Created before.
    pub to: Option<Timestamp>,
    /// With this text.
    pub q: Option<String>,
    /// In this order; by default the highest risk first.
    pub sort: Option<Sort>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// At most this many, and at most 200.
    pub limit: Option<usize>,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Highest risk first, then the least time left.
    Risk,
    /// Newest first.
    Created,
    /// The least time left first.
    Expires,
}

impl Client {
    /// A page of approvals.
    pub async fn approvals(
        &self,
        query: &ApprovalQuery,
    ) -> Result<List<ApprovalView>, ClientError> {
        self.read(self.request(Method::GET, &["approvals"])?.query(query)).await
    }

    /// All of these approvals, page after page.
    pub async fn all_approvals(
        &self,
        query: &ApprovalQuery,
    ) -> Result<Vec<ApprovalView>, ClientError> {
        let mut query = ApprovalQuery { limit: Some(200), ..query.clone() };
        let mut all = Vec::new();
        loop {
            let page = self.approvals(&query).await?;
            all.extend(page.items);
            match page.next_cursor {
                Some(cursor) if query.cursor.as_ref() != Some(&cursor) => {
                    query.cursor = Some(cursor);
                }
                _ => return Ok(all),
            }
        }
    }

    /// One approval as it is now.
    pub async fn approval(&self, id: &str) -> Result<ApprovalView, ClientError> {
        self.read(self.request(Method::GET, &["approvals", id])?).await
    }
}
