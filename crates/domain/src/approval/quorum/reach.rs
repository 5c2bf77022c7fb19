//! Whether the people there are can say enough yeses at all. A request that waits for a second finance member of a
//! group that has one waits in vain, and nobody should have to find that out by waiting.

use std::collections::{BTreeMap, BTreeSet};

use super::{Reviewer, Tally, Yes, fill};
use crate::PersonId;
use crate::approval::{Approval, Level, OnTimeout, Stage, State};

/// A stage that the people there are cannot fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortfall {
    /// Which stage, by index.
    pub stage: usize,
    /// How many yeses it needs.
    pub need: usize,
    /// How many it could have at most, those that were said included.
    pub can: usize,
}

/// Whether all of these yeses together would be enough; otherwise what stays short. A person may stand here with
/// several yeses, from their own place and from places that were lent to them: they count once, and so does a place.
pub fn reachable(stages: &[Stage], possible: &[Yes<'_>]) -> Result<(), Vec<Shortfall>> {
    let by_person = together(possible, |yes| yes.person);
    let by_place = together(possible, |yes| yes.voice);
    let (people, voices) = (fill(stages, &by_person), fill(stages, &by_place));
    let tighter = if filled(&people) <= filled(&voices) { people } else { voices };
    if tighter.met {
        return Ok(());
    }
    let short = |(stage, (can, needs)): (usize, (&usize, &Stage))| {
        let need = needs.need.max(1);
        (*can < need).then_some(Shortfall { stage, need, can: *can })
    };
    Err(tighter.have.iter().zip(stages).enumerate().filter_map(short).collect())
}

/// The stages that each of them could fill.
fn together(possible: &[Yes<'_>], whose: impl Fn(&Yes<'_>) -> PersonId) -> Vec<BTreeSet<usize>> {
    let mut all: BTreeMap<PersonId, BTreeSet<usize>> = BTreeMap::new();
    for yes in possible {
        all.entry(whose(yes)).or_default().extend(yes.stages);
    }
    all.into_values().collect()
}

fn filled(tally: &Tally) -> usize {
    tally.have.iter().sum()
}

impl Approval {
    /// Whether enough of these people could still say yes, with what was said already; who is asked once the time is
    /// over counts as well. Only those who are there now belong among them.
    pub fn reachable(&self, people: &[Reviewer<'_>]) -> Result<(), Vec<Shortfall>> {
        let widened = self.widened();
        let able =
            people.iter().filter_map(|who| Some((who.person, widened.free_seats(*who).ok()?)));
        let able: Vec<_> = able.collect();
        let said = self.counting_answers().map(crate::approval::Answer::as_counted);
        let free =
            able.iter().flat_map(|(person, seats)| seats.iter().map(|seat| seat.yes_of(person)));
        reachable(&widened.requirements.stages, &said.chain(free).collect::<Vec<_>>())
    }

    /// The same request once all further people are asked.
    fn widened(&self) -> Self {
        let mut widened = self.clone();
        let (OnTimeout::Escalate(levels), State::Pending { levels_used, .. }) =
            (&self.requirements.on_timeout, &self.state)
        else {
            return widened;
        };
        for level in levels.iter().skip(*levels_used) {
            widened.admit(level);
        }
        widened
    }

    /// Lets further people answer, where not everyone may already.
    pub(in crate::approval) fn admit(&mut self, level: &Level) {
        for stage in &mut self.requirements.stages {
            if stage.groups.is_empty() && stage.people.is_empty() {
                continue;
            }
            stage.groups.extend(level.groups.iter().cloned());
            stage.people.extend(level.people.iter().cloned());
        }
    }
}
