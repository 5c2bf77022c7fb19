//! JSON over HTTP, one file per noun; this is the table of routes.

mod agents;
mod approvals;
mod audit;
mod budgets;
mod checks;
mod docs;
mod fields;
mod freezes;
mod grants;
mod health;
mod keys;
mod people;
mod policies;
mod reference;
mod settings;
mod tasks;
mod tokens;
mod webhooks;

use axum::routing::get;
use axum::{Json, Router};
use countersign_domain::policy::document::{DocumentKind, schema};
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use approvals::events;
pub(crate) use audit::{doer, whole as export};

use crate::http::Shared;

/// Asking, seeing, answering, using.
fn of_approvals() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(approvals::ask::ask, approvals::list::list))
        .routes(routes!(approvals::list::statistics))
        .routes(routes!(approvals::bulk::approve))
        .routes(routes!(approvals::bulk::deny))
        .routes(routes!(approvals::show::show))
        .routes(routes!(approvals::events::of_one))
        .routes(routes!(approvals::answer::approve))
        .routes(routes!(approvals::answer::deny))
        .routes(routes!(approvals::answer::question))
        .routes(routes!(approvals::attest::attest))
        .routes(routes!(approvals::talk::answer))
        .routes(routes!(approvals::talk::cancel))
        .routes(routes!(approvals::talk::comment))
        .routes(routes!(approvals::run::redeem))
        .routes(routes!(approvals::run::result))
        .routes(routes!(approvals::run::resolve))
        .routes(routes!(approvals::events::of_all))
}

/// Every route of the API, and the document that describes them.
pub(crate) fn router() -> (Router<Shared>, OpenApi) {
    let org = OpenApiRouter::<Shared>::new()
        .routes(routes!(checks::check))
        .routes(routes!(checks::batch))
        .merge(of_approvals())
        .routes(routes!(budgets::list))
        .routes(routes!(budgets::report))
        .routes(routes!(grants::list))
        .routes(routes!(grants::revoke))
        .routes(routes!(grants::again))
        .routes(routes!(tasks::comments, tasks::comment))
        .routes(routes!(agents::list, agents::create))
        .routes(routes!(agents::show, agents::change))
        .routes(routes!(agents::permissions, agents::permit, agents::forbid))
        .routes(routes!(people::list, people::create))
        .routes(routes!(people::change))
        .routes(routes!(people::link))
        .routes(routes!(people::delegations::list, people::delegations::create))
        .routes(routes!(people::delegations::end))
        .routes(routes!(people::unlink))
        .routes(routes!(people::invitations::list, people::invitations::invite))
        .routes(routes!(people::invitations::withdraw))
        .routes(routes!(keys::list, keys::create))
        .routes(routes!(keys::revoke))
        .routes(routes!(tokens::list, tokens::mint))
        .routes(routes!(tokens::revocations, tokens::revoke))
        .routes(routes!(settings::show, settings::change))
        .routes(routes!(freezes::list, freezes::freeze, freezes::unfreeze))
        .routes(routes!(policies::list))
        .routes(routes!(policies::validate))
        .routes(routes!(policies::diff))
        .routes(routes!(policies::apply))
        .routes(routes!(checks::explain))
        .routes(routes!(policies::replay::replay))
        .routes(routes!(policies::replay::suggestions))
        .routes(routes!(policies::export))
        .routes(routes!(policies::show, policies::remove))
        .routes(routes!(webhooks::list, webhooks::create))
        .routes(routes!(webhooks::change, webhooks::remove))
        .routes(routes!(webhooks::rotate))
        .routes(routes!(webhooks::test))
        .routes(routes!(webhooks::deliveries::list))
        .routes(routes!(webhooks::deliveries::replay))
        .routes(routes!(audit::list))
        .routes(routes!(audit::checkpoint))
        .routes(routes!(audit::export))
        .routes(routes!(docs::me))
        .routes(routes!(people::login::leave));
    OpenApiRouter::with_openapi(docs::Document::openapi())
        .nest("/api/v1/orgs/{org}", org)
        .routes(routes!(people::login::start))
        .routes(routes!(people::login::token))
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
    schemas()
        .route(
            "/api/v1/openapi.json",
            get(|| async move { ([("content-type", "application/json")], json) }),
        )
        .route("/api/v1/docs.css", get(|| async { reference::style() }))
        .route("/api/v1/docs", get(|| async move { reference::secured(page) }))
}

/// The JSON Schemas of policy documents, for editors: one of each kind, and one of any.
fn schemas() -> Router<Shared> {
    let kinds = DocumentKind::ALL.map(|kind| (kind.as_str(), schema::of(kind)));
    let all = kinds.into_iter().chain([("Document", schema::of_any())]);
    all.fold(Router::new(), |router, (name, schema)| {
        let answer = move || async move { Json(schema) };
        router.route(&format!("/api/v1/schemas/{name}.json"), get(answer))
    })
}
