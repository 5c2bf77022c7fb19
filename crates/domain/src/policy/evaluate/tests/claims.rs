//! What an agent says beside the facts makes nothing looser.
//!
//! One policy speaks of facts only: who the agent is, what it wants to do, and with which parameters. The agent may
//! say anything else: another tool, context, a cost, a task, other separators, further parameters.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::Money;
use crate::approval::Requirements;
use crate::policy::document::parse::{SourceFile, read};
use crate::policy::fixtures::Matter;
use crate::policy::{Decision, Parts, Quantity, Rulebook, Verdict, evaluate};

/// Rules on facts, of each kind.
const POLICY: &str = "\
kind: Agent
name: support-bot
manifest:
  actions: ['stripe.**', 'crm.**']
  requires_approval: ['crm.delete.*']
  amount: {param: amount, cap: 5000, escalate_above: 2000}
  counterparty: {param: customer, blocked: [evil], escalate_new: true}
---
kind: Policy
name: refunds
default: deny
rules:
  - {name: small, actions: ['stripe.refund.*'], when: params.amount <= 100, verdict: allow}
  - name: large
    actions: ['stripe.refund.*']
    when: params.amount > 100
    verdict: escalate
    risk: high
    approval: {stages: [{name: finance, groups: [finance], need: 2}], assurance: step_up}
  - {name: often, actions: ['**'], when: history.day >= 3, verdict: deny}
  - {name: by-name, actions: ['**'], when: action == 'crm.purge', verdict: deny}
  - {name: reading, actions: ['crm.read.*', 'crm.delete.*', 'crm.purge'], verdict: allow}
---
kind: Budget
name: runs
scope: {actions: ['stripe.**'], per: [action]}
unit: actions
limit: 5
window: day
---
kind: Tool
name: refunder
action: stripe.refund.*
sensitive: false
risk: medium
input_schema: {type: object, required: [amount], properties: {amount: {type: number}}}
---
kind: Tool
name: reader
action: crm.read.*
annotations: {read_only: true}
---
kind: Grant
name: easy
agents: ['*']
actions: ['crm.delete.*']
limit: {uses: 3, window: day}
risk_at_most: low
";

fn rulebook() -> Rulebook {
    let file = SourceFile { name: "policy.yaml".to_owned(), text: POLICY.to_owned() };
    let reading = read(&[file]);
    assert_eq!(reading.problems, []);
    let documents = reading.documents.into_iter().map(|written| written.document).collect();
    Rulebook::compile(Parts { documents, ..Parts::default() }).unwrap()
}

/// The facts: what is to run.
fn facts() -> impl Strategy<Value = (&'static str, Value)> {
    let action = prop::sample::select(vec![
        "stripe.refund.small",
        "stripe.refund.large",
        "stripe.payout",
        "crm.read.one",
        "crm.delete.one",
        "crm.purge",
        "billing.pay",
    ]);
    let amount = prop_oneof![
        Just(json!(50)),
        Just(json!(100)),
        Just(json!(101)),
        Just(json!(2500)),
        Just(json!(6000)),
        Just(json!("lots"))
    ];
    let customer = prop::sample::select(vec!["cus_1", "evil", "new"]);
    (action, amount, customer).prop_map(|(action, amount, customer)| {
        (action, json!({"amount": amount, "customer": customer}))
    })
}

