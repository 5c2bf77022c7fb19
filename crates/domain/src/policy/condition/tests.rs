//! What conditions can say, what they cannot do to us, and how long they may take.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::policy::fixtures::Matter;
use crate::policy::verdict::BudgetUse;

fn holds_for(matter: &Matter, source: &str) -> Result<bool, String> {
    let budgets = [BudgetUse {
        name: "daily".into(),
        unit: crate::policy::document::Unit::Usd,
        used: "30".parse().unwrap(),
        limit: "40".parse().unwrap(),
        adds: None,
        percent: 75,
    }];
    let history = History { hour: 1, day: 2, total: 3, runs: 1 };
    let question = matter.question();
    Condition::compile(source)?.holds(&Scope { question: &question, budgets: &budgets, history })
}

fn holds(params: Json, source: &str) -> Result<bool, String> {
    holds_for(&Matter::new("stripe.refund", params), source)
}

#[test]
fn every_variable_can_be_compared() {
    let mut matter = Matter::new("stripe.refund", json!({"amount": 45, "to": {"country": "DE"}}))
        .with_tool("refunder")
        .costing("1.5");
    matter.context = serde_json::from_value(json!({"ltv": 10000.5, "tags": ["vip"]})).unwrap();
    matter.task = Some("T-1".into());
    for source in [
        "agent.name == 'support-bot' && agent.trust == 'standard' && agent.version == '1.4.0'",
        "agent.status == 'active' && agent.owner == null && agent.id.startsWith('agt_')",
        "action == 'stripe.refund' && tool == 'refunder' && task == 'T-1'",
        "params.amount == 45 && params.to.country in ['DE', 'AT']",
        "context.ltv > 10000 && context.tags.exists(t, t == 'vip')",
        "cost.usd == 1.5 && !has(cost.tokens) && !cost.estimate",
        "now > timestamp('2026-11-21T11:29:59Z') && now < timestamp('2026-11-21T11:30:01Z')",
        "now.getDayOfWeek() == 6 && now.getHours('Europe/Berlin') == 12",
        "budget.daily.percent >= 75 && budget.daily.left == 10 && budget['daily'].used == 30.0",
        "history.hour == 1 && history.day == 2 && history.total == 3 && history.runs == 1 && !history.first_seen",
        "size(params) == 2 && 'amount' in params && params['amount'] == 45",
        "params.to.country.matches('^[A-Z]{2}$')",
        "params.amount <= (context.ltv > 10000.0 ? 500.0 : 100.0)",
    ] {
        assert_eq!(holds_for(&matter, source), Ok(true), "{source}");
    }
}

#[test]
fn numbers_compare_whatever_their_type_and_texts_after_conversion() {
    for source in [
        "params.int < 45.5",
        "params.int == 45.0",
        "params.int == uint(45)",
        "params.double > 45",
        "params.big > 9223372036854775807",
        "double(params.text) > 200",
        "double(params.int) == 45.0",
    ] {
        let params = json!({"int": 45, "double": 45.5, "big": 9_223_372_036_854_777_856_u64, "text": "200.01"});
        assert_eq!(holds(params, source), Ok(true), "{source}");
    }
}

#[test]
fn what_is_missing_can_be_tested_and_is_an_error_otherwise() {
    assert_eq!(holds(json!({}), "has(params.amount) && params.amount > 5"), Ok(false));
    assert_eq!(holds(json!({"a": {"b": 1}}), "has(params.a.b) && !has(params.a.c)"), Ok(true));
    for source in ["params.amount > 5", "params.amount", "params.text > 5", "1 / params.zero > 0"] {
        let error = holds(json!({"text": "many", "zero": 0}), source);
        assert!(error.is_err(), "{source}: {error:?}");
    }
    insta::assert_snapshot!(holds(json!({}), "params.amount > 5").unwrap_err(), @"No such key: amount");
    insta::assert_snapshot!(
        holds(json!({"amount": 5}), "params.amount").unwrap_err(),
        @"it gives a value of type int, not yes or no"
    );
}

