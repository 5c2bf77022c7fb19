//! Made-up worlds: documents, permissions, and checks in them.

use proptest::prelude::*;
use serde_json::{Value, json};
use ulid::Ulid;

use super::reference::World;
use crate::policy::document::Document;
use crate::policy::fixtures::Matter;
use crate::policy::{Effect, Permission, Purpose};
use crate::{AgentId, Settings};

fn one_of(values: &'static [&'static str]) -> impl Strategy<Value = Value> {
    prop::sample::select(values).prop_map(Value::from)
}

fn patterns() -> impl Strategy<Value = Value> {
    let all = &[
        "**",
        "stripe.*",
        "stripe.**",
        "stripe.refund",
        "crm.*",
        "*.refund",
        "**.large",
        "crm.read",
    ];
    prop::collection::vec(one_of(all), 1..3).prop_map(Value::from)
}

fn agents() -> impl Strategy<Value = Value> {
    let all = &["support-bot", "support-*", "*", "sales-bot", "*-bot"];
    prop::collection::vec(one_of(all), 1..3).prop_map(Value::from)
}

/// A field that is often absent.
fn maybe<S: Strategy<Value = Value>>(name: &'static str, value: S) -> impl Strategy<Value = Value> {
    prop_oneof![2 => Just(json!({})), 1 => value.prop_map(move |value| json!({name: value}))]
}

fn all(fields: Vec<BoxedStrategy<Value>>) -> impl Strategy<Value = Value> {
    fields.prop_map(|fields| {
        let objects = fields.into_iter().filter_map(|field| field.as_object().cloned());
        Value::Object(objects.flatten().collect())
    })
}

fn when() -> impl Strategy<Value = Value> {
    one_of(&[
        "params.amount > 100",
        "has(params.vip)",
        "history.total >= 2",
        "history.first_seen",
        "cost.usd < 5.5",
    ])
}

fn risk() -> impl Strategy<Value = Value> {
    one_of(&["low", "medium", "high", "critical"])
}

fn demand() -> impl Strategy<Value = Value> {
    let stage = (one_of(&["finance", "security"]), 1..4_u8)
        .prop_map(|(group, need)| json!({"name": group, "groups": [group], "need": need}));
    let timeout = prop_oneof![
        Just(json!("deny")),
        Just(json!("keep")),
        Just(json!({"escalate": [{"after": "2h", "groups": ["managers"]}]})),
        Just(
            json!({"escalate": [{"after": "2h", "groups": ["managers"]}, {"after": "1h", "people": ["ana@example.com"]}]})
        ),
    ];
    all(vec![
        maybe("stages", prop::collection::vec(stage, 1..3).prop_map(Value::from)).boxed(),
        maybe("expires_in", one_of(&["1h", "4h", "48h"])).boxed(),
        maybe("use_within", one_of(&["10m", "4h"])).boxed(),
        maybe("on_timeout", timeout).boxed(),
        maybe("assurance", one_of(&["session", "channel", "step_up"])).boxed(),
        maybe("relayed", any::<bool>().prop_map(Value::from)).boxed(),
        maybe("self_approval", risk()).boxed(),
        maybe("grants", any::<bool>().prop_map(Value::from)).boxed(),
        maybe("notify", Just(json!(["slack"]))).boxed(),
    ])
}

fn rule() -> impl Strategy<Value = Value> {
    let rule = all(vec![
        one_of(&["allow", "escalate", "escalate", "deny"])
            .prop_map(|v| json!({"verdict": v}))
            .boxed(),
        maybe("actions", patterns()).boxed(),
        maybe("agents", agents()).boxed(),
        maybe("tools", one_of(&["mailer", "Ma*", "reader"]).prop_map(|tool| json!([tool]))).boxed(),
        maybe("trust_at_most", one_of(&["untrusted", "standard"])).boxed(),
        maybe("when", when()).boxed(),
        maybe("reason_code", one_of(&["OWN_CODE", "AMOUNT_THRESHOLD"])).boxed(),
        maybe("risk", risk()).boxed(),
    ]);
    (rule, maybe("approval", demand())).prop_map(|(mut rule, approval)| {
        if rule["verdict"] == "escalate"
            && let Some(approval) = approval.get("approval")
        {
            rule["approval"] = approval.clone();
        }
        rule
    })
}

fn named(
    kind: &'static str,
    documents: impl Strategy<Value = Value>,
) -> impl Strategy<Value = Vec<Document>> {
    prop::collection::vec(documents, 0..3).prop_map(move |documents| {
        let named = documents.into_iter().enumerate().map(|(n, mut document)| {
            document["kind"] = json!(kind);
            if document.get("name").is_none() {
                document["name"] = json!(format!("{}-{n}", kind.to_lowercase()));
            }
            serde_json::from_value(document).unwrap()
        });
        named.collect()
    })
}

