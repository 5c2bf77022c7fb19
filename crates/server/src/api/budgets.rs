//! How budgets stand, and what things really cost.

use axum::Json;
use axum::extract::State;
use countersign_domain::policy::account::Standing;
use countersign_wire::budgets::{BudgetView, PartView};
use countersign_wire::costs::{Correction, CostRequest, CostView};
use countersign_wire::{List, Problem};

use super::fields;
use crate::app::{BudgetState, CostReport};
use crate::http::{Asking, Person, Reply, Sent, Shared};

/// How every budget stands in the window that runs.
#[utoipa::path(
    get, path = "/budgets", tag = "budgets", params(("org" = String, Path)),
    responses((status = 200, body = List<BudgetView>), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn list(
    State(surface): State<Shared>,
    Person(person): Person,
) -> Reply<List<BudgetView>> {
    let budgets = surface.app.budgets(&person).await?;
    Ok(Json(List::whole(budgets.into_iter().map(view).collect())))
}

/// Tells what something really cost. What was charged for an approval that is named is corrected, once; without
/// one the cost is added.
#[utoipa::path(
    post, path = "/costs", tag = "budgets",
    params(("org" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = CostRequest,
    responses((status = 200, body = CostView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn report(
    State(surface): State<Shared>,
    Asking(asker): Asking,
    sent: Sent<CostRequest>,
) -> Reply<CostView> {
    let body = sent.body;
    let report = CostReport {
        agent: body.agent_id,
        action: fields::parsed("$.action", &body.action)?,
        cost: fields::cost(Some(body.cost))?,
        estimate: body.estimate.map(|estimate| fields::cost(Some(estimate))).transpose()?,
        task_id: fields::short("$.task_id", body.task_id, 200)?,
        approval: fields::optional("$.approval_id", body.approval_id.as_deref())?,
        idempotency: sent.idempotency,
    };
    let charges = surface.app.report_cost(&asker, &report).await?;
    let corrections = charges.into_iter().filter(|charge| charge.limit.is_none());
    let corrected = corrections.map(|charge| Correction {
        counter: charge.counter.name,
        by: charge.amount.to_money().to_string(),
    });
    Ok(Json(CostView { corrected: corrected.collect() }))
}

fn view(state: BudgetState) -> BudgetView {
    let BudgetState { budget, resets_at, standing, parts, .. } = state;
    BudgetView {
        name: budget.name,
        scope: budget.scope,
        unit: budget.unit,
        window: budget.window,
        used: standing.used.to_money().to_string(),
        limit: budget.limit.to_string(),
        percent: standing.percent,
        escalate_at: budget.escalate_at,
        resets_at,
        forecast: standing.forecast.map(|amount| amount.to_money().to_string()),
        parts: parts.into_iter().filter_map(part).collect(),
    }
}

fn part(standing: Standing) -> Option<PartView> {
    Some(PartView {
        name: standing.part?,
        used: standing.used.to_money().to_string(),
        percent: standing.percent,
        forecast: standing.forecast.map(|amount| amount.to_money().to_string()),
    })
}
