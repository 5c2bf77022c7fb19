//! What of a request deserves a warning wherever it is shown, on a page as in a terminal: an amount that is no number,
//! a text that runs something, a cost that does not fit. Told from what takes effect, with secrets hidden.

mod amounts;
mod claims;
mod command;
mod node;
mod segment;

use std::fmt;

use super::headline::Part;
use crate::approval::Cost;
use crate::json::Object;

pub use amounts::names_amount;
pub use claims::claims;
use command::Does;

/// One thing that deserves a warning, or a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// What stands where an amount should is no number.
    NoNumber {
        /// Where.
        path: String,
        /// What stands there, where it fits into a line.
        value: Option<String>,
    },
    /// So many further ones are none, either.
    MoreNoNumbers(usize),
    /// An amount is below zero.
    BelowZero {
        /// Where.
        path: String,
    },
    /// A text does something where it ends up.
    Does {
        /// Where.
        path: String,
        /// What.
        what: Does,
    },
    /// The stated cost is far from the amount.
    CostApart {
        /// The cost.
        cost: String,
        /// Where the amount stands.
        path: String,
        /// The amount.
        amount: String,
    },
    /// The amount is a hundred times the stated cost.
    PerhapsCents {
        /// Where the amount stands.
        path: String,
    },
    /// The agent's own sentence names what is not among the parameters.
    Unmatched(String),
}

/// What deserves one, the worst first; of parameters without secrets.
pub fn warnings(params: &Object, cost: &Cost) -> Vec<Warning> {
    let nodes = node::nodes(params);
    let mut found = amounts::unreadable(&nodes);
    found.extend(amounts::below_zero(&nodes));
    found.extend(command::commands(&nodes));
    found.extend(amounts::apart(params, &nodes, cost));
    found
}

impl Warning {
    /// Whether it warns; otherwise it only says where to look.
    pub const fn warns(&self) -> bool {
        match self {
            Self::NoNumber { .. }
            | Self::MoreNoNumbers(_)
            | Self::BelowZero { .. }
            | Self::Does { .. }
            | Self::CostApart { .. } => true,
            Self::PerhapsCents { .. } | Self::Unmatched(_) => false,
        }
    }

    /// Its parts, in order.
    pub fn parts(&self) -> Vec<Part<'_>> {
        use Part::{Number, Ours, Said};
        match self {
            Self::NoNumber { path, value: None } => {
                vec![Said(path), Ours(" is no number that can be read: ask what is meant.")]
            }
            Self::NoNumber { path, value: Some(value) } => vec![
                Said(path),
                Ours(" is no number that can be read: "),
                Said(value),
                Ours("; ask what is meant."),
            ],
            Self::MoreNoNumbers(_) => vec![Ours("Further amounts are no numbers, either.")],
            Self::BelowZero { path } => {
                vec![Said(path), Ours(" is below zero: money would go the other way.")]
            }
            Self::Does { path, what } => vec![Said(path), Ours(what.sentence())],
            Self::CostApart { cost, path, amount } => vec![
                Ours("The stated cost is "),
                Number(cost),
                Ours(" USD, and "),
                Said(path),
                Ours(" is "),
                Number(amount),
                Ours(": ask what it really costs."),
            ],
            Self::PerhapsCents { path } => {
                vec![Said(path), Ours(" is 100 times the stated cost: are these cents?")]
            }
            Self::Unmatched(what) => vec![
                Ours("The agent’s own sentence names "),
                Said(what),
                Ours(", which is not among the parameters."),
            ],
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts().iter().try_for_each(|part| part.fmt(f))
    }
}
