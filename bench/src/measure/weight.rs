//! P10: what a page of the dashboard weighs, with all that it needs.

use anyhow::Result;
use serde_json::json;

use crate::browser::Browser;
use crate::process::{Contestant, text};
use crate::report::Report;

/// How many requests wait in the inbox that is weighed.
const PENDING: usize = 50;

/// Weighs the pages that people meet most, an inbox that is full among them.
pub async fn run(report: &mut Report, ours: &Contestant) -> Result<()> {
    let mut agent = ours.agent().await?;
    let mut id = String::new();
    for number in 0..PENDING {
        let body = json!({
            "action": format!("bench.weight{}", number % 7), "reasoning": "a customer was charged twice",
            "params": {"amount": number, "currency": "EUR", "customer": format!("cus_{number}")},
        });
        id = text(&agent.post("/api/v1/orgs/default/approvals", &body.to_string()).await?, "/id")?;
    }
    let mut browser = Browser::sign_in(ours).await?;
    let request = format!("/approvals/{id}");
    for (name, path) in [
        ("inbox", "/approvals"),
        ("request", request.as_str()),
        ("statistics", "/approvals/stats"),
        ("record", "/audit"),
    ] {
        #[expect(clippy::cast_precision_loss, reason = "some thousand bytes")]
        let bytes = browser.weight(path).await? as f64;
        report.at_most(
            "P10",
            &format!("{name} with {PENDING} requests, style and scripts, kB"),
            (format!("{:.1} kB", bytes / 1000.0), String::new()),
            (bytes / 1000.0, 100.0),
        );
    }
    Ok(())
}
