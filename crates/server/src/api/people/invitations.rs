//! Invitations to become a person here.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use countersign_domain::identity::sign_in::Invitation;
use countersign_wire::people::{InvitationRequest, InvitationView};
use countersign_wire::{List, Problem};
use jiff::Timestamp;

use crate::api::fields;
use crate::app::{Error, NewPerson};
use crate::http::{Failure, NamedPath, Person, Reply, Sent, Shared};

/// The invitations that still stand, the oldest first; never a link.
#[utoipa::path(
    get, path = "/invitations", tag = "users", params(("org" = String, Path)),
    responses((status = 200, body = List<InvitationView>), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn list(
    State(surface): State<Shared>,
    Person(person): Person,
) -> Reply<List<InvitationView>> {
    let open = surface.app.invitations(&person).await?;
    let views = open.iter().map(|(ticket, i)| view(i, (ticket.made_at, ticket.expires_at)));
    Ok(Json(List::whole(views.collect())))
}

/// Invites someone, in the place of an earlier invitation of the same address. The link is shown this once.
#[utoipa::path(
    post, path = "/invitations", tag = "users", params(("org" = String, Path)),
    request_body = InvitationRequest,
    responses((status = 201, body = InvitationView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn invite(
    State(surface): State<Shared>,
    Person(person): Person,
    sent: Sent<InvitationRequest>,
) -> Result<(StatusCode, Json<InvitationView>), Failure> {
    let InvitationRequest { email, role, groups } = sent.body;
    let new = NewPerson { email: fields::parsed("$.email", &email)?, role, groups };
    let made = surface.app.invite(&person, new).await?;
    let url = Some(crate::dashboard::invitation(&surface.base_url, &made.link));
    let view = view(&made.invitation, (made.made_at, made.link.expires_at));
    Ok((StatusCode::CREATED, Json(InvitationView { url, ..view })))
}

/// Withdraws an invitation: its link is worth nothing from then on.
#[utoipa::path(
    delete, path = "/invitations/{id}", tag = "users",
    params(("org" = String, Path), ("id" = String, Path)),
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn withdraw(
    State(surface): State<Shared>,
    Person(person): Person,
    NamedPath(text): NamedPath,
) -> Result<StatusCode, Failure> {
    let id = text.parse().map_err(|_| Error::not_found("invitation", &text))?;
    surface.app.withdraw_invitation(&person, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn view(
    invitation: &Invitation,
    (created_at, expires_at): (Timestamp, Timestamp),
) -> InvitationView {
    InvitationView {
        id: invitation.id.to_string(),
        email: invitation.email.to_string(),
        role: invitation.role,
        groups: invitation.groups.clone(),
        created_at,
        expires_at,
        url: None,
    }
}
