use super::*;

#[tokio::test]
async fn people_delegate_for_themselves_and_admins_for_others() {
    let w = World::start().await;
    let for_ana = |reason: &str| json!({"delegator": "ana@example.com", "delegate": "ben@example.com", "reason": reason});
    assert_eq!(w.dan.is_refused("delegations", for_ana("x")).await, (403, "forbidden".into()));
    let made = w.h.admin.posts("delegations", for_ana("ana is ill")).await;
    assert_eq!(
        (&made["delegator"]["email"], &made["made_by"]),
        (&json!("ana@example.com"), &json!("root@example.com"))
    );
    for role in ["viewer", "auditor"] {
        let who = w.h.person(&format!("{role}@example.com"), role).await;
        let body = json!({"delegate": "ben@example.com", "reason": "x"});
        assert_eq!(who.is_refused("delegations", body).await, (403, "forbidden".into()), "{role}");
        assert_eq!(who.gets("delegations").await["items"][0]["id"], made["id"], "{role}");
    }
    let records = w.h.admin.gets("audit?kind=delegation.made").await;
    let data = &records["items"][0]["data"];
    assert_eq!(
        (&data["delegator"], &data["delegate"]),
        (&json!("ana@example.com"), &json!("ben@example.com"))
    );
    assert_eq!(
        (&data["delegation"]["id"], &data["delegation"]["reason"]),
        (&made["id"], &json!("ana is ill"))
    );
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_its_place() {
    let w = World::start().await;
    w.h.person("vic@example.com", "viewer").await;
    let full = json!({"delegate": "ben@example.com", "reason": "on holiday"});
    for (field, value, path) in [
        ("delegate", json!("nobody@example.com"), "$.delegate"),
        ("delegate", json!("ana@example.com"), "$.delegate"),
        ("delegate", json!("vic@example.com"), "$.delegate"),
        ("until", json!("2026-01-14"), "$.until"),
        ("until", json!("next week"), "$.until"),
        ("from", json!("2026-02-30"), "$.from"),
        ("groups", json!(["finanze"]), "$.groups"),
        ("actions", json!(["stripe.**", "a..b"]), "$.actions[1]"),
        ("reason", json!("  "), "$.reason"),
    ] {
        let mut body = full.clone();
        body[field] = value.clone();
        let (status, answer) = w.ana.sends(Method::POST, "delegations", Some(body)).await;
        assert_eq!(
            (status.as_u16(), &answer["path"]),
            (422, &json!(path)),
            "{field} {value}: {answer}"
        );
    }
    let unknown = json!({"delegate": "ben@example.com", "reason": "x", "til": "2026-02-01"});
    assert_eq!(w.ana.is_refused("delegations", unknown).await, (422, "unknown_field".into()));
    assert_eq!(w.ana.gets("delegations?over=true").await["items"], json!([]));
    assert_eq!(w.h.admin.gets("audit?kind=delegation.made").await["items"], json!([]));
}

#[tokio::test]
async fn it_is_ended_once_by_those_whom_it_is_about() {
    let w = World::start().await;
    let path = |made: &Value| format!("delegations/{}", made["id"].as_str().unwrap());
    let made = w.ana_lets_ben(json!({})).await;
    let ends = |who: &Caller, path: String| {
        let who = who.clone();
        async move { who.sends(Method::DELETE, &path, None).await }
    };
    assert_eq!(error(ends(&w.dan, path(&made)).await), (403, "forbidden".into()));
    assert!(ends(&w.ben, path(&made)).await.0.is_success(), "the one who was to stand in");
    assert_eq!(error(ends(&w.ana, path(&made)).await), (409, "conflict".into()));
    for id in ["dlg_01JAAAAAAAAAAAAAAAAAAAAAAA", "x"] {
        let gone = error(ends(&w.ana, format!("delegations/{id}")).await);
        assert_eq!(gone, (404, "not_found".into()), "{id}");
    }
    let planned = w.ana_lets_ben(json!({"from": "2026-02-01"})).await;
    assert!(ends(&w.h.admin, path(&planned)).await.0.is_success(), "an admin, before it begins");
    assert_eq!(w.ana.gets("delegations").await["items"], json!([]));
    let all = w.ana.gets("delegations?over=true").await;
    assert_eq!(all["items"].as_array().unwrap().len(), 2);
    let records = w.h.admin.gets("audit?kind=delegation.ended").await;
    let by = |n: usize| records["items"][n]["caller"]["name"].clone();
    assert_eq!((by(0), by(1)), (json!("ben@example.com"), json!("root@example.com")));
}

#[tokio::test]
async fn a_retried_call_makes_one_and_nobody_makes_too_many() {
    let w = World::start().await;
    let body = json!({"delegate": "ben@example.com", "reason": "on holiday"});
    let (_, first) = w.ana.posts_once("k", "delegations", &body).await;
    let (_, again) = w.ana.posts_once("k", "delegations", &body).await;
    assert_eq!(first, again);
    for _ in 1..20 {
        w.ana_lets_ben(json!({})).await;
    }
    let (status, answer) = w.ana.sends(Method::POST, "delegations", Some(body)).await;
    assert_eq!((status.as_u16(), &answer["path"]), (422, &json!("$.delegator")));
    assert_eq!(w.ana.gets("delegations").await["items"].as_array().unwrap().len(), 20);
}
