//! What to look at before an answer: made by the gateway from what it knows about this request and its kind, and
//! from nothing that the agent says about itself. What deserves a warning stands first.

use countersign_domain::Money;
use countersign_domain::approval::{Approval, Status};
use countersign_domain::display::{self, Warning, is_blank};
use countersign_domain::policy::document::Tool;
use rust_decimal::Decimal;

use super::super::value::leaves;
use super::kinds::kinds;
use super::overlooked::{concealed, hosts, overlooked};
use super::risk::Gauge;
use super::unusual::Unusual;
use crate::dashboard::layout::{Phrase, grouped, number};

/// How many lines people still read; what warns is told all the same.
const MOST: usize = 8;

/// One thing to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Look {
    /// Whether it warns; otherwise it only says where to look.
    pub(crate) warns: bool,
    /// What.
    pub(crate) text: Phrase,
}

/// What is known when the list is made.
pub(super) struct Known<'a> {
    pub(super) approval: &'a Approval,
    /// Others of the same agent and action.
    pub(super) alike: &'a [Approval],
    pub(super) unusual: &'a Unusual,
    pub(super) budgets: &'a [Gauge],
    /// The registered tool, if one is named.
    pub(super) tool: Option<&'a Tool>,
}

/// The list.
pub(super) fn checklist(known: &Known<'_>) -> Vec<Look> {
    let leaves = leaves(&known.approval.card, &known.approval.proposal().params);
    let (approval, concealed) = (known.approval, concealed(known.approval));
    let (suspect, hidden_here) = match concealed {
        Some((true, line)) => (Some(line), None),
        Some((false, line)) => (None, Some(line)),
        None => (None, None),
    };
    let (told, told_hints) = told(approval);
    let warnings =
        [unusual(known), missing(known), denied_before(known), tight(known), unverified(known)];
    let hints = [
        in_pieces(known),
        described(known),
        hosts(&leaves),
        first(known),
        unexplained(known),
        estimated(known),
    ];
    let line = |warns: bool| move |text: Phrase| Look { warns, text };
    // Neither a warning, nor what is hidden, nor what kind of request it is gives way to anything else.
    let found = told.into_iter().chain(suspect).chain(overlooked(approval));
    let warnings = found.chain(warnings.into_iter().flatten());
    let mut looks: Vec<Look> = warnings.map(line(true)).collect();
    let firm = told_hints.into_iter().chain(hidden_here).chain(kinds(approval, &leaves));
    looks.extend(firm.map(line(false)));
    let room = MOST.saturating_sub(looks.len());
    looks.extend(hints.into_iter().flatten().take(room).map(line(false)));
    looks
}

/// What is told of it wherever it is shown: what warns, and what does not.
fn told(approval: &Approval) -> (Vec<Phrase>, Vec<Phrase>) {
    let card = &approval.card;
    let params = card.shown(&approval.proposal().params);
    // The sentence is about what was asked, and not about what became of it.
    let who = card.requester.on_behalf_of.iter().chain(&card.requester.owner);
    let who = who.map(|who| (who.to_string(), who.to_string().into())).collect();
    let asked = (&card.proposal.params, &who);
    let claims = display::claims(card.own_summary(), &card.context, asked);
    let all = display::misnames(&approval.proposal().action, &params, &who).into_iter();
    let all = all.chain(display::warnings(&params, approval.cost())).chain(claims);
    let (warn, hint): (Vec<Warning>, Vec<Warning>) = all.partition(Warning::warns);
    let line = |one: &Warning| Phrase::of_parts(&one.parts());
    (warn.iter().map(line).collect(), hint.iter().map(line).collect())
}

fn unusual(known: &Known<'_>) -> Option<Phrase> {
    let marks = &known.unusual.marks;
    let named = |(path, what): (&String, &Phrase)| {
        Phrase::said(path).and(" (").and_all(what.clone()).and(")")
    };
    let first = Phrase::joined(marks.iter().take(2).map(named), ", ");
    let rest = marks.len().saturating_sub(2);
    let more = if rest > 0 { format!(" and {rest} more.") } else { ".".to_owned() };
    let line = || Phrase::ours("Unlike what was approved before: ").and_all(first).and(more);
    (!marks.is_empty()).then(line)
}

