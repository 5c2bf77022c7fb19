//! Recorded checks, judged again by changed documents.

use serde_json::json;

use super::Harness;

const CHANGED: &str = "\
kind: Policy
name: refunds
rules:
  - name: small
    actions: [stripe.refund]
    when: params.amount <= 100
    verdict: allow
  - name: never
    actions: [crm.delete]
    verdict: deny
---
kind: Budget
name: few
scope: {actions: [stripe.refund]}
unit: actions
limit: 3
window: day
";

#[tokio::test]
async fn a_replay_shows_what_would_differ_and_changes_nothing() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.permits(&agent, "crm.*", "allow").await;
    for amount in 1..=5 {
        agent.checks("stripe.refund", amount).await;
    }
    agent.checks("stripe.refund", 101).await;
    agent.checks("crm.delete", 1).await;
    agent.checks("crm.read", 1).await;
    let head =
        || async { h.admin.gets("audit?newest=true&limit=1").await["items"][0]["seq"].clone() };
    let before = head().await;
    let files = json!([{"name": "p.yaml", "text": CHANGED}]);
    let body = json!({"files": files, "since": "1d"});
    let replayed = h.admin.posts("policies/replay", body.clone()).await;
    assert_eq!((&replayed["judged"], &replayed["same"]), (&json!(8), &json!(1)));
    let groups: Vec<_> = replayed["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| {
            json!([group["from"], group["to"], group["action"], group["rule"], group["count"]])
        })
        .collect();
    assert!(
        groups.contains(&json!(["escalate", "allow", "stripe.refund", "refunds/small", 3])),
        "{groups:?}"
    );
    assert!(
        groups.contains(&json!(["allow", "deny", "crm.delete", "refunds/never", 1])),
        "{groups:?}"
    );
    let over =
        replayed["differences"].as_array().unwrap().iter().find(|g| g["rule"] == "BUDGET_EXCEEDED");
    assert_eq!(over.unwrap()["count"], 3, "from the fourth on they are over the simulated budget");
    assert_eq!(replayed["differences"][0]["examples"][0]["params"], json!({"amount": 1}));
    assert_eq!(head().await, before, "nothing was recorded");
    assert_eq!(h.admin.gets("policies").await["items"], json!([]));
    assert_eq!(replayed["changed"], 7);
    h.applies(CHANGED).await;
    let applied = h.admin.posts("policies/replay", body.clone()).await;
    assert_eq!((&applied["changed"], &applied["same"]), (&json!(0), &json!(1)), "{applied:#}");
    let groups = applied["differences"].as_array().unwrap();
    assert!(groups.iter().all(|group| group["in_force"] == group["to"]), "{groups:#?}");
    h.passes("PT48H").await;
    assert_eq!(h.admin.posts("policies/replay", body.clone()).await["judged"], 0);
    assert_eq!(agent.is_refused("policies/replay", body).await, (403, "people_only".into()));
}

const IN_FORCE: &str = "\
{kind: Defaults, use_within: 48h, expires_in: 48h}
---
kind: Agent
name: support
manifest:
  actions: ['**']
  rate: {per_hour: 20}
---
kind: Policy
name: refunds
rules:
  - {name: small, actions: [stripe.refund], when: params.amount <= 10, verdict: allow}
  - {name: large, actions: [stripe.refund], when: params.amount > 10, verdict: escalate}
  - {name: image, actions: [image.generate], verdict: escalate}
  - {name: often, actions: [mail.send], when: history.day >= 2, verdict: deny}
  - {name: mail, actions: [mail.send], verdict: allow}
---
kind: Budget
name: daily
scope: {actions: ['stripe.**']}
unit: usd
limit: 100
window: day
---
kind: Grant
name: images
agents: [support]
actions: [image.generate]
limit: {uses: 2, window: day}
";

fn refund(amount: u32, usd: &str) -> serde_json::Value {
    json!({"action": "stripe.refund", "params": {"amount": amount}, "cost": {"usd": usd}})
}

