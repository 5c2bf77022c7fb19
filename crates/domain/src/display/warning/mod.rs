//! What of a request deserves a warning wherever it is shown, on a page as in a terminal: an amount that is no number,
//! a text that runs something, a cost that does not fit. Told from what takes effect, with secrets hidden.

mod amounts;
mod claims;
mod command;
mod headers;
mod links;
mod names;
mod node;
mod rights;
mod sql;
mod twice;
mod within;
mod wording;

use std::fmt;

use crate::approval::Cost;
use crate::json::Object;

pub use amounts::names_amount;
pub(super) use claims::mailboxes;
pub use claims::{claims, misnames};
use command::Does;
pub(super) use node::{Node, nodes};
use rights::Right;
use sql::Sql;

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
    /// A text does something to a database, or would.
    Queries {
        /// Where.
        path: String,
        /// What.
        what: Sql,
    },
    /// It gives rights without a bound.
    Unbounded {
        /// Where.
        path: String,
        /// What.
        what: Right,
    },
    /// What ends up in a header holds a line break.
    Header {
        /// Where.
        path: String,
        /// The header that follows, where it is one.
        next: Option<String>,
    },
    /// A text names an amount or a receiver that no parameter names.
    Within {
        /// Where.
        path: String,
        /// What it calls them.
        names: Vec<String>,
    },
    /// Two names of one thing name two different ones.
    Twice {
        /// Where.
        paths: [String; 2],
        /// Which.
        values: [String; 2],
    },
    /// The words of a link name another host than its target.
    Link {
        /// Where.
        path: String,
        /// The host that it reads.
        reads: String,
        /// The host that it leads to.
        leads: String,
    },
    /// The amount is, or may be, that of one of several.
    InAll {
        /// Where the amount stands.
        path: String,
        /// Where it says how many.
        count: String,
        /// What that comes to.
        sum: String,
        /// In what.
        unit: Option<String>,
        /// Whether its name says that it is that of one.
        is_of_one: bool,
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
    /// The action itself is a sentence that names what is not among the parameters.
    Misnames(String),
}

/// What deserves one, the worst first; of parameters without secrets.
pub fn warnings(params: &Object, cost: &Cost) -> Vec<Warning> {
    let nodes = nodes(params);
    let mut found = amounts::unreadable(&nodes);
    found.extend(amounts::below_zero(&nodes));
    found.extend(command::commands(&nodes));
    found.extend(sql::queries(&nodes));
    found.extend(rights::unbounded(&nodes));
    found.extend(headers::breaks(&nodes));
    found.extend(within::texts(&nodes));
    found.extend(twice::pairs(params, &nodes));
    found.extend(links::elsewhere(&nodes));
    found.extend(amounts::in_all(params));
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
            | Self::Unbounded { .. }
            | Self::Header { .. }
            | Self::Within { .. }
            | Self::Twice { .. }
            | Self::Link { .. }
            | Self::CostApart { .. }
            | Self::Misnames(_) => true,
            Self::InAll { is_of_one, .. } => !*is_of_one,
            Self::Does { what, .. } => what.warns(),
            Self::Queries { what, .. } => what.warns(),
            Self::PerhapsCents { .. } | Self::Unmatched(_) => false,
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts().iter().try_for_each(|part| part.fmt(f))
    }
}
