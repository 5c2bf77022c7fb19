//! Who may answer, and in whose place.
//!
//! A delegation lends the seat of the one who is away. It is no way around anything: where the delegator could
//! not answer, nobody can in their place; and whoever could not answer for reasons of their own (because they
//! stand behind the request, or made the last edit) gets no seat from anyone. Only what was lent directly
//! counts: a seat that was lent is not lent on.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Tally, Yes};
use crate::approval::{Approval, ApprovalError, PersonRef, Stage, State};
use crate::identity::delegation::Phase;
use crate::identity::{Delegation, Person, Right};
use crate::{Action, DelegationId, PersonId};

/// Someone in whose place a person may answer now.
#[derive(Debug, Clone, PartialEq)]
pub struct StandIn {
    delegation: Arc<Delegation>,
    delegator: Arc<Person>,
}

/// A person who looks at requests to answer them, with everyone they may stand in for now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reviewer<'a> {
    /// The person, as they are now.
    pub person: &'a Person,
    /// In whose place they may answer.
    pub stands_in: &'a [StandIn],
}

/// Where a person answers from: their own place, or that of someone who is away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// Whose place it is, if not their own.
    pub in_place_of: Option<InPlaceOf>,
    /// The stages that admit them from there, by index.
    pub stages: Vec<usize>,
}

/// Every seat from which a person may answer: one at least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seats {
    /// Their own, where they have one.
    pub first: Seat,
    /// Those that were lent to them beside it.
    pub others: Vec<Seat>,
}

/// In whose place an answer was given, and by what right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InPlaceOf {
    /// Whose place it was.
    pub person: PersonRef,
    /// The delegation that held.
    pub delegation: DelegationId,
}

impl StandIn {
    /// What a delegation is worth to its delegate at `now`: nothing before and after its time, and nothing
    /// while its delegator may not answer themselves.
    pub fn of(
        delegation: &Arc<Delegation>,
        delegator: &Arc<Person>,
        delegate: PersonId,
        now: Timestamp,
    ) -> Option<Self> {
        let between = (delegation.delegator, delegation.delegate) == (delegator.id, delegate);
        let holds = delegation.phase(now) == Phase::Holds;
        (between && holds && delegator.answers())
            .then(|| Self { delegation: Arc::clone(delegation), delegator: Arc::clone(delegator) })
    }

    /// By what right.
    pub fn delegation(&self) -> &Delegation {
        &self.delegation
    }

    /// In whose place.
    pub fn delegator(&self) -> &Person {
        &self.delegator
    }

    /// Whether the delegator's place in a stage is lent for this action.
    fn reaches(&self, stage: &Stage, action: &Action) -> bool {
        let terms = &self.delegation.terms;
        let as_member =
            |group: &String| stage.groups.contains(group) && self.delegator.groups.contains(group);
        stage.admits(&self.delegator)
            && (terms.groups.is_empty() || terms.groups.iter().any(as_member))
            && (terms.actions.is_empty() || terms.actions.iter().any(|a| a.matches(action)))
    }

    fn seat(&self, stages: Vec<usize>) -> Seat {
        let person = PersonRef { id: self.delegator.id, email: self.delegator.email.clone() };
        Seat { in_place_of: Some(InPlaceOf { person, delegation: self.delegation.id }), stages }
    }
}

impl Seat {
    /// A yes of this person from here.
    pub(super) fn yes_of(&self, person: &Person) -> Yes<'_> {
        let voice = self.in_place_of.as_ref().map_or(person.id, |of| of.person.id);
        Yes { person: person.id, voice, stages: &self.stages }
    }
}

impl Seats {
    fn of(seats: impl IntoIterator<Item = Seat>) -> Option<Self> {
        let mut seats = seats.into_iter();
        seats.next().map(|first| Self { first, others: seats.collect() })
    }
}

impl<'a> Reviewer<'a> {
    /// A person who stands in for nobody.
    pub const fn alone(person: &'a Person) -> Self {
        Self { person, stands_in: &[] }
    }
}

