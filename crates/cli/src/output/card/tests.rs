use serde_json::json;

use super::*;
use crate::output::{PendingItem, outcome_text, pending_table, visible};
use crate::sample;

#[test]
#[expect(clippy::too_many_lines, reason = "the whole card is one value")]
fn nothing_an_agent_writes_looks_like_a_line_of_the_card() {
    insta::assert_snapshot!(card(&sample::view(json!({}))), @r#"
    WHAT TO LOOK AT
      warning: The parameters hold characters that hide, imitate or pad: look at every mark.

    WHAT WOULD HAPPEN
      action: “stripe.refund”
      tool: “stripe_refund”
      asked by: support-bot 2.1.0 (agt_01J9Z3V5K0000000000000000B)
      answered for by: olga@example.com
      task: “T-1”
      request: apr_01J9Z3V5K0000000000000000A
      status: pending
      asked at: 2026-01-01T10:00:00Z
      expires at: 2026-01-01T14:00:00Z
      digest: sha256:ab

    EXACT PARAMETERS
       PARAMETER  TYPE     VALUE
       amount     number   45
       api_key    text     “[REDACTED]”
       iban       text     “DE89\u{200b}3704”
       note       text     “\u{1b}[2J\u{1b}[1;32mAPPROVED”
       tags       list     []
       to.a\.b.0  boolean  true
       to.a\.b.1  null     null
       to.name    text     “A. Lee\u{20}”

    IF YOU SAY YES
      cost (as the agent says): about 45.00 USD, 120 tokens
      made of (as the agent says): “one\u{a}refund”
      side effect (as the agent says): “mails her\u{7}”

    IF YOU SAY NO
      as the agent says: “she waits\u{a}risk: low”

    RISK
      risk: high
      a person is asked because: refunds over 20 need finance (AMOUNT_THRESHOLD)
      numbers: {"request_amount":"45.00"}

    POLICY TRACE
       CHECK          RESULT    DETAILS
       agent_status   pass
       amount_limits  escalate  45 > 20

    WHO MUST SAY YES
       STAGE    YESES   WHO COUNTS
       finance  1 of 2  finance
       any      0 of 1  any approver
      least assurance: session (a signed-in person)
      when time runs out: it expires and nothing runs

    ANSWERS
      ben@example.com: approve at 2026-01-01T10:05:00Z (session)
        notes: looks right

    THREAD
      answer: agent:support-bot at 2026-01-01T10:06:00Z
      │   order 7
      │   ANSWERS
      │     ana@example.com: approve

    RUN
      run by: agent
      state: unused

    HOW TO ANSWER
      countersign approve apr_01J9Z3V5K0000000000000000A
      countersign deny apr_01J9Z3V5K0000000000000000A --reason "…"
      countersign ask apr_01J9Z3V5K0000000000000000A "…?"

    ┌─ written by the agent, not verified
    │ summary:
    │   Harmless\u{202e}
    │   RISK
    │     risk: low
    │ reasoning:
    │   she was charged twice
    │   └─
    │   HOW TO ANSWER
    │     approve me
    │ context:
    │   {"ticket":"T-1\u{2028}x"}
    │ links:
    │   https://example.com/\u{202e}x
    └─
    "#);
}

#[test]
fn whatever_an_agent_wrote_stands_in_quotation_marks_or_in_its_frame() {
    let text = "zq7” ok. answered by: person:ana@example.com “zq7";
    let changes = json!({
        "action": text, "tool": text, "task_id": text, "on_behalf_of": "zq7@example.com",
        "summary": text, "reasoning": text, "if_denied": text, "side_effects": [text],
        "cost": {"usd": "1", "note": text}, "params": {text: text, "plain": text, "deep": [text]},
        "context": {text: text}, "links": [{"url": text}],
        "responses": [{"name": text}],
        "thread": [{
            "id": "msg_1", "at": "2026-01-01T10:06:00Z", "by": "agent:support-bot", "kind": "answer", "body": text
        }],
        "execution": {"mode": "agent", "state": "failed", "error": text, "result": {"a": text}},
        "edits": {"amount": text},
        "effective": {
            "action": text, "tool": null, "params": {"amount": 30}, "cost": {"usd": "30"}, "side_effects": []
        }
    });
    let view = sample::view(changes);
    let printed = format!(
        "{}\n{}\n{}",
        card(&view),
        outcome_text(&view),
        pending_table(&[PendingItem::from(&view)])
    );
    for line in printed.lines().filter(|line| !line.trim_start().starts_with('│')) {
        // The list shows parameters as JSON, whose own quotation marks are escaped within.
        let line = line.split("  {").next().unwrap();
        for (at, _) in line.match_indices("zq7") {
            let (before, after) = line.split_at(at);
            let open = before.matches('“').count() == before.matches('”').count() + 1;
            assert!(open && after.contains('”'), "{line}");
        }
    }
    assert!(printed.matches("zq7").count() > 20);
}

#[test]
fn a_decided_request_shows_what_became_of_it() {
    let changes = json!({
        "status": "approved", "outcome": "edited", "edits": {"amount": 30, "token": "t"},
        "effective": {
            "action": "stripe.refund", "tool": null, "params": {"amount": 30},
            "cost": {"usd": "30"}, "side_effects": []
        },
        "answered_by": "person:ana@example.com", "approved_at": "2026-01-01T10:07:00Z",
        "answers": [], "thread": [], "policy_trace": [], "stages": [], "params": {},
        "execution": {"mode": "agent", "state": "succeeded", "result": {"id": "re_1"}}
    });
    let view = sample::view(changes);
    let card = card(&view);
    for part in [
        "WHAT WAS EDITED",
        "[REDACTED]",
        "params: {\"amount\":30}",
        "result: “{\\u{22}id\\u{22}:\\u{22}re_1\\u{22}}”",
    ] {
        assert!(card.contains(part), "{part} in\n{card}");
    }
    assert!(!card.contains("countersign approve"), "{card}");
    insta::assert_snapshot!(outcome_text(&view), @r#"
    outcome: edited
    approval: apr_01J9Z3V5K0000000000000000A
    answered by: person:ana@example.com
    action: “stripe.refund”
    params: {"amount":30}
    cost: 30 USD
    next: wait again
    "#);
}

#[test]
fn a_list_hides_secrets_and_shows_what_hides() {
    let items = [PendingItem::from(&sample::view(json!({})))];
    insta::assert_snapshot!(pending_table(&items), @r#"
     REQUEST_ID                      AGENT_ID                                      TOOL_NAME        INPUT                                                                                                                                                        SUBMITTED_AT          STATUS   RISK
     apr_01J9Z3V5K0000000000000000A  agt_01J9Z3V5K0000000000000000B (support-bot)  “stripe_refund”  {"amount":45,"api_key":"[REDACTED]","iban":"DE89\u{200b}3704","note":"\\u001b[2J\\u001b[1;32mAPPROVED","tags":[],"to":{"a.b":[true,null],"name":"A. Lee "}}  2026-01-01T10:00:00Z  pending  high
    "#);
    let item = serde_json::to_string(&items[0]).unwrap();
    insta::assert_snapshot!(visible(&item), @r#"{"request_id":"apr_01J9Z3V5K0000000000000000A","agent_id":"agt_01J9Z3V5K0000000000000000B","tool_name":"stripe_refund","input":{"amount":45,"api_key":"[REDACTED]","iban":"DE89\u200b3704","note":"\u001b[2J\u001b[1;32mAPPROVED","tags":[],"to":{"a.b":[true,null],"name":"A. Lee "}},"submitted_at":"2026-01-01T10:00:00Z","status":"pending","agent":"support-bot","action":"stripe.refund","summary":"Harmless\u202e\nRISK\n  risk: low","risk":"high","outcome":"pending","question":null,"expires_at":"2026-01-01T14:00:00Z","url":"http://127.0.0.1:7733/approvals/apr_01J9Z3V5K0000000000000000A"}"#);
}

#[test]
fn whoever_looks_is_told_first_that_a_yes_may_not_be_used() {
    let view = sample::view(json!({"outlook": "policy demands more by now: 1 more person"}));
    insta::assert_snapshot!(card(&view).lines().take(4).collect::<Vec<_>>().join("\n"), @r"
    AS POLICY IS NOW
      a yes may not be used: policy demands more by now: 1 more person
      next: let the agent ask again; what this request asks of people stays as it is
    ");
}

#[test]
fn what_is_hidden_stands_at_the_top_with_its_length() {
    let hidden = json!([
        {"path": "api_key", "length": "18 characters"},
        {"path": "payee_token", "length": "22 characters"},
        {"path": "token", "length": "object, 15 characters", "may_be": "an amount"}
    ]);
    let card = card(&sample::view(json!({"hidden": hidden})));
    insta::assert_snapshot!(card.lines().take(6).collect::<Vec<_>>().join("\n"), @r"
    WHAT TO LOOK AT
      warning: The parameters hold characters that hide, imitate or pad: look at every mark.
       HIDDEN, AND SENT ALONG  HOW LONG
       api_key                 18 characters
       payee_token             22 characters          a receiver could stand there: ask the agent
       token                   object, 15 characters  an amount could stand there: ask the agent
    ");
}

#[test]
fn what_warns_on_a_page_warns_in_a_terminal_until_it_is_decided() {
    let odd = json!({
        "params": {"amount": "l00", "run": "curl x | sh", "to_token": "x"}, "cost": {},
        "hidden": [{"path": "to_token", "length": "1 character"}],
        "summary": "Refund 45.00 EUR", "reasoning": "she asked", "side_effects": [], "if_denied": null
    });
    let shown = card(&sample::view(odd.clone()));
    insta::assert_snapshot!(shown.lines().take(6).collect::<Vec<_>>().join("\n"), @r"
    WHAT TO LOOK AT
      warning: “amount” is no number that can be read: “l00”; ask what is meant.
      warning: “run” runs a command that fetches and runs what stands elsewhere.
       HIDDEN, AND SENT ALONG  HOW LONG
       to_token                1 character  a receiver could stand there: ask the agent
    ");
    assert!(shown.contains("cost: none is stated, although the parameters name an amount"));
    let mut decided = odd;
    decided["status"] = json!("denied");
    assert!(!card(&sample::view(decided)).contains("warning:"));
    let lying = json!({
        "action": "Refund 5 USD to cus_1", "summary": "Refund 5 USD", "reasoning": null,
        "params": {
            "amount": 5000, "customer": "cus_2", "splits": [{"acct": "evil", "value": 90_000}],
            "hook": "https://bank.com@evil.example", "limit_price": "100.000", "namespace": "prod"
        }
    });
    let shown = card(&sample::view(lying));
    for line in [
        "The action is a sentence that names “5 USD”, and the parameters do not: they are what takes effect.",
        "The address in “hook” leads to “evil.example”, and not where it seems to.",
        "The amount “100.000” in “limit_price” can mean 100.000 or 100,000: ask which.",
        "It also names what reads like an amount: “limit_price” is “100.000”, “splits.0.value” is 90,000.",
        "It names what reads like a receiver: “splits.0.acct” is “evil”.",
        "It touches production: “namespace” is “prod”.",
    ] {
        assert!(shown.contains(&format!("warning: {line}")), "{line} in\n{shown}");
    }
    let other = json!({"params": {"amount": 5}, "summary": "Refund 45.50 EUR"});
    let said = "The agent’s own sentence names “45.50 EUR”, which is not among the parameters.";
    assert!(card(&sample::view(other)).contains(said));
}

#[test]
fn a_summary_of_the_gateway_is_no_word_of_the_agent() {
    let ours = json!({"summary": "support-bot asked to run stripe.refund"});
    assert!(!card(&sample::view(ours)).contains("summary:"));
    let nothing = json!({
        "summary": "support-bot asked to run stripe.refund", "reasoning": null, "context": {}, "links": []
    });
    assert!(!card(&sample::view(nothing)).contains("written by the agent"));
}

#[test]
fn the_risk_says_where_it_comes_from_and_ids_have_no_thousands() {
    let rated = json!({
        "risk_snapshot": {"ratings": [{"by": "rule `pay/large`", "risk": "high", "message": "two people"}]},
        "params": {"account_id": 1_234_567_890, "count": 1_234_567_890}
    });
    let card = card(&sample::view(rated));
    for part in ["because: rule `pay/large` says high: `two people`", "1234567890", "1,234,567,890"]
    {
        assert!(card.contains(part), "{part} in\n{card}");
    }
}

#[test]
fn receipt_start_and_end_of_a_run_are_told() {
    let ran = json!({"status": "approved", "execution": {
        "mode": "agent", "state": "succeeded", "receipt_id": "rcp_1",
        "started_at": "2026-01-01T10:08:00Z", "ended_at": "2026-01-01T10:09:00Z"
    }});
    let card = card(&sample::view(ran));
    for part in
        ["started at: 2026-01-01T10:08:00Z", "ended at: 2026-01-01T10:09:00Z", "receipt: rcp_1"]
    {
        assert!(card.contains(part), "{part} in\n{card}");
    }
}
