//! What an organization consists of: agents, people, keys, webhooks, settings. Everyone looks, admins change.

mod agents;
mod groups;
mod keys;
mod manifest;
pub(super) mod people;
mod settings;
mod webhooks;

use axum::Router;
use axum::routing::{get, post};
use countersign_domain::identity::Right;

use super::session::Viewer;
use crate::http::Shared;

/// The routes of the organization.
pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/agents", get(agents::list).post(agents::create))
        .route("/agents/{id}", get(agents::show).post(agents::change))
        .route("/agents/{id}/status", post(agents::status))
        .route("/agents/{id}/permissions", post(agents::permit))
        .route("/agents/{id}/permissions/remove", post(agents::forbid))
        .route("/groups", get(groups::list).post(groups::change))
        .route("/people", get(people::list).post(people::create))
        .route("/people/invite", post(people::invite))
        .route("/people/{id}", post(people::change))
        .route("/people/{id}/link", post(people::link))
        .route("/keys", get(keys::list).post(keys::create))
        .route("/keys/{id}/revoke", post(keys::revoke))
        .route("/webhooks", get(webhooks::list).post(webhooks::create))
        .route("/webhooks/{id}", get(webhooks::show).post(webhooks::change))
        .route("/webhooks/{id}/remove", post(webhooks::remove))
        .route("/webhooks/{id}/rotate", post(webhooks::rotate))
        .route("/webhooks/{id}/test", post(webhooks::test))
        .route("/webhooks/{id}/deliveries/{delivery}/replay", post(webhooks::replay))
        .route("/settings", get(settings::show).post(settings::change))
}

pub(super) fn administers(viewer: &Viewer) -> bool {
    viewer.person.person.role.may(Right::Administer)
}

/// A secret that was just made, and is shown this once.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Fresh {
    /// What it is.
    what: String,
    /// The secret.
    secret: String,
    /// What to do with it.
    hint: &'static str,
}
