//! What a block of a token limits, and how it says so: as checks in the Datalog of Biscuit.

use std::collections::HashMap;

use biscuit_auth::BlockBuilder;
use biscuit_auth::builder::Term;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::TokenError;
use crate::policy::Quantity;
use crate::{ActionPattern, Money};

/// What a block limits. Limits of several blocks hold together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenLimits {
    /// Only actions under one of these patterns; none means that this block does not limit them.
    pub actions: Vec<ActionPattern>,
    /// Only requests that state an amount, from 0 up to this.
    pub amount: Option<Money>,
    /// Only requests that belong to this task.
    pub task: Option<String>,
    /// Only before this moment; whole seconds.
    pub expires_at: Option<Timestamp>,
}

impl TokenLimits {
    /// Whether nothing is limited.
    pub const fn is_empty(&self) -> bool {
        self.actions.is_empty()
            && self.amount.is_none()
            && self.task.is_none()
            && self.expires_at.is_none()
    }

    /// The block that says so.
    pub(super) fn block(&self) -> Result<BlockBuilder, TokenError> {
        let mut said = Said::default();
        if !self.actions.is_empty() {
            // Sentences are another fact than names: a pattern of names covers none.
            let one = |pattern: &ActionPattern| {
                let name = said.param(regex(pattern).into());
                let sentence = format!(" or sentence($a), $a.matches({{{name}}})");
                let sentence = if pattern.is_for_sentences() { &*sentence } else { "" };
                format!("action($a), $a.matches({{{name}}}){sentence}")
            };
            let any: Vec<String> = self.actions.iter().map(one).collect();
            said.source.push(format!("check if {};", any.join(" or ")));
        }
        if let Some(amount) = self.amount {
            let most = Quantity::of(amount).filter(|most| most.0 >= 0).ok_or(TokenError::Amount)?;
            let name = said.param(most.0.into());
            said.source.push(format!("check if amount($n), $n >= 0, $n <= {{{name}}};"));
        }
        if let Some(task) = &self.task {
            // Where a token is shown, a text stands between quotes as it is.
            if task.contains('"') || crate::display::sanitise(task) != *task {
                return Err(TokenError::Task);
            }
            let name = said.param(task.as_str().into());
            said.source.push(format!("check if task({{{name}}});"));
        }
        if let Some(end) = self.expires_at {
            let name = said.param(date(end));
            said.source.push(format!("check if time($t), $t < {{{name}}};"));
        }
        BlockBuilder::new()
            .code_with_params(said.source.join("\n"), said.params, HashMap::new())
            .map_err(|_| TokenError::Damaged)
    }
}

/// A source and the values it names, so that no value is ever part of the source.
#[derive(Default)]
struct Said {
    source: Vec<String>,
    params: HashMap<String, Term>,
}

impl Said {
    fn param(&mut self, value: Term) -> String {
        let name = format!("p{}", self.params.len());
        self.params.insert(name.clone(), value);
        name
    }
}

/// A moment as Biscuit knows it: whole seconds, never before 1970.
pub(super) fn date(at: Timestamp) -> Term {
    Term::Date(u64::try_from(at.as_second()).unwrap_or_default())
}

/// A pattern over actions as a regular expression, which is matched in linear time, whoever wrote it.
pub(super) fn regex(pattern: &ActionPattern) -> String {
    const SEGMENT: &str = "[^.:]*";
    let mut out = String::from("(?i)^");
    // As long as only `**` came, everything before may be nothing, and then no separator stands before.
    let mut open = true;
    for (index, segment) in pattern.segments().enumerate() {
        if segment == "**" {
            out.push_str(if open { "(?:[^.:]*(?:[.:][^.:]*)*)?" } else { "(?:[.:][^.:]*)*" });
            continue;
        }
        match (index, open) {
            (0, _) => {}
            (_, true) => out.push_str("(?:^|[.:])"),
            (_, false) => out.push_str("[.:]"),
        }
        out.push_str(&if segment == "*" { SEGMENT.to_owned() } else { escaped(segment) });
        open = false;
    }
    out.push('$');
    out
}

/// The text as an expression that matches only itself.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\.+*?()|[]{}^$#&-~".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
