//! What a grant let through, read from the record.

use countersign_domain::Seq;
use countersign_domain::audit::{Kind, Record};
use countersign_domain::identity::Right;
use countersign_domain::policy::document::Grant;
use countersign_store::RecordQuery;
use serde_json::Value;

use super::GrantState;
use crate::app::{App, Error, SignedIn};

/// How many records of each kind are looked through, the newest first.
const LOOKS_AT: usize = 2_000;

/// How many are read at once.
const PAGE: usize = 500;

/// How many uses are told.
const TELLS: usize = 50;

/// A grant, and what it let through.
#[derive(Debug, Clone, PartialEq)]
pub struct GrantUses {
    /// The grant.
    pub state: GrantState,
    /// What it let through, the newest first.
    pub uses: Vec<GrantUse>,
    /// Whether these are all; there may be more in the record.
    pub is_complete: bool,
}

/// One thing that a grant let through.
#[derive(Debug, Clone, PartialEq)]
pub struct GrantUse {
    /// Its record: of a check that was allowed, or of a request that was approved.
    pub record: Record,
}

impl App {
    /// One grant, and what it let through. The records themselves are for those who may read the record.
    pub async fn grant_uses(&self, reader: &SignedIn, name: &str) -> Result<GrantUses, Error> {
        reader.must(Right::Read)?;
        let all = self.grants(reader).await?;
        let found = all.into_iter().find(|state| state.grant.name == name);
        let state = found.ok_or_else(|| Error::not_found("grant", name))?;
        let (mut uses, mut is_complete) = (Vec::new(), true);
        for kind in [Kind::CheckAllowed, Kind::ApprovalApproved] {
            let (found, all) = self.uses_of(reader, (&state.grant, kind)).await?;
            uses.extend(found);
            is_complete &= all;
        }
        uses.sort_by_key(|one: &GrantUse| std::cmp::Reverse(one.record.seq));
        is_complete &= uses.len() <= TELLS;
        uses.truncate(TELLS);
        Ok(GrantUses { state, uses, is_complete })
    }

    /// What it let through by records of one kind, and whether all of those were looked at.
    async fn uses_of(
        &self,
        reader: &SignedIn,
        (grant, kind): (&Grant, Kind),
    ) -> Result<(Vec<GrantUse>, bool), Error> {
        let mut query =
            RecordQuery { kind: Some(kind), newest: true, limit: PAGE, ..RecordQuery::default() };
        let (mut uses, mut looked_at) = (Vec::new(), 0);
        loop {
            let page = self.store.records(reader.org(), &query).await?;
            looked_at += page.len();
            let oldest = page.iter().map(|record| record.seq).min();
            let full = page.len() == PAGE;
            let of_grant = |record: &Record| {
                record.data.get("grant").and_then(Value::as_str) == Some(&grant.name)
            };
            uses.extend(page.into_iter().filter(of_grant).map(|record| GrantUse { record }));
            match oldest {
                Some(Seq(oldest)) if full && looked_at < LOOKS_AT => query.after = Seq(oldest),
                _ => return Ok((uses, !full)),
            }
        }
    }
}
