//! Signing in with an account at an identity provider (OpenID Connect): people are sent there, and come back with
//! a code for which the provider gives a signed statement about them.

mod enter;
mod exchange;
mod links;

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_domain::identity::sign_in::{Hidden, ProviderRules};
use countersign_wire::Code;
use openidconnect::{IssuerUrl, RedirectUrl};
use sha2::{Digest as _, Sha256};
use url::{Host, Url};

use crate::app::{App, Error};

/// Where people come back to.
pub const BACK: &str = "/sign-in/provider/back";

/// How people sign in with an identity provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderOptions {
    /// The issuer, exactly as the provider writes it.
    pub issuer: String,
    /// What this server is called there.
    pub client_id: String,
    /// What it shows there; none where the provider gives none.
    pub client_secret: Option<Hidden>,
    /// What people call the provider.
    pub name: Option<String>,
    /// The claim of the statement that holds the address.
    pub email_claim: String,
    /// Who may sign in.
    pub rules: ProviderRules,
}

/// An identity provider.
#[derive(Debug)]
pub struct Provider {
    options: ProviderOptions,
    issuer: IssuerUrl,
    back: RedirectUrl,
}

impl Provider {
    /// A provider, for people who reach this server there. Says why if it cannot be one.
    pub fn new(options: ProviderOptions, base_url: &str) -> Result<Self, String> {
        let url = Url::parse(&options.issuer)
            .map_err(|error| format!("the issuer `{}` is not a URL: {error}", options.issuer))?;
        let near = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        };
        if url.scheme() != "https" && !(url.scheme() == "http" && near) {
            return Err(format!("the issuer `{}` has to be an `https` URL", options.issuer));
        }
        if options.client_id.trim().is_empty() {
            return Err("the client id is missing".to_owned());
        }
        let issuer = IssuerUrl::new(options.issuer.clone()).map_err(|error| error.to_string())?;
        let back =
            RedirectUrl::new(format!("{base_url}{BACK}")).map_err(|error| error.to_string())?;
        Ok(Self { options, issuer, back })
    }

    /// What people call it: the name it was given, or the host of its issuer.
    pub fn name(&self) -> &str {
        let host = self.issuer.url().host_str().unwrap_or(&self.options.issuer);
        self.options.name.as_deref().unwrap_or(host)
    }
}

/// What ties an answer of the provider to one browser and one try: both are made of what only that browser
/// holds, so that neither has to be kept.
struct Ties {
    nonce: String,
    verifier: String,
}

impl Ties {
    fn of(state: &str, browser: &str) -> Self {
        let made = |what: &str| {
            let hash = Sha256::new().chain_update(what).chain_update(b"\n");
            let hash = hash.chain_update(state).chain_update(b"\n").chain_update(browser);
            URL_SAFE_NO_PAD.encode(hash.finalize())
        };
        Self { nonce: made("countersign nonce"), verifier: made("countersign verifier") }
    }
}

impl App {
    /// What people call the identity provider, if there is one.
    pub fn provider_name(&self) -> Option<&str> {
        self.sign_in.provider.as_deref().map(Provider::name)
    }

    fn provider(&self) -> Result<Arc<Provider>, Error> {
        let none = || Error::new(Code::NotFound, "there is no identity provider to sign in with");
        self.sign_in.provider.clone().ok_or_else(none)
    }
}
