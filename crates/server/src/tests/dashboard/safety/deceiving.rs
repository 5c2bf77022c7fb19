//! The corpus of deceptive texts, in every field that an agent fills, on every surface of the server.

use axum::http::Method;
use countersign_domain::display::{Opens, Piece, pieces, redact_text, sanitise};
use serde_json::{Value, json};

use crate::tests::Harness;
use crate::tests::harness::{Caller, id};
use crate::tests::sign_in::Browser;

/// A text that wants to be taken for something else.
struct Deception {
    name: String,
    text: String,
}

/// The one list, which the tests of the command line and of the browser read as well.
fn deceptions() -> Vec<Deception> {
    let all: Value =
        serde_json::from_str(include_str!("../../../../../domain/src/display/deceptions.json"))
            .unwrap();
    let part = |part: &Value| match part {
        Value::String(text) => text.clone(),
        run => {
            let count = usize::try_from(run[1].as_u64().unwrap()).unwrap();
            run[0].as_str().unwrap().repeat(count)
        }
    };
    let one = |one: &Value| Deception {
        name: one["name"].as_str().unwrap().to_owned(),
        text: one["text"].as_array().unwrap().iter().map(part).collect(),
    };
    all.as_array().unwrap().iter().map(one).collect()
}

/// As much of a text as a field takes.
fn within(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

fn task(text: &str) -> String {
    format!("t{}", within(text, 150))
}

/// A request that holds the text wherever an agent can write.
fn request(text: &str) -> Value {
    let key = format!("k{text}");
    json!({
        "action": "files.write", "risk": "low", "summary": within(text, 300), "reasoning": text,
        "if_denied": within(text, 2_000), "side_effects": [text, "x"], "cost": {"usd": "1", "note": text},
        "task_id": task(text),
        "params": {"value": text, &key: 1, "deep": {&key: [text, {"x": text}]}, "to": text},
        "context": {"value": text, &key: text},
        "links": [{"title": text, "url": format!("https://links.example/{text}")}],
        "responses": [{"name": "n", "title": text, "text": text}],
    })
}

/// What a page shows as text: no markup, and no values of attributes.
fn shown(html: &str) -> String {
    html.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect()
}

/// Fails where a page shows something of the text that a reader would not see, or take for something else.
fn must_be_honest(surface: &str, html: &str, deception: &Deception) {
    let text = shown(html);
    let name = &deception.name;
    for decoy in ["bank.example", "good.example", "paypal.com"] {
        assert!(!html.contains(&format!("<strong>{decoy}")), "{name}: {decoy} on {surface}");
    }
    for piece in pieces(&deception.text).into_iter().flat_map(flat) {
        match piece {
            Piece::Userinfo(_)
            | Piece::Host(..)
            | Piece::Plain(_)
            | Piece::Blanks(_)
            | Piece::Hidden('\n') => {}
            Piece::Hidden(c) if is_mark(c) => {
                let tower = format!("{c}").repeat(2);
                assert!(!text.contains(&tower), "{name}: {c:?} on {surface}");
            }
            Piece::Hidden(c) | Piece::Joiner(c) | Piece::LookAlike(c) | Piece::Digit(c, _) => {
                assert!(!text.contains(c), "{name}: {c:?} on {surface}");
            }
            Piece::Padding(c, count) if c != '\n' => {
                let run: String = std::iter::repeat_n(c, count.min(40)).collect();
                assert!(!text.contains(&run), "{name}: padding on {surface}");
            }
            Piece::Padding(..) => {}
            Piece::Punycode { name: host, meaning } => {
                // Behind a coded blank, in the path of an address, it is no host.
                let in_path = text.matches(&format!("%20{host}")).count();
                let hosts = text.matches(&host).count() - in_path;
                let explained = text.matches(&format!("{host}\\u{{= {meaning}}}")).count();
                assert_eq!(hosts, explained, "{name}: {host} on {surface}");
            }
        }
    }
    for markup in [
        "<b>Approved",
        "<script>alert",
        "<img src=x",
        "<style>*{",
        "<input name=csrf",
        "<!-- </main",
        "<@U012",
        "<!channel",
        "<%= 7",
    ] {
        assert!(!html.contains(markup), "{name}: {markup} on {surface}");
    }
    for tag in html.split('<').skip(1).filter_map(|part| part.split('>').next()) {
        for part in ["onmouseover", "onerror", "style="] {
            assert!(!unquoted(tag).contains(part), "{name}: {part} on {surface}: {tag}");
        }
    }
    for target in ["href=\"javascript:", "href=\"data:", "href=\"vbscript:"] {
        assert!(!html.contains(target), "{name}: {target} on {surface}");
    }
}

/// What an address is made of, piece by piece.
fn flat(piece: Piece) -> Vec<Piece> {
    match piece {
        Piece::Userinfo(parts) | Piece::Host(parts, _) => parts,
        other => vec![other],
    }
}

/// Marks that are drawn onto the character before them are fine one by one.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{333}' | '\u{339}'..='\u{36f}') && c != '\u{34f}'
}

