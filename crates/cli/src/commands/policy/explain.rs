//! `countersign policy explain`.

use clap::Args;
use countersign_client::ClientError;
use countersign_domain::policy::trial::Given;
use countersign_server::clock::{Clock as _, SystemClock};
use countersign_wire::Code;
use countersign_wire::checks::CheckRequest;
use jiff::Timestamp;

use super::files::OptionalFiles;
use super::test::{bench, explained, trace_table};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::input::Proposal;
use crate::output::verdict_text;

/// Show what policy says to one check, and how it comes to it: by files without a server, or, without -f, by what
/// is in force: with an agent's key as a dry run of its check, with an admin's or auditor's for the agent that --agent
/// names. Nothing is recorded, opened or counted.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  countersign policy explain stripe.refund --agent support-bot --param amount=250 -f policies/\n  \
    countersign policy explain stripe.refund --agent support-bot --param amount=250"
)]
pub(crate) struct Explain {
    /// What would run, for example `stripe.refund`
    action: String,
    #[command(flatten)]
    proposal: Proposal,
    #[command(flatten)]
    files: OptionalFiles,
    /// With -f: when it would be asked, as `2026-01-01T10:00:00Z`; by default now
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
}

impl Explain {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        if let Some(files) = self.files.read()? {
            let verdict = bench(&files)?.1.ask(&self.given()?);
            globals.output().show(&verdict, || explained(&verdict))?;
        } else {
            let check = self.request()?;
            let client = globals.client()?;
            let verdict = match client.check(&check, None).await {
                // Agents see what would happen to them; people see what policy says to an agent.
                Err(ClientError::Problem(problem)) if problem.code == Code::AgentsOnly => {
                    client.explain_policy(&check).await?
                }
                other => other?,
            };
            globals.output().show(&verdict, || {
                format!("{}\n\n{}", verdict_text(&verdict), trace_table(&verdict.policy_trace))
            })?;
        }
        Ok(Exit::Success)
    }

    fn given(&self) -> Result<Given, Failure> {
        let next = "name the agent, for example with `--agent support-bot`";
        let agent = self.proposal.agent.clone();
        let refused = |error: countersign_domain::ActionError| {
            Failure::usage(error.to_string(), "name the action, for example `stripe.refund`")
        };
        Ok(Given {
            agent: agent.ok_or_else(|| Failure::usage("the agent is missing", next))?,
            trust: None,
            action: self.action.parse().map_err(refused)?,
            tool: self.proposal.tool.clone(),
            params: self.proposal.params.object()?,
            context: self.proposal.context()?,
            cost: self.proposal.costs.cost(),
            task: self.proposal.task.clone(),
            now: self.at.unwrap_or_else(|| SystemClock.now()),
            history: None,
            seen: false,
            budgets: std::collections::BTreeMap::new(),
            grants: std::collections::BTreeMap::new(),
        })
    }

    fn request(&self) -> Result<CheckRequest, Failure> {
        let proposal = &self.proposal;
        Ok(CheckRequest {
            agent_id: proposal.agent.clone(),
            action: self.action.clone(),
            params: proposal.params.object()?,
            context: proposal.context()?,
            cost: proposal.costs.cost(),
            tool: proposal.tool.clone(),
            task_id: proposal.task.clone(),
            on_behalf_of: proposal.on_behalf_of.clone(),
            dry_run: true,
            ..CheckRequest::default()
        })
    }
}
