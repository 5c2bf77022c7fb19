//! regorus: the rules as data, looked up by agent and action, as one would write it for speed.

use anyhow::Result;
use regorus::{Engine as Regorus, Value};
use serde_json::json;

use crate::{Check, Engine, Rule};

const POLICY: &str = r#"package bench

default allow := false

allow if {
    rule := data.rules[input.agent][input.action]
    input.amount <= rule.cap
}
"#;

/// Inputs that are ready to be asked.
pub struct Rego {
    engine: Regorus,
    inputs: Vec<Value>,
}

impl Rego {
    pub fn new(rules: &[Rule], checks: &[Check]) -> Result<Self> {
        let mut data = json!({});
        for rule in rules {
            data[&rule.agent][&rule.action] = json!({"cap": rule.cap.unwrap_or(i64::MAX)});
        }
        let mut engine = Regorus::new();
        engine.add_policy("bench.rego".to_owned(), POLICY.to_owned())?;
        engine.add_data_json(&json!({"rules": data}).to_string())?;
        let input = |check: &Check| {
            let Check { agent, action, amount } = check;
            Value::from_json_str(&json!({"agent": agent, "action": action, "amount": amount}).to_string())
        };
        let inputs = checks.iter().map(input).collect::<Result<_>>()?;
        Ok(Self { engine, inputs })
    }
}

impl Engine for Rego {
    fn name(&self) -> &'static str {
        "regorus 0.14"
    }

    fn allows(&mut self, check: usize) -> bool {
        self.engine.set_input(self.inputs[check].clone());
        let allow = self.engine.eval_rule("data.bench.allow".to_owned());
        allow.is_ok_and(|value| value == Value::from(true))
    }
}
