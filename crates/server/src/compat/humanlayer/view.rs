//! An approval as the client knows it: a function call or a human contact with its status.

use countersign_domain::approval::{Approval, State as ApprovalState, SuggestedResponse};
use countersign_domain::json::Object;
use serde_json::{Value, json};

/// A function call; `id` is the client's own. A yes that is `withheld` is told as a no with that reason.
pub(super) fn call(approval: &Approval, id: &str, withheld: Option<String>) -> Value {
    let (mut object, mut spec) = kept(approval, id);
    let own = is_own(approval, id);
    let params = if own { &approval.card.proposal.params } else { &approval.proposal().params };
    spec.insert("fn".to_owned(), json!(approval.card.proposal.action));
    spec.insert("kwargs".to_owned(), json!(params));
    let (approved, comment) = match withheld {
        Some(reason) => (Some(false), Some(reason)),
        None => decision(approval, own),
    };
    object.insert("spec".to_owned(), Value::Object(spec));
    object.insert(
        "status".to_owned(),
        json!({
            "requested_at": approval.card.created_at,
            "responded_at": approval.state.decided_at(),
            "approved": approved,
            "comment": comment,
            "reject_option_name": picked(approval, comment.as_deref()),
            "slack_message_ts": null,
        }),
    );
    Value::Object(object)
}

/// A human contact; `id` is the client's own. It runs nothing, so that nothing is withheld.
pub(super) fn contact(approval: &Approval, id: &str) -> Value {
    let (mut object, mut spec) = kept(approval, id);
    let params = &approval.card.proposal.params;
    spec.insert("msg".to_owned(), params.get("msg").cloned().unwrap_or_default());
    spec.insert("subject".to_owned(), params.get("subject").cloned().unwrap_or_default());
    let response = match decision(approval, true) {
        (Some(true), notes) => Some(notes.unwrap_or_else(|| "approved".to_owned())),
        (Some(false), why) => why,
        (None, _) => None,
    };
    object.insert("spec".to_owned(), Value::Object(spec));
    object.insert(
        "status".to_owned(),
        json!({
            "requested_at": approval.card.created_at,
            "responded_at": approval.state.decided_at(),
            "response": response,
            "response_option_name": picked(approval, response.as_deref()),
        }),
    );
    Value::Object(object)
}

/// Whether the approval was opened by the call with this id. Otherwise the call was made afterwards, and
/// stands for what was decided then.
pub(super) fn is_own(approval: &Approval, id: &str) -> bool {
    let opened = approval.card.context.get("humanlayer").and_then(|kept| kept.get("call_id"));
    opened.and_then(Value::as_str) == Some(id)
}

/// Whether the call with this id is told a yes.
pub(super) fn is_yes(approval: &Approval, id: &str) -> bool {
    decision(approval, is_own(approval, id)).0 == Some(true)
}

/// The ids and the rest of the spec, as the client sent them.
fn kept(approval: &Approval, id: &str) -> (Object, Object) {
    let kept = approval.card.context.get("humanlayer");
    let mut object = kept.and_then(Value::as_object).cloned().unwrap_or_default();
    let spec = match object.remove("spec") {
        Some(Value::Object(spec)) => spec,
        _ => Object::new(),
    };
    object.insert("call_id".to_owned(), json!(id));
    (object, spec)
}

/// Whether it was approved, and the comment; a no always has one. To the call that asked, an edited yes is
/// a no; to the one that came afterwards with the edited arguments it is a yes.
fn decision(approval: &Approval, own: bool) -> (Option<bool>, Option<String>) {
    let outcome = approval.outcome();
    match &approval.state {
        ApprovalState::Pending { .. } => (None, None),
        ApprovalState::Approved { .. } => match outcome.effective.filter(|_| own) {
            None => (Some(true), outcome.notes),
            Some(effective) => {
                let arguments = Value::Object(effective.params).to_string();
                (
                    Some(false),
                    Some(format!("approved with other arguments; call it again with: {arguments}")),
                )
            }
        },
        ApprovalState::Denied { reason, .. } => {
            let notes = outcome.notes.map(|notes| format!(" ({notes})")).unwrap_or_default();
            (Some(false), Some(format!("{reason}{notes}")))
        }
        ApprovalState::Expired { .. } => (Some(false), Some("nobody answered in time".to_owned())),
        ApprovalState::Canceled { .. } => {
            (Some(false), Some("the request was withdrawn".to_owned()))
        }
    }
}

/// The prepared answer whose text was given, if it was one of them.
fn picked(approval: &Approval, said: Option<&str>) -> Option<String> {
    let said = said?;
    let same = |r: &&SuggestedResponse| {
        r.text.as_deref() == Some(said) || r.title.as_deref() == Some(said) || r.name == said
    };
    approval.card.responses.iter().find(same).map(|r| r.name.clone())
}
