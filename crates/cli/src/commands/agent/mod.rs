//! What an agent does: ask, wait, use the answer.

mod answer;
mod cancel;
mod check;
mod redeem;
mod report;
mod request;
mod wait;

pub(crate) use answer::Answer;
pub(crate) use cancel::Cancel;
pub(crate) use check::Check;
pub(crate) use redeem::Redeem;
pub(crate) use report::Report;
pub(crate) use request::Request;
pub(crate) use wait::Wait;

use countersign_client::Client;
use countersign_wire::approvals::ApprovalView;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::output::{Output, outcome_text};

/// Waits for people, and tells on standard error for what.
async fn wait_for(
    client: &Client,
    id: &str,
    wait: input::Wait,
    output: Output,
) -> Result<ApprovalView, Failure> {
    let id_shown = countersign_domain::display::sanitise(id);
    output.tell(&format!(
        "waiting for the answer to {id_shown}; Ctrl-C stops the waiting, not the request"
    ));
    Ok(client.wait(id, wait.limit()).await?)
}

/// Prints the outcome and exits by it.
fn conclude(view: &ApprovalView, output: Output) -> Result<Exit, Failure> {
    output.show(view, || outcome_text(view))?;
    Ok(Exit::of_approval(view))
}
