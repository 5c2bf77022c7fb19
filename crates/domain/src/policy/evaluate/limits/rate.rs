//! Whether it is asked too often.

use jiff::SignedDuration;

use super::super::case::{Case, Line, Planned};
use crate::policy::document::Window;
use crate::policy::rulebook::{Attempt, attempts, history, runs};
use crate::policy::{Charge, Counter, Purpose, Quantity, ReasonCode};

/// Whether it is asked too often. Asking counts, and counts once: what people said yes to is not asked again.
pub(in super::super) fn rate(case: &mut Case<'_>) -> Line {
    let rate = case.manifest.and_then(|manifest| manifest.manifest.rate.as_ref());
    remember(case);
    let Some(rate) = rate else {
        return case.skip("nothing limits how often");
    };
    if case.question.purpose != Purpose::Ask {
        return case.skip("how often it is asked counted when it was asked");
    }
    let mut said = Vec::new();
    for (counter, attempt) in attempts(rate, case.question) {
        let used = case.question.counters.used(&counter);
        let looked_at = match attempt {
            Attempt::Within(window, most) => within(used, window, most),
            Attempt::Apart(length) => apart(used, length.0, case.question.now),
        };
        match looked_at {
            Err(why) => return case.fail(ReasonCode::RateLimitExceeded, why),
            Ok((amount, limit, why)) => {
                said.push(why);
                case.attempts.push(Charge::new(counter, amount).within(Some(limit)));
            }
        }
    }
    case.pass(said.join("; "))
}

/// Counts for conditions over `history`, where one could speak: asking when it is asked, running when it runs.
fn remember(case: &mut Case<'_>) {
    if !case.book.keeps_history(case.question) {
        return;
    }
    let counters = case.question.counters;
    let once = |counter: Counter| {
        let seen = counters.used(&counter);
        Charge::new(counter, Quantity::ONE).seen_at(Some(seen))
    };
    case.charges.push(Planned { charge: once(runs(case.question)), alone: None });
    if case.question.purpose == Purpose::Ask {
        case.attempts.extend(history(case.question).map(once));
    }
}

type Counted = (Quantity, Quantity, String);

fn within(used: Quantity, window: Window, most: u32) -> Result<Counted, String> {
    let limit = Quantity::whole(u64::from(most)).unwrap_or(Quantity::MOST);
    let unit = match window {
        Window::Hour => "hour",
        Window::Day | Window::Week | Window::Month | Window::Total => "day",
    };
    let with_this = used.plus(Quantity::ONE);
    if with_this > limit {
        return Err(format!(
            "the agent asked {} times this {unit}; {most} are allowed",
            used.to_money()
        ));
    }
    Ok((Quantity::ONE, limit, format!("request {} of {most} this {unit}", with_this.to_money())))
}

/// The counter holds the time of the last request, and is moved to now; its limit sees to it that of two
/// requests at once only one can move it.
fn apart(used: Quantity, length: SignedDuration, now: jiff::Timestamp) -> Result<Counted, String> {
    let now = now.as_microsecond();
    let since = now.saturating_sub(used.0);
    let passed = SignedDuration::from_micros(since);
    if used.0 != 0 && passed < length {
        return Err(format!(
            "the last request was {passed:#} ago; {length:#} must lie between two"
        ));
    }
    let why = format!("at least {length:#} lie between this request and the last");
    Ok((Quantity(since), Quantity(now), why))
}
