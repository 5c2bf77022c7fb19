//! The evaluator says what the second one says, about anything.

use proptest::prelude::*;

use super::reference::{Answer, World, answer};
use super::world::{counted_world, matter, world};
use crate::policy::fixtures::Matter;
use crate::policy::{Decision, Parts, Quantity, Rulebook, evaluate};

fn rulebook(world: &World) -> Rulebook {
    Rulebook::compile(Parts {
        settings: world.settings.clone(),
        permissions: world.permissions.clone(),
        documents: world.documents.clone(),
        ..Parts::default()
    })
    .unwrap()
}

/// Lets the counters that are looked at stand somewhere.
fn count(rulebook: &Rulebook, matter: &mut Matter, standing: &[i64]) {
    let counters = rulebook.counters(&matter.question());
    let now = matter.now.as_microsecond();
    for (counter, used) in counters.into_iter().zip(standing.iter().cycle()) {
        let last = counter.name.ends_with("/last") && *used != 0;
        let used = if last { now - used * 300_000_000 } else { used * 1_000_000 };
        matter.counters.insert(counter, Quantity(used));
    }
}

/// Asks both, and compares all that they say.
fn compare(world: &World, mut matter: Matter, standing: &[i64]) -> Result<(), TestCaseError> {
    let rulebook = rulebook(world);
    count(&rulebook, &mut matter, standing);
    let verdict = evaluate(&matter.question(), &rulebook);
    let said = Answer {
        decision: verdict.decision,
        code: verdict.reason_code.to_string(),
        requirements: verdict.requirements.clone(),
        charges: verdict.charges.clone(),
        attempts: verdict.attempts.clone(),
    };
    let expected = answer(world, &matter);
    // What is demanded of people matters only where people are asked.
    if verdict.decision == Decision::Deny {
        prop_assert_eq!(
            (said.decision, said.code),
            (expected.decision, expected.code),
            "{:#?}",
            verdict.trace
        );
        prop_assert!(verdict.charges.is_empty() && verdict.attempts.is_empty());
    } else {
        prop_assert_eq!(said, expected, "{:#?}", verdict.trace);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn both_evaluators_agree(world in world(), matter in matter(), standing in prop::collection::vec(0..25_i64, 7)) {
        compare(&world, matter, &standing)?;
    }

    #[test]
    fn both_evaluators_agree_on_what_is_counted(
        world in counted_world(),
        matter in matter(),
        standing in prop::collection::vec(0..8_i64, 7),
    ) {
        compare(&world, matter, &standing)?;
    }

    #[test]
    fn how_an_action_is_spelt_changes_nothing(
        world in world(),
        mut matter in matter(),
        standing in prop::collection::vec(0..8_i64, 7),
    ) {
        let rulebook = rulebook(&world);
        count(&rulebook, &mut matter, &standing);
        let plain = evaluate(&matter.question(), &rulebook);
        let spelt = matter.proposal.action.as_str().to_uppercase().replace('.', ":");
        matter.proposal.action = spelt.parse().unwrap();
        let spelt = evaluate(&matter.question(), &rulebook);
        prop_assert_eq!(
            (plain.decision, plain.reason_code, plain.requirements, plain.charges),
            (spelt.decision, spelt.reason_code, spelt.requirements, spelt.charges)
        );
    }

    #[test]
    fn what_an_agent_says_never_loosens_what_a_rule_denies(world in world(), mut matter in matter()) {
        let rulebook = rulebook(&world);
        matter.proposal.tool = None;
        let without = evaluate(&matter.question(), &rulebook);
        let with = evaluate(&matter.with_tool("unheard-of").question(), &rulebook);
        prop_assert!(
            without.decision != Decision::Deny || with.decision == Decision::Deny,
            "{:#?} {:#?}", without.trace, with.trace
        );
    }
}
