//! `countersign keys`.

use clap::{Args, Subcommand};
use countersign_wire::keys::{KeyRequest, KeyView};
use serde_json::json;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::output::{fields, table};

/// Keys of agents, applications and people.
#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// List the keys; never a secret
    List,
    /// Make a key; it is printed once
    Create(Create),
    /// Make a key stop working
    Revoke(Revoke),
}

/// A key to make; without --agent and --person it is an application's.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  countersign keys create ci --agent deploy-bot\n  countersign keys create billing-app"
)]
pub(crate) struct Create {
    /// What to call it
    name: String,
    /// The agent it is for, by id or name
    #[arg(long, conflicts_with_all = ["person", "default_agent"])]
    agent: Option<String>,
    /// The person it is for, by id or address
    #[arg(long, conflicts_with = "default_agent")]
    person: Option<String>,
    /// For an application: the agent it means where a client cannot name one
    #[arg(long, value_name = "AGENT")]
    default_agent: Option<String>,
}

/// A key that exists.
#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// Its id
    id: String,
}

impl Keys {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let (client, output) = (globals.client()?, globals.output());
        match self {
            Self::List => {
                let keys = client.keys().await?;
                output.show(&keys, || list(&keys.items))?;
            }
            Self::Create(create) => {
                let key = client.create_key(&create.request()).await?;
                output.show(&key, || one(&key))?;
            }
            Self::Revoke(revoke) => {
                client.revoke_key(&revoke.id).await?;
                output.show(&json!({"id": revoke.id, "revoked": true}), || {
                    fields([("revoked", revoke.id.clone())])
                })?;
            }
        }
        Ok(Exit::Success)
    }
}

impl Create {
    fn request(&self) -> KeyRequest {
        KeyRequest {
            name: self.name.clone(),
            agent: self.agent.clone(),
            person: self.person.clone(),
            default_agent: self.default_agent.clone(),
        }
    }
}

fn one(key: &KeyView) -> String {
    fields([
        ("id", key.id.clone()),
        ("name", key.name.clone()),
        ("kind", key.kind.clone()),
        ("for", key.holder.clone().unwrap_or_default()),
        ("created at", key.created_at.to_string()),
        ("key (shown only now)", key.secret.clone().unwrap_or_default()),
    ])
}

fn list(keys: &[KeyView]) -> String {
    let row = |key: &KeyView| {
        [
            key.id.clone(),
            key.name.clone(),
            key.looks_like.clone(),
            key.kind.clone(),
            key.holder.clone().unwrap_or_default(),
            key.made_by.clone().unwrap_or_default(),
            key.created_at.to_string(),
            key.last_used_at.map_or_else(|| "never".to_owned(), |at| at.to_string()),
            key.revoked_at.map(|at| at.to_string()).unwrap_or_default(),
        ]
    };
    let head = [
        "id",
        "name",
        "looks like",
        "kind",
        "for",
        "made by",
        "created at",
        "last used at",
        "revoked at",
    ];
    table(head, keys.iter().map(row))
}
