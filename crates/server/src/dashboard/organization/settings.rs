//! What holds for all requests of the organization.

use askama::Template;
use axum::extract::State;
use countersign_domain::approval::Risk;
use countersign_domain::{Settings, time};
use jiff::SignedDuration;

use super::administers;
use crate::EffectiveSetting;
use crate::app::Error;
use crate::dashboard::layout::{Form, Frame, Page, Section, Sent, Text, Wrong, go, page_as};
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
    pending_per_agent: String,
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
    sent: Sent,
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
    shown(&viewer, &surface, Sent::default())
}

fn shown(viewer: &Viewer, surface: &Shared, sent: Sent) -> Page {
    let settings = surface.app.settings(&viewer.person)?;
    let shown = Show {
        frame: Frame::new(viewer, Section::Settings, "Settings"),
        expires_in: length(settings.expires_in),
        use_within: length(settings.use_within),
        denial_cooldown: length(settings.denial_cooldown),
        self_approval: settings.self_approval.map_or("", Risk::as_str),
        pending_per_agent: settings.pending_per_agent.to_string(),
        unrated_risk: settings.unrated_risk.as_str(),
        administers: administers(viewer),
        chosen: chosen(&settings),
        server: if administers(viewer) { server(&surface.settings) } else { Vec::new() },
        governed: surface.app.settings_of_documents(&viewer.person),
        org: viewer.person.org().to_string(),
        hash: viewer.person.snapshot.hash.to_string(),
        sent,
    };
    page_as(shown.sent.status(), &shown)
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
    let changed = async {
        let wanted = read(&form, &viewer.person.snapshot.own_settings, &governed)?;
        surface.app.change_settings(&viewer.person, |settings| *settings = wanted).await?;
        Ok(())
    };
    match changed.await {
        Ok(()) => go("/settings"),
        Err(wrong) => shown(&viewer, &surface, Sent::refused("settings", &form, wrong)?),
    }
}

/// The settings as they were, with what the form says of those that no document says.
fn read(form: &Form, was: &Settings, governed: &[&str]) -> Result<Settings, Wrong> {
    let mut wrong = Wrong::default();
    let is_open = |field: &str| !governed.contains(&field);
    let risks = Risk::ALL.map(|risk| (risk.as_str(), risk));
    let of = |field: &str, was: SignedDuration, read: fn(&Form, &str) -> Result<_, Error>| {
        if is_open(field) { read(form, field) } else { Ok(was) }
    };
    let expires_in = wrong.take(of("expires_in", was.expires_in, positive));
    let use_within = wrong.take(of("use_within", was.use_within, positive));
    let denial_cooldown = wrong.take(of("denial_cooldown", was.denial_cooldown, or_none));
    let self_approval = wrong.take(if is_open("self_approval") {
        form.one_of("self_approval", &risks)
    } else {
        Ok(was.self_approval)
    });
    let unrated_risk = wrong.take(if is_open("unrated_risk") {
        let missing = || Error::invalid("unrated_risk", "choose a risk");
        form.one_of("unrated_risk", &risks).and_then(|risk| risk.ok_or_else(missing))
    } else {
        Ok(was.unrated_risk)
    });
    let pending_per_agent = wrong.take(if is_open("pending_per_agent") {
        most_pending(form)
    } else {
        Ok(was.pending_per_agent)
    });
    let read = || {
        Some(Settings {
            expires_in: expires_in?,
            use_within: use_within?,
            denial_cooldown: denial_cooldown?,
            self_approval: self_approval?,
            unrated_risk: unrated_risk?,
            pending_per_agent: pending_per_agent?,
            ..was.clone()
        })
    };
    read().ok_or(wrong)
}

fn most_pending(form: &Form) -> Result<u32, Error> {
    let missing = || Error::invalid("pending_per_agent", "say how many an agent may have pending");
    let most: Option<u32> = form.number("pending_per_agent", "50")?;
    most.filter(|most| *most > 0).ok_or_else(missing)
}

/// A length of time, or none.
fn or_none(form: &Form, name: &str) -> Result<SignedDuration, Error> {
    match form.text(name).map(str::trim) {
        None | Some("0" | "0s" | "0h") => Ok(SignedDuration::ZERO),
        Some(_) => positive(form, name),
    }
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
