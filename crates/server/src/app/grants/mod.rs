//! Grants: made from approvals, listed with what was used of them, revoked at once.

mod preview;
mod uses;

use countersign_domain::approval::{Approval, ApprovalError, Digest, Reviewer};
use countersign_domain::audit::{Draft, Kind};
use countersign_domain::identity::Right;
use countersign_domain::policy::Quantity;
use countersign_domain::policy::document::{Document, DocumentKind, Grant, StoredDocument};
use countersign_domain::policy::grant::{Drafted, GrantError, GrantStatus};
use countersign_domain::{ApprovalId, Change, Revision, Write};
use countersign_wire::Code;
use jiff::Timestamp;
use serde_json::json;

pub use self::preview::Preview;
pub use self::uses::{GrantUse, GrantUses};
pub use countersign_domain::policy::grant::Wish as GrantWish;

use super::commit::Commit;
use super::record::fact;
use super::{App, Error, SignedIn};

/// A grant, and how much of it was used in the window that runs.
#[derive(Debug, Clone, PartialEq)]
pub struct GrantState {
    /// The grant.
    pub grant: Grant,
    /// Who made it last, when, from what.
    pub stored: StoredDocument,
    /// How often it was used.
    pub uses: Quantity,
    /// For how much money.
    pub usd: Quantity,
    /// When it refills.
    pub resets_at: Option<Timestamp>,
    /// Whether it still covers anything.
    pub status: GrantStatus,
}

/// A grant that was made, or would be.
#[derive(Debug, Clone, PartialEq)]
pub struct GrantMade {
    /// The grant, and what it leaves open.
    pub drafted: Drafted,
    /// What it would have covered.
    pub preview: Preview,
    /// Whether it was made.
    pub made: bool,
}

impl App {
    /// Every grant.
    pub async fn grants(&self, reader: &SignedIn) -> Result<Vec<GrantState>, Error> {
        reader.must(Right::Read)?;
        let now = self.now();
        let mut states = Vec::new();
        for stored in reader.snapshot.documents() {
            if let Document::Grant(grant) = &stored.document {
                let counters = grant.counters(now);
                let used = self.store.counters(reader.org(), &counters).await?;
                states.push(state((grant, stored), counters.map(|c| used.get(&c).copied()), now));
            }
        }
        Ok(states)
    }

    /// Allows what an approval is about again, within bounds, or says what that would mean. Whoever may answer
    /// the approval may do it. `seen` is the digest of what they looked at.
    pub async fn grant_again(
        &self,
        person: &SignedIn,
        id: ApprovalId,
        (wish, seen, dry_run): (&GrantWish, Option<Digest>, bool),
    ) -> Result<GrantMade, Error> {
        person.must(Right::Answer)?;
        let found = self.store.approval(person.org(), id).await?;
        let approval = found.ok_or_else(|| Error::not_found("approval", &id.to_string()))?;
        // A delegation ends; a grant goes on. So nobody makes one in another one's place.
        let alone = Reviewer::alone(&person.person);
        approval.admits(alone).map_err(|error| Error::from(error).about(id))?;
        must_not_own(person, &approval)?;
        if seen.is_some_and(|seen| seen != approval.digest()) {
            let detail = "it was edited since you looked; nothing was granted";
            return Err(Error::new(Code::Stale, detail).about(id));
        }
        let now = self.now();
        let drafted = Drafted::from(&approval, wish, now).map_err(|error| refused(&error, id))?;
        let document = Document::Grant(drafted.grant.clone());
        if person.snapshot.grant(&drafted.grant.name).is_some() {
            let detail = format!("there is a grant `{}` already", drafted.grant.name);
            return Err(Error::new(Code::NameTaken, detail));
        }
        let book = person.snapshot.with(document.clone()).map_err(|errors| {
            let wrong: Vec<String> = errors.iter().map(ToString::to_string).collect();
            Error::invalid("$", format!("the grant cannot be used: {}", wrong.join("; ")))
        })?;
        preview::must_cover(&person.snapshot, &book, &approval)?;
        let preview = self.preview(&person.snapshot, &book, (&approval, &drafted)).await?;
        if !dry_run {
            self.keep_grant(person, (document, &approval), now).await?;
        }
        Ok(GrantMade { drafted, preview, made: !dry_run })
    }

