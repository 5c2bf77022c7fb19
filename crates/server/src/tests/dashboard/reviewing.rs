//! What a reviewer is shown beside the request: what to look at, what is unusual, who is still missing, secrets by
//! their fingerprints.

use serde_json::{Value, json};

use super::text;
use crate::tests::Harness;
use crate::tests::harness::{Caller, id};

async fn asks(agent: &Caller, params: Value) -> String {
    let ask = json!({"action": "stripe.refund", "params": params, "risk": "medium", "reasoning": "because"});
    id(&agent.posts("approvals", ask).await)
}

async fn approved(h: &Harness, agent: &Caller, params: Value) {
    let id = asks(agent, params).await;
    h.admin.approves(&id).await;
}

#[tokio::test]
async fn what_is_unlike_what_was_approved_is_marked_and_only_approved_requests_make_it_usual() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    for (amount, account) in [(20, "DE1"), (30, "DE1"), (40, "DE2")] {
        approved(
            &h,
            &agent,
            json!({"amount": amount, "currency": "EUR", "account": account, "memo": "x"}),
        )
        .await;
    }
    for amount in [900, 901, 902] {
        asks(&agent, json!({"amount": amount, "currency": "EUR", "account": "XX9", "memo": "x"}))
            .await;
    }
    let odd =
        asks(&agent, json!({"amount": 120, "currency": "EUR", "account": "XX9", "rush": true}))
            .await;
    let usual =
        asks(&agent, json!({"amount": 35, "currency": "EUR", "account": "DE2", "memo": "x"})).await;
    let mut browser = h.signed_in().await;
    let seen = text(&browser.get(&format!("/approvals/{odd}")).await.body);
    for part in [
        "4× its median of 30",
        "first time this “account”",
        "no approved request had this",
        "It lacks what every approved request had: “memo”.",
        "Unlike what was approved before: “account” (first time this “account”), “amount” (4× its median of 30) and 1 more.",
        "120 “EUR”; approved before: 20 to 40 “EUR”, in the middle 30 “EUR”",
        "4 more like it wait now, with amounts of 2858 together: look at them together.",
        "Money: do amount, currency and receiver fit what caused it?",
    ] {
        assert!(seen.contains(part), "{part} in {seen}");
    }
    let seen = text(&browser.get(&format!("/approvals/{usual}")).await.body);
    for part in ["its median", "first time", "It lacks", "Unlike what"] {
        assert!(!seen.contains(part), "{part} in {seen}");
    }
}

#[tokio::test]
async fn what_to_look_at_is_made_by_the_gateway() {
    let h = Harness::start().await;
    let agent = h.agent("ops").await;
    let cases = [
        (
            json!({"action": "k8s:delete:namespace", "params": {"namespace": "production"}, "context": {}}),
            [
                "It takes something away",
                "It touches production: “namespace” is “production”.",
                "The agent does not say why",
                "It is the first of its kind",
            ],
        ),
        (
            json!({"action": "mail.send", "params": {"to": "a\u{200b}b", "url": "https://hooks.example/x"}, "on_behalf_of": "mia@example.com", "cost": {"usd": "3", "estimate": true}}),
            [
                "characters that hide, imitate or pad",
                "It says that it acts for “mia@example.com”; nobody verified that.",
                "It names addresses at “hooks.example”",
                "Others will read it",
            ],
        ),
    ];
    let mut browser = h.signed_in().await;
    for (ask, parts) in cases {
        let approval = id(&agent.posts("approvals", ask).await);
        let seen = text(&browser.get(&format!("/approvals/{approval}")).await.body);
        for part in parts {
            assert!(seen.contains(part), "{part} in {seen}");
        }
    }
}

#[tokio::test]
async fn a_lately_denied_kind_says_why_it_was() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let before = asks(&agent, json!({"amount": 1})).await;
    h.admin.denies(&before, "goods <b>were</b> not returned").await;
    let now = asks(&agent, json!({"amount": 2})).await;
    let seen = h.signed_in().await.get(&format!("/approvals/{now}")).await.body;
    assert!(
        super::framed(&seen)
            .contains("1 of the last 1 alike was denied; the last one: “goods &#60;b&#62;were"),
        "{seen}"
    );
}

