//! What every command knows: which server, which organization, whose key, and how to print. What is not said
//! comes from the profile that `countersign login` left.

use clap::Args;
use countersign_client::Client;
use countersign_domain::OrgId;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::profile::{self, Profile};

/// The server that is meant where none is named.
const NEAR: &str = "http://127.0.0.1:7733";
/// The variable that holds a token.
const TOKEN: &str = "COUNTERSIGN_TOKEN";
/// In the place of a token: it is read from standard input.
const STDIN: &str = "-";

/// What every command knows.
#[derive(Debug, Args)]
pub(crate) struct Globals {
    /// Print JSON with stable fields instead of tables and sentences
    #[arg(long, global = true, help_heading = "Everywhere")]
    json: bool,
    /// The organization; by default that of the profile, or else `default`
    #[arg(long, global = true, help_heading = "Everywhere")]
    org: Option<OrgId>,
    /// The server; by default that of the profile, or else `http://127.0.0.1:7733`
    #[arg(long, global = true, env = "COUNTERSIGN_URL", help_heading = "Everywhere")]
    url: Option<String>,
    /// Your key, by default that of the profile; the environment keeps it out of the list of processes
    #[arg(
        long,
        global = true,
        env = "COUNTERSIGN_TOKEN",
        hide_env_values = true,
        num_args = 0..=1,
        default_missing_value = STDIN,
        help_heading = "Everywhere"
    )]
    token: Option<String>,
    /// The profile, which `countersign login` makes
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        env = "COUNTERSIGN_PROFILE",
        help_heading = "Everywhere"
    )]
    profile: Option<String>,
}

/// Which server, which organization, and with which key, if any.
#[derive(Clone)]
pub(crate) struct Place {
    /// The server.
    pub(crate) url: String,
    /// The organization.
    pub(crate) org: OrgId,
    /// The key.
    pub(crate) token: Option<String>,
}

impl Globals {
    /// What was said, and what the profile says where nothing was. A profile's key is shown to its own server
    /// only.
    pub(crate) fn place(&self) -> Result<Place, Failure> {
        self.place_or_near(None)
    }

    /// The same, with the server that is meant where none is named.
    pub(crate) fn place_or_near(&self, near: Option<String>) -> Result<Place, Failure> {
        let (url, token) = (said(self.url.as_deref()), self.given_token());
        let whole = url.is_some() && token.is_some() && self.profile.is_none();
        let profile = if whole { None } else { self.loaded()? };
        Ok(self.place_by(profile, near))
    }

    /// The same for whoever signs in, and has no such profile yet.
    pub(crate) fn place_to_sign_in(&self) -> Result<Place, Failure> {
        Ok(self.place_by(Profile::load(self.profile_name())?, None))
    }

    fn place_by(&self, profile: Option<Profile>, near: Option<String>) -> Place {
        let (url, token) = (said(self.url.as_deref()), self.given_token());
        let url = url.map(str::to_owned).or_else(|| profile.as_ref().map(|p| p.url.clone()));
        let url = url.or(near).unwrap_or_else(|| NEAR.to_owned());
        let profile = profile.filter(|profile| profile.is_for(&url));
        let org = self.org.clone().or_else(|| profile.as_ref().map(|p| p.org.clone()));
        let token = token.map(str::to_owned).or_else(|| profile.map(|profile| profile.token));
        Place { url, org: org.unwrap_or_else(OrgId::first), token }
    }

    /// The name of the profile that is meant.
    pub(crate) fn profile_name(&self) -> &str {
        said(self.profile.as_deref()).unwrap_or(profile::DEFAULT)
    }

    /// A client for the server that is meant, with the key if there is one; and whether there is.
    pub(crate) fn client_or_stranger(&self) -> Result<(Client, bool), Failure> {
        let Place { url, org, token } = self.place()?;
        Ok((Client::new(&url, token.as_deref().unwrap_or_default(), &org)?, token.is_some()))
    }

    /// The key or token that is meant.
    pub(crate) fn token(&self) -> Result<String, Failure> {
        match self.given_token() {
            Some(token) => Ok(token.to_owned()),
            None => self.place()?.token.ok_or(Failure::NoToken),
        }
    }

    /// The client for the server and key that are meant.
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        let Place { url, org, token } = self.place()?;
        Ok(Client::new(&url, &token.ok_or(Failure::NoToken)?, &org)?)
    }

    /// The organization that was named, or the first one.
    pub(crate) fn org(&self) -> OrgId {
        self.org.clone().unwrap_or_else(OrgId::first)
    }

    /// How to print.
    pub(crate) const fn output(&self) -> Output {
        if self.json { Output::Json } else { Output::Human }
    }

    /// A key that was typed, and does not merely stand in the environment; whether it is to be read from
    /// standard input instead.
    pub(crate) fn typed_token(&self) -> Option<(&str, bool)> {
        let typed = said(self.token.as_deref())?;
        let from_environment = std::env::var(TOKEN).is_ok_and(|set| set.trim() == typed);
        (!from_environment).then_some((typed, typed == STDIN))
    }

    /// Whether a key stands in the environment, which goes before every profile.
    pub(crate) fn has_token_in_environment() -> bool {
        std::env::var(TOKEN).is_ok_and(|set| !set.trim().is_empty())
    }

    fn given_token(&self) -> Option<&str> {
        said(self.token.as_deref()).filter(|token| *token != STDIN)
    }

    fn loaded(&self) -> Result<Option<Profile>, Failure> {
        let found = Profile::load(self.profile_name())?;
        if found.is_none() && said(self.profile.as_deref()).is_some() {
            return Err(Failure::Refused {
                what: format!("there is no profile `{}`", self.profile_name()),
                next: "make it with `countersign login --profile NAME`",
                exit: Exit::NotAllowed,
            });
        }
        Ok(found)
    }
}

/// A text that says something.
fn said(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}
