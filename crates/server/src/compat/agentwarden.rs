//! What the published `agentwarden` Python package (0.1.2) calls: <https://pypi.org/project/agentwarden/>.
//!
//! Its `context` is all it sends about an action, so it is taken as the parameters.

use axum::Json;
use axum::extract::State;
use countersign_domain::approval::Cost;
use countersign_domain::json::Object;
use countersign_domain::policy::{Decision, Effect};
use countersign_domain::{ActionPattern, Money};
use countersign_wire::approvals::{ApprovalView, Viewer};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::{Check, Error, OnTheLine, Visible};
use crate::http::{Anyone, ApprovalPath, Asking, Lenient, NamedPath, Person, Reply, Shared};

/// `guard.check(agent_id, action, context)`.
#[derive(Debug, Deserialize)]
pub(super) struct CheckCall {
    agent_id: String,
    action: String,
    #[serde(default)]
    context: Option<Object>,
    #[serde(flatten)]
    others: Object,
}

/// What the other surface takes beside the context. Here it would be looked at by nobody, and what runs would be another
/// thing than what was judged.
const NOT_TAKEN: &[&str] = &["params", "parameters", "arguments", "tool", "cost"];

pub(super) async fn check(
    State(surface): State<Shared>,
    Asking(asker): Asking,
    Lenient(call): Lenient<CheckCall>,
) -> Reply<Value> {
    if let Some(name) = NOT_TAKEN.iter().find(|name| call.others.contains_key(**name)) {
        let why = "not taken here: put all that takes effect into `context`, or call `/checks`";
        return Err(Error::invalid(format!("$.{name}"), why).into());
    }
    let check = Check {
        agent: Some(call.agent_id),
        action: call.action.parse().map_err(|error| Error::invalid("$.action", error))?,
        params: call.context.unwrap_or_default(),
        context: Object::new(),
        cost: Cost::default(),
        tool: None,
        resource: None,
        task_id: None,
        on_behalf_of: None,
        approval: None,
        dry_run: false,
        expires_in: None,
        idempotency: None,
    };
    let answer = surface.app.check(&asker, &check).await?;
    let effective = answer.effective();
    let reason = match &effective {
        // This client shows nothing but the reason.
        Some(effective) => {
            let arguments = Value::Object(effective.params.clone());
            format!("{}; run it with: {arguments}", answer.verdict.reason)
        }
        None => answer.verdict.reason,
    };
    Ok(Json(json!({
        "allowed": answer.verdict.decision == Decision::Allow,
        "requires_approval": answer.verdict.decision == Decision::Escalate,
        "reason": reason,
        "effective": effective,
        "reason_code": answer.verdict.reason_code,
        "approval_id": answer.approval.map(|approval| approval.id),
    })))
}

/// `guard.log(agent_id, action, status, context)`.
#[derive(Debug, Deserialize)]
pub(super) struct LogCall {
    agent_id: String,
    action: String,
    status: String,
    #[serde(default)]
    context: Option<Object>,
}

pub(super) async fn log(
    State(surface): State<Shared>,
    Asking(asker): Asking,
    Lenient(call): Lenient<LogCall>,
) -> Reply<Value> {
    let agent = asker.agent(Some(&call.agent_id))?;
    let what = (call.action.as_str(), call.status.as_str());
    let logged = surface.app.log(&asker, &agent, what, call.context.as_ref()).await?;
    Ok(Json(json!({
        "id": logged.id,
        "agent_id": logged.agent,
        "organization_id": asker.org(),
        "action": logged.action,
        "status": logged.status,
        "context": logged.context,
        "created_at": logged.created_at,
    })))
}

/// The approval that a check named.
pub(super) async fn approval(
    State(surface): State<Shared>,
    Anyone(viewer): Anyone,
    ApprovalPath(id): ApprovalPath,
) -> Reply<ApprovalView> {
    let approval = surface.app.see(&viewer, id, Visible::default()).await?;
    let eye = match viewer {
        OnTheLine::Asker(_) => Viewer::Requester,
        OnTheLine::Person(_) => Viewer::Person,
    };
    Ok(Json(ApprovalView::of(&approval, eye, &surface.base_url)))
}

/// A permission as that product's API sets it. A field that is not known may have been meant to forbid.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PermitCall {
    action: String,
    requires_approval: bool,
    #[serde(default)]
    max_amount: Option<Money>,
}

pub(super) async fn permit(
    State(surface): State<Shared>,
    Person(person): Person,
    NamedPath(agent): NamedPath,
    Lenient(call): Lenient<PermitCall>,
) -> Reply<Value> {
    let pattern: ActionPattern =
        call.action.parse().map_err(|error| Error::invalid("$.action", error))?;
    let effect = if call.requires_approval { Effect::RequiresApproval } else { Effect::Allow };
    let permission =
        surface.app.permit(&person, &agent, pattern, (effect, call.max_amount)).await?;
    Ok(Json(json!({
        "agent_id": permission.agent,
        "action": permission.pattern,
        "requires_approval": call.requires_approval,
        "max_amount": permission.max_amount,
    })))
}
