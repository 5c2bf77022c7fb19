//! `countersign check`.

use clap::Args;
use countersign_client::Client;
use countersign_wire::approvals::ApprovalView;
use countersign_wire::checks::{CheckRequest, VerdictView};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::input::{self, Proposal};
use crate::output::{verdict_json, verdict_text};

/// Ask whether something may run now. With --wait the yes of a person is waited for and used.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  countersign check k8s.deploy --param namespace=production\n  \
    countersign check stripe.refund --params @refund.json --wait 10m && ./refund.sh"
)]
pub(crate) struct Check {
    /// What would run, for example `stripe.refund`
    action: String,
    #[command(flatten)]
    proposal: Proposal,
    /// What it is done to, shown to reviewers
    #[arg(long)]
    resource: Option<String>,
    /// The approval to use for it
    #[arg(long, value_name = "ID")]
    approval: Option<String>,
    /// Only say what would happen
    #[arg(long)]
    dry_run: bool,
    /// Wait for a person's answer, at most this long
    #[arg(long, value_name = "LENGTH", num_args = 0..=1, default_missing_value = "forever",
        value_parser = input::parse_wait, conflicts_with = "dry_run")]
    wait: Option<input::Wait>,
}

impl Check {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let (client, output) = (globals.client()?, globals.output());
        let check = self.request()?;
        let mut verdict = client.check(&check, self.proposal.idempotency_key.as_deref()).await?;
        if let (Some(wait), Exit::Pending, Some(id)) =
            (self.wait, Exit::of_verdict(&verdict), verdict.approval_id.clone())
        {
            let view = super::wait_for(&client, &id, wait, output).await?;
            if Exit::of_approval(&view) != Exit::Success {
                return super::conclude(&view, output);
            }
            verdict = use_yes(&client, check, &view).await?;
        }
        output.show(&verdict_json(&verdict), || verdict_text(&verdict))?;
        Ok(Exit::of_verdict(&verdict))
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
            resource: self.resource.clone(),
            on_behalf_of: proposal.on_behalf_of.clone(),
            approval_id: self.approval.clone(),
            dry_run: self.dry_run,
            expires_in: proposal.expires_in.clone(),
        })
    }
}

/// Checks once more, with what may run now, and so uses the yes: the approval is good for one run, and a
/// go must not leave a second one behind. After edits the answer names what may run.
async fn use_yes(
    client: &Client,
    mut check: CheckRequest,
    view: &ApprovalView,
) -> Result<VerdictView, Failure> {
    if let Some(effective) = &view.effective {
        check.params.clone_from(&effective.params);
        check.cost = Some(effective.cost.clone());
    }
    check.approval_id = Some(view.id.clone());
    let mut verdict = client.check(&check, None).await?;
    if verdict.effective.is_none() {
        verdict.effective.clone_from(&view.effective);
    }
    Ok(verdict)
}
