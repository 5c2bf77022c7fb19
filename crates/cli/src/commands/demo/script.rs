//! What the agents of the demo want, and how they go on.

use countersign_domain::approval::{Cost, SuggestedResponse};
use countersign_wire::Object;
use countersign_wire::approvals::AskRequest;
use countersign_wire::checks::CheckRequest;
use serde_json::{Value, json};

/// One agent and what it wants, again and again.
pub(super) struct Script {
    /// Its name.
    pub(super) agent: &'static str,
    /// What it wants, in turn.
    pub(super) wishes: Vec<Wish>,
}

/// One thing that an agent wants.
pub(super) struct Wish {
    /// How it asks.
    pub(super) call: Call,
    /// What it answers to a question.
    pub(super) explanation: &'static str,
    /// What it does on a yes.
    pub(super) work: &'static str,
}

/// How an agent asks.
pub(super) enum Call {
    /// May this run? Policy answers, and asks a person where it has to.
    Check(Box<CheckRequest>),
    /// A person, please.
    Ask(Box<AskRequest>),
}

/// Every script.
pub(super) fn all() -> Vec<Script> {
    vec![support(), deploy(), ops()]
}

fn support() -> Script {
    let read = check("crm.read.customer", json!({"customer_id": "cus_81"}));
    let refund = CheckRequest {
        context: object(
            json!({"order": "1047", "complaint": "arrived broken", "customer_since": 2019}),
        ),
        ..check(
            "stripe.refund",
            json!({"customer": "A. Lee", "amount": 240, "currency": "EUR", "api_key": "sk_live_demo_0000"}),
        )
    };
    let explanation = "order 1047 arrived broken; the customer sent photographs";
    Script {
        agent: "support-bot",
        wishes: vec![
            Wish {
                call: Call::Check(Box::new(read)),
                explanation,
                work: "reads the customer's file",
            },
            Wish { call: Call::Check(Box::new(refund)), explanation, work: "pays the refund" },
        ],
    }
}

fn deploy() -> Script {
    let delete = check("k8s:delete:namespace", json!({"namespace": "production"}));
    let ship = CheckRequest {
        context: object(json!({"tests": "412 passed", "commit": "9f2c1ab"})),
        ..check(
            "k8s:deploy",
            json!({"image": "app:v2.0.0", "namespace": "production", "replicas": 6}),
        )
    };
    let explanation = "it is the release that was announced for today";
    Script {
        agent: "deploy-bot",
        wishes: vec![
            Wish { call: Call::Check(Box::new(ship)), explanation, work: "rolls the release out" },
            Wish {
                call: Call::Check(Box::new(delete)),
                explanation,
                work: "deletes the namespace",
            },
        ],
    }
}

fn ops() -> Script {
    let ask = AskRequest {
        action: "Delete the old staging database".to_owned(),
        reasoning: Some("Nobody has connected to it for 90 days.".to_owned()),
        cost: Some(Cost { note: Some("saves 61 USD a month".to_owned()), ..Cost::default() }),
        side_effects: vec!["backups older than 30 days go with it".to_owned()],
        if_denied: Some("it stays, and costs 61 USD a month".to_owned()),
        params: object(json!({"database": "staging-2023", "keep_snapshot": true})),
        task_id: Some("clean-up-7".to_owned()),
        responses: vec![SuggestedResponse {
            name: "later".to_owned(),
            title: Some("Not this week".to_owned()),
            text: Some("keep it until the migration is done".to_owned()),
        }],
        ..AskRequest::default()
    };
    let explanation = "the last connection was on the day the new one went live";
    Script {
        agent: "ops-bot",
        wishes: vec![Wish {
            call: Call::Ask(Box::new(ask)),
            explanation,
            work: "deletes the database",
        }],
    }
}

fn check(action: &str, params: Value) -> CheckRequest {
    CheckRequest { action: action.to_owned(), params: object(params), ..CheckRequest::default() }
}

fn object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        _ => Object::new(),
    }
}
