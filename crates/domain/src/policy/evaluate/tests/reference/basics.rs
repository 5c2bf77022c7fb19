//! Patterns, counters and windows, in the second evaluator's words.

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::World;
use crate::Money;
use crate::policy::Counter;
use crate::policy::document::{Document, NamePattern, Window};
use crate::policy::fixtures::Matter;

pub fn any_covers(patterns: &[crate::ActionPattern], matter: &Matter) -> bool {
    let action = matter.proposal.action.as_str();
    patterns.is_empty() || patterns.iter().any(|pattern| covers(pattern.as_str(), action))
}

/// In these worlds segments end at dots.
pub fn covers(pattern: &str, action: &str) -> bool {
    fn all(pattern: &[&str], action: &[&str]) -> bool {
        match (pattern, action) {
            ([], []) => true,
            (["**", rest @ ..], action) => (0..=action.len()).any(|n| all(rest, &action[n..])),
            ([first, rest @ ..], [have, more @ ..]) => {
                (*first == "*" || first == have) && all(rest, more)
            }
            _ => false,
        }
    }
    let parts = |text: &str| text.replace(':', ".").to_lowercase();
    let (pattern, action) = (parts(pattern), parts(action));
    all(&pattern.split('.').collect::<Vec<_>>(), &action.split('.').collect::<Vec<_>>())
}

pub fn in_any_case(pattern: &NamePattern, name: &str) -> bool {
    pattern.as_str().to_lowercase().parse::<NamePattern>().unwrap().matches(&name.to_lowercase())
}

/// Whether no tool has this name, and one has a name that somebody in a hurry reads in its place.
pub fn imitates_a_tool(world: &World, name: &str) -> bool {
    let hasty = |name: &str| {
        let name = name.replace(['1', 'I'], "l").replace(['0', 'O'], "o");
        name.to_lowercase().replace("rn", "m")
    };
    let names = world.documents.iter().filter_map(|document| match document {
        Document::Tool(tool) => Some(tool.name.as_str()),
        _ => None,
    });
    let names: Vec<&str> = names.collect();
    let alike =
        |other: &&str| other.to_lowercase() == name.to_lowercase() || hasty(other) == hasty(name);
    !names.contains(&name) && names.iter().any(alike)
}

pub fn used(matter: &Matter, counter: &Counter) -> i64 {
    matter.counters.get(counter).map_or(0, |quantity| quantity.0)
}

pub fn millionths(money: Money) -> i64 {
    (money.0 * Decimal::from(1_000_000)).ceil().try_into().unwrap()
}

pub fn forever(name: String) -> Counter {
    Counter { name, since: Timestamp::UNIX_EPOCH }
}

pub fn cut(now: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_second(now.as_second() / seconds * seconds).unwrap()
}

/// In these worlds budgets hang in UTC and have hours, days or no end.
pub fn since(window: Window, now: Timestamp) -> Timestamp {
    match window {
        Window::Hour => cut(now, 3600),
        Window::Day => cut(now, 86_400),
        _ => Timestamp::UNIX_EPOCH,
    }
}
