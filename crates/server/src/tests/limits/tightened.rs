//! A yes that was given under an earlier, looser rule is not used, wherever it would lead to a run.

use axum::http::Method;
use serde_json::{Value, json};

use super::super::harness::{id, read};
use super::super::{Caller, Harness};

const ONE: &str = "\
{kind: Policy, name: p, rules: [{name: refunds, actions: [stripe.**], verdict: escalate}]}";

/// The same rule, with more of something.
fn tightened(more: &str) -> String {
    format!(
        "{{kind: Policy, name: p, rules: [{{name: refunds, actions: [stripe.**], verdict: escalate, {more}}}]}}"
    )
}

const TWO: &str = "approval: {stages: [{name: two, need: 2}]}";

async fn check(agent: &Caller) -> Value {
    agent.posts("checks", json!({"action": "stripe.refund", "params": {"amount": 50}})).await
}

/// A check that escalated under the first rule, and was approved.
async fn approved(h: &Harness, agent: &Caller) -> String {
    let asked = check(agent).await["approval_id"].as_str().unwrap().to_owned();
    assert_eq!(h.admin.approves(&asked).await["status"], "approved");
    asked
}

async fn execution(h: &Harness, id: &str) -> Value {
    h.admin.gets(&format!("approvals/{id}")).await["execution"].clone()
}

#[tokio::test]
async fn a_check_does_not_use_it_and_asks_again_under_the_rule_of_now() {
    let h = Harness::start().await;
    let (agent, ana) = (h.agent("support").await, h.person("ana@example.com", "approver").await);
    h.applies(ONE).await;
    let old = approved(&h, &agent).await;
    h.applies(&tightened(TWO)).await;

    let dry = json!({"action": "stripe.refund", "params": {"amount": 50}, "dry_run": true});
    let previewed = agent.posts("checks", dry).await;
    assert_eq!(previewed["verdict"], "escalate", "{previewed}");
    assert_eq!(execution(&h, &old).await["state"], "unused", "looking changes nothing");

    let verdict = check(&agent).await;
    assert_eq!(verdict["verdict"], "escalate", "{verdict}");
    let why = "policy now demands 2 of `two`, and 1 of the yeses counts";
    assert_eq!(verdict["hints"][0], format!("the yes of {old} is not used: {why}"));
    let new = verdict["approval_id"].as_str().unwrap().to_owned();
    assert_ne!(new, old);
    assert_eq!(execution(&h, &old).await["state"], "revoked");
    let records = h.admin.gets(&format!("audit?approval_id={old}&limit=50")).await;
    let last = records["items"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["kind"], &last["data"]["reason"]),
        (&json!("execution.revoked"), &json!(why))
    );

    assert_eq!(h.admin.approves(&new).await["status"], "pending");
    assert_eq!(ana.approves(&new).await["status"], "approved");
    assert_eq!(check(&agent).await["reason_code"], "APPROVED");
    assert_eq!(execution(&h, &new).await["state"], "running");
}

