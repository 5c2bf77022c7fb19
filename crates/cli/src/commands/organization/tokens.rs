//! `countersign token`.

use clap::{Args, Subcommand};
use countersign_domain::identity::TokenLimits;
use countersign_domain::identity::capability::{Inspected, TokenError, attenuate, inspect};
use countersign_domain::time::{after, parse_duration};
use countersign_domain::{ActionPattern, Money};
use countersign_server::clock::{Clock as _, SystemClock};
use countersign_server::ids::Ids;
use countersign_wire::tokens::{RevocationRequest, TokenRequest, TokenView};
use jiff::SignedDuration;
use serde_json::json;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::output::{fields, table};

/// Capability tokens: what an agent hands to a sub-agent.
#[derive(Debug, Subcommand)]
pub(crate) enum Tokens {
    /// Mint a token for an agent; it is printed once
    Mint(Mint),
    /// Narrow the token in the environment, without a server
    Attenuate(Limits),
    /// Show what the token in the environment says, without a server
    Inspect,
    /// List the minted tokens; never a token itself
    List,
    /// Make a token worth nothing, at once, with all that was made of it
    Revoke(Revoke),
}

/// A token to mint.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  countersign token mint images --agent designer --action 'image.**' --expires-in 8h"
)]
pub(crate) struct Mint {
    /// What to call it
    name: String,
    /// The agent it speaks for, by id or name
    #[arg(long)]
    agent: String,
    #[command(flatten)]
    limits: Limits,
}

/// What a token is limited to.
#[derive(Debug, Args)]
pub(crate) struct Limits {
    /// Only actions under this pattern; may be given several times, and a new token needs one
    #[arg(long = "action", value_name = "PATTERN")]
    actions: Vec<ActionPattern>,
    /// Only requests that state an amount, up to this
    #[arg(long)]
    amount: Option<Money>,
    /// Only requests that belong to this task
    #[arg(long)]
    task: Option<String>,
    /// Only for so long, as `8h`; a new token needs it
    #[arg(long, value_name = "LENGTH", value_parser = parse_duration)]
    expires_in: Option<SignedDuration>,
}

/// What to revoke.
#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// The id of a minted token, or the revocation id of a block as `inspect` shows it
    id: String,
    /// Why; whoever shows the token is told
    #[arg(long)]
    reason: String,
}

impl Tokens {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let output = globals.output();
        match self {
            Self::Mint(mint) => {
                let token = globals.client()?.mint_token(&mint.request()?).await?;
                output.show(&token, || one(&token))?;
            }
            Self::Attenuate(limits) => {
                let narrowed = attenuate(&globals.token()?, &limits.to_limits(), &fresh_seed());
                let token = narrowed.map_err(|error| unusable(&error))?;
                output.show(&json!({"token": token}), || token.clone())?;
            }
            Self::Inspect => {
                let seen = inspect(&globals.token()?).map_err(|error| unusable(&error))?;
                output.show(&seen, || blocks(&seen))?;
            }
            Self::List => {
                let tokens = globals.client()?.tokens().await?;
                output.show(&tokens, || list(&tokens.items))?;
            }
            Self::Revoke(revoke) => {
                globals.client()?.revoke_token(&revoke.request()).await?;
                output.show(&json!({"id": revoke.id, "revoked": true}), || {
                    fields([("revoked", revoke.id.clone())])
                })?;
            }
        }
        Ok(Exit::Success)
    }
}

impl Mint {
    fn request(&self) -> Result<TokenRequest, Failure> {
        let length = self.limits.expires_in.ok_or_else(|| {
            Failure::usage("a token has to end", "say when, for example with `--expires-in 8h`")
        })?;
        Ok(TokenRequest {
            agent: self.agent.clone(),
            name: self.name.clone(),
            actions: self.limits.actions.iter().map(ToString::to_string).collect(),
            amount: self.limits.amount,
            task: self.limits.task.clone(),
            expires_in: length.to_string(),
        })
    }
}

impl Limits {
    fn to_limits(&self) -> TokenLimits {
        TokenLimits {
            actions: self.actions.clone(),
            amount: self.amount,
            task: self.task.clone(),
            expires_at: self.expires_in.map(|length| after(SystemClock.now(), length)),
        }
    }
}

impl Revoke {
    fn request(&self) -> RevocationRequest {
        let minted = self.id.starts_with("key_");
        let id = Some(self.id.clone());
        RevocationRequest {
            token_id: id.clone().filter(|_| minted),
            revocation_id: id.filter(|_| !minted),
            reason: self.reason.clone(),
        }
    }
}

/// Random bytes for the key that signs the block after this one.
fn fresh_seed() -> [u8; 32] {
    *Ids::from_system().seed()
}

fn unusable(error: &TokenError) -> Failure {
    Failure::usage(error.to_string(), "set COUNTERSIGN_TOKEN to the capability token (`csc_…`)")
}

fn one(token: &TokenView) -> String {
    fields([
        ("id", token.id.clone()),
        ("name", token.name.clone()),
        ("agent", token.agent.clone()),
        ("actions", token.actions.join(", ")),
        ("amount", token.amount.map(|amount| amount.to_string()).unwrap_or_default()),
        ("task", token.task.clone().unwrap_or_default()),
        ("expires at", token.expires_at.map(|at| at.to_string()).unwrap_or_default()),
        ("token (shown only now)", token.token.clone().unwrap_or_default()),
    ])
}

fn list(tokens: &[TokenView]) -> String {
    let row = |token: &TokenView| {
        [
            token.id.clone(),
            token.name.clone(),
            token.agent.clone(),
            token.actions.join(", "),
            token.amount.map(|amount| amount.to_string()).unwrap_or_default(),
            token.expires_at.map(|at| at.to_string()).unwrap_or_default(),
            token.revoked_at.map(|at| at.to_string()).unwrap_or_default(),
            token.revoked_because.clone().unwrap_or_default(),
        ]
    };
    let columns =
        ["id", "name", "agent", "actions", "amount", "expires at", "revoked at", "because"];
    table(columns, tokens.iter().map(row))
}

fn blocks(seen: &Inspected) -> String {
    let block = |(index, block): (usize, &_)| {
        let countersign_domain::identity::capability::InspectedBlock { revocation_id, source } =
            block;
        let whose = if index == 0 { "signed by the organization" } else { "added by a holder" };
        let mut text = format!(
            "block {index}, {whose}\n{}",
            fields([("revocation id", revocation_id.to_string())])
        );
        for line in source.lines() {
            text.push_str("\n  ");
            text.push_str(&countersign_domain::display::sanitise(line));
        }
        text
    };
    seen.blocks.iter().enumerate().map(block).collect::<Vec<_>>().join("\n\n")
}
