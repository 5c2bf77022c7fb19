//! `countersign result`.

use clap::Args;
use countersign_wire::approvals::{ResultRequest, ResultStatus};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::input::{Costs, read_value, words};
use crate::output::outcome_text;

/// Report how the approved run ended.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  countersign result apr_01J9Z3V5 --status succeeded --result '{\"refund\": \"re_1\"}'"
)]
pub(crate) struct Report {
    /// The approval
    id: String,
    /// How it ended
    #[arg(long, value_parser = words::<ResultStatus>(&["succeeded", "failed"]))]
    status: ResultStatus,
    /// What came of it: JSON, `@file`, or `-`
    #[arg(long, value_name = "JSON")]
    result: Option<String>,
    /// What went wrong
    #[arg(long, value_name = "TEXT")]
    error: Option<String>,
    #[command(flatten)]
    costs: Costs,
}

impl Report {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let result = self.result.as_deref().map(|argument| read_value("--result", argument));
        let report = ResultRequest {
            status: self.status,
            result: result.transpose()?,
            error: self.error.clone(),
            cost: self.costs.cost(),
        };
        let view = globals.client()?.report(&self.id, &report).await?;
        globals.output().show(&view, || outcome_text(&view))?;
        Ok(Exit::Success)
    }
}
