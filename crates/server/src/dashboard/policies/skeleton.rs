//! What a new document starts from: complete, with comments for what may be added.

use countersign_domain::policy::document::DocumentKind;

/// A small document of this kind.
pub(super) const fn skeleton(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Policy => POLICY,
        DocumentKind::Agent => AGENT,
        DocumentKind::Budget => BUDGET,
        DocumentKind::Grant => GRANT,
        DocumentKind::Tool => TOOL,
        DocumentKind::Group => GROUP,
        DocumentKind::Defaults => DEFAULTS,
    }
}

const POLICY: &str = "\
kind: Policy
name: refunds
rules:
  - name: small
    actions: [\"stripe.refund.*\"]
    when: params.amount <= 100
    verdict: allow
  - name: large
    actions: [\"stripe.refund.*\"]
    when: params.amount > 100
    verdict: escalate
    reason_code: AMOUNT_THRESHOLD
    message: refunds over 100 need a person
    # risk: high
    # approval: {stages: [{name: finance, groups: [finance]}], expires_in: 4h}
";
const AGENT: &str = "\
kind: Agent
name: new-bot
trust: standard
manifest:
  actions: [\"stripe.refund.*\"]
  # requires_approval: [\"crm.delete.*\"]
  # amount: {param: amount, cap: 5000, escalate_above: 200}
  # hours: {days: mon-fri, from: \"08:00\", to: \"20:00\", timezone: Europe/Berlin}
";
const BUDGET: &str = "\
kind: Budget
name: daily-spending
scope: {actions: [\"stripe.**\"]}
unit: usd
limit: 2000
window: day
escalate_at: 90%
";
const GRANT: &str = "\
kind: Grant
name: images
agents: [new-bot]
actions: [\"image.generate\"]
limit: {usd: 50, uses: 200, window: day}
";
const TOOL: &str = "\
kind: Tool
name: send_invoice
action: billing.invoice.send
description: Sends an invoice to a customer
annotations: {read_only: false, destructive: false, idempotent: true}
input_schema:
  type: object
  required: [customer, amount]
  properties:
    customer: {type: string}
    amount: {type: number}
";
const GROUP: &str = "\
kind: Group
name: finance
members: []
";
const DEFAULTS: &str = "\
kind: Defaults
expires_in: 24h
use_within: 1h
";

#[cfg(test)]
mod tests {
    use countersign_domain::policy::document::parse::{Severity, SourceFile};
    use countersign_domain::policy::document::plan::validate;

    use super::*;

    #[test]
    fn what_a_new_document_starts_from_can_be_applied() {
        for kind in DocumentKind::ALL {
            let file = SourceFile { name: "new".to_owned(), text: skeleton(kind).to_owned() };
            let (count, problems) = validate(&[file]);
            let errors: Vec<_> =
                problems.into_iter().filter(|p| p.severity == Severity::Error).collect();
            assert_eq!((count, errors), (1, Vec::new()), "{kind:?}");
        }
    }
}
