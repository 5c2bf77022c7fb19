//! `POST /checks`: may this run?

use axum::Json;
use axum::extract::State;
use countersign_domain::json::Object;
use countersign_domain::policy::Decision;
use countersign_wire::Problem;
use countersign_wire::checks::{
    BatchRequest, BatchResult, BatchSummary, BatchView, CheckRequest, VerdictView,
};
use serde_json::Value;

use super::fields;
use crate::app::{Check, CheckAnswer, Error, IdempotencyKey};
use crate::http::{Holding, Person, Reply, Sent, Shared, Surface};

/// May this run? On `escalate` an approval is opened, or the one that is pending is joined.
#[utoipa::path(
    post, path = "/checks", tag = "checks",
    params(("org" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = CheckRequest,
    responses((status = 200, body = VerdictView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn check(
    State(surface): State<Shared>,
    Holding(asker): Holding,
    sent: Sent<CheckRequest>,
) -> Reply<VerdictView> {
    let check = parse(sent.body, sent.idempotency)?;
    let answer = surface.app.check(&asker, &check).await?;
    Ok(Json(view(answer, check.dry_run, &surface)))
}

/// What policy says to one check of an agent, and how it comes to it, for those who write and audit policy. Nothing is
/// recorded, opened or counted, and earlier answers play no part.
#[utoipa::path(
    post, path = "/policies/explain", tag = "policies", params(("org" = String, Path)),
    request_body = CheckRequest,
    responses((status = 200, body = VerdictView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn explain(
    State(surface): State<Shared>,
    Person(reader): Person,
    sent: Sent<CheckRequest>,
) -> Reply<VerdictView> {
    let check = parse(CheckRequest { dry_run: true, ..sent.body }, None)?;
    let answer = surface.app.explain(&reader, &check).await?;
    Ok(Json(view(answer, true, &surface)))
}

/// The most checks in one call.
const MOST: usize = 100;

/// Several checks, one after the other; each is answered for itself and leaves what it leaves by itself.
#[utoipa::path(
    post, path = "/checks/batch", tag = "checks",
    params(("org" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = BatchRequest,
    responses((status = 200, body = BatchView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn batch(
    State(surface): State<Shared>,
    Holding(asker): Holding,
    sent: Sent<BatchRequest>,
) -> Reply<BatchView> {
    let BatchRequest { checks, stop_on_deny, dry_run } = sent.body;
    let count = checks.len();
    if !(1..=MOST).contains(&count) {
        let detail = format!("list between 1 and {MOST} checks; these are {count}");
        return Err(Error::invalid("$.checks", detail).into());
    }
    let mut view = BatchView { results: Vec::new(), summary: BatchSummary::default() };
    for (index, check) in checks.into_iter().enumerate() {
        let dry_run = dry_run || check.dry_run;
        let check = CheckRequest { dry_run, ..check };
        let key = sent.idempotency.as_ref().map(|key| key.part(&index.to_string()));
        let answer = match parse(check, key) {
            Ok(check) => surface.app.check(&asker, &check).await,
            Err(error) => Err(error),
        };
        let denied = view.add(answer.map(|answer| self::view(answer, dry_run, &surface)));
        if denied && stop_on_deny {
            break;
        }
    }
    view.summary.skipped = count - view.results.len();
    Ok(Json(view))
}

/// Adding answers to those of a batch.
trait Adding {
    /// Adds one; whether it was denied.
    fn add(&mut self, answer: Result<VerdictView, Error>) -> bool;
}

impl Adding for BatchView {
    fn add(&mut self, answer: Result<VerdictView, Error>) -> bool {
        let summary = &mut self.summary;
        let counted = match answer.as_ref().map(|view| view.verdict) {
            Ok(Decision::Allow) => &mut summary.allow,
            Ok(Decision::Deny) => &mut summary.deny,
            Ok(Decision::Escalate) => &mut summary.escalate,
            Err(_) => &mut summary.error,
        };
        *counted += 1;
        let denied = answer.as_ref().is_ok_and(|view| view.verdict == Decision::Deny);
        self.results.push(match answer {
            Ok(verdict) => BatchResult { verdict: Some(verdict), error: None },
            Err(error) => BatchResult { verdict: None, error: Some(Problem::from(&error)) },
        });
        denied
    }
}

fn parse(mut body: CheckRequest, idempotency: Option<IdempotencyKey>) -> Result<Check, Error> {
    let resource = fields::short("$.resource", body.resource, 500)?;
    if let Some(resource) = &resource {
        told_once(&mut body.context, resource)?;
    }
    Ok(Check {
        resource,
        agent: body.agent_id,
        action: fields::parsed("$.action", &body.action)?,
        params: body.params,
        context: body.context,
        cost: fields::cost(body.cost)?,
        tool: fields::tool(body.tool)?,
        task_id: fields::short("$.task_id", body.task_id, 200)?,
        on_behalf_of: fields::optional("$.on_behalf_of", body.on_behalf_of.as_deref())?,
        approval: fields::optional("$.approval_id", body.approval_id.as_deref())?,
        dry_run: body.dry_run,
        expires_in: fields::length("$.expires_in", body.expires_in.as_deref())?,
        idempotency,
    })
}

/// Conditions read the resource where they read all that surrounds a check, so that it must not stand there otherwise.
fn told_once(context: &mut Object, resource: &str) -> Result<(), Error> {
    let own = Value::from(resource);
    match context.insert("resource".to_owned(), own.clone()) {
        Some(other) if other != own => Err(Error::invalid(
            "$.context.resource",
            "another resource than `resource` names; state it in one place",
        )),
        Some(_) | None => Ok(()),
    }
}

fn view(answer: CheckAnswer, dry_run: bool, surface: &Surface) -> VerdictView {
    let effective = answer.effective();
    let CheckAnswer { verdict, approval, receipt } = answer;
    let path = approval.as_ref().map(|a| format!("/api/v1/orgs/{}/approvals/{}", a.org(), a.id));
    let id = approval.as_ref().map(|a| a.id);
    VerdictView {
        verdict: verdict.decision,
        allowed: verdict.decision == Decision::Allow,
        requires_approval: verdict.decision == Decision::Escalate,
        approval_id: id.map(|id| id.to_string()),
        next: if dry_run {
            tried(verdict.decision)
        } else {
            next(verdict.decision, path.as_deref())
        },
        reason_code: verdict.reason_code,
        reason: verdict.reason,
        policy_trace: verdict.trace,
        risk_snapshot: verdict.risk_snapshot.to_value(),
        effective: effective.map(Into::into),
        receipt,
        url: id.map(|id| format!("{}/approvals/{id}", surface.base_url)),
        expires_at: approval.as_ref().and_then(|a| a.expires_at()),
        hints: verdict.hints,
    }
}

/// What to do after nothing was counted, opened or used.
fn tried(decision: Decision) -> String {
    let would = match decision {
        Decision::Allow => "it would be allowed",
        Decision::Deny => "it would be denied",
        Decision::Escalate => "a person would be asked",
    };
    format!("this only tries: {would}; run nothing before you asked without `dry_run`")
}

fn next(decision: Decision, approval: Option<&str>) -> String {
    match (decision, approval) {
        (Decision::Allow, Some(path)) => {
            format!("run it now, once; then report the end with POST {path}/result")
        }
        (Decision::Allow, None) => "run it now".to_owned(),
        (Decision::Deny, Some(path)) => format!("do not run it; see GET {path} for why"),
        (Decision::Deny, None) => "do not run it; see the reason".to_owned(),
        (Decision::Escalate, Some(path)) => {
            format!("wait with GET {path}?wait=55s; run nothing before it is approved")
        }
        (Decision::Escalate, None) => "a person would be asked".to_owned(),
    }
}
