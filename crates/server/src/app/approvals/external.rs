//! Ids that clients give their requests themselves.

use std::sync::Arc;

use countersign_domain::approval::{Approval, Meeting};
use countersign_domain::audit::{Draft, Kind};
use countersign_domain::{Change, ExternalId, ReceiptId, Write};
use jiff::Timestamp;
use serde_json::json;

use super::super::commit::Commit;
use super::super::record::fact;
use super::super::{App, Asker, Error};
use super::UseNow;

/// What became of a client's new id.
pub(super) enum Known {
    /// It stands for what was decided before.
    As(Arc<Approval>),
    /// Someone else was faster.
    Raced,
    /// Nothing was decided before.
    Nothing,
}

impl App {
    /// The approval that a client's own id stands for, if it is this asker's.
    pub async fn external(
        &self,
        asker: &Asker,
        kind: &str,
        id: &str,
    ) -> Result<Option<Arc<Approval>>, Error> {
        let external = ExternalId { key: asker.key, kind: kind.to_owned(), id: id.to_owned() };
        match self.store.external(asker.org(), &external).await? {
            Some(id) => Ok(Some(self.load(asker.org(), id).await?)),
            None => Ok(None),
        }
    }

    /// A client with ids of its own cannot redeem, nor be told of an older request. So its new id stands
    /// for what was decided about exactly this: an unused yes, which it uses up, or a recent no.
    pub(super) async fn settle_external(
        &self,
        asker: &Asker,
        external: &ExternalId,
        meeting: &Meeting,
        now: Timestamp,
    ) -> Result<Known, Error> {
        let (approval, mut change) = match meeting {
            Meeting::Consumes(approval) => {
                let charges = match self.use_now(&asker.snapshot, approval).await? {
                    UseNow::Counted(charges) => charges,
                    UseNow::Stopped(reason) => {
                        let step = approval.as_ref().clone().revoke(reason, &asker.caller, now)?;
                        let _either_way_decided_anew: Commit = self.commit(step.change).await?;
                        return Ok(Known::Raced);
                    }
                };
                let receipt = ReceiptId::new(self.ids.ulid(now));
                let step = approval.as_ref().clone().redeem(
                    approval.digest(),
                    receipt,
                    &asker.caller,
                    now,
                )?;
                let guarded = step.change.guarded_by(asker.snapshot.version);
                (step.approval, guarded.counting(charges))
            }
            Meeting::Denied(approval) => {
                let draft = Draft {
                    agent: Some(approval.card.requester.agent),
                    approval: Some(approval.id),
                    digest: Some(approval.digest()),
                    ..fact(
                        Kind::CheckDenied,
                        &asker.caller,
                        json!({"external_id": external.id}),
                        now,
                    )
                };
                (
                    Arc::new(approval.as_ref().clone()),
                    Change::facts(asker.org().clone(), vec![draft]),
                )
            }
            Meeting::Fresh | Meeting::Joins(_) | Meeting::Edited(_) | Meeting::Dearer(_) => {
                return Ok(Known::Nothing);
            }
        };
        change.writes.push(Write::External(external.clone(), approval.id));
        match self.commit(change).await? {
            Commit::Done => Ok(Known::As(approval)),
            Commit::Conflict => Ok(Known::Raced),
        }
    }
}
