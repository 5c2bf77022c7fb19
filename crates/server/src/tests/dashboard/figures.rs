//! Statistics and the record, as pages and files.

use serde_json::json;

use super::text;
use crate::tests::Harness;
use crate::tests::harness::id;

#[tokio::test]
async fn what_comes_too_often_to_be_read_is_shown_to_whoever_reads_it_first() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.permits(&agent, "stripe.refund", "requires_approval").await;
    let ben = h.person("ben@example.com", "approver").await;
    for amount in 1..=6 {
        let asked = agent.checks("stripe.refund", amount).await;
        let approval = asked["approval_id"].as_str().unwrap().to_owned();
        if amount > 3 {
            h.passes("1m").await;
            ben.approves(&approval).await;
        } else {
            h.admin.approves(&approval).await;
        }
    }
    let mut browser = h.signed_in().await;
    let page = browser.get("/approvals/stats").await.body;
    for part in [
        "<b>You</b>",
        "<span>3 of 3</span>",
        "ben@example.com</span>",
        "<span>0 of 3</span>",
        "Never denied",
        "6 yeses by 2 people",
        "after being asked",
        "Make a policy",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let (you, ben) =
        (page.find("<b>You</b>").unwrap(), page.find("ben@example.com</span>").unwrap());
    assert!(you < ben, "one's own figures stand first");
    let denied = agent.checks("stripe.refund", 9).await;
    h.admin.denies(denied["approval_id"].as_str().unwrap(), "no").await;
    let page = browser.get("/approvals/stats").await.body;
    assert!(!page.contains("yeses by"), "one no is enough: {page}");
}

#[tokio::test]
async fn one_s_own_requests_are_marked_and_answers_of_grants_stand_apart() {
    let h = Harness::start().await;
    h.applies(
        "kind: Agent\nname: mine\nowner: root@example.com\n---\nkind: Defaults\nself_approval: high\n",
    )
    .await;
    let made = h.admin.posts("keys", json!({"name": "k", "agent": "mine"})).await;
    let mine = h.caller(&made, "secret");
    let approval = id(&mine.posts("approvals", json!({"action": "x", "risk": "medium"})).await);
    h.admin.approves(&approval).await;
    let mut browser = h.signed_in().await;
    let page = browser.get("/approvals/stats").await.body;
    assert!(page.contains("Self-approved"), "{page}");
    assert!(page.contains("by who stands behind them"), "{page}");
    let card = browser.get(&format!("/approvals/{approval}")).await.body;
    assert!(card.contains("their own request"), "{card}");
    let seq = h.admin.gets("audit?kind=approval.approved").await["items"][0]["seq"].clone();
    let fact = browser.get(&format!("/audit/{seq}")).await.body;
    assert!(fact.contains("their own: self-approved"), "{fact}");
}

#[tokio::test]
async fn the_record_of_a_relayed_answer_says_whose_it_is_and_how_sure_that_is() {
    let h = Harness::start().await;
    h.person("ana@example.com", "approver").await;
    h.applies(
        "{kind: Policy, name: told, rules: [{name: rated, actions: [crm.tag], verdict: escalate, risk: low, \
         approval: {relayed: true}}]}",
    )
    .await;
    let (asking, chat) = (h.agent("support").await, h.agent("chat").await);
    let approval = id(&asking.posts("approvals", json!({"action": "crm.tag"})).await);
    let said = json!({"decision": "approve", "person": "ana@example.com", "evidence": "chat 17"});
    chat.posts(&format!("approvals/{approval}/attest"), said).await;
    let mut browser = h.signed_in().await;
    let seq = h.admin.gets("audit?kind=approval.approved").await["items"][0]["seq"].clone();
    let fact = text(&browser.get(&format!("/audit/{seq}")).await.body);
    for part in ["Who chat agent", "Assurance relayed", "Whose answer ana@example.com"] {
        assert!(fact.contains(part), "{part} in {fact}");
    }
}

