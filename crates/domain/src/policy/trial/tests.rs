use super::super::document::parse::{SourceFile, read};
use super::*;

const FILE: &str = "\
kind: Agent
name: support-bot
manifest:
  actions: [\"stripe.refund.*\"]
  amount: {cap: 5000}
  counterparty: {param: customer, escalate_new: true}
  rate: {per_hour: 3}
---
kind: Policy
name: refunds
rules:
  - name: small
    actions: [\"stripe.refund.*\"]
    when: params.amount <= 200
    verdict: allow
  - name: large
    actions: [\"stripe.refund.*\"]
    when: params.amount > 200
    verdict: escalate
    reason_code: AMOUNT_THRESHOLD
    risk: high
    approval: {stages: [{name: finance, groups: [finance]}, {name: security, groups: [security], need: 2}]}
---
kind: Budget
name: daily
scope: {agents: [support-bot]}
unit: actions
limit: 10
window: day
";

fn run(tests: &str) -> Vec<(String, Vec<String>)> {
    let text = format!("{FILE}---\n{tests}");
    let reading = read(&[SourceFile { name: "p.yaml".to_owned(), text }]);
    assert_eq!(reading.problems, []);
    let documents = reading.documents.into_iter().map(|written| written.document).collect();
    let bench = Bench::of(documents).unwrap();
    let tested = reading.tests.iter().map(|test| bench.test(test));
    tested.map(|tested| (tested.name, tested.differs)).collect()
}

fn one(given: &str, expect: &str) -> Vec<String> {
    let text = format!(
        "kind: PolicyTest\nname: t\ngiven: {{agent: support-bot, action: stripe.refund.one, seen: true, {given}}}\nexpect: {{{expect}}}\n"
    );
    run(&text).remove(0).1
}

#[test]
fn a_test_holds_policy_to_what_it_expects() {
    let cases: [(&str, &str, &[&str]); 8] = [
        ("params: {amount: 20, customer: c}", "verdict: allow, rule: refunds/small", &[]),
        (
            "params: {amount: 20, customer: c}",
            "verdict: deny, reason_code: POLICY_DENIED",
            &[
                "verdict: expected deny, it is allow",
                "reason_code: expected POLICY_DENIED, it is ALLOWED_BY_POLICY",
            ],
        ),
        (
            "params: {amount: 500, customer: c}",
            "verdict: escalate, reason_code: AMOUNT_THRESHOLD, risk: high, stages: [{name: security, need: 2}, {name: finance}]",
            &[],
        ),
        (
            "params: {amount: 500, customer: c}",
            "verdict: escalate, stages: [{name: finance}]",
            &["stages: expected finance (1), it is finance (1), security (2)"],
        ),
        (
            "params: {amount: 5001, customer: c}",
            "verdict: deny, reason_code: AMOUNT_EXCEEDS_CAP",
            &[],
        ),
        (
            "params: {amount: 20, customer: c}, budgets: {daily: 10}",
            "verdict: deny, reason_code: BUDGET_EXCEEDED",
            &[],
        ),
        (
            "params: {amount: 20, customer: c}, history: {hour: 3}",
            "verdict: deny, reason_code: RATE_LIMIT_EXCEEDED",
            &[],
        ),
        (
            "params: {amount: 20, customer: c}",
            "verdict: allow, rule: refunds/large",
            &["rule: expected refunds/large, it is refunds/small"],
        ),
    ];
    for (given, expect, differs) in cases {
        assert_eq!(one(given, expect), differs, "{given} {expect}");
    }
}

#[test]
fn who_was_never_dealt_with_is_new() {
    let text = "kind: PolicyTest\nname: t\ngiven: {agent: support-bot, action: stripe.refund.one, params: {amount: 20, customer: c}}\nexpect: {verdict: escalate, reason_code: NEW_COUNTERPARTY}\n";
    assert_eq!(run(text), [("t".to_owned(), Vec::new())]);
}

#[test]
fn a_test_of_what_is_not_there_fails() {
    let unheard_of = "params: {amount: 20, customer: c}, budgets: {dialy: 10}, grants: {gone: {}}";
    let told = ["there is no budget `dialy`; did you mean `daily`?", "there is no grant `gone`"];
    assert_eq!(one(unheard_of, "verdict: allow"), told);
    let of_agent = |name: &str| {
        let text = format!(
            "kind: PolicyTest\nname: t\ngiven: {{agent: {name}, action: db.drop}}\nexpect: {{verdict: escalate}}\n"
        );
        run(&text).remove(0).1
    };
    let slip = "no document is for the agent `support-bto`; did you mean `support-bot`?";
    assert_eq!(of_agent("support-bto"), [slip]);
    assert_eq!(of_agent("support-bot2"), [] as [&str; 0]);
    assert_eq!(of_agent("stranger"), [] as [&str; 0]);
}

#[test]
fn a_misspelt_test_is_told_with_its_place() {
    let text = "kind: PolicyTest\nname: t\ngiven: {agent: a, action: b, parms: {}}\nexpect: {verdict: allow}\n";
    let reading = read(&[SourceFile { name: "p.yaml".to_owned(), text: text.to_owned() }]);
    let problem = &reading.problems[0];
    assert_eq!(problem.suggestion.as_deref(), Some("params"), "{problem:?}");
    assert_eq!(problem.place.map(|place| place.line), Some(3));
    assert!(reading.tests.is_empty());
}

mod suggested {
    use jiff::{SignedDuration, Timestamp};

    use super::super::suggest::{SuggestionKind, suggestions};
    use super::*;
    use crate::approval::Status;
    use crate::approval::statistics::Sample;
    use crate::policy::ReasonCode;
    use crate::policy::document::plan::validate;

    fn samples(
        count: usize,
        people: usize,
        status: Status,
        code: &ReasonCode,
        after: i64,
    ) -> Vec<Sample> {
        let one = |n: usize| Sample {
            agent: "support".into(),
            action: "stripe.refund".into(),
            reason_code: code.clone(),
            risk: crate::approval::Risk::Low,
            status,
            created_at: Timestamp::UNIX_EPOCH,
            decided_at: Some(Timestamp::UNIX_EPOCH + SignedDuration::from_secs(after)),
            approver: Some(format!("person-{}@example.com", n % people).into()),
            automatic: None,
            marks: crate::approval::statistics::Marks::default(),
        };
        (0..count).map(one).collect()
    }

    #[test]
    fn only_a_habit_of_several_people_suggests_anything() {
        use ReasonCode::{AgentRequested, AmountThreshold, DefaultPolicy};
        use Status::{Approved, Denied, Expired};
        let cases = [
            (samples(10, 2, Approved, &DefaultPolicy, 20), Some(SuggestionKind::Allow)),
            (samples(10, 2, Approved, &AmountThreshold, 20), Some(SuggestionKind::Grant)),
            (samples(9, 2, Approved, &DefaultPolicy, 20), None),
            (samples(10, 1, Approved, &DefaultPolicy, 20), None),
            (samples(10, 2, Approved, &DefaultPolicy, 600), None),
            (samples(10, 2, Approved, &AgentRequested, 20), None),
            (samples(5, 1, Denied, &DefaultPolicy, 600), Some(SuggestionKind::Deny)),
            (samples(4, 1, Denied, &DefaultPolicy, 600), None),
            (samples(20, 2, Expired, &DefaultPolicy, 20), None),
            (
                [
                    samples(20, 2, Approved, &DefaultPolicy, 20),
                    samples(1, 1, Denied, &DefaultPolicy, 20),
                ]
                .concat(),
                None,
            ),
        ];
        for (samples, expected) in cases {
            let found = suggestions(&samples);
            assert_eq!(found.first().map(|s| s.kind), expected, "{:?}", samples.first());
            for suggestion in found {
                let file = SourceFile { name: "s.yaml".to_owned(), text: suggestion.yaml.clone() };
                let (documents, problems) = validate(&[file]);
                assert_eq!((documents, problems), (1, Vec::new()), "{}", suggestion.yaml);
            }
        }
    }

    #[test]
    fn what_reads_as_a_pattern_is_never_suggested() {
        let mut wide = samples(10, 2, Status::Approved, &ReasonCode::DefaultPolicy, 20);
        for sample in &mut wide {
            sample.action = "stripe.**".into();
        }
        assert_eq!(suggestions(&wide), []);
    }
}
