//! Trying policy out without touching what is in force: tests that stand beside the documents, and recorded
//! checks that are judged again by changed ones.

mod fixture;
pub mod replay;
mod run;
pub mod suggest;

pub use fixture::{Expected, ExpectedStage, Given, History, PolicyTest, UsedGrant};
pub use run::{Bench, Tested};

#[cfg(test)]
mod presets;
#[cfg(test)]
mod tests;