#[tokio::test]
async fn a_period_that_cannot_be_had_is_told_beside_the_last_thirty_days() {
    let h = Harness::start().await;
    let mut browser = h.signed_in().await;
    for (query, told, kept) in [
        ("from=x", "is no day: write it as 2026-11-30", "value=\"x\""),
        ("from=0001-01-01&to=9999-12-31", "is no day", "value=\"9999-12-31\""),
        ("from=2026-02-30", "is no day", "value=\"2026-02-30\""),
        (
            "from=2026-03-02&to=2026-03-01",
            "The first day is after the last one",
            "value=\"2026-03-01\"",
        ),
    ] {
        let page = browser.get(&format!("/approvals/stats?{query}")).await;
        assert_eq!(page.status, 422, "{query}");
        for part in [told, kept, "These are the last thirty days instead", "Approval rate"] {
            assert!(page.body.contains(part), "{query}: {part} in {}", page.body);
        }
    }
    assert_eq!(browser.get("/approvals/stats?from=2026-03-01&to=2026-03-01").await.status, 200);
}

#[tokio::test]
async fn habits_suggest_policy_that_is_not_in_force() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let ben = h.person("ben@example.com", "approver").await;
    for amount in 1..=10 {
        let asked = agent.checks("crm.note", amount).await;
        let by = if amount % 2 == 0 { &ben } else { &h.admin };
        by.approves(asked["approval_id"].as_str().unwrap()).await;
    }
    h.passes("1m").await;
    let mut browser = h.signed_in().await;
    let page = browser.get("/approvals/stats/suggestions").await.body;
    for part in [
        "Let support run “crm.note” without asking",
        "kind: Policy",
        "approved 10 times and never denied, by 2 people",
    ] {
        assert!(super::framed(&page).contains(part), "{part} in {page}");
    }
    assert_eq!(agent.checks("crm.note", 99).await["verdict"], "escalate");
}

#[tokio::test]
async fn every_table_is_a_file_in_which_no_text_is_a_formula() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let approval = id(&agent.posts("approvals", json!({"action": "=HYPERLINK(\"x\") now"})).await);
    h.admin.approves(&approval).await;
    let mut browser = h.signed_in().await;
    let cases = [
        ("", "date,created,approved,denied,expired,canceled\r\n2026-01-15,1,1,0,0,0\r\n"),
        (
            "?table=agents",
            "agent,total,pending,approved,denied,expired,canceled\r\nsupport,1,0,1,0,0,0\r\n",
        ),
        ("?table=reasons", "reason_code,total\r\nAGENT_REQUESTED,1\r\n"),
    ];
    for (query, text) in cases {
        let file = browser.get(&format!("/approvals/stats.csv{query}")).await;
        assert_eq!(file.body, text, "{query}");
        assert!(file.header("content-disposition").starts_with("attachment"));
    }
    let actions = browser.get("/approvals/stats.csv?table=actions").await.body;
    assert!(actions.contains("\"'=HYPERLINK(\"\"x\"\") now\",1"), "{actions}");
    assert_eq!(browser.get("/approvals/stats.csv?table=x").await.status, 422);
}

#[tokio::test]
async fn the_record_says_who_from_where_and_on_what_evidence_also_behind_a_proxy() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let mut browser = h.signed_in().await;
    browser.address = "10.1.2.3:4000".parse().unwrap();
    let approval = id(&agent.posts("approvals", json!({"action": "x", "risk": "low"})).await);
    let page = browser.get(&format!("/approvals/{approval}")).await;
    let (digest, presented) = (page.field("digest").unwrap(), page.field("presented").unwrap());
    let body = format!(
        "csrf={}&digest={digest}&presented={presented}&evidence=ticket+81&notes=seen",
        browser.csrf
    );
    let headers = [
        ("accept", "text/html"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("origin", "http://countersign.test"),
        ("sec-fetch-site", "same-origin"),
        ("x-forwarded-for", "198.51.100.7"),
    ];
    let sent =
        browser.sends("POST", &format!("/approvals/{approval}/approve"), &headers, body).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    let seq = h.admin.gets("audit?kind=approval.approved").await["items"][0]["seq"].clone();
    let fact = browser.get(&format!("/audit/{seq}")).await.body;
    for part in ["root@example.com", "198.51.100.7", "ticket 81", "session", "seen", &approval] {
        assert!(fact.contains(part), "{part} in {fact}");
    }
    assert_eq!(
        browser.get("/audit?from=2026-01-16").await.body.matches("class=\"row-link\"").count(),
        0
    );
    assert!(
        browser
            .get("/audit?from=2026-01-15&to=2026-01-15")
            .await
            .body
            .contains("approval.approved")
    );
}
