//! JSON over HTTP, one file per noun; this is the table of routes.

mod agents;
mod approvals;
mod audit;
mod checks;
mod docs;
mod fields;
mod health;
mod keys;
mod people;
mod reference;
mod settings;
mod tasks;
mod webhooks;

use axum::Router;
use axum::routing::get;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use approvals::events;
pub(crate) use audit::whole as export;

use crate::http::Shared;

/// Every route of the API, and the document that describes them.
pub(crate) fn router() -> (Router<Shared>, OpenApi) {
    let org = OpenApiRouter::<Shared>::new()
        .routes(routes!(checks::check))
        .routes(routes!(approvals::ask::ask, approvals::list::list))
        .routes(routes!(approvals::list::statistics))
        .routes(routes!(approvals::bulk::approve))
        .routes(routes!(approvals::bulk::deny))
        .routes(routes!(approvals::show::show))
        .routes(routes!(approvals::events::of_one))
        .routes(routes!(approvals::answer::approve))
        .routes(routes!(approvals::answer::deny))
        .routes(routes!(approvals::answer::question))
        .routes(routes!(approvals::talk::answer))
        .routes(routes!(approvals::talk::cancel))
        .routes(routes!(approvals::talk::comment))
        .routes(routes!(approvals::run::redeem))
        .routes(routes!(approvals::run::result))
        .routes(routes!(approvals::run::resolve))
        .routes(routes!(approvals::events::of_all))
        .routes(routes!(tasks::comments, tasks::comment))
        .routes(routes!(agents::list, agents::create))
        .routes(routes!(agents::show, agents::change))
        .routes(routes!(agents::permissions, agents::permit, agents::forbid))
        .routes(routes!(people::list, people::create))
        .routes(routes!(people::change))
        .routes(routes!(people::link))
        .routes(routes!(keys::list, keys::create))
        .routes(routes!(keys::revoke))
        .routes(routes!(settings::show, settings::change))
        .routes(routes!(webhooks::list, webhooks::create))
        .routes(routes!(webhooks::change, webhooks::remove))
        .routes(routes!(webhooks::rotate))
        .routes(routes!(webhooks::test))
        .routes(routes!(webhooks::deliveries::list))
        .routes(routes!(webhooks::deliveries::replay))
        .routes(routes!(audit::list))
        .routes(routes!(audit::export))
        .routes(routes!(docs::me));
    OpenApiRouter::with_openapi(docs::Document::openapi())
        .nest("/api/v1/orgs/{org}", org)
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
        .routes(routes!(health::metrics))
        .routes(routes!(health::receipt_keys))
        .split_for_parts()
}

/// The document itself, and a page to read it.
pub(crate) fn documents(document: &OpenApi) -> Router<Shared> {
    let json = document.to_pretty_json().unwrap_or_default();
    let page = reference::page(document);
    Router::new()
        .route(
            "/api/v1/openapi.json",
            get(|| async move { ([("content-type", "application/json")], json) }),
        )
        .route("/api/v1/docs.css", get(|| async { reference::style() }))
        .route("/api/v1/docs", get(|| async move { reference::secured(page) }))
}
