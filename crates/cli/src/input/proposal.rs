//! What an agent wants to do, as flags that several commands share.

use clap::Args;
use countersign_domain::Money;
use countersign_domain::approval::Cost;
use countersign_wire::Object;

use super::{Pair, object_of, read_object};
use crate::failure::Failure;

/// Parameters.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Params {
    /// All parameters: a JSON object, `@file`, or `-` for standard input
    #[arg(long = "params", value_name = "JSON")]
    all: Option<String>,
    /// One parameter; the value is JSON if it reads as JSON, else a text (repeatable)
    #[arg(long = "param", value_name = "KEY=VALUE")]
    single: Vec<Pair>,
}

impl Params {
    /// The object they make.
    pub(crate) fn object(&self) -> Result<Object, Failure> {
        let all =
            self.all.as_deref().map(|argument| read_object("--params", argument)).transpose()?;
        object_of(all.unwrap_or_default(), &self.single)
    }
}

/// What it costs.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Costs {
    /// The cost in US dollars
    #[arg(long = "cost-usd", value_name = "AMOUNT")]
    usd: Option<Money>,
    /// The cost in tokens of a language model
    #[arg(long = "cost-tokens", value_name = "COUNT")]
    tokens: Option<u64>,
    /// What the cost is made of
    #[arg(long = "cost-note", value_name = "TEXT")]
    note: Option<String>,
}

impl Costs {
    /// The cost, if any part of it was given.
    pub(crate) fn cost(&self) -> Option<Cost> {
        let given = self.usd.is_some() || self.tokens.is_some() || self.note.is_some();
        given.then(|| Cost {
            usd: self.usd.unwrap_or_default(),
            tokens: self.tokens.unwrap_or_default(),
            estimate: false,
            note: self.note.clone(),
        })
    }
}

/// What an agent wants to do, beside the action.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Proposal {
    #[command(flatten)]
    pub(crate) params: Params,
    #[command(flatten)]
    pub(crate) costs: Costs,
    /// What surrounds it, shown to reviewers: a JSON object, `@file`, or `-`
    #[arg(long, value_name = "JSON")]
    context: Option<String>,
    /// The tool that would be used
    #[arg(long)]
    pub(crate) tool: Option<String>,
    /// The task it belongs to
    #[arg(long = "task", value_name = "ID")]
    pub(crate) task: Option<String>,
    /// The agent, by id or name; needed with an application's key
    #[arg(long)]
    pub(crate) agent: Option<String>,
    /// The person the agent acts for; they cannot approve
    #[arg(long, value_name = "EMAIL")]
    pub(crate) on_behalf_of: Option<String>,
    /// How long people have to answer, as `4h`
    #[arg(long, value_name = "LENGTH")]
    pub(crate) expires_in: Option<String>,
    /// Makes it safe to send the same twice
    #[arg(long, value_name = "KEY")]
    pub(crate) idempotency_key: Option<String>,
}

impl Proposal {
    /// What surrounds it.
    pub(crate) fn context(&self) -> Result<Object, Failure> {
        let context = self.context.as_deref().map(|argument| read_object("--context", argument));
        Ok(context.transpose()?.unwrap_or_default())
    }
}