#[tokio::test]
async fn the_first_of_two_yeses_says_what_is_still_needed_and_by_whom() {
    let h = Harness::start().await;
    h.admin
        .posts(
            "users",
            json!({"email": "ben@example.com", "role": "approver", "groups": ["security"]}),
        )
        .await;
    h.applies(
        "kind: Group\nname: finance\nmembers: [root@example.com]\n---\nkind: Policy\nname: p\nrules:\n  - name: two\n    \
         actions: [pay]\n    verdict: escalate\n    risk: medium\n    approval:\n      stages: [{name: money, groups: [finance], need: 1}, \
         {name: safety, groups: [security], need: 1}]\n",
    )
    .await;
    let agent = h.agent("payer").await;
    let approval = agent.posts("checks", json!({"action": "pay", "params": {"amount": 5}})).await;
    let approval = approval["approval_id"].as_str().unwrap().to_owned();
    let mut browser = h.signed_in().await;
    let seen = text(&browser.get(&format!("/approvals/{approval}")).await.body);
    for part in [
        "money 0 of 1 finance only root@example.com can",
        "safety 0 of 1 security only ben@example.com can",
        "After you: 1 more from security.",
        "If nobody answers in time, it expires and nothing runs.",
    ] {
        assert!(seen.contains(part), "{part} in {seen}");
    }
    let edit = [("edit.params.amount", "4")];
    let seen = text(&browser.post(&format!("/approvals/{approval}/edit"), &edit).await.body);
    let short =
        "Nobody is left who could agree to your version: money needs 1 yes, and none can be had";
    assert!(seen.contains(short), "{seen}");
    let evidence = [("notes", "fine"), ("evidence", "ticket 81")];
    let sent = browser.answers(&approval, "approve", &evidence).await;
    let seen = text(&browser.get(sent.location()).await.body);
    assert!(seen.contains("Your yes is kept; nothing runs before 1 more from security"), "{seen}");
    let seen = text(&browser.get(&format!("/approvals/{approval}")).await.body);
    for part in
        ["You have approved it; it waits for others.", "counts for money", "Evidence: ticket 81"]
    {
        assert!(seen.contains(part), "{part} in {seen}");
    }
}

#[tokio::test]
async fn whoever_proposes_another_version_is_told_that_it_is_no_yes() {
    let h = Harness::start().await;
    for email in ["ben@example.com", "cem@example.com"] {
        h.person(email, "approver").await;
    }
    h.applies(
        "kind: Policy\nname: p\nrules:\n  - name: two\n    actions: [pay]\n    verdict: escalate\n    \
         risk: medium\n    approval:\n      stages: [{name: pair, need: 2}]\n",
    )
    .await;
    let agent = h.agent("payer").await;
    let approval = agent.posts("checks", json!({"action": "pay", "params": {"amount": 5}})).await;
    let approval = approval["approval_id"].as_str().unwrap().to_owned();
    let mut browser = h.signed_in().await;
    browser.get("/approvals").await;
    let edit = [("edit.params.amount", "4")];
    let page = browser.post(&format!("/approvals/{approval}/edit"), &edit).await;
    let seen = text(&page.body);
    assert!(seen.contains("Editing is not yet agreeing: it still takes 2 more"), "{seen}");
    assert!(!seen.contains("Nobody is left"), "two others are there: {seen}");
    let sent = browser.answers(&approval, "approve", &edit).await;
    let seen = text(&browser.get(sent.location()).await.body);
    let said = "Your version is kept, and is no yes of yours; nothing runs before 2 more";
    assert!(seen.contains(said), "{seen}");
}

const TOOL: &str = "kind: Tool\nname: hire\naction: hr.hire\ninput_schema:\n  type: object\n  properties:\n    salary: {type: number, \
                    x-sensitive: true}\n    name: {type: string, maxLength: 40, description: Whom}\n    level: {enum: [junior, senior]}\n";

