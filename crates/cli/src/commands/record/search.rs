//! `countersign audit tail` and `countersign audit search`.

use clap::Args;
use countersign_client::record::RecordQuery;
use countersign_domain::audit::Record;
use countersign_wire::audit::caller_text;
use jiff::Timestamp;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::output::table;

/// Show the newest records.
#[derive(Debug, Args)]
pub(crate) struct Tail {
    /// How many, at most 1000
    #[arg(short = 'n', long, default_value_t = 20)]
    lines: usize,
}

/// Find records, oldest first.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  countersign audit search --kind approval.denied --newest --limit 10"
)]
pub(crate) struct Search {
    /// About this approval
    #[arg(long, value_name = "ID")]
    approval: Option<String>,
    /// Of this kind, for example `approval.denied`
    #[arg(long)]
    kind: Option<String>,
    /// About this agent, by id or name
    #[arg(long)]
    agent: Option<String>,
    /// At or after, as `2026-01-01T00:00:00Z`
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// Before
    #[arg(long, value_name = "TIME")]
    to: Option<Timestamp>,
    /// After this place
    #[arg(long, value_name = "SEQ")]
    after: Option<u64>,
    /// At most this many, at most 1000
    #[arg(long, default_value_t = 100)]
    limit: usize,
    /// The last ones instead of the first
    #[arg(long)]
    newest: bool,
}

impl Tail {
    pub(super) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let newest =
            RecordQuery { limit: Some(self.lines), newest: Some(true), ..RecordQuery::default() };
        show(&newest, globals).await
    }
}

impl Search {
    pub(super) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let query = RecordQuery {
            after: self.after,
            limit: Some(self.limit),
            approval_id: self.approval.clone(),
            agent_id: self.agent.clone(),
            from: self.from,
            to: self.to,
            kind: self.kind.clone(),
            newest: self.newest.then_some(true),
        };
        show(&query, globals).await
    }
}

async fn show(query: &RecordQuery, globals: &Globals) -> Result<Exit, Failure> {
    let records = globals.client()?.records(query).await?;
    globals.output().show(&records, || {
        let columns = ["seq", "at", "kind", "caller", "approval", "details"];
        table(columns, records.items.iter().map(row))
    })?;
    Ok(Exit::Success)
}

fn row(record: &Record) -> [String; 6] {
    [
        record.seq.0.to_string(),
        record.at.to_string(),
        record.kind.to_string(),
        caller_text(&record.caller),
        record.approval_id.map(|id| id.to_string()).unwrap_or_default(),
        record.data.to_string(),
    ]
}
