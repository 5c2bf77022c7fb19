//! Nothing that an agent wrote stands in the gateway's own voice: on every page it is in a frame, and where
//! nothing but text can stand it is between quotation marks that it cannot end.

use serde_json::{Value, json};

use crate::tests::Harness;
use crate::tests::harness::{Caller, id};
use crate::tests::sign_in::Browser;

/// Stands in every text of the agent, and nowhere else.
const MARK: &str = "zq7";
/// Reads like ours as soon as it gets out of its frame.
const TEXT: &str = "zq7” is safe: approved by root@example.com, risk low. “zq7";

fn request(action: &str) -> Value {
    json!({
        "action": action, "risk": "medium", "summary": TEXT, "reasoning": TEXT, "if_denied": TEXT,
        "side_effects": [TEXT], "cost": {"usd": "1", "note": TEXT}, "task_id": "zq7-task",
        "on_behalf_of": "zq7@example.com",
        "params": {"amount": 5, "currency": "zq7 EUR", "to": TEXT, "zq7 key": [TEXT], "environment": "zq7 production",
            "address": "https://zq7.example/x"},
        "context": {"zq7": TEXT},
        "links": [{"title": TEXT, "url": "https://links.example/zq7"}],
        "responses": [{"name": "zq7", "title": TEXT, "text": "zq7 no"}],
    })
}

const VOID: &[&str] = &["meta", "link", "input", "br", "img", "hr", "!doctype"];
/// Text only, without a frame around parts of it.
const BARE: &[&str] = &["title", "option", "desc"];
/// What a person is about to send: their own field.
const FIELDS: &[&str] = &["textarea"];

/// Every place of a page where a text of the agent stands as if it were ours.
fn unframed(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Vec<(String, bool)> = Vec::new();
    for part in html.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap();
        let name = tag.split([' ', '/', '\n']).find(|name| !name.is_empty()).unwrap_or_default();
        if tag.starts_with('/') {
            if let Some(at) = open.iter().rposition(|(other, _)| other == name) {
                open.truncate(at);
            }
        } else if !VOID.contains(&name) && !tag.ends_with('/') {
            let class = attribute(tag, "class").unwrap_or_default();
            open.push((name.to_owned(), class.split(' ').any(|class| class == "said")));
        }
        for attribute in
            ["title", "aria-label", "placeholder", "alt"].iter().filter_map(|a| attribute(tag, a))
        {
            if !is_quoted(attribute) {
                found.push(format!("{name} says {attribute}"));
            }
        }
        let innermost = open.last().map_or("", |(name, _)| name.as_str());
        let is_framed = open.iter().any(|(_, framed)| *framed) || FIELDS.contains(&innermost);
        let fine = if BARE.contains(&innermost) {
            is_quoted(text)
        } else {
            is_framed || !text.contains(MARK)
        };
        if !fine {
            let path: Vec<&str> = open.iter().map(|(name, _)| name.as_str()).collect();
            found.push(format!("{}: {}", path.join(" > "), text.trim()));
        }
    }
    found
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split_once(&format!(" {name}=\""))?.1.split('"').next()
}

/// Whether each mark stands between a quotation mark of ours that opens and the next that closes.
fn is_quoted(text: &str) -> bool {
    text.match_indices(MARK).all(|(at, _)| {
        let (before, after) = text.split_at(at);
        let opened =
            before.rfind('“').is_some_and(|open| before.rfind('”').is_none_or(|shut| shut < open));
        opened && after.contains('”')
    })
}

#[test]
fn the_test_sees_what_gets_out() {
    let page = "<main><p>ok <q class=\"said\" dir=\"ltr\">zq7 <b>zq7</b></q> and zq7<br>x</p><i title=\"“zq7”\">a</i><i title=\"zq7\">b</i></main>";
    assert_eq!(unframed(page), ["main > p: and zq7", "i says zq7"]);
    assert!(is_quoted("a “zq7” b “x zq7 y”") && !is_quoted("“a” zq7") && !is_quoted("“zq7"));
}

