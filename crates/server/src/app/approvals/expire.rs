//! Time runs out.

use countersign_store::Texts;

use super::{App, Error};

/// How many approvals are ended at once.
const BATCH: usize = 200;

/// How many texts are made quicker to find at once: a few milliseconds in which nothing else is written.
const TEXTS: usize = 200;

impl App {
    /// Makes the texts of new approvals and records quicker to find, some at a time.
    pub async fn index_texts(&self) -> Result<usize, Error> {
        let approvals = self.store.index_texts(Texts::Approvals, TEXTS).await?;
        Ok(approvals + self.store.index_texts(Texts::Records, TEXTS).await?)
    }

    /// Ends every approval whose time to be answered or used is over; gives how many there were.
    pub async fn sweep(&self) -> Result<usize, Error> {
        self.look_around().await?;
        let mut swept = 0;
        loop {
            let overdue = self.store.overdue(self.now(), BATCH).await?;
            let count = overdue.len();
            let ends = overdue.into_iter().map(|approval| self.expire(approval));
            for end in futures_util::future::join_all(ends).await {
                end?;
            }
            swept += count;
            if count < BATCH {
                return Ok(swept);
            }
        }
    }
}
