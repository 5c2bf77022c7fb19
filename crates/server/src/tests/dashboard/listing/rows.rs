//! What a row of the inbox says: whether a yes leads anywhere, how much there is to look at, what was asked; and
//! which request comes next.

use serde_json::{Value, json};

use super::asks;
use crate::tests::Harness;
use crate::tests::harness::{Caller, id};
use crate::tests::sign_in::Browser;

/// What the page says in the row of a request, without its markup.
async fn row(browser: &mut Browser, approval: &str) -> String {
    let page = browser.get("/approvals").await.body;
    let (_, rest) = page.split_once(&format!("id=\"row-{approval}\"")).expect("a row");
    text(rest.split("</li>").next().unwrap())
}

fn text(html: &str) -> String {
    let html = super::super::framed(html);
    let inner = html.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text);
    inner.collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn wants(agent: &Caller, action: &str, params: Value) -> String {
    id(&agent.posts("approvals", json!({"action": action, "params": params, "risk": "low"})).await)
}

#[tokio::test]
async fn a_row_counts_the_warnings_that_the_page_of_the_request_tells() {
    let h = Harness::start().await;
    let agent = h.agent("payer").await;
    let mut browser = h.signed_in().await;
    for amount in [10, 20, 30] {
        let before = wants(&agent, "bank.pay", json!({"amount": amount, "to": "x"})).await;
        h.admin.approves(&before).await;
    }
    let plain = wants(&agent, "bank.pay", json!({"amount": 20, "to": "x"})).await;
    let odd = json!({"amount": 900, "total": 5000, "to": "pr\u{43e}duction"});
    let odd = wants(&agent, "bank.pay", odd).await;
    let said = row(&mut browser, &plain).await;
    assert!(!said.contains("to look at"), "{said}");
    let page = browser.get(&format!("/approvals/{odd}")).await.body;
    let warnings = page.matches("<li class=\"warns\"").count();
    assert!(warnings > 2, "{page}");
    let said = row(&mut browser, &odd).await;
    assert!(said.contains(&format!("{warnings} things to look at")), "{warnings} in {said}");
    let one = json!({"amount": 900, "to": "x"});
    let one = wants(&agent, "bank.pay", one).await;
    h.admin.denies(&odd, "no").await;
    let said = row(&mut browser, &one).await;
    assert!(said.contains("2 things to look at"), "what was denied counts as well: {said}");
}

#[tokio::test]
async fn a_row_says_that_a_question_was_asked_and_that_it_was_answered() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let mut browser = h.signed_in().await;
    let one = asks(&agent, 1, "low").await;
    assert!(!row(&mut browser, &one).await.contains(" asked , not answered"));
    browser.answers(&one, "ask", &[("question", "which order?")]).await;
    let said = row(&mut browser, &one).await;
    assert!(said.contains("asked , not answered yet") && said.contains("you can decide"), "{said}");
    agent.posts(&format!("approvals/{one}/answer"), json!({"answer": "1047"})).await;
    let said = row(&mut browser, &one).await;
    assert!(said.contains("answered by the agent"), "{said}");
    browser.answers(&one, "ask", &[("question", "and which customer?")]).await;
    let said = row(&mut browser, &one).await;
    assert!(said.contains("not answered yet") && !said.contains("answered by"), "{said}");
}

#[tokio::test]
async fn a_row_never_says_you_can_decide_where_a_yes_leads_nowhere() {
    let h = Harness::start().await;
    let rules = "{kind: Policy, name: p, rules: [{name: sure, actions: [a.sure], verdict: escalate, risk: low, approval: {assurance: step_up}}, \
                 {name: two, actions: [a.two], verdict: escalate, risk: low, approval: {stages: [{name: all, need: 2}]}}]}";
    h.applies(rules).await;
    let (agent, other) = (h.agent("one").await, h.agent("other").await);
    let sure = wants(&agent, "a.sure", json!({})).await;
    let two = wants(&agent, "a.two", json!({})).await;
    let plain = wants(&other, "a.plain", json!({})).await;
    let mut browser = h.signed_in().await;
    for (approval, says) in [
        (&sure, "you need a passkey or a code"),
        (&two, "needs 2 people, only 1 can"),
        (&plain, "you can decide"),
    ] {
        let said = row(&mut browser, approval).await;
        assert!(said.contains(says), "{says} in {said}");
        assert_eq!(said.contains("you can decide"), approval == &plain, "{said}");
    }
    h.person("ana@example.com", "approver").await;
    let said = row(&mut browser, &two).await;
    assert!(said.contains("you can decide"), "two are there now: {said}");
    h.admin.approves(&two).await;
    let said = row(&mut browser, &two).await;
    assert!(said.contains("you have approved it"), "{said}");
    let freeze = json!({"scope": "agent", "name": "one", "reason": "it repeats itself"});
    h.admin.posts("freezes", freeze).await;
    for approval in [&sure, &two] {
        let said = row(&mut browser, approval).await;
        assert!(said.contains("frozen, a yes is not used : This agent is frozen"), "{said}");
    }
    assert!(row(&mut browser, &plain).await.contains("you can decide"));
    browser.get("/agents/other").await;
    browser.post(&format!("/agents/{}/status", other.id), &[("status", "inactive")]).await;
    let said = row(&mut browser, &plain).await;
    assert!(said.contains("agent off, a yes is not used"), "{said}");
}

