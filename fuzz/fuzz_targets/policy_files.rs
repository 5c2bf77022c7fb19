//! Policy files: no text makes reading, checking or compiling them panic or stall, every problem says something, and
//! whatever compiles answers every check with a reason. `cargo xtask verify --only fuzz` runs it for a while.

#![no_main]

use std::collections::HashMap;

use countersign_domain::approval::{Cost, Proposal};
use countersign_domain::identity::{Agent, AgentStatus, Trust};
use countersign_domain::json::Object;
use countersign_domain::policy::document::Document;
use countersign_domain::policy::document::parse::{Severity, SourceFile, read};
use countersign_domain::policy::document::plan::validate;
use countersign_domain::policy::{
    Counter, Decision, Parts, Purpose, Quantity, Question, Rulebook, evaluate,
};
use countersign_domain::{AgentId, OrgId, Revision};
use libfuzzer_sys::fuzz_target;
use serde_json::json;

fuzz_target!(|text: &str| {
    let file = || SourceFile { name: "p.yaml".to_owned(), text: text.to_owned() };
    let reading = read(&[file()]);
    let (documents, problems) = validate(&[file()]);
    assert_eq!(documents, reading.documents.len());
    for problem in &problems {
        assert!(!problem.message.trim().is_empty(), "a problem says what is wrong");
    }
    let documents: Vec<Document> =
        reading.documents.into_iter().map(|written| written.document).collect();
    for document in &documents {
        let told = serde_json::to_value(document).expect("a document is told as JSON");
        let again: Document = serde_json::from_value(told).expect("and read from it");
        assert_eq!(again, *document, "and means the same");
    }
    let sound = problems.iter().all(|problem| problem.severity != Severity::Error);
    match Rulebook::compile(Parts { documents, ..Parts::default() }) {
        Ok(book) => answer(&book),
        Err(errors) => assert!(!sound, "what is found sound compiles: {errors:?}"),
    }
});

/// Asks a few things.
fn answer(book: &Rulebook) {
    let agent = agent();
    let counters = HashMap::<Counter, Quantity>::new();
    let context = Object::new();
    let cost = Cost::default();
    for action in ["stripe.refund", "crm:read", "a"] {
        let params =
            json!({"amount": 45, "customer": "c", "list": [1, 2], "to": {"country": "DE"}});
        let proposal = Proposal {
            org: OrgId::first(),
            agent: agent.id,
            action: action.parse().expect("an action"),
            tool: None,
            resource: None,
            params: serde_json::from_value(params).expect("an object"),
        };
        for purpose in [Purpose::Ask, Purpose::Use] {
            let question = Question {
                agent: &agent,
                proposal: &proposal,
                context: &context,
                cost: &cost,
                task: None,
                purpose,
                capability: None,
                now: "2026-11-21T11:30:00Z".parse().expect("a time"),
                counters: &counters,
            };
            let verdict = evaluate(&question, book);
            assert!(!verdict.reason.is_empty() && !verdict.trace.is_empty());
            assert!(verdict.decision != Decision::Deny || verdict.charges.is_empty());
            assert!(!verdict.requirements.stages.is_empty(), "nothing passes without a person");
        }
    }
}

fn agent() -> Agent {
    let id: AgentId = "agt_00000000000000000000000001".parse().expect("an id");
    Agent {
        id,
        revision: Revision::FIRST,
        name: "support-bot".to_owned(),
        version: String::new(),
        status: AgentStatus::Active,
        trust: Trust::Standard,
        owner: None,
        created_at: "2026-01-01T00:00:00Z".parse().expect("a time"),
    }
}
