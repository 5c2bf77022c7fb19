//! Who answers in whose place, and when. People delegate for themselves, admins for those who cannot any more.

use std::sync::Arc;

use countersign_domain::approval::StandIn;
use countersign_domain::audit::Kind;
use countersign_domain::identity::delegation::{DelegationError, Phase, Terms};
use countersign_domain::identity::{Delegation, Person, Right};
use countersign_domain::{
    ActionPattern, Change, DelegationId, PersonId, Recorded, Write, display, time,
};
use countersign_wire::Code;
use jiff::Timestamp;
use serde_json::json;

use super::person_named;
use crate::app::commit::Commit;
use crate::app::record::fact;
use crate::app::{App, Error, IdempotencyKey, SignedIn, Snapshot};

/// How many delegations of one person may be planned or hold at a time.
const MOST: usize = 20;

/// A delegation as it is wished for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewDelegation {
    /// In whose place, by id or address; the caller where nobody is named.
    pub delegator: Option<String>,
    /// Who answers instead, by id or address.
    pub delegate: String,
    /// From when on; now where it is not said.
    pub from: Option<Timestamp>,
    /// Up to when; until it is ended where it is not said.
    pub until: Option<Timestamp>,
    /// Only as a member of these groups.
    pub groups: Vec<String>,
    /// Only for these actions.
    pub actions: Vec<ActionPattern>,
    /// Why.
    pub reason: String,
}

/// A delegation with whom it is about, as they are now.
#[derive(Debug, Clone, PartialEq)]
pub struct DelegationState {
    /// The delegation.
    pub delegation: Arc<Delegation>,
    /// In whose place.
    pub delegator: Arc<Person>,
    /// Who answers instead.
    pub delegate: Arc<Person>,
    /// Where it stands.
    pub phase: Phase,
}

impl DelegationState {
    /// Why it gives nothing although its time has come, if so.
    pub fn idle(&self) -> Option<String> {
        let silent = [&self.delegator, &self.delegate].into_iter().find(|who| !who.answers());
        let silent = silent.filter(|_| self.phase != Phase::Over)?;
        Some(format!("{} may not answer now, so it gives nothing", silent.email))
    }
}

impl Snapshot {
    /// In whose place a person may answer at `now`. Only what others lend to them directly counts.
    pub fn stands_in(&self, person: PersonId, now: Timestamp) -> Vec<StandIn> {
        let all = self.delegations();
        let first = all.partition_point(|lent| lent.delegate < person);
        let lent = all.iter().skip(first).take_while(|lent| lent.delegate == person);
        lent.filter_map(|lent| StandIn::of(lent, self.person_by_id(lent.delegator)?, person, now))
            .collect()
    }

    fn delegation_states(&self, now: Timestamp) -> Vec<DelegationState> {
        let all = self.delegations().iter();
        let mut states: Vec<_> =
            all.filter_map(|delegation| self.delegation_state(delegation, now)).collect();
        states.sort_by_key(|state| state.delegation.id);
        states
    }

    fn delegation_state(
        &self,
        delegation: &Arc<Delegation>,
        now: Timestamp,
    ) -> Option<DelegationState> {
        Some(DelegationState {
            delegation: Arc::clone(delegation),
            delegator: Arc::clone(self.person_by_id(delegation.delegator)?),
            delegate: Arc::clone(self.person_by_id(delegation.delegate)?),
            phase: delegation.phase(now),
        })
    }
}

impl SignedIn {
    /// In whose place they may answer at `now`, as it was when the call came in.
    pub fn stands_in(&self, now: Timestamp) -> Vec<StandIn> {
        self.snapshot.stands_in(self.person.id, now)
    }
}

impl App {
    /// Every delegation as it is now, the oldest first; those that are over only if they are wanted.
    pub fn delegations(
        &self,
        reader: &SignedIn,
        with_over: bool,
    ) -> Result<Vec<DelegationState>, Error> {
        reader.must(Right::Read)?;
        let snapshot = self.snapshots.of(reader.org());
        let snapshot = snapshot.unwrap_or_else(|| Arc::clone(&reader.snapshot));
        let mut states = snapshot.delegation_states(self.now());
        states.retain(|state| with_over || state.phase != Phase::Over);
        Ok(states)
    }

