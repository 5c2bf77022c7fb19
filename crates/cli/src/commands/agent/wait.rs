//! `countersign wait`.

use clap::Args;
use countersign_domain::approval::OutcomeKind;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::input;

/// Wait for the answer to a request; exits by the outcome.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  countersign wait apr_01J9Z3V5 --timeout 10m && countersign redeem apr_01J9Z3V5 --params @params.json && ./deploy.sh"
)]
pub(crate) struct Wait {
    /// The request
    id: String,
    /// Wait at most this long, as `10m`
    #[arg(long, value_name = "LENGTH", default_value = "forever", value_parser = input::parse_wait)]
    timeout: input::Wait,
}

impl Wait {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let (client, output) = (globals.client()?, globals.output());
        // The first look is not repeated, so that a wrong address or id is told at once.
        let mut view = client.approval(&self.id).await?;
        if view.outcome == OutcomeKind::Pending {
            view = super::wait_for(&client, &self.id, self.timeout, output).await?;
        }
        super::conclude(&view, output)
    }
}
