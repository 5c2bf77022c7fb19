use axum::http::Method;
use serde_json::json;

use super::harness::id;
use super::{Harness, error};

#[tokio::test]
async fn a_yes_is_told_with_everything_about_it() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let ana = h.person("ana@example.com", "approver").await;
    let approval = agent.asks(50).await;
    let body = json!({"notes": "fine", "evidence": "ticket 7", "operator": "bob"});
    let answer = ana.posts(&format!("approvals/{approval}/approve"), body).await;
    assert_eq!(answer["status"], "approved");
    assert_eq!(answer["approved_by"], "person:ana@example.com");
    assert_eq!(answer["approved_at"], "2026-01-15T09:00:00Z");
    assert_eq!(answer["use_by"], "2026-01-15T10:00:00Z");
    let told = agent.gets(&format!("approvals/{approval}")).await;
    assert_eq!((&told["outcome"], &told["notes"]), (&json!("approved"), &json!("fine")));
    assert_eq!(told["answers"][0]["evidence"], "ticket 7");
    assert_eq!(told["answers"][0]["operator"], "bob");
    assert_eq!(told["answers"][0]["digest"], told["digest"]);
    let records =
        h.admin.gets(&format!("audit?approval_id={approval}&kind=approval.approved")).await;
    assert_eq!(records["items"][0]["caller"]["name"], "ana@example.com");
    assert_eq!(records["items"][0]["data"]["operator"], "bob");
}

#[tokio::test]
async fn a_no_needs_a_reason_and_the_agent_is_told() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let approval = agent.asks(50).await;
    let path = format!("approvals/{approval}/deny");
    for body in [json!({}), json!({"reason": ""}), json!({"reason": " \n"})] {
        assert_eq!(h.admin.is_refused(&path, body).await, (422, "reason_required".into()));
    }
    h.admin.denies(&approval, "wrong customer").await;
    let told = agent.gets(&format!("approvals/{approval}")).await;
    assert_eq!((&told["outcome"], &told["reason"]), (&json!("denied"), &json!("wrong customer")));
}

#[tokio::test]
async fn nobody_answers_their_own_request() {
    let h = Harness::start().await;
    let ana = h.person("ana@example.com", "approver").await;
    let made = h.admin.posts("agents", json!({"name": "anas", "owner": "Ana@example.com"})).await;
    let agent = h.caller(&made, "key");
    let owned = agent.asks(1).await;
    let path = format!("approvals/{owned}/approve");
    assert_eq!(ana.is_refused(&path, json!({})).await, (403, "own_request".into()));
    let deny = format!("approvals/{owned}/deny");
    assert_eq!(ana.is_refused(&deny, json!({"reason": "no"})).await, (403, "own_request".into()));
    let body = json!({"action": "x.y", "on_behalf_of": "root@example.com"});
    let behalf = id(&h.agent("helper").await.posts("approvals", body).await);
    let path = format!("approvals/{behalf}/approve");
    assert_eq!(
        h.admin.is_refused(&path, json!({})).await,
        (403, "own_request".into()),
        "admins included"
    );
    ana.approves(&behalf).await;
    h.admin.approves(&owned).await;
}

#[tokio::test]
async fn a_person_alone_can_permit_self_approval_up_to_a_risk() {
    let h = Harness::start().await;
    h.admin.sends(Method::PATCH, "settings", Some(json!({"self_approval": "high"}))).await;
    let made = h.admin.posts("agents", json!({"name": "mine", "owner": "root@example.com"})).await;
    let agent = h.caller(&made, "key");
    let low = id(&agent.posts("approvals", json!({"action": "a", "risk": "medium"})).await);
    let high = id(&agent.posts("approvals", json!({"action": "b", "risk": "critical"})).await);
    assert_eq!(h.admin.approves(&low).await["answers"][0]["self_approved"], true);
    let marked = h.admin.gets("approvals/stats").await["marked"].clone();
    assert_eq!(marked, json!({"self_approved": 1, "in_place": 0, "relayed": 0}));
    let refused = h.admin.is_refused(&format!("approvals/{high}/approve"), json!({})).await;
    assert_eq!(refused, (403, "own_request".into()));
    h.admin.sends(Method::PATCH, "settings", Some(json!({"self_approval": "low"}))).await;
    let played_down = id(&agent.posts("approvals", json!({"action": "c", "risk": "low"})).await);
    let refused = h.admin.is_refused(&format!("approvals/{played_down}/approve"), json!({})).await;
    assert_eq!(refused, (403, "own_request".into()), "an agent's own hint permits nothing");
}

