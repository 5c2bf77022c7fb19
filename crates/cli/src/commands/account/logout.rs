//! `countersign logout`.

use clap::Args;
use countersign_client::{Client, ClientError};
use countersign_wire::Code;
use serde_json::json;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::output::fields;
use crate::profile::Profile;

/// Sign this command line out: the token of the profile is revoked at the server, then forgotten here.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  countersign logout --profile work")]
pub(crate) struct Logout {
    /// Only forget the token here, where the server is gone or keeps its last token of an admin
    #[arg(long)]
    forget: bool,
}

impl Logout {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let name = globals.profile_name();
        let profile = Profile::load(name)?.ok_or_else(|| Failure::Refused {
            what: format!("nobody is signed in with the profile `{name}`"),
            next: "`countersign login` signs this command line in",
            exit: Exit::Conflict,
        })?;
        let revoked = if self.forget { false } else { revoke(&profile).await? };
        Profile::forget(name)?;
        let done = json!({"profile": name, "person": profile.person, "revoked": revoked});
        globals.output().show(&done, || {
            let token = if revoked { "revoked" } else { "forgotten here, and not revoked" };
            fields([("signed out", profile.person.clone()), ("token", token.to_owned())])
        })?;
        Ok(Exit::Success)
    }
}

/// Revokes the token; one that is not valid any more needs nothing.
async fn revoke(profile: &Profile) -> Result<bool, Failure> {
    let client = Client::new(&profile.url, &profile.token, &profile.org)?;
    match client.leave().await {
        Ok(()) => Ok(true),
        Err(ClientError::Problem(problem)) if problem.code == Code::Unauthenticated => Ok(true),
        Err(error) => Err(error.into()),
    }
}
