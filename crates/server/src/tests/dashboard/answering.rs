use serde_json::{Value, json};

use super::text;
use crate::tests::harness::id;
use crate::tests::sign_in::Browser;
use crate::tests::{Caller, Harness};

async fn asks(agent: &Caller, risk: &str, params: Value) -> String {
    id(&agent
        .posts("approvals", json!({"action": "stripe.refund", "risk": risk, "params": params}))
        .await)
}

async fn status(h: &Harness, approval: &str) -> Value {
    h.admin.gets(&format!("approvals/{approval}")).await["status"].clone()
}

#[tokio::test]
async fn a_yes_leads_to_the_next_request_and_says_what_was_done() {
    let h = Harness::start().await;
    h.rates("low").await;
    let agent = h.agent("support").await;
    let first = asks(&agent, "low", json!({"amount": 45, "currency": "EUR"})).await;
    let second = asks(&agent, "low", json!({"amount": 46})).await;
    let mut browser = h.signed_in().await;
    let answer = browser.answers(&first, "approve", &[]).await;
    assert_eq!(answer.location(), format!("/approvals/{second}?after={first}"));
    let next = browser.get(&format!("/approvals/{second}?after={first}")).await;
    assert!(next.body.contains("Approved by root@example.com"), "{}", next.body);
    let told = agent.gets(&format!("approvals/{first}")).await;
    assert_eq!(told["outcome"], "approved");
    assert_eq!(told["answers"][0]["presented"], told["presented"], "what was shown is recorded");
}

#[tokio::test]
async fn more_danger_takes_more_and_the_server_insists() {
    let h = Harness::start().await;
    h.rates("low").await;
    let agent = h.agent("support").await;
    let mut browser = h.signed_in().await;
    let high = asks(&agent, "high", json!({"customer": "A. Lee"})).await;
    assert_eq!(browser.answers(&high, "approve", &[]).await.status, 422);
    assert_eq!(browser.answers(&high, "approve", &[("notes", " \u{200b}")]).await.status, 422);
    assert_eq!(status(&h, &high).await, "pending");
    assert_eq!(browser.answers(&high, "approve", &[("notes", "seen")]).await.status, 303);
    let critical = asks(&agent, "critical", json!({"customer": "B. Lee"})).await;
    for typed in ["", "A. Lee", "b. lee"] {
        let fields = [("notes", "seen"), ("typed", typed)];
        let page = browser.answers(&critical, "approve", &fields).await;
        assert_eq!(page.status, 422, "{typed}");
        assert!(
            super::framed(&page.body).contains("“B. Lee” has to be typed exactly"),
            "{}",
            page.body
        );
    }
    assert_eq!(status(&h, &critical).await, "pending");
    let fields = [("notes", "seen"), ("typed", "B. Lee")];
    assert_eq!(browser.answers(&critical, "approve", &fields).await.status, 303);
}

#[tokio::test]
async fn what_changed_since_it_was_seen_is_shown_and_not_answered() {
    let h = Harness::start().await;
    h.rates("low").await;
    let agent = h.agent("support").await;
    let approval = asks(&agent, "low", json!({"amount": 45})).await;
    let mut browser = h.signed_in().await;
    let zeros = format!("sha256:{}", "0".repeat(64));
    let seen = browser.get(&format!("/approvals/{approval}")).await;
    let (digest, presented) = (seen.field("digest").unwrap(), seen.field("presented").unwrap());
    for (digest, presented) in [(&zeros, &presented), (&digest, &zeros)] {
        let fields = [("digest", digest.as_str()), ("presented", presented.as_str())];
        let page = browser.post(&format!("/approvals/{approval}/approve"), &fields).await;
        assert_eq!(page.status, 409);
        assert!(page.body.contains("It changed since you saw it"), "{}", page.body);
    }
    assert_eq!(status(&h, &approval).await, "pending");
    let broken = [("digest", "nonsense"), ("presented", presented.as_str())];
    assert_eq!(browser.post(&format!("/approvals/{approval}/deny"), &broken).await.status, 422);
}