fn policy() -> impl Strategy<Value = Value> {
    let default = maybe("default", one_of(&["allow", "escalate", "deny"]));
    (default, prop::collection::vec(rule(), 0..4)).prop_map(|(mut policy, mut rules)| {
        for (n, rule) in rules.iter_mut().enumerate() {
            rule["name"] = json!(format!("rule-{n}"));
        }
        policy["rules"] = Value::from(rules);
        policy
    })
}

fn manifest() -> impl Strategy<Value = Value> {
    let amount = (one_of(&["amount", "total"]), 0..300_u32, 0..300_u32).prop_map(
        |(param, cap, above)| json!({"param": param, "cap": cap, "escalate_above": above}),
    );
    let side = all(vec![
        Just(json!({"param": "customer"})).boxed(),
        any::<bool>().prop_map(|new| json!({"escalate_new": new})).boxed(),
        maybe("blocked", Just(json!(["EVIL"]))).boxed(),
        maybe("allowed", Just(json!(["cus_1", "evil"]))).boxed(),
    ]);
    let hours = (one_of(&["mon-fri", "sat,sun", "all", "fri-sat"]), one_of(&["08:00", "22:00", "00:00"]),
        one_of(&["20:00", "06:00", "08:00"]), one_of(&["UTC", "Asia/Tokyo"]))
        .prop_map(|(days, from, to, zone)| json!({"days": days, "from": from, "to": to, "timezone": zone}));
    let rate = all(vec![
        maybe("per_hour", (0..4_u8).prop_map(Value::from)).boxed(),
        maybe("per_day", (0..6_u8).prop_map(Value::from)).boxed(),
        maybe("every", one_of(&["1s", "10m"])).boxed(),
    ]);
    all(vec![
        prop_oneof![4 => Just(json!(["**"])).boxed(), 1 => patterns().boxed()]
            .prop_map(|a| json!({"actions": a}))
            .boxed(),
        maybe("requires_approval", patterns()).boxed(),
        maybe("tools", Just(json!(["ma*"]))).boxed(),
        maybe("amount", amount).boxed(),
        maybe("counterparty", side).boxed(),
        maybe("hours", hours).boxed(),
        maybe("rate", rate).boxed(),
        prop_oneof![9 => Just(json!({})), 1 => Just(json!({"status": "inactive"}))].boxed(),
    ])
}

fn agent() -> impl Strategy<Value = Value> {
    all(vec![
        Just(json!({"name": "support-bot"})).boxed(),
        maybe("manifest", manifest()).boxed(),
        prop_oneof![9 => Just(json!({})), 1 => Just(json!({"status": "inactive"}))].boxed(),
    ])
}

fn budget() -> impl Strategy<Value = Value> {
    let scope = all(vec![
        maybe("agents", agents()).boxed(),
        maybe("actions", patterns()).boxed(),
        maybe("tasks", Just(json!(["T-*"]))).boxed(),
        maybe(
            "per",
            prop::sample::subsequence(vec!["task", "action", "agent"], 1..3).prop_map(|p| json!(p)),
        )
        .boxed(),
    ]);
    all(vec![
        scope.prop_map(|scope| json!({"scope": scope})).boxed(),
        one_of(&["actions", "usd", "tokens"]).prop_map(|unit| json!({"unit": unit})).boxed(),
        (0..30_u32).prop_map(|limit| json!({"limit": limit})).boxed(),
        one_of(&["hour", "day", "total"]).prop_map(|window| json!({"window": window})).boxed(),
        maybe("escalate_at", one_of(&["50%", "90%", "100%"])).boxed(),
    ])
}

fn grant() -> impl Strategy<Value = Value> {
    let limit = (prop::option::of(0..6_u32), 0..20_u32, one_of(&["hour", "day", "total"]));
    let limit = limit.prop_map(|(uses, usd, window)| match (uses, usd % 2) {
        (Some(uses), 0) => json!({"uses": uses, "window": window}),
        (Some(uses), _) => json!({"uses": uses, "usd": usd, "window": window}),
        (None, _) => json!({"usd": usd, "window": window}),
    });
    all(vec![
        agents().prop_map(|agents| json!({"agents": agents})).boxed(),
        patterns().prop_map(|actions| json!({"actions": actions})).boxed(),
        limit.prop_map(|limit| json!({"limit": limit})).boxed(),
        maybe("risk_at_most", one_of(&["low", "medium", "high"])).boxed(),
        maybe("when", when()).boxed(),
        maybe("expires_at", one_of(&["2026-11-21T11:30:00Z", "2027-01-01T00:00:00Z"])).boxed(),
    ])
}

fn tool() -> impl Strategy<Value = Value> {
    let schema = json!({"type": "object", "required": ["amount"], "properties": {"amount": {"type": "number"}}});
    all(vec![
        one_of(&["stripe.*", "crm.read", "**"])
            .prop_map(|action| json!({"action": action}))
            .boxed(),
        maybe("sensitive", any::<bool>().prop_map(Value::from)).boxed(),
        maybe("risk", risk()).boxed(),
        maybe("annotations", any::<bool>().prop_map(|only| json!({"read_only": only}))).boxed(),
        maybe("input_schema", Just(schema)).boxed(),
        prop_oneof![9 => Just(json!({})), 1 => Just(json!({"status": "inactive"}))].boxed(),
    ])
}