#[tokio::test]
async fn a_stale_answer_is_refused_and_nothing_happens() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let approval = agent.asks(50).await;
    let path = format!("approvals/{approval}/approve");
    let other = format!("sha256:{}", "0".repeat(64));
    let stale = h.admin.is_refused(&path, json!({"expected_digest": other})).await;
    assert_eq!(stale, (409, "stale".into()));
    let seen = h.admin.gets(&format!("approvals/{approval}")).await;
    assert_eq!(seen["status"], "pending");
    h.admin.posts(&path, json!({"expected_digest": seen["digest"]})).await;
}

#[tokio::test]
async fn an_edit_has_to_name_what_is_there_and_pass_policy() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let body = json!({"action": "**", "effect": "requires_approval", "max_amount": "100"});
    h.admin.sends(Method::PUT, &format!("agents/{}/permissions", agent.id), Some(body)).await;
    let approval = agent.asks(50).await;
    let path = format!("approvals/{approval}/approve");
    for edits in [
        json!({"amout": 5}),
        json!({"amount": "5"}),
        json!({"amount": 50}),
        json!({"amount": 101}),
        json!({"cost.usd": -5}),
    ] {
        let refused = h.admin.is_refused(&path, json!({"edits": edits})).await;
        assert_eq!(refused, (422, "edit_refused".into()), "{edits}");
    }
    let approved = h.admin.posts(&path, json!({"edits": {"amount": 99, "cost.usd": 3}})).await;
    assert_eq!(approved["effective"]["params"], json!({"amount": 99}));
    assert_eq!(approved["effective"]["cost"]["usd"], "3");
    assert_eq!(approved["params"], json!({"amount": 50}), "the original is kept");
}

#[tokio::test]
async fn a_question_is_answered_on_the_same_request() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let approval = agent.asks(50).await;
    let at = |verb: &str| format!("approvals/{approval}/{verb}");
    assert_eq!(
        agent.is_refused(&at("answer"), json!({"answer": "x"})).await,
        (409, "no_question".into())
    );
    h.admin.posts(&at("ask"), json!({"question": "which order?"})).await;
    let told = agent.gets(&format!("approvals/{approval}")).await;
    assert_eq!(
        (&told["outcome"], &told["question"]),
        (&json!("asked_question"), &json!("which order?"))
    );
    assert_eq!(told["status"], "pending");
    agent.posts(&at("answer"), json!({"answer": "order 17"})).await;
    let seen = h.admin.gets(&format!("approvals/{approval}")).await;
    assert_eq!((&seen["outcome"], &seen["question"]), (&json!("pending"), &json!(null)));
    assert_eq!(seen["thread"][1]["body"], "order 17");
    h.admin.approves(&approval).await;
}

#[tokio::test]
async fn what_is_over_is_refused_also_before_any_sweeper_came_by() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let body = json!({"action": "x.y", "expires_in": "10m"});
    let approval = id(&agent.posts("approvals", body).await);
    h.passes_unswept("PT10M");
    let refused = h.admin.is_refused(&format!("approvals/{approval}/approve"), json!({})).await;
    assert_eq!(refused, (409, "expired".into()));
    assert_eq!(agent.gets(&format!("approvals/{approval}")).await["status"], "expired");
    let again = h.admin.is_refused(&format!("approvals/{approval}/approve"), json!({})).await;
    assert_eq!(again, (409, "already_decided".into()));
}

#[tokio::test]
async fn the_agent_or_an_admin_withdraws() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let ana = h.person("ana@example.com", "approver").await;
    let (first, second) = (agent.asks(1).await, agent.asks(2).await);
    let at = |id: &str| format!("approvals/{id}/cancel");
    assert_eq!(ana.is_refused(&at(&first), json!({})).await.0, 403);
    assert_eq!(h.agent("stranger").await.is_refused(&at(&first), json!({})).await.0, 404);
    assert_eq!(
        agent.posts(&at(&first), json!({"reason": "not needed"})).await["status"],
        "canceled"
    );
    assert_eq!(h.admin.posts(&at(&second), json!({})).await["outcome"], "canceled");
    assert_eq!(agent.is_refused(&at(&first), json!({})).await, (409, "already_decided".into()));
}