    /// Lets another person answer in one's own place, or, as an admin, in someone else's.
    pub async fn delegate(
        &self,
        person: &SignedIn,
        new: NewDelegation,
        key: Option<&IdempotencyKey>,
    ) -> Result<DelegationState, Error> {
        let delegator = match &new.delegator {
            Some(named) => named_in(person, "$.delegator", named)?,
            None => Arc::clone(&person.person),
        };
        if delegator.id == person.person.id {
            person.must(Right::Answer)?;
        } else {
            person.must(Right::Administer)?;
        }
        let delegate = named_in(person, "$.delegate", &new.delegate)?;
        if let Some(before) = self.recorded(person.org(), &person.caller, key).await? {
            return self.delegated_before(person, &before);
        }
        self.must_have_few(person, &delegator)?;
        let now = self.now();
        let id = DelegationId::new(self.ids.ulid(now));
        let by = (&person.person.email, now);
        let delegation = Delegation::agreed(id, (&delegator, &delegate), terms(new, now), by)?;
        let data = told(&delegation, &delegator, &delegate);
        let change = Change {
            org: person.org().clone(),
            writes: vec![Write::Delegation(delegation.clone())],
            records: vec![fact(Kind::DelegationMade, &person.caller, data, now)],
        };
        let remembered =
            key.map(|key| key.records(&person.caller, Recorded::Other(id.to_string()), now));
        match self.configure(change.under(remembered)).await? {
            Commit::Done => {
                let phase = delegation.phase(now);
                Ok(DelegationState { delegation: Arc::new(delegation), delegator, delegate, phase })
            }
            Commit::Conflict => {
                Err(Error::new(Code::Conflict, "the same is being written already"))
            }
        }
    }

    /// Ends a delegation before its time: the one who is away is back, the one who stands in will not, or an admin
    /// says so. What was answered under it stays.
    pub async fn end_delegation(
        &self,
        person: &SignedIn,
        id: DelegationId,
    ) -> Result<DelegationState, Error> {
        let snapshot = self.snapshots.of(person.org());
        let snapshot = snapshot.unwrap_or_else(|| Arc::clone(&person.snapshot));
        let now = self.now();
        let found = snapshot.delegations().iter().find(|delegation| delegation.id == id);
        let found = found.and_then(|found| snapshot.delegation_state(found, now));
        let state = found.ok_or_else(|| Error::not_found("delegation", &id.to_string()))?;
        let theirs = [state.delegator.id, state.delegate.id].contains(&person.person.id);
        if !theirs {
            person.must(Right::Administer)?;
        }
        let ended = Delegation::clone(&state.delegation).ended(now)?;
        let data = told(&ended, &state.delegator, &state.delegate);
        let change = Change {
            org: person.org().clone(),
            writes: vec![Write::Delegation(ended.clone())],
            records: vec![fact(Kind::DelegationEnded, &person.caller, data, now)],
        };
        match self.configure(change).await? {
            Commit::Done => {
                Ok(DelegationState { delegation: Arc::new(ended), phase: Phase::Over, ..state })
            }
            Commit::Conflict => Err(Error::new(Code::Conflict, "someone else has just ended it")),
        }
    }

    fn must_have_few(&self, person: &SignedIn, delegator: &Person) -> Result<(), Error> {
        let all = self.delegations(person, false)?;
        if all.iter().filter(|state| state.delegator.id == delegator.id).count() < MOST {
            return Ok(());
        }
        let detail = format!("{} has {MOST} delegations; end one first", delegator.email);
        Err(Error::invalid("$.delegator", detail))
    }

    fn delegated_before(
        &self,
        person: &SignedIn,
        before: &Recorded,
    ) -> Result<DelegationState, Error> {
        let known = self.delegations(person, true)?.into_iter();
        let mut same = known.filter(|s| *before == Recorded::Other(s.delegation.id.to_string()));
        let other = "this key came with another call";
        same.next().ok_or_else(|| Error::new(Code::IdempotencyMismatch, other))
    }
}

fn named_in(reader: &SignedIn, field: &str, named: &str) -> Result<Arc<Person>, Error> {
    person_named(reader, named.trim()).map_err(|_| {
        let named = display::sanitise(named.trim());
        Error::invalid(field, format!("there is no person `{named}`"))
    })
}

fn terms(new: NewDelegation, now: Timestamp) -> Terms {
    Terms {
        from: time::to_millis(new.from.unwrap_or(now)),
        until: new.until.map(time::to_millis),
        groups: new.groups,
        actions: new.actions,
        reason: new.reason.trim().to_owned(),
    }
}

/// As the record tells it, with the addresses of then.
fn told(delegation: &Delegation, of: &Person, to: &Person) -> serde_json::Value {
    json!({"delegation": delegation, "delegator": of.email, "delegate": to.email})
}

impl From<DelegationError> for Error {
    fn from(error: DelegationError) -> Self {
        let path = match &error {
            DelegationError::ToThemselves | DelegationError::DelegateAnswersNothing(_) => {
                "$.delegate"
            }
            DelegationError::DelegatorAnswersNothing(_) => "$.delegator",
            DelegationError::EndsTooEarly => "$.until",
            DelegationError::NotInGroup(..) => "$.groups",
            DelegationError::Reason => "$.reason",
            DelegationError::Over => return Self::new(Code::Conflict, error.to_string()),
        };
        Self::invalid(path, error)
    }
}
