//! `countersign init`.

use std::path::PathBuf;

use clap::Args;
use countersign_domain::OrgId;
use countersign_domain::identity::Email;
use serde::Serialize;

use super::config;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::output::fields;

/// Make a data directory with the first admin and an application key. Both keys are printed once.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  countersign init --data-dir ./countersign-data --admin-email ana@example.com"
)]
pub(crate) struct Init {
    /// Where the data will stand
    #[arg(
        long,
        value_name = "DIR",
        env = "COUNTERSIGN_DATA_DIR",
        default_value = "./countersign-data"
    )]
    data_dir: PathBuf,
    /// The address of the first admin
    #[arg(long, value_name = "EMAIL")]
    admin_email: Email,
}

/// What was made; the field names are public.
#[derive(Debug, Serialize)]
struct Made<'a> {
    org: &'a OrgId,
    admin: Admin<'a>,
    application_key: &'a str,
}

#[derive(Debug, Serialize)]
struct Admin<'a> {
    email: &'a Email,
    token: &'a str,
}

impl Init {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let made = countersign_server::init(&self.data_dir, &self.admin_email).await?;
        config::write_sample(&self.data_dir)?;
        let answer = Made {
            org: &made.org,
            admin: Admin { email: &made.admin, token: &made.admin_token },
            application_key: &made.application_key,
        };
        globals.output().show(&answer, || {
            let next = format!("countersign serve --data-dir {}", self.data_dir.display());
            fields([
                ("organization", made.org.to_string()),
                ("admin", made.admin.to_string()),
                ("admin token (shown only now)", made.admin_token.clone()),
                ("application key (shown only now)", made.application_key.clone()),
                ("next", next),
            ])
        })?;
        Ok(Exit::Success)
    }
}
