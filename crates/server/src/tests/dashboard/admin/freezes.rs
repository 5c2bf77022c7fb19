use futures_util::StreamExt as _;
use serde_json::json;

use crate::tests::Harness;

#[tokio::test]
async fn everything_is_frozen_from_a_page_and_every_page_says_so_until_it_goes_on() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    h.permits(&agent, "**", "allow").await;
    let mut browser = h.signed_in().await;
    let page = browser.get("/approvals").await;
    assert!(page.body.contains("href=\"/freezes\" data-stop"), "{}", page.body);
    assert!(!page.body.contains("is frozen</strong>"), "{}", page.body);
    browser.get("/freezes").await;

    let blank = [("scope", "all"), ("reason", " \u{200b}")];
    let refused = browser.post("/freezes", &blank).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("A reason is required; agents are told"), "{}", refused.body);
    assert_eq!(agent.checks("stripe.refund", 5).await["verdict"], "allow");

    let done = browser.post("/freezes", &[("scope", "all"), ("reason", "<b>alarm</b>")]).await;
    assert_eq!((done.status, done.location()), (303, "/freezes"));
    assert_eq!(agent.checks("stripe.refund", 5).await["reason_code"], "FROZEN");
    for path in ["/approvals", "/agents", "/audit", "/settings", "/account", "/menu"] {
        let page = browser.get(path).await.body;
        assert!(
            page.contains("<strong>Everything is frozen</strong> by root@example.com"),
            "{path}"
        );
        assert!(page.contains("&#60;b&#62;alarm&#60;/b&#62;"), "{path}: the reason is text");
    }

    let unsaid = browser.post("/freezes/lift", &[("scope", "all"), ("reason", "")]).await;
    assert_eq!(unsaid.status, 422);
    assert!(unsaid.body.contains("Say why it may go on"), "{}", unsaid.body);
    assert_eq!(agent.checks("stripe.refund", 5).await["reason_code"], "FROZEN");
    let lift = [("scope", "all"), ("reason", "it was a drill")];
    assert_eq!(browser.post("/freezes/lift", &lift).await.status, 303);
    assert_eq!(agent.checks("stripe.refund", 5).await["verdict"], "allow");
    assert!(!browser.get("/approvals").await.body.contains("is frozen</strong>"));
    let records = h.admin.gets("audit?newest=true&limit=50").await;
    let all = records["items"].as_array().unwrap();
    let lifted = all.iter().find(|record| record["kind"] == "freeze.lifted").unwrap();
    assert_eq!(lifted["data"], json!({"scope": "all", "reason": "it was a drill"}));
    let again = browser.post("/freezes/lift", &lift).await;
    assert_eq!(again.status, 422);
    assert!(again.body.contains("role=\"alert\""), "{}", again.body);
}

#[tokio::test]
async fn one_agent_is_paused_from_its_requests_and_its_page() {
    let h = Harness::start().await;
    let (agent, other) = (h.agent("support").await, h.agent("other").await);
    h.permits(&other, "**", "allow").await;
    let approval = agent.asks(50).await;
    let mut browser = h.signed_in().await;
    let request = browser.get(&format!("/approvals/{approval}")).await;
    assert!(
        request.body.contains("href=\"/freezes?agent=support\" data-pause"),
        "{}",
        request.body
    );
    h.admin.approves(&approval).await;
    let decided = browser.get(&format!("/approvals/{approval}")).await;
    assert!(
        decided.body.contains("data-pause"),
        "what was approved and has not run can be stopped"
    );
    let page = browser.get(&format!("/agents/{}", agent.id)).await;
    assert!(page.body.contains(&format!("/freezes?agent={}", agent.id)), "{}", page.body);
    let form = browser.get(&format!("/freezes?agent={}", agent.id)).await;
    assert!(form.body.contains("<option selected>support</option>"), "{}", form.body);

    let fields = [("scope", "agent"), ("name", "support"), ("reason", "it repeats itself")];
    assert_eq!(browser.post("/freezes", &fields).await.status, 303);
    let params = json!({"params": {"amount": 50}});
    let redeem = agent.is_refused(&format!("approvals/{approval}/redeem"), params).await;
    assert_eq!(redeem.0, 409, "{redeem:?}");
    assert_eq!(other.checks("stripe.refund", 5).await["verdict"], "allow");
    let page = browser.get(&format!("/agents/{}", agent.id)).await.body;
    assert!(page.contains("<strong>It is frozen</strong> by root@example.com"), "{page}");
    assert!(browser.get("/agents").await.body.contains("Frozen"), "the list says it as well");
    let list = browser.get("/freezes").await.body;
    assert!(list.contains("The agent support"), "{list}");
    let fields = [("scope", "agent"), ("name", agent.id.as_str()), ("reason", "mended")];
    assert_eq!(browser.post("/freezes/lift", &fields).await.status, 303);
    assert!(!browser.get("/agents").await.body.contains("Frozen"));
}