#[tokio::test]
async fn what_the_schema_of_a_tool_hides_is_shown_nowhere_and_equal_secrets_are_recognised() {
    let h = Harness::start().await;
    h.applies(TOOL).await;
    let agent = h.agent("recruiter").await;
    let ask = |salary: u32, note: &str| json!({"action": "hr.hire", "tool": "hire", "params": {"salary": salary, "name": "A. Lee", "level": "junior"}, "risk": "low", "reasoning": note});
    let mut ids = Vec::new();
    for (salary, note) in [(77_123, "a"), (77_123, "b"), (66_456, "c")] {
        ids.push(id(&agent.posts("approvals", ask(salary, note)).await));
    }
    let mut browser = h.signed_in().await;
    let mut marks = Vec::new();
    for approval in &ids {
        let page = browser.get(&format!("/approvals/{approval}")).await.body;
        let (_, rest) = page.split_once("fingerprints\">#").expect("a fingerprint");
        marks.push(rest.split('<').next().unwrap().to_owned());
        assert!(page.contains("hidden: a secret"), "{page}");
    }
    assert_eq!(marks[0], marks[1]);
    assert_ne!(marks[0], marks[2]);
    let checked = agent.posts("checks", json!({"action": "hr.hire", "tool": "hire", "params": {"salary": 88_321, "name": "B", "level": "senior"}})).await;
    let escalated = checked["approval_id"].as_str().unwrap().to_owned();
    let edits = json!({"edits": {"params.name": "B. Ito"}});
    h.admin.posts(&format!("approvals/{escalated}/approve"), edits).await;
    let mut shown = vec![
        h.admin.gets("approvals").await.to_string(),
        h.admin.gets("audit?limit=100").await.to_string(),
        h.admin.gets(&format!("approvals/{escalated}")).await.to_string(),
        h.admin.gets("approvals?q=88321").await["items"].to_string(),
    ];
    for path in [
        "/approvals".to_owned(),
        format!("/approvals/{escalated}"),
        format!("/approvals/{}/edit", ids[0]),
        format!("/approvals/several?id={}", ids[0]),
        "/audit".to_owned(),
    ] {
        shown.push(browser.get(&path).await.body);
    }
    for text in shown {
        for secret in ["77123", "66456", "88321"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}

#[tokio::test]
async fn the_form_of_an_edit_says_what_the_schema_permits_and_policy_holds_it() {
    let h = Harness::start().await;
    h.applies(TOOL).await;
    let agent = h.agent("recruiter").await;
    let ask = json!({"action": "hr.hire", "tool": "hire", "params": {"salary": 5, "name": "A. Lee", "level": "junior"}});
    let approval = id(&agent.posts("approvals", ask).await);
    let mut browser = h.signed_in().await;
    let form = browser.get(&format!("/approvals/{approval}/edit")).await.body;
    assert!(form.contains("Whom; at most 40 characters"), "{form}");
    assert!(form.contains("<option value=\"senior\">senior</option>"), "{form}");
    assert!(!form.contains("name=\"edit.params.salary\""), "{form}");
    let long = "x".repeat(41);
    let refused =
        browser.post(&format!("/approvals/{approval}/edit"), &[("edit.params.name", &long)]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("the parameters do not fit tool"), "{}", refused.body);
}

#[tokio::test]
async fn a_task_is_remarked_on_from_its_request() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let approval = id(&agent.posts("approvals", json!({"action": "x", "task_id": "case-7"})).await);
    agent.posts("tasks/case-7/comments", json!({"body": "I <b>looked</b>"})).await;
    let mut browser = h.signed_in().await;
    browser.get(&format!("/approvals/{approval}")).await;
    let path = format!("/approvals/{approval}/comment");
    assert_eq!(browser.post(&path, &[("on", "task"), ("body", "go on")]).await.status, 303);
    let page = browser.get(&format!("/approvals/{approval}")).await.body;
    for part in ["I &#60;b&#62;looked", "go on", "Remarks on the task"] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let bare = id(&agent.posts("approvals", json!({"action": "y"})).await);
    let path = format!("/approvals/{bare}/comment");
    assert_eq!(browser.post(&path, &[("on", "task"), ("body", "x")]).await.status, 422);
}

#[tokio::test]
async fn a_run_whose_end_was_not_seen_is_settled_on_its_page() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let mut ids = Vec::new();
    for amount in [1, 2] {
        let id = agent.asks(amount).await;
        h.admin.approves(&id).await;
        let params = json!({"params": {"amount": amount}});
        agent.posts(&format!("approvals/{id}/redeem"), params).await;
        ids.push(id);
    }
    h.passes("26h").await;
    let mut browser = h.signed_in().await;
    let path = format!("/approvals/{}", ids[0]);
    let page = browser.get(&path).await.body;
    for part in ["Run unknown", "It ran and succeeded", "may be tried once more", "How you know"] {
        assert!(page.contains(part), "{part}, also for whoever approved it: {page}");
    }
    let unsaid = browser.post(&format!("{path}/resolve"), &[("as", "succeeded")]).await;
    assert_eq!(unsaid.status, 422);
    assert!(unsaid.body.contains("Say how you know how it ended"), "{}", unsaid.body);
    let said = [("as", "succeeded"), ("notes", "the ledger has it")];
    assert_eq!(browser.post(&format!("{path}/resolve"), &said).await.location(), path);
    let page = browser.get(&path).await.body;
    assert!(!page.contains("/resolve"), "it is settled once: {page}");
    let twice = browser.post(&format!("{path}/resolve"), &said).await;
    assert_eq!(twice.status, 409, "{}", twice.body);
    let record = h.admin.gets("audit?kind=execution.resolved").await;
    let data = &record["items"][0]["data"];
    assert_eq!((&data["as"], &data["notes"]), (&json!("succeeded"), &json!("the ledger has it")));
    let retry = [("as", "retry"), ("notes", "it never ran")];
    assert_eq!(browser.post(&format!("/approvals/{}/resolve", ids[1]), &retry).await.status, 303);
    let params = json!({"params": {"amount": 2}});
    agent.posts(&format!("approvals/{}/redeem", ids[1]), params).await;
    h.person("vic@example.com", "viewer").await;
    let mut viewer = h.signed_in_as("vic@example.com").await;
    viewer.get(&path).await;
    assert_eq!(viewer.post(&format!("{path}/resolve"), &retry).await.status, 403);
}
