//! The page of a webhook: what was sent, sending it again, and a test, without scripts.

use super::*;

#[tokio::test]
async fn what_was_sent_is_sent_again_from_the_page_and_the_page_says_how_that_went() {
    let h = Harness::start().await;
    let mut receiver = Receiver::start(Answers::With(503, "later")).await;
    let hook = Hook::add_for(&h, &receiver.url(), &["approval.denied"]).await;
    let agent = h.agent("support").await;
    h.admin.denies(&agent.asks(1).await, "no").await;
    receiver.gets().await;
    let delivery = hook.attempted(1).await;
    let page = format!("/webhooks/{}", hook.id);
    let again = format!("{page}/deliveries/{}/replay", delivery["id"].as_str().unwrap());
    let mut browser = h.signed_in().await;
    let seen = browser.get(&page).await.body;
    assert!(seen.contains("last answered 503"), "{seen}");
    let failed = browser.post(&again, &[]).await;
    assert!(failed.body.contains("Sent again, and not taken: answered 503."), "{}", failed.body);
    let mended = Receiver::start(Answers::With(200, "at last")).await;
    hook.changes(json!({"url": mended.url()})).await;
    let done = browser.post(&again, &[]).await;
    assert_eq!(done.status, 200);
    assert!(done.body.contains("Sent again: the receiver answered 200"), "{}", done.body);
    assert_eq!(mended.calls(), 1);
    browser.csrf = "forged".to_owned();
    assert_eq!(browser.post(&again, &[]).await.status, 403);
    assert_eq!(mended.calls(), 1);
}

#[tokio::test]
async fn a_test_is_sent_from_the_page_and_the_page_says_how_it_went() {
    let h = Harness::start().await;
    let mut receiver = Receiver::start(Answers::With(201, "<b>thanks</b>")).await;
    let hook = Hook::add(&h, &receiver.url()).await;
    let mut browser = h.signed_in().await;
    let page = format!("/webhooks/{}", hook.id);
    assert!(browser.get(&page).await.body.contains("Send a test"));
    let seen = browser.post(&format!("{page}/test"), &[]).await;
    assert!(seen.body.contains("The test answered 201"), "{}", seen.body);
    let framed = "<q class=\"said lines\" dir=\"ltr\">&#60;b&#62;thanks&#60;/b&#62;</q>";
    assert!(seen.body.contains(framed), "foreign words stand in a frame: {}", seen.body);
    let sent = receiver.gets().await;
    assert!(sent.is_signed_with(&hook.secret) && sent.body.to_string().contains("webhook.test"));
    h.person("vic@example.com", "auditor").await;
    let mut auditor = h.signed_in_as("vic@example.com").await;
    auditor.get("/approvals").await;
    assert_eq!(auditor.post(&format!("{page}/test"), &[]).await.status, 403);
    assert_eq!(receiver.calls(), 1);
}

#[tokio::test]
async fn an_address_that_is_refused_stays_in_the_form_with_why_and_how_it_is_opened() {
    let h = Harness::start().await;
    let hook = Hook::add(&h, "https://example.com/hook").await;
    let mut browser = h.signed_in().await;
    browser.get("/webhooks").await;
    let wrong = "http://169.254.169.254/latest?a=\"b\"";
    let sent = [("url", wrong), ("events", "approval.denied")];
    for place in ["/webhooks".to_owned(), format!("/webhooks/{}", hook.id)] {
        let seen = browser.post(&place, &sent).await;
        assert_eq!(seen.status, 422, "{place}");
        for expected in [
            r#"value="http://169.254.169.254/latest?a=&#34;b&#34;""#,
            r#"aria-describedby="wrong-url""#,
            r"<code>169.254.169.254</code> is not a public address; an operator can open it",
            r#"<code id="opens-it">countersign serve --allow-private-targets 169.254.169.254</code>"#,
            r#"value="approval.denied" checked"#,
        ] {
            assert!(seen.body.contains(expected), "{expected} on {place}: {}", seen.body);
        }
    }
    let seen = browser.post("/webhooks", &[("url", "ftp://example.com")]).await;
    assert!(seen.body.contains("can be called</span>") && !seen.body.contains("opens-it"));
    assert_eq!(h.admin.gets("webhooks").await["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_test_is_listed_under_what_was_sent() {
    let h = Harness::start().await;
    let receiver = Receiver::start(Answers::With(503, "no")).await;
    let hook = Hook::add(&h, &receiver.url()).await;
    let mut browser = h.signed_in().await;
    let page = format!("/webhooks/{}", hook.id);
    browser.get(&page).await;
    let seen = browser.post(&format!("{page}/test"), &[]).await;
    assert!(seen.body.contains("<code>webhook.test</code>"), "{}", seen.body);
    assert!(browser.get(&page).await.body.contains("last answered 503"));
}
