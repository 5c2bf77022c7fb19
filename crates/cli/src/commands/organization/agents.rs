//! `countersign agents`.

use clap::{Args, Subcommand};
use countersign_domain::identity::{AgentStatus, Trust};
use countersign_wire::agents::{AgentPatch, AgentRequest, AgentView};

use super::permissions::{Forbid, Permit, permissions};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::input::words;
use crate::output::{fields, table, word};

/// Agents, and what they may do. An agent is named by its id or its name.
#[derive(Debug, Subcommand)]
pub(crate) enum Agents {
    /// List the agents
    List,
    /// Register an agent; its key is printed once
    Create(Create),
    /// Show one agent
    Show(Named),
    /// Let an agent ask again
    Enable(Named),
    /// Refuse everything an agent asks
    Disable(Named),
    /// List what an agent may do
    Permissions(Named),
    /// Set what an agent may do under one pattern of actions
    Permit(Permit),
    /// Remove the permission with exactly this pattern of actions
    Forbid(Forbid),
}

/// An agent to register.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  countersign agents create support-bot --owner ana@example.com")]
pub(crate) struct Create {
    /// Its name
    name: String,
    /// The version it says it has
    #[arg(long, default_value = "")]
    version: String,
    /// The person who answers for it, and so never answers its requests
    #[arg(long, value_name = "EMAIL")]
    owner: Option<String>,
    /// How far it is trusted
    #[arg(long, value_parser = words::<Trust>(&["untrusted", "standard", "trusted"]))]
    trust: Option<Trust>,
}

/// An agent that exists.
#[derive(Debug, Args)]
pub(crate) struct Named {
    /// The agent, by id or name
    agent: String,
}

impl Agents {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let (client, output) = (globals.client()?, globals.output());
        let agent = match self {
            Self::List => {
                let agents = client.agents().await?;
                output.show(&agents, || list(&agents.items))?;
                return Ok(Exit::Success);
            }
            Self::Create(create) => client.create_agent(&create.request()).await?,
            Self::Show(named) => client.agent(&named.agent).await?,
            Self::Enable(named) => {
                client.change_agent(&named.agent, &status(AgentStatus::Active)).await?
            }
            Self::Disable(named) => {
                client.change_agent(&named.agent, &status(AgentStatus::Inactive)).await?
            }
            Self::Permissions(named) => return permissions(&client, &named.agent, output).await,
            Self::Permit(permit) => return permit.run(&client, output).await,
            Self::Forbid(forbid) => return forbid.run(&client, output).await,
        };
        output.show(&agent, || one(&agent))?;
        Ok(Exit::Success)
    }
}

impl Create {
    fn request(&self) -> AgentRequest {
        AgentRequest {
            name: self.name.clone(),
            version: self.version.clone(),
            owner: self.owner.clone(),
            trust: self.trust,
        }
    }
}

fn status(status: AgentStatus) -> AgentPatch {
    AgentPatch { status: Some(status), ..AgentPatch::default() }
}

fn one(agent: &AgentView) -> String {
    fields([
        ("id", agent.id.clone()),
        ("name", agent.name.clone()),
        ("version", agent.version.clone()),
        ("status", word(&agent.status)),
        ("trust", word(&agent.trust)),
        ("owner", agent.owner.clone().unwrap_or_default()),
        ("created at", agent.created_at.to_string()),
        ("key (shown only now)", agent.key.clone().unwrap_or_default()),
    ])
}

fn list(agents: &[AgentView]) -> String {
    let row = |agent: &AgentView| {
        [
            agent.id.clone(),
            agent.name.clone(),
            agent.version.clone(),
            word(&agent.status),
            word(&agent.trust),
            agent.owner.clone().unwrap_or_default(),
        ]
    };
    table(["id", "name", "version", "status", "trust", "owner"], agents.iter().map(row))
}
