//! What to look at before an answer, as far as it can be told from the request alone.

use countersign_domain::Action;
use countersign_domain::approval::{Cost, Status};
use countersign_domain::display::{
    Overlooked, Spoken, Warning, claims, misnames, overlooked, redact_object, warnings,
};
use countersign_wire::Object;
use countersign_wire::approvals::ApprovalView;

use super::{params, words};

/// What warns, then what is hidden. Once it is decided only the latter is told.
pub(super) fn looks(view: &ApprovalView) -> String {
    let told = match view.status {
        Status::Pending => told(view),
        Status::Approved | Status::Denied | Status::Expired | Status::Canceled => Vec::new(),
    };
    let parts = told.into_iter().chain([params::hidden(view)]);
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

fn told(view: &ApprovalView) -> Vec<String> {
    let (now, cost) = stands(view);
    let (now, people) = (redact_object(now), people(view));
    let said = words::own_summary(view);
    let claims = claims(Some(&said), &view.context, (&redact_object(&view.params), &people));
    let action = view.action.parse::<Action>().ok();
    let all = action.and_then(|action| misnames(&action, &now, &people)).into_iter();
    let all = all.chain(warnings(&now, cost)).chain(claims);
    let line = |one: Warning| if one.warns() { format!("warning: {one}") } else { one.to_string() };
    let found = overlooked(&now, &spoken(view));
    let found = found.iter().map(|one: &Overlooked| format!("warning: {one}"));
    let (worst, rest): (Vec<String>, Vec<String>) =
        all.map(line).partition(|line| line.starts_with("warning: "));
    worst.into_iter().chain(found).chain(rest).collect()
}

/// What the agent says beside its request.
fn spoken(view: &ApprovalView) -> Spoken<'_> {
    let texts = [Some(&view.summary), view.reasoning.as_ref(), view.if_denied.as_ref()];
    let words = texts.into_iter().flatten().chain(&view.side_effects);
    let links = view.links.iter().map(|link| link.url.as_str());
    let words = words.map(String::as_str).collect();
    Spoken { words, context: Some(&view.context), links: links.collect() }
}

/// What may run, and what that costs.
fn stands(view: &ApprovalView) -> (&Object, &Cost) {
    match &view.effective {
        Some(effective) => (&effective.params, &effective.cost),
        None => (&view.params, &view.cost),
    }
}

/// Those whose addresses a sentence may name.
fn people(view: &ApprovalView) -> Object {
    let who = [&view.owner, &view.on_behalf_of];
    who.into_iter().flatten().map(|who| (who.clone(), who.as_str().into())).collect()
}
