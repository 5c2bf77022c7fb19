//! Pages for people: rendered here, working without scripts. This is the table of their routes.

mod account;
mod cookies;
pub(crate) mod guard;
mod page;
pub(crate) mod session;
mod sign_in;

use axum::Router;
use axum::middleware::from_fn_with_state;

pub(crate) use sign_in::link;

use crate::http::Shared;

/// Every page, each behind the guard.
pub(crate) fn router(surface: &Shared) -> Router<Shared> {
    let guard = from_fn_with_state(surface.clone(), guard::guard);
    Router::new().merge(account::router()).merge(sign_in::router()).route_layer(guard)
}
