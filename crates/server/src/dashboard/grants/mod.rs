//! Automatic yeses: what they cover, what was used of them, and taking them back.

mod show;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use countersign_domain::ActionPattern;
use countersign_domain::policy::Quantity;
use countersign_domain::policy::document::{Grant, NamePattern, Window};
use countersign_domain::policy::grant::GrantStatus;

use super::budgets::{Bar, money, window};
use super::layout::{Frame, Moment, Page, Section, Text, encoded, page};
use super::organization::administers;
use super::session::Viewer;
use crate::app::GrantState;
use crate::http::Shared;

/// The routes of grants.
pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/grants", get(list))
        .route("/grants/{id}", get(show::show))
        .route("/grants/{id}/revoke", post(show::revoke))
}

#[derive(Template)]
#[template(path = "grants/list.html")]
struct List {
    frame: Frame,
    /// Those that refill, those that do not, and those that cover nothing any more.
    tables: Vec<(&'static str, &'static str, Vec<Line>)>,
    is_empty: bool,
    administers: bool,
}

/// A grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    name: Text,
    href: String,
    /// What it covers, in a sentence.
    covers: Text,
    status: (&'static str, &'static str),
    /// What was used of it, by uses and by money.
    bars: Vec<Bar>,
    window: String,
    refills: Option<Moment>,
    ends: Option<Moment>,
    by: Text,
    at: Moment,
    /// The request it was made from.
    from: Option<String>,
    is_trust_budget: bool,
    is_over: bool,
}

async fn list(viewer: Viewer, State(surface): State<Shared>) -> Page {
    let grants = surface.app.grants(&viewer.person).await?;
    let lines: Vec<Line> = grants.iter().map(Line::of).collect();
    let (over, live): (Vec<Line>, Vec<Line>) = lines.into_iter().partition(|line| line.is_over);
    let (refilling, once): (Vec<Line>, Vec<Line>) =
        live.into_iter().partition(|line| line.is_trust_budget);
    let is_empty = grants.is_empty();
    page(&List {
        frame: Frame::new(&viewer, Section::Grants, "Grants"),
        tables: vec![
            ("Trust budgets", "they refill", refilling),
            ("Grants", "they end", once),
            ("Over", "nothing is covered by them any more", over),
        ],
        is_empty,
        administers: administers(&viewer),
    })
}

impl Line {
    fn of(state: &GrantState) -> Self {
        let GrantState { grant, stored, resets_at, status, .. } = state;
        Self {
            name: Text::line(&grant.name),
            href: format!("/grants/{}", encoded(&grant.name)),
            covers: Text::line(&covers(grant)),
            status: match status {
                GrantStatus::Active => ("active", "Active"),
                GrantStatus::UsedUp => ("requires_approval", "Used up"),
                GrantStatus::Expired => ("", "Ended"),
            },
            bars: bars(state),
            window: window(grant.limit.window, None),
            refills: resets_at.map(Moment::until),
            ends: grant.expires_at.map(Moment::until),
            by: Text::line(&stored.updated_by.name),
            at: Moment::at(stored.updated_at),
            from: grant.from.map(|id| id.to_string()),
            is_trust_budget: grant.limit.window != Window::Total,
            is_over: *status == GrantStatus::Expired
                || (*status == GrantStatus::UsedUp && grant.limit.window == Window::Total),
        }
    }
}

/// What a grant covers, in a sentence.
pub(in crate::dashboard) fn covers(grant: &Grant) -> String {
    let agents: Vec<&str> = grant.agents.iter().map(NamePattern::as_str).collect();
    let actions: Vec<&str> = grant.actions.iter().map(ActionPattern::as_str).collect();
    let when = if grant.when.is_some() { ", under a condition" } else { "" };
    format!(
        "{} for {}, up to {} risk{when}",
        actions.join(", "),
        agents.join(", "),
        grant.risk_at_most
    )
}

fn bars(state: &GrantState) -> Vec<Bar> {
    let limit = &state.grant.limit;
    let uses = limit.uses.map(|most| {
        let most = Quantity::whole(u64::from(most)).unwrap_or_default();
        bar(state.uses, most, "uses")
    });
    let usd = limit.usd.map(|most| bar(state.usd, Quantity::of(most).unwrap_or_default(), "USD"));
    uses.into_iter().chain(usd).collect()
}

fn bar(used: Quantity, most: Quantity, unit: &str) -> Bar {
    let text = |amount: Quantity| money(amount.to_money());
    let words = format!("{} of {} {unit}", text(used), text(most));
    let share = i128::from(used.0.max(0)) * 100 / i128::from(most.0.max(1));
    // To be used up is not wrong here, so that a bar warns only at its end.
    Bar::of(words, u64::try_from(share).unwrap_or(u64::MAX), 100)
}
