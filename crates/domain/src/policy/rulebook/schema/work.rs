//! How much it takes to compare parameters with a schema. Where branches of a schema lead to the same part of it, each
//! looks at the same value by itself, and where that repeats at every level a few brackets would take for ever. So the
//! looks are counted before: at each value, how often which part of the schema would look at it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::parts::{Part, Parts};

/// The most looks at values that are borne.
const MOST: u64 = 1_000_000;
/// How many values are looked at without counting first, where no part of a schema is used twice, and how many looks
/// they come to at most.
const FEW: usize = 1_000;
const FEW_LOOKS: usize = 200_000;
/// How many bytes compared with a pattern count as one look.
const BYTES: usize = 16;

/// How often each part looks at one value; by their turns, so that whoever hands the value on comes first.
type Looks = BTreeMap<(usize, usize), u64>;

/// Whether comparing takes no more than is borne.
pub(super) fn is_bearable(parts: &Parts, value: &Value) -> bool {
    let few = FEW.min(FEW_LOOKS / parts.len().max(1));
    if !parts.refers && size(value, few) <= few {
        return true;
    }
    let mut left = MOST;
    spend(parts, value, vec![(0, 1)], &mut left)
}

/// How many values there are, and how much text; counted only until it is more than so many.
fn size(value: &Value, most: usize) -> usize {
    let all = |count: usize, below: &Value| {
        if count > most { count } else { count + size(below, most - count) }
    };
    match value {
        Value::Array(items) => items.iter().fold(1, all),
        Value::Object(object) => object.values().fold(1, all),
        Value::String(text) => 1 + text.len() / BYTES,
        Value::Null | Value::Bool(_) | Value::Number(_) => 1,
    }
}

/// Takes what looking at a value costs from what is left; false where that is not enough.
fn spend(parts: &Parts, value: &Value, first: Vec<(usize, u64)>, left: &mut u64) -> bool {
    let looks = all_looks(parts, value, first);
    let cost = |((_, place), times): (&(usize, usize), &u64)| {
        times.saturating_mul(parts.get(*place).map_or(1, |part| cost(part, value)))
    };
    let sum = looks.iter().map(cost).fold(0_u64, u64::saturating_add);
    let Some(rest) = left.checked_sub(sum) else { return false };
    *left = rest;
    if looks.is_empty() {
        return true;
    }
    match value {
        Value::Object(object) => object
            .iter()
            .all(|(name, below)| spend(parts, below, at_name(parts, &looks, name), left)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .all(|(index, below)| spend(parts, below, at_index(parts, &looks, index), left)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

/// What one look of a part at a value costs: a pattern is compared with all of a text, and with every name.
fn cost(part: &Part, value: &Value) -> u64 {
    let steps = |length: usize| u64::try_from(length / BYTES).unwrap_or(u64::MAX).saturating_add(1);
    match value {
        Value::String(text) if part.has_pattern => steps(text.len()),
        Value::Object(object) if !part.matching.is_empty() => {
            let names: u64 = object.keys().map(|name| steps(name.len())).sum();
            names.saturating_mul(u64::try_from(part.matching.len()).unwrap_or(u64::MAX))
        }
        _ => 1,
    }
}

/// With all to whom the value is handed on.
fn all_looks(parts: &Parts, value: &Value, first: Vec<(usize, u64)>) -> Looks {
    let mut waiting = Looks::new();
    let add = |waiting: &mut Looks, place: usize, times: u64| {
        if let Some(part) = parts.get(place) {
            let known = waiting.entry((part.turn, place)).or_default();
            *known = known.saturating_add(times);
        }
    };
    for (place, times) in first {
        add(&mut waiting, place, times);
    }
    let mut done = Looks::new();
    while let Some(((turn, place), times)) = waiting.pop_first() {
        done.insert((turn, place), times);
        for next in parts.get(place).into_iter().flat_map(|part| part.handed_on(value)) {
            add(&mut waiting, next, times);
        }
    }
    done
}

/// Who looks at the property of this name. Whose name must match a pattern counts as if it did.
fn at_name(parts: &Parts, looks: &Looks, name: &str) -> Vec<(usize, u64)> {
    let mut next = Vec::new();
    for ((_, place), times) in looks {
        let Some(part) = parts.get(*place) else { continue };
        let own = part.named.get(name);
        let others = part.other_names.iter().filter(|_| own.is_none());
        next.extend(own.into_iter().chain(others).chain(&part.matching).map(|at| (*at, *times)));
    }
    next
}

/// Who looks at the item at this place.
fn at_index(parts: &Parts, looks: &Looks, index: usize) -> Vec<(usize, u64)> {
    let mut next = Vec::new();
    for ((_, place), times) in looks {
        let Some(part) = parts.get(*place) else { continue };
        let own = part.placed.get(index);
        let others = part.other_items.iter().filter(|_| own.is_none());
        next.extend(own.into_iter().chain(others).chain(&part.every_item).map(|at| (*at, *times)));
    }
    next
}
