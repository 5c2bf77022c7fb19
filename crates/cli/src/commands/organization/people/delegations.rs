//! `countersign delegations`.

use clap::{Args, Subcommand};
use countersign_wire::people::{DelegationQuery, DelegationRequest, DelegationView};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::output::{fields, table};

/// Who answers in whose place while someone is away.
#[derive(Debug, Subcommand)]
pub(crate) enum Delegations {
    /// List those that are planned or hold
    List(List),
    /// Let another person answer in your place for a time
    Add(Add),
    /// End one before its time; what was answered under it stays
    End(End),
}

/// Which are listed.
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Those that are over as well
    #[arg(long)]
    over: bool,
}

/// A delegation to make.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  countersign delegations add ben@example.com --until 2026-12-12 --reason \"on holiday\"\n  \
    countersign delegations add ben@example.com --for ana@example.com --group finance --reason \"ana is ill\"\n\n\
    A day is meant whole, in UTC; `2026-12-12T17:00:00Z` is a moment."
)]
pub(crate) struct Add {
    /// Who answers instead, by id or address: an approver or an admin
    delegate: String,
    /// In whose place, by id or address; only admins say it for others
    #[arg(long = "for", value_name = "PERSON")]
    delegator: Option<String>,
    /// From when on: a day or a time; now by default
    #[arg(long, value_name = "WHEN")]
    from: Option<String>,
    /// Up to when: a day or a time; until it is ended by default
    #[arg(long, value_name = "WHEN")]
    until: Option<String>,
    /// Only as a member of this group (repeatable)
    #[arg(long = "group", value_name = "NAME")]
    groups: Vec<String>,
    /// Only for these actions, as a pattern (repeatable)
    #[arg(long = "action", value_name = "PATTERN")]
    actions: Vec<String>,
    /// Why
    #[arg(long)]
    reason: String,
}

/// A delegation that is there.
#[derive(Debug, Args)]
pub(crate) struct End {
    /// The delegation
    id: String,
}

impl Delegations {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let (client, output) = (globals.client()?, globals.output());
        let delegation = match self {
            Self::List(List { over }) => {
                let found = client.delegations(DelegationQuery { over: *over }).await?;
                output.show(&found, || list(&found.items))?;
                return Ok(Exit::Success);
            }
            Self::Add(add) => client.delegate(&add.request()).await?,
            Self::End(end) => client.end_delegation(&end.id).await?,
        };
        output.show(&delegation, || one(&delegation))?;
        Ok(Exit::Success)
    }
}

impl Add {
    fn request(&self) -> DelegationRequest {
        DelegationRequest {
            delegate: self.delegate.clone(),
            delegator: self.delegator.clone(),
            from: self.from.clone(),
            until: self.until.clone(),
            groups: self.groups.clone(),
            actions: self.actions.clone(),
            reason: self.reason.clone(),
        }
    }
}

fn until(delegation: &DelegationView) -> String {
    delegation.until.map_or_else(|| "it is ended".to_owned(), |end| end.to_string())
}

fn where_to(delegation: &DelegationView) -> String {
    let all: Vec<&str> =
        delegation.groups.iter().chain(&delegation.actions).map(String::as_str).collect();
    if all.is_empty() { "everywhere".to_owned() } else { all.join(", ") }
}

fn one(delegation: &DelegationView) -> String {
    fields([
        ("id", delegation.id.clone()),
        ("in place of", delegation.delegator.email.clone()),
        ("answers", delegation.delegate.email.clone()),
        ("state", delegation.state.clone()),
        ("but", delegation.idle.clone().unwrap_or_default()),
        ("from", delegation.from.to_string()),
        ("until", until(delegation)),
        ("groups", delegation.groups.join(", ")),
        ("actions", delegation.actions.join(", ")),
        ("reason", delegation.reason.clone()),
        ("made by", delegation.made_by.clone()),
        ("ended at", delegation.ended_at.map(|at| at.to_string()).unwrap_or_default()),
    ])
}

fn list(delegations: &[DelegationView]) -> String {
    let row = |delegation: &DelegationView| {
        [
            delegation.id.clone(),
            delegation.delegator.email.clone(),
            delegation.delegate.email.clone(),
            delegation.idle.clone().unwrap_or_else(|| delegation.state.clone()),
            delegation.from.to_string(),
            until(delegation),
            where_to(delegation),
            delegation.reason.clone(),
        ]
    };
    let columns = ["id", "in place of", "answers", "state", "from", "until", "where", "reason"];
    table(columns, delegations.iter().map(row))
}