#[tokio::test]
async fn bulk_answers_exactly_the_listed_ones_one_by_one() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let (a, b, untouched) = (agent.asks(1).await, agent.asks(2).await, agent.asks(3).await);
    let critical = json!({"action": "x.y", "risk": "critical"});
    let critical = id(&agent.posts("approvals", critical).await);
    h.admin.denies(&b, "no").await;
    let body = json!({"approval_ids": [a, b, critical, "nonsense"], "notes": "all fine"});
    let outcome = h.admin.posts("approvals/bulk-approve", body).await;
    assert_eq!(outcome["summary"], json!({"approved": 1, "errors": 3}));
    assert_eq!(outcome["results"][0], json!({"approval_id": a, "status": "approved"}));
    let codes: Vec<_> = (1..4).map(|i| outcome["results"][i]["error"]["code"].clone()).collect();
    assert_eq!(codes, ["already_decided", "not_in_bulk", "not_found"]);
    assert_eq!(h.admin.gets(&format!("approvals/{untouched}")).await["status"], "pending");
    let no_reason = json!({"approval_ids": [untouched]});
    assert_eq!(
        h.admin.is_refused("approvals/bulk-deny", no_reason).await,
        (422, "reason_required".into())
    );
    let body = json!({"approval_ids": [untouched], "reason": "stop"});
    let outcome = h.admin.posts("approvals/bulk-deny", body).await;
    assert_eq!(outcome["summary"], json!({"denied": 1, "errors": 0}));
    let empty = h.admin.is_refused("approvals/bulk-approve", json!({"approval_ids": []})).await;
    assert_eq!(empty, (422, "invalid".into()));
}

#[tokio::test]
async fn of_two_answers_at_once_one_wins() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    for round in 0..50 {
        let approval = agent.asks(round).await;
        let (approve, deny) =
            (format!("approvals/{approval}/approve"), format!("approvals/{approval}/deny"));
        let yes = h.admin.sends(Method::POST, &approve, Some(json!({})));
        let no = h.admin.sends(Method::POST, &deny, Some(json!({"reason": "no"})));
        let (yes, no) = tokio::join!(yes, no);
        let (won, lost) = if yes.0.is_success() { (yes, no) } else { (no, yes) };
        assert!(won.0.is_success());
        assert_eq!(error(lost), (409, "already_decided".into()));
    }
}

#[tokio::test]
async fn comments_stand_on_approvals_and_tasks() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let approval = agent.asks(1).await;
    h.admin.posts(&format!("approvals/{approval}/comments"), json!({"body": "looking"})).await;
    agent.posts(&format!("approvals/{approval}/comments"), json!({"body": "thanks"})).await;
    let thread = agent.gets(&format!("approvals/{approval}")).await["thread"].clone();
    assert_eq!(thread[0]["by"], "person:root@example.com");
    assert_eq!(thread[1]["by"], "agent:support");
    h.admin.posts("tasks/t-1/comments", json!({"body": "first"})).await;
    agent.posts("tasks/t-1/comments", json!({"body": "second"})).await;
    let comments = agent.gets("tasks/t-1/comments").await;
    assert_eq!(
        (&comments["items"][0]["body"], &comments["items"][1]["body"]),
        (&json!("first"), &json!("second"))
    );
    assert_eq!(agent.gets("tasks/t-2/comments").await["items"], json!([]));
}

#[tokio::test]
async fn figures_count_what_happened() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let (yes, no, _open) = (agent.asks(1).await, agent.asks(2).await, agent.asks(3).await);
    h.passes("PT30S").await;
    h.admin.approves(&yes).await;
    h.admin.denies(&no, "no").await;
    let figures = h.admin.gets("approvals/stats").await;
    assert_eq!(figures["totals"]["pending"], 1);
    assert_eq!(figures["approval_rate"], 0.5);
    assert_eq!(figures["response_time_seconds"]["p50"], 30.0);
    assert_eq!(figures["by_agent"][0]["agent"], "support");
    let refused = h.admin.sends(Method::GET, "approvals/stats?from=yesterday", None).await;
    assert_eq!(error(refused), (422, "invalid".into()));
}
