//! People who sign in and answer.

pub(super) mod delegations;
pub(super) mod invitations;
pub(super) mod login;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use countersign_wire::people::{LinkView, PersonPatch, PersonRequest, PersonView, UnlinkedView};
use countersign_wire::{List, Problem};

use super::fields;
use crate::app::{NewPerson, PersonChange};
use crate::http::{Failure, NamedPath, Person, Reply, Sent, Shared};

/// Every person, by address.
#[utoipa::path(
    get, path = "/users", tag = "users", params(("org" = String, Path)),
    responses((status = 200, body = List<PersonView>), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn list(
    State(surface): State<Shared>,
    Person(person): Person,
) -> Reply<List<PersonView>> {
    let people = surface.app.people(&person)?;
    Ok(Json(List::whole(people.iter().map(|p| PersonView::from(p.as_ref())).collect())))
}

/// Registers a person; their token is shown this once.
#[utoipa::path(
    post, path = "/users", tag = "users",
    params(("org" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = PersonRequest,
    responses((status = 201, body = PersonView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn create(
    State(surface): State<Shared>,
    Person(person): Person,
    sent: Sent<PersonRequest>,
) -> Result<(StatusCode, Json<PersonView>), Failure> {
    let new = NewPerson {
        email: fields::parsed("$.email", &sent.body.email)?,
        role: sent.body.role,
        groups: sent.body.groups,
    };
    let made = surface.app.create_person(&person, new, sent.idempotency.as_ref()).await?;
    let token = Some(made.secret.reveal().to_owned());
    Ok((StatusCode::CREATED, Json(PersonView { token, ..PersonView::from(&made.made) })))
}

/// Changes a person; a locked one is refused everything, at once.
#[utoipa::path(
    patch, path = "/users/{id}", tag = "users",
    params(("org" = String, Path), ("id" = String, Path)),
    request_body = PersonPatch,
    responses((status = 200, body = PersonView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn change(
    State(surface): State<Shared>,
    Person(person): Person,
    NamedPath(id): NamedPath,
    sent: Sent<PersonPatch>,
) -> Reply<PersonView> {
    let PersonPatch { role, groups, status } = sent.body;
    let changed =
        surface.app.change_person(&person, &id, PersonChange { role, groups, status }).await?;
    Ok(Json(PersonView::from(&changed)))
}

/// Makes a link that signs a person in once, for one who cannot sign in otherwise.
#[utoipa::path(
    post, path = "/users/{id}/link", tag = "users",
    params(("org" = String, Path), ("id" = String, Path)),
    responses((status = 201, body = LinkView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn link(
    State(surface): State<Shared>,
    Person(person): Person,
    NamedPath(id): NamedPath,
) -> Result<(StatusCode, Json<LinkView>), Failure> {
    let made = surface.app.make_link(&person, &id).await?;
    let url = crate::dashboard::link(&surface.base_url, &made);
    Ok((StatusCode::CREATED, Json(LinkView { url, expires_at: made.expires_at })))
}

/// Takes away every link of a person to an account at an identity provider, so that another account with their
/// address can be linked.
#[utoipa::path(
    delete, path = "/users/{id}/provider-accounts", tag = "users",
    params(("org" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = UnlinkedView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn unlink(
    State(surface): State<Shared>,
    Person(person): Person,
    NamedPath(id): NamedPath,
) -> Reply<UnlinkedView> {
    Ok(Json(UnlinkedView { unlinked: surface.app.unlink_person(&person, &id).await? }))
}
