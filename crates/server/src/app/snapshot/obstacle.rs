//! Why a yes would lead nowhere, however it is meant: told wherever somebody is asked for one.

use std::sync::Arc;

use countersign_domain::approval::{Approval, Assurance, Reviewer, StandIn, State};
use countersign_domain::identity::{AgentStatus, Person};
use countersign_domain::policy::FreezeScope;
use jiff::Timestamp;

use super::Snapshot;
use crate::app::{App, Error, SignedIn, StepUpMeans};

/// Too few people are there who can say yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortage {
    /// How many yeses it needs in all.
    pub needed: usize,
    /// How many of them can come together at most, those that were said included.
    pub at_most: usize,
}

/// Why a yes would lead nowhere now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// The agent that asked was removed.
    AgentGone,
    /// The agent that asked is switched off.
    AgentOff,
    /// A person has stopped it.
    Frozen(FreezeScope),
    /// The capability token that it was asked with was revoked.
    TokenRevoked,
    /// Too few people are there who can say yes.
    TooFew(Shortage),
    /// It takes a passkey or a code, and whoever looks has neither.
    NothingToShow,
}

/// What is looked at to tell what stands in the way: read once, for every request of a page.
#[derive(Debug)]
pub struct Obstacles {
    snapshot: Arc<Snapshot>,
    people: Vec<(Arc<Person>, Vec<StandIn>)>,
    means: Option<StepUpMeans>,
}

impl App {
    /// What stands in the way of this person's yes to any of these.
    pub async fn obstacles<'a>(
        &self,
        viewer: &SignedIn,
        approvals: impl IntoIterator<Item = &'a Approval>,
    ) -> Result<Obstacles, Error> {
        let demands = |a: &Approval| is_open(a) && a.requirements.assurance >= Assurance::StepUp;
        let means = if approvals.into_iter().any(demands) {
            Some(self.step_up_means(viewer).await?)
        } else {
            None
        };
        let now = self.snapshots.of(viewer.org());
        Ok(now.unwrap_or_else(|| Arc::clone(&viewer.snapshot)).obstacles(means, self.now()))
    }
}

impl Snapshot {
    fn obstacles(self: Arc<Self>, means: Option<StepUpMeans>, now: Timestamp) -> Obstacles {
        let people = self.people().into_iter().filter(|person| person.answers());
        let people = people.map(|person| {
            let stands_in = self.stands_in(person.id, now);
            (person, stands_in)
        });
        let people = people.collect();
        Obstacles { snapshot: self, people, means }
    }
}

impl Obstacles {
    /// What stands in the way of a yes to this one, if something does.
    pub fn of(&self, approval: &Approval) -> Option<Obstacle> {
        if !is_open(approval) {
            return None;
        }
        let (snapshot, requester) = (&self.snapshot, &approval.card.requester);
        let Some(agent) = snapshot.agent_by_id(requester.agent) else {
            return Some(Obstacle::AgentGone);
        };
        if agent.status != AgentStatus::Active {
            return Some(Obstacle::AgentOff);
        }
        if let Some(freeze) = snapshot.rulebook().freeze(agent.id, &approval.proposal().action) {
            return Some(Obstacle::Frozen(freeze.scope.clone()));
        }
        if snapshot.asked_with_a_revoked_token(approval).is_some() {
            return Some(Obstacle::TokenRevoked);
        }
        let people: Vec<Reviewer<'_>> =
            self.people.iter().map(|(person, stands_in)| Reviewer { person, stands_in }).collect();
        let too_few = shortage(approval, &people).map(Obstacle::TooFew);
        too_few.or_else(|| self.has_nothing_to_show(approval).then_some(Obstacle::NothingToShow))
    }

    fn has_nothing_to_show(&self, approval: &Approval) -> bool {
        approval.requirements.assurance >= Assurance::StepUp
            && self.means.is_some_and(|means| !means.passkey && !means.code)
    }
}

fn shortage(approval: &Approval, people: &[Reviewer<'_>]) -> Option<Shortage> {
    let short = approval.reachable(people).err()?;
    let needed = approval.requirements.people_needed();
    let missing: usize = short.iter().map(|stage| stage.need - stage.can).sum();
    Some(Shortage { needed, at_most: needed.saturating_sub(missing) })
}

const fn is_open(approval: &Approval) -> bool {
    matches!(approval.state, State::Pending { .. })
}