#[tokio::test]
async fn redeeming_does_not_use_it_and_says_what_to_do() {
    for (more, why) in [
        (TWO, "policy now demands 2 of `two`, and 1 of the yeses counts"),
        (
            "approval: {assurance: step_up}",
            "a passkey or one-time code for this very answer is demanded now",
        ),
        ("approval: {stages: [{name: legal, groups: [legal]}]}", "policy now demands 1 of `legal`"),
        ("risk: critical", "policy now rates it critical, and people said yes to it as high"),
        ("approval: {use_within: 10m}", "policy now gives 10m to use a yes, and that time is over"),
    ] {
        let h = Harness::start().await;
        let agent = h.agent("support").await;
        h.applies(&format!("{ONE}\n---\n{{kind: Group, name: legal, members: [lea@example.com]}}"))
            .await;
        let old = approved(&h, &agent).await;
        h.passes("PT20M").await;
        h.applies(&tightened(more)).await;
        let path = format!("approvals/{old}/redeem");
        let body = json!({"params": {"amount": 50}});
        let (status, problem) = agent.sends(Method::POST, &path, Some(body)).await;
        assert_eq!((status.as_u16(), &problem["code"]), (409, &json!("policy_stopped")), "{more}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(why), "{more}: {detail}");
        assert!(problem["next"].as_str().unwrap().contains("ask again"), "{problem}");
        let told = agent.gets(&format!("approvals/{old}?wait=1s")).await;
        assert_eq!(told["execution"]["state"], "revoked", "{more}");
        assert!(
            told["outcome_reason"].to_string().contains(why) || told.to_string().contains(why),
            "{told}"
        );
    }
}

#[tokio::test]
async fn what_still_meets_the_rule_is_used_and_loosening_helps_nothing_that_is_open() {
    let h = Harness::start().await;
    let (agent, ana) = (h.agent("support").await, h.person("ana@example.com", "approver").await);
    h.applies(&tightened(TWO)).await;
    let open = check(&agent).await["approval_id"].as_str().unwrap().to_owned();
    h.applies(ONE).await;
    assert_eq!(ana.approves(&open).await["status"], "pending", "it was opened for two");
    assert_eq!(h.admin.approves(&open).await["status"], "approved");
    h.applies(&tightened("risk: high, approval: {stages: [{name: other, need: 2}]}")).await;
    assert_eq!(check(&agent).await["reason_code"], "APPROVED", "two have said yes");
}

#[tokio::test]
async fn a_context_that_demands_more_does_not_use_what_was_approved_without_it() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let rule = "{name: vip, actions: [stripe.**], verdict: escalate, when: 'has(context.vip)', \
                approval: {stages: [{name: two, need: 2}]}}";
    h.applies(&format!("{}, {rule}]}}", ONE.strip_suffix("]}").unwrap())).await;
    let old = approved(&h, &agent).await;
    let vip =
        json!({"action": "stripe.refund", "params": {"amount": 50}, "context": {"vip": true}});
    let verdict = agent.posts("checks", vip).await;
    assert_eq!(verdict["verdict"], "escalate", "{verdict}");
    assert_eq!(execution(&h, &old).await["state"], "revoked");
}

#[tokio::test]
async fn what_a_grant_approved_is_stopped_by_a_rule_that_keeps_it_for_people() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let grant = "{kind: Grant, name: easy, agents: ['*'], actions: [stripe.**], limit: {uses: 3}}";
    let ask = |amount: u32| json!({"action": "stripe.refund", "params": {"amount": amount}});
    h.applies(&format!("{ONE}\n---\n{grant}")).await;
    for (more, stops) in
        [("approval: {grants: false}", true), ("risk: high", true), ("risk: low", false)]
    {
        h.applies(ONE).await;
        let auto = agent.posts("approvals", ask(50)).await;
        assert_eq!(auto["status"], "approved", "{auto}");
        h.applies(&tightened(more)).await;
        let path = format!("approvals/{}/redeem", id(&auto));
        let (status, answer) =
            agent.sends(Method::POST, &path, Some(json!({"params": {"amount": 50}}))).await;
        assert_eq!(status.is_success(), !stops, "{more}: {answer}");
    }
}

#[tokio::test]
async fn an_edit_to_what_demands_more_than_was_said_is_refused() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let large = "{name: large, actions: [stripe.**], verdict: escalate, when: params.amount > 100, \
                 approval: {stages: [{name: two, need: 2}]}}";
    h.applies(&format!("{}, {large}]}}", ONE.strip_suffix("]}").unwrap())).await;
    let open = check(&agent).await["approval_id"].as_str().unwrap().to_owned();
    let path = format!("approvals/{open}/approve");
    let refused = h.admin.is_refused(&path, json!({"edits": {"amount": 500}})).await;
    assert_eq!(refused, (422, "edit_refused".into()));
    assert_eq!(h.admin.gets(&format!("approvals/{open}")).await["status"], "pending");
    let edited = h.admin.posts(&path, json!({"edits": {"amount": 20}})).await;
    assert_eq!(edited["status"], "approved");
}

