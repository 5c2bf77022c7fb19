//! What the published `humanlayer` Python package (0.7.9) calls: <https://pypi.org/project/humanlayer/>.
//!
//! Ids come from the client and are scoped to its key; a POST can be repeated. The protocol knows neither
//! edits nor redeeming: an edit is a no whose comment holds the arguments that would be approved.

use axum::Json;
use axum::extract::State;
use countersign_domain::ExternalId;
use countersign_domain::approval::{Approval, Cost, State as ApprovalState, SuggestedResponse};
use countersign_domain::identity::Agent;
use countersign_domain::json::Object;
use countersign_wire::Code;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

use crate::app::{Ask, Asker, Error, OnTheLine};
use crate::http::{Anyone, Asking, Failure, Lenient, NamedPath, Reply, Shared, Surface};

const CALL: &str = "function_call";
const CONTACT: &str = "human_contact";

/// A function call or a human contact, as the client sends it.
#[derive(Debug, Deserialize)]
pub(super) struct Request {
    run_id: String,
    call_id: String,
    spec: Object,
}

/// An answer that the client can pick when it says no.
#[derive(Debug, Deserialize)]
struct ResponseOption {
    name: String,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    prompt_fill: Option<String>,
}

/// An escalation by mail.
#[derive(Debug, Deserialize)]
pub(super) struct Escalation {
    escalation_msg: String,
}

pub(super) async fn ask_call(
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
    post(&surface, &asker, (&request, ask), call).await
}

pub(super) async fn ask_contact(
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
    post(&surface, &asker, (&request, ask), contact).await
}

pub(super) async fn show_call(
    surface: State<Shared>,
    asking: Asking,
    id: NamedPath,
) -> Reply<Value> {
    let approval = find(&surface, &asking.0, CALL, &id.0).await?;
    Ok(Json(call(&approval)))
}

pub(super) async fn show_contact(
    surface: State<Shared>,
    asking: Asking,
    id: NamedPath,
) -> Reply<Value> {
    let approval = find(&surface, &asking.0, CONTACT, &id.0).await?;
    Ok(Json(contact(&approval)))
}

/// `respond` would let whoever asks also answer. Nobody can do that, with any key, in any state.
pub(super) async fn refuse(_: Anyone) -> Failure {
    let detail = "an agent cannot answer its own request; a person answers it in the dashboard or with `countersign approve`";
    Failure(Error::new(Code::PeopleOnly, detail))
}

pub(super) async fn escalate_call(
    surface: State<Shared>,
    asking: Asking,
    id: NamedPath,
    Lenient(escalation): Lenient<Escalation>,
) -> Reply<Value> {
    let approval = escalate(&surface, asking.0, (CALL, &id.0), &escalation).await?;
    Ok(Json(call(&approval)))
}

pub(super) async fn escalate_contact(
    surface: State<Shared>,
    asking: Asking,
    id: NamedPath,
    Lenient(escalation): Lenient<Escalation>,
) -> Reply<Value> {
    let approval = escalate(&surface, asking.0, (CONTACT, &id.0), &escalation).await?;
    Ok(Json(contact(&approval)))
}