/// What was allowed by people, corrected, repeated, edited and asked for without a rule comes to the same when it is
/// judged again by what was in force: every difference would be one that is not there.
#[tokio::test]
async fn judged_again_by_the_same_documents_everything_comes_to_the_same() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.applies(IN_FORCE).await;
    let verdict = |answer: &serde_json::Value| answer["verdict"].as_str().unwrap().to_owned();
    let approval = |answer: &serde_json::Value| answer["approval_id"].as_str().unwrap().to_owned();
    let checks = async |body: serde_json::Value| agent.posts("checks", body).await;

    // Asked three times, approved, used by the fourth, reported to be much cheaper.
    let asked = checks(refund(50, "90")).await;
    for _ in 0..2 {
        assert_eq!(approval(&checks(refund(50, "90")).await), approval(&asked));
    }
    h.admin.approves(&approval(&asked)).await;
    assert_eq!(checks(refund(50, "90")).await["reason_code"], "APPROVED");
    let result = json!({"status": "succeeded", "cost": {"usd": "5"}});
    agent.posts(&format!("approvals/{}/result", approval(&asked)), result).await;
    // Without the correction this would be over the budget.
    assert_eq!(verdict(&checks(refund(1, "60")).await), "allow");
    // It was dearer than estimated, and so the next is over.
    let report =
        json!({"action": "stripe.refund", "cost": {"usd": "80"}, "estimate": {"usd": "60"}});
    agent.posts("costs", report).await;
    assert_eq!(verdict(&checks(refund(2, "20")).await), "deny");

    // An edit makes it cheaper; it runs on the day after, and counts there.
    let asked = checks(refund(60, "15")).await;
    assert_eq!(verdict(&asked), "escalate");
    let edits = json!({"edits": {"cost.usd": 10}});
    h.admin.posts(&format!("approvals/{}/approve", approval(&asked)), edits).await;
    // A wish is answered by a grant, and repeated by a check while people are asked for another.
    let wish = json!({"action": "image.generate", "params": {"n": 1}, "risk": "medium"});
    assert_eq!(agent.posts("approvals", wish).await["answered_by"], "auto:trust_budget");
    let wish = json!({"action": "stripe.refund", "params": {"amount": 7}, "cost": {"usd": "1"}});
    let wished = super::harness::id(&agent.posts("approvals", wish).await);
    assert_eq!(approval(&checks(refund(7, "1")).await), wished, "policy alone would allow it");
    h.passes("PT16H").await;
    let edited = refund(60, "10");
    assert_eq!(checks(edited).await["reason_code"], "APPROVED");
    assert_eq!(verdict(&checks(refund(3, "95")).await), "deny", "the edited one counts today");
    assert_eq!(verdict(&checks(refund(3, "90")).await), "allow");

    // Two images by the grant, and then a person.
    for (n, expected) in [(2, "allow"), (3, "allow"), (4, "escalate")] {
        let image = json!({"action": "image.generate", "params": {"n": n}});
        assert_eq!(verdict(&checks(image).await), expected, "{n}");
    }
    for expected in ["allow", "allow", "deny"] {
        let mail = json!({"action": "mail.send", "params": {}});
        assert_eq!(verdict(&checks(mail).await), expected);
    }

    let files = json!([{"name": "p.yaml", "text": IN_FORCE}]);
    let replayed = h.admin.posts("policies/replay", json!({"files": files, "since": "7d"})).await;
    assert_eq!(replayed["differences"], json!([]), "{replayed:#}");
    assert_eq!(replayed["judged"], replayed["same"]);
    assert!(replayed["judged"].as_u64().unwrap() >= 14, "{replayed}");
}

/// The same when the rate is reached by checks that used a yes.
#[tokio::test]
async fn what_used_a_yes_was_asked_as_well() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let rated = "{kind: Agent, name: support, manifest: {actions: ['**'], rate: {per_hour: 3}}}";
    h.applies(rated).await;
    let asked = agent.checks("stripe.refund", 1).await;
    h.admin.approves(asked["approval_id"].as_str().unwrap()).await;
    assert_eq!(agent.checks("stripe.refund", 1).await["reason_code"], "APPROVED");
    agent.checks("stripe.refund", 2).await;
    assert_eq!(agent.checks("stripe.refund", 3).await["reason_code"], "RATE_LIMIT_EXCEEDED");
    let body = json!({"files": [{"name": "p.yaml", "text": rated}], "since": "1d"});
    assert_eq!(h.admin.posts("policies/replay", body).await["differences"], json!([]));
}

/// What repeats a question that nobody would have been asked is no difference of its own.
#[tokio::test]
async fn a_question_that_was_repeated_while_people_were_asked_differs_once() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    for _ in 0..5 {
        agent.checks("stripe.refund", 1).await;
    }
    let changed = "{kind: Policy, name: p, rules: [{name: all, actions: ['**'], verdict: allow}]}\n---\n\
                   {kind: Budget, name: few, unit: actions, limit: 2, window: day}";
    let body = json!({"files": [{"name": "p.yaml", "text": changed}], "since": "1d"});
    let replayed = h.admin.posts("policies/replay", body).await;
    let groups = replayed["differences"].as_array().unwrap();
    let group = |group: &serde_json::Value| json!([group["from"], group["to"], group["count"]]);
    assert_eq!(groups.iter().map(group).collect::<Vec<_>>(), [json!(["escalate", "allow", 1])]);
    assert_eq!(replayed["left_out"], 4);
}

/// Asking makes nobody known, running does; and judged again it comes to the same.
#[tokio::test]
async fn what_was_only_asked_is_still_new() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let policy = "\
kind: Policy
name: exports
rules:
  - {name: new, actions: [crm.export], when: history.first_seen, verdict: escalate}
  - {name: known, actions: [crm.export], verdict: allow}
";
    h.applies(policy).await;
    let mut asked = String::new();
    for amount in [1, 1, 2, 3] {
        let answer = agent.checks("crm.export", amount).await;
        assert_eq!(answer["verdict"], "escalate", "{answer}");
        asked = answer["approval_id"].as_str().unwrap().to_owned();
    }
    h.admin.approves(&asked).await;
    assert_eq!(agent.checks("crm.export", 4).await["verdict"], "escalate", "nothing ran yet");
    assert_eq!(agent.checks("crm.export", 3).await["reason_code"], "APPROVED");
    assert_eq!(agent.checks("crm.export", 5).await["verdict"], "allow");
    assert_eq!(agent.checks("CRM:Export", 6).await["verdict"], "allow", "the same action");
    let body = json!({"files": [{"name": "p.yaml", "text": policy}], "since": "1d"});
    let replayed = h.admin.posts("policies/replay", body).await;
    assert_eq!(replayed["differences"], json!([]), "{replayed:#}");
    assert_eq!(replayed["judged"], replayed["same"]);
}
