//! Reading what was typed: strictly, and naming the place of what is refused.

mod json;
mod length;
mod pair;
mod proposal;
mod words;

pub(crate) use json::{read_object, read_value};
pub(crate) use length::{Wait, parse_wait};
pub(crate) use pair::{Pair, object_of};
pub(crate) use proposal::{Costs, Params, Proposal};
pub(crate) use words::words;

#[cfg(test)]
mod tests;
