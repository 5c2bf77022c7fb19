use super::*;

#[tokio::test]
async fn ben_is_told_for_whom_he_answers_and_the_card_says_it_after() {
    let w = World::start().await;
    let id = w.refund(500).await;
    let mut ana = w.browser_of(&w.ana).await;
    ana.get("/account").await;
    let form =
        [("delegate", "ben@example.com"), ("until", "2026-01-20"), ("reason", "on <holiday>")];
    let made = ana.post("/delegations", &form).await;
    assert_eq!(made.location(), "/account#away", "{}", made.body);
    let account = ana.get("/account").await.body;
    assert!(account.contains("on &#60;holiday&#62;"), "{account}");

    let mut ben = w.browser_of(&w.ben).await;
    let inbox = ben.get("/approvals").await.body;
    assert!(inbox.contains("you can decide for ana@example.com"), "{inbox}");
    let page = ben.get(&format!("/approvals/{id}")).await;
    assert!(page.body.contains("You answer <b>for ana@example.com</b>"), "{}", page.body);
    assert!(page.body.contains("</b> until Tue 20 Jan 2026: on &#60;holiday"), "{}", page.body);
    let (digest, presented) = (page.field("digest").unwrap(), page.field("presented").unwrap());
    let fields = [("digest", digest.as_str()), ("presented", presented.as_str())];
    ben.post(&format!("/approvals/{id}/approve"), &fields).await;

    let card = ana.get(&format!("/approvals/{id}")).await.body;
    assert!(card.contains("Approved by ben@example.com for ana@example.com"), "{card}");
    assert!(card.contains("<b>ben@example.com for ana@example.com</b>"), "{card}");
    let given = w.ben.gets("delegations").await["items"][0]["id"].as_str().unwrap().to_owned();
    ben.get("/account").await;
    let ended = ben.post(&format!("/delegations/{given}/end"), &[]).await;
    assert_eq!(ended.location(), "/account#away", "{}", ended.body);
    assert!(!ben.get("/account").await.body.contains("on &#60;holiday&#62;"));
}

#[tokio::test]
async fn who_is_still_missing_counts_the_places_that_are_lent() {
    let w = World::under(&FINANCE.replace("need: 1", "need: 2").replace("dan@", "eve@")).await;
    w.h.person("eve@example.com", "approver").await;
    let id = w.refund(500).await;
    w.ana_lets_ben(json!({})).await;
    let mut ben = w.browser_of(&w.ben).await;
    let path = format!("/approvals/{id}");
    let page = ben.get(&path).await.body;
    for part in [
        "ana@example.com, ben@example.com for ana@example.com, eve@example.com can",
        "After you: 1 more from finance.",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    w.ana.approves(&id).await;
    let page = ben.get(&path).await.body;
    assert!(page.contains("only eve@example.com can"), "her place is taken: {page}");
}

#[tokio::test]
async fn admins_let_others_answer_on_the_page_of_people() {
    let w = World::start().await;
    let mut admin = w.h.signed_in().await;
    admin.get("/people").await;
    let form = [
        ("back", "people"),
        ("delegator", "ana@example.com"),
        ("delegate", "ben@example.com"),
        ("groups", "finance, "),
        ("actions", "stripe.**,mail.send"),
        ("reason", "ana is ill"),
    ];
    let made = admin.post("/delegations", &form).await;
    assert_eq!(made.location(), "/people#away", "{}", made.body);
    let people = admin.get("/people").await.body;
    for shown in ["ana is ill", "stripe.**", "(made by root@example.com)"] {
        assert!(people.contains(shown), "{shown} in {people}");
    }
    let kept = w.ana.gets("delegations").await["items"][0].clone();
    assert_eq!(kept["groups"], json!(["finance"]));
    assert_eq!(kept["actions"], json!(["stripe.**", "mail.send"]));

    let mut ben = w.browser_of(&w.ben).await;
    let looked = ben.get("/people").await.body;
    assert!(looked.contains("ana is ill") && !looked.contains("Let someone answer for another"));
    let refused = ben.post("/delegations", &form).await;
    assert_eq!(refused.status, 403, "{}", refused.body);
    let unknown = [("delegate", "x@example.com"), ("until", "soon"), ("reason", "x")];
    let refused = ben.post("/delegations", &unknown).await;
    assert!(refused.status == 422 && refused.body.contains("soon"), "{}", refused.body);
}