impl Approval {
    /// Every seat from which this person may answer, their own first; also what surfaces show before they try.
    pub fn admits(&self, who: Reviewer<'_>) -> Result<Seats, ApprovalError> {
        let action = &self.proposal().action;
        let own = self.stages_where(|stage| stage.admits(who.person));
        let lent: Vec<(&StandIn, Vec<usize>)> = who
            .stands_in
            .iter()
            .map(|lent| (lent, self.stages_where(|stage| lent.reaches(stage, action))))
            .filter(|(_, stages)| !stages.is_empty())
            .collect();
        if !who.person.role.may(Right::Answer) || (own.is_empty() && lent.is_empty()) {
            return Err(ApprovalError::NotAdmitted(self.admitted_people()));
        }
        let own = (!own.is_empty()).then_some(Seat { in_place_of: None, stages: own });
        if let Some(why) = self.owned_by(who.person) {
            let permitted = own.filter(|_| self.permits_self_approval());
            return Seats::of(permitted).ok_or(ApprovalError::OwnRequest(why));
        }
        let free = lent.into_iter().filter(|(lent, _)| self.owned_by(&lent.delegator).is_none());
        let free = free.map(|(lent, stages)| lent.seat(stages));
        let why = "whoever you stand in for stands behind it, or made the last edit";
        Seats::of(own.into_iter().chain(free)).ok_or(ApprovalError::OwnRequest(why))
    }

    /// The seat from which a yes to what stands brings it forward; if none does, the first that is free.
    pub fn seat_for_yes(&self, who: Reviewer<'_>) -> Result<Seat, ApprovalError> {
        let mut free = self.free_seats(who)?;
        let helps = free.iter().position(|seat| self.is_brought_forward_by(who.person, seat));
        Ok(free.swap_remove(helps.unwrap_or_default()))
    }

    /// Every seat from which this person's yes to what stands could count, their own first; never none. A place
    /// from which someone else has said yes is taken: it is one place, whoever sits there.
    pub fn free_seats(&self, who: Reviewer<'_>) -> Result<Vec<Seat>, ApprovalError> {
        let sits =
            |id| self.counting_answers().any(|a| a.voice() == id && a.by.id != who.person.id);
        // Their own place is never taken.
        let taken = |seat: &Seat| seat.in_place_of.as_ref().is_some_and(|of| sits(of.person.id));
        let Seats { first, others } = self.admits(who)?;
        let whose = first.in_place_of.as_ref().map(|of| of.person.email.clone());
        let seats = std::iter::once(first).chain(others);
        let free: Vec<Seat> = seats.filter(|seat| !taken(seat)).collect();
        match whose {
            Some(whose) if free.is_empty() => Err(ApprovalError::PlaceTaken(whose)),
            Some(_) | None => Ok(free),
        }
    }

    /// Whether this person can still move it: they may answer, and have not said yes to what stands.
    pub fn awaits(&self, who: Reviewer<'_>) -> bool {
        let said = self.counting_answers().any(|answer| answer.by.id == who.person.id);
        matches!(self.state, State::Pending { .. }) && !said && self.free_seats(who).is_ok()
    }

    /// How the yeses would stand after this person's.
    pub fn tally_after(&self, who: Reviewer<'_>) -> Tally {
        match self.seat_for_yes(who) {
            Ok(seat) => self.tally_with(Some(seat.yes_of(who.person))),
            Err(_) => self.tally(),
        }
    }

    /// Whether more places would be filled with this person's yes from this seat.
    fn is_brought_forward_by(&self, person: &Person, seat: &Seat) -> bool {
        let filled = |tally: &Tally| tally.have.iter().sum::<usize>();
        filled(&self.tally_with(Some(seat.yes_of(person)))) > filled(&self.tally())
    }

    /// Why this person's yes would be a yes to themselves, if it would.
    pub(in crate::approval) fn owned_by(&self, person: &Person) -> Option<&'static str> {
        if self.card.requester.is(&person.email) {
            return Some("you stand behind this agent or this request");
        }
        let editor = self.edits.last().map(|edit| edit.by.id);
        (editor == Some(person.id))
            .then_some("you made the last edit, another person has to agree to it")
    }

    fn permits_self_approval(&self) -> bool {
        self.requirements.self_approval.is_some_and(|most| self.card.risk <= most)
    }

    fn stages_where(&self, admits: impl Fn(&Stage) -> bool) -> Vec<usize> {
        let stages = self.requirements.stages.iter().enumerate();
        stages.filter(|(_, stage)| admits(stage)).map(|(index, _)| index).collect()
    }

    fn admitted_people(&self) -> String {
        let describe = |stage: &Stage| {
            let people = stage.people.iter().map(ToString::to_string);
            let names: Vec<String> = stage.groups.iter().cloned().chain(people).collect();
            if names.is_empty() { "admins and approvers".to_owned() } else { names.join(", ") }
        };
        self.requirements.stages.iter().map(describe).collect::<Vec<_>>().join("; ")
    }
}
