//! What an agent's document says it may do at most, in words.

use countersign_domain::ActionPattern;
use countersign_domain::identity::AgentStatus;
use countersign_domain::policy::document::{
    AgentDocument, AmountLimit, Counterparty, Document, Hours, Manifest, NamePattern, Rate,
};

use crate::app::Snapshot;
use crate::dashboard::layout::Text;

/// Line by line what the document of this agent says; `None` if it has no document.
pub(super) fn manifest(snapshot: &Snapshot, agent: &str) -> Option<Vec<(&'static str, Text)>> {
    let document = snapshot.documents().iter().find_map(|stored| match &stored.document {
        Document::Agent(document) if document.name == agent => Some(document),
        _ => None,
    })?;
    Some(lines(document))
}

fn lines(document: &AgentDocument) -> Vec<(&'static str, Text)> {
    let Some(manifest) = &document.manifest else { return Vec::new() };
    let Manifest { status, actions, requires_approval, tools, amount, counterparty, hours, rate } =
        manifest;
    let off = (*status == AgentStatus::Inactive)
        .then(|| "the manifest is switched off, and the agent may do nothing".to_owned());
    let tools = tools.as_ref().map(|tools| match tools.as_slice() {
        [] => "none".to_owned(),
        tools => joined(tools.iter().map(NamePattern::as_str)),
    });
    let all = [
        ("Status", off),
        ("May ask for", Some(patterns(actions)).filter(|text| !text.is_empty())),
        ("Always asks people", Some(patterns(requires_approval)).filter(|text| !text.is_empty())),
        ("Tools", tools),
        ("Amount", amount.as_ref().map(self::amount)),
        ("The other side", counterparty.as_ref().map(self::counterparty)),
        ("Hours", hours.as_ref().map(self::hours)),
        ("Rate", rate.as_ref().map(self::rate)),
    ];
    all.into_iter().filter_map(|(name, text)| Some((name, Text::line(&text?)))).collect()
}

fn patterns(patterns: &[ActionPattern]) -> String {
    joined(patterns.iter().map(ActionPattern::as_str))
}

fn joined<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join(", ")
}

fn amount(limit: &AmountLimit) -> String {
    let cap = limit.cap.map(|cap| format!("more than {cap} is refused"));
    let above = limit.escalate_above.map(|above| format!("more than {above} needs a person"));
    let said: Vec<String> = above.into_iter().chain(cap).collect();
    format!("in {}: {}", limit.param, said.join(", "))
}

fn counterparty(other: &Counterparty) -> String {
    let new = other.escalate_new.then(|| "whoever is new needs a person".to_owned());
    let only = (!other.allowed.is_empty()).then(|| format!("only {}", other.allowed.join(", ")));
    let never = (!other.blocked.is_empty()).then(|| format!("never {}", other.blocked.join(", ")));
    let said: Vec<String> = [new, only, never].into_iter().flatten().collect();
    format!("named by {}; {}", other.param, said.join("; "))
}

fn hours(hours: &Hours) -> String {
    let Hours { days, from, to, timezone } = hours;
    let clock = |time: &jiff::civil::Time| time.strftime("%H:%M").to_string();
    let days = String::from(*days);
    format!("{days}, {} to {} in {}", clock(from), clock(to), timezone.name())
}

fn rate(rate: &Rate) -> String {
    let hour = rate.per_hour.map(|most| format!("{most} in an hour"));
    let day = rate.per_day.map(|most| format!("{most} in a day"));
    let every = rate.every.map(|length| format!("at least {:#} between two", length.0));
    [hour, day, every].into_iter().flatten().collect::<Vec<_>>().join(", ")
}