/// What the agent says beside them.
#[derive(Debug, Clone)]
struct Claims {
    tool: Option<&'static str>,
    context: Value,
    cost: (&'static str, u64, bool),
    task: Option<&'static str>,
    colons: [bool; 3],
    more: Vec<(&'static str, Value)>,
}

fn claims() -> impl Strategy<Value = Claims> {
    let tool = prop::option::of(prop::sample::select(vec![
        "refunder",
        "reader",
        "unheard-of",
        "Refunder",
        "",
    ]));
    let said = || {
        prop::sample::select(vec![
            json!("low"),
            json!(true),
            json!(0),
            json!(null),
            json!([1]),
            json!({"amount": 1}),
        ])
    };
    let word = || {
        prop::sample::select(vec![
            "risk",
            "approved_by",
            "verdict",
            "approval_id",
            "status",
            "Amount",
            "amount ",
            "params.amount",
            "customer_id",
            "grant",
            "trust",
            "action",
            "tool",
            "cost",
            "a.b",
            "a/b",
        ])
    };
    let context = prop::collection::vec((word(), said()), 0..5).prop_map(|fields| {
        fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect::<serde_json::Map<_, _>>().into()
    });
    let cost = (
        prop::sample::select(vec!["0", "0.01", "5", "-5", "99999999999999"]),
        prop::sample::select(vec![0, 1, u64::MAX]),
        any::<bool>(),
    );
    let task = prop::option::of(prop::sample::select(vec!["T-1", "", "a/b", "%2F"]));
    let more = prop::collection::vec((word(), said()), 0..4);
    (tool, context, cost, task, any::<[bool; 3]>(), more).prop_map(
        |(tool, context, cost, task, colons, more)| Claims {
            tool,
            context,
            cost,
            task,
            colons,
            more,
        },
    )
}

fn claimed((action, params): &(&str, Value), claims: &Claims) -> Matter {
    let mut separators = claims.colons.iter();
    let respelt: String = action
        .chars()
        .map(|c| if c == '.' && separators.next() == Some(&true) { ':' } else { c })
        .collect();
    let mut params = params.clone();
    for (key, value) in &claims.more {
        params[*key] = value.clone();
    }
    let mut matter = Matter::new(&respelt, params).costing(claims.cost.0);
    (matter.cost.tokens, matter.cost.estimate) = (claims.cost.1, claims.cost.2);
    matter.context = serde_json::from_value(claims.context.clone()).unwrap();
    matter.task = claims.task.map(str::to_owned);
    match claims.tool {
        Some(tool) => matter.with_tool(tool),
        None => matter,
    }
}

const fn strictness(verdict: &Verdict) -> u8 {
    match verdict.decision {
        Decision::Allow => 0,
        Decision::Escalate => 1,
        Decision::Deny => 2,
    }
}

/// Whether everything that one demands of people the other demands as well.
fn demands_as_much(one: &Requirements, other: &Requirements) -> bool {
    let stages = one.stages.iter().all(|stage| {
        other
            .stages
            .iter()
            .any(|s| s.groups == stage.groups && s.people == stage.people && s.need >= stage.need)
    });
    stages
        && other.assurance >= one.assurance
        && other.self_approval <= one.self_approval
        && (one.relayed || !other.relayed)
        && other.use_within <= one.use_within
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn what_an_agent_says_beside_the_facts_makes_nothing_looser(
        facts in facts(),
        claims in claims(),
        used in 0..7_i64,
    ) {
        let book = rulebook();
        let plain = Claims { tool: None, context: json!({}), cost: ("0", 0, false), task: None, colons: [false; 3], more: Vec::new() };
        let judged = |claims: &Claims, counters: Option<&Matter>| {
            let mut matter = claimed(&facts, claims);
            matter.counters = counters.map_or_else(
                || {
                    let stands = Quantity::of(Money(used.into())).unwrap();
                    let needed = book.counters(&matter.question());
                    needed.into_iter().map(|counter| (counter, stands)).collect()
                },
                |before| before.counters.clone(),
            );
            let verdict = evaluate(&matter.question(), &book);
            (verdict, matter)
        };
        let (by_facts, matter) = judged(&plain, None);
        // What was counted under the plain spelling is what the other one finds as well.
        let (by_claims, _) = judged(&claims, Some(&matter));
        prop_assert!(strictness(&by_claims) >= strictness(&by_facts), "{:#?}\n{:#?}", by_facts.trace, by_claims.trace);
        prop_assert!(by_claims.risk_floor >= by_facts.risk_floor || by_claims.decision == Decision::Deny, "{:#?}", by_claims.trace);
        if by_claims.decision == Decision::Escalate && by_facts.decision == Decision::Escalate {
            prop_assert!(demands_as_much(&by_facts.requirements, &by_claims.requirements), "{:#?}\n{:#?}", by_facts.requirements, by_claims.requirements);
        }
    }
}