#[tokio::test]
async fn a_client_that_only_waits_is_told_no() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.applies(ONE).await;
    let call = json!({"run_id": "r", "call_id": "c1", "spec": {"fn": "stripe.refund", "kwargs": {"amount": 50}}});
    let path = "/humanlayer/v1/function_calls";
    let send = agent.raw(Method::POST, path, &[], call.to_string()).await;
    let (status, made) = read(send).await;
    assert!(status.is_success(), "{made}");
    let open = h.admin.gets("approvals?status=pending").await["items"][0].clone();
    h.admin.approves(&id(&open)).await;
    let look = || async {
        read(agent.raw(Method::GET, &format!("{path}/c1"), &[], "").await).await.1["status"].clone()
    };
    h.applies(&tightened(TWO)).await;
    let told = look().await;
    assert_eq!(told["approved"], false, "{told}");
    assert!(told["comment"].as_str().unwrap().contains("policy now demands 2"), "{told}");
    assert_eq!(
        h.admin.gets(&format!("approvals/{}", id(&open))).await["execution"]["state"],
        "revoked"
    );
}

/// Whoever is told a yes runs what was approved, so that telling it counts: on this way as on every other.
#[tokio::test]
async fn what_a_client_that_only_waits_runs_is_counted() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.applies(
        "{kind: Budget, name: two, scope: {actions: [mail.send]}, unit: actions, limit: 2, window: day}\n---\n\
         {kind: Grant, name: letters, agents: [support], actions: [mail.send], limit: {uses: 50}, risk_at_most: high}",
    )
    .await;
    let path = "/humanlayer/v1/function_calls";
    let ask = async |n: u8| {
        let spec = json!({"fn": "mail.send", "kwargs": {"n": n}});
        let call = json!({"run_id": "r", "call_id": format!("c{n}"), "spec": spec});
        read(agent.raw(Method::POST, path, &[], call.to_string()).await).await
    };
    for n in [1, 2] {
        assert_eq!(ask(n).await.1["status"]["approved"], true, "call {n}");
    }
    let again = read(agent.raw(Method::GET, &format!("{path}/c1"), &[], "").await).await.1;
    assert_eq!(again["status"]["approved"], true, "a call that runs is told the same");
    let used = h.admin.gets("budgets").await["items"][0]["used"].clone();
    assert_eq!(used, "2");
    let (status, third) = ask(3).await;
    assert_eq!((status.as_u16(), &third["code"]), (403, &json!("policy_denied")), "{third}");
}

/// What people are told before they answer, the agent is told before it uses the answer.
#[tokio::test]
async fn an_agent_that_looks_is_told_that_its_yes_would_not_be_used() {
    let h = Harness::start().await;
    h.rates("low").await;
    let agent = h.agent("support").await;
    h.applies(ONE).await;
    let asked = check(&agent).await["approval_id"].as_str().unwrap().to_owned();
    h.admin.approves(&asked).await;
    let path = format!("approvals/{asked}");
    assert_eq!(agent.gets(&path).await.get("outlook"), None);
    h.admin.posts("freezes", json!({"scope": "all", "reason": "both hands off"})).await;
    let told = agent.gets(&path).await;
    assert!(told["outlook"].as_str().unwrap().contains("both hands off"), "{told}");
    assert_eq!(told["execution"]["state"], "unused", "looking takes nothing back");
}

/// What is frozen into a request stays; whoever answers is told before, and after, that it will not do.
#[tokio::test]
async fn whoever_answers_what_was_opened_before_is_told_that_it_will_not_do() {
    let h = Harness::start().await;
    h.rates("low").await;
    let agent = h.agent("support").await;
    h.applies(ONE).await;
    let asked = check(&agent).await["approval_id"].as_str().unwrap().to_owned();
    let path = format!("approvals/{asked}");
    assert_eq!(h.admin.gets(&path).await.get("outlook"), None);
    h.applies(&tightened(TWO)).await;
    let why = "policy demands more by now: 1 more person has to agree now; 2 of `two` have to agree, and 1 are asked";
    assert_eq!(h.admin.gets(&path).await["outlook"], why);
    assert_eq!(agent.gets(&path).await.get("outlook"), None, "only people are told");
    let mut browser = h.signed_in().await;
    let page = browser.get(&format!("/approvals/{asked}")).await.body;
    assert!(page.contains("A yes to this may not be used as things are now"), "{page}");
    let several = browser.get(&format!("/approvals/several?id={asked}")).await.body;
    assert!(several.contains("A yes to this may not be used as things are now"), "{several}");

    let answered = h.admin.approves(&asked).await;
    assert_eq!(answered["status"], "approved", "it asks what it asked when it was opened");
    assert_eq!(answered["outlook"], "policy now demands 2 of `two`, and 1 of the yeses counts");
    let page = browser.get(&format!("/approvals?after={asked}")).await.body;
    assert!(page.contains("As things are now the yes may not be used"), "{page}");
    let page = browser.get(&format!("/approvals/{asked}")).await.body;
    assert!(page.contains("This yes will not be used as things are now"), "{page}");
    h.applies(ONE).await;
    assert_eq!(h.admin.gets(&path).await.get("outlook"), None);
    h.applies("{kind: Policy, name: p, rules: [{name: no, actions: [stripe.**], verdict: deny}]}")
        .await;
    let told = h.admin.gets(&path).await["outlook"].to_string();
    assert!(told.contains("stripe.**") || told.contains("p/no"), "{told}");
    let joined = check(&agent).await;
    assert_eq!(joined["verdict"], "deny");
}