/// Evaluated, each would be an error every time, or never hold.
#[test]
fn refuses_what_is_written_out_and_of_no_use() {
    for (source, said) in [
        ("foo(1)", "there is no function `foo`"),
        ("action.startswith('a')", "did you mean `startsWith`?"),
        ("now.getHour() > 5", "did you mean `getHours`?"),
        ("now.getHours('Europe/Berln') > 5", "`getHours` fails"),
        ("now > timestamp('nonsense')", "`timestamp` fails"),
        ("now > now + duration('a while')", "`duration` fails"),
        ("params.iban.matches('[')", "`matches` fails"),
        ("agent.trust == 'trustd'", "it is one of untrusted, standard, trusted"),
        ("agent.status in ['active', 'off']", "`agent.status` is never `off`"),
    ] {
        let refused = Condition::compile(source).map(|_| ()).unwrap_err();
        assert!(refused.contains(said), "{source}: {refused}");
    }
    for source in [
        "now.getHours('Europe/Berlin') > 5 && now > timestamp('2026-01-01T00:00:00Z')",
        "now.getDayOfWeek() in [0, 6] || int(params.n) > 3 || double('1.5') < 2.0",
        "params.iban.matches('^DE[0-9]+$') && size(params.to) > 3 && type(params.n) == int",
        "agent.trust in ['trusted', 'standard'] && agent.status != 'inactive'",
        "params.exists(name, name.matches('^[aA]ll$') && params[name] != false)",
    ] {
        assert!(Condition::compile(source).is_ok(), "{source}");
    }
}

