use serde_json::Value;

use crate::tests::Harness;

#[tokio::test]
async fn an_agent_is_shown_with_its_manifest_and_with_what_became_of_its_requests() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let mut browser = h.signed_in().await;
    let before = browser.get("/agents/support").await.body;
    assert!(!before.contains("Its manifest"), "{before}");
    h.applies(
        "kind: Agent\nname: support\nmanifest:\n  actions: [stripe.refund]\n  requires_approval: [crm.**]\n  \
         amount: {cap: 5000, escalate_above: 200}\n  counterparty: {param: customer, escalate_new: true}\n  \
         hours: {days: mon-fri, from: \"08:00\", to: \"20:00\", timezone: Europe/Berlin}\n  rate: {per_hour: 3}\n",
    )
    .await;
    let decided = agent.asks(50).await;
    h.admin.denies(&decided, "not this one").await;
    let page = browser.get("/agents/support").await.body;
    for part in [
        "Its manifest",
        "stripe.refund",
        "crm.**",
        "in amount: more than 200 needs a person, more than 5000 is refused",
        "named by customer; whoever is new needs a person",
        "08:00 to 20:00 in Europe/Berlin",
        "3 in an hour",
        &format!("row-{decided}"),
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
}

#[tokio::test]
async fn tools_show_their_parameters_and_which_of_them_are_secret() {
    let h = Harness::start().await;
    let mut browser = h.signed_in().await;
    assert!(browser.get("/tools").await.body.contains("No tool is registered"));
    h.applies(
        "kind: Tool\nname: send_invoice\naction: billing.invoice.send\ndescription: Sends <b>an invoice</b>\nsensitive: true\nrisk: high\n\
         annotations: {read_only: false, destructive: false, idempotent: true}\n\
         input_schema: {type: object, required: [customer], additionalProperties: false, properties: {customer: {type: string, maxLength: 40}, token: {type: string, x-sensitive: true}}}\n",
    )
    .await;
    let list = browser.get("/tools").await.body;
    for part in ["/tools/send_invoice", "(1 secret)", "always asks people", "High"] {
        assert!(list.contains(part), "{part} in {list}");
    }
    let page = browser.get("/tools/send_invoice").await.body;
    for part in [
        "Sends &#60;b&#62;an invoice",
        "at most 40 characters",
        "secret, never shown",
        "others are refused",
        "changes things",
        "twice is as once",
        "/policies/Tool/send_invoice/edit",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert_eq!(browser.get("/tools/nothing").await.status, 404);
}

#[tokio::test]
async fn groups_show_who_is_in_them_by_whose_word_and_which_rules_ask_them() {
    let h = Harness::start().await;
    let ann =
        serde_json::json!({"email": "ann@example.com", "role": "approver", "groups": ["finance"]});
    h.admin.posts("users", ann).await;
    h.person("vic@example.com", "viewer").await;
    h.applies(
        "kind: Group\nname: finance\nmembers: [root@example.com]\n---\nkind: Group\nname: lonely\nmembers: [vic@example.com]\n---\n\
         kind: Policy\nname: p\nrules:\n  - name: large\n    actions: [a.b]\n    verdict: escalate\n    \
         approval: {stages: [{name: s, groups: [finance]}], on_timeout: {escalate: [{after: 2h, groups: [lonely]}]}}\n",
    )
    .await;
    let mut browser = h.signed_in().await;
    let page = browser.get("/groups").await.body;
    for part in [
        "root@example.com <span class=\"quiet small\">by the document</span>",
        "ann@example.com <span class=\"quiet small\">by hand</span>",
        "vic@example.com <span class=\"quiet small\">by the document; may not answer</span>",
        "<code>p/large</code>",
        "nobody in it can answer",
        "/policies/Group/finance/edit",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert_eq!(page.matches("nobody in it can answer").count(), 1, "{page}");
}

#[tokio::test]
async fn people_are_invited_from_their_page() {
    let h = Harness::start().await;
    let mut browser = h.signed_in().await;
    browser.get("/people").await;
    let fields = [("email", "new@example.com"), ("role", "approver"), ("groups", "finance, ops")];
    let page = browser.post("/people/invite", &fields).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let (_, rest) = page.body.split_once("id=\"fresh-secret\">").expect("the link is shown once");
    let link = rest.split('<').next().unwrap();
    let path = link.strip_prefix("http://countersign.test").expect("an address of this server");
    let mut new = h.browser();
    assert!(new.get(path).await.body.contains("new@example.com"));
    assert_eq!(new.post(path, &[]).await.status, 303);
    let people = h.admin.gets("users").await;
    let all = people["items"].as_array().unwrap();
    let made = all.iter().find(|one| one["email"] == "new@example.com").unwrap();
    assert_eq!(
        (&made["role"], &made["groups"]),
        (&"approver".into(), &serde_json::json!(["finance", "ops"]))
    );
    h.person("ann@example.com", "approver").await;
    let mut approver = h.signed_in_as("ann@example.com").await;
    approver.get("/people").await;
    assert_eq!(approver.post("/people/invite", &fields).await.status, 403);
}

#[tokio::test]
async fn a_setting_that_a_document_says_is_changed_there_and_the_others_here() {
    let h = Harness::start().await;
    h.applies("kind: Defaults\nexpires_in: 3h\n").await;
    let mut browser = h.signed_in().await;
    let page = browser.get("/settings").await.body;
    assert!(page.contains("name=\"expires_in\" disabled value=\"3h\""), "{page}");
    assert!(page.contains("/policies/Defaults/defaults"), "{page}");
    let fields = [
        ("use_within", "2h"),
        ("denial_cooldown", "0"),
        ("self_approval", "low"),
        ("pending_per_agent", "7"),
        ("unrated_risk", "medium"),
    ];
    assert_eq!(browser.post("/settings", &fields).await.status, 303);
    let settings = h.admin.gets("settings").await;
    assert_eq!(settings["pending_per_agent"], 7, "{settings}");
    assert_eq!(settings["unrated_risk"], "medium", "{settings}");
    let page = browser.get("/settings").await.body;
    assert!(page.contains("value=\"3h\"") && page.contains("value=\"2h\""), "{page}");
}

#[tokio::test]
async fn an_admin_makes_a_group_and_changes_its_members_unless_a_document_names_them() {
    let h = Harness::start().await;
    h.person("ann@example.com", "approver").await;
    h.person("ben@example.com", "approver").await;
    let mut browser = h.signed_in().await;
    browser.get("/groups").await;
    let none = browser.post("/groups", &[("group", "finance")]).await;
    assert_eq!(none.status, 422, "{}", none.body);
    assert!(
        none.body.contains("Choose who comes or goes") && none.body.contains("value=\"finance\"")
    );
    let made = [("group", "finance"), ("come", "ann@example.com"), ("come", "ben@example.com")];
    assert_eq!(browser.post("/groups", &made).await.status, 303);
    let groups = async |h: &Harness| {
        let people = h.admin.gets("users").await;
        let of = |one: &serde_json::Value| (one["email"].to_string(), one["groups"].to_string());
        people["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(of)
            .collect::<std::collections::BTreeMap<_, _>>()
    };
    assert_eq!(groups(&h).await["\"ann@example.com\""], "[\"finance\"]");
    let page = browser.get("/groups").await.body;
    assert!(page.contains("Members…") && page.contains("by hand"), "{page}");
    let gone = [("group", "finance"), ("go", "ben@example.com")];
    assert_eq!(browser.post("/groups", &gone).await.status, 303);
    assert_eq!(groups(&h).await["\"ben@example.com\""], "[]");
    let changes = h.admin.gets("audit?kind=person.changed").await;
    assert_eq!(
        changes["items"].as_array().unwrap().len(),
        3,
        "one record for each person: {changes}"
    );

    h.applies("kind: Group\nname: finance\nmembers: [root@example.com]\n").await;
    let page = browser.get("/groups").await.body;
    assert!(page.contains("managed by documents"), "{page}");
    let refused =
        browser.post("/groups", &[("group", "finance"), ("come", "ben@example.com")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("names its members; change it there"), "{}", refused.body);
    let gone = [("group", "finance"), ("go", "ann@example.com")];
    assert_eq!(browser.post("/groups", &gone).await.status, 303, "what was given by hand can go");
    for name in ["a,b", " ", &"x".repeat(61)] {
        let wrong = browser.post("/groups", &[("group", name), ("come", "ben@example.com")]).await;
        assert_eq!(wrong.status, 422, "{name}");
    }
    let mut approver = h.signed_in_as("ann@example.com").await;
    approver.get("/groups").await;
    assert_eq!(approver.post("/groups", &made).await.status, 403);
}

#[tokio::test]
async fn every_setting_that_holds_is_shown_with_where_it_comes_from() {
    let h = Harness::start().await;
    h.applies("kind: Defaults\nexpires_in: 3h\n").await;
    let mut browser = h.signed_in().await;
    let plain = |page: &str| page.replace("data-label=\"From\"", "");
    let page = plain(&browser.get("/settings").await.body);
    for (name, value, from) in
        [("listen", "127.0.0.1:7733", "default"), ("oidc_client_secret", "(set)", "environment")]
    {
        let row = format!("<code>{name}</code></th><td>{value}</td><td >{from}</td>");
        assert!(page.contains(&row), "{row} in {page}");
    }
    for (field, said) in [
        ("id=\"expires_in\" name=\"expires_in\" disabled value=\"3h\"", "said by a document"),
        ("id=\"use_within\" name=\"use_within\" value=\"1h\"", "by default"),
        ("id=\"pending\" name=\"pending_per_agent\" inputmode", "by default"),
    ] {
        let (_, behind) = page.split_once(field).unwrap_or_else(|| panic!("{field} in {page}"));
        let (field, _) = behind.split_once("</div>").unwrap();
        assert!(field.contains(said), "{said} in {field}");
    }
    h.person("vic@example.com", "viewer").await;
    let seen = h.signed_in_as("vic@example.com").await.get("/settings").await.body;
    assert!(seen.contains("denial_cooldown") && !seen.contains("oidc_client_secret"), "{seen}");
}

#[tokio::test]
async fn keys_are_told_apart_by_how_they_end_and_who_made_them() {
    let h = Harness::start().await;
    let mut browser = h.signed_in().await;
    browser.get("/keys").await;
    let made = browser.post("/keys", &[("name", "ci"), ("for", "application:")]).await.body;
    let (_, rest) = made.split_once("id=\"fresh-secret\">").unwrap();
    let secret = rest.split('<').next().unwrap();
    let looks_like = format!("csk…{}", &secret[secret.len() - 4..]);
    let page = browser.get("/keys").await.body;
    assert!(page.contains(&format!("<code>{looks_like}</code>")), "{looks_like} in {page}");
    assert!(page.contains("by root@example.com"), "{page}");
    assert!(!page.contains(secret) && !page.contains(&secret[4..12]), "only the end is kept");
    let keys = h.admin.gets("keys").await;
    let ci = keys["items"].as_array().unwrap().iter().find(|key| key["name"] == "ci").unwrap();
    assert_eq!(
        (&ci["looks_like"], &ci["made_by"]),
        (&looks_like.into(), &"root@example.com".into())
    );
}

#[tokio::test]
async fn keys_say_when_they_were_last_used() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let used = async || {
        let keys = h.admin.gets("keys").await;
        let mine = keys["items"].as_array().unwrap().iter().find(|key| key["kind"] == "agent");
        mine.unwrap()["last_used_at"].clone()
    };
    assert_eq!(used().await, Value::Null);
    let mut browser = h.signed_in().await;
    let page = browser.get("/keys").await.body;
    assert!(
        page.contains("<td data-label=\"Last used\"><span class=\"quiet\">never</span>"),
        "{page}"
    );
    h.passes("PT1H").await;
    agent.checks("crm.read", 1).await;
    let at = used().await;
    assert_eq!(at, h.app.now().to_string());
    h.app.write_key_uses().await.unwrap();
    assert_eq!(used().await, at, "it is written down");
    h.passes("PT1H").await;
    agent.checks("crm.read", 1).await;
    assert_eq!(used().await, h.app.now().to_string(), "and the next use is known at once");
}
