//! `countersign doctor`: what commonly goes wrong with a server, and how to mend it. It changes nothing, and
//! does not mind whether the server runs.

mod check;
mod database;
mod directory;
mod keys;
mod machine;
mod network;
mod settings;
mod webhooks;

use clap::Args;
use serde::Serialize;

use super::Serve;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use check::{Check, Finding};

/// Look for what commonly goes wrong with a server. Give it the options that `serve` is given.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  countersign doctor\n  \
    countersign doctor --data-dir /var/lib/countersign --listen 0.0.0.0:7733 --json\n\n\
    It changes nothing, and exits with 0 unless there is a problem; a warning is none.")]
pub(crate) struct Doctor {
    #[command(flatten)]
    serve: Serve,
}

/// What was found; the field names are public.
#[derive(Debug, Serialize)]
struct Report {
    ok: bool,
    checks: Vec<Check>,
}

impl Doctor {
    pub(super) const fn serve(&self) -> &Serve {
        &self.serve
    }

    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let dir = &self.serve.data_dir;
        let mut checks = settings::checks(&self.serve);
        checks.extend(directory::checks(dir));
        let looked = database::look(dir);
        checks.extend(looked.checks);
        checks.push(machine::clock(looked.newest));
        checks.push(network::listen(self.serve.listen, dir).await);
        checks.push(network::server(globals, self.serve.listen).await);
        checks.extend(webhooks::checks(looked.webhooks, &self.serve.allow_private_targets).await);
        checks.push(machine::open_files());
        let report = Report { ok: checks.iter().all(|check| !check.is_problem()), checks };
        globals.output().show(&report, || report.to_text())?;
        Ok(if report.ok { Exit::Success } else { Exit::Unexpected })
    }
}

impl Report {
    fn to_text(&self) -> String {
        let count = |finding| self.checks.iter().filter(|c| c.result == finding).count();
        let (problems, warnings) = (count(Finding::Problem), count(Finding::Warning));
        let lines: Vec<String> = self.checks.iter().map(Check::to_text).collect();
        format!("{}\n\nproblems: {problems}, warnings: {warnings}", lines.join("\n"))
    }
}
