//! cedar-policy: one `permit` for each rule.

use anyhow::Result;
use cedar_policy::{Authorizer, Context, Decision, Entities, PolicySet, Request};

use crate::{Check, Engine, Rule};

/// Requests that are ready to be asked.
pub struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
    requests: Vec<Request>,
}

impl Cedar {
    pub fn new(rules: &[Rule], checks: &[Check]) -> Result<Self> {
        let permit = |rule: &Rule| {
            let when = rule.cap.map(|cap| format!(" when {{ context.amount <= {cap} }}")).unwrap_or_default();
            let Rule { agent, action, .. } = rule;
            format!("permit(principal == Agent::\"{agent}\", action == Action::\"{action}\", resource){when};\n")
        };
        let policies: PolicySet = rules.iter().map(permit).collect::<String>().parse()?;
        let request = |check: &Check| -> Result<Request> {
            let context = Context::from_json_value(serde_json::json!({"amount": check.amount}), None)?;
            let agent = format!("Agent::\"{}\"", check.agent).parse()?;
            let action = format!("Action::\"{}\"", check.action).parse()?;
            Ok(Request::new(agent, action, "Thing::\"one\"".parse()?, context, None)?)
        };
        let requests = checks.iter().map(request).collect::<Result<_>>()?;
        Ok(Self { authorizer: Authorizer::new(), policies, entities: Entities::empty(), requests })
    }
}

impl Engine for Cedar {
    fn name(&self) -> &'static str {
        "cedar-policy 4.14"
    }

    fn allows(&mut self, check: usize) -> bool {
        let answer = self.authorizer.is_authorized(&self.requests[check], &self.policies, &self.entities);
        answer.decision() == Decision::Allow
    }
}
