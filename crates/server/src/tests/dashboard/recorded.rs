//! The record: looked through by words and filters, page by page, the same for people and programs.

use axum::http::Method;
use serde_json::json;

use crate::tests::Harness;
use crate::tests::harness::id;

/// Two agents, two people, a few answers.
async fn world() -> Harness {
    let h = Harness::start().await;
    let (support, ops) = (h.agent("support").await, h.agent("ops").await);
    let ana = h.person("ana@example.com", "approver").await;
    for (agent, note) in [(&support, "Umbrella for Zoë"), (&ops, "teapot <b>7</b>")] {
        let ask = json!({"action": "shop.buy", "params": {"note": note, "password": "hunter2"}});
        let asked = id(&agent.posts("approvals", ask).await);
        ana.denies(&asked, "we have enough of them").await;
    }
    h
}

#[tokio::test]
async fn a_search_finds_what_was_recorded_and_every_filter_stands_in_the_address() {
    let h = world().await;
    let mut browser = h.signed_in().await;
    let asked = h.admin.gets("approvals?q=teapot").await["items"][0]["id"].clone();
    let asked = asked.as_str().unwrap();
    let about = format!("approval={asked}&q=shop.buy");
    let cases = [
        ("q=umbrella", 1),
        ("q=UMBRELLA+zo%C3%AB", 1),
        ("q=umbr", 1),
        ("q=%22umbr%22", 0),
        ("q=%22umbrella%22", 1),
        ("q=umbr*", 1),
        ("q=enough", 2),
        ("q=enough&agent=ops", 1),
        ("q=hunter2", 0),
        ("by=ana@example.com&kind=approval.denied", 2),
        ("by=ana@example.com&kind=approval.denied&agent=support", 1),
        ("by=root@example.com&kind=approval.denied", 0),
        ("by=root@example.com&kind=agent.created", 2),
        ("q=shop.buy&kind=approval.opened", 2),
        (about.as_str(), 1),
        ("q=enough&from=2026-01-15&to=2026-01-15", 2),
        ("q=enough&to=2026-01-14", 0),
        ("q=enough&from=2026-01-16", 0),
    ];
    for (query, count) in cases {
        let page = browser.get(&format!("/audit?{query}")).await;
        assert_eq!(page.status, 200, "{query}: {}", page.body);
        let rows = page.body.matches("class=\"row-link\"").count();
        assert_eq!(rows, count, "{query}: {}", page.body);
        assert_eq!(page.body.contains("No record fits"), count == 0, "{query}");
    }
    let page = browser.get("/audit?q=%3Cb%3E7&agent=ops&from=2026-01-01").await.body;
    assert!(page.contains("value=\"&#60;b&#62;7\""), "{page}");
    assert!(page.contains("href=\"/audit?q=%3Cb%3E7&#38;from=2026-01-01\""), "{page}");
    for (query, why) in [
        ("q=%25%25", "Write a word to look for"),
        ("q=%E2%80%AE", "<code>\\u{202e}</code> holds nothing that can be seen"),
        ("by=nobody@example.com", "nobody@example.com"),
        ("q=a+b+c+d+e+f+g+h+i+j+k+l+m+n+o+p+q+r+s+t+u", "at most 20 words"),
    ] {
        let page = browser.get(&format!("/audit?{query}")).await;
        assert!(
            [404, 422].contains(&page.status) && page.body.contains(why),
            "{query}: {}",
            page.body
        );
    }
}

#[tokio::test]
async fn a_program_searches_the_record_as_people_do_page_by_page() {
    let h = world().await;
    let found = |list: &serde_json::Value| list["items"].as_array().unwrap().len();
    for (query, count) in [
        ("q=umbrella", 1),
        ("q=enough&by=ana@example.com", 2),
        ("q=enough&by=root@example.com", 0),
        ("q=zo%C3%AB&agent_id=support&kind=approval.opened", 1),
    ] {
        assert_eq!(found(&h.admin.gets(&format!("audit?{query}")).await), count, "{query}");
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = h.admin.gets(&format!("audit?newest=true&limit=2{after}")).await;
        let items = page["items"].as_array().unwrap();
        seen.splice(0..0, items.iter().map(|r| r["seq"].as_u64().unwrap()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        after = format!("&after={next}");
    }
    let all = h.admin.gets("audit?limit=1000").await;
    assert_eq!(seen, (1..=found(&all) as u64).collect::<Vec<_>>());
    assert_eq!(all["next_cursor"], json!(null));
    let (status, refused) = h.admin.sends(Method::GET, "audit?q=..", None).await;
    assert_eq!((status.as_u16(), &refused["code"]), (422, &json!("invalid")), "{refused}");
    let vic = h.person("vic@example.com", "viewer").await;
    assert_eq!(vic.sends(Method::GET, "audit?q=umbrella", None).await.0.as_u16(), 403);
}

#[tokio::test]
async fn one_record_says_who_when_from_where_how_surely_and_on_what_basis() {
    let h = world().await;
    let asked = id(&h
        .agent("third")
        .await
        .posts("approvals", json!({"action": "x.y", "risk": "low"}))
        .await);
    let mut browser = h.signed_in().await;
    let said = [("notes", "seen the bill"), ("evidence", "bill 12")];
    assert_eq!(browser.answers(&asked, "approve", &said).await.status, 303);
    let list = browser.get("/audit?q=bill").await.body;
    let (_, rest) = list.split_once("class=\"row-link\" href=\"").unwrap();
    let page = browser.get(rest.split('"').next().unwrap()).await.body;
    for part in [
        "approval.approved",
        "root@example.com",
        "203.0.113.9",
        "session",
        "seen the bill",
        "bill 12",
        "2026-01-15",
        asked.as_str(),
        "Hash before",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
}

#[tokio::test]
async fn a_row_says_what_was_approved_once_by_whom_and_frames_agents_only() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let ask = json!({"action": "stripe.refund", "params": {"amount": 20, "to": "A. Lee"}, "summary": "Refund A. Lee", "risk": "low"});
    let asked = id(&agent.posts("approvals", ask).await);
    h.admin.approves(&asked).await;
    let mut browser = h.signed_in().await;
    let page = browser.get("/audit?kind=approval.approved").await.body;
    let row = page.split_once("row-link").unwrap().1.split_once("</tr>").unwrap().0;
    let row = super::framed(row);
    assert!(
        row.contains(&format!(
            "<a href=\"/approvals/{asked}\">“stripe.refund” of 20 to “A. Lee”</a>"
        )),
        "{row}"
    );
    assert_eq!(row.matches("root@example.com").count(), 1, "{row}");
    let page = browser.get("/audit?kind=approval.opened").await.body;
    assert!(super::framed(&page).contains("“Refund A. Lee”"), "{page}");
    let denied = id(&agent.posts("approvals", json!({"action": "x.y"})).await);
    h.admin.denies(&denied, "not today").await;
    let page = super::framed(&browser.get("/audit?kind=approval.denied").await.body);
    assert!(page.contains("not today") && !page.contains("“not today”"), "{page}");
    let page = browser.get("/audit?kind=approval.opened").await.body;
    assert!(!page.contains("asked to run"), "a summary of ours is no word of an agent: {page}");
    let unseen = browser.get("/approvals?q=%E2%80%AE").await;
    assert_eq!(unseen.status, 422, "{}", unseen.body);
}
