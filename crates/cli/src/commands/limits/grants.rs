//! `countersign grants`.

use clap::{Args, Subcommand};
use countersign_domain::Money;
use countersign_wire::grants::{GrantPreview, GrantRequest, GrantView};
use serde_json::json;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::output::{fields, table, word};

/// Bounded automatic yeses.
#[derive(Debug, Args)]
pub(crate) struct Grants {
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List the grants, with what was used of them
    List,
    /// Take a grant back, at once
    Revoke(Revoke),
    /// Allow what a request is about again, within bounds
    From(From),
}

#[derive(Debug, Args)]
struct Revoke {
    /// Its name
    name: String,
}

/// Without options: this agent, exactly this action and these parameters, at most this amount, ten times in a week.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  countersign grants from apr_01J… --dry-run\n  \
    countersign grants from apr_01J… --except customer_id --uses 20 --expires-in 14d"
)]
struct From {
    /// The request
    id: String,
    /// What to call the grant
    #[arg(long)]
    name: Option<String>,
    /// How often it can be used, at most 100
    #[arg(long, value_name = "COUNT")]
    uses: Option<u32>,
    /// How many US dollars it covers in all
    #[arg(long, value_name = "AMOUNT")]
    usd: Option<Money>,
    /// How long it holds, at most 30d
    #[arg(long, value_name = "LENGTH")]
    expires_in: Option<String>,
    /// A parameter that may have other values; can be given several times
    #[arg(long, value_name = "PARAMETER")]
    except: Vec<String>,
    /// Only say what it would have covered
    #[arg(long)]
    dry_run: bool,
}

impl Grants {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let (client, output) = (globals.client()?, globals.output());
        match &self.verb {
            None | Some(Verb::List) => {
                let grants = client.grants().await?;
                output.show(&grants, || list(&grants.items))?;
            }
            Some(Verb::Revoke(revoke)) => {
                client.revoke_grant(&revoke.name).await?;
                output.show(&json!({"grant": revoke.name, "revoked": true}), || {
                    fields([("revoked", revoke.name.clone())])
                })?;
            }
            Some(Verb::From(from)) => {
                let made = client.grant_again(&from.id, &from.request()).await?;
                output.show(&made, || preview(&made))?;
            }
        }
        Ok(Exit::Success)
    }
}

impl From {
    fn request(&self) -> GrantRequest {
        GrantRequest {
            name: self.name.clone(),
            uses: self.uses,
            usd: self.usd,
            expires_in: self.expires_in.clone(),
            except: self.except.clone(),
            dry_run: self.dry_run,
        }
    }
}

fn list(grants: &[GrantView]) -> String {
    let row = |grant: &GrantView| {
        let of = |used: &Option<String>, most: Option<String>| match most {
            Some(most) => format!("{} of {most}", used.clone().unwrap_or_default()),
            None => String::new(),
        };
        [
            grant.name.clone(),
            grant.status.as_ref().map(word).unwrap_or_default(),
            grant.agents.join(", "),
            grant.actions.join(", "),
            of(&grant.uses_used, grant.uses.map(|uses| uses.to_string())),
            of(&grant.usd_used, grant.usd.clone()),
            grant.expires_at.map(|at| at.to_string()).unwrap_or_default(),
            grant.from.clone().unwrap_or_default(),
        ]
    };
    let columns = ["grant", "status", "agents", "actions", "uses", "usd", "ends", "from"];
    table(columns, grants.iter().map(row))
}

fn preview(made: &GrantPreview) -> String {
    let (grant, covered) = (&made.grant, &made.would_have_covered);
    let name = if made.made { "made" } else { "would make" };
    let mut lines = vec![fields([
        (name, grant.name.clone()),
        ("agents", grant.agents.join(", ")),
        ("actions", grant.actions.join(", ")),
        ("when", grant.when.clone().unwrap_or_default()),
        ("left open", made.left_open.join(", ")),
        ("uses", grant.uses.map(|uses| uses.to_string()).unwrap_or_default()),
        ("usd", grant.usd.clone().unwrap_or_default()),
        ("ends", grant.expires_at.map(|at| at.to_string()).unwrap_or_default()),
        (
            "would have covered",
            format!(
                "{} of the last {} requests in 30 days, {} of them denied by people, {} usd",
                covered.requests, covered.looked_at, covered.denied, covered.usd
            ),
        ),
    ])];
    lines.extend(covered.examples.iter().map(|example| {
        fields([("example", format!("{} {}: {}", example.approval_id, example.status, example.summary))])
    }));
    lines.join("\n")
}
