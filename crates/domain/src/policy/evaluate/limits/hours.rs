//! Whether it is the right time.

use jiff::civil::Time;
use jiff::{Timestamp, ToSpan as _};

use super::super::case::{Case, Line};
use crate::policy::ReasonCode;
use crate::policy::document::Hours;

/// Whether the clock, where it hangs, is within the hours.
pub(in super::super) fn hours(case: &mut Case<'_>) -> Line {
    let hours = case.manifest.and_then(|manifest| manifest.manifest.hours.as_ref());
    let Some(hours) = hours else {
        return case.skip("nothing limits the time");
    };
    let here = case.question.now.to_zoned(hours.timezone.zone().clone());
    let clock = here.strftime("%a %H:%M");
    let (from, to) = (short(hours.from), short(hours.to));
    let days = String::from(hours.days);
    let zone = hours.timezone.name();
    if are(hours, case.question.now) {
        return case.pass(format!("{clock} in {zone} is within {days} {from} to {to}"));
    }
    let why = format!("{clock} in {zone} is outside of {days} {from} to {to}");
    case.fail(ReasonCode::OutsideAllowedHours, why)
}

fn short(time: Time) -> impl std::fmt::Display {
    time.strftime("%H:%M").to_string()
}

/// A window over midnight belongs to the day on which it begins; one that ends when it begins lasts a day.
fn are(hours: &Hours, now: Timestamp) -> bool {
    let here = now.to_zoned(hours.timezone.zone().clone());
    let (time, today) = (here.time(), here.date());
    if hours.from < hours.to {
        return hours.days.include(today.weekday()) && hours.from <= time && time < hours.to;
    }
    if time >= hours.from {
        return hours.days.include(today.weekday());
    }
    let yesterday = today.checked_sub(1.day()).map(|date| hours.days.include(date.weekday()));
    time < hours.to && yesterday.unwrap_or(false)
}
