//! The OpenAPI document, a page to read it, and who is on the line.

use axum::Json;
use axum::extract::State;
use countersign_wire::{Me, Problem};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crate::app::OnTheLine;
use crate::http::{AnyHolder, Reply, Shared};

/// The head of the document; the paths are added by the table of routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Countersign",
        description = "An approval gateway for AI agents: an agent asks, policy and people answer, exactly that runs once.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
        contact(name = "the Countersign authors")
    ),
    modifiers(&Keys),
    security(("key" = [])),
    components(schemas(Problem))
)]
pub(super) struct Document;

struct Keys;

impl Modify for Keys {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("key", SecurityScheme::Http(scheme));
    }
}

/// Who is on the line.
#[utoipa::path(
    get, path = "/me", tag = "users", params(("org" = String, Path)),
    responses((status = 200, body = Me), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn me(State(_): State<Shared>, AnyHolder(caller): AnyHolder) -> Reply<Me> {
    let (kind, role) = match &caller {
        OnTheLine::Asker(asker) => (asker.kind(), None),
        OnTheLine::Person(person) => ("person", Some(person.person.role.to_string())),
    };
    let (id, name) = (caller.caller().id.clone(), caller.caller().name.clone());
    Ok(Json(Me { kind: kind.to_owned(), id, name, org: caller.org().to_string(), role }))
}