/// A tag without the values of its attributes.
fn unquoted(tag: &str) -> String {
    tag.split('"').step_by(2).collect()
}

/// Everything that happens to a request: it is asked about, remarked on, and fails with these words.
async fn asked(h: &Harness, agent: &Caller, text: &str) -> String {
    let approval = id(&agent.posts("approvals", request(text)).await);
    // What says nothing that can be seen is no answer.
    let text = &format!("so {text}");
    let path = |verb: &str| format!("approvals/{approval}/{verb}");
    h.admin.posts(&path("ask"), json!({"question": "why?"})).await;
    agent.posts(&path("answer"), json!({"answer": within(text, 2_000)})).await;
    agent.posts(&path("comments"), json!({"body": within(text, 2_000)})).await;
    let task_id = task(text.strip_prefix("so ").unwrap_or_default());
    let task: String = url::form_urlencoded::byte_serialize(task_id.as_bytes()).collect();
    let body = Some(json!({"body": within(text, 2_000)}));
    let (status, said) = agent
        .sends(Method::POST, &format!("tasks/{}/comments", task.replace('+', "%20")), body)
        .await;
    assert!(status.is_success(), "{said}");
    approval
}

async fn pages(browser: &mut Browser, approval: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let paths = [
        format!("/approvals/{approval}"),
        format!("/approvals/{approval}/row"),
        format!("/approvals/{approval}/edit"),
        format!("/approvals/several?id={approval}"),
        "/approvals?view=all".to_owned(),
        "/approvals/stats".to_owned(),
        "/audit".to_owned(),
        "/agents".to_owned(),
        "/agents/support".to_owned(),
    ];
    for path in paths {
        let page = browser.get(&path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        all.push((path, page.body));
    }
    let edits = [("edit.cost.usd", "2")];
    let review = browser.post(&format!("/approvals/{approval}/edit"), &edits).await;
    assert_eq!(review.status, 200, "{}", review.body);
    all.push(("the review of an edit".to_owned(), review.body));
    all
}

#[tokio::test]
async fn nothing_false_is_shown_on_any_page() {
    let h = Harness::start().await;
    h.rates("low").await;
    let agent = h.agent("support").await;
    let mut browser = h.signed_in().await;
    let all = deceptions();
    assert!(all.len() > 50, "the corpus is there");
    for deception in &all {
        let approval = asked(&h, &agent, &deception.text).await;
        for (surface, html) in pages(&mut browser, &approval).await {
            must_be_honest(&surface, &html, deception);
        }
        let answered = browser
            .answers(&approval, "approve", &[("notes", &within(&deception.text, 2_000))])
            .await;
        let next = browser.get(answered.location()).await.body;
        must_be_honest("the line that says what was done", &next, deception);
        let params = request(&deception.text)["params"].clone();
        agent.posts(&format!("approvals/{approval}/redeem"), json!({"params": params})).await;
        let end = json!({"status": "failed", "error": within(&deception.text, 2_000)});
        agent.posts(&format!("approvals/{approval}/result"), end).await;
        let done = browser.get(&format!("/approvals/{approval}")).await.body;
        must_be_honest("the request after its run", &done, deception);
        let head = h.admin.gets("audit?newest=true&limit=8").await;
        for record in head["items"].as_array().unwrap() {
            let path = format!("/audit/{}", record["seq"]);
            must_be_honest(&path, &browser.get(&path).await.body, deception);
        }
    }
}

#[tokio::test]
async fn an_error_repeats_nothing_false() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let approval = agent.asks(5).await;
    let mut browser = h.signed_in().await;
    for deception in &deceptions() {
        let text: String =
            url::form_urlencoded::byte_serialize(deception.text.as_bytes()).take(400).collect();
        for path in [
            format!("/approvals?risk={text}"),
            format!("/approvals?q={text}&agent={text}"),
            format!("/audit?agent={text}"),
            format!("/approvals/stats?from={text}"),
            format!("/approvals/{}", text.replace('+', "%20")),
        ] {
            let page = browser.get(&path).await;
            assert!(page.status < 500, "{path}");
            must_be_honest(&path, &page.body, deception);
        }
        browser.get(&format!("/approvals/{approval}/edit")).await;
        let edits = [("edit.params.amount", deception.text.as_str())];
        let page = browser.post(&format!("/approvals/{approval}/edit"), &edits).await;
        assert_eq!(page.status, 422);
        // What the person typed stands in their field again, as they typed it.
        let fields = page
            .body
            .split("<textarea")
            .map(|part| part.split_once("</textarea>").map_or(part, |(_, rest)| rest));
        let html: String = fields.collect::<Vec<_>>().join("<textarea>");
        must_be_honest("a refused edit", &html, deception);
    }
}

