//! Tells the program when it was built, so that a clock that cannot be right is seen. `SOURCE_DATE_EPOCH`
//! says it instead where builds have to be the same.

use std::env;
use std::time::{SystemTime, UNIX_EPOCH};

fn main() {
    println!("cargo::rerun-if-env-changed=SOURCE_DATE_EPOCH");
    println!("cargo::rerun-if-changed=build.rs");
    let given = env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse::<u64>().ok());
    println!("cargo::rustc-env=COUNTERSIGN_BUILT={}", given.unwrap_or_else(now));
}

#[expect(clippy::disallowed_methods, reason = "a build has no other clock")]
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
