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
