//! What the published `humanlayer` Python package (0.7.9) calls: <https://pypi.org/project/humanlayer/>.
//!
//! Ids come from the client and are scoped to its key; a POST can be repeated. The protocol knows neither
//! edits nor redeeming: an edit is a no whose comment holds the arguments that were approved, and the next
//! call with exactly these goes through once. A yes is used when it is told.

mod request;
mod view;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use countersign_domain::approval::Approval;
use countersign_domain::identity::Agent;
use countersign_wire::Code;
use serde_json::{Value, json};

use self::request::{Escalation, Request, ask, responses, text};
use self::view::{call, contact, is_own, is_yes};

use crate::app::{Ask, Asker, Error, OnTheLine};
use crate::http::{Anyone, Asking, Failure, Lenient, NamedPath, Reply, Shared, Surface};

const CALL: &str = "function_call";
const CONTACT: &str = "human_contact";

pub(in crate::compat) async fn ask_call(
    State(surface): State<Shared>,
    Asking(asker): Asking,
    Lenient(request): Lenient<Request>,
) -> Reply<Value> {
    let name = text(&request.spec, "fn")?;
    let params = match request.spec.get("kwargs") {
        Some(Value::Object(kwargs)) => kwargs.clone(),
        _ => {
            return Err(Error::invalid(
                "$.spec.kwargs",
                "the arguments of the call have to be an object",
            )
            .into());
        }
    };
    let ask = ask(&asker, CALL, &request, (&name, params))?;
    let ask =
        Ask { tool: Some(name), responses: responses(&request.spec, "reject_options")?, ..ask };
    let approval = post(&surface, &asker, (&request, ask)).await?;
    tell_call(&surface, &asker, (approval, &request.call_id)).await
}

pub(in crate::compat) async fn ask_contact(
    State(surface): State<Shared>,
    Asking(asker): Asking,
    Lenient(request): Lenient<Request>,
) -> Reply<Value> {
    let msg = text(&request.spec, "msg")?;
    let params = json!({"msg": msg, "subject": request.spec.get("subject")});
    let params = params.as_object().cloned().unwrap_or_default();
    let ask = ask(&asker, CONTACT, &request, ("contact_human", params))?;
    let summary: String = msg.chars().take(300).collect();
    let responses = responses(&request.spec, "response_options")?;
    let ask = Ask { summary: Some(summary), responses, ..ask };
    let approval = post(&surface, &asker, (&request, ask)).await?;
    Ok(Json(contact(&approval, &request.call_id)))
}

pub(in crate::compat) async fn show_call(
    surface: State<Shared>,
    asking: Asking,
    id: NamedPath,
) -> Reply<Value> {
    let approval = find(&surface, &asking.0, CALL, &id.0).await?;
    tell_call(&surface, &asking.0, (approval, &id.0)).await
}

pub(in crate::compat) async fn show_contact(
    surface: State<Shared>,
    asking: Asking,
    id: NamedPath,
) -> Reply<Value> {
    let approval = find(&surface, &asking.0, CONTACT, &id.0).await?;
    Ok(Json(contact(&approval, &id.0)))
}

/// `respond` would let whoever asks also answer. Nobody can do that, with any key, in any state.
pub(in crate::compat) async fn refuse(_: Anyone) -> Failure {
    let detail = "nobody answers on this path: it is for agents, and they cannot answer; a person uses `countersign approve` or the API";
    Failure(Error::new(Code::PeopleOnly, detail))
}

pub(in crate::compat) async fn escalate_call(
    surface: State<Shared>,
    asking: Asking,
    id: NamedPath,
    Lenient(escalation): Lenient<Escalation>,
) -> Reply<Value> {
    let approval = escalate(&surface, asking.0.clone(), (CALL, &id.0), &escalation).await?;
    tell_call(&surface, &asking.0, (approval, &id.0)).await
}

pub(in crate::compat) async fn escalate_contact(
    surface: State<Shared>,
    asking: Asking,
    id: NamedPath,
    Lenient(escalation): Lenient<Escalation>,
) -> Reply<Value> {
    let approval = escalate(&surface, asking.0, (CONTACT, &id.0), &escalation).await?;
    Ok(Json(contact(&approval, &id.0)))
}

/// A call as it stands. Once its client is told a yes, it runs the call and tells nothing more.
async fn tell_call(
    surface: &Surface,
    asker: &Asker,
    (approval, id): (Arc<Approval>, &str),
) -> Reply<Value> {
    let (approval, withheld) = if is_yes(&approval, id) {
        surface.app.told_to_run(asker, approval).await?
    } else {
        (approval, None)
    };
    Ok(Json(call(&approval, id, withheld)))
}

async fn post(
    surface: &Surface,
    asker: &Asker,
    (request, ask): (&Request, Ask),
) -> Result<Arc<Approval>, Failure> {
    let agent = agent(asker, &request.run_id)?;
    let approval = surface.app.ask(asker, &agent, &ask).await?;
    let same = is_own(&approval, &request.call_id)
        && (approval.card.context != ask.context || approval.card.proposal.params != ask.params);
    if same {
        let detail = format!(
            "`{}` was used for another request",
            countersign_domain::display::sanitise(&request.call_id)
        );
        return Err(Error::new(Code::IdempotencyMismatch, detail).about(approval.id).into());
    }
    Ok(approval)
}

/// The agent that asks: the key's own; for an application the one whose name starts the run id, as the
/// client makes them, or else the key's default.
fn agent(asker: &Asker, run_id: &str) -> Result<Arc<Agent>, Error> {
    let named = asker.snapshot.agents().into_iter().filter(|agent| {
        asker.speaks_for(agent.id)
            && run_id.strip_prefix(&agent.name).is_some_and(|rest| rest.starts_with('-'))
    });
    match named.max_by_key(|agent| agent.name.len()) {
        Some(agent) => Ok(agent),
        None => asker.default_agent(),
    }
}

async fn find(
    surface: &Surface,
    asker: &Asker,
    kind: &str,
    id: &str,
) -> Result<Arc<Approval>, Error> {
    let found = surface.app.external(asker, kind, id).await?;
    found.ok_or_else(|| Error::not_found("request", id))
}

/// Writes the escalation where every approver reads it.
async fn escalate(
    surface: &Surface,
    asker: Asker,
    (kind, id): (&str, &str),
    escalation: &Escalation,
) -> Result<Arc<Approval>, Error> {
    let approval = find(surface, &asker, kind, id).await?;
    let note = format!("escalated by the agent: {}", escalation.escalation_msg);
    surface.app.comment(&OnTheLine::Asker(asker), approval.id, &note, None).await
}
