//! Keys of the three kinds.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use countersign_domain::identity::Key;
use countersign_wire::keys::{KeyRequest, KeyView};
use countersign_wire::{List, Problem};

use crate::app::{Error, KeyFor};
use crate::http::{Failure, NamedPath, Person, Reply, Sent, Shared};

/// Every key, the revoked ones included; never a secret.
#[utoipa::path(
    get, path = "/keys", tag = "keys", params(("org" = String, Path)),
    responses((status = 200, body = List<KeyView>), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn list(
    State(surface): State<Shared>,
    Person(person): Person,
) -> Reply<List<KeyView>> {
    let keys = surface.app.keys(&person)?;
    let uses = surface.app.key_uses(&person).await?;
    let view =
        |key: &Key| KeyView { last_used_at: uses.get(&key.id).copied(), ..KeyView::from(key) };
    Ok(Json(List::whole(keys.iter().map(view).collect())))
}

/// Makes a key; its secret is shown this once.
#[utoipa::path(
    post, path = "/keys", tag = "keys",
    params(("org" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = KeyRequest,
    responses((status = 201, body = KeyView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn create(
    State(surface): State<Shared>,
    Person(person): Person,
    sent: Sent<KeyRequest>,
) -> Result<(StatusCode, Json<KeyView>), Failure> {
    let KeyRequest { name, agent, person: for_person, default_agent } = sent.body;
    let holder = match (agent, for_person, default_agent) {
        (Some(agent), None, None) => KeyFor::Agent(agent),
        (None, Some(person), None) => KeyFor::Person(person),
        (None, None, default) => KeyFor::Application(default),
        _ => {
            return Err(Error::invalid(
                "$",
                "name one of `agent`, `person` and `default_agent`, or none",
            )
            .into());
        }
    };
    let made = surface.app.create_key(&person, (&name, holder), sent.idempotency.as_ref()).await?;
    let secret = Some(made.secret.reveal().to_owned());
    Ok((StatusCode::CREATED, Json(KeyView { secret, ..KeyView::from(&made.made) })))
}

/// Makes a key stop working, at once.
#[utoipa::path(
    delete, path = "/keys/{id}", tag = "keys",
    params(("org" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = KeyView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn revoke(
    State(surface): State<Shared>,
    Person(person): Person,
    NamedPath(text): NamedPath,
) -> Reply<KeyView> {
    let id = text.parse().map_err(|_| Error::not_found("key", &text))?;
    let key = surface.app.revoke_key(&person, id).await?;
    Ok(Json(KeyView::from(&key)))
}
