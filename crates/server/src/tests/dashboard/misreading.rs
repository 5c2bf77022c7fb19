//! What could be misread on a card: a second amount, a number of many digits, an address that leads elsewhere, a
//! cost that nobody stated, a headline that is out of date.

use serde_json::{Value, json};

use super::text;
use crate::tests::Harness;
use crate::tests::harness::{Caller, id};
use crate::tests::sign_in::Browser;

async fn asks(agent: &Caller, params: Value) -> String {
    id(&agent
        .posts("approvals", json!({"action": "bank.pay", "params": params, "risk": "low"}))
        .await)
}

/// The text of a page, without its markup.
async fn seen(browser: &mut Browser, path: &str) -> String {
    text(&browser.get(path).await.body)
}

#[tokio::test]
async fn a_second_amount_or_receiver_is_named_beside_the_headline() {
    let h = Harness::start().await;
    let agent = h.agent("payer").await;
    let mut browser = h.signed_in().await;
    let two = json!({"amount": 10, "total": 5000, "to": "a@x.example", "bcc": ["b@x.example", "c@x.example"], "memo": "x"});
    let page = format!("/approvals/{}", asks(&agent, two).await);
    let shown = seen(&mut browser, &page).await;
    for part in [
        "It also names what reads like an amount: “total” is 5000.",
        "It also names what reads like a receiver: “bcc.0” is “b@x.example”, “bcc.1” is “c@x.example”.",
    ] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    let one = json!({"amount": 10, "to": "a@x.example", "memo": "x"});
    let page = format!("/approvals/{}", asks(&agent, one).await);
    let shown = seen(&mut browser, &page).await;
    assert!(!shown.contains("reads like"), "{shown}");
}

#[tokio::test]
async fn no_zeros_have_to_be_counted() {
    let h = Harness::start().await;
    let agent = h.agent("payer").await;
    let mut browser = h.signed_in().await;
    let params = json!({"amount": 1e21, "currency": "EUR", "rows": 2_500_000});
    let page = format!("/approvals/{}", asks(&agent, params).await);
    let shown = seen(&mut browser, &page).await;
    for part in ["of 1,000,000,000,000,000,000,000.00 “EUR”", "number 2,500,000"] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    assert!(!browser.get(&page).await.body.contains(">1e"), "{shown}");
    for amount in [7e28, 7e28, -7e28] {
        asks(&agent, json!({"amount": amount})).await;
    }
    assert_eq!(browser.get("/approvals").await.status, 200, "a sum that is too large is left out");
}

