//! What is said of what is easily overlooked: a short sentence each, which names the parameter.

use std::fmt;

use super::Overlooked;
use super::others::{Other, Value};
use crate::display::Part;

impl Overlooked {
    /// Its parts, in order.
    pub fn parts(&self) -> Vec<Part<'_>> {
        use Part::{Ours, Said};
        match self {
            Self::Hides => {
                let why =
                    "The parameters hold characters that hide, imitate or pad: look at every mark.";
                vec![Ours(why)]
            }
            Self::SaidHides => {
                let why = "The agent’s own text holds characters that hide, imitate or pad: trust it less.";
                vec![Ours(why)]
            }
            Self::Disguised { path, host } => {
                let leads = vec![Ours("The address in "), Said(path), Ours(" leads to ")];
                [leads, vec![Said(host), Ours(", and not where it seems to.")]].concat()
            }
            Self::SaidDisguised(host) => {
                let line = Ours("The agent’s own text names an address that leads to ");
                vec![line, Said(host), Ours(", and not where it seems to.")]
            }
            Self::Renamed { path, reads, goes } => {
                let reads = vec![Said(path), Ours(" reads "), Said(reads)];
                [reads, vec![Ours(", and goes to "), Said(goes), Ours(".")]].concat()
            }
            Self::Ambiguous { path, text, readings: [less, more] } => {
                let here = vec![Ours("The amount "), Said(text), Ours(" in "), Said(path)];
                let can = vec![Ours(" can mean "), Ours(less), Ours(" or "), Ours(more)];
                [here, can, vec![Ours(": ask which.")]].concat()
            }
            Self::Others { kind, also, told, more } => {
                let head = Ours(if *also { "It also names " } else { "It names " });
                let head = vec![head, Ours("what reads like "), Ours(kind.what()), Ours(": ")];
                [head, listed(told), vec![Ours(more)]].concat()
            }
            Self::Production { path, value } => {
                let line = vec![Ours("It touches production: "), Said(path), Ours(" is ")];
                [line, vec![Said(value), Ours(".")]].concat()
            }
        }
    }
}

fn listed(told: &[Other]) -> Vec<Part<'_>> {
    use Part::{Ours, Said};
    let mut parts = Vec::new();
    for (at, other) in told.iter().enumerate() {
        parts.extend((at > 0).then_some(Ours(", ")));
        parts.push(Said(&other.path));
        match &other.value {
            Value::Number(number) => parts.extend([Ours(" is "), Ours(number)]),
            Value::Text(text) => parts.extend([Ours(" is "), Said(text)]),
            Value::Untold => {}
        }
    }
    parts
}

impl fmt::Display for Overlooked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts().iter().try_for_each(|part| part.fmt(f))
    }
}
