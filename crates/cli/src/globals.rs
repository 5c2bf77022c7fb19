//! What every command knows: which server, which organization, whose key, and how to print.

use clap::Args;
use countersign_client::Client;
use countersign_domain::OrgId;

use crate::failure::Failure;
use crate::output::Output;

/// What every command knows.
#[derive(Debug, Args)]
pub(crate) struct Globals {
    /// Print JSON with stable fields instead of tables and sentences
    #[arg(long, global = true, help_heading = "Everywhere")]
    json: bool,
    /// The organization
    #[arg(long, global = true, default_value = "default", help_heading = "Everywhere")]
    org: OrgId,
    /// The server
    #[arg(
        long,
        global = true,
        env = "COUNTERSIGN_URL",
        default_value = "http://127.0.0.1:7733",
        help_heading = "Everywhere"
    )]
    url: String,
    /// Your key; the environment keeps it out of the list of processes
    #[arg(
        long,
        global = true,
        env = "COUNTERSIGN_TOKEN",
        hide_env_values = true,
        help_heading = "Everywhere"
    )]
    token: Option<String>,
}

impl Globals {
    /// The server that was named.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A client for the server that was named, with the key if one was given; and whether one was.
    pub(crate) fn client_or_stranger(&self) -> Result<(Client, bool), Failure> {
        let token = self.token.as_deref().map(str::trim).filter(|token| !token.is_empty());
        Ok((Client::new(&self.url, token.unwrap_or_default(), &self.org)?, token.is_some()))
    }

    /// The key or token that was given.
    pub(crate) fn token(&self) -> Result<&str, Failure> {
        let token = self.token.as_deref().map(str::trim).filter(|token| !token.is_empty());
        token.ok_or(Failure::NoToken)
    }

    /// The client for the server and key that were named.
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        Ok(Client::new(&self.url, self.token()?, &self.org)?)
    }

    /// The organization.
    pub(crate) const fn org(&self) -> &OrgId {
        &self.org
    }

    /// How to print.
    pub(crate) const fn output(&self) -> Output {
        if self.json { Output::Json } else { Output::Human }
    }
}
