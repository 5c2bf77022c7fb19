//! What of a request is easily overlooked, as the page tells it: what is found in the request, what is hidden in it, and
//! where it would speak to.

use std::collections::BTreeSet;

use countersign_domain::approval::Approval;
use countersign_domain::display::{self, Concealed, Spoken, could_hide};

use super::super::value::Leaf;
use crate::dashboard::layout::Phrase;

/// What is found in the request alone.
pub(super) fn overlooked(approval: &Approval) -> Vec<Phrase> {
    let card = &approval.card;
    let context = card.shown(&card.context);
    let texts = [Some(&card.summary), card.reasoning.as_ref(), card.if_denied.as_ref()];
    let words = texts.into_iter().flatten().chain(&card.side_effects);
    let links = card.links.iter().map(|link| link.url.as_str());
    let spoken = Spoken {
        words: words.map(String::as_str).collect(),
        context: Some(&context),
        links: links.collect(),
    };
    let found = display::overlooked(&card.shown(&approval.proposal().params), &spoken);
    found.iter().map(|one| Phrase::of_parts(&one.parts())).collect()
}

/// What is hidden, and how long it is; whether it deserves a warning, because its name reads like that of a receiver
/// or an amount.
pub(super) fn concealed(approval: &Approval) -> Option<(bool, Phrase)> {
    let all = approval.card.concealed(&approval.proposal().params);
    let told = |one: &Concealed| Phrase::said(&one.path).and(format!(" ({one})"));
    let line = Phrase::ours("Hidden here, and sent along all the same: ");
    let line = line.and_all(Phrase::joined(all.iter().take(NAMED).map(told), ", "));
    let line = match all.len().saturating_sub(NAMED) {
        0 => line,
        more => line.and(format!(", and {more} more, which stand below")),
    };
    let names = |one: &'_ Concealed| [one.names.clone(), vec![one.path.clone()]].concat();
    let paths: Vec<String> = all.iter().flat_map(names).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let what = could_hide(&paths);
    let line = match what {
        Some(what) => line.and(format!("; {what} could stand there: ask the agent.")),
        None => line.and("."),
    };
    (!all.is_empty()).then(|| (what.is_some(), line))
}

/// How many hosts, or hidden values, are named in one line.
const NAMED: usize = 12;

/// Where it would speak to.
pub(super) fn hosts(leaves: &[Leaf]) -> Option<Phrase> {
    let texts = leaves.iter().filter_map(|leaf| leaf.value.as_str());
    let hosts: BTreeSet<String> = texts.flat_map(display::hosts).collect();
    let named = Phrase::joined(hosts.iter().take(NAMED).map(|host| Phrase::said(host)), ", ");
    let more = match hosts.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(", and at {more} more, which stand below"),
    };
    let line = || Phrase::ours("It names addresses at ").and_all(named).and(more);
    (!hosts.is_empty()).then(|| line().and(": do you know them?"))
}
