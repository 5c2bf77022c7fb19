//! What holds for all requests of the organization.

use askama::Template;
use axum::extract::State;
use countersign_domain::approval::Risk;
use countersign_domain::{Settings, time};
use jiff::SignedDuration;

use super::administers;
use crate::EffectiveSetting;
use crate::app::Error;
use crate::dashboard::layout::{Form, Frame, Page, Section, Text, go, page};
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
    unrated_risk: &'static str,
    administers: bool,
    /// The fields that the document `Defaults` says; they are changed there.
    governed: Vec<&'static str>,
    /// The fields that were changed here.
    chosen: Vec<&'static str>,
    /// What the server was started with; only for those who administer it.
    server: Vec<Effective>,
    org: String,
    hash: String,
}

/// A setting as it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Effective {
    name: String,
    value: Text,
    from: &'static str,
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
        unrated_risk: settings.unrated_risk.as_str(),
        administers: administers(&viewer),
        chosen: chosen(&settings),
        server: if administers(&viewer) { server(&surface.settings) } else { Vec::new() },
        governed: surface.app.settings_of_documents(&viewer.person),
        org: viewer.person.org().to_string(),
        hash: viewer.person.snapshot.hash.to_string(),
    })
}

impl Show {
    /// Whether a field can be changed here.
    fn is_open(&self, field: &str) -> bool {
        self.administers && !self.governed.contains(&field)
    }

    /// By whose word a field is as it is.
    fn source(&self, field: &str) -> &'static str {
        match field {
            _ if self.governed.contains(&field) => "said by a document",
            _ if self.chosen.contains(&field) => "chosen here",
            _ => "by default",
        }
    }
}

/// The fields that are not as they are by themselves.
fn chosen(settings: &Settings) -> Vec<&'static str> {
    let usual = Settings::default();
    let differs = [
        ("expires_in", settings.expires_in != usual.expires_in),
        ("use_within", settings.use_within != usual.use_within),
        ("denial_cooldown", settings.denial_cooldown != usual.denial_cooldown),
        ("self_approval", settings.self_approval != usual.self_approval),
        ("unrated_risk", settings.unrated_risk != usual.unrated_risk),
        ("pending_per_agent", settings.pending_per_agent != usual.pending_per_agent),
    ];
    differs.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
}

/// What the server was started with, as `countersign config explain` tells it.
fn server(settings: &[EffectiveSetting]) -> Vec<Effective> {
    let line = |one: &EffectiveSetting| Effective {
        name: one.name.clone(),
        value: Text::line(one.value.as_deref().unwrap_or_default()),
        from: one.from,
    };
    settings.iter().map(line).collect()
}

/// Changes those that no document says.
pub(super) async fn change(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    let governed = surface.app.settings_of_documents(&viewer.person);
    let wanted = read(&form, viewer.person.snapshot.own_settings.clone(), &governed)?;
    surface.app.change_settings(&viewer.person, |settings| *settings = wanted).await?;
    go("/settings")
}

/// The settings as they were, with what the form says of those that no document says.
fn read(form: &Form, was: Settings, governed: &[&str]) -> Result<Settings, Error> {
    let mut wanted = was;
    let is_open = |field: &str| !governed.contains(&field);
    if is_open("expires_in") {
        wanted.expires_in = positive(form, "expires_in")?;
    }
    if is_open("use_within") {
        wanted.use_within = positive(form, "use_within")?;
    }
    if is_open("denial_cooldown") {
        wanted.denial_cooldown = match form.text("denial_cooldown").map(str::trim) {
            None | Some("0" | "0s" | "0h") => SignedDuration::ZERO,
            Some(_) => positive(form, "denial_cooldown")?,
        };
    }
    if is_open("self_approval") {
        let known = Risk::ALL.map(|risk| (risk.as_str(), risk));
        wanted.self_approval = form.one_of("self_approval", &known)?;
    }
    if is_open("pending_per_agent") {
        let missing =
            || Error::invalid("pending_per_agent", "say how many an agent may have pending");
        let most: Option<u32> = form.parsed("pending_per_agent")?;
        wanted.pending_per_agent = most.filter(|most| *most > 0).ok_or_else(missing)?;
    }
    if is_open("unrated_risk") {
        let known = Risk::ALL.map(|risk| (risk.as_str(), risk));
        let missing = || Error::invalid("unrated_risk", "choose a risk");
        wanted.unrated_risk = form.one_of("unrated_risk", &known)?.ok_or_else(missing)?;
    }
    Ok(wanted)
}

fn positive(form: &Form, name: &str) -> Result<SignedDuration, Error> {
    let text = form.text(name).unwrap_or_default();
    let length = time::parse_duration(text).map_err(|error| Error::invalid(name, error))?;
    if length > SignedDuration::from_hours(24 * 366) {
        return Err(Error::invalid(name, "a year is the longest time that can be given"));
    }
    Ok(length)
}

/// As it is typed: `24h`.
fn length(length: SignedDuration) -> String {
    if length.is_zero() { "0".to_owned() } else { format!("{length:#}") }
}
