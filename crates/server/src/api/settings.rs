//! What an organization can set for all its approvals.

use axum::Json;
use axum::extract::State;
use countersign_domain::Settings;
use countersign_domain::approval::Risk;
use countersign_wire::Problem;
use countersign_wire::settings::{SettingsPatch, SettingsView};
use jiff::SignedDuration;

use super::fields;
use crate::app::{Error, SignedIn};
use crate::http::{Person, Reply, Sent, Shared};

/// The settings.
#[utoipa::path(
    get, path = "/settings", tag = "settings", params(("org" = String, Path)),
    responses((status = 200, body = SettingsView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn show(
    State(surface): State<Shared>,
    Person(person): Person,
) -> Reply<SettingsView> {
    let settings = surface.app.settings(&person)?;
    Ok(Json(view(&surface, &person, &settings)))
}

/// Changes the settings; what is open already keeps what it was opened with.
#[utoipa::path(
    patch, path = "/settings", tag = "settings", params(("org" = String, Path)),
    request_body = SettingsPatch,
    responses((status = 200, body = SettingsView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn change(
    State(surface): State<Shared>,
    Person(person): Person,
    sent: Sent<SettingsPatch>,
) -> Reply<SettingsView> {
    let body = sent.body;
    let expires_in = fields::length("$.expires_in", body.expires_in.as_deref())?;
    let use_within = fields::length("$.use_within", body.use_within.as_deref())?;
    let cooldown = match body.denial_cooldown.as_deref() {
        Some("0s" | "0") => Some(SignedDuration::ZERO),
        other => fields::length("$.denial_cooldown", other)?,
    };
    if body.pending_per_agent == Some(0) {
        let detail = "at least 1, or no agent could ask; switch agents off one by one instead";
        return Err(Error::invalid("$.pending_per_agent", detail).into());
    }
    let self_approval =
        body.self_approval.map(|text| self_approval(text.as_deref())).transpose()?;
    let unrated = body.unrated_risk.as_deref().map(|text| {
        let detail = "write a risk: `low`, `medium`, `high` or `critical`";
        risk(text).ok_or_else(|| Error::invalid("$.unrated_risk", detail))
    });
    let unrated = unrated.transpose()?;
    let settings = surface
        .app
        .change_settings(&person, |settings| {
            settings.expires_in = expires_in.unwrap_or(settings.expires_in);
            settings.use_within = use_within.unwrap_or(settings.use_within);
            settings.denial_cooldown = cooldown.unwrap_or(settings.denial_cooldown);
            settings.self_approval = self_approval.unwrap_or(settings.self_approval);
            settings.pending_per_agent =
                body.pending_per_agent.unwrap_or(settings.pending_per_agent);
            settings.unrated_risk = unrated.unwrap_or(settings.unrated_risk);
        })
        .await?;
    Ok(Json(view(&surface, &person, &settings)))
}

fn view(surface: &Shared, person: &SignedIn, settings: &Settings) -> SettingsView {
    let said = surface.app.settings_of_documents(person);
    let from_document = said.into_iter().map(str::to_owned).collect();
    SettingsView { from_document, ..SettingsView::from(settings) }
}

fn self_approval(text: Option<&str>) -> Result<Option<Risk>, Error> {
    let Some(text) = text.filter(|text| *text != "never") else { return Ok(None) };
    let refused = || {
        Error::invalid(
            "$.self_approval",
            "write `never`, or the highest risk: `low`, `medium`, `high` or `critical`",
        )
    };
    risk(text).map(Some).ok_or_else(refused)
}

fn risk(text: &str) -> Option<Risk> {
    Risk::ALL.into_iter().find(|risk| risk.as_str() == text)
}
