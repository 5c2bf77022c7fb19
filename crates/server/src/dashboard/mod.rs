//! Pages for people: rendered here, working without scripts. This is the table of their routes.

mod account;
mod approvals;
mod budgets;
mod cookies;
mod delegations;
mod figures;
mod freezes;
mod grants;
pub(crate) mod guard;
pub(crate) mod layout;
mod live;
mod once;
mod organization;
mod page;
mod policies;
mod record;
pub(crate) mod session;
mod sign_in;
mod tools;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::http::{Method, Uri};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;

pub(crate) use layout::as_page;
pub(crate) use sign_in::{invitation, link};

use crate::http::{Shared, method_not_allowed};
use layout::{Frame, Page, Section};
use session::Viewer;

/// Every page, each behind the guard.
pub(crate) fn router(surface: &Shared) -> Router<Shared> {
    let guard = from_fn_with_state((surface.clone(), Arc::default()), guard::guard);
    Router::new()
        .route("/", get(|| async { Redirect::to("/approvals") }))
        .route("/menu", get(menu))
        .route("/live", get(live::events))
        .merge(account::router())
        .merge(approvals::router())
        .merge(delegations::router())
        .merge(budgets::router())
        .merge(figures::router())
        .merge(freezes::router())
        .merge(grants::router())
        .merge(organization::router())
        .merge(policies::router())
        .merge(record::router())
        .merge(sign_in::router())
        .merge(tools::router())
        .merge(layout::router())
        .method_not_allowed_fallback(above)
        .route_layer(guard)
}

/// A form that was refused leaves its own address in the browser, where no page is: whoever opens that is led to the page
/// above it.
async fn above(method: Method, uri: Uri) -> Response {
    if !matches!(method, Method::GET | Method::HEAD) {
        return method_not_allowed(uri).await.into_response();
    }
    let above = match uri.path() {
        "/delegations" => "/account#away",
        path => path
            .rsplit_once('/')
            .map(|(above, _)| above)
            .filter(|above| !above.is_empty())
            .unwrap_or("/"),
    };
    Redirect::to(above).into_response()
}

#[derive(Template)]
#[template(path = "menu.html")]
struct Menu {
    frame: Frame,
}

/// Every page there is for the viewer; on a phone the way to those that have no place at its foot.
async fn menu(viewer: Viewer) -> Page {
    layout::page(&Menu { frame: Frame::new(&viewer, Section::Menu, "All pages") })
}
