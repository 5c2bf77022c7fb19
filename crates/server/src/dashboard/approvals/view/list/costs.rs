//! What several requests cost together, as far as they state it.

use countersign_domain::Money;
use countersign_domain::approval::{Approval, Cost};
use countersign_domain::display::names_amount;
use rust_decimal::Decimal;

use super::super::row::cost;
use crate::dashboard::layout::grouped;

/// What several requests cost together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Costs {
    /// All that is stated, with its units; none where nothing is, or it is too much to be added up.
    pub(crate) total: Option<String>,
    /// How many state none.
    pub(crate) silent: usize,
    /// Of how many.
    pub(crate) all: usize,
    /// Whether any of those that state none names an amount among its parameters.
    names_amount: bool,
}

impl Costs {
    /// Of these together.
    pub(crate) fn of(approvals: &[&Approval]) -> Self {
        let costs: Vec<&Cost> = approvals.iter().map(|approval| approval.cost()).collect();
        let silent = costs.iter().filter(|one| cost(one).is_none()).count();
        let names = |one: &&Approval| {
            cost(one.cost()).is_none() && names_amount(&one.card.shown(&one.proposal().params))
        };
        Self {
            total: sum(&costs).and_then(|sum| cost(&sum)),
            silent,
            all: costs.len(),
            names_amount: approvals.iter().any(names),
        }
    }

    /// Whether any of them states one.
    pub(crate) const fn is_stated(&self) -> bool {
        self.silent < self.all
    }

    /// In a few words: `73 USD, 1 states none`.
    pub(crate) fn short(&self) -> Option<String> {
        let total = self.total.as_ref()?;
        Some(match self.silent {
            0 => total.clone(),
            1 => format!("{total}, 1 states none"),
            silent => format!("{total}, {} state none", grouped(silent)),
        })
    }

    /// What a yes to all of them costs, in a sentence.
    pub(crate) fn sentence(&self) -> String {
        let all = grouped(self.all);
        match (&self.total, self.silent) {
            (Some(total), 0) => format!("A yes to all costs {total}, as stated."),
            (Some(total), silent) => {
                let states = if silent == 1 { "states" } else { "state" };
                let silent = grouped(silent);
                format!(
                    "A yes to all costs {total} as stated, and more: {silent} of {all} {states} no cost."
                )
            }
            (None, silent) if silent == self.all => match self.all {
                1 if self.names_amount => {
                    "No cost is stated, although an amount is named.".to_owned()
                }
                1 => "No cost is stated.".to_owned(),
                _ if self.names_amount => {
                    "No cost is stated for any of them, although amounts are named.".to_owned()
                }
                _ => "No cost is stated for any of them.".to_owned(),
            },
            (None, _) => "What they cost is too much to be added up: look at each.".to_owned(),
        }
    }
}

fn sum(costs: &[&Cost]) -> Option<Cost> {
    let mut all = Cost::default();
    let mut usd = Decimal::ZERO;
    for one in costs {
        usd = usd.checked_add(one.usd.0)?;
        all.tokens = all.tokens.checked_add(one.tokens)?;
        all.estimate |= one.estimate && cost(one).is_some();
    }
    Some(Cost { usd: Money(usd), ..all })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(costs: &[(&str, u64, bool)]) -> (Option<String>, String) {
        let costs: Vec<Cost> = costs
            .iter()
            .map(|(usd, tokens, estimate)| Cost {
                usd: usd.parse().unwrap(),
                tokens: *tokens,
                estimate: *estimate,
                note: None,
            })
            .collect();
        let costs: Vec<&Cost> = costs.iter().collect();
        let silent = costs.iter().filter(|one| cost(one).is_none()).count();
        let total = sum(&costs).and_then(|sum| cost(&sum));
        let costs = Costs { total, silent, all: costs.len(), names_amount: false };
        (costs.short(), costs.sentence())
    }

    #[test]
    fn what_is_stated_is_added_up_and_what_is_not_is_said() {
        let (short, sentence) = told(&[("40", 0, false), ("0.50", 1200, false)]);
        assert_eq!(short.as_deref(), Some("40.50 USD, 1,200 tokens"));
        assert_eq!(sentence, "A yes to all costs 40.50 USD, 1,200 tokens, as stated.");
        let (short, sentence) = told(&[("40", 0, true), ("0", 0, true), ("0", 0, false)]);
        assert_eq!(short.as_deref(), Some("≈ 40 USD, 2 state none"));
        assert_eq!(
            sentence,
            "A yes to all costs ≈ 40 USD as stated, and more: 2 of 3 state no cost."
        );
        let (short, sentence) = told(&[("0", 0, false), ("0", 0, false)]);
        assert_eq!((short, sentence.as_str()), (None, "No cost is stated for any of them."));
        let much = "70000000000000000000000000000";
        let (short, sentence) = told(&[(much, 0, false), (much, 0, false)]);
        assert_eq!(short, None);
        assert_eq!(sentence, "What they cost is too much to be added up: look at each.");
    }
}
