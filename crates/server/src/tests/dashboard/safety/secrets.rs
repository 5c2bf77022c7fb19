//! A secret that an agent writes into any of its texts is shown nowhere.

use serde_json::json;

use crate::tests::Harness;
use crate::tests::harness::id;

/// Secrets, each in a way of its own.
const SECRETS: [&str; 4] =
    ["sk_live_0123456789abcd", "Winter2026x", "Ym9iOlN1cGVyU2Vj", "AccTok12"];

fn leaking(about: &str) -> String {
    let [key, password, basic, token] = SECRETS;
    format!(
        "{about}: use ({key}), {{\"password\":\"{password}\"}}, Authorization: Basic {basic}, \
         https://a.example/x?access_token={token}"
    )
}

#[tokio::test]
async fn no_text_of_an_agent_shows_a_secret_on_any_page_or_over_the_api() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let asked = agent
        .posts(
            "approvals",
            json!({
                "action": "mail.send", "risk": "low", "task_id": "task-1",
                "params": {"to": "ana@example.com", "body": leaking("body"), "env": [{"name": "API_KEY", "value": SECRETS[1]}],
                    "argv": ["login", "--password", SECRETS[1]]},
                "summary": leaking("summary"), "reasoning": leaking("reasoning"),
                "cost": {"usd": "2", "note": leaking("note")}, "side_effects": [leaking("effect")],
                "if_denied": leaking("denied"), "context": {"ticket": leaking("ticket")},
                "links": [{"title": leaking("title"), "url": format!("https://a.example/?token={}", SECRETS[3])}],
                "responses": [{"name": "no", "title": leaking("answer"), "text": leaking("text")}],
            }),
        )
        .await;
    let approval = id(&asked);
    h.admin.posts(&format!("approvals/{approval}/ask"), json!({"question": "why?"})).await;
    agent.posts(&format!("approvals/{approval}/answer"), json!({"answer": leaking("why")})).await;
    agent
        .posts(&format!("approvals/{approval}/comments"), json!({"body": leaking("remark")}))
        .await;
    let mut browser = h.signed_in().await;
    let mut seen = Vec::new();
    for page in [
        "/approvals".to_owned(),
        format!("/approvals/{approval}"),
        format!("/approvals/{approval}/edit"),
        format!("/approvals/{approval}/deny"),
        format!("/approvals/several?id={approval}&say=approve"),
        format!("/approvals/{approval}/allow-again"),
        "/agents/support".to_owned(),
        "/audit".to_owned(),
    ] {
        seen.push((page.clone(), browser.get(&page).await.body));
    }
    for record in h.admin.gets("audit?limit=100").await["items"].as_array().unwrap() {
        let page = format!("/audit/{}", record["seq"]);
        seen.push((page.clone(), browser.get(&page).await.body));
        seen.push(("the record".to_owned(), record.to_string()));
    }
    for path in ["approvals".to_owned(), format!("approvals/{approval}")] {
        seen.push((path.clone(), h.admin.gets(&path).await.to_string()));
    }
    assert!(seen.iter().any(|(_, text)| text.contains("reasoning: use (")), "it is there");
    for (place, text) in seen {
        for secret in SECRETS {
            assert!(!text.contains(secret), "{secret} on {place}: {text}");
        }
    }
}
