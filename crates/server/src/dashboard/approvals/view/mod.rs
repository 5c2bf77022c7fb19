//! What pages show of requests: plain data for templates, which hold no rule.

pub(super) mod alike;
pub(super) mod card;
pub(super) mod decision;
pub(super) mod diff;
pub(in crate::dashboard) mod list;
pub(super) mod outcome;
mod outlier;
pub(in crate::dashboard) mod row;
pub(super) mod value;
pub(super) mod words;
