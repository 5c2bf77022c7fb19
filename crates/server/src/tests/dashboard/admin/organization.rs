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
