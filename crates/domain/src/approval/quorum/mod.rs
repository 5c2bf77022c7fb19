//! Whether enough distinct people said yes, and who may say it.
//!
//! A person counts once in the whole approval, also when several stages admit them, and so does a place: where
//! someone answers in another one's place, the two are one voice. The voices are assigned to the stages so that
//! as many places as possible are filled (a maximum bipartite matching), which makes the result independent of
//! the order in which people answered.

mod admission;
mod reach;

use std::collections::{BTreeMap, BTreeSet};

pub use admission::{InPlaceOf, Reviewer, Seat, Seats, StandIn};
pub use reach::{Shortfall, reachable};

use super::Stage;
use crate::PersonId;

/// How the yeses stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// For each stage, how many yeses fill it.
    pub have: Vec<usize>,
    /// Whether every stage is filled.
    pub met: bool,
}

/// A yes, as it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Yes<'a> {
    /// Who said it.
    pub person: PersonId,
    /// Whose place it was said from: their own, or that of the one they stood in for.
    pub voice: PersonId,
    /// The stages that admit them from there.
    pub stages: &'a [usize],
}

/// Counts yeses.
pub fn tally(stages: &[Stage], yeses: &[Yes<'_>]) -> Tally {
    fill(stages, &voices(yeses))
}

/// Fills the places of the stages with as many voices as possible.
fn fill(stages: &[Stage], voices: &[BTreeSet<usize>]) -> Tally {
    let places = places(stages);
    let mut taken: Vec<Option<usize>> = vec![None; places.len()];
    for voice in 0..voices.len() {
        let mut visited = vec![false; places.len()];
        seat(voice, voices, &places, &mut taken, &mut visited);
    }
    let have = (0..stages.len())
        .map(|stage| places.iter().zip(&taken).filter(|(s, t)| **s == stage && t.is_some()).count())
        .collect();
    Tally { have, met: !stages.is_empty() && taken.iter().all(Option::is_some) }
}

/// Each voice with the stages it may fill: one per person and one per place, whichever are fewer.
fn voices(yeses: &[Yes<'_>]) -> Vec<BTreeSet<usize>> {
    let mut people = yeses.to_vec();
    people.sort_unstable();
    people.dedup_by_key(|yes| yes.person);
    let mut voices: BTreeMap<PersonId, BTreeSet<usize>> = BTreeMap::new();
    for yes in people {
        voices.entry(yes.voice).or_default().extend(yes.stages);
    }
    voices.into_values().collect()
}

/// One place for every needed yes, named by its stage. A stage that needs none still has one place:
/// nothing passes without a person.
fn places(stages: &[Stage]) -> Vec<usize> {
    stages
        .iter()
        .enumerate()
        .flat_map(|(index, stage)| std::iter::repeat_n(index, stage.need.max(1)))
        .collect()
}

/// Finds a place for a voice, moving others on if need be (Kuhn's augmenting path).
fn seat(
    voice: usize,
    voices: &[BTreeSet<usize>],
    places: &[usize],
    taken: &mut [Option<usize>],
    visited: &mut [bool],
) -> bool {
    let Some(admitted) = voices.get(voice) else { return false };
    for (place, stage) in places.iter().enumerate() {
        let seen = visited.get(place).copied().unwrap_or(true);
        if seen || !admitted.contains(stage) {
            continue;
        }
        if let Some(mark) = visited.get_mut(place) {
            *mark = true;
        }
        let holder = taken.get(place).copied().flatten();
        if holder.is_none_or(|other| seat(other, voices, places, taken, visited)) {
            if let Some(slot) = taken.get_mut(place) {
                *slot = Some(voice);
            }
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests;
