//! `countersign audit tail` and `countersign audit search`.

use clap::Args;
use countersign_client::Client;
use countersign_client::record::RecordQuery;
use countersign_domain::audit::Record;
use countersign_wire::List;
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
#[command(after_help = "Examples:\n  countersign audit search cus_0017 --by ana@example.com\n  \
    countersign audit search \"refund* 203.0.113.7\" --kind approval.denied --newest --limit 10")]
pub(crate) struct Search {
    /// With all of these words, wherever they stand; `refund*` stands for every one that begins so
    #[arg(value_name = "WORD")]
    words: Vec<String>,
    /// Done by this person, by address or id
    #[arg(long, value_name = "PERSON")]
    by: Option<String>,
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
    /// After this place; with --newest, before it
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
        let records = globals.client()?.records(&newest).await?;
        show(&records, globals)
    }
}

impl Search {
    pub(super) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let query = RecordQuery {
            q: (!self.words.is_empty()).then(|| self.words.join(" ")),
            by: self.by.clone(),
            after: self.after,
            limit: Some(self.limit),
            approval_id: self.approval.clone(),
            agent_id: self.agent.clone(),
            from: self.from,
            to: self.to,
            kind: self.kind.clone(),
            newest: self.newest.then_some(true),
        };
        let found = searched(&globals.client()?, query, self.limit).await?;
        show(&found, globals)?;
        if let Some(next) = &found.next_cursor {
            globals.output().tell(&format!("there are more: add --after {next}"));
        }
        Ok(Exit::Success)
    }
}

/// Asks until there are enough: one answer looks at so many records only.
async fn searched(
    client: &Client,
    mut query: RecordQuery,
    limit: usize,
) -> Result<List<Record>, Failure> {
    let mut found = client.records(&query).await?;
    while let Some(next) = found.next_cursor.clone().filter(|_| found.items.len() < limit) {
        let Ok(after) = next.parse() else { break };
        query.after = Some(after);
        query.limit = Some(limit - found.items.len());
        let page = client.records(&query).await?;
        let at = if query.newest == Some(true) { 0 } else { found.items.len() };
        found.items.splice(at..at, page.items);
        found.next_cursor = page.next_cursor;
    }
    Ok(found)
}

fn show(records: &List<Record>, globals: &Globals) -> Result<Exit, Failure> {
    globals.output().show(records, || {
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