#[test]
fn refuses_what_cannot_mean_anything() {
    let refused = |source: &str| Condition::compile(source).map(|_| ()).unwrap_err();
    insta::assert_snapshot!(refused("parms.amount > 5"), @"`parms` is not known; did you mean `params`?");
    insta::assert_snapshot!(
        refused("something > 5"),
        @"`something` is not known; there are agent action tool params context cost task now budget history"
    );
    insta::assert_snapshot!(refused("[1].all(params, params > 0)"), @"`params` cannot be the name of an element of a list");
    insta::assert_snapshot!(refused("params.text.matches(params.pattern)"), @"the regular expression of `matches` has to be written out");
    insta::assert_snapshot!(refused("action.matches('(a{100}){100}')"), @"the regular expression is longer than 80 characters, repetitions multiplied out");
    insta::assert_snapshot!(refused(" "), @"it is empty");
    insta::assert_snapshot!(refused("agent.nmae == 'x'"), @"`agent.nmae` is not known; did you mean `agent.name`?");
    insta::assert_snapshot!(refused("agent.height > 5"), @"`agent.height` is not known; `agent` has id name version trust status owner");
    insta::assert_snapshot!(refused("agent.name.first == 'x'"), @"`agent.name.first` is not known: `agent.name` is a text and has no fields");
    insta::assert_snapshot!(refused("cost.eur > 5"), @"`cost.eur` is not known; `cost` has usd tokens estimate");
    insta::assert_snapshot!(refused("history.frist_seen"), @"`history.frist_seen` is not known; did you mean `history.first_seen`?");
    insta::assert_snapshot!(refused("has(history.week)"), @"`history.week` is not known; `history` has hour day total runs first_seen");
    insta::assert_snapshot!(refused("budget.daily.percnt > 5"), @"`budget.daily.percnt` is not known; did you mean `budget.daily.percent`?");
    insta::assert_snapshot!(refused(r#"budget["daily"].rest > 5"#), @"`budget.daily.rest` is not known; did you mean `budget.daily.left`?");
    insta::assert_snapshot!(refused("task.id == 'x' || true"), @"`task.id` is not known: `task` is a text and has no fields");
    insta::assert_snapshot!(refused("now.hour > 5"), @"`now.hour` is not known: `now` is a time and has no fields");
    for source in
        ["params.amount >", "(", "'", "a b", "1 = 2", "@in", "params.", "has(params)", "\u{0}"]
    {
        assert!(Condition::compile(source).is_err(), "{source}");
    }
}

#[test]
fn refuses_what_certainly_is_not_yes_or_no() {
    for (source, kind) in [
        ("45", "a number"),
        ("'yes'", "a text"),
        ("agent.name", "a text"),
        ("history.total", "a number"),
        ("budget['daily'].percent", "a number"),
        ("params", "a group of values"),
        ("[true]", "a list"),
        ("params.l.filter(x, x > 3)", "a list"),
        ("size(params.l)", "a number"),
        ("now", "a time"),
        ("now.getHours()", "a number"),
        ("params.amount + 5", "a number"),
        ("true && cost.usd", "a number"),
        ("!(1 + 1)", "a number"),
        ("has(params.a) ? 'x' : true", "a text"),
        ("type(params.a)", "a value of another kind"),
    ] {
        let refused = Condition::compile(source).unwrap_err();
        let expected =
            format!("it gives {kind} where yes or no is needed: compare it with something");
        assert_eq!(refused, expected, "{source}");
    }
    for source in [
        "params.flag",
        "context['flag']",
        "history.first_seen",
        "cost.estimate",
        "params.l.exists_one(x, x > 3) && params.l.all(x, x > 3)",
        "params.l.exists(x, x)",
        "has(params.a) ? params.a : params.b == 5",
        "dyn(params.a)",
        "params.a in [1, 2] || params.t.contains('x')",
        "budget[params.name].percent > 5",
        "type(params.a) == string && type(params.b) in [int, uint, double]",
    ] {
        assert!(Condition::compile(source).is_ok(), "{source}: {:?}", Condition::compile(source));
    }
}

fn shapes() -> Vec<String> {
    let mut shapes: Vec<String> = [40, 200, 1900]
        .into_iter()
        .flat_map(|n| {
            let pairs = [
                ("(", ")"),
                ("[", "]"),
                ("{1:", "}"),
                ("!", ""),
                ("-", ""),
                ("(-", ")"),
                ("size([", "])"),
                ("[1].all(x, ", ")"),
                ("true ? true : ", ""),
                ("params[", "]"),
                ("'", "'"),
                ("has(", ")"),
            ];
            let nested =
                pairs.map(|(open, close)| format!("{}1{}", open.repeat(n), close.repeat(n)));
            let chains =
                ["+1", "==1", "&&true", "||true", ".a", "[0]", "?1:1", " in []", "*1", "-1"]
                    .map(|link| format!("params{}", link.repeat(n)));
            let open = ["(", "[", "{", "a[", "-(", "[[", "f(", "\"", "'''", "/*", "x?"]
                .map(|o| o.repeat(n));
            nested.into_iter().chain(chains).chain(open).collect::<Vec<_>>()
        })
        .collect();
    shapes.push("9".repeat(4000));
    shapes.push(format!("'{}'", "x".repeat(4000)));
    shapes.push(format!("1.{}e{}", "9".repeat(2000), "9".repeat(2000)));
    shapes.push(format!("[{}]", "1,".repeat(2000)));
    shapes.push("\\u".repeat(2000));
    shapes
}

#[test]
fn no_shape_overflows_the_stack_or_stalls() {
    for shape in shapes() {
        let begun = Instant::now();
        let outcome = holds(json!({"a": 1}), &shape);
        let took = begun.elapsed();
        let start: String = shape.chars().take(20).collect();
        assert!(took < patience(), "{start}… took {took:?}: {outcome:?}");
    }
}

/// 50 milliseconds in a release build; builds for tests are slower, and share the machine.
fn patience() -> Duration {
    if cfg!(debug_assertions) { Duration::from_secs(4) } else { Duration::from_millis(50) }
}

#[test]
fn large_values_are_refused_before_they_cost_anything() {
    let many: Vec<u32> = (0..10_000).collect();
    let long = "ä".repeat(400_000);
    let cases = [
        (json!({"l": many}), "params.l.all(x, params.l.all(y, x + y >= 0))", false),
        (json!({"l": many}), "params.l.map(x, params.l).size() > 0", false),
        (json!({"l": many}), "params.l.exists(x, x == 3)", true),
        (json!({"l": many}), "size(params.l) == 10000", true),
        (json!({"l": many[..50]}), "params.l.all(x, params.l.exists(y, x == y))", true),
        (json!({"t": long}), "params.t.contains('needle')", true),
        (json!({"t": long, "l": many}), "params.l.all(x, params.t.contains('needle'))", false),
        (json!({"l": many}), "params.l.all(x, string(x).matches('^[0-9]+$'))", false),
    ];
    for (params, source, fits) in cases {
        let begun = Instant::now();
        let outcome = holds(params, source);
        assert!(begun.elapsed() < patience(), "{source} took {:?}", begun.elapsed());
        assert_eq!(
            outcome.is_ok() || outcome == Err("false".into()),
            fits,
            "{source}: {outcome:?}"
        );
    }
}

#[test]
fn the_dearest_regular_expressions_that_pass_are_cheap_enough() {
    for pattern in [r"\w".repeat(40), r"(\w{2}){5}".into(), r"\p{L}{10}".into(), "(x+x+)+y".into()]
    {
        let source = format!("action.matches(r'{pattern}')");
        let begun = Instant::now();
        let outcome = holds(json!({}), &source);
        assert!(begun.elapsed() < patience(), "{pattern} took {:?}: {outcome:?}", begun.elapsed());
    }
}

fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("params".to_owned()),
        Just("params.a".to_owned()),
        Just("params.l".to_owned()),
        Just("context".to_owned()),
        Just("now".to_owned()),
        Just("cost.usd".to_owned()),
        Just("history.total".to_owned()),
        Just("budget".to_owned()),
        Just("x".to_owned()),
        Just("'text'".to_owned()),
        Just("null".to_owned()),
        Just("true".to_owned()),
        any::<i64>().prop_map(|n| n.to_string()),
        any::<u64>().prop_map(|n| format!("{n}u")),
        any::<f64>().prop_map(|n| format!("{n:?}")),
        Just("duration('1h')".to_owned()),
    ];
    leaf.prop_recursive(6, 60, 3, |inner| {
        let binary = prop::sample::select(vec![
            "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||", " in ",
        ]);
        let method = prop::sample::select(vec!["contains", "startsWith", "endsWith", "getHours"]);
        let function = prop::sample::select(vec![
            "size",
            "string",
            "int",
            "uint",
            "double",
            "type",
            "timestamp",
            "duration",
            "bytes",
            "has",
            "dyn",
        ]);
        let each = prop::sample::select(vec!["all", "exists", "exists_one", "map", "filter"]);
        prop_oneof![
            (inner.clone(), binary, inner.clone()).prop_map(|(a, op, b)| format!("({a}{op}{b})")),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| format!("({a}?{b}:{c})")),
            (function, inner.clone()).prop_map(|(f, a)| format!("{f}({a})")),
            (inner.clone(), method, inner.clone()).prop_map(|(a, m, b)| format!("{a}.{m}({b})")),
            (inner.clone(), each, inner.clone()).prop_map(|(a, e, b)| format!("{a}.{e}(x, {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a}[{b}]")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{{{a}: {b}}}")),
            prop::collection::vec(inner.clone(), 0..4).prop_map(|l| format!("[{}]", l.join(","))),
            inner.clone().prop_map(|a| format!("!{a}")),
            inner.prop_map(|a| format!("-{a}")),
        ]
    })
}

