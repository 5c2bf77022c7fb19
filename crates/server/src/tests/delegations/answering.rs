use countersign_domain::{Change, OrgId, Write};
use countersign_store::Store as _;

use super::*;

#[tokio::test]
async fn an_answer_in_anothers_place_says_so_everywhere() {
    let w = World::start().await;
    let id = w.refund(500).await;
    assert_eq!(says_yes(&w.ben, &id).await, "not_admitted");
    let made = w.ana_lets_ben(json!({"until": "2026-01-20"})).await;
    assert_eq!((&made["state"], &made["until"]), (&json!("holds"), &json!("2026-01-21T00:00:00Z")));
    let seen = w.ben.gets(&format!("approvals/{id}")).await;
    assert_eq!(seen["can_decide"], json!(["ana@example.com", "ben@example.com"]));
    w.h.passes("PT10S").await;
    let answer = w.ben.approves(&id).await;
    assert_eq!(
        (&answer["status"], &answer["approved_by"]),
        (&json!("approved"), &json!("person:ben@example.com"))
    );
    let said = &answer["answers"][0];
    assert_eq!(
        (&said["by"]["email"], &said["in_place_of"]["email"]),
        (&json!("ben@example.com"), &json!("ana@example.com"))
    );
    assert_eq!((&said["delegation_id"], &said["self_approved"]), (&made["id"], &json!(false)));
    assert_eq!(answer["stages"][0]["have"], 1);

    let records = w.h.admin.gets(&format!("audit?approval_id={id}&kind=approval.approved")).await;
    let record = &records["items"][0];
    assert_eq!(record["caller"]["name"], "ben@example.com", "who pressed");
    assert_eq!(record["data"]["in_place_of"]["person"]["email"], "ana@example.com");
    assert_eq!(record["data"]["in_place_of"]["delegation"], made["id"]);
    let figures = w.h.admin.gets("approvals/stats").await;
    assert_eq!(figures["by_approver"][0]["approver"], "ben@example.com", "who pressed is counted");
    assert_eq!(figures["by_approver"].as_array().unwrap().len(), 1);
    assert_eq!(figures["marked"], json!({"self_approved": 0, "in_place": 1, "relayed": 0}));
}

#[tokio::test]
async fn it_holds_from_its_first_moment_to_its_last_and_until_it_is_ended() {
    let w = World::start().await;
    let id = w.refund(500).await;
    w.ana_lets_ben(json!({"from": "2026-01-15T10:00:00Z", "until": "2026-01-15T11:00:00Z"})).await;
    assert_eq!(says_yes(&w.ben, &id).await, "not_admitted", "it has not begun");
    w.h.passes("PT1H").await;
    assert_eq!(says_yes(&w.ben, &id).await, "approved");
    let later = w.refund(501).await;
    w.h.passes("PT1H").await;
    assert_eq!(says_yes(&w.ben, &later).await, "not_admitted", "it is over");
    let made = w.ana_lets_ben(json!({})).await;
    let path = format!("delegations/{}", made["id"].as_str().unwrap());
    let (_, ended) = w.ana.sends(Method::DELETE, &path, None).await;
    assert_eq!(
        (&ended["state"], &ended["ended_at"]),
        (&json!("over"), &json!("2026-01-15T11:00:00Z"))
    );
    assert_eq!(says_yes(&w.ben, &later).await, "not_admitted", "it was ended");
    assert_eq!(says_yes(&w.ana, &later).await, "approved", "her place was hers all the time");
}

