//! Drop-in surfaces for clients that others published: only base URL and key change.

mod agentwarden;
mod humanlayer;

use axum::Router;
use axum::routing::{get, post};

use crate::http::Shared;

/// The routes of both clients.
pub(crate) fn router() -> Router<Shared> {
    let humanlayer = Router::new()
        .route("/function_calls", post(humanlayer::ask_call))
        .route("/function_calls/{id}", get(humanlayer::show_call))
        .route("/contact_requests", post(humanlayer::ask_contact))
        .route("/contact_requests/{id}", get(humanlayer::show_contact))
        .route("/agent/function_calls/{id}/respond", post(humanlayer::refuse))
        .route("/agent/human_contacts/{id}/respond", post(humanlayer::refuse))
        .route("/agent/function_calls/{id}/escalate_email", post(humanlayer::escalate_call))
        .route("/agent/human_contacts/{id}/escalate_email", post(humanlayer::escalate_contact));
    Router::new()
        .route("/sdk/check", post(agentwarden::check))
        .route("/sdk/log", post(agentwarden::log))
        .route("/sdk/approvals/{id}", get(agentwarden::approval))
        .route("/api/agents/{id}/permissions", post(agentwarden::permit))
        .nest("/humanlayer/v1", humanlayer)
}