#[tokio::test]
async fn what_machines_are_told_is_the_text_itself_within_one_json_value() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    for deception in &deceptions() {
        let text = &deception.text;
        let approval = id(&agent.posts("approvals", request(text)).await);
        let seen = h.admin.gets(&format!("approvals/{approval}")).await;
        let redacted = text.contains("REDACTED") || redact_text(text) != *text;
        let told =
            seen["summary"] == json!(within(text, 300)) && seen["params"]["value"] == json!(text);
        assert!(redacted || told, "{}: {seen}", deception.name);
        assert_eq!(seen["status"], "pending", "{}", deception.name);
        let body = json!({"agent_id": "support", "action": "x.y", "context": {"value": text}});
        let response = h
            .application
            .raw(
                Method::POST,
                "/sdk/check",
                &[("content-type", "application/json")],
                body.to_string(),
            )
            .await;
        assert_eq!(response.headers()["content-type"], "application/json");
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let answer: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(answer["allowed"], json!(false), "{}: {answer}", deception.name);
        let plain = bytes.iter().all(|byte| *byte >= b' ');
        assert!(plain, "{}: a control character stands in JSON as it is", deception.name);
    }
}

#[test]
fn the_corpus_holds_every_kind_of_mark() {
    let all = deceptions();
    let has = |is: fn(&Piece) -> bool| all.iter().any(|one| pieces(&one.text).iter().any(is));
    assert!(has(|piece| matches!(piece, Piece::Hidden('\u{202e}'))));
    assert!(has(|piece| matches!(piece, Piece::Hidden('\u{e0041}'))));
    assert!(has(|piece| matches!(piece, Piece::LookAlike('\u{430}'))));
    assert!(has(|piece| matches!(piece, Piece::Padding(' ', 4000))));
    assert!(has(|piece| matches!(piece, Piece::Punycode { .. })));
    assert!(has(|piece| matches!(piece, Piece::Blanks(2))));
    assert!(has(|piece| matches!(piece, Piece::Digit('\u{661}', 1))));
    assert!(has(|piece| matches!(piece, Piece::Userinfo(_))));
    for opens in [Opens::Nothing, Opens::Elsewhere, Opens::Other("127.0.0.1".to_owned())] {
        let is = |piece: &Piece| matches!(piece, Piece::Host(_, other) if *other == opens);
        assert!(all.iter().any(|one| pieces(&one.text).iter().any(is)), "{opens:?}");
    }
    for one in &all {
        let marked = sanitise(&one.text);
        assert!(!marked.contains('\u{1b}') && !marked.contains('\n'), "{}", one.name);
    }
}