#[tokio::test]
async fn what_cannot_be_frozen_is_said_where_it_was_written() {
    let h = Harness::start().await;
    let mut browser = h.signed_in().await;
    browser.get("/freezes").await;
    for (scope, name, says) in [
        ("agent", "nobody", "nobody"),
        ("agent", "", "Choose the agent"),
        ("action", "", "Name the actions"),
        ("action", "a..b", "a..b"),
        ("other", "", "Say what is to be frozen"),
    ] {
        let fields = [("scope", scope), ("name", name), ("reason", "a good reason")];
        let page = browser.post("/freezes", &fields).await;
        assert_eq!(page.status, 422, "{scope} {name}");
        if scope != "other" {
            assert!(page.body.contains(says), "{scope} {name}: {}", page.body);
            assert!(page.body.contains("value=\"a good reason\""), "what was written is kept");
        }
    }
    assert_eq!(h.admin.gets("freezes").await["total"], 0);
}

#[tokio::test]
async fn approvers_freeze_and_only_admins_let_go_on() {
    let h = Harness::start().await;
    for (role, freezes) in [("viewer", false), ("auditor", false), ("approver", true)] {
        let email = format!("{role}@example.com");
        h.person(&email, role).await;
        let mut browser = h.signed_in_as(&email).await;
        let page = browser.get("/freezes").await;
        assert_eq!(page.status, 200, "{role}");
        assert_eq!(page.body.contains("Freeze everything"), freezes, "{role}");
        let fields = [("scope", "action"), ("name", "stripe.**"), ("reason", "audit")];
        let status = browser.post("/freezes", &fields).await.status;
        assert_eq!(status, if freezes { 303 } else { 403 }, "{role}");
        let page = browser.get("/freezes").await.body;
        assert!(!page.contains("Let it go on…"), "{role}");
        assert_eq!(browser.post("/freezes/lift", &fields).await.status, 403, "{role}");
    }
    assert_eq!(h.admin.gets("freezes").await["total"], 1);
}

#[tokio::test]
async fn an_open_page_is_told_at_once_that_something_is_frozen_and_that_it_goes_on() {
    let h = Harness::start().await;
    let browser = h.signed_in().await;
    let mut stream = browser.streams("/live").await;
    let mut next = async || {
        let part = stream.next().await.unwrap().unwrap();
        String::from_utf8(part.to_vec()).unwrap()
    };
    assert!(next().await.contains("event: hello"));
    let all = json!({"scope": "all", "reason": "alarm"});
    h.admin.posts("freezes", all).await;
    let told = next().await;
    assert!(told.contains("event: freezes") && !told.contains("id:"), "{told}");
    let mut admin = h.signed_in().await;
    admin.get("/freezes").await;
    let lift = [("scope", "all"), ("reason", "it was a drill")];
    assert_eq!(admin.post("/freezes/lift", &lift).await.status, 303);
    assert!(next().await.contains("event: freezes"));
    let asked = h.agent("support").await.asks(1).await;
    let told = next().await;
    assert!(told.contains("approval.created") && told.contains(&asked), "{told}");
}
