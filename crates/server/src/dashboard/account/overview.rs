//! Everything about the account on one page.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use countersign_domain::identity::sign_in::{Passkey, ProviderAccount, Session};
use countersign_domain::identity::{Key, Right};
use jiff::Timestamp;

use super::frame;
use crate::app::Error;
use crate::dashboard::delegations::Away;
use crate::dashboard::layout::Frame;
use crate::dashboard::page::{failed, page};
use crate::dashboard::session::Viewer;
use crate::http::{Shared, Surface};

#[derive(Template)]
#[template(path = "account/overview.html")]
struct Overview {
    frame: Frame,
    email: String,
    role: String,
    is_admin: bool,
    codes_left: Option<usize>,
    passkeys: Vec<Passkey>,
    sessions: Vec<Line>,
    tokens: Vec<Key>,
    away: Away,
    accounts: Vec<ProviderAccount>,
    may_add: bool,
    may_reset: bool,
}

/// A session as it is listed.
struct Line {
    id: String,
    here: bool,
    way: &'static str,
    ip: String,
    browser: String,
    created_at: Timestamp,
    seen_at: Timestamp,
}

pub(super) async fn show(viewer: Viewer, State(surface): State<Shared>) -> Response {
    match overview(&surface, viewer).await {
        Ok(overview) => page(StatusCode::OK, &overview),
        Err(error) => failed(&error),
    }
}

async fn overview(surface: &Surface, viewer: Viewer) -> Result<Overview, Error> {
    let (app, who) = (&surface.app, &viewer.person);
    let here = viewer.session_id();
    let line = |session: Session| Line {
        id: session.id.to_string(),
        here: session.id == here,
        way: session.way.as_str(),
        ip: session.ip.map_or_else(|| "an unknown address".to_owned(), |ip| ip.to_string()),
        browser: session.user_agent.unwrap_or_else(|| "an unknown browser".to_owned()),
        created_at: session.created_at,
        seen_at: session.seen_at,
    };
    Ok(Overview {
        email: who.person.email.to_string(),
        role: who.person.role.to_string(),
        is_admin: who.person.role.may(Right::Administer),
        codes_left: app.totp_state(who).await?,
        passkeys: app.passkeys(who).await?,
        sessions: app.sessions(who).await?.into_iter().map(line).collect(),
        tokens: app.personal_tokens(who),
        away: Away::of_viewer(app, &viewer)?,
        accounts: app.provider_accounts(who).await?,
        may_add: viewer.session.is_fresh(app.now()),
        may_reset: viewer.session.may_reset(app.now()),
        frame: frame(&viewer, "Your account"),
    })
}