fn told(surface: &str, html: &str) -> Vec<String> {
    unframed(html).into_iter().map(|what| format!("{surface}: {what}")).collect()
}

async fn looks(browser: &mut Browser, path: &str) -> Vec<String> {
    let page = browser.get(path).await;
    assert_eq!(page.status, 200, "{path}: {}", page.body);
    told(path, &page.body)
}

/// Every page about a request that waits.
async fn waiting(h: &Harness, agent: &Caller, browser: &mut Browser, action: &str) -> Vec<String> {
    let approval = id(&agent.posts("approvals", request(action)).await);
    h.admin.posts(&format!("approvals/{approval}/ask"), json!({"question": "why?"})).await;
    agent.posts(&format!("approvals/{approval}/answer"), json!({"answer": TEXT})).await;
    agent.posts(&format!("approvals/{approval}/comments"), json!({"body": TEXT})).await;
    let mut found = Vec::new();
    for path in ["", "/row", "/edit", "/allow-again"] {
        found.extend(looks(browser, &format!("/approvals/{approval}{path}")).await);
    }
    found.extend(looks(browser, &format!("/approvals/several?id={approval}")).await);
    found.extend(looks(browser, "/approvals").await);
    let edits = [("edit.params.amount", "4")];
    let review = browser.post(&format!("/approvals/{approval}/edit"), &edits).await;
    found.extend(told("the review of an edit", &review.body));
    found
}

/// The line that says what was done, and what became of it.
async fn decided(agent: &Caller, browser: &mut Browser, one: &Value) -> Vec<String> {
    let approval = one["id"].as_str().unwrap();
    let answered = browser.answers(approval, "approve", &[]).await;
    let next = browser.get(answered.location()).await.body;
    let mut found = told("the line about what was done", &next);
    let params = json!({"params": one["params"]});
    agent.posts(&format!("approvals/{approval}/redeem"), params).await;
    let end = json!({"status": "failed", "error": TEXT});
    agent.posts(&format!("approvals/{approval}/result"), end).await;
    found.extend(looks(browser, &format!("/approvals/{approval}")).await);
    found
}

/// A request unlike those that were approved.
fn unusual() -> Value {
    let mut request = request("zq7.run");
    request["params"]["amount"] = json!(5000);
    request["params"]["zq7 account"] = json!("zq7 other");
    request["params"]["to"] = json!("zq7 nobody");
    request
}

#[tokio::test]
async fn no_page_speaks_with_the_voice_of_an_agent() {
    let h = Harness::start().await;
    h.rates("low").await;
    let agent = h.agent("support").await;
    let mut browser = h.signed_in().await;
    let mut found = Vec::new();
    for action in ["zq7.run", "zq7.run", "zq7.run", "zq7.run", TEXT] {
        found.extend(waiting(&h, &agent, &mut browser, action).await);
    }
    let open = h.admin.gets("approvals?status=pending").await;
    for one in open["items"].as_array().unwrap() {
        found.extend(decided(&agent, &mut browser, one).await);
    }
    let approval = id(&agent.posts("approvals", unusual()).await);
    found.extend(looks(&mut browser, &format!("/approvals/{approval}")).await);
    for path in ["?view=all", "/stats", "/stats/suggestions"] {
        found.extend(looks(&mut browser, &format!("/approvals{path}")).await);
    }
    for path in ["/agents/support", "/audit", "/grants"] {
        found.extend(looks(&mut browser, path).await);
    }
    let records = h.admin.gets("audit?newest=true&limit=60").await;
    for record in records["items"].as_array().unwrap() {
        found.extend(looks(&mut browser, &format!("/audit/{}", record["seq"])).await);
    }
    assert!(found.is_empty(), "{} places:\n{}", found.len(), found.join("\n"));
}
