//! `countersign agents permissions`, `permit` and `forbid`.

use clap::Args;
use countersign_client::Client;
use countersign_domain::Money;
use countersign_domain::policy::Effect;
use countersign_wire::List;
use countersign_wire::agents::PermissionBody;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::words;
use crate::output::{Output, table, word};

/// Set what an agent may do under one pattern of actions.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  countersign agents permit support-bot 'crm.read.**' --effect allow\n  \
    countersign agents permit support-bot stripe.refund --effect requires-approval --max-amount 500"
)]
pub(crate) struct Permit {
    /// The agent, by id or name
    agent: String,
    /// The actions: `*` stands for one segment, `**` for any number
    action: String,
    /// What they may do
    #[arg(long, value_parser = words::<Effect>(&["allow", "deny", "requires-approval"]))]
    effect: Effect,
    /// The largest `amount` among the parameters; more is refused
    #[arg(long, value_name = "AMOUNT")]
    max_amount: Option<Money>,
}

/// Remove a permission.
#[derive(Debug, Args)]
pub(crate) struct Forbid {
    /// The agent, by id or name
    agent: String,
    /// The pattern of actions, as it was set
    action: String,
}

impl Permit {
    pub(super) async fn run(&self, client: &Client, output: Output) -> Result<Exit, Failure> {
        let permission = PermissionBody {
            action: self.action.clone(),
            effect: self.effect,
            max_amount: self.max_amount,
        };
        client.permit(&self.agent, &permission).await?;
        permissions(client, &self.agent, output).await
    }
}

impl Forbid {
    pub(super) async fn run(&self, client: &Client, output: Output) -> Result<Exit, Failure> {
        client.remove_permission(&self.agent, &self.action).await?;
        permissions(client, &self.agent, output).await
    }
}

/// Lists what an agent may do.
pub(super) async fn permissions(
    client: &Client,
    agent: &str,
    output: Output,
) -> Result<Exit, Failure> {
    show(&client.permissions(agent).await?, output)
}

fn show(permissions: &List<PermissionBody>, output: Output) -> Result<Exit, Failure> {
    output.show(permissions, || {
        let row = |permission: &PermissionBody| {
            let most = permission.max_amount.map(|amount| amount.to_string());
            [permission.action.clone(), word(&permission.effect), most.unwrap_or_default()]
        };
        table(["action", "effect", "max amount"], permissions.items.iter().map(row))
    })?;
    Ok(Exit::Success)
}