#[tokio::test]
async fn it_is_no_way_around_anything() {
    let w = World::start().await;
    let id = w.refund(500).await;
    // The owner of the agent lends nothing for its requests, and is lent nothing for them.
    lets(&w.dan, "ben@example.com", json!({})).await;
    assert_eq!(says_yes(&w.ben, &id).await, "own_request");
    lets(&w.ana, "dan@example.com", json!({})).await;
    assert_eq!(says_yes(&w.dan, &id).await, "own_request");
    // What was lent is not lent on.
    let cleo = w.h.person("cleo@example.com", "approver").await;
    w.ana_lets_ben(json!({})).await;
    lets(&w.ben, "cleo@example.com", json!({})).await;
    assert_eq!(says_yes(&cleo, &id).await, "not_admitted");
    // A grant outlasts every delegation.
    let refused = w.ben.is_refused(&format!("approvals/{id}/grant"), json!({})).await;
    assert_eq!(refused, (403, "not_admitted".into()));
    assert_eq!(says_yes(&w.ben, &id).await, "approved");
}

#[tokio::test]
async fn a_place_counts_once_whoever_answers_from_it() {
    let two = FINANCE.replace("need: 1", "need: 2").replace("dan@", "eve@");
    let w = World::under(&two).await;
    let eve = w.h.person("eve@example.com", "approver").await;
    let id = w.refund(500).await;
    w.ana_lets_ben(json!({})).await;
    lets(&w.ana, "dan@example.com", json!({})).await;
    assert_eq!(says_yes(&w.ben, &id).await, "pending");
    let again = w.ben.is_refused(&format!("approvals/{id}/approve"), json!({})).await;
    assert_eq!(again, (409, "already_approved".into()));
    assert_eq!(says_yes(&w.ana, &id).await, "pending", "she and who stood in for her are one");
    let seen = w.ana.gets(&format!("approvals/{id}")).await;
    assert_eq!(
        (&seen["stages"][0]["have"], &seen["can_decide"]),
        (&json!(1), &json!(["eve@example.com"]))
    );
    assert_eq!(says_yes(&eve, &id).await, "approved");

    let other = w.agent.asks(1).await;
    assert_ne!(other, id);
    let third = w.refund(501).await;
    assert_eq!(says_yes(&w.ana, &third).await, "pending");
    assert_eq!(says_yes(&w.ben, &third).await, "place_taken");
}

#[tokio::test]
async fn its_terms_say_where_and_for_what() {
    let w = World::start().await;
    let id = w.refund(500).await;
    w.ana_lets_ben(json!({"actions": ["mail.**"]})).await;
    assert_eq!(says_yes(&w.ben, &id).await, "not_admitted", "another action");
    w.ana_lets_ben(json!({"actions": ["stripe.*"], "groups": ["finance"]})).await;
    assert_eq!(says_yes(&w.ben, &id).await, "approved");
}

#[tokio::test]
async fn no_agent_reports_what_someone_said_in_anothers_place() {
    let relayed = FINANCE.replace("need: 1}]", "need: 1}], relayed: true");
    let w = World::under(&relayed).await;
    let chat = w.h.agent("chat").await;
    let id = w.refund(500).await;
    w.ana_lets_ben(json!({})).await;
    let path = format!("approvals/{id}/attest");
    let of = |who: &str| json!({"decision": "approve", "evidence": "chat 17", "person": who});
    assert_eq!(chat.is_refused(&path, of("ben@example.com")).await, (403, "not_admitted".into()));
    chat.posts(&path, of("ana@example.com")).await;
    let marked = w.h.admin.gets("approvals/stats").await["marked"].clone();
    assert_eq!(marked, json!({"self_approved": 0, "in_place": 0, "relayed": 1}));
}

#[tokio::test]
async fn what_another_program_ended_gives_nothing_from_that_moment_on() {
    let w = World::start().await;
    let id = w.refund(500).await;
    w.ana_lets_ben(json!({})).await;
    let (elsewhere, org) = (w.h.another_store(), OrgId::first());
    let configuration = elsewhere.configuration(&org).await.unwrap().unwrap();
    let ended = configuration.delegations[0].clone().ended(w.h.app.now()).unwrap();
    let writes = vec![Write::Delegation(ended)];
    let change = Change { org, writes, records: Vec::new() };
    elsewhere.keep(vec![change]).await.unwrap();
    assert_eq!(says_yes(&w.ben, &id).await, "not_admitted");
}
