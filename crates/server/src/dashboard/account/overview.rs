//! Everything about the account on one page.

use askama::Template;
use axum::extract::State;
use countersign_domain::identity::sign_in::{Passkey, ProviderAccount, Session};
use countersign_domain::identity::{Key, Right};
use jiff::Timestamp;

use super::frame;
use crate::app::{Error, PasswordState};
use crate::dashboard::delegations::Away;
use crate::dashboard::layout::{Frame, Moment, Page, Sent, page_as};
use crate::dashboard::session::Viewer;
use crate::http::{Shared, Surface};

#[derive(Template)]
#[template(path = "account/overview.html")]
struct Overview {
    frame: Frame,
    email: String,
    role: String,
    is_admin: bool,
    password: Password,
    codes_left: Option<usize>,
    passkeys: Vec<PasskeyLine>,
    sessions: Vec<Line>,
    tokens: Vec<Key>,
    away: Away,
    sent: Sent,
    accounts: Vec<ProviderAccount>,
    may_add: bool,
    may_reset: bool,
}

/// What is known of the password.
enum Password {
    None,
    Set(Option<Moment>),
}

/// A passkey as it is listed.
struct PasskeyLine {
    id: String,
    name: String,
    added: Moment,
    used: Option<Moment>,
}

impl From<Passkey> for PasskeyLine {
    fn from(passkey: Passkey) -> Self {
        Self {
            added: Moment::at(passkey.added_at),
            used: passkey.used_at.map(Moment::at),
            id: passkey.id,
            name: passkey.name,
        }
    }
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

pub(super) async fn show(viewer: Viewer, State(surface): State<Shared>) -> Page {
    again(viewer, &surface, Sent::default()).await
}

/// The page with a form of it that was refused.
pub(in crate::dashboard) async fn again(viewer: Viewer, surface: &Surface, sent: Sent) -> Page {
    page_as(sent.status(), &overview(surface, viewer, sent).await?)
}

async fn overview(surface: &Surface, viewer: Viewer, sent: Sent) -> Result<Overview, Error> {
    let (app, who) = (&surface.app, &viewer.person);
    let here = viewer.session_id();
    let line = |session: Session| Line {
        id: session.id.to_string(),
        here: session.id == here,
        way: session.way.as_str(),
        ip: session.ip.map_or_else(|| "an unknown address".to_owned(), |ip| ip.to_string()),
        browser: session.user_agent.as_deref().map_or("an unknown browser".to_owned(), known),
        created_at: session.created_at,
        seen_at: session.seen_at,
    };
    Ok(Overview {
        email: who.person.email.to_string(),
        role: who.person.role.to_string(),
        is_admin: who.person.role.may(Right::Administer),
        password: match app.password_state(who).await? {
            PasswordState::None => Password::None,
            PasswordState::Set { changed_at } => Password::Set(changed_at.map(Moment::at)),
        },
        codes_left: app.totp_state(who).await?,
        passkeys: app.passkeys(who).await?.into_iter().map(PasskeyLine::from).collect(),
        sessions: app.sessions(who).await?.into_iter().map(line).collect(),
        tokens: app.personal_tokens(who),
        away: Away::of_viewer(app, &viewer, sent.clone())?,
        sent,
        accounts: app.provider_accounts(who).await?,
        may_add: viewer.session.is_fresh(app.now()),
        may_reset: viewer.session.may_reset(app.now()),
        frame: frame(&viewer, "Your account"),
    })
}

/// What a browser is called, by what it says about itself; what is not known stands there as it is.
fn known(says: &str) -> String {
    let browsers = [
        ("Firefox/", "Firefox"),
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let systems = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let of = |names: &[(&str, &'static str)]| {
        names.iter().find(|(part, _)| says.contains(part)).map(|(_, name)| *name)
    };
    match (of(&browsers), of(&systems)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(_) | None, _) => says.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::known;

    #[test]
    fn a_browser_is_called_what_people_call_it() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140 Safari/537.36";
        let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18 Safari/604";
        assert_eq!(known(chrome), "Chrome on Linux");
        assert_eq!(known(&format!("{chrome} Edg/140")), "Edge on Linux");
        assert_eq!(known(safari), "Safari on iPhone");
        assert_eq!(known("curl/8"), "curl/8");
    }
}
