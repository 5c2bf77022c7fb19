//! What to look at before an answer, as far as it can be told from the request alone.

use countersign_domain::approval::{Cost, Status};
use countersign_domain::display::{claims, redact_object, warnings};
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
    let said = words::own_summary(view);
    let asked = (&redact_object(&view.params), &people(view));
    let claims = claims(Some(&said), &view.context, asked);
    let line = |one: countersign_domain::display::Warning| {
        if one.warns() { format!("warning: {one}") } else { one.to_string() }
    };
    warnings(&redact_object(now), cost).into_iter().chain(claims).map(line).collect()
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