#[test]
fn an_action_is_read_with_dots_and_small_letters_and_compared_with_nothing_else() {
    for source in [
        "action == 'k8s:deploy'",
        "action.startsWith('Stripe.')",
        "action in ['a', 'k8s:x']",
        "action.matches('^k8s:')",
        "action.matches('^Stripe')",
    ] {
        let refused = Condition::compile(source).unwrap_err();
        assert!(refused.contains("`action` is read with dots and small letters"), "{refused}");
    }
    assert!(Condition::compile("params.url.startsWith('https://') && action == 'a.b'").is_ok());
    let matter = Matter::new("Stripe:Refund", json!({}));
    assert_eq!(
        holds_for(&matter, r"action == 'stripe.refund' && action.matches(r'^(?:\S|\P{Lu})+$')"),
        Ok(true)
    );
}

fn value() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        ".{0,20}".prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 200, 60, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..60).prop_map(Json::from),
            prop::collection::hash_map("[a-z]{1,3}", inner, 0..6)
                .prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_made_up_expression_answers_in_time(source in expression(), a in value(), l in value()) {
        let begun = Instant::now();
        let outcome = holds(json!({"a": a, "l": l}), &source);
        prop_assert!(begun.elapsed() < patience(), "{source} took {:?}: {outcome:?}", begun.elapsed());
    }

    #[test]
    fn random_text_answers_in_time(source in "[-a-z0-9()\\[\\]{}.,:?!&|=<>+*/%'\"\\\\ \\n]{0,300}") {
        let begun = Instant::now();
        let outcome = holds(json!({"a": 1}), &source);
        prop_assert!(begun.elapsed() < patience(), "{source} took {:?}: {outcome:?}", begun.elapsed());
    }
}
