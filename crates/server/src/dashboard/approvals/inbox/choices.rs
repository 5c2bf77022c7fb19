//! What there is to choose from in the filters, so that nobody has to know how it is spelled.

use std::collections::BTreeSet;

use countersign_domain::Action;
use countersign_domain::approval::{Risk, Status};
use countersign_domain::display::sanitise;
use countersign_domain::policy::ReasonCode;
use countersign_domain::policy::document::Document;

use super::super::view::row::RiskBadge;
use super::filter::Filter;
use crate::app::{App, Error, SignedIn};

/// How many actions are offered; others can be typed.
const ACTIONS: usize = 100;

/// Why a person may be asked, and in what words.
const REASONS: &[(ReasonCode, &str)] = &[
    (ReasonCode::AgentRequested, "the agent asks for a person"),
    (ReasonCode::RequiresApproval, "a permission or a rule"),
    (ReasonCode::DefaultPolicy, "no rule says otherwise"),
    (ReasonCode::AmountThreshold, "the amount"),
    (ReasonCode::HighRiskAction, "the risk"),
    (ReasonCode::BudgetNearLimit, "a budget nearly used up"),
    (ReasonCode::NewCounterparty, "somebody new on the other side"),
    (ReasonCode::SensitiveTool, "a sensitive tool"),
    (ReasonCode::TrustLevel, "the trust in the agent"),
];

/// What there is to choose from: values of the address, and in what words, where that is not the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choices {
    pub(super) statuses: Vec<(&'static str, &'static str)>,
    pub(super) risks: Vec<(&'static str, &'static str)>,
    pub(super) agents: Vec<String>,
    pub(super) groups: Vec<String>,
    pub(super) actions: Vec<String>,
    pub(super) reasons: Vec<(String, String)>,
}

impl Choices {
    /// What there is now, and what is chosen already.
    pub(super) async fn of(app: &App, person: &SignedIn, filter: &Filter) -> Result<Self, Error> {
        let agents = person.snapshot.agents();
        let groups = app.groups(person)?;
        let actions = app.actions(person, ACTIONS).await?;
        // Sentences are no names that anyone would pick.
        let is_name = |name: &String| {
            is_plain(name) && name.parse::<Action>().is_ok_and(|a| !a.is_sentence())
        };
        Ok(Self {
            statuses: Status::ALL.map(|status| (status.as_str(), word(status))).to_vec(),
            risks: Risk::ALL.map(|risk| (risk.as_str(), RiskBadge::of(risk).word)).to_vec(),
            agents: with(agents.iter().map(|agent| agent.name.clone()), filter.field("agent")),
            groups: with(groups.into_iter().map(|group| group.name), filter.field("group")),
            actions: actions.into_iter().filter(is_name).collect(),
            reasons: reasons(person, filter.field("reason")),
        })
    }
}

/// What is chosen stays to be seen, also where it is there no more.
fn with(all: impl Iterator<Item = String>, chosen: &str) -> Vec<String> {
    let mut all: Vec<String> = all.collect();
    if is_plain(chosen) && !all.iter().any(|one| one == chosen) {
        all.push(chosen.to_owned());
    }
    all
}

/// Whether it can stand in a list of choices as it is: something is there, and nothing in it hides or misleads.
fn is_plain(chosen: &str) -> bool {
    !chosen.is_empty() && sanitise(chosen) == chosen
}

/// Those of the house, then those that rules name.
fn reasons(person: &SignedIn, chosen: &str) -> Vec<(String, String)> {
    let rules = person.snapshot.documents().iter().flat_map(|stored| match &stored.document {
        Document::Policy(policy) => policy.rules.as_slice(),
        Document::Agent(_)
        | Document::Budget(_)
        | Document::Grant(_)
        | Document::Tool(_)
        | Document::Group(_)
        | Document::Defaults(_) => &[],
    });
    let mut own: BTreeSet<String> =
        rules.filter_map(|rule| rule.reason_code.as_ref()).map(ToString::to_string).collect();
    if is_plain(chosen) {
        own.insert(chosen.to_owned());
    }
    let house = REASONS.iter().map(|(code, words)| (code.to_string(), (*words).to_owned()));
    let house: Vec<(String, String)> = house.collect();
    own.retain(|code| !house.iter().any(|(known, _)| known == code));
    let own = own.into_iter().map(|code| (code.clone(), in_words(&code)));
    house.into_iter().chain(own).collect()
}

/// A code that somebody named: `LARGE_CREDIT` reads `large credit`.
fn in_words(code: &str) -> String {
    code.to_lowercase().replace('_', " ")
}

/// In what words a filter that is set is told.
pub(super) fn told(name: &str, value: &str) -> Option<String> {
    match name {
        "reason" => {
            let known = REASONS.iter().find(|(code, _)| code.as_str() == value);
            Some(known.map_or_else(|| in_words(value), |(_, words)| (*words).to_owned()))
        }
        "status" => Status::ALL.iter().find(|s| s.as_str() == value).map(|s| word(*s).to_owned()),
        _ => None,
    }
}

const fn word(status: Status) -> &'static str {
    match status {
        Status::Pending => "Pending",
        Status::Approved => "Approved",
        Status::Denied => "Denied",
        Status::Expired => "Expired",
        Status::Canceled => "Withdrawn",
    }
}
