//! Reading the record, and the facts about people, agents, keys and settings.

use countersign_domain::audit::{Draft, Head, Kind, Record};
use countersign_domain::identity::{Caller, Right};
use countersign_domain::notification::Announcement;
use countersign_domain::{OrgId, Seq};
use countersign_store::{RecordPage, RecordQuery, RecordSearch};
use jiff::Timestamp;
use serde_json::Value;

use super::{App, Error, SignedIn};

/// How many words can be looked for at once.
const WORDS: usize = 20;

/// A fact that is about no approval.
pub(super) fn fact(kind: Kind, caller: &Caller, data: Value, at: Timestamp) -> Draft {
    Draft {
        kind,
        at,
        caller: caller.clone(),
        agent: None,
        approval: None,
        digest: None,
        data,
        announces: None,
    }
}

impl App {
    /// Records, for those who may see them.
    pub async fn records(
        &self,
        reader: &SignedIn,
        query: &RecordQuery,
    ) -> Result<Vec<Record>, Error> {
        reader.must(Right::Audit)?;
        Ok(self.store.records(reader.org(), query).await?)
    }

    /// Looks through the record, for those who may see it.
    pub async fn search_record(
        &self,
        reader: &SignedIn,
        wanted: &RecordSearch,
    ) -> Result<RecordPage, Error> {
        reader.must(Right::Audit)?;
        let text = wanted.text.as_deref();
        if text.is_some_and(|text| !text.contains(char::is_alphanumeric)) {
            return Err(Error::invalid("q", "write a word to look for: letters or digits"));
        }
        if text.is_some_and(|text| text.split_whitespace().count() > WORDS) {
            return Err(Error::invalid("q", format!("look for at most {WORDS} words at once")));
        }
        Ok(self.store.search_records(reader.org(), wanted).await?)
    }

    /// Where the record ends.
    pub async fn head(&self, org: &OrgId) -> Result<Head, Error> {
        Ok(self.store.head(org).await?)
    }

    /// What was announced after a place in the record.
    pub async fn announcements(
        &self,
        org: &OrgId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Announcement>, Error> {
        Ok(self.store.announcements(org, after, limit).await?)
    }
}