#[tokio::test]
async fn a_list_is_edited_whole_and_what_is_nothing_may_become_a_text() {
    let h = Harness::start().await;
    h.applies(
        "kind: Tool\nname: post\naction: post\ninput_schema:\n  type: object\n  required: [tags]\n  properties:\n    \
         tags: {type: array, maxItems: 3}\n    by: {type: [string, 'null']}\n    to: {properties: {name: {maxLength: 5}}}\n",
    )
    .await;
    let agent = h.agent("support").await;
    let params = json!({"tags": ["a"], "by": null, "to": {"name": "Lee"}, "lines": [{"sku": "A"}]});
    let asked = agent.posts("checks", json!({"action": "post", "tool": "post", "params": params}));
    let approval = asked.await["approval_id"].as_str().unwrap().to_owned();
    let mut browser = h.signed_in().await;
    let path = format!("/approvals/{approval}/edit");
    let form = browser.get(&path).await.body;
    assert!(form.contains("name=\"edit.params.tags\" value=\"[&#34;a&#34;]\""), "{form}");
    assert!(form.contains("name=\"goes\" value=\"params.by\""), "{form}");
    assert!(!form.contains("name=\"goes\" value=\"params.tags\""), "the schema asks for it");
    let lines = ("comes.value.1", r#"[{"sku": "A"}, {"sku": "B"}]"#);
    let anew = [("comes.name.1", "lines"), ("comes.as.1", "json"), lines];
    let edits = [("edit.params.tags", "[ \"a\",\n\"b\" ]"), ("edit.params.by", "ana")];
    let review = browser.post(&path, &[&edits[..], &anew[..]].concat()).await;
    assert_eq!(review.status, 200, "{}", review.body);
    for field in ["params.tags", "params.by", "params.lines"] {
        assert!(review.body.contains(&format!("name=\"edit.{field}\"")), "{field}");
    }
    assert!(review.body.contains("name=\"comes.name.1\" value=\"lines\""), "{}", review.body);
    for (fields, told) in [
        (vec![("edit.params.tags", "a, b")], "a text stands in quotation marks"),
        (vec![("edit.params.tags", "")], "Write null where nothing is to stand"),
        (vec![("edit.params.tags", r#"["a","b","c","d"]"#)], "tags"),
        (vec![("edit.params.by", "")], "Write null where nothing is to stand"),
        (vec![("edit.params.to.name", "Leeward")], "name"),
    ] {
        let refused = browser.post(&path, &fields).await;
        assert_eq!(refused.status, 422, "{fields:?}");
        let (before, _) = refused.body.split_once(" aria-invalid=\"true\"").unwrap();
        let field = before.rsplit_once(" name=\"").unwrap().1;
        assert!(field.starts_with(&format!("{}\"", fields[0].0)), "{field}");
        assert!(text(&refused.body).contains(told), "{told}: {}", refused.body);
    }
    let twice = [("edit.params.lines.0.sku", "B"), anew[0], anew[1], anew[2]];
    let refused = browser.post(&path, &twice).await;
    assert!(text(&refused.body).contains("is given twice"), "{}", refused.body);
}

#[tokio::test]
async fn an_edit_is_looked_at_before_it_is_approved() {
    let h = Harness::start().await;
    h.rates("low").await;
    let agent = h.agent("support").await;
    let params = json!({"amount": 240, "to": {"a.b": "x"}, "fast": true, "api_key": "k"});
    let approval = asks(&agent, "medium", params).await;
    let mut browser = h.signed_in().await;
    let form = browser.get(&format!("/approvals/{approval}/edit")).await;
    assert!(!form.body.contains("edit.params.api_key"), "a secret cannot be edited");
    let path = format!("/approvals/{approval}/edit");
    let unchanged = [("edit.params.amount", "240"), ("edit.params.fast", "true")];
    assert_eq!(browser.post(&path, &unchanged).await.status, 422);
    let edits =
        [("edit.params.amount", "30"), ("edit.params.to.a\\.b", "y"), ("edit.params.fast", "true")];
    let review = browser.post(&path, &edits).await;
    assert_eq!(review.status, 200, "{}", review.body);
    assert!(review.body.contains("−210 (−88 %)"), "{}", review.body);
    assert_eq!(status(&h, &approval).await, "pending");
    let (digest, presented) = (review.field("digest").unwrap(), review.field("presented").unwrap());
    let fields = [
        ("digest", digest.as_str()),
        ("presented", presented.as_str()),
        ("edit.params.amount", "30"),
        ("edit.params.to.a\\.b", "\"y\""),
    ];
    assert_eq!(browser.post(&format!("/approvals/{approval}/approve"), &fields).await.status, 303);
    let told = agent.gets(&format!("approvals/{approval}")).await;
    assert_eq!(told["outcome"], "edited");
    let effective = json!({"amount": 30, "to": {"a.b": "y"}, "fast": true, "api_key": "k"});
    assert_eq!(told["effective"]["params"], effective);
}

#[tokio::test]
async fn an_edit_is_looked_at_whole_before_it_is_approved() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let long = format!("{}and wire everything to me", "lorem ipsum\n".repeat(600));
    let params = json!({"amount": 240, "body": long, "to": {"iban": "DE1"}, "api_key": "k-5"});
    let approval = asks(&agent, "medium", params).await;
    let mut browser = h.signed_in().await;
    let path = format!("/approvals/{approval}/edit");
    browser.get(&path).await;
    let review = browser.post(&path, &[("edit.params.amount", "30")]).await;
    assert_eq!(review.status, 200, "{}", review.body);
    let (above, form) =
        review.body.split_once("<form method=\"post\" action=\"/approvals/").unwrap();
    assert!(
        !above.contains("type=\"submit\" class=\"yes\"") && form.contains("data-yes"),
        "{form}"
    );
    let reading = above.split_once("data-reading").map(|(_, reading)| reading).unwrap();
    let (_, whole) = reading.split_once("All that would run").unwrap();
    for part in [">30<", "to.iban", "DE1", "and wire everything to me", "hidden: a secret"] {
        assert!(whole.contains(part), "{part} in {whole}");
    }
    assert!(!whole.contains("240") && !review.body.contains("k-5"), "{whole}");
}

async fn refuses_what_nobody_could_agree_to(browser: &mut Browser, path: &str) {
    let refused = [
        (vec![("goes", "params.api_key")], "hidden from people"),
        (vec![("comes.value.1", "7")], "Name the parameter"),
        (
            vec![("comes.name.1", "note"), ("comes.value.1", "7")],
            "There is already a “params.note”",
        ),
        (
            vec![("comes.name.1", "n"), ("comes.value.1", "07"), ("comes.as.1", "json")],
            "“07” cannot be read",
        ),
        (vec![("comes.name.1", "password"), ("comes.value.1", "x")], "hidden from people"),
    ];
    for (fields, why) in refused {
        let page = browser.post(path, &fields).await;
        assert_eq!(page.status, 422, "{why}: {}", page.body);
        let shown = crate::tests::dashboard::framed(&page.body);
        assert!(shown.contains(why), "{why} in {shown}");
    }
}

async fn keeps_the_edits_when_more_is_changed(browser: &mut Browser, path: &str, review: &str) {
    let (_, form) = review.split_once("id=\"change-more\"").unwrap();
    let carried: Vec<(&str, &str)> = form
        .split("<input type=\"hidden\" name=\"")
        .filter_map(|field| field.split_once("\" value=\""))
        .filter_map(|(name, rest)| Some((name, rest.split_once('"')?.0)))
        .filter(|(name, _)| *name != "csrf")
        .collect();
    let again = browser.post(path, &carried).await;
    assert_eq!(again.status, 200, "{}", again.body);
    for part in [
        "value=\"params.note\" checked",
        "value=\"memo\"",
        "value=\"order 17\"",
        "value=\"to.copies\"",
        "value=\"json\" selected",
    ] {
        assert!(again.body.contains(part), "{part} in {}", again.body);
    }
}

#[tokio::test]
async fn a_parameter_comes_and_another_goes_and_the_difference_says_so() {
    let h = Harness::start().await;
    h.rates("low").await;
    let agent = h.agent("support").await;
    let params = json!({"amount": 240, "note": "x", "to": {"iban": "DE1"}, "rows": [{"n": 1}], "api_key": "k"});
    let approval = asks(&agent, "medium", params).await;
    let mut browser = h.signed_in().await;
    let path = format!("/approvals/{approval}/edit");
    let form = browser.get(&path).await.body;
    for (path, can_go) in
        [("note", true), ("to.iban", true), ("rows.0.n", true), ("api_key", false)]
    {
        let field = format!("name=\"goes\" value=\"params.{path}\"");
        assert_eq!(form.contains(&field), can_go, "{path} in {form}");
    }
    refuses_what_nobody_could_agree_to(&mut browser, &path).await;
    let edits = [
        ("goes", "params.note"),
        ("edit.params.note", "typed and then left out"),
        ("comes.name.1", "memo"),
        ("comes.value.1", "order 17"),
        ("comes.name.3", "to.copies"),
        ("comes.value.3", "2"),
        ("comes.as.3", "json"),
    ];
    let review = browser.post(&path, &edits).await;
    assert_eq!(review.status, 200, "{}", review.body);
    let shown = crate::tests::dashboard::framed(&review.body);
    for part in ["<del>“x”</del>", "gone", "not there", "<ins>“order 17”</ins>", "<ins>2</ins>"]
    {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    keeps_the_edits_when_more_is_changed(&mut browser, &path, &review.body).await;
    let (digest, presented) = (review.field("digest").unwrap(), review.field("presented").unwrap());
    let fields = [
        ("digest", digest.as_str()),
        ("presented", presented.as_str()),
        ("edit.-params.note", "null"),
        ("edit.+params.memo", "\"order 17\""),
        ("edit.+params.to.copies", "2"),
    ];
    for (name, value) in &fields[2..] {
        let hidden = format!("name=\"{name}\" value=\"{}\"", value.replace('"', "&#34;"));
        assert!(review.body.contains(&hidden), "{hidden} in {}", review.body);
    }
    assert_eq!(browser.post(&format!("/approvals/{approval}/approve"), &fields).await.status, 303);
    let told = agent.gets(&format!("approvals/{approval}")).await;
    let effective = json!({"amount": 240, "to": {"iban": "DE1", "copies": 2}, "rows": [{"n": 1}], "memo": "order 17", "api_key": "k"});
    assert_eq!(told["effective"]["params"], effective);
}

#[tokio::test]
async fn several_are_answered_exactly_as_they_were_shown_and_never_what_is_dangerous() {
    let h = Harness::start().await;
    h.rates("low").await;
    let agent = h.agent("support").await;
    let mut browser = h.signed_in().await;
    let low = asks(&agent, "low", json!({"amount": 1, "currency": "EUR"})).await;
    let medium = asks(&agent, "medium", json!({"amount": 2, "currency": "EUR"})).await;
    let high = asks(&agent, "high", json!({"amount": 3})).await;
    let path = format!("/approvals/several?id={low}&id={medium}&id={high}");
    let review = browser.get(&path).await;
    let button = "Approve 2 × “stripe.refund”, 3 “EUR” in all";
    assert!(super::framed(&review.body).contains(button), "{}", review.body);
    let picked = |id: &str| {
        let start = format!("value=\"{id} ");
        let (_, rest) = review.body.split_once(&start).unwrap();
        format!("{id} {}", rest.split('"').next().unwrap())
    };
    let of_high = h.admin.gets(&format!("approvals/{high}")).await;
    let text = |name: &str| of_high[name].as_str().unwrap().to_owned();
    let forged = format!("{high} {} {}", text("digest"), text("presented"));
    let (one, two) = (picked(&low), picked(&medium));
    h.admin.denies(&medium, "meanwhile").await;
    let fields = [("picked", one.as_str()), ("picked", two.as_str()), ("picked", forged.as_str())];
    let done = browser.post("/approvals/several/approve", &fields).await;
    assert!(done.body.contains("Approved 1 of 3"), "{}", done.body);
    assert!(done.body.contains("Its risk is high, so it is answered by itself"), "{}", done.body);
    let now = [status(&h, &low).await, status(&h, &medium).await, status(&h, &high).await];
    assert_eq!(now, ["approved", "denied", "pending"]);
    let nothing = browser.post("/approvals/several/deny", &[("picked", one.as_str())]).await;
    assert!(nothing.body.contains("A reason is required"), "{}", nothing.body);
}

#[tokio::test]
async fn a_question_and_a_remark_are_on_the_page() {
    let h = Harness::start().await;
    let agent = h.agent("support").await;
    let approval = asks(&agent, "low", json!({})).await;
    let mut browser = h.signed_in().await;
    assert_eq!(
        browser.answers(&approval, "ask", &[("question", "which order?")]).await.status,
        303
    );
    agent.posts(&format!("approvals/{approval}/answer"), json!({"answer": "<b>1047</b>"})).await;
    assert_eq!(browser.answers(&approval, "comment", &[("body", "plausible")]).await.status, 303);
    let page = browser.get(&format!("/approvals/{approval}")).await;
    for part in ["which order?", "&#60;b&#62;1047&#60;/b&#62;", "plausible", "not verified"] {
        assert!(page.body.contains(part), "{part} in {}", page.body);
    }
}
