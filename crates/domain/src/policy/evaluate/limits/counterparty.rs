//! Who stands on the other side.

use super::super::case::{Case, Coverable, Line, Planned};
use crate::names;
use crate::policy::rulebook::seen;
use crate::policy::{Charge, Quantity, ReasonCode};

/// Whether the other side is known and not blocked. Names are blocked with all that could be taken for them, and where
/// they are addresses also within a text; they are allowed only exactly as written.
pub(in super::super) fn counterparty(case: &mut Case<'_>) -> Line {
    let limits = case
        .manifest
        .and_then(|m| Some((m, m.manifest.counterparty.as_ref()?, m.counterparty.as_ref()?)));
    let Some((manifest, limits, place)) = limits else {
        return case.skip("nothing limits who may be on the other side");
    };
    let path = &limits.param;
    let params = &case.question.proposal.params;
    let Some(side) = manifest.named_side(case.question) else {
        let why = format!("`{path}` names nobody, so the other side cannot be checked");
        return case.escalate(ReasonCode::NewCounterparty, why, Coverable::No);
    };
    let shown =
        if case.hides(place.parts()) { "[REDACTED]".to_owned() } else { place.show(params) };
    if limits.blocked.iter().any(|blocked| names::is_meant_in(blocked, &side)) {
        return case.fail(
            ReasonCode::CounterpartyBlocked,
            format!("`{path}` is `{shown}`, which is blocked"),
        );
    }
    if !limits.allowed.is_empty() && !limits.allowed.contains(&side) {
        let why = format!(
            "`{path}` is `{shown}`, which is not among the {} allowed",
            limits.allowed.len()
        );
        return case.fail(ReasonCode::CounterpartyBlocked, why);
    }
    if !limits.escalate_new {
        return case.pass("the other side is not blocked");
    }
    let counter = seen(case.question, &side);
    if case.question.counters.used(&counter) > Quantity::default() {
        return case.pass("the agent dealt with the other side before");
    }
    let charge = Charge::new(counter, Quantity::ONE);
    case.charges.push(Planned { charge, alone: None });
    let why = format!("`{path}` is `{shown}`, with whom the agent never dealt before");
    case.escalate(ReasonCode::NewCounterparty, why, Coverable::Yes)
}
