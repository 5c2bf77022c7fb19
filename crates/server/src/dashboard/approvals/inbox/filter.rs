//! What of the inbox is looked at: everything stands in the address, so that it can be kept and shared.

use countersign_domain::approval::{Risk, Status};
use countersign_store::{ApprovalQuery, Sort};
use jiff::{SignedDuration, Timestamp};
use url::form_urlencoded;

use super::choices::told;
use crate::app::{Error, SignedIn};
use crate::dashboard::layout::{Asked, Form, Phrase};

/// How many requests stand on a page.
const PAGE: usize = 60;

const SORTS: &[(&str, Sort)] =
    &[("risk", Sort::Risk), ("expires", Sort::Expires), ("created", Sort::Created)];

/// Every filter: its name in the address, and what it is called.
const FILTERS: &[(&str, &str)] = &[
    ("status", "Status"),
    ("risk", "Risk"),
    ("agent", "Agent"),
    ("action", "Action"),
    ("reason", "Reason"),
    ("group", "Group"),
    ("age", "Asked in the last"),
    ("from", "Asked from"),
    ("to", "Asked up to"),
    ("q", "Text"),
];

/// What is looked at.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    form: Form,
    /// Whether the tab of all requests is open, not only the pending ones.
    pub(crate) all: bool,
}

/// A filter that is set, and the address without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chip {
    /// What it says.
    pub(crate) text: Phrase,
    /// Where one gets without it.
    pub(crate) without: String,
}

impl Filter {
    /// Reads the address.
    pub(crate) fn of(asked: Asked) -> Self {
        let form = asked.0;
        Self { all: form.text("view") == Some("all"), form }
    }

    /// What is written in a field of the filter.
    pub(crate) fn field(&self, name: &str) -> &str {
        self.form.text(name).unwrap_or_default()
    }

    /// Whether a field has this value.
    pub(crate) fn is(&self, name: &str, value: &str) -> bool {
        self.field(name) == value
    }

    /// Whether nothing but the tab is chosen.
    pub(crate) fn is_open(&self) -> bool {
        FILTERS.iter().all(|(name, _)| self.form.text(name).is_none())
    }

    /// Every filter that is set.
    pub(crate) fn chips(&self) -> Vec<Chip> {
        let set =
            FILTERS.iter().filter_map(|(name, label)| Some((name, label, self.form.text(name)?)));
        let value = |name: &str, text: &str| match told(name, text) {
            Some(words) => Phrase::of_person(&words),
            None => Phrase::said(text),
        };
        set.map(|(name, label, text)| Chip {
            text: Phrase::ours(format!("{label}: ")).and_all(value(name, text)),
            without: self.address(&[name, "cursor"], None),
        })
        .collect()
    }

    /// The same list elsewhere.
    pub(crate) fn address(&self, without: &[&str], with: Option<(&str, &str)>) -> String {
        let query = self.form.address(without, with);
        if query.is_empty() { "/approvals".to_owned() } else { format!("/approvals?{query}") }
    }

    /// What of it can be kept under a name: the tab, the filters and the order, always in the same order.
    pub(crate) fn kept(&self) -> String {
        let names =
            ["view"].into_iter().chain(FILTERS.iter().map(|(name, _)| *name)).chain(["sort"]);
        let set: Vec<(&str, &str)> =
            names.filter_map(|name| Some((name, self.form.text(name)?))).collect();
        form_urlencoded::Serializer::new(String::new()).extend_pairs(set).finish()
    }

    /// The approval that was answered just before.
    pub(crate) fn after(&self) -> Result<Option<countersign_domain::ApprovalId>, Error> {
        self.form.parsed("after")
    }

    /// As the store is asked. `None` when an agent is named that does not exist.
    pub(crate) fn query(
        &self,
        person: &SignedIn,
        now: Timestamp,
    ) -> Result<Option<ApprovalQuery>, Error> {
        let form = &self.form;
        let agent = match form.text("agent").map(|name| person.snapshot.agent(name)) {
            Some(None) => return Ok(None),
            Some(Some(agent)) => Some(agent.id),
            None => None,
        };
        let age = form.text("age").map(countersign_domain::time::parse_duration).transpose();
        let age: Option<SignedDuration> = age.map_err(|error| Error::invalid("age", error))?;
        let statuses = Status::ALL.map(|status| (status.as_str(), status));
        let status = form.one_of("status", &statuses)?;
        let by_default = if self.all { Sort::Created } else { Sort::Risk };
        Ok(Some(ApprovalQuery {
            status: if self.all { status } else { Some(Status::Pending) },
            agent,
            action: form.owned("action"),
            reason_code: form.owned("reason"),
            risk: form.one_of("risk", &Risk::ALL.map(|risk| (risk.as_str(), risk)))?,
            group: form.owned("group"),
            from: form.day("from")?.max(age.and_then(|age| now.checked_sub(age).ok())),
            to: form.day("to")?.map(next_day),
            text: form.seen("q")?.map(str::to_owned),
            sort: form.one_of("sort", SORTS)?.unwrap_or(by_default),
            after: form.parsed("cursor")?,
            limit: PAGE,
        }))
    }
}

/// When the day after begins.
fn next_day(day: Timestamp) -> Timestamp {
    day.checked_add(SignedDuration::from_hours(24)).unwrap_or(Timestamp::MAX)
}
