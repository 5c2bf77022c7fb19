//! `countersign request`.

use clap::Args;
use countersign_domain::Action;
use countersign_domain::approval::{OutcomeKind, Risk};
use countersign_domain::display::sanitise;
use countersign_wire::approvals::{ApprovalView, AskRequest};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::input::{self, Proposal, words};
use crate::output::Output;

/// Ask a person for a yes. Without --wait the id is printed, and the exit code says: still pending.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  countersign request \"Delete the old backups\" --risk high --wait\n  \
    countersign request \"Refund A. Lee\" --action stripe.refund --param amount=45 --if-denied \"she waits\""
)]
pub(crate) struct Request {
    /// What you want to do, in one plain line
    description: String,
    /// The name of the action; by default the description itself
    #[arg(long)]
    action: Option<String>,
    #[command(flatten)]
    proposal: Proposal,
    /// How dangerous it is; can raise what policy says, never lower it
    #[arg(long, value_parser = words::<Risk>(&["low", "medium", "high", "critical"]))]
    risk: Option<Risk>,
    /// Why you want it
    #[arg(long, value_name = "TEXT")]
    reasoning: Option<String>,
    /// What else it would do (repeatable)
    #[arg(long = "side-effect", value_name = "TEXT")]
    side_effects: Vec<String>,
    /// What happens on a no
    #[arg(long, value_name = "TEXT")]
    if_denied: Option<String>,
    /// Wait for the answer, at most this long, and exit by it
    #[arg(long, value_name = "LENGTH", num_args = 0..=1, default_missing_value = "forever",
        value_parser = input::parse_wait)]
    wait: Option<input::Wait>,
}

impl Request {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let (client, output) = (globals.client()?, globals.output());
        let key = self.proposal.idempotency_key.as_deref();
        let view = client.ask(&self.ask()?, key).await?;
        match self.wait {
            Some(wait) if view.outcome == OutcomeKind::Pending => {
                let view = super::wait_for(&client, &view.id, wait, output).await?;
                super::conclude(&view, output)
            }
            Some(_) => super::conclude(&view, output),
            None => opened(&view, output),
        }
    }

    /// The description itself where it fits into a line; longer prose is a request whose text people read.
    fn name(&self) -> String {
        let fits = self.description.parse::<Action>().is_ok();
        if fits { self.description.clone() } else { "request".to_owned() }
    }

    fn ask(&self) -> Result<AskRequest, Failure> {
        let proposal = &self.proposal;
        let long = self.description.chars().count() > 300;
        let told = if long { Some(self.description.clone()) } else { None };
        Ok(AskRequest {
            agent_id: proposal.agent.clone(),
            action: self.action.clone().unwrap_or_else(|| self.name()),
            summary: Some(self.description.chars().take(300).collect()),
            reasoning: self.reasoning.clone().or(told),
            cost: proposal.costs.cost(),
            side_effects: self.side_effects.clone(),
            if_denied: self.if_denied.clone(),
            risk: self.risk,
            tool: proposal.tool.clone(),
            params: proposal.params.object()?,
            context: proposal.context()?,
            task_id: proposal.task.clone(),
            on_behalf_of: proposal.on_behalf_of.clone(),
            links: Vec::new(),
            responses: Vec::new(),
            expires_in: proposal.expires_in.clone(),
        })
    }
}

/// Prints only the id on standard output, so that it can be kept in a variable.
fn opened(view: &ApprovalView, output: Output) -> Result<Exit, Failure> {
    output.show(view, || sanitise(&view.id))?;
    output.tell(&format!("a person can answer at {}", sanitise(&view.url)));
    output.tell(&format!("next: countersign wait {}", sanitise(&view.id)));
    Ok(Exit::of_approval(view))
}
