use serde_json::json;

use crate::tests::Harness;
use crate::tests::harness::id;

const PAGES: &[&str] = &[
    "/approvals",
    "/approvals?view=all&sort=expires&risk=high&age=1d&q=refund",
    "/approvals/stats",
    "/agents",
    "/agents/support",
    "/people",
    "/account",
    "/keys",
    "/webhooks",
    "/settings",
    "/audit",
    "/audit/1",
    "/policies",
    "/policies/new?kind=Agent",
    "/policies/Budget/daily",
    "/policies/Budget/daily/edit",
    "/policies/Budget/daily/remove",
    "/budgets",
    "/grants",
    "/grants/images",
    "/tools",
    "/tools/send_mail",
    "/groups",
    "/freezes",
    "/freezes?agent=support",
    "/menu",
];

const DOCUMENTS: &str = "\
kind: Budget
name: daily
unit: usd
limit: 2000
window: day
---
kind: Grant
name: images
agents: [designer]
actions: [image.generate]
limit: {uses: 200, window: day}
---
kind: Tool
name: send_mail
action: mail.send
input_schema: {type: object, properties: {to: {type: string}}}
";

#[tokio::test]
async fn every_page_shows_and_none_changes_anything() {
    let h = Harness::start().await;
    h.applies(DOCUMENTS).await;
    let agent = h.agent("support").await;
    let approval = agent.asks(50).await;
    let mut browser = h.signed_in().await;
    let head =
        || async { h.admin.gets("audit?newest=true&limit=1").await["items"][0]["seq"].clone() };
    let before = head().await;
    let of_one = [
        format!("/approvals/{approval}"),
        format!("/approvals/{approval}/row"),
        format!("/approvals/{approval}/edit"),
        format!("/approvals/{approval}/allow-again"),
        format!("/approvals/several?id={approval}"),
    ];
    for path in PAGES.iter().map(|path| (*path).to_owned()).chain(of_one) {
        let page = browser.get(&path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        assert!(page.header("content-type").starts_with("text/html"), "{path}");
        assert!(page.header("content-security-policy").contains("script-src 'self'"), "{path}");
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
    }
    assert_eq!(head().await, before);
}

#[tokio::test]
async fn a_page_that_is_not_there_is_a_page_with_the_id_that_the_log_knows() {
    let h = Harness::start().await;
    let mut browser = h.signed_in().await;
    for path in ["/approvals/apr_00000000000000000000000000", "/approvals/x", "/nowhere"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(
            page.header("content-security-policy").contains("frame-ancestors 'none'"),
            "{path}"
        );
        let id = page.header("x-request-id");
        assert!(!id.is_empty() && page.body.contains(id), "{path}: {}", page.body);
    }
    let refused = browser.get("/approvals?risk=hi").await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("<code>hi</code> is none of low, medium, high, critical"));
}

#[tokio::test]
async fn whoever_is_not_signed_in_sees_nothing_and_no_key_opens_a_page() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let approval = agent.asks(50).await;
    let mut stranger = h.browser();
    for path in
        PAGES.iter().map(|path| (*path).to_owned()).chain([format!("/approvals/{approval}")])
    {
        let seen = stranger.get(&path).await;
        assert_eq!(seen.status, 303, "{path}");
        assert!(seen.location().starts_with("/sign-in?next="), "{path}");
        let bearer = format!("Bearer {}", agent.token);
        let headers = [("accept", "text/html"), ("authorization", bearer.as_str())];
        assert_eq!(stranger.sends("GET", &path, &headers, String::new()).await.status, 303);
    }
}

#[tokio::test]
async fn files_are_kept_for_ever_under_the_hash_of_what_they_hold() {
    let h = Harness::start().await;
    let mut browser = h.signed_in().await;
    let page = browser.get("/approvals").await;
    let (_, rest) = page.body.split_once("href=\"/static/").unwrap();
    let version = rest.split('/').next().unwrap().to_owned();
    for name in ["countersign.css", "main.js", "keys.js", "icon.svg"] {
        let file = browser.get(&format!("/static/{version}/{name}")).await;
        assert_eq!(file.status, 200, "{name}");
        assert!(file.header("cache-control").contains("immutable"), "{name}");
        assert!(file.body.len() < 46_000, "{name} has {} bytes", file.body.len());
    }
    for path in ["/static/0000000000000000/main.js".to_owned(), format!("/static/{version}/x.js")] {
        assert_eq!(browser.get(&path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn agents_are_paused_and_permitted_from_their_page() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let mut browser = h.signed_in().await;
    browser.get("/agents/support").await;
    let path = format!("/agents/{}", agent.id);
    let permission = [("action", "stripe.*"), ("effect", "allow"), ("max_amount", "100")];
    let seen = browser.post(&format!("{path}/permissions"), &permission).await;
    assert_eq!(seen.location(), format!("{path}#permissions"));
    assert_eq!(agent.checks("stripe.refund", 99).await["verdict"], "allow");
    browser.post(&format!("{path}/status"), &[("status", "inactive")]).await;
    assert_eq!(agent.checks("stripe.refund", 99).await["reason_code"], "AGENT_INACTIVE");
    let made = browser.post("/agents", &[("name", "fresh"), ("trust", "standard")]).await;
    assert_eq!(made.status, 200);
    let (_, rest) = made.body.split_once("csa_").expect("its key is shown once");
    let key = format!("csa_{}", rest.split('<').next().unwrap());
    let caller = h.caller(&json!({"id": "x", "key": key}), "key");
    assert_eq!(caller.gets("me").await["kind"], "agent");
    assert!(!browser.get("/agents").await.body.contains(&key));
}

#[tokio::test]
async fn what_an_agent_hides_is_marked_everywhere() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let ask = json!({
        "action": "x.y", "risk": "low", "summary": "a\u{202e}b<script>",
        "reasoning": "p\u{430}ypal\u{200b}", "if_denied": "\u{2028}", "side_effects": ["\u{feff}"],
        "params": {"k\u{200d}": "\u{202e}"}, "context": {"\u{2060}": "\u{e0041}"},
        "links": [{"title": "\u{202e}", "url": "https://a.example/\u{200b}"}],
        "responses": [{"name": "n", "title": "\u{200b}", "text": "\u{202d}ok"}],
    });
    let approval = id(&agent.posts("approvals", ask).await);
    let mut browser = h.signed_in().await;
    for path in [format!("/approvals/{approval}"), "/approvals".into(), "/audit".into()] {
        let page = browser.get(&path).await.body;
        // What a field or the address of a link carries is not shown as text.
        let shown: String =
            page.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect();
        let hidden = [
            '\u{202e}',
            '\u{200b}',
            '\u{200d}',
            '\u{2060}',
            '\u{2028}',
            '\u{feff}',
            '\u{e0041}',
            '\u{202d}',
            '\u{430}',
        ];
        assert!(!shown.contains(hidden), "{path}: {shown}");
        assert!(!page.contains("<script>"), "{path}");
    }
}
