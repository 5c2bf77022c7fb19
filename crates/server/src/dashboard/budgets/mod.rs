//! Limits, and how they stand.

mod amount;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use countersign_domain::Money;
use countersign_domain::policy::Quantity;
use countersign_domain::policy::account::Standing;
use countersign_domain::policy::document::{Budget, DocumentKind, NamePattern, Per, Unit, Window};

use super::layout::{Frame, Moment, Page, Section, Text, page};
use super::organization::administers;
use super::policies::address;
use super::session::Viewer;
use crate::app::BudgetState;
use crate::http::Shared;

pub(in crate::dashboard) use amount::{amount, money};

/// From which share of its limit a bar warns, where a budget does not say so itself.
const NEAR: u64 = 90;

/// The routes of budgets.
pub(super) fn router() -> Router<Shared> {
    Router::new().route("/budgets", get(list))
}

#[derive(Template)]
#[template(path = "budgets/list.html")]
struct List {
    frame: Frame,
    budgets: Vec<Line>,
    administers: bool,
}

/// A budget.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    name: Text,
    href: String,
    /// What is counted against it.
    scope: Text,
    /// Whether agents, actions or tasks have the limit for themselves.
    is_shared: bool,
    window: String,
    asks_from: Option<String>,
    resets: Option<Moment>,
    fullest: Bar,
    parts: Vec<Bar>,
}

/// How much of a limit was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::dashboard) struct Bar {
    /// Who has the limit for themselves.
    pub(in crate::dashboard) of: Option<Text>,
    /// `12 of 50 actions`.
    pub(in crate::dashboard) used: String,
    /// The share in percent; it can be more than 100.
    pub(in crate::dashboard) percent: u64,
    /// How long the bar is.
    pub(in crate::dashboard) length: u64,
    /// How it looks.
    pub(in crate::dashboard) class: &'static str,
    /// What it comes to at the end of the window, and whether that is too much.
    pub(in crate::dashboard) forecast: Option<(String, bool)>,
}

impl Bar {
    /// The bar of a share, which warns from `near` on.
    pub(in crate::dashboard) fn of(used: String, percent: u64, near: u64) -> Self {
        let class = match percent {
            100.. => "full",
            percent if percent >= near => "near",
            _ => "",
        };
        Self { of: None, used, percent, length: percent.min(100), class, forecast: None }
    }
}

async fn list(viewer: Viewer, State(surface): State<Shared>) -> Page {
    let budgets = surface.app.budgets(&viewer.person).await?;
    page(&List {
        frame: Frame::new(&viewer, Section::Budgets, "Budgets"),
        budgets: budgets.iter().map(line).collect(),
        administers: administers(&viewer),
    })
}

fn line(state: &BudgetState) -> Line {
    let budget = &state.budget;
    Line {
        name: Text::line(&budget.name),
        href: address(DocumentKind::Budget, &budget.name),
        scope: Text::line(&scope(budget)),
        is_shared: budget.scope.per.is_empty(),
        window: window(budget.window, Some(budget.timezone.name())),
        asks_from: budget
            .escalate_at
            .map(|share| format!("from {} % on people are asked", share.0)),
        resets: state.resets_at.map(Moment::until),
        fullest: bar(budget, &state.standing),
        parts: state.parts.iter().map(|part| bar(budget, part)).collect(),
    }
}

fn bar(budget: &Budget, standing: &Standing) -> Bar {
    let used = format!(
        "{} of {}",
        amount(standing.used.to_money(), None),
        amount(budget.limit, Some(budget.unit))
    );
    let limit = Quantity::of(budget.limit).unwrap_or_default();
    let forecast = standing
        .forecast
        .map(|end| (amount(about(end, budget.unit), Some(budget.unit)), end > limit));
    let near = budget.escalate_at.map_or(NEAR, |share| u64::from(share.0));
    Bar {
        of: standing.part.as_deref().map(Text::line),
        forecast,
        ..Bar::of(used, standing.percent, near)
    }
}

/// A forecast is no more exact than this.
fn about(end: Quantity, unit: Unit) -> Money {
    let places = match unit {
        Unit::Usd => 2,
        Unit::Actions | Unit::Tokens => 0,
    };
    Money(end.to_money().0.round_dp(places))
}

/// What is counted against a budget, in words.
fn scope(budget: &Budget) -> String {
    let scope = &budget.scope;
    let names = |names: &[NamePattern]| -> Vec<String> {
        names.iter().map(|name| name.as_str().to_owned()).collect()
    };
    let actions: Vec<String> = scope.actions.iter().map(ToString::to_string).collect();
    let list = |words: Vec<String>, all: &str| {
        if words.is_empty() { all.to_owned() } else { words.join(", ") }
    };
    let mut text = format!(
        "{} of {}",
        list(actions, "whatever is run"),
        list(names(&scope.agents), "any agent")
    );
    if !scope.tasks.is_empty() {
        text.push_str(&format!(" for the tasks {}", names(&scope.tasks).join(", ")));
    }
    let per: Vec<&str> = scope.per.iter().map(|per| each(*per)).collect();
    if !per.is_empty() {
        text.push_str(&format!("; {} has the limit for itself", per.join(" and ")));
    }
    text
}

const fn each(per: Per) -> &'static str {
    match per {
        Per::Agent => "each agent",
        Per::Action => "each action",
        Per::Task => "each task",
    }
}

/// A window of the calendar in words.
pub(in crate::dashboard) fn window(window: Window, zone: Option<&str>) -> String {
    let word = match window {
        Window::Hour => return "each hour".to_owned(),
        Window::Day => "each day",
        Window::Week => "each week, from Monday",
        Window::Month => "each month",
        Window::Total => return "in all; it never resets".to_owned(),
    };
    zone.map_or_else(|| word.to_owned(), |zone| format!("{word} ({zone})"))
}
