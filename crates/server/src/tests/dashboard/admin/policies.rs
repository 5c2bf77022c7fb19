use axum::http::Method;
use countersign_domain::policy::document::DocumentKind;

use crate::tests::Harness;
use crate::tests::sign_in::{Browser, Seen};

const REFUNDS: &str = "\
kind: Policy
name: refunds
rules:
  - name: small
    actions: [stripe.refund]
    when: params.amount <= 100 # as finance said
    verdict: allow
";

impl Browser {
    /// Sends what is typed into the editor of a document that was opened, for looking at.
    async fn looks(&mut self, path: &str, text: &str, more: &[(&str, &str)]) -> Seen {
        let opened = self.get(path).await;
        assert_eq!(opened.status, 200, "{path}: {}", opened.body);
        let field = |name: &str| unescaped(&opened.field(name).unwrap_or_default());
        let (kind, name, base, seen) = (field("kind"), field("name"), field("base"), field("seen"));
        let mut fields = vec![
            ("kind", kind.as_str()),
            ("name", name.as_str()),
            ("base", base.as_str()),
            ("seen", seen.as_str()),
            ("text", text),
        ];
        fields.extend(more);
        self.post("/policies/review", &fields).await
    }

    /// Presses the button under what was looked at.
    async fn applies(&mut self, looked: &Seen) -> Seen {
        let (_, form) = looked.body.split_once("action=\"/policies/apply\"").expect("the button");
        let form = form.split("</form>").next().unwrap();
        let fields: Vec<(String, String)> = form
            .split("<input type=\"hidden\" name=\"")
            .skip(1)
            .map(|input| {
                let (name, rest) = input.split_once("\" value=\"").unwrap();
                (name.to_owned(), unescaped(rest.split('"').next().unwrap()))
            })
            .filter(|(name, _)| name != "csrf")
            .collect();
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        self.post("/policies/apply", &fields).await
    }
}