#[tokio::test]
async fn the_next_request_is_one_whose_yes_leads_somewhere() {
    let h = Harness::start().await;
    h.rates("low").await;
    let (frozen, going) = (h.agent("frozen").await, h.agent("going").await);
    let mut browser = h.signed_in().await;
    let stuck = asks(&frozen, 1, "medium").await;
    let (first, second) = (asks(&going, 2, "low").await, asks(&going, 3, "low").await);
    h.admin.posts("freezes", json!({"scope": "agent", "name": "frozen", "reason": "alarm"})).await;
    let done = browser.answers(&first, "approve", &[]).await;
    assert_eq!(done.location(), format!("/approvals/{second}?after={first}"));
    let done = browser.answers(&second, "approve", &[]).await;
    assert_eq!(done.location(), format!("/approvals?after={second}"), "{stuck} is frozen");
}

#[tokio::test]
async fn a_group_tells_the_cost_of_each_and_of_all_and_when_the_first_ends() {
    let h = Harness::start().await;
    h.rates("low").await;
    let agent = h.agent("support").await;
    for (n, cost) in [(1, json!({"usd": "3"})), (2, json!({"usd": "4.50"})), (3, json!({}))] {
        let ask = json!({"action": "shop.gift", "params": {"to": n}, "risk": "low", "cost": cost, "expires_in": format!("{n}h")});
        agent.posts("approvals", ask).await;
    }
    let mut browser = h.signed_in().await;
    let page = browser.get("/approvals").await.body;
    let group = page.split_once("<details class=\"alike\"").unwrap().1;
    let summary = text(group.split("</summary>").next().unwrap());
    assert!(summary.contains("costs 7.50 USD, 1 states none"), "{summary}");
    assert!(summary.contains("first 15 Jan 2026, 10:00 UTC"), "{summary}");
    assert!(!summary.contains("to look at"), "others like it are no warning: {summary}");
    let table = text(group.split("</table>").next().unwrap());
    for part in ["Cost", "4.50 USD", "not stated"] {
        assert!(table.contains(part), "{part} in {table}");
    }
}

#[tokio::test]
async fn filters_offer_what_there_is_in_words() {
    let h = Harness::start().await;
    h.rates("low").await;
    let rule = "{kind: Group, name: finance, members: [root@example.com]}\n---\n{kind: Policy, name: p, rules: [{name: large, actions: [a.b], verdict: escalate, reason_code: LARGE_CREDIT, \
                approval: {stages: [{name: money, groups: [finance]}]}}]}";
    h.applies(rule).await;
    let agent = h.agent("support").await;
    agent.checks("a.b", 5).await;
    asks(&agent, 1, "low").await;
    wants(&agent, "Delete the old database", json!({})).await;
    let mut browser = h.signed_in().await;
    let page = browser.get("/approvals?reason=LARGE_CREDIT&group=finance").await.body;
    for part in [
        "<option value=\"a.b\"></option><option value=\"stripe.refund\"></option>",
        "<option value=\"LARGE_CREDIT\" selected>large credit</option>",
        "<option value=\"AGENT_REQUESTED\">the agent asks for a person</option>",
        "<option value=\"finance\" selected>finance</option>",
        "<option value=\"high\">High</option>",
        "Reason: large credit",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(!page.contains("<code>LARGE_CREDIT"), "a row speaks in sentences: {page}");
    assert_eq!(super::rows(&page), 1);
    let gone = browser.get("/approvals?agent=gone&group=away").await.body;
    assert!(gone.contains("<option value=\"away\" selected>"), "what is chosen is shown: {gone}");
}
