//! `countersign settings`.

use clap::{Args, Subcommand};
use countersign_wire::settings::{SettingsPatch, SettingsView};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::output::fields;

/// What holds for all requests.
#[derive(Debug, Args)]
pub(crate) struct Settings {
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Show the settings
    Get,
    /// Change settings; what is not named stays
    Set(Set),
}

/// What to change.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  countersign settings set --expires-in 8h --self-approval never"
)]
#[group(required = true, multiple = true)]
struct Set {
    /// How long people have to answer, as `4h`
    #[arg(long, value_name = "LENGTH")]
    expires_in: Option<String>,
    /// How long an approval can be used after it was given
    #[arg(long, value_name = "LENGTH")]
    use_within: Option<String>,
    /// How long an equal request is refused after a denial; `0s` switches this off
    #[arg(long, value_name = "LENGTH")]
    denial_cooldown: Option<String>,
    /// Up to which risk people may answer their own requests: a risk, or `never`
    #[arg(long, value_name = "RISK")]
    self_approval: Option<String>,
    /// How many requests one agent may have pending
    #[arg(long, value_name = "COUNT")]
    pending_per_agent: Option<u32>,
    /// How dangerous that is which no rule and no tool rates
    #[arg(long, value_name = "RISK")]
    unrated_risk: Option<String>,
}

impl Settings {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let client = globals.client()?;
        let settings = match &self.verb {
            None | Some(Verb::Get) => client.settings().await?,
            Some(Verb::Set(set)) => client.change_settings(&set.patch()).await?,
        };
        globals.output().show(&settings, || text(&settings))?;
        Ok(Exit::Success)
    }
}

impl Set {
    fn patch(&self) -> SettingsPatch {
        SettingsPatch {
            expires_in: self.expires_in.clone(),
            use_within: self.use_within.clone(),
            denial_cooldown: self.denial_cooldown.clone(),
            self_approval: self.self_approval.clone().map(Some),
            pending_per_agent: self.pending_per_agent,
            unrated_risk: self.unrated_risk.clone(),
        }
    }
}

fn text(settings: &SettingsView) -> String {
    let self_approval = settings.self_approval.map_or("never", |risk| risk.as_str());
    fields([
        ("expires in", settings.expires_in.clone()),
        ("use within", settings.use_within.clone()),
        ("denial cool-down", settings.denial_cooldown.clone()),
        ("self-approval up to", self_approval.to_owned()),
        ("pending per agent", settings.pending_per_agent.to_string()),
        ("unrated risk", settings.unrated_risk.to_string()),
        ("said by document", settings.from_document.join(", ")),
    ])
}