fn missing(known: &Known<'_>) -> Option<Phrase> {
    let paths = &known.unusual.missing;
    let named = || Phrase::joined(paths.iter().map(|path| Phrase::said(path)), ", ");
    let line = || Phrase::ours("It lacks what every approved request had: ").and_all(named());
    (!paths.is_empty()).then(|| line().and("."))
}

/// Lately denied, and for what reason.
fn denied_before(known: &Known<'_>) -> Option<Phrase> {
    let decided: Vec<&Approval> = known
        .alike
        .iter()
        .filter(|a| a.id != known.approval.id)
        .filter(|a| matches!(a.state.status(), Status::Approved | Status::Denied))
        .take(10)
        .collect();
    let denied: Vec<&&Approval> =
        decided.iter().filter(|a| a.state.status() == Status::Denied).collect();
    let why = denied.first()?.outcome().reason.unwrap_or_default();
    let why: String = why.chars().take(120).collect();
    let were = if denied.len() == 1 { "was" } else { "were" };
    let count = format!("{} of the last {} alike {were} denied", denied.len(), decided.len());
    Some(Phrase::ours(count).and("; the last one: ").and_said(&why))
}

/// A large thing asked for in many small pieces looks small each time.
fn in_pieces(known: &Known<'_>) -> Option<Phrase> {
    let pending = |a: &&Approval| a.state.status() == Status::Pending && a.id != known.approval.id;
    let others: Vec<&Approval> = known.alike.iter().filter(pending).collect();
    if others.len() < 2 {
        return None;
    }
    let amount = |a: &&Approval| a.proposal().params.get("amount").and_then(Money::of);
    let all: Option<Vec<Money>> = others.iter().chain([&known.approval]).map(amount).collect();
    let sum =
        |all: Vec<Money>| all.iter().try_fold(Decimal::ZERO, |sum, money| sum.checked_add(money.0));
    let count = grouped(others.len());
    let line = Phrase::ours(format!("{count} more like it wait now"));
    let line = match all.and_then(sum) {
        Some(sum) => line.and(format!(", with amounts of {} together", number(&sum))),
        None => line,
    };
    Some(line.and(": look at them together."))
}

/// What whoever registered the tool says that it does.
fn described(known: &Known<'_>) -> Option<Phrase> {
    let tool = known.tool?;
    let says = tool.description.as_deref()?;
    let line = Phrase::ours("What the tool ").and_said(&tool.name);
    Some(line.and(" does, as an admin describes it: ").and_said(says))
}

fn tight(known: &Known<'_>) -> Option<Phrase> {
    let fullest =
        known.budgets.iter().filter(|gauge| gauge.percent >= 75).max_by_key(|g| g.percent)?;
    Some(Phrase::ours(format!("A budget is {} % used before this: see below.", fullest.percent)))
}

fn unverified(known: &Known<'_>) -> Option<Phrase> {
    let who = known.approval.card.requester.on_behalf_of.as_ref()?;
    let line = Phrase::ours("It says that it acts for ").and_said(who.as_str());
    Some(line.and("; nobody verified that."))
}

fn first(known: &Known<'_>) -> Option<Phrase> {
    let decided =
        known.alike.iter().any(|a| a.state.decided_at().is_some() && a.id != known.approval.id);
    let why = "It is the first of its kind: there is nothing to compare it with.";
    (!decided).then(|| Phrase::ours(why))
}

fn unexplained(known: &Known<'_>) -> Option<Phrase> {
    let card = &known.approval.card;
    let silent = card.reasoning.as_deref().is_none_or(is_blank) && card.context.is_empty();
    silent.then(|| Phrase::ours("The agent does not say why. Ask, if you cannot tell."))
}

fn estimated(known: &Known<'_>) -> Option<Phrase> {
    let cost = known.approval.cost();
    let counts = !cost.usd.0.is_zero() || cost.tokens > 0;
    (cost.estimate && counts).then(|| Phrase::ours("The cost is an estimate of the agent."))
}
