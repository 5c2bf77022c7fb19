//! What recorded checks would come to under changed documents. Reads pages of the log, keeps none of them, and
//! changes nothing.

use countersign_domain::Seq;
use countersign_domain::identity::Right;
use countersign_domain::policy::document::parse::SourceFile;
use countersign_domain::policy::document::plan::Leave;
use countersign_domain::policy::document::settings_under;
use countersign_domain::policy::trial::replay::{Replay, Report};
use countersign_domain::policy::trial::suggest::{Suggestion, suggestions};
use countersign_domain::policy::{Parts, Rulebook};
use countersign_store::RecordQuery;
use countersign_wire::Code;
use jiff::{SignedDuration, Timestamp};

use crate::app::{App, Error, SignedIn};

/// How many records are read at once.
const PAGE: usize = 1_000;

/// For how long before the first check that is judged others are counted, so that budgets and rates stand as they
/// stood. Where something is counted from the beginning on, the whole log is read.
const BEFORE: SignedDuration = SignedDuration::from_hours(31 * 24);

/// How far back suggestions look.
const HISTORY: SignedDuration = SignedDuration::from_hours(90 * 24);

impl App {
    /// What the answers of the last 90 days suggest.
    pub async fn suggest_policies(&self, reader: &SignedIn) -> Result<Vec<Suggestion>, Error> {
        reader.must(Right::Audit)?;
        let now = self.now();
        let from = now.checked_sub(HISTORY).unwrap_or(Timestamp::UNIX_EPOCH);
        Ok(suggestions(&self.store.samples(reader.org(), from, now).await?))
    }

    /// Judges the checks recorded since then by these files together with what is in force.
    pub async fn replay_policies(
        &self,
        admin: &SignedIn,
        files: &[SourceFile],
        (leave, since): (Leave<'_>, Timestamp),
    ) -> Result<Report, Error> {
        let (applied, effects) = self.prepare(admin, files, leave)?;
        let snapshot = &admin.snapshot;
        let permissions = effects.agents.iter().flat_map(|agent| snapshot.permissions(agent.id));
        let parts = Parts {
            settings: settings_under(&applied.plan.in_force, &snapshot.own_settings),
            permissions: permissions.cloned().collect(),
            agents: effects.agents.iter().map(|agent| (agent.name.clone(), agent.id)).collect(),
            documents: applied.plan.in_force,
        };
        let book = Rulebook::compile(parts).map_err(|errors| {
            let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
            Error::new(Code::PolicyInvalid, errors.join("; "))
        })?;
        let known = snapshot.agents().iter().map(|agent| (**agent).clone()).collect();
        let in_force = snapshot.rulebook();
        let mut replay = Replay::new((in_force, known), (&book, effects.agents), since);
        let before = if book.remembers_everything() || in_force.remembers_everything() {
            SignedDuration::MAX
        } else {
            BEFORE
        };
        let from = since.checked_sub(before).unwrap_or(Timestamp::UNIX_EPOCH);
        let mut query =
            RecordQuery { after: Seq(0), from: Some(from), limit: PAGE, ..RecordQuery::default() };
        // What is recorded from now on is not part of it.
        let end = self.store.head(admin.org()).await?.seq;
        loop {
            let page = self.store.records(admin.org(), &query).await?;
            for record in &page {
                replay.take(record);
            }
            match page.last() {
                Some(last) if page.len() == PAGE && last.seq < end => query.after = last.seq,
                _ => return Ok(replay.finish()),
            }
            // Others are answered between two pages.
            tokio::task::yield_now().await;
        }
    }
}
