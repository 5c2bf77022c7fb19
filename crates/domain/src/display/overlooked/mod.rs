//! What of a request is easily overlooked, wherever it is shown: a second amount or receiver beside the one that the
//! headline names, an address that leads elsewhere than it seems to, and characters that nobody sees. Told from the
//! request alone, with secrets hidden.

mod marks;
mod named;
mod others;
mod wording;

use crate::json::Object;

pub(super) use named::behind;
pub use others::{Other, Telling, named};

/// One thing that is easily overlooked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Overlooked {
    /// The parameters hold characters that hide, imitate or pad.
    Hides,
    /// What the agent says does.
    SaidHides,
    /// An address leads elsewhere than it seems to.
    Disguised {
        /// Where.
        path: String,
        /// The host that it leads to.
        host: String,
    },
    /// One that the agent names in its own words does.
    SaidDisguised(String),
    /// The words before the address of a mail are another address.
    Renamed {
        /// Where.
        path: String,
        /// The address that it reads.
        reads: String,
        /// The one that it goes to.
        goes: String,
    },
    /// An amount means one thing here and a thousand times as much elsewhere.
    Ambiguous {
        /// Where.
        path: String,
        /// What stands there.
        text: String,
        /// What that can mean, the less first, as it is shown.
        readings: [String; 2],
    },
    /// Further ones that read like what the headline names one of.
    Others {
        /// Of what kind.
        kind: Telling,
        /// Whether the headline names one itself.
        also: bool,
        /// The first of them.
        told: Vec<Other>,
        /// What is said of the others.
        more: String,
    },
    /// It touches production.
    Production {
        /// Where.
        path: String,
        /// What stands there.
        value: String,
    },
}

/// What an agent says beside its request.
#[derive(Debug, Clone, Default)]
pub struct Spoken<'a> {
    /// Its own sentences.
    pub words: Vec<&'a str>,
    /// What else it hands over.
    pub context: Option<&'a Object>,
    /// Where its links lead.
    pub links: Vec<&'a str>,
}

/// What is easily overlooked, the worst first; of parameters without secrets.
pub fn overlooked(params: &Object, spoken: &Spoken<'_>) -> Vec<Overlooked> {
    let nodes = super::warning::nodes(params);
    let first = [
        marks::hides(&nodes, spoken),
        marks::disguised(&nodes, spoken),
        named::renamed(&nodes),
        marks::ambiguous(&nodes),
        others::others(params, &nodes, Telling::Amount),
        others::others(params, &nodes, Telling::Receiver),
        marks::production(&nodes),
    ];
    first.into_iter().flatten().collect()
}
