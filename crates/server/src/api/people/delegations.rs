//! Who answers in whose place, and when.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use countersign_domain::time;
use countersign_wire::people::{DelegationQuery, DelegationRequest, DelegationView};
use countersign_wire::{List, Problem};

use super::super::fields;
use crate::app::{DelegationState, Error, NewDelegation};
use crate::http::{DelegationPath, Failure, Person, Query, Reply, Sent, Shared};

/// Who answers in whose place, the oldest first; those that are over only with `over=true`.
#[utoipa::path(
    get, path = "/delegations", tag = "users",
    params(("org" = String, Path), ("over" = Option<bool>, Query)),
    responses((status = 200, body = List<DelegationView>), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn list(
    State(surface): State<Shared>,
    Person(person): Person,
    Query(DelegationQuery { over }): Query<DelegationQuery>,
) -> Reply<List<DelegationView>> {
    let states = surface.app.delegations(&person, over)?;
    Ok(Json(List::whole(states.iter().map(view).collect())))
}

/// Lets another person answer in one's own place for a time; admins also in someone else's.
#[utoipa::path(
    post, path = "/delegations", tag = "users",
    params(("org" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = DelegationRequest,
    responses((status = 201, body = DelegationView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn create(
    State(surface): State<Shared>,
    Person(person): Person,
    sent: Sent<DelegationRequest>,
) -> Result<(StatusCode, Json<DelegationView>), Failure> {
    let key = sent.idempotency;
    let made = surface.app.delegate(&person, wished(sent.body)?, key.as_ref()).await?;
    Ok((StatusCode::CREATED, Json(view(&made))))
}

/// Ends a delegation before its time; for both whom it is about, and admins. What was answered under it stays.
#[utoipa::path(
    delete, path = "/delegations/{id}", tag = "users",
    params(("org" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = DelegationView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn end(
    State(surface): State<Shared>,
    Person(person): Person,
    DelegationPath(id): DelegationPath,
) -> Reply<DelegationView> {
    Ok(Json(view(&surface.app.end_delegation(&person, id).await?)))
}

fn wished(request: DelegationRequest) -> Result<NewDelegation, Error> {
    let DelegationRequest { delegate, delegator, from, until, groups, actions, reason } = request;
    let moment = |field, text: Option<String>, read: fn(&str) -> Result<_, time::MomentError>| {
        text.map(|text| read(&text).map_err(|error| Error::invalid(field, error))).transpose()
    };
    let actions = actions.iter().enumerate();
    let pattern = |(n, text): (usize, &String)| fields::parsed(&format!("$.actions[{n}]"), text);
    Ok(NewDelegation {
        delegator,
        delegate,
        from: moment("$.from", from, time::parse_begin)?,
        until: moment("$.until", until, time::parse_end)?,
        groups,
        actions: actions.map(pattern).collect::<Result<_, _>>()?,
        reason,
    })
}

fn view(state: &DelegationState) -> DelegationView {
    let person = |who: &countersign_domain::identity::Person| {
        let (id, email) = (who.id.to_string(), who.email.to_string());
        countersign_wire::approvals::PersonView { id, email }
    };
    let delegation = &state.delegation;
    let terms = &delegation.terms;
    DelegationView {
        id: delegation.id.to_string(),
        delegator: person(&state.delegator),
        delegate: person(&state.delegate),
        state: state.phase.as_str().to_owned(),
        idle: state.idle(),
        from: terms.from,
        until: terms.until,
        groups: terms.groups.clone(),
        actions: terms.actions.iter().map(ToString::to_string).collect(),
        reason: terms.reason.clone(),
        made_by: delegation.made_by.to_string(),
        made_at: delegation.made_at,
        ended_at: delegation.ended_at,
    }
}
