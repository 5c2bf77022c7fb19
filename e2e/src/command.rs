//! Running the binary as a user does.

use std::process::Command;

use serde_json::Value;

/// What a command said and how it ended.
#[derive(Debug, Clone)]
pub struct Output {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Output {
    /// Standard output as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }
}

/// Runs the binary with these arguments, against this server, with this token.
pub fn run(url: &str, token: &str, arguments: &[&str]) -> Output {
    let output = Command::new(crate::binary())
        .args(arguments)
        .env("COUNTERSIGN_URL", url)
        .env("COUNTERSIGN_TOKEN", token)
        .output()
        .expect("the binary runs");
    Output {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
