//! Whether enough distinct people said yes.
//!
//! A person counts once in the whole approval, also when several stages admit them. The yeses are assigned
//! to the stages so that as many places as possible are filled (a maximum bipartite matching), which
//! makes the result independent of the order in which people answered.

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

/// Counts yeses: each is a person and the stages that admit them.
pub fn tally(stages: &[Stage], yeses: &[(PersonId, &[usize])]) -> Tally {
    let mut people: Vec<(PersonId, &[usize])> = yeses.to_vec();
    people.sort_unstable();
    people.dedup_by_key(|(person, _)| *person);
    let places = places(stages);
    let mut taken: Vec<Option<usize>> = vec![None; places.len()];
    for person in 0..people.len() {
        let mut visited = vec![false; places.len()];
        seat(person, &people, &places, &mut taken, &mut visited);
    }
    let have = (0..stages.len())
        .map(|stage| places.iter().zip(&taken).filter(|(s, t)| **s == stage && t.is_some()).count())
        .collect();
    Tally { have, met: !stages.is_empty() && taken.iter().all(Option::is_some) }
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

/// Finds a place for a person, moving others on if need be (Kuhn's augmenting path).
fn seat(
    person: usize,
    people: &[(PersonId, &[usize])],
    places: &[usize],
    taken: &mut [Option<usize>],
    visited: &mut [bool],
) -> bool {
    let admitted = people.get(person).map_or(&[][..], |(_, stages)| *stages);
    for (place, stage) in places.iter().enumerate() {
        let seen = visited.get(place).copied().unwrap_or(true);
        if seen || !admitted.contains(stage) {
            continue;
        }
        if let Some(mark) = visited.get_mut(place) {
            *mark = true;
        }
        let holder = taken.get(place).copied().flatten();
        if holder.is_none_or(|other| seat(other, people, places, taken, visited)) {
            if let Some(slot) = taken.get_mut(place) {
                *slot = Some(person);
            }
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ulid::Ulid;

    use super::*;

    fn stage(need: usize) -> Stage {
        Stage { need, ..Stage::any_approver() }
    }

    fn person(n: u128) -> PersonId {
        PersonId::new(Ulid(n))
    }

    #[test]
    fn the_one_who_fits_two_stages_fills_the_one_that_needs_them() {
        let stages = [stage(1), stage(1)];
        let both: &[usize] = &[0, 1];
        let first: &[usize] = &[0];
        assert!(tally(&stages, &[(person(1), both), (person(2), first)]).met);
        assert!(tally(&stages, &[(person(2), first), (person(1), both)]).met);
        assert!(!tally(&stages, &[(person(1), both)]).met, "one person is never two");
        assert!(!tally(&stages, &[(person(1), both), (person(1), both)]).met);
    }

    #[test]
    fn nothing_passes_without_a_person() {
        assert!(!tally(&[], &[]).met);
        assert!(!tally(&[stage(0)], &[]).met);
    }

    proptest! {
        #[test]
        fn the_order_of_answers_does_not_matter(
            needs in prop::collection::vec(0_usize..4, 1..4),
            yeses in prop::collection::vec((0_u128..6, prop::collection::vec(0_usize..4, 0..4)), 0..8),
            seed in any::<u64>(),
        ) {
            let stages: Vec<_> = needs.into_iter().map(stage).collect();
            // One person is always admitted to the same stages.
            let of = |n: u128| yeses.iter().find(|(p, _)| *p == n).map(|(_, s)| s.as_slice()).unwrap_or_default();
            let straight: Vec<_> = yeses.iter().map(|(n, _)| (person(*n), of(*n))).collect();
            let mut shuffled = straight.clone();
            shuffled.sort_by_key(|(p, _)| (p.to_string().bytes().map(u64::from).sum::<u64>()).wrapping_mul(seed | 1));
            prop_assert_eq!(tally(&stages, &straight), tally(&stages, &shuffled));
            shuffled.reverse();
            prop_assert_eq!(tally(&stages, &straight), tally(&stages, &shuffled));
        }
    }
}
