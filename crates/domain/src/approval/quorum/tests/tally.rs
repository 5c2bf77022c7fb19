use std::collections::BTreeSet;

use proptest::prelude::*;
use ulid::Ulid;

use crate::PersonId;
use crate::approval::Stage;
use crate::approval::quorum::{Yes, tally};

fn stage(need: usize) -> Stage {
    Stage { need, ..Stage::any_approver() }
}

fn person(n: u128) -> PersonId {
    PersonId::new(Ulid(n))
}

/// A yes from one's own place.
fn own(n: u128, stages: &[usize]) -> Yes<'_> {
    lent(n, n, stages)
}

/// A yes in another one's place.
fn lent(n: u128, of: u128, stages: &[usize]) -> Yes<'_> {
    Yes { person: person(n), voice: person(of), stages }
}

#[test]
fn the_one_who_fits_two_stages_fills_the_one_that_needs_them() {
    let stages = [stage(1), stage(1)];
    let both: &[usize] = &[0, 1];
    let first: &[usize] = &[0];
    assert!(tally(&stages, &[own(1, both), own(2, first)]).met);
    assert!(tally(&stages, &[own(2, first), own(1, both)]).met);
    assert!(!tally(&stages, &[own(1, both)]).met, "one person is never two");
    assert!(!tally(&stages, &[own(1, both), own(1, both)]).met);
}

#[test]
fn nothing_passes_without_a_person() {
    assert!(!tally(&[], &[]).met);
    assert!(!tally(&[stage(0)], &[]).met);
}

#[test]
fn one_place_is_one_voice_whoever_speaks_from_it() {
    let all: &[usize] = &[0];
    for (yeses, have, why) in [
        (vec![own(1, all), lent(2, 1, all)], 1, "the one who is away has answered as well"),
        (vec![lent(2, 1, all), lent(3, 1, all)], 1, "two stand in for one"),
        (vec![lent(2, 1, all), own(2, all)], 1, "for themselves and in another one's place"),
        (vec![lent(3, 1, all), lent(3, 2, all)], 1, "one stands in for two"),
        (vec![lent(2, 1, all), own(3, all)], 2, "two people, two places"),
        (vec![lent(2, 1, all), lent(1, 2, all)], 2, "each in the other one's place"),
    ] {
        let found = tally(&[stage(2)], &yeses);
        assert_eq!((found.have, found.met), (vec![have], have == 2), "{why}");
    }
}

/// Whether the needed places can be filled by distinct people from distinct places; tries every way.
fn fills(needs: &[usize], yeses: &[Yes<'_>], used: &mut Vec<usize>) -> bool {
    let Some(stage) = needs.iter().position(|need| *need > 0) else { return true };
    let mut fewer = needs.to_vec();
    fewer[stage] -= 1;
    (0..yeses.len()).any(|index| {
        let yes = &yeses[index];
        let apart =
            |other: &usize| yeses[*other].person != yes.person && yeses[*other].voice != yes.voice;
        if !yes.stages.contains(&stage) || !used.iter().all(apart) {
            return false;
        }
        used.push(index);
        let filled = fills(&fewer, yeses, used);
        used.pop();
        filled
    })
}

/// Answers of up to six people, each one from one place.
fn answers() -> impl Strategy<Value = Vec<(u128, u128, Vec<usize>)>> {
    let answer = (0_u128..6, prop::collection::vec(0_usize..4, 0..4));
    prop::collection::vec(answer, 0..6).prop_map(|all| {
        let numbered = all.into_iter().enumerate();
        numbered.map(|(n, (voice, stages))| (n as u128, voice, stages)).collect()
    })
}

proptest! {
    #[test]
    fn it_is_met_exactly_when_every_place_can_be_filled(
        needs in prop::collection::vec(0_usize..4, 1..4),
        answers in answers(),
    ) {
        let stages: Vec<_> = needs.iter().map(|need| stage(*need)).collect();
        let yeses: Vec<_> = answers.iter().map(|(n, of, s)| lent(*n, *of, s)).collect();
        let needs: Vec<_> = needs.iter().map(|need| (*need).max(1)).collect();
        let found = tally(&stages, &yeses);
        // Two who speak from one place have that place's stages together; either of them is enough.
        prop_assert_eq!(found.met, fills(&needs, &yeses, &mut Vec::new()));
        let voices: BTreeSet<_> = yeses.iter().map(|yes| yes.voice).collect();
        prop_assert!(found.have.iter().sum::<usize>() <= voices.len());
    }

    #[test]
    fn the_order_of_answers_does_not_matter(
        needs in prop::collection::vec(0_usize..4, 1..4),
        yeses in prop::collection::vec(
            (0_u128..6, 0_u128..6, prop::collection::vec(0_usize..4, 0..4)), 0..8),
        seed in any::<u64>(),
    ) {
        let stages: Vec<_> = needs.into_iter().map(stage).collect();
        let straight: Vec<_> = yeses.iter().map(|(n, of, s)| lent(*n, *of, s)).collect();
        let mut shuffled = straight.clone();
        shuffled.sort_by_key(|yes| {
            yes.person.to_string().bytes().map(u64::from).sum::<u64>().wrapping_mul(seed | 1)
        });
        prop_assert_eq!(tally(&stages, &straight), tally(&stages, &shuffled));
        shuffled.reverse();
        prop_assert_eq!(tally(&stages, &straight), tally(&stages, &shuffled));
    }
}
