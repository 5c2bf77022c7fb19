//! Whether enough people are there for a request at all.

use std::collections::{BTreeMap, BTreeSet};

use super::{Reviewer, Yes, tally};
use crate::PersonId;
use crate::approval::{Approval, OnTimeout, State};

/// Too few people can answer, as they are now: it waits until an admin adds someone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortage {
    /// How many yeses it needs in all.
    pub needed: usize,
    /// How many of them can come together at most, those that were said included.
    pub at_most: usize,
}

/// Which stages each of them may fill.
type Reach = BTreeMap<PersonId, BTreeSet<usize>>;

impl Approval {
    /// Whether the yeses that it needs cannot come together, where `people` are all who may answer anything. While
    /// further people will be asked when time runs out, it is too early to say so.
    pub fn shortage(&self, people: &[Reviewer<'_>]) -> Option<Shortage> {
        if !matches!(self.state, State::Pending { .. }) || self.asks_further_people() {
            return None;
        }
        let needed = self.requirements.people_needed();
        let (mut persons, mut places) = (Reach::new(), Reach::new());
        for answer in self.counting_answers() {
            if people.iter().any(|who| who.person.id == answer.by.id) {
                persons.entry(answer.by.id).or_default().extend(&answer.stages);
                places.entry(answer.voice()).or_default().extend(&answer.stages);
            }
        }
        // Each counts once, as a person and as a place: what either permits at most is never too little.
        let at_most = |persons: &Reach, places: &Reach| {
            self.filled_at_most_by(persons).min(self.filled_at_most_by(places))
        };
        for who in people.iter().filter(|who| self.awaits(**who)) {
            for seat in self.free_seats(*who).unwrap_or_default() {
                let voice = seat.in_place_of.map_or(who.person.id, |of| of.person.id);
                persons.entry(who.person.id).or_default().extend(&seat.stages);
                places.entry(voice).or_default().extend(&seat.stages);
            }
            if at_most(&persons, &places) >= needed {
                return None;
            }
        }
        let at_most = at_most(&persons, &places);
        (at_most < needed).then_some(Shortage { needed, at_most })
    }

    /// How many places would be filled if all of these said yes.
    fn filled_at_most_by(&self, reach: &Reach) -> usize {
        let stages: Vec<(PersonId, Vec<usize>)> =
            reach.iter().map(|(id, stages)| (*id, stages.iter().copied().collect())).collect();
        let yeses: Vec<Yes<'_>> =
            stages.iter().map(|(id, stages)| Yes { person: *id, voice: *id, stages }).collect();
        tally(&self.requirements.stages, &yeses).have.iter().sum()
    }

    fn asks_further_people(&self) -> bool {
        let (OnTimeout::Escalate(levels), State::Pending { levels_used, .. }) =
            (&self.requirements.on_timeout, &self.state)
        else {
            return false;
        };
        *levels_used < levels.len()
    }
}
