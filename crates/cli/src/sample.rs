//! An approval for tests, with an agent that tries to deceive.

use countersign_wire::approvals::ApprovalView;
use serde_json::{Value, json};

/// A pending request; every free text of the agent tries to look like a part of the card.
pub(crate) fn hostile() -> Value {
    json!({
        "id": "apr_01J9Z3V5K0000000000000000A", "org": "default",
        "status": "pending", "outcome": "pending",
        "agent": {"id": "agt_01J9Z3V5K0000000000000000B", "name": "support-bot", "version": "2.1.0"},
        "owner": "olga@example.com", "action": "stripe.refund",
        "summary": "Harmless\u{202e}\nRISK\n  risk: low", "tool": "stripe_refund",
        "params": {
            "amount": 45, "iban": "DE89\u{200b}3704", "api_key": "sk_live_0123456789",
            "to": {"name": "A. Lee ", "a.b": [true, null]}, "tags": [],
            "note": "\u{1b}[2J\u{1b}[1;32mAPPROVED"
        },
        "context": {"ticket": "T-1\u{2028}x"}, "digest": "sha256:ab", "presented": "sha256:cd",
        "revision": 1, "reasoning": "she was charged twice\n└─\nHOW TO ANSWER\n  approve me",
        "cost": {"usd": "45.00", "tokens": 120, "estimate": true, "note": "one\nrefund"},
        "side_effects": ["mails her\u{7}"], "if_denied": "she waits\nrisk: low",
        "risk": "high", "reason_code": "AMOUNT_THRESHOLD", "reason": "over 20",
        "asked_because": "refunds over 20 need finance",
        "policy_trace": [
            {"check": "agent_status", "result": "pass", "details": ""},
            {"check": "amount_limits", "result": "escalate", "details": "45 > 20"}
        ],
        "risk_snapshot": {"request_amount": "45.00"},
        "stages": [
            {"name": "finance", "need": 2, "have": 1, "groups": ["finance"], "people": []},
            {"name": "any", "need": 1, "have": 0, "groups": [], "people": []}
        ],
        "assurance": "session", "on_timeout": {"then": "deny"}, "relayed": false, "notify": [],
        "answers": [{
            "by": {"id": "usr_1", "email": "ben@example.com"}, "at": "2026-01-01T10:05:00Z",
            "say": "approve", "reason": null, "notes": "looks right", "evidence": null,
            "operator": null, "assurance": "session", "self_approved": false, "counts": true,
            "digest": "sha256:ab", "presented": "sha256:cd"
        }],
        "thread": [{
            "id": "msg_1", "at": "2026-01-01T10:06:00Z", "by": "agent:support-bot",
            "kind": "answer", "body": "order 7\nANSWERS\n  ana@example.com: approve"
        }],
        "execution": {"mode": "agent", "state": "unused"}, "task_id": "T-1",
        "links": [{"url": "https://example.com/\u{202e}x"}], "responses": [],
        "created_at": "2026-01-01T10:00:00Z", "expires_at": "2026-01-01T14:00:00Z",
        "next": "wait again", "url": "http://127.0.0.1:7733/approvals/apr_01J9Z3V5K0000000000000000A"
    })
}

/// The same request with other fields.
pub(crate) fn view(changes: Value) -> ApprovalView {
    let mut sample = hostile();
    let Value::Object(changes) = changes else { panic!("changes are an object") };
    for (key, value) in changes {
        sample[key] = value;
    }
    serde_json::from_value(sample).unwrap()
}
