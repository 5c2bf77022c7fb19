//! What is asked of lists.

use std::fmt;
use std::str::FromStr;

use countersign_domain::approval::{Approval, Risk, Status};
use countersign_domain::audit::{Kind, Record};
use countersign_domain::notification::DeliveryStatus;
use countersign_domain::{AgentId, ApprovalId, DeliveryId, PersonId, Seq, WebhookId};
use jiff::Timestamp;

/// A page of approvals that is wanted; every filter that is `None` lets everything pass.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ApprovalQuery {
    /// With this status.
    pub status: Option<Status>,
    /// Of this agent.
    pub agent: Option<AgentId>,
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
    /// With this text in summary, action, reasoning, task or (redacted) parameters; case does not matter.
    pub text: Option<String>,
    /// In this order.
    pub sort: Sort,
    /// After this place.
    pub after: Option<Cursor>,
    /// At most this many.
    pub limit: usize,
}

/// Approvals that are compared with each other: of one agent, for one action as it was first asked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AlikeTo {
    /// The agent.
    pub agent: AgentId,
    /// The action.
    pub action: String,
}

/// The order of a list of approvals; ties are broken by id.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// Highest risk first, then the least time left.
    #[default]
    Risk,
    /// Newest first.
    Created,
    /// The least time left first.
    Expires,
}

/// Why a text is not an order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("sort by `risk`, `created` or `expires`")]
pub struct SortError;

impl Sort {
    /// The public name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Risk => "risk",
            Self::Created => "created",
            Self::Expires => "expires",
        }
    }
}

impl FromStr for Sort {
    type Err = SortError;

    fn from_str(text: &str) -> Result<Self, SortError> {
        let all = [Self::Risk, Self::Created, Self::Expires];
        all.into_iter().find(|sort| sort.as_str() == text).ok_or(SortError)
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next page starts; `None` on the last.
    pub next: Option<Cursor>,
    /// How many there are in all, where that is cheap to know.
    pub total: Option<u64>,
}

/// A place in a sorted list: the sort keys of the last item of a page. In a list with another order it means
/// nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The order of the list.
    pub sort: Sort,
    /// The first sort key.
    pub first: i64,
    /// The second sort key.
    pub second: i64,
    /// The id.
    pub id: ApprovalId,
}

/// Why a text is not a cursor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not a cursor: pass the `next_cursor` of the page before, unchanged")]
pub struct CursorError;

impl Cursor {
    /// The place of an approval in a list with this order. A time that never comes sorts last.
    pub fn of(approval: &Approval, sort: Sort) -> Self {
        let end = approval.expires_at().map_or(i64::MAX, Timestamp::as_millisecond);
        let (first, second) = match sort {
            Sort::Risk => (-risk_rank(approval.card.risk), end),
            Sort::Created => (-approval.card.created_at.as_millisecond(), 0),
            Sort::Expires => (end, 0),
        };
        Self { sort, first, second, id: approval.id }
    }
}

/// The rank of a risk in the order of lists: 0 for low, 3 for critical.
pub(crate) const fn risk_rank(risk: Risk) -> i64 {
    match risk {
        Risk::Low => 0,
        Risk::Medium => 1,
        Risk::High => 2,
        Risk::Critical => 3,
    }
}

/// The risk of a rank.
pub(crate) const fn risk_of_rank(rank: i64) -> Option<Risk> {
    match rank {
        0 => Some(Risk::Low),
        1 => Some(Risk::Medium),
        2 => Some(Risk::High),
        3 => Some(Risk::Critical),
        _ => None,
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}~{}~{}~{}", self.sort.as_str(), self.first, self.second, self.id)
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let mut parts = text.splitn(4, '~');
        let mut next = || parts.next().ok_or(CursorError);
        let sort = next()?.parse().map_err(|_| CursorError)?;
        let first = next()?.parse().map_err(|_| CursorError)?;
        let second = next()?.parse().map_err(|_| CursorError)?;
        let id = next()?.parse().map_err(|_| CursorError)?;
        Ok(Self { sort, first, second, id })
    }
}

/// Records that are wanted, in order of their place.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RecordQuery {
    /// After this place; with `newest`, before it.
    pub after: Seq,
    /// About this approval.
    pub approval: Option<ApprovalId>,
    /// About this agent.
    pub agent: Option<AgentId>,
    /// Of this kind.
    pub kind: Option<Kind>,
    /// At or after.
    pub from: Option<Timestamp>,
    /// Before.
    pub to: Option<Timestamp>,
    /// The last `limit` ones instead of the first.
    pub newest: bool,
    /// At most this many.
    pub limit: usize,
}

/// Records that are looked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RecordSearch {
    /// Among these; its `limit` is that of a page.
    pub within: RecordQuery,
    /// Done by this person.
    pub by: Option<PersonId>,
    /// With all of these words, wherever they stand; case does not matter. A word that ends in `*` stands for
    /// every one that begins so. What stands between two spaces stands so in the record: `ana@example.com`.
    pub text: Option<String>,
}

/// A page of records, in order of their place.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RecordPage {
    /// What was found.
    pub records: Vec<Record>,
    /// The `after` of the next page; `None` when everything was looked through. A page that is not full can
    /// have one: so many records were looked at without finding more.
    pub next: Option<Seq>,
}

/// What has an index of texts that follows behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Texts {
    /// Approvals.
    Approvals,
    /// Records.
    Records,
}

/// Deliveries that are wanted, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliveryQuery {
    /// To this webhook.
    pub webhook: WebhookId,
    /// With this status.
    pub status: Option<DeliveryStatus>,
    /// Made before this one.
    pub before: Option<DeliveryId>,
    /// At most this many.
    pub limit: usize,
}

/// Deliveries that ended before these times, each kind before its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndedBefore {
    /// Those that arrived.
    pub delivered: Timestamp,
    /// Those that were given up.
    pub failed: Timestamp,
}
