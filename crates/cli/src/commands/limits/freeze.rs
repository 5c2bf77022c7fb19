//! `countersign freeze` and `countersign unfreeze`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use countersign_domain::OrgId;
use countersign_server::Stop;
use countersign_wire::freezes::{FreezeQuery, FreezeRequest, FreezeView, Reach};
use serde_json::json;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::output::{fields, table, word};

/// Stop everything, one agent, or some actions: nothing of it is allowed or used from now on.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  countersign freeze all --reason 'something is wrong'\n  \
    countersign freeze agent support-bot --reason 'repeats itself'\n  \
    countersign freeze action 'stripe.**' --reason 'audit' --data-dir ./countersign-data\n\n\
    Without a server, --data-dir writes to the database itself.")]
pub(crate) struct Freeze {
    #[command(subcommand)]
    what: FreezeWhat,
}

#[derive(Debug, Subcommand)]
enum FreezeWhat {
    /// Everything
    All(Stopping),
    /// Whatever one agent wants
    Agent(NamedStopping),
    /// Some actions, whoever wants them
    Action(NamedStopping),
    /// List what is frozen
    List,
}

#[derive(Debug, Args)]
struct Stopping {
    /// Why; agents are told
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
struct NamedStopping {
    /// The agent, by id or name, or the pattern of actions
    name: String,
    #[command(flatten)]
    stopping: Stopping,
}

/// Let go on what was frozen.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  countersign unfreeze agent support-bot --reason 'it was mended'"
)]
pub(crate) struct Unfreeze {
    #[command(subcommand)]
    what: UnfreezeWhat,
}

#[derive(Debug, Subcommand)]
enum UnfreezeWhat {
    /// Everything that was frozen with `freeze all`
    All(Lifting),
    /// One agent
    Agent(NamedPlace),
    /// Some actions
    Action(NamedPlace),
}

#[derive(Debug, Args)]
struct NamedPlace {
    /// The agent, by id or name, or the pattern of actions, as it was frozen
    name: String,
    #[command(flatten)]
    lifting: Lifting,
}

#[derive(Debug, Args)]
struct Lifting {
    /// Why it may go on, for the record
    #[arg(long, conflicts_with = "data_dir")]
    reason: Option<String>,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
struct Place {
    /// Write to the database in this directory, whether a server runs on it or not
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

/// What is meant.
struct Target<'a> {
    scope: Reach,
    name: Option<&'a str>,
    place: &'a Place,
}

impl Freeze {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let (target, reason) = match &self.what {
            FreezeWhat::List => return list(globals).await,
            FreezeWhat::All(s) => (Target::new(Reach::All, None, &s.place), &s.reason),
            FreezeWhat::Agent(n) => (n.target(Reach::Agent), &n.stopping.reason),
            FreezeWhat::Action(n) => (n.target(Reach::Action), &n.stopping.reason),
        };
        if target.place.data_dir.is_some() {
            return target.change_locally(globals, Some(reason)).await;
        }
        let name = target.name.map(str::to_owned);
        let request = FreezeRequest { scope: target.scope, name, reason: reason.clone() };
        let frozen = globals.client()?.freeze(&request).await?;
        globals.output().show(&frozen, || one(&frozen))?;
        Ok(Exit::Success)
    }
}

impl Unfreeze {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let (scope, name, lifting) = match &self.what {
            UnfreezeWhat::All(lifting) => (Reach::All, None, lifting),
            UnfreezeWhat::Agent(n) => (Reach::Agent, Some(n.name.as_str()), &n.lifting),
            UnfreezeWhat::Action(n) => (Reach::Action, Some(n.name.as_str()), &n.lifting),
        };
        let target = Target::new(scope, name, &lifting.place);
        if target.place.data_dir.is_some() {
            return target.change_locally(globals, None).await;
        }
        let (name, reason) = (target.name.map(str::to_owned), lifting.reason.clone());
        let query = FreezeQuery { scope: target.scope, name, reason };
        globals.client()?.unfreeze(&query).await?;
        target.tell(globals, false)
    }
}

impl NamedStopping {
    fn target(&self, scope: Reach) -> Target<'_> {
        Target::new(scope, Some(&self.name), &self.stopping.place)
    }
}

impl<'a> Target<'a> {
    const fn new(scope: Reach, name: Option<&'a str>, place: &'a Place) -> Self {
        Self { scope, name, place }
    }

    fn stop(&self) -> Result<Stop, Failure> {
        let name = self.name.unwrap_or_default();
        match self.scope {
            Reach::All => Ok(Stop::All),
            Reach::Agent => Ok(Stop::Agent(name.to_owned())),
            Reach::Action => {
                let pattern = name.parse();
                pattern.map(Stop::Action).map_err(|error| {
                    Failure::usage(format!("{error}"), "write a pattern such as `stripe.**`")
                })
            }
        }
    }

    async fn change_locally(
        &self,
        globals: &Globals,
        reason: Option<&str>,
    ) -> Result<Exit, Failure> {
        let dir = self.place.data_dir.clone().unwrap_or_default();
        let org: &OrgId = globals.org();
        countersign_server::freeze_locally(&dir, org, self.stop()?, reason).await?;
        self.tell(globals, reason.is_some())
    }

    fn tell(&self, globals: &Globals, frozen: bool) -> Result<Exit, Failure> {
        let shown = json!({"scope": self.scope, "name": self.name, "frozen": frozen});
        globals.output().show(&shown, || {
            let what = format!("{} {}", word(&self.scope), self.name.unwrap_or_default());
            fields([(if frozen { "frozen" } else { "goes on" }, what.trim_end().to_owned())])
        })?;
        Ok(Exit::Success)
    }
}

async fn list(globals: &Globals) -> Result<Exit, Failure> {
    let freezes = globals.client()?.freezes().await?;
    globals.output().show(&freezes, || {
        let row = |freeze: &FreezeView| {
            let name = freeze.name.clone().unwrap_or_default();
            let at = freeze.at.to_string();
            [word(&freeze.scope), name, freeze.reason.clone(), freeze.by.clone(), at]
        };
        table(["frozen", "name", "reason", "by", "at"], freezes.items.iter().map(row))
    })?;
    Ok(Exit::Success)
}

fn one(freeze: &FreezeView) -> String {
    fields([
        ("frozen", word(&freeze.scope)),
        ("name", freeze.name.clone().unwrap_or_default()),
        ("reason", freeze.reason.clone()),
        ("by", freeze.by.clone()),
    ])
}
