//! What was to be told goes once its time is over; the record itself never does.

use countersign_domain::notification::Retention;
use countersign_domain::{Change, OrgId, Write};
use countersign_store::EndedBefore;

use super::super::commit::Commit;
use super::super::{App, Error, Snapshot};

/// How much goes in one transaction, so that nobody waits for it.
const BATCH: usize = 200;

impl App {
    /// Removes, batch after batch, the deliveries that ended and the announcements that were made too long
    /// ago to be needed.
    pub async fn forget(&self, retention: Retention) -> Result<(), Error> {
        for snapshot in self.snapshots() {
            while self.forget_deliveries(&snapshot.org, retention).await? == BATCH {}
            while self.forget_announcements(&snapshot, retention).await? == BATCH {}
        }
        Ok(())
    }

    /// One batch; gives how many there were.
    async fn forget_deliveries(&self, org: &OrgId, retention: Retention) -> Result<usize, Error> {
        let now = self.now();
        let before = EndedBefore {
            delivered: retention.delivered_before(now),
            failed: retention.failed_before(now),
        };
        let ended = self.store.ended_deliveries(org, before, BATCH).await?;
        let writes = ended.iter().map(|(id, revision)| Write::DeliveryRemoved(*id, *revision));
        self.remove(org, writes.collect(), ended.len()).await
    }

    /// One batch; gives how many there were. While a webhook is told, everything that it has not been told
    /// yet stays.
    async fn forget_announcements(
        &self,
        snapshot: &Snapshot,
        retention: Retention,
    ) -> Result<usize, Error> {
        let org = &snapshot.org;
        let anyone = snapshot.webhooks().iter().any(|webhook| webhook.is_active());
        let told = if anyone { Some(self.store.delivery_cursor(org).await?) } else { None };
        let page = self.store.announcements(org, countersign_domain::Seq(0), BATCH).await?;
        let Some(up_to) = retention.forgettable(&page, told, self.now()) else { return Ok(0) };
        let count = page.iter().filter(|one| one.seq <= up_to).count();
        self.remove(org, vec![Write::OutboxForgotten(up_to)], count).await
    }

    /// Keeps a batch of removals. If one of them is needed again, all wait for the next time.
    async fn remove(&self, org: &OrgId, writes: Vec<Write>, count: usize) -> Result<usize, Error> {
        if count == 0 {
            return Ok(0);
        }
        let change = Change { org: org.clone(), writes, records: Vec::new() };
        match self.commit(change).await? {
            Commit::Done => Ok(count),
            Commit::Conflict => Ok(0),
        }
    }
}
