//! What a list tells of each request beside the request itself: whether a yes of this person leads anywhere, and how
//! much there is to look at. What that takes is read once for the whole list, however long it is.

pub(in crate::dashboard) mod ability;
pub(in crate::dashboard::approvals) mod costs;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use countersign_domain::approval::{Approval, Reviewer, StandIn};
use countersign_store::AlikeTo;
use jiff::Timestamp;

use super::super::show::{ALIKE, tool};
use super::card::{Before, Look, looks};
use super::row::Row;
use crate::app::{App, Error, Obstacles, SignedIn, Snapshot};

/// What is read for a list.
#[derive(Debug)]
pub(in crate::dashboard) struct Known {
    snapshot: Arc<Snapshot>,
    obstacles: Obstacles,
    alike: BTreeMap<AlikeTo, Vec<Approval>>,
    stands_in: Vec<StandIn>,
    now: Timestamp,
}

/// A list as one person sees it.
pub(in crate::dashboard) struct List<'a> {
    known: &'a Known,
    /// Who looks.
    pub(in crate::dashboard) who: Reviewer<'a>,
    kinds: BTreeMap<&'a AlikeTo, (&'a [Approval], Before<'a>)>,
}

impl Known {
    /// Reads what is needed to tell of these.
    pub(in crate::dashboard) async fn of(
        app: &App,
        person: &SignedIn,
        approvals: &[&Approval],
    ) -> Result<Self, Error> {
        let open = approvals.iter().filter(|approval| approval.state.decided_at().is_none());
        let kinds: BTreeSet<AlikeTo> = open.map(|approval| alike_to(approval)).collect();
        let kinds: Vec<AlikeTo> = kinds.into_iter().collect();
        let alike = app.alike(person, &kinds, ALIKE).await?;
        let known = Self::without_history(app, person, approvals).await?;
        Ok(Self { alike: kinds.into_iter().zip(alike).collect(), ..known })
    }

    /// The same without what is alike: enough to tell who can answer.
    pub(in crate::dashboard::approvals) async fn without_history(
        app: &App,
        person: &SignedIn,
        approvals: &[&Approval],
    ) -> Result<Self, Error> {
        let now = app.now();
        Ok(Self {
            snapshot: Arc::clone(&person.snapshot),
            obstacles: app.obstacles(person, approvals.iter().copied()).await?,
            alike: BTreeMap::new(),
            stands_in: person.stands_in(now),
            now,
        })
    }

    /// The list as this person sees it.
    pub(in crate::dashboard) fn list<'a>(&'a self, person: &'a SignedIn) -> List<'a> {
        let kind = |(kind, alike): (&'a AlikeTo, &'a Vec<Approval>)| {
            (kind, (alike.as_slice(), Before::of(alike)))
        };
        let who = Reviewer { person: &person.person, stands_in: &self.stands_in };
        List { known: self, who, kinds: self.alike.iter().map(kind).collect() }
    }
}

impl List<'_> {
    /// The row of a request.
    pub(in crate::dashboard) fn row(&self, approval: &Approval) -> Row {
        let row = Row::of(approval, self.who, self.known.now);
        let obstacle = self.known.obstacles.of(approval);
        let warnings = self.looks(approval).iter().filter(|look| look.warns).count();
        row.seen_by(approval, self.who, (obstacle.as_ref(), warnings))
    }

    /// What to look at, as the page of the request says it; nothing once it is decided.
    pub(in crate::dashboard::approvals) fn looks(&self, approval: &Approval) -> Vec<Look> {
        if approval.state.decided_at().is_some() {
            return Vec::new();
        }
        let nothing = (&[] as &[Approval], Before::default());
        let (alike, before) = self.kinds.get(&alike_to(approval)).unwrap_or(&nothing);
        looks(approval, (*alike, before), tool(&self.known.snapshot, approval.proposal()))
    }

    /// Whether a yes of this person brings it forward now.
    pub(in crate::dashboard::approvals) fn can_answer(&self, approval: &Approval) -> bool {
        let now = self.known.now;
        super::words::may_answer(approval, self.who).is_ok()
            && approval.expires_at().is_none_or(|end| now < end)
            && self.known.obstacles.of(approval).is_none()
    }
}

fn alike_to(approval: &Approval) -> AlikeTo {
    let card = &approval.card;
    AlikeTo { agent: card.requester.agent, action: card.proposal.action.to_string() }
}
