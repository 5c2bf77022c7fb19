//! The options that say with which identity provider people sign in.

use countersign_domain::identity::sign_in::{Hidden, Joining, ProviderRules};
use countersign_server::ProviderOptions;
use std::convert::Infallible;

use clap::Args;

use crate::failure::Failure;

/// An identity provider (OpenID Connect).
#[derive(Debug, Args)]
#[expect(clippy::struct_field_names, reason = "they are the names of the options")]
pub(crate) struct ProviderArgs {
    /// The issuer of an identity provider that people can sign in with (OpenID Connect), exactly as it writes
    /// it
    #[arg(long, value_name = "URL", env = "COUNTERSIGN_OIDC_ISSUER")]
    oidc_issuer: Option<String>,
    /// What this server is called at the identity provider
    #[arg(long, value_name = "ID", env = "COUNTERSIGN_OIDC_CLIENT_ID")]
    oidc_client_id: Option<String>,
    /// What this server shows at the identity provider; better in the environment or in a file of its own
    #[arg(
        long,
        value_name = "SECRET",
        env = "COUNTERSIGN_OIDC_CLIENT_SECRET",
        value_parser = hidden,
        hide_env_values = true,
        hide_default_value = true
    )]
    oidc_client_secret: Option<Hidden>,
    /// A file that holds what this server shows at the identity provider
    #[arg(long, value_name = "FILE", env = "COUNTERSIGN_OIDC_CLIENT_SECRET_FILE")]
    oidc_client_secret_file: Option<String>,
    /// What people call the identity provider, on the button that leads there
    #[arg(long, value_name = "NAME", env = "COUNTERSIGN_OIDC_NAME")]
    oidc_name: Option<String>,
    /// A domain whose addresses sign in with the identity provider; without any, every domain does; several
    /// times, or with commas, for several
    #[arg(
        long,
        value_name = "DOMAIN",
        env = "COUNTERSIGN_OIDC_EMAIL_DOMAIN",
        value_parser = domain,
        value_delimiter = ','
    )]
    oidc_email_domain: Vec<String>,
    /// A domain whose people join at their first sign-in without an invitation, as a viewer unless it says
    /// `DOMAIN=approver` or `DOMAIN=auditor`; several times, or with commas, for several
    #[arg(long, value_name = "DOMAIN", env = "COUNTERSIGN_OIDC_JOIN", value_delimiter = ',')]
    oidc_join: Vec<Joining>,
    /// The claim in which the identity provider tells the address
    #[arg(
        long,
        value_name = "CLAIM",
        env = "COUNTERSIGN_OIDC_EMAIL_CLAIM",
        default_value = "email"
    )]
    oidc_email_claim: String,
}

impl ProviderArgs {
    /// What they come to; `None` where there is no identity provider.
    pub(super) fn options(&self) -> Result<Option<ProviderOptions>, Failure> {
        let Some(issuer) = said(self.oidc_issuer.as_deref()) else {
            let more = said(self.oidc_client_id.as_deref()).is_some() || !self.oidc_join.is_empty();
            return if more { Err(missing("--oidc-issuer")) } else { Ok(None) };
        };
        let client_id = said(self.oidc_client_id.as_deref());
        Ok(Some(ProviderOptions {
            issuer: issuer.to_owned(),
            client_id: client_id.ok_or_else(|| missing("--oidc-client-id"))?.to_owned(),
            client_secret: self.secret()?,
            name: said(self.oidc_name.as_deref()).map(str::to_owned),
            email_claim: self.oidc_email_claim.clone(),
            rules: ProviderRules {
                domains: self.oidc_email_domain.clone(),
                joins: self.oidc_join.clone(),
            },
        }))
    }

    /// The file that holds what this server shows at the identity provider, if there is one.
    pub(super) fn secret_file(&self) -> Option<&str> {
        said(self.oidc_client_secret_file.as_deref())
    }

    fn secret(&self) -> Result<Option<Hidden>, Failure> {
        let typed = self.oidc_client_secret.clone().filter(|s| said(Some(s.reveal())).is_some());
        match (typed, self.secret_file()) {
            (Some(_), Some(_)) => Err(Failure::usage(
                "both --oidc-client-secret and --oidc-client-secret-file are set",
                "set one of them",
            )),
            (typed, None) => Ok(typed),
            (None, Some(path)) => match std::fs::read_to_string(path) {
                Ok(text) => Ok(Some(Hidden::new(text.trim().to_owned()))),
                Err(error) => Err(Failure::usage(
                    format!("`{path}` cannot be read: {error}"),
                    "name the file with the client secret in --oidc-client-secret-file",
                )),
            },
        }
    }
}

/// A text that says something.
fn said(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

fn missing(option: &str) -> Failure {
    Failure::usage(
        format!("an identity provider takes {option}"),
        "set it, or none of the `oidc` options",
    )
}

#[expect(clippy::unnecessary_wraps, reason = "clap takes what can fail")]
fn hidden(text: &str) -> Result<Hidden, Infallible> {
    Ok(Hidden::new(text.to_owned()))
}

fn domain(text: &str) -> Result<String, String> {
    let wanted = text.parse::<Joining>().map(|joining| joining.domain);
    let plain = wanted.ok().filter(|domain| domain.eq_ignore_ascii_case(text));
    plain.ok_or_else(|| "write it as `example.com`".to_owned())
}
