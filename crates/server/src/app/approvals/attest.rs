//! An agent reports what a person said elsewhere.

use std::sync::Arc;

use countersign_domain::approval::transition::Attesting;
use countersign_domain::approval::{Approval, Reviewer, Say, Seat, Shortfall, StandIn};
use countersign_domain::identity::{Agent, Person, PersonStatus};
use countersign_domain::{ApprovalId, display};
use countersign_wire::Code;

use super::super::caller::Speaks;
use super::super::{App, Asker, Error, IdempotencyKey, Snapshot};
use super::Target;

/// The longest evidence, in characters.
const LONGEST: usize = 4_000;

/// What an agent reports.
#[derive(Debug, Clone, PartialEq)]
pub struct Attestation {
    /// What the person is said to have said.
    pub say: Say,
    /// What shows that they did.
    pub evidence: String,
    /// Who it was, by address or id; `None` where a single person can answer at all.
    pub person: Option<String>,
}

/// Someone who can still say yes.
#[derive(Debug, Clone, PartialEq)]
pub struct Decider {
    /// Who.
    pub person: Arc<Person>,
    /// Their own place, and those of people they stand in for, as far as they are free.
    pub seats: Vec<Seat>,
}

impl Decider {
    fn of(approval: &Approval, person: &Arc<Person>, stands_in: &[StandIn]) -> Option<Self> {
        let who = Reviewer { person, stands_in };
        let able = person.status == PersonStatus::Active && approval.awaits(who);
        let seats = approval.free_seats(who).ok().filter(|_| able)?;
        Some(Self { person: Arc::clone(person), seats })
    }
}

impl App {
    /// An agent reports a person's yes or no. Only an agent with its own key can: an application speaks also for
    /// the agent that asked, and a capability token only asks.
    pub async fn attest(
        &self,
        asker: &Asker,
        id: ApprovalId,
        attestation: &Attestation,
        key: Option<&IdempotencyKey>,
    ) -> Result<Arc<Approval>, Error> {
        let agent = reporting(asker)?;
        if attestation.evidence.chars().count() > LONGEST {
            let detail = format!("the evidence has more than {LONGEST} characters; link to it");
            return Err(Error::invalid("$.evidence", detail));
        }
        let target = Target { org: asker.org(), id, caller: &asker.caller, idempotency: key };
        self.transition(target, |approval, now| {
            must_be_told(asker, &approval)?;
            let person = said_by(&asker.snapshot, &approval, attestation.person.as_deref())?;
            let by = Attesting {
                agent: &agent,
                caller: &asker.caller,
                person: &person,
                say: attestation.say.clone(),
                evidence: display::redact_text(&attestation.evidence),
            };
            Ok(asker.snapshot.with_standing_yeses(approval).attest(by, now)?)
        })
        .await
    }

    /// Who can still decide an approval as things stand, and from which places.
    pub fn deciders(&self, approval: &Approval) -> Vec<Decider> {
        let snapshot = self.snapshots.of(approval.org());
        let people = snapshot.as_ref().map(|snapshot| snapshot.people());
        let people = people.unwrap_or_default().into_iter();
        let now = self.now();
        let stands_in = |id| snapshot.as_ref().map(|s| s.stands_in(id, now)).unwrap_or_default();
        people.filter_map(|person| Decider::of(approval, &person, &stands_in(person.id))).collect()
    }

    /// Whether the people there are can say enough yeses to an approval; otherwise which stages stay short.
    pub fn reachable(&self, approval: &Approval) -> Result<(), Vec<Shortfall>> {
        let Some(snapshot) = self.snapshots.of(approval.org()) else { return Ok(()) };
        let now = self.now();
        let there = |person: &Arc<Person>| person.answers();
        let people: Vec<_> = snapshot.people().into_iter().filter(there).collect();
        let lent: Vec<_> = people.iter().map(|person| snapshot.stands_in(person.id, now)).collect();
        let reviewers = people.iter().zip(&lent);
        let reviewers = reviewers.map(|(person, stands_in)| Reviewer { person, stands_in });
        approval.reachable(&reviewers.collect::<Vec<_>>())
    }
}

/// The agent that reports, with its own key.
fn reporting(asker: &Asker) -> Result<Arc<Agent>, Error> {
    match asker.speaks {
        Speaks::Agent(_) => asker.agent(None),
        Speaks::Application(_) => {
            let detail = "an application speaks for every agent, also for the one that asked; \
                          an agent reports an answer with its own key";
            Err(Error::new(Code::Forbidden, detail))
        }
    }
}

/// An approval of another agent is there for this one only where its rules permit relaying.
fn must_be_told(asker: &Asker, approval: &Approval) -> Result<(), Error> {
    if asker.speaks_for(approval.card.requester.agent) || approval.requirements.relayed {
        return Ok(());
    }
    Err(Error::not_found("approval", &approval.id.to_string()))
}

/// The person who is said to have answered. Without a name it is the only one who can; who else it might have
/// been is nobody's guess.
fn said_by(
    snapshot: &Snapshot,
    approval: &Approval,
    named: Option<&str>,
) -> Result<Arc<Person>, Error> {
    if let Some(named) = named {
        let found = snapshot.person(named).filter(|person| person.status == PersonStatus::Active);
        return found.cloned().ok_or_else(|| {
            Error::invalid("$.person", "there is no such person, or they may not sign in")
        });
    }
    let mut able =
        snapshot.people().into_iter().filter(|person| Decider::of(approval, person, &[]).is_some());
    match (able.next(), able.next()) {
        (Some(only), None) => Ok(only),
        _ => Err(Error::invalid("$.person", "name the person who said it, by their address")),
    }
}
