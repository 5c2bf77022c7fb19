//! Answering several requests, each as it is at that moment and each on its own.

use std::io::{self, BufRead as _, IsTerminal as _};

use countersign_client::Client;
use countersign_domain::approval::Assurance;
use countersign_domain::display::{said, sanitise};
use countersign_wire::approvals::ApprovalView;
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Output, fields, print_line, word};

/// The yes or the no that each of several requests gets.
pub(super) trait Verdict {
    /// Gives it to one request, bound to the version that was just shown.
    async fn give(
        &self,
        client: &Client,
        shown: &ApprovalView,
        output: Output,
    ) -> Result<ApprovalView, Failure>;
}

/// The one-time code that goes with an answer: the one that was given, or where the answer takes one, what the
/// person types when they are asked.
pub(super) fn code_for(
    shown: &ApprovalView,
    given: Option<&str>,
    output: Output,
) -> Result<Option<String>, Failure> {
    if given.is_some() || shown.assurance < Assurance::StepUp {
        return Ok(given.map(str::to_owned));
    }
    if output == Output::Json || !io::stdin().is_terminal() {
        let id = sanitise(&shown.id);
        return Err(Failure::Refused {
            what: format!("`{id}` takes a passkey or a one-time code for this very answer"),
            next: "pass the code of your authenticator app with --code, or answer in the dashboard, \
                   where a passkey can be used as well",
            exit: Exit::NotAllowed,
        });
    }
    output.tell("Code of your authenticator app (for a passkey, answer in the dashboard):");
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(Some(line.trim().to_owned()))
}

/// Shows each request in a line, answers it, and prints what became of it. One alone is printed whole and
/// fails as itself; of several each has its result, and the exit code says whether any failed.
pub(super) async fn answer_all(
    client: &Client,
    ids: &[String],
    verdict: &impl Verdict,
    output: Output,
) -> Result<Exit, Failure> {
    if let [id] = ids {
        let view = answer_one(client, id, verdict, output).await?;
        output.show(&view, || became(&view))?;
        return Ok(Exit::Success);
    }
    let (mut exits, mut results) = (Vec::new(), Vec::new());
    for id in ids {
        let answered = answer_one(client, id, verdict, output).await;
        if output == Output::Human {
            print_line(&answered.as_ref().map_or_else(|failure| failed(id, failure), became))?;
        }
        results.push(result(id, &answered));
        exits.push(answered.as_ref().map_or_else(Failure::exit, |_| Exit::Success));
    }
    let errors = exits.iter().filter(|exit| **exit != Exit::Success).count();
    let answered = exits.len() - errors;
    let all = json!({"results": results, "summary": {"answered": answered, "errors": errors}});
    output.show(&all, || format!("{answered} answered, {errors} not"))?;
    Ok(Exit::of_all(exits))
}

async fn answer_one(
    client: &Client,
    id: &str,
    verdict: &impl Verdict,
    output: Output,
) -> Result<ApprovalView, Failure> {
    let shown = client.approval(id).await?;
    let agent = sanitise(&shown.agent.name);
    let action = said(&shown.action);
    output.tell(&format!(
        "{}  {} risk  {agent}: {action}  {}  ({})",
        sanitise(&shown.id),
        shown.risk.as_str(),
        said(&shown.summary),
        sanitise(&shown.digest)
    ));
    if let Some(why) = &shown.outlook {
        output.tell(&format!("as policy is now, a yes may not be used: {}", sanitise(why)));
    }
    verdict.give(client, &shown, output).await
}

fn became(view: &ApprovalView) -> String {
    let open = view.stages.iter().filter(|stage| stage.have < stage.need);
    let waits = open.map(|stage| format!("{} of {} of {}", stage.have, stage.need, stage.name));
    fields([
        ("approval", view.id.clone()),
        ("status", word(&view.status)),
        ("answered by", view.answered_by.clone().unwrap_or_default()),
        (
            "still needed",
            if view.decided_at.is_none() {
                waits.collect::<Vec<_>>().join(", ")
            } else {
                String::new()
            },
        ),
        ("a yes may not be used", view.outlook.clone().unwrap_or_default()),
        (
            "run",
            if view.approved_at.is_some() { view.execution.state.clone() } else { String::new() },
        ),
    ])
}

fn failed(id: &str, failure: &Failure) -> String {
    format!("{}\n{}", fields([("approval", id.to_owned())]), failure.to_text())
}

fn result(id: &str, answered: &Result<ApprovalView, Failure>) -> Value {
    match answered {
        Ok(view) => json!({"approval_id": id, "status": view.status}),
        Err(failure) => json!({"approval_id": id, "error": failure.to_json()}),
    }
}
