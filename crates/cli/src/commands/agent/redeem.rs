//! `countersign redeem`.

use clap::Args;
use countersign_wire::approvals::RedeemRequest;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::input::Params;
use crate::output::{effective_lines, fields, in_commands};

/// Claim the one use of an approval, with exactly the parameters you are about to use.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  countersign redeem apr_01J9Z3V5 --params @refund.json && ./refund.sh"
)]
pub(crate) struct Redeem {
    /// The approval
    id: String,
    #[command(flatten)]
    params: Params,
    /// The tool you are about to use; by default the one that was asked for
    #[arg(long)]
    tool: Option<String>,
}

impl Redeem {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let redeem = RedeemRequest { params: self.params.object()?, tool: self.tool.clone() };
        let mut redeemed = globals.client()?.redeem(&self.id, &redeem).await?;
        redeemed.approval.next = in_commands(&redeemed.approval.next);
        globals.output().show(&redeemed, || {
            let receipt = fields([("receipt", redeemed.receipt.clone())]);
            let next = fields([("next", redeemed.approval.next.clone())]);
            format!("{}\n{receipt}\n{next}", effective_lines(&redeemed.effective))
        })?;
        Ok(Exit::Success)
    }
}
