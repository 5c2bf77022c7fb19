//! Whether the amount is within its limits, exactly and in decimals.

use std::sync::{Arc, LazyLock};

use rust_decimal::prelude::ToPrimitive as _;

use super::super::case::{Case, Coverable, Line};
use crate::Money;
use crate::policy::rulebook::Place;
use crate::policy::{Details, ReasonCode};

static AMOUNT: LazyLock<(Option<Place>, Arc<str>)> =
    LazyLock::new(|| (Place::new("amount"), "the amount:".into()));

/// One amount with its limits.
struct Limited<'a> {
    place: &'a Place,
    what: &'a Arc<str>,
    cap: Option<Money>,
    ask_above: Option<Money>,
}

/// Compares the amounts that the manifest and permissions limit. One that is missing, negative or no number
/// cannot be compared, so a person looks at it.
pub(in super::super) fn amount(case: &mut Case<'_>) -> Line {
    let mut line = case.skip("nothing limits the amount");
    let (place, what) = &*AMOUNT;
    let cap = case.permissions.iter().filter_map(|p| p.max_amount).min();
    if let (Some(place), Some(_)) = (place, cap) {
        line = compare(case, &Limited { place, what, cap, ask_above: None });
        if line.0 == crate::policy::TraceResult::Fail {
            return line;
        }
    }
    let Some(manifest) = case.manifest else { return line };
    let (Some((place, what)), Some(limits)) = (&manifest.amount, &manifest.manifest.amount) else {
        return line;
    };
    let limited = Limited { place, what, cap: limits.cap, ask_above: limits.escalate_above };
    let second = compare(case, &limited);
    stricter(line, second)
}

fn compare(case: &mut Case<'_>, limited: &Limited<'_>) -> Line {
    let Limited { place, what, cap, ask_above } = limited;
    let params = &case.question.proposal.params;
    let stated = place.find(params);
    let Some(amount) = stated.and_then(Money::of).filter(|amount| *amount >= Money::default())
    else {
        let shown =
            if case.hides(place.parts()) { "[REDACTED]".to_owned() } else { place.show(params) };
        if let Some(cap) = cap.filter(|cap| stated.is_some_and(|value| is_beyond(value, *cap))) {
            let why = format!("{what} `{shown}` is over the cap {cap}");
            return case.fail(ReasonCode::AmountExceedsCap, why);
        }
        let why = format!("{what} `{shown}` is no amount that can be compared with its limits");
        return case.escalate(ReasonCode::AmountThreshold, why, Coverable::No);
    };
    if let Some(cap) = cap.filter(|cap| amount > *cap) {
        return case
            .fail(ReasonCode::AmountExceedsCap, format!("{what} {amount} is over the cap {cap}"));
    }
    if let Some(above) = ask_above.filter(|above| amount > *above) {
        let why = format!("{what} {amount} is above {above}, from where on a person is asked");
        return case.escalate(ReasonCode::AmountThreshold, why, Coverable::Yes);
    }
    match ask_above.or(*cap) {
        Some(limit) => case.pass(Details::Within { what: Arc::clone(what), amount, limit }),
        None => case.skip("nothing limits the amount"),
    }
}

/// Whether a number that no decimal holds, for its size or its many digits, is over a cap all the same.
fn is_beyond(value: &serde_json::Value, cap: Money) -> bool {
    let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
    number.is_some_and(|number| cap.0.to_f64().is_some_and(|cap| number > cap))
}

/// The line of two comparisons: what asks a person is said, else the later.
fn stricter(first: Line, second: Line) -> Line {
    use crate::policy::TraceResult::{Escalate, Fail};
    match (first.0, second.0) {
        (_, Fail) => second,
        (Escalate, Escalate) => (Escalate, format!("{}; {}", first.1, second.1).into()),
        (Escalate, _) => first,
        _ => second,
    }
}