fn tools() -> impl Strategy<Value = Vec<Document>> {
    prop::collection::vec(tool(), 0..3).prop_map(|tools| {
        let names = ["mailer", "reader", "other"];
        let documents = tools.into_iter().zip(names).map(|(mut tool, name)| {
            (tool["kind"], tool["name"]) = (json!("Tool"), json!(name));
            serde_json::from_value(tool).unwrap()
        });
        documents.collect()
    })
}

fn permission() -> impl Strategy<Value = Permission> {
    let effect = prop::sample::select(vec![
        Effect::Allow,
        Effect::Allow,
        Effect::RequiresApproval,
        Effect::Deny,
    ]);
    let pattern = prop::sample::select(vec!["stripe.*", "**", "crm.read", "other"]);
    (pattern, effect, prop::option::of(0..300_i64)).prop_map(|(pattern, effect, most)| Permission {
        agent: AgentId::new(Ulid(1)),
        pattern: pattern.parse().unwrap(),
        effect,
        max_amount: most.map(|most| crate::Money(most.into())),
    })
}

pub fn world() -> impl Strategy<Value = World> {
    let documents = (
        named("Agent", agent()).prop_map(|agents| agents.into_iter().take(1).collect::<Vec<_>>()),
        named("Policy", policy()),
        named("Budget", budget()),
        named("Grant", grant()),
        tools(),
    );
    let risk = || prop::sample::select(crate::approval::Risk::ALL.to_vec());
    let risks = (prop::option::of(risk()), risk());
    (documents, prop::collection::vec(permission(), 0..2), risks).prop_map(
        |(
            (agents, policies, budgets, grants, tools),
            permissions,
            (self_approval, unrated_risk),
        )| World {
            settings: Settings { self_approval, unrated_risk, ..Settings::default() },
            permissions,
            documents: [agents, policies, budgets, grants, tools].concat(),
        },
    )
}

/// A world in which everything depends on budgets and grants.
pub fn counted_world() -> impl Strategy<Value = World> {
    let policy = one_of(&["allow", "allow", "escalate"])
        .prop_map(|default| json!({"kind": "Policy", "name": "default", "default": default}));
    let policy = policy.prop_map(|policy| vec![serde_json::from_value(policy).unwrap()]);
    (policy, named("Budget", budget()), named("Grant", grant())).prop_map(
        |(policy, budgets, grants)| World {
            settings: Settings::default(),
            permissions: Vec::new(),
            documents: [policy, budgets, grants].concat(),
        },
    )
}

pub fn matter() -> impl Strategy<Value = Matter> {
    let action = prop::sample::select(vec![
        "stripe.refund",
        "stripe.refund.large",
        "crm.read",
        "Stripe.REFUND",
    ]);
    let amount = prop_oneof![
        4 => (0..300_u32).prop_map(Value::from), 1 => Just(json!(100.5)), 1 => Just(json!("99.99")),
        1 => Just(json!(-5)), 1 => Just(json!("lots")), 1 => Just(Value::Null),
    ];
    let params = all(vec![
        prop_oneof![4 => amount.clone().prop_map(|a| json!({"amount": a})).boxed(), 1 => Just(json!({})).boxed()].boxed(),
        maybe("total", amount).boxed(),
        maybe("vip", Just(json!(true))).boxed(),
        prop_oneof![3 => one_of(&["cus_1", "evil", "Evil", " "]).prop_map(|c| json!({"customer": c})).boxed(), 1 => Just(json!({})).boxed()].boxed(),
    ]);
    let tool = prop::option::of(prop::sample::select(vec![
        "mailer",
        "reader",
        "unheard-of",
        "Mailer",
        "rnai1er",
    ]));
    let cost = prop::sample::select(vec![
        ("0", 0),
        ("0", 7),
        ("2.5", 0),
        ("5.5", 3),
        ("12", 0),
        ("-3", 0),
    ]);
    let task = prop::option::of(prop::sample::select(vec!["T-1", "other"]));
    let trust = prop::sample::select(vec!["untrusted", "standard", "trusted"]);
    let hour = 0..48_i64;
    (action, params, tool, cost, task, trust, hour, any::<bool>()).prop_map(
        |(action, params, tool, (usd, tokens), task, trust, hour, asked)| {
            let mut matter = Matter::new(action, params).costing(usd);
            if let Some(tool) = tool {
                matter = matter.with_tool(tool);
            }
            matter.cost.tokens = tokens;
            matter.task = task.map(str::to_owned);
            matter.agent.trust = serde_json::from_value(json!(trust)).unwrap();
            matter.now += jiff::SignedDuration::from_hours(hour);
            matter.purpose = if asked { Purpose::Ask } else { Purpose::Use };
            matter
        },
    )
}