/// A check that repeats what waits is told why policy asks now, and joins nothing that waits for somebody else.
#[tokio::test]
async fn what_joins_is_told_the_reason_of_now_and_hides_nobody_behind_it() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.applies(&tightened("message: refunds are looked at, reason_code: FIRST")).await;
    let on_behalf = async |who: Option<&str>| {
        let mut body = json!({"action": "stripe.refund", "params": {"amount": 50}});
        if let Some(who) = who {
            body["on_behalf_of"] = json!(who);
        }
        agent.posts("checks", body).await
    };
    let first = on_behalf(Some("mia@example.com")).await;
    assert_eq!(first["reason_code"], "FIRST");
    h.applies(&tightened("message: refunds need two by now, reason_code: SECOND")).await;
    for who in [Some("mia@example.com"), None] {
        let again = on_behalf(who).await;
        assert_eq!(again["approval_id"], first["approval_id"], "{who:?}");
        assert_eq!(
            (&again["reason_code"], &again["reason"]),
            (&json!("SECOND"), &json!("refunds need two by now"))
        );
    }
    let other = on_behalf(Some("noa@example.com")).await;
    assert_ne!(other["approval_id"], first["approval_id"]);
    let card = h.admin.gets(&format!("approvals/{}", other["approval_id"].as_str().unwrap())).await;
    assert_eq!(card["on_behalf_of"], "noa@example.com");
    h.applies(
        "{kind: Policy, name: p, rules: [{name: refunds, actions: [stripe.**], verdict: allow}]}",
    )
    .await;
    let again = on_behalf(Some("mia@example.com")).await;
    assert_eq!((&again["verdict"], &again["reason_code"]), (&json!("escalate"), &json!("FIRST")));
    assert_eq!(again["reason"], "the same waits for people already: refunds are looked at");
}

#[tokio::test]
async fn an_agent_may_shorten_the_time_to_answer_and_never_lengthen_it() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.applies(
        "
kind: Defaults
expires_in: 4h
---
kind: Policy
name: timed
rules:
  - {name: short, actions: [short.run], verdict: escalate, approval: {expires_in: 1h}}
  - name: level
    actions: [level.run]
    verdict: escalate
    approval: {expires_in: 1h, on_timeout: {escalate: [{after: 2h, people: [root@example.com]}]}}
",
    )
    .await;
    let hours = async |path: &str, action: &str, wish: &str| {
        let body =
            json!({"action": action, "params": {"wish": wish, "to": path}, "expires_in": wish});
        let answer = agent.posts(path, body).await;
        let opened = answer["approval_id"].as_str().or(answer["id"].as_str()).unwrap();
        let seen = h.admin.gets(&format!("approvals/{opened}")).await;
        let at = |field: &str| seen[field].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        at("expires_at").duration_since(at("created_at")).as_mins()
    };
    for path in ["checks", "approvals"] {
        // Where time brings other people in, it is not the agent's to shorten.
        for (action, most, least) in
            [("short.run", 60, 10), ("level.run", 60, 60), ("other.run", 240, 10)]
        {
            assert_eq!(hours(path, action, "90d").await, most, "{path} {action}");
            assert_eq!(hours(path, action, "10m").await, least, "{path} {action}");
        }
    }
}
