//! What the client sends, and what is asked because of it.

use countersign_domain::ExternalId;
use countersign_domain::approval::{Cost, SuggestedResponse};
use countersign_domain::json::Object;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::{Ask, Asker, Error};

/// A function call or a human contact, as the client sends it.
#[derive(Debug, Deserialize)]
pub(in crate::compat) struct Request {
    pub(super) run_id: String,
    pub(super) call_id: String,
    pub(super) spec: Object,
}

/// An answer that the client can pick when it says no.
#[derive(Debug, Deserialize)]
struct ResponseOption {
    name: String,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    prompt_fill: Option<String>,
}

/// An escalation by mail.
#[derive(Debug, Deserialize)]
pub(in crate::compat) struct Escalation {
    pub(super) escalation_msg: String,
}

/// The ask for a request: `action` with `params`, known by the client's own id.
pub(super) fn ask(
    asker: &Asker,
    kind: &str,
    request: &Request,
    (action, params): (&str, Object),
) -> Result<Ask, Error> {
    let fetchable = |c: char| c.is_ascii_graphic() && !"/?#%".contains(c);
    if !(1..=200).contains(&request.call_id.len()) || !request.call_id.chars().all(fetchable) {
        let detail = "an id has 1 to 200 visible ASCII characters and none of / ? # %, so that it fits into a path";
        return Err(Error::invalid("$.call_id", detail));
    }
    let kept = json!({"humanlayer": {
        "run_id": request.run_id, "call_id": request.call_id, "spec": rest_of_spec(&request.spec),
    }});
    Ok(Ask {
        action: action.parse().map_err(|error| Error::invalid("$.spec.fn", error))?,
        summary: None,
        reasoning: None,
        cost: Cost::default(),
        side_effects: Vec::new(),
        if_denied: None,
        risk: None,
        known_risk: None,
        tool: None,
        params,
        context: kept.as_object().cloned().unwrap_or_default(),
        task_id: Some(request.run_id.chars().take(200).collect()),
        on_behalf_of: None,
        links: Vec::new(),
        responses: Vec::new(),
        expires_in: None,
        idempotency: None,
        external: Some(ExternalId {
            key: asker.key,
            kind: kind.to_owned(),
            id: request.call_id.clone(),
        }),
    })
}

/// What of the spec is neither the name nor the arguments; those stand in the proposal.
fn rest_of_spec(spec: &Object) -> Object {
    let shown = ["fn", "kwargs", "msg", "subject"];
    spec.iter()
        .filter(|(key, _)| !shown.contains(&key.as_str()))
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect()
}

/// The prepared answers under a key of the spec.
pub(super) fn responses(spec: &Object, key: &str) -> Result<Vec<SuggestedResponse>, Error> {
    let options =
        spec.get(key).filter(|value| !value.is_null()).cloned().unwrap_or_else(|| json!([]));
    let options: Vec<ResponseOption> = serde_json::from_value(options)
        .map_err(|error| Error::invalid(format!("$.spec.{key}"), error))?;
    let response =
        |o: ResponseOption| SuggestedResponse { name: o.name, title: o.title, text: o.prompt_fill };
    Ok(options.into_iter().map(response).collect())
}

/// A text that the spec has to have.
pub(super) fn text(spec: &Object, key: &str) -> Result<String, Error> {
    let found = spec.get(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    found
        .map(str::to_owned)
        .ok_or_else(|| Error::invalid(format!("$.spec.{key}"), "a text is needed here"))
}
