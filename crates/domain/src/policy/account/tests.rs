use std::collections::HashMap;

use serde_json::json;
use ulid::Ulid;

use super::*;
use crate::Money;

fn budget(value: &serde_json::Value) -> Budget {
    let mut whole = json!({"name": "daily", "unit": "usd", "limit": 100.0, "window": "day"});
    whole.as_object_mut().unwrap().extend(value.as_object().unwrap().clone());
    serde_json::from_value(whole).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn usd(amount: i64) -> Quantity {
    Quantity(amount * 1_000_000)
}

fn cost(usd: &str, tokens: u64) -> Cost {
    Cost { usd: usd.parse::<Money>().unwrap(), tokens, ..Cost::default() }
}

fn charge(name: &str, amount: Quantity) -> Charge {
    Charge::new(counter(name), amount)
}

fn counter(name: &str) -> Counter {
    Counter { name: name.to_owned(), since: at("2026-03-28T23:00:00Z") }
}

#[test]
fn a_window_ends_where_the_next_begins_also_when_a_day_has_23_hours() {
    let berlin = Zone::try_from("Europe/Berlin".to_owned()).unwrap();
    let now = at("2026-03-29T10:00:00Z");
    let cases = [
        (Window::Hour, Some("2026-03-29T11:00:00Z")),
        (Window::Day, Some("2026-03-29T22:00:00Z")),
        (Window::Week, Some("2026-03-29T22:00:00Z")),
        (Window::Month, Some("2026-03-31T22:00:00Z")),
        (Window::Total, None),
    ];
    for (window, end) in cases {
        assert_eq!(window.end(now, &berlin), end.map(at), "{window:?}");
        if let Some(end) = window.end(now, &berlin) {
            assert_eq!(window.start(end, &berlin), end, "{window:?}");
        }
    }
}

#[test]
fn a_forecast_is_the_run_rate_and_says_nothing_at_the_start_of_a_window() {
    let daily = budget(&json!({}));
    let standing = |time: &str| daily.standing("budget:daily", usd(30), at(time));
    assert_eq!(standing("2026-01-15T12:00:00Z").forecast, Some(usd(60)));
    assert_eq!(standing("2026-01-15T18:00:00Z").forecast, Some(usd(40)));
    assert_eq!(standing("2026-01-15T01:00:00Z").forecast, None);
    assert_eq!(standing("2026-01-15T12:00:00Z").percent, 30);
    let total = budget(&json!({"window": "total"}));
    assert_eq!(total.standing("budget:daily", usd(30), at("2026-01-15T12:00:00Z")).forecast, None);
    let part = daily.standing("budget:daily/T%2F1", usd(1), at("2026-01-15T12:00:00Z")).part;
    assert_eq!(part.as_deref(), Some("T/1"));
}

#[test]
fn a_limit_is_announced_when_it_comes_near_and_once() {
    let documents = [Document::Budget(budget(&json!({"escalate_at": "80%"})))];
    let near = |used: i64, amount: i64, marked: bool, name: &str| {
        let mut counters = HashMap::from([(counter(name), usd(used))]);
        if marked {
            counters.insert(counter(&format!("near:{name}")), Quantity::ONE);
        }
        let charges = [charge(name, usd(amount))];
        assert_eq!(looked_at(&charges).len(), 2);
        near_limits(&documents, &charges, &counters, at("2026-03-29T10:00:00Z")).len()
    };
    assert_eq!(near(70, 9, false, "budget:daily"), 0);
    assert_eq!(near(70, 10, false, "budget:daily"), 1);
    assert_eq!(near(70, 10, true, "budget:daily"), 0);
    assert_eq!(near(90, 0, false, "budget:daily"), 0);
    assert_eq!(near(90, 5, false, "budget:daily/T-1"), 1);
    assert_eq!(near(90, 5, false, "budget:daily-other"), 0);
    assert_eq!(looked_at(&[charge("grant:x/usd", usd(1))]), []);
}

#[test]
fn a_real_cost_corrects_what_was_charged_for_its_approval_and_never_more() {
    let approval = ApprovalId::new(Ulid(1));
    let spending = [(counter("budget:daily"), Unit::Usd), (counter("budget:runs"), Unit::Actions)];
    let charged = remembered(approval, vec![charge("budget:daily", usd(30))]);
    let memories: Vec<_> = charged.into_iter().map(|c| (c.counter, c.amount)).skip(1).collect();
    let documents = [Document::Budget(budget(&json!({})))];
    let charged = recalled(&documents, approval, &memories);
    assert_eq!(charged, [(counter("budget:daily"), Unit::Usd, usd(30))]);
    let corrected = |real: &str, charged: &[(Counter, Unit, Quantity)]| {
        let real = cost(real, 5);
        let report = Report {
            cost: &real,
            estimate: Some(&real),
            approval: Some(approval),
            by_a_person: true,
        };
        report.charges(&spending, charged).unwrap()
    };
    assert_eq!(corrected("20", &charged).first(), Some(&charge("budget:daily", usd(-10))));
    assert_eq!(corrected("0", &charged).first(), Some(&charge("budget:daily", usd(-30))));
    let automatic = Report {
        cost: &cost("20", 5),
        estimate: None,
        approval: Some(approval),
        by_a_person: false,
    };
    let due = automatic.charges(&[], &charged).unwrap();
    let counters: Vec<_> = due.into_iter().map(|charge| charge.counter).collect();
    assert_eq!(counters, [reported(approval)], "nothing is lowered, and it was told once");
    assert_eq!(corrected("45", &charged).first(), Some(&charge("budget:daily", usd(15))));
    assert_eq!(corrected("45", &[]).first(), Some(&charge("budget:daily", usd(45))));
    assert_eq!(corrected("0", &[]).len(), 1, "only the mark that it was reported");
    let mark = corrected("20", &charged).pop().unwrap();
    assert_eq!((mark.amount, mark.limit), (Quantity::ONE, Some(Quantity::ONE)));
}

#[test]
fn without_an_approval_nothing_is_ever_lowered() {
    let spending = [(counter("budget:daily"), Unit::Usd), (counter("budget:tokens"), Unit::Tokens)];
    let amounts = |real: Cost, estimate: Option<Cost>| -> Vec<Quantity> {
        let report =
            Report { cost: &real, estimate: estimate.as_ref(), approval: None, by_a_person: false };
        let charges = report.charges(&spending, &[]).unwrap();
        charges.into_iter().map(|charge| charge.amount).collect()
    };
    assert_eq!(amounts(cost("20", 7), None), [usd(20), usd(7)]);
    assert_eq!(amounts(cost("20", 7), Some(cost("15", 7))), [usd(5)]);
    assert_eq!(amounts(cost("20", 7), Some(cost("9000", 9000))), []);
    let huge = cost("79228162514264337593543950335", 0);
    let report = Report { cost: &huge, estimate: None, approval: None, by_a_person: false };
    assert_eq!(report.charges(&spending, &[]), None);
}
