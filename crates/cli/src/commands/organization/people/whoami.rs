//! `countersign whoami`.

use clap::Args;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::output::fields;

/// Whose key this is.
#[derive(Debug, Args)]
pub(crate) struct Whoami {}

impl Whoami {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let me = globals.client()?.me().await?;
        globals.output().show(&me, || {
            fields([
                ("kind", me.kind.clone()),
                ("id", me.id.clone()),
                ("name", me.name.clone()),
                ("organization", me.org.clone()),
                ("role", me.role.clone().unwrap_or_default()),
            ])
        })?;
        Ok(Exit::Success)
    }
}