/// The text of an attribute.
fn unescaped(text: &str) -> String {
    let mut text = text.to_owned();
    for (entity, sign) in
        [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")]
    {
        text = text.replace(entity, sign);
    }
    text
}

/// The YAML of a document; `None` if it is not in force.
async fn in_force(h: &Harness, kind: &str, name: &str) -> Option<String> {
    let (status, answer) =
        h.admin.sends(Method::GET, &format!("policies/{kind}/{name}"), None).await;
    status.is_success().then(|| answer["yaml"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn documents_are_listed_with_the_hash_and_shown_as_they_were_written() {
    let h = Harness::start().await;
    h.applies(REFUNDS).await;
    let mut browser = h.signed_in().await;
    let list = browser.get("/policies").await.body;
    for part in ["sha256:", "/policies/Policy/refunds", "1 rule: 1 allow", "root@example.com"] {
        assert!(list.contains(part), "{part} in {list}");
    }
    let page = browser.get("/policies/Policy/refunds").await.body;
    assert!(page.contains("params.amount &#60;= 100 # as finance said"), "{page}");
    assert!(page.contains("id=\"line-7\"") && !page.contains("id=\"line-8\""), "{page}");
    let export = browser.get("/policies/export").await;
    assert_eq!(export.header("content-type"), "application/yaml");
    assert!(export.body.contains("# as finance said"));
    for gone in ["/policies/Policy/nothing", "/policies/Nothing/refunds"] {
        assert_eq!(browser.get(gone).await.status, 404, "{gone}");
    }
}

#[tokio::test]
async fn a_change_is_looked_at_with_its_difference_tests_and_past_and_only_then_applied() {
    let h = Harness::start().await;
    h.applies(REFUNDS).await;
    let agent = h.agent("support").await;
    for amount in [50, 90, 500] {
        agent.checks("stripe.refund", amount).await;
    }
    let mut browser = h.signed_in().await;
    let edited = REFUNDS.replace("<= 100", "<= 60");
    let tests = "kind: PolicyTest\nname: sixty-one asks\ngiven: {agent: x, action: stripe.refund, params: {amount: 61}}\nexpect: {verdict: escalate}\n---\nkind: PolicyTest\nname: wrong <b>on purpose</b>\ngiven: {agent: x, action: stripe.refund, params: {amount: 61}}\nexpect: {verdict: allow}\n";
    let looked = browser.looks("/policies/Policy/refunds/edit", &edited, &[("tests", tests)]).await;
    assert_eq!(looked.status, 200, "{}", looked.body);
    let page = &looked.body;
    for part in [
        "<li class=\"gone\">",
        "params.amount &#60;= 60",
        "sixty-one asks",
        "1 of 2 fail",
        "expected allow, it is escalate",
        "wrong &#60;b&#62;on purpose",
        "Of 3 checks, 1 would come to something else than by what is in force.",
        ">runs</span>",
        ">asks people</span>",
        "{&#34;amount&#34;:90}",
        "Apply 1 change although a test fails",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert_eq!(in_force(&h, "policy", "refunds").await.unwrap().trim(), REFUNDS.trim());
    let done = browser.applies(&looked).await;
    assert_eq!((done.status, done.location()), (303, "/policies/Policy/refunds"), "{}", done.body);
    assert_eq!(in_force(&h, "policy", "refunds").await.unwrap().trim(), edited.trim());
    assert_eq!(agent.checks("stripe.refund", 91).await["verdict"], "escalate");
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_line_and_what_was_typed_is_kept() {
    let h = Harness::start().await;
    h.applies(REFUNDS).await;
    let mut browser = h.signed_in().await;
    let typed = REFUNDS.replace("verdict: allow", "verdct: allow");
    let tests = "kind: PolicyTest\nname: t\ngiven: {agent: a, action: b, parms: {}}\nexpect: {verdict: allow}\n";
    let looked = browser.looks("/policies/Policy/refunds/edit", &typed, &[("tests", tests)]).await;
    assert_eq!(looked.status, 422);
    let page = &looked.body;
    for part in [
        "<a href=\"#line-7\">Line 7, column 5</a>",
        "<mark class=\"at\">verdct</mark>",
        "Did you mean <code>verdict</code>?",
        "Tests, line 3",
        "Did you mean <code>params</code>?",
        "verdct: allow\n</textarea>",
        "parms: {}}",
        "aria-invalid=\"true\"",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(!page.contains("action=\"/policies/apply\""), "there is nothing to apply");
    let forged = [("text", typed.as_str()), ("seen", &looked.field("seen").unwrap())];
    let refused = browser.post("/policies/apply", &forged).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("Line 7, column 5"), "{}", refused.body);
    assert_eq!(in_force(&h, "policy", "refunds").await.unwrap().trim(), REFUNDS.trim());
}

#[tokio::test]
async fn what_someone_else_changed_meanwhile_is_shown_and_nothing_is_applied() {
    let h = Harness::start().await;
    h.applies(REFUNDS).await;
    let mut browser = h.signed_in().await;
    let mine = REFUNDS.replace("<= 100", "<= 60");
    let looked = browser.looks("/policies/Policy/refunds/edit", &mine, &[]).await;
    let theirs = REFUNDS.replace("<= 100", "<= 20");
    h.applies(&theirs).await;
    let refused = browser.applies(&looked).await;
    assert_eq!(refused.status, 409, "{}", refused.body);
    for part in [
        "Nothing was applied",
        "This document was changed since you opened it by root@example.com",
        "What was changed meanwhile",
        "params.amount &#60;= 20",
        "params.amount &#60;= 60",
    ] {
        assert!(refused.body.contains(part), "{part} in {}", refused.body);
    }
    assert_eq!(in_force(&h, "policy", "refunds").await.unwrap().trim(), theirs.trim());
    // What is shown now is as of now: it can be applied on purpose.
    assert_eq!(browser.applies(&refused).await.status, 303);
    assert_eq!(in_force(&h, "policy", "refunds").await.unwrap().trim(), mine.trim());
}

#[tokio::test]
async fn a_freeze_in_between_counts_as_a_change() {
    let h = Harness::start().await;
    h.applies(REFUNDS).await;
    let mut browser = h.signed_in().await;
    let mine = REFUNDS.replace("<= 100", "<= 60");
    let looked = browser.looks("/policies/Policy/refunds/edit", &mine, &[]).await;
    h.admin.posts("freezes", serde_json::json!({"scope": "all", "reason": "alarm"})).await;
    let refused = browser.applies(&looked).await;
    assert_eq!(refused.status, 409);
    assert!(refused.body.contains("and this one is not"), "{}", refused.body);
}

#[tokio::test]
async fn documents_are_made_and_removed_unless_others_need_them() {
    let h = Harness::start().await;
    let mut browser = h.signed_in().await;
    for kind in DocumentKind::ALL {
        let page = browser.get(&format!("/policies/new?kind={}", kind.as_str())).await;
        assert!(page.body.contains(&format!("kind: {}", kind.as_str())), "{}", page.body);
    }
    let text = "kind: Group\nname: finance\nmembers: [root@example.com]\n---\nkind: Policy\nname: p\nrules:\n  - name: r\n    actions: [a.b]\n    verdict: escalate\n    approval: {stages: [{name: s, groups: [finance]}]}\n";
    let looked = browser.looks("/policies/new?kind=Group", text, &[]).await;
    assert!(looked.body.contains("Apply 2 changes"), "{}", looked.body);
    assert_eq!(browser.applies(&looked).await.location(), "/policies");
    let needed = browser.get("/policies/Group/finance/remove").await.body;
    assert!(
        needed.contains("Nothing was applied") && !needed.contains("Remove finance</button>"),
        "{needed}"
    );
    // What is noteworthy already is no news; what becomes so is.
    h.applies("kind: Group\nname: unused\nmembers: [root@example.com]\n---\nkind: Agent\nname: designer\n---\nkind: Grant\nname: g\nagents: [designer]\nactions: [image.make]\nlimit: {uses: 2}\n---\nkind: Grant\nname: nobodys\nagents: [nobody-here]\nactions: [image.make]\nlimit: {uses: 2}\n").await;
    let page = browser.get("/policies/Policy/p/remove").await;
    assert!(!page.body.contains("nobody-here"), "{}", page.body);
    assert!(page.body.contains("Remove p</button>"), "{}", page.body);
    assert!(page.body.contains("<li class=\"gone\">"), "{}", page.body);
    let old = format!("sha256:{}", "0".repeat(64));
    let refused = browser.post("/policies/Policy/p/remove", &[("seen", old.as_str())]).await;
    assert_eq!(refused.status, 409);
    assert!(in_force(&h, "policy", "p").await.is_some());
    let seen = page.field("seen").unwrap();
    let done = browser.post("/policies/Policy/p/remove", &[("seen", seen.as_str())]).await;
    assert_eq!(done.location(), "/policies");
    assert_eq!(in_force(&h, "policy", "p").await, None);
}

#[tokio::test]
async fn everyone_reads_documents_and_only_admins_write_them() {
    let h = Harness::start().await;
    h.applies(REFUNDS).await;
    h.person("ann@example.com", "approver").await;
    let mut browser = h.signed_in_as("ann@example.com").await;
    let page = browser.get("/policies/Policy/refunds").await;
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("/policies/Policy/refunds/edit"), "{}", page.body);
    for path in
        ["/policies/new", "/policies/Policy/refunds/edit", "/policies/Policy/refunds/remove"]
    {
        assert_eq!(browser.get(path).await.status, 403, "{path}");
    }
    for path in ["/policies/review", "/policies/apply", "/policies/Policy/refunds/remove"] {
        let seen = browser.post(path, &[("text", REFUNDS), ("seen", "x")]).await;
        assert_eq!(seen.status, 403, "{path}");
    }
}
