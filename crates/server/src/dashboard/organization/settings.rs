//! What holds for all requests of the organization.

use askama::Template;
use axum::extract::State;
use countersign_domain::approval::Risk;
use countersign_domain::{Settings, time};
use jiff::SignedDuration;

use super::administers;
use crate::app::Error;
use crate::dashboard::layout::{Form, Frame, Page, Section, go, page};
use crate::dashboard::session::Viewer;
use crate::http::Shared;

#[derive(Template)]
#[template(path = "organization/settings.html")]
struct Show {
    frame: Frame,
    expires_in: String,
    use_within: String,
    denial_cooldown: String,
    self_approval: &'static str,
    pending_per_agent: u32,
    administers: bool,
    org: String,
    hash: String,
}

/// The settings.
pub(super) async fn show(viewer: Viewer, State(surface): State<Shared>) -> Page {
    let settings = surface.app.settings(&viewer.person)?;
    page(&Show {
        frame: Frame::new(&viewer, Section::Settings, "Settings"),
        expires_in: length(settings.expires_in),
        use_within: length(settings.use_within),
        denial_cooldown: length(settings.denial_cooldown),
        self_approval: settings.self_approval.map_or("", Risk::as_str),
        pending_per_agent: settings.pending_per_agent,
        administers: administers(&viewer),
        org: viewer.person.org().to_string(),
        hash: viewer.person.snapshot.hash.to_string(),
    })
}

/// Changes them.
pub(super) async fn change(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    let wanted = read(&form)?;
    surface
        .app
        .change_settings(&viewer.person, |settings| {
            settings.expires_in = wanted.expires_in;
            settings.use_within = wanted.use_within;
            settings.denial_cooldown = wanted.denial_cooldown;
            settings.self_approval = wanted.self_approval;
            settings.pending_per_agent = wanted.pending_per_agent;
        })
        .await?;
    go("/settings")
}

fn read(form: &Form) -> Result<Settings, Error> {
    let positive = |name: &str| {
        let text = form.text(name).unwrap_or_default();
        let length = time::parse_duration(text).map_err(|error| Error::invalid(name, error))?;
        if length > SignedDuration::from_hours(24 * 366) {
            return Err(Error::invalid(name, "a year is the longest time that can be given"));
        }
        Ok(length)
    };
    let cooldown = match form.text("denial_cooldown").map(str::trim) {
        None | Some("0" | "0s" | "0h") => SignedDuration::ZERO,
        Some(_) => positive("denial_cooldown")?,
    };
    let missing = || Error::invalid("pending_per_agent", "say how many an agent may have pending");
    let most: u32 = form.parsed("pending_per_agent")?.ok_or_else(missing)?;
    if most == 0 {
        return Err(missing());
    }
    Ok(Settings {
        expires_in: positive("expires_in")?,
        use_within: positive("use_within")?,
        denial_cooldown: cooldown,
        self_approval: form
            .one_of("self_approval", &Risk::ALL.map(|risk| (risk.as_str(), risk)))?,
        pending_per_agent: most,
        ..Settings::default()
    })
}

/// As it is typed: `24h`.
fn length(length: SignedDuration) -> String {
    if length.is_zero() { "0".to_owned() } else { format!("{length:#}") }
}
