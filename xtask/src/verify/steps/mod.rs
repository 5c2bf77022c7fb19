//! The steps, a file each, in the order in which they run.

mod browser;
mod clippy;
mod dependencies;
mod format;
mod fuzz;
mod rust_tests;
mod sdk_stories;

use super::step::Step;

/// Every step, the quick ones first.
pub(super) fn all() -> Vec<Box<dyn Step>> {
    vec![
        Box::new(format::Format),
        Box::new(clippy::Clippy),
        Box::new(rust_tests::RustTests),
        Box::new(dependencies::Dependencies),
        Box::new(fuzz::Fuzz),
        Box::new(browser::Browser),
        Box::new(sdk_stories::SdkStories { folder: "stories", program: "run.py" }),
        Box::new(sdk_stories::SdkStories { folder: "webhooks", program: "verify.py" }),
    ]
}
