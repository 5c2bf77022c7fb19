//! How much work an evaluation is: the library has no limit of steps, so they are estimated before.

use cel::common::ast::Expr;
use cel::parser::Expression;

use super::bounds::walk;
use super::mentions::known;

/// The most steps of one evaluation; a step is well below a microsecond.
const STEPS: u64 = 150_000;

/// How large the values are that an expression looks at.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Size {
    /// Values in all, long texts counted as several.
    pub values: u64,
    /// The elements of the longest list or map.
    pub longest: u64,
}

/// How the work of an expression grows with what it looks at.
#[derive(Debug, Default)]
pub(super) struct Weight {
    /// Nodes outside of loops, within one loop, within two.
    nodes: [u64; 3],
    /// Of these, those that name a variable, and so may look at all of it.
    variables: [u64; 3],
    /// Of these, those that compile a regular expression.
    patterns: [u64; 3],
    /// The elements of the longest list that is written out.
    written: u64,
    /// How often lists or texts are put together.
    joins: u64,
}

impl Weight {
    /// The weight of an expression of at most two nested loops.
    pub fn of(expression: &Expression) -> Self {
        let mut weight = Self::default();
        let counted = walk(expression, &mut |node, _, loops| {
            weight.count(node, loops);
            Ok(())
        });
        debug_assert!(counted.is_ok(), "counting refuses nothing");
        weight
    }

    fn count(&mut self, node: &Expression, loops: usize) {
        let at = loops.min(2);
        let bump = |counts: &mut [u64; 3], by: u64| {
            if let Some(count) = counts.get_mut(at) {
                *count += by;
            }
        };
        bump(&mut self.nodes, 1);
        match &node.expr {
            Expr::Call(call) => {
                bump(&mut self.patterns, u64::from(call.func_name == "matches"));
                self.joins += u64::from(call.func_name == "_+_");
            }
            Expr::List(list) => self.written = self.written.max(length(list.elements.len())),
            Expr::Map(map) => self.written = self.written.max(length(map.entries.len())),
            Expr::Ident(name) => bump(&mut self.variables, u64::from(known(name).is_some())),
            Expr::Unspecified
            | Expr::Comprehension(_)
            | Expr::Literal(_)
            | Expr::Select(_)
            | Expr::Struct(_) => {}
        }
    }

    /// Refuses values that would make the evaluation too long.
    pub fn bear(&self, size: Size) -> Result<(), String> {
        let longest = size.longest.max(self.written).saturating_mul(self.joins + 1);
        let mut rounds: u64 = 1;
        let mut steps: u64 = 0;
        for ((nodes, variables), patterns) in self.nodes.iter().zip(self.variables).zip(self.patterns) {
            let looked_at = variables.saturating_mul(size.values / 8);
            let once = nodes.saturating_add(looked_at).saturating_add(patterns.saturating_mul(1000));
            steps = steps.saturating_add(once.saturating_mul(rounds));
            rounds = rounds.saturating_mul(longest.saturating_add(1));
        }
        if steps > STEPS {
            return Err(format!("it would take about {steps} steps here; at most {STEPS} are taken"));
        }
        Ok(())
    }
}

fn length(elements: usize) -> u64 {
    u64::try_from(elements).unwrap_or(u64::MAX)
}