#[tokio::test]
async fn an_address_that_leads_elsewhere_is_named_first() {
    let h = Harness::start().await;
    let agent = h.agent("payer").await;
    let mut browser = h.signed_in().await;
    let cases = [
        json!({"params": {"hook": "see https://paypal.com@evil.example/x"}}),
        json!({"params": {"hook": "https://evil%2eexample/x"}}),
    ];
    for case in cases {
        let mut ask = case;
        ask["action"] = json!("web.call");
        let page = format!("/approvals/{}", id(&agent.posts("approvals", ask).await));
        let shown = seen(&mut browser, &page).await;
        let warns =
            "Warning: The address in “hook” leads to “evil.example”, and not where it seems to.";
        assert!(shown.contains(warns), "{shown}");
        assert!(
            shown.contains("It names addresses at “evil.example”: do you know them?"),
            "{shown}"
        );
    }
    let said = json!({"action": "web.call", "summary": "Pay https://paypal.com@evil.example now", "reasoning": "As [https://bank.com](https://evil.example) says",
        "context": {"page": "https://bank.com\\@evil.example/x"}});
    let page = format!("/approvals/{}", id(&agent.posts("approvals", said).await));
    let html = browser.get(&page).await.body;
    assert!(
        text(&html).contains("The agent’s own text names an address that leads to “evil.example”")
    );
    for part in [
        "that is sent there\">paypal.com@</mark><strong>evil.example</strong>",
        ">bank.com (only words)</mark>](https://<strong>evil.example</strong>)",
        "https://<strong>bank.com</strong>\\@evil.example/x",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
}

#[tokio::test]
async fn the_table_of_alike_requests_never_drops_how_much_and_to_whom() {
    let h = Harness::start().await;
    let agent = h.agent("payer").await;
    for n in 1..=4 {
        let mut params = json!({"a1": n, "a2": n, "a3": n, "a4": n, "a5": n, "a6": n, "total": n, "to": format!("p{n}")});
        if n == 4 {
            params["zip"] = json!("x");
            params.as_object_mut().unwrap().remove("a1");
        }
        asks(&agent, params).await;
    }
    let mut browser = h.signed_in().await;
    let html = browser.get("/approvals").await.body;
    let head = html.split_once("<thead>").unwrap().1.split_once("</thead>").unwrap().0;
    let columns = text(head);
    assert!(columns.starts_with("Pick “total” “to” “a1” “a2” “a3” Time left"), "{columns}");
    let shown = text(&html);
    let left_out = "4 more differ: “a4”, “a5”, “a6”, “zip”; open a request to see them.";
    assert!(shown.contains(left_out), "{shown}");
    assert!(html.contains("<span class=\"quiet\">not given</span>"), "{html}");
    assert!(!html.contains("dir=\"ltr\">–</q>"), "{html}");
}

#[tokio::test]
async fn a_cost_that_was_not_stated_is_no_cost_of_nothing() {
    let h = Harness::start().await;
    let agent = h.agent("payer").await;
    let mut browser = h.signed_in().await;
    let page = format!("/approvals/{}", asks(&agent, json!({"to": "x"})).await);
    let shown = seen(&mut browser, &page).await;
    assert!(
        shown.contains("If you say yes No cost, or none is stated. The agent is told"),
        "{shown}"
    );
    let form = browser.get(&format!("{page}/edit")).await.body;
    assert!(form.contains("name=\"edit.cost.usd\" value=\"\""), "{form}");
    let sent = [("edit.params.to", "y"), ("edit.cost.usd", "")];
    let review = browser.post(&format!("{page}/edit"), &sent).await;
    assert_eq!(review.status, 200, "{}", review.body);
    assert!(!review.body.contains("cost.usd"), "it is left as it is: {}", review.body);
    let stated = [("edit.cost.usd", "3")];
    let review = text(&browser.post(&format!("{page}/edit"), &stated).await.body);
    assert!(review.contains("“cost.usd” not there “3”"), "{review}");
    assert!(review.contains("3 USD, as root@example.com changed it"), "{review}");
}

#[tokio::test]
async fn the_headline_follows_what_became_of_the_request() {
    let h = Harness::start().await;
    let agent = h.agent("payer").await;
    let mut browser = h.signed_in().await;
    let one = asks(&agent, json!({"to": "x"})).await;
    let page = format!("/approvals/{one}");
    let with = "“bank.pay” with the one parameter below";
    assert!(seen(&mut browser, &page).await.contains(&format!("payer wants to run {with}.")));
    h.admin.approves(&one).await;
    assert!(seen(&mut browser, &page).await.contains(&format!("payer may run {with}.")));
    agent.posts(&format!("approvals/{one}/redeem"), json!({"params": {"to": "x"}})).await;
    assert!(seen(&mut browser, &page).await.contains(&format!("payer runs {with}.")));
    agent.posts(&format!("approvals/{one}/result"), json!({"status": "succeeded"})).await;
    let shown = seen(&mut browser, &page).await;
    assert!(shown.contains(&format!("payer ran {with}.")), "{shown}");
    assert!(!shown.contains("wants to"), "{shown}");
    let other = asks(&agent, json!({"to": "y"})).await;
    h.admin.denies(&other, "no").await;
    let shown = seen(&mut browser, &format!("/approvals/{other}")).await;
    assert!(shown.contains(&format!("payer would have run {with}; it was denied.")), "{shown}");
}

#[tokio::test]
async fn production_is_a_word_of_its_own() {
    let h = Harness::start().await;
    let agent = h.agent("ops").await;
    let mut browser = h.signed_in().await;
    for (value, touches) in [
        ("reproduction", false),
        ("product", false),
        ("productions/7", false),
        ("non-prod", false),
        ("pre_production", false),
        ("prod-db-1", true),
        ("/srv/production/app", true),
        ("Production", true),
    ] {
        let page = format!("/approvals/{}", asks(&agent, json!({"place": value})).await);
        let shown = seen(&mut browser, &page).await;
        assert_eq!(shown.contains("It touches production"), touches, "{value}: {shown}");
    }
}

#[tokio::test]
async fn an_edited_version_is_marked_as_the_request_is() {
    let h = Harness::start().await;
    let agent = h.agent("payer").await;
    for amount in [20, 30, 40] {
        let before = asks(&agent, json!({"amount": amount, "account": "DE1"})).await;
        h.admin.approves(&before).await;
    }
    let one = asks(&agent, json!({"amount": 30, "account": "DE1"})).await;
    let mut browser = h.signed_in().await;
    let edits = [("edit.params.amount", "30000"), ("edit.params.account", "XX9")];
    browser.get(&format!("/approvals/{one}/edit")).await;
    let review = browser.post(&format!("/approvals/{one}/edit"), &edits).await.body;
    let shown = text(&review);
    for part in [
        "1000× its median of 30",
        "Unlike what was approved before: “account” (first time this “account”)",
        "number 30,000",
    ] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    for part in ["data-review", &format!("data-id=\"{one}\""), "data-changed hidden"] {
        assert!(review.contains(part), "{part} in {review}");
    }
}

#[tokio::test]
async fn an_error_shows_no_backticks() {
    let h = Harness::start().await;
    let mut browser = h.signed_in().await;
    let page = browser.get("/approvals?risk=%3Cb%3Ex").await;
    assert_eq!(page.status, 422);
    assert!(page.body.contains("<code>&#60;b&#62;x</code> is none of low"), "{}", page.body);
    assert!(!page.body.contains('`'), "{}", page.body);
}

#[tokio::test]
async fn what_is_hidden_is_named_with_its_length_and_warns_where_it_could_be_a_receiver() {
    let h = Harness::start().await;
    let agent = h.agent("payer").await;
    let mut browser = h.signed_in().await;
    let params = json!({"amount": 10, "payee_token": "DE02120300000000202051", "pin": 4711});
    let page = format!("/approvals/{}", asks(&agent, params).await);
    let shown = seen(&mut browser, &page).await;
    for part in [
        "Warning: Hidden here, and sent along all the same: “payee_token” (22 characters), “pin” (number, 4 characters); a receiver could stand there: ask the agent.",
        "hidden: a secret of 22 characters",
    ] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    let page = format!("/approvals/{}", asks(&agent, json!({"api_key": "k", "n": 1})).await);
    let shown = seen(&mut browser, &page).await;
    assert!(shown.contains("Hidden here, and sent along all the same: “api_key” (1 character)."));
    assert!(!shown.contains("Warning: Hidden"), "{shown}");
}

#[tokio::test]
async fn amounts_are_named_however_they_are_written_and_ids_are_none() {
    let h = Harness::start().await;
    let agent = h.agent("payer").await;
    let mut browser = h.signed_in().await;
    let params = json!({
        "amount_text": "1.000,50", "currency": "EUR", "value": 7000, "account_id": 1_234_567_890,
        "limit_price": "1.000"
    });
    let page = format!("/approvals/{}", asks(&agent, params).await);
    let shown = seen(&mut browser, &page).await;
    for part in [
        "of “1.000,50” (that is 1000.50) “EUR”",
        "It also names what reads like an amount: “limit_price” is “1.000”, “value” is 7000.",
        "The amount “1.000” in “limit_price” can mean 1.000 or 1000: ask which.",
        "1234567890",
    ] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    assert!(!shown.contains("1,234,567,890"), "{shown}");
    let yen = json!({"amount": 5000, "currency": "JPY"});
    let page = format!("/approvals/{}", asks(&agent, yen).await);
    let shown = seen(&mut browser, &page).await;
    assert!(shown.contains("of 5000 “JPY”"), "{shown}");
}

#[tokio::test]
async fn where_to_look_is_told_by_what_a_request_carries() {
    let h = Harness::start().await;
    let agent = h.agent("payer").await;
    let mut browser = h.signed_in().await;
    let (money, others) = ("Money: do amount", "Others will read it");
    let cases = [
        ("ledger.post", json!({"amount": 5}), json!({}), vec![money]),
        ("payment.send", json!({"amount": 5, "iban": "DE1", "text": "x"}), json!({}), vec![money]),
        ("stripe.refund", json!({"charge": "ch_3Nv0FGQ9"}), json!({}), vec![money]),
        ("bank.transfer", json!({"iban": "DE1"}), json!({}), vec![money]),
        ("battery.charge", json!({"percent": 80}), json!({}), vec![]),
        ("battery.charge", json!({"charge": 80}), json!({}), vec![]),
        ("call.transfer", json!({"to": "desk"}), json!({}), vec![]),
        ("hotel.credit", json!({"amount": "l00"}), json!({}), vec![money]),
        ("news.post", json!({"heading": "x"}), json!({}), vec![others]),
        ("invoice.mail", json!({"amount": 5}), json!({}), vec![money, others]),
        ("ledger.book", json!({"total": "5 EUR"}), json!({}), vec![money]),
        ("image.make", json!({"text": "x"}), json!({"cost": {"usd": "3"}}), vec![money]),
        ("crm.mail.send", json!({"to": "a@x.example"}), json!({}), vec![others]),
        ("crm.note", json!({"url": "https://x.example", "body": "x"}), json!({}), vec![others]),
        ("crm.note", json!({"to": "a@x.example"}), json!({}), vec![others]),
        (
            "crm.note",
            json!({"side": 1}),
            json!({"side_effects": ["mails her"]}),
            vec!["It does more"],
        ),
        ("crm.note", json!({"memo": "x", "url": "https://x.example"}), json!({}), vec![]),
    ];
    for (action, params, mut ask, expected) in cases {
        ask["action"] = json!(action);
        ask["params"] = params;
        let page = format!("/approvals/{}", id(&agent.posts("approvals", ask.clone()).await));
        let shown = seen(&mut browser, &page).await;
        for line in [money, others, "It does more"] {
            assert_eq!(shown.contains(line), expected.contains(&line), "{line}: {ask} {shown}");
        }
    }
}

#[tokio::test]
async fn an_address_beside_what_is_sent_is_a_receiver() {
    let h = Harness::start().await;
    let agent = h.agent("payer").await;
    let mut browser = h.signed_in().await;
    let params =
        json!({"to": "lee@x.example", "callback_url": "https://evil.example", "body": "x"});
    let page = format!("/approvals/{}", asks(&agent, params).await);
    let shown = seen(&mut browser, &page).await;
    let told =
        "It also names what reads like a receiver: “callback_url” is “https:// evil.example ”.";
    assert!(shown.contains(told), "{shown}");
}

#[tokio::test]
async fn the_risk_says_where_it_comes_from() {
    let h = Harness::start().await;
    h.rates("medium").await;
    let agent = h.agent("payer").await;
    let mut browser = h.signed_in().await;
    let page = format!("/approvals/{}", asks(&agent, json!({"to": "x"})).await);
    let shown = seen(&mut browser, &page).await;
    let why = "Nothing rates this action; the setting “unrated_risk” says medium.";
    assert!(shown.contains(why), "{shown}");
    let ask = json!({"action": "bank.pay", "risk": "critical"});
    let page = format!("/approvals/{}", id(&agent.posts("approvals", ask).await));
    let shown = seen(&mut browser, &page).await;
    assert!(shown.contains("The agent itself says critical, which raises it"), "{shown}");
}