async fn post(
    surface: &Surface,
    asker: &Asker,
    (request, ask): (&Request, Ask),
    view: fn(&Approval) -> Value,
) -> Reply<Value> {
    let agent = agent(asker, &request.run_id)?;
    let approval = surface.app.ask(asker, &agent, &ask).await?;
    if approval.card.context != ask.context || approval.card.proposal.params != ask.params {
        let detail = format!(
            "`{}` was used for another request",
            countersign_domain::display::sanitise(&request.call_id)
        );
        return Err(Error::new(Code::IdempotencyMismatch, detail).about(approval.id).into());
    }
    Ok(Json(view(&approval)))
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

fn ask(
    asker: &Asker,
    kind: &str,
    request: &Request,
    (action, params): (&str, Object),
) -> Result<Ask, Error> {
    if !(1..=200).contains(&request.call_id.len()) {
        return Err(Error::invalid("$.call_id", "an id has 1 to 200 bytes"));
    }
    let kept = json!({"humanlayer": {
        "run_id": request.run_id, "call_id": request.call_id, "spec": rest_of_spec(&request.spec),
    }});
    Ok(Ask {
        action: action.parse().map_err(|error| Error::invalid("$.spec.fn", error))?,
        summary: None,
        reasoning: None,
        cost: Cost::default(),
        side_effects: Vec::new(),
        if_denied: None,
        risk: None,
        tool: None,
        params,
        context: kept.as_object().cloned().unwrap_or_default(),
        task_id: Some(request.run_id.chars().take(200).collect()),
        on_behalf_of: None,
        links: Vec::new(),
        responses: Vec::new(),
        expires_in: None,
        idempotency: None,
        external: Some(ExternalId {
            key: asker.key,
            kind: kind.to_owned(),
            id: request.call_id.clone(),
        }),
    })
}

/// What of the spec is neither the name nor the arguments; those stand in the proposal.
fn rest_of_spec(spec: &Object) -> Object {
    let shown = ["fn", "kwargs", "msg", "subject"];
    spec.iter()
        .filter(|(key, _)| !shown.contains(&key.as_str()))
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect()
}

fn responses(spec: &Object, key: &str) -> Result<Vec<SuggestedResponse>, Error> {
    let options =
        spec.get(key).filter(|value| !value.is_null()).cloned().unwrap_or_else(|| json!([]));
    let options: Vec<ResponseOption> = serde_json::from_value(options)
        .map_err(|error| Error::invalid(format!("$.spec.{key}"), error))?;
    let response =
        |o: ResponseOption| SuggestedResponse { name: o.name, title: o.title, text: o.prompt_fill };
    Ok(options.into_iter().map(response).collect())
}

fn text(spec: &Object, key: &str) -> Result<String, Error> {
    let found = spec.get(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    found
        .map(str::to_owned)
        .ok_or_else(|| Error::invalid(format!("$.spec.{key}"), "a text is needed here"))
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

fn call(approval: &Approval) -> Value {
    let (mut object, mut spec) = kept(approval);
    spec.insert("fn".to_owned(), json!(approval.card.proposal.action));
    spec.insert("kwargs".to_owned(), json!(approval.card.proposal.params));
    let (approved, comment) = decision(approval);
    object.insert("spec".to_owned(), Value::Object(spec));
    object.insert(
        "status".to_owned(),
        json!({
            "requested_at": approval.card.created_at,
            "responded_at": approval.state.decided_at(),
            "approved": approved,
            "comment": comment,
            "reject_option_name": picked(approval, comment.as_deref()),
            "slack_message_ts": null,
        }),
    );
    Value::Object(object)
}

fn contact(approval: &Approval) -> Value {
    let (mut object, mut spec) = kept(approval);
    let params = &approval.card.proposal.params;
    spec.insert("msg".to_owned(), params.get("msg").cloned().unwrap_or_default());
    spec.insert("subject".to_owned(), params.get("subject").cloned().unwrap_or_default());
    let response = match decision(approval) {
        (Some(true), notes) => Some(notes.unwrap_or_else(|| "approved".to_owned())),
        (Some(false), why) => why,
        (None, _) => None,
    };
    object.insert("spec".to_owned(), Value::Object(spec));
    object.insert(
        "status".to_owned(),
        json!({
            "requested_at": approval.card.created_at,
            "responded_at": approval.state.decided_at(),
            "response": response,
            "response_option_name": picked(approval, response.as_deref()),
        }),
    );
    Value::Object(object)
}

/// The ids and the rest of the spec, as the client sent them.
fn kept(approval: &Approval) -> (Object, Object) {
    let kept = approval.card.context.get("humanlayer");
    let mut object = kept.and_then(Value::as_object).cloned().unwrap_or_default();
    let spec = match object.remove("spec") {
        Some(Value::Object(spec)) => spec,
        _ => Object::new(),
    };
    (object, spec)
}

/// Whether it was approved, and the comment; a no always has one.
fn decision(approval: &Approval) -> (Option<bool>, Option<String>) {
    let outcome = approval.outcome();
    match &approval.state {
        ApprovalState::Pending { .. } => (None, None),
        ApprovalState::Approved { .. } => match outcome.effective {
            None => (Some(true), outcome.notes),
            Some(effective) => {
                let arguments = Value::Object(effective.params).to_string();
                (
                    Some(false),
                    Some(format!("approved with other arguments; call it again with: {arguments}")),
                )
            }
        },
        ApprovalState::Denied { reason, .. } => {
            let notes = outcome.notes.map(|notes| format!(" ({notes})")).unwrap_or_default();
            (Some(false), Some(format!("{reason}{notes}")))
        }
        ApprovalState::Expired { .. } => (Some(false), Some("nobody answered in time".to_owned())),
        ApprovalState::Canceled { .. } => {
            (Some(false), Some("the request was withdrawn".to_owned()))
        }
    }
}

/// The prepared answer whose text was given, if it was one of them.
fn picked(approval: &Approval, said: Option<&str>) -> Option<String> {
    let said = said?;
    let same = |r: &&SuggestedResponse| {
        r.text.as_deref() == Some(said) || r.title.as_deref() == Some(said) || r.name == said
    };
    approval.card.responses.iter().find(same).map(|r| r.name.clone())
}
