//! How budgets stand, and saying so when one is nearly used up.

use countersign_domain::audit::{Draft, Kind};
use countersign_domain::identity::{Caller, Right};
use countersign_domain::notification::{Event, Notice};
use countersign_domain::policy::account::{self, NearLimit, Standing};
use countersign_domain::policy::document::{Budget, Document};
use countersign_domain::policy::{Charge, Counter, Quantity};
use countersign_domain::{AgentId, Change, Write};
use jiff::Timestamp;
use serde_json::json;

use super::record::fact;
use super::{App, Error, SignedIn, Snapshot};

/// How many parts of one budget are shown: those that were used most.
const PARTS: usize = 100;

/// A budget in the window that runs.
#[derive(Debug, Clone, PartialEq)]
pub struct BudgetState {
    /// The budget.
    pub budget: Budget,
    /// When its window began; `None` where it has none.
    pub since: Option<Timestamp>,
    /// When its window ends.
    pub resets_at: Option<Timestamp>,
    /// How it stands; where agents, actions or tasks have the limit for themselves, how the fullest does.
    pub standing: Standing,
    /// Those that have the limit for themselves, the fullest first.
    pub parts: Vec<Standing>,
}

impl App {
    /// How every budget stands.
    pub async fn budgets(&self, reader: &SignedIn) -> Result<Vec<BudgetState>, Error> {
        reader.must(Right::Read)?;
        let now = self.now();
        let mut states = Vec::new();
        for document in reader.snapshot.rulebook().documents() {
            if let Document::Budget(budget) = document {
                states.push(self.budget(&reader.snapshot, budget, now).await?);
            }
        }
        Ok(states)
    }

    async fn budget(
        &self,
        snapshot: &Snapshot,
        budget: &Budget,
        now: Timestamp,
    ) -> Result<BudgetState, Error> {
        let since = budget.since(now);
        let whole = Counter { name: budget.counter_name(), since };
        let counted = self.store.counters_of(&snapshot.org, &whole, PARTS).await?;
        let standing = |(counter, used): &(Counter, Quantity)| {
            named(snapshot, budget.standing(&counter.name, *used, now))
        };
        let mut parts: Vec<Standing> = counted.iter().map(standing).collect();
        let unused = budget.standing(&whole.name, Quantity::default(), now);
        let fullest = parts.first().cloned().unwrap_or(unused);
        parts.retain(|part| part.part.is_some());
        let resets_at = budget.window.end(now, &budget.timezone);
        let since = resets_at.map(|_| since);
        Ok(BudgetState { budget: budget.clone(), since, resets_at, standing: fullest, parts })
    }

    /// The change, with the announcement of every budget that it brings near its limit. Of two changes that do
    /// so at once one is a conflict, so that it is told once.
    pub(super) async fn warning(&self, mut change: Change) -> Result<Change, Error> {
        let charges: Vec<Charge> = change.writes.iter().filter_map(charged).cloned().collect();
        let wanted = account::looked_at(&charges);
        let Some(snapshot) = self.snapshots.of(&change.org).filter(|_| !wanted.is_empty()) else {
            return Ok(change);
        };
        let counters = self.store.counters(&change.org, &wanted).await?;
        let (documents, now) = (snapshot.rulebook().documents(), self.now());
        for near in account::near_limits(documents, &charges, &counters, now) {
            change.records.push(announced(&snapshot, &near, now));
            change.writes.push(Write::Charge(near.mark));
        }
        Ok(change)
    }
}

const fn charged(write: &Write) -> Option<&Charge> {
    match write {
        Write::Charge(charge) => Some(charge),
        _ => None,
    }
}

/// People know agents by their names.
fn named(snapshot: &Snapshot, standing: Standing) -> Standing {
    let name = |part: &str| {
        let agent = part.parse::<AgentId>().ok().and_then(|id| snapshot.agent_by_id(id));
        agent.map_or_else(|| part.to_owned(), |agent| agent.name.clone())
    };
    let part = standing.part.map(|part| part.split('/').map(name).collect::<Vec<_>>().join("/"));
    Standing { part, ..standing }
}

fn announced(snapshot: &Snapshot, near: &NearLimit, now: Timestamp) -> Draft {
    let standing = named(snapshot, near.standing.clone());
    let data = json!({
        "budget": near.budget.name,
        "part": standing.part,
        "unit": near.budget.unit,
        "used": standing.used.to_money(),
        "limit": near.budget.limit,
        "percent": standing.percent,
        "resets_at": near.resets_at,
    });
    let notice = Notice { event: Event::BudgetNearLimit, data: data.clone() };
    let record = fact(Kind::BudgetNearLimit, &Caller::system(), data, now);
    Draft { announces: Some(notice), ..record }
}