    /// Takes a grant back, at once: also what it has approved and was not used yet.
    pub async fn revoke_grant(&self, person: &SignedIn, name: &str) -> Result<(), Error> {
        person.must(Right::Answer)?;
        let missing = || Error::not_found("grant", name);
        let stored = person.snapshot.grant(name).ok_or_else(missing)?;
        let data = json!({"grant": stored.document});
        let writes = vec![
            Write::DocumentRemoved(DocumentKind::Grant, name.to_owned()),
            Write::DocumentSet(person.snapshot.document_set().next()),
        ];
        let record = fact(Kind::GrantRevoked, &person.caller, data, self.now());
        let change = Change { org: person.org().clone(), writes, records: vec![record] };
        changed(self.configure(change).await?)
    }

    async fn keep_grant(
        &self,
        person: &SignedIn,
        (document, approval): (Document, &Approval),
        now: Timestamp,
    ) -> Result<(), Error> {
        let record = Draft {
            agent: Some(approval.card.requester.agent),
            approval: Some(approval.id),
            ..fact(Kind::GrantMade, &person.caller, json!({"grant": document}), now)
        };
        let stored = StoredDocument {
            revision: Revision::FIRST,
            document,
            updated_at: now,
            updated_by: person.caller.clone(),
            source: None,
        };
        let writes = vec![
            Write::Document(Box::new(stored)),
            Write::DocumentSet(person.snapshot.document_set().next()),
        ];
        let change = Change { org: person.org().clone(), writes, records: vec![record] };
        changed(self.configure(change).await?)
    }
}

fn state(
    (grant, stored): (&Grant, &StoredDocument),
    [uses, usd]: [Option<Quantity>; 2],
    now: Timestamp,
) -> GrantState {
    let (uses, usd) = (uses.unwrap_or_default(), usd.unwrap_or_default());
    let most = grant.limit.uses.and_then(|uses| Quantity::whole(u64::from(uses)));
    let money = grant.limit.usd.and_then(Quantity::of);
    let status = if grant.expires_at.is_some_and(|end| now >= end) {
        GrantStatus::Expired
    } else if most.is_some_and(|most| uses >= most) || money.is_some_and(|most| usd >= most) {
        GrantStatus::UsedUp
    } else {
        GrantStatus::Active
    };
    let zone = countersign_domain::policy::document::Zone::default();
    let resets_at = grant.limit.window.end(now, &zone);
    GrantState { grant: grant.clone(), stored: stored.clone(), uses, usd, resets_at, status }
}

/// Nobody allows their own requests, where they could not answer one of them either.
fn must_not_own(person: &SignedIn, approval: &Approval) -> Result<(), Error> {
    if approval.card.requester.is(&person.person.email) {
        let own = ApprovalError::OwnRequest("you stand behind this agent or this request");
        return Err(Error::from(own).about(approval.id));
    }
    Ok(())
}

fn refused(error: &GrantError, id: ApprovalId) -> Error {
    let path = match error {
        GrantError::Critical
        | GrantError::Several(_)
        | GrantError::Status(_)
        | GrantError::Action(_) => "$",
        GrantError::NoSuchParameter(_) => "$.except",
        GrantError::Uses(_) => "$.uses",
        GrantError::TooLong => "$.expires_in",
    };
    Error::invalid(path, countersign_domain::display::sanitise(&error.to_string())).about(id)
}

fn changed(commit: Commit) -> Result<(), Error> {
    match commit {
        Commit::Done => Ok(()),
        Commit::Conflict => {
            Err(Error::new(Code::Conflict, "someone else changed the documents at the same time"))
        }
    }
}
