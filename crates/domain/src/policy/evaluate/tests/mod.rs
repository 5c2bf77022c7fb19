//! Evaluation by table, and against a second evaluator that is short, slow and obviously right.

mod claims;
mod order;
mod property;
mod reference;
mod world;
