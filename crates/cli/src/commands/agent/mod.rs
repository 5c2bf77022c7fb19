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
use crate::output::{Output, in_commands, outcome_text, remark, spent_text};

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
    client.wait(id, wait.limit()).await?;
    // Only a look of its own tells what policy makes of a yes by now.
    Ok(client.approval(id).await?)
}

/// Prints the outcome and exits by it; of a yes that is no go any more it says why.
fn conclude(view: &ApprovalView, output: Output) -> Result<Exit, Failure> {
    let view = ApprovalView { next: in_commands(&view.next), ..view.clone() };
    output.show(&view, || outcome_text(&view))?;
    let exit = Exit::of_approval(&view);
    if let Some(spent) = spent_text(&view).filter(|_| exit != Exit::Success) {
        remark(&countersign_domain::display::sanitise(&spent));
    }
    Ok(exit)
}
