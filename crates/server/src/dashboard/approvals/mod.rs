//! Requests: the inbox, one request whole, and the answers.

mod allow_again;
mod answer;
mod edit;
mod inbox;
mod several;
mod show;
mod step_up;
mod view;

pub(in crate::dashboard) use view::{list, row};

use axum::Router;
use axum::routing::{get, post};

use crate::http::Shared;

/// The routes about requests.
pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/approvals", get(inbox::show))
        .route("/approvals/icon/{name}", get(inbox::icon))
        .route(inbox::TRY_OUT, post(inbox::try_out))
        .route("/approvals/views", post(inbox::save_view))
        .route("/approvals/views/remove", post(inbox::remove_view))
        .route("/approvals/several", get(several::review))
        .route("/approvals/several/approve", post(several::approve))
        .route("/approvals/several/deny", post(several::deny))
        .route("/approvals/{id}", get(show::show))
        .route("/approvals/{id}/allow-again", get(allow_again::show).post(allow_again::send))
        .route("/approvals/{id}/row", get(inbox::row))
        .route("/approvals/{id}/approve", post(answer::approve))
        .route("/approvals/{id}/step-up", post(step_up::challenge))
        .route("/approvals/{id}/deny", post(answer::deny))
        .route("/approvals/{id}/ask", post(answer::ask))
        .route("/approvals/{id}/comment", post(answer::comment))
        .route("/approvals/{id}/cancel", post(answer::cancel))
        .route("/approvals/{id}/resolve", post(answer::resolve))
        .route("/approvals/{id}/edit", get(edit::show).post(edit::review))
}
