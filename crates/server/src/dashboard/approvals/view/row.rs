//! A request as one row of the inbox.

use countersign_domain::approval::{
    Approval, Assurance, Cost, MessageKind, Reviewer, Risk, Stage, State,
};
use countersign_domain::display::names_amount;
use countersign_domain::policy::ReasonCode;
use jiff::{SignedDuration, Timestamp};

use super::list::ability::Ability;
use super::words;
use crate::app::Obstacle;
use crate::dashboard::layout::{Icon, Moment, Phrase, Text, grouped, number};

/// A request as a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its id.
    pub(crate) id: String,
    /// How that ends, for who compares it with what a terminal shows.
    pub(crate) short_id: String,
    /// How often it changed.
    pub(crate) revision: u64,
    /// How dangerous it is.
    pub(crate) risk: RiskBadge,
    /// What would happen, in plain words.
    pub(crate) headline: Phrase,
    /// Who asks.
    pub(crate) agent: Text,
    /// In which version.
    pub(crate) version: Option<Text>,
    /// When it was asked.
    pub(crate) asked: Moment,
    /// For whom, as the agent says.
    pub(crate) on_behalf_of: Option<Text>,
    /// Why a person is asked, in a sentence, unless the agent simply wants one.
    pub(crate) reason: Option<Phrase>,
    /// What it costs.
    pub(crate) cost: Option<String>,
    /// Until when it can be answered, and whether that is soon.
    pub(crate) left: Option<(Moment, bool)>,
    /// Who else has to say yes.
    pub(crate) needs: Option<String>,
    /// Where it stands: class and word.
    pub(crate) standing: (&'static str, &'static str),
    /// What became of it.
    pub(crate) verdict: Option<(String, Moment)>,
    /// How many warnings there are among what to look at.
    pub(crate) warnings: usize,
    /// Whether something was asked about it: class, word, and what follows the word.
    pub(crate) question: Option<(&'static str, &'static str, &'static str)>,
    /// What the viewer can do about it.
    pub(crate) ability: Ability,
    /// Whether it may be answered together with others.
    pub(crate) in_bulk: bool,
}

/// A risk as word and icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RiskBadge {
    /// The class, which is the word.
    pub(crate) class: &'static str,
    /// The word as it is shown.
    pub(crate) word: &'static str,
    /// Its shape differs from risk to risk.
    pub(crate) icon: Icon,
}

impl RiskBadge {
    /// The badge of a risk.
    pub(crate) const fn of(risk: Risk) -> Self {
        let (word, icon) = match risk {
            Risk::Low => ("Low", "risk-low"),
            Risk::Medium => ("Medium", "risk-medium"),
            Risk::High => ("High", "risk-high"),
            Risk::Critical => ("Critical", "risk-critical"),
        };
        Self { class: risk.as_str(), word, icon: Icon(icon) }
    }
}

impl Row {
    /// The row of a request as this person sees it now.
    pub(crate) fn of(approval: &Approval, viewer: Reviewer<'_>, now: Timestamp) -> Self {
        let card = &approval.card;
        let pending = matches!(approval.state, State::Pending { .. });
        let over = approval.expires_at().is_some_and(|end| now >= end);
        let may_answer = words::may_answer(approval, viewer).is_ok();
        let left = approval.expires_at().map(|end| (Moment::until(end), is_soon(end, now)));
        Self {
            id: approval.id.to_string(),
            short_id: short(&approval.id.to_string()),
            revision: approval.revision.0,
            risk: RiskBadge::of(card.risk),
            headline: Phrase::headline(&approval.headline()),
            agent: Text::line(&card.requester.name),
            version: Some(card.requester.version.as_str())
                .filter(|version| !version.is_empty())
                .map(Text::line),
            asked: Moment::at(card.created_at),
            on_behalf_of: card.requester.on_behalf_of.as_ref().map(|who| Text::said(who.as_str())),
            reason: (card.reason_code != ReasonCode::AgentRequested)
                .then(|| Phrase::ticked(&card.reason)),
            cost: cost(approval.cost()),
            left,
            needs: needs(approval),
            standing: words::standing(approval),
            verdict: words::verdict(approval),
            in_bulk: pending
                && !over
                && card.risk <= Risk::Medium
                && approval.requirements.assurance < Assurance::StepUp
                && may_answer,
            warnings: 0,
            question: pending.then(|| question(approval)).flatten(),
            ability: Ability::of(approval, viewer, None),
        }
    }

    /// The same with what stands in the way of a yes, and how many warnings there are.
    pub(super) fn seen_by(
        self,
        approval: &Approval,
        viewer: Reviewer<'_>,
        (obstacle, warnings): (Option<&Obstacle>, usize),
    ) -> Self {
        Self { ability: Ability::of(approval, viewer, obstacle), warnings, ..self }
    }

    /// Whether it can still be answered.
    pub(crate) const fn is_open(&self) -> bool {
        self.verdict.is_none()
    }
}

/// Whether the agent was asked something, and has answered.
fn question(approval: &Approval) -> Option<(&'static str, &'static str, &'static str)> {
    let answered = || approval.thread.iter().any(|m| m.kind == MessageKind::Answer);
    if approval.open_question().is_some() {
        Some(("question", "asked", ", not answered yet"))
    } else {
        answered().then_some(("answered", "answered", " by the agent"))
    }
}

/// The end of an id; its beginning is the time, which alike requests share.
fn short(id: &str) -> String {
    let start = id.len().saturating_sub(6);
    format!("…{}", id.get(start..).unwrap_or(id))
}

/// Less than fifteen minutes.
pub(in crate::dashboard::approvals) fn is_soon(end: Timestamp, now: Timestamp) -> bool {
    end.duration_since(now) < SignedDuration::from_mins(15)
}

/// A cost that is something, with its units.
pub(in crate::dashboard::approvals) fn cost(cost: &Cost) -> Option<String> {
    let about = if cost.estimate { "≈ " } else { "" };
    let usd = (!cost.usd.0.is_zero()).then(|| format!("{about}{} USD", number(&cost.usd)));
    let tokens = usize::try_from(cost.tokens).unwrap_or(usize::MAX);
    let tokens = (tokens > 0).then(|| format!("{about}{} tokens", grouped(tokens)));
    match (usd, tokens) {
        (Some(usd), Some(tokens)) => Some(format!("{usd}, {tokens}")),
        (one, other) => one.or(other),
    }
}

/// What is said where none is stated: nothing reassuring beside an amount.
pub(in crate::dashboard::approvals) fn no_cost(approval: &Approval) -> &'static str {
    if names_amount(&approval.card.shown(&approval.proposal().params)) {
        "No cost is stated, or one of nothing, although the parameters name an amount."
    } else {
        "No cost, or none is stated."
    }
}

/// Who else has to say yes, where one yes of anyone is not enough.
fn needs(approval: &Approval) -> Option<String> {
    let stages = &approval.requirements.stages;
    let simple = stages.len() == 1 && stages.iter().all(|stage| stage.need <= 1);
    if simple && stages.iter().all(|stage| stage.groups.is_empty() && stage.people.is_empty()) {
        return None;
    }
    let have = approval.tally().have;
    let line = |(stage, have): (&Stage, &usize)| {
        format!("{have} of {} from {}", stage.need.max(1), words::who_counts(stage))
    };
    Some(stages.iter().zip(&have).map(line).collect::<Vec<_>>().join("; "))
}
