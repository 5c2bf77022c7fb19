//! One thing that was looked at, what was found, and what to do.

use countersign_domain::display::sanitise;
use serde::Serialize;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Finding {
    /// As it should be.
    Ok,
    /// It works, but look at it.
    Warning,
    /// It does not work, or is not safe.
    Problem,
}

/// What was found about one thing; the field names are public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Check {
    #[serde(rename = "check")]
    name: &'static str,
    pub(super) result: Finding,
    detail: String,
    next: Option<String>,
}

impl Check {
    /// All is well.
    pub(super) fn ok(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, result: Finding::Ok, detail: detail.into(), next: None }
    }

    /// It works, but look at it.
    pub(super) fn warning(
        name: &'static str,
        detail: impl Into<String>,
        next: impl Into<String>,
    ) -> Self {
        let (detail, next) = (detail.into(), Some(next.into()));
        Self { name, result: Finding::Warning, detail, next }
    }

    /// It has to be mended.
    pub(super) fn problem(
        name: &'static str,
        detail: impl Into<String>,
        next: impl Into<String>,
    ) -> Self {
        Self { result: Finding::Problem, ..Self::warning(name, detail, next) }
    }

    /// Whether it has to be mended.
    pub(super) fn is_problem(&self) -> bool {
        self.result == Finding::Problem
    }

    /// For people: one line, and below it what to do.
    pub(super) fn to_text(&self) -> String {
        let result = match self.result {
            Finding::Ok => "ok",
            Finding::Warning => "warning",
            Finding::Problem => "PROBLEM",
        };
        let line = format!("{result:8} {:11} {}", self.name, sanitise(&self.detail));
        let next = self.next.as_deref().map(|next| format!("\n{:20} next: {}", "", sanitise(next)));
        line + &next.unwrap_or_default()
    }
}
