//! An agent and its manifest, made ready.

use std::sync::Arc;

use serde_json::Value;

use super::super::Question;
use super::super::document::{AgentDocument, Manifest};
use super::compile::Problems;
use super::place::Place;
use crate::{Action, Money, display};

/// An agent that a document describes.
#[derive(Debug)]
pub(in crate::policy) struct ReadyAgent {
    /// The document.
    pub document: AgentDocument,
    /// Its manifest.
    pub manifest: Option<ReadyManifest>,
}

/// What an agent may do at most.
#[derive(Debug)]
pub(in crate::policy) struct ReadyManifest {
    /// As it was written.
    pub manifest: Manifest,
    /// That it is in force, in a sentence.
    pub in_force: Arc<str>,
    /// For each of its actions, that it permits it, in a sentence.
    pub permits: Vec<Arc<str>>,
    /// Where the amount stands, and what to call it.
    pub amount: Option<(Place, Arc<str>)>,
    /// Where the other side stands.
    pub counterparty: Option<Place>,
}

impl ReadyManifest {
    /// That it permits an action, in a sentence; or why it does not.
    pub fn permitted(&self, action: &Action) -> Result<&Arc<str>, String> {
        let mut actions = self.manifest.actions.iter().zip(&self.permits);
        if let Some((_, sentence)) = actions.find(|(pattern, _)| pattern.permits(action)) {
            return Ok(sentence);
        }
        let actions: Vec<_> = self.manifest.actions.iter().map(|a| format!("`{a}`")).collect();
        let listed = if actions.is_empty() { "nothing".to_owned() } else { actions.join(", ") };
        let action = display::ticked(action.as_str());
        Err(format!("the manifest permits {listed}, which does not cover `{action}`"))
    }
}

impl ReadyAgent {
    /// Makes an agent ready.
    pub(super) fn new(document: &AgentDocument, problems: &mut Problems<'_>) -> Self {
        let manifest = document.manifest.as_ref();
        let manifest = manifest.map(|manifest| ReadyManifest::new(document, manifest, problems));
        Self { document: document.clone(), manifest }
    }
}

impl ReadyManifest {
    fn new(document: &AgentDocument, manifest: &Manifest, problems: &mut Problems<'_>) -> Self {
        let version = &document.version;
        let in_force = match version.as_str() {
            "" => "its manifest is in force".to_owned(),
            version => format!("its manifest, version `{version}`, is in force"),
        };
        let mut place = |path: &str, at: &str| {
            let place = Place::new(path);
            if place.is_none() {
                problems.at(at, format!("`{path}` is not a dotted path such as `cost.usd`"));
            }
            place
        };
        let amount = manifest.amount.as_ref().and_then(|amount| {
            let what = format!("the amount `{}`:", amount.param);
            Some((place(&amount.param, "manifest.amount.param")?, what.into()))
        });
        let counterparty = manifest.counterparty.as_ref();
        let counterparty =
            counterparty.and_then(|other| place(&other.param, "manifest.counterparty.param"));
        if let Some(amount) = &manifest.amount {
            let limits = [("cap", amount.cap), ("escalate_above", amount.escalate_above)];
            for (name, limit) in limits {
                let good = limit.is_none_or(|limit| limit >= Money::default());
                problems.unless(good, format!("manifest.amount.{name}"), "it must not be negative");
            }
            let some = amount.cap.is_some() || amount.escalate_above.is_some();
            problems.unless(some, "manifest.amount", "it needs `cap`, `escalate_above` or both");
        }
        let permits = manifest.actions.iter().map(|a| format!("its manifest permits `{a}`").into());
        Self {
            in_force: in_force.into(),
            permits: permits.collect(),
            manifest: manifest.clone(),
            amount,
            counterparty,
        }
    }
}

impl ReadyManifest {
    /// Who stands on the other side, as compared: texts as they are, numbers in their shortest form.
    pub fn named_side(&self, question: &Question<'_>) -> Option<String> {
        match self.counterparty.as_ref()?.find(&question.proposal.params)? {
            Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
            number @ Value::Number(_) => Money::of(number).map(|n| n.0.normalize().to_string()),
            Value::String(_)
            | Value::Null
            | Value::Bool(_)
            | Value::Array(_)
            | Value::Object(_) => None,
        }
    }

    /// The same, where it matters whether the agent dealt with it before.
    pub fn other_side(&self, question: &Question<'_>) -> Option<String> {
        let new_ones_matter = self.manifest.counterparty.as_ref().is_some_and(|c| c.escalate_new);
        if new_ones_matter { self.named_side(question) } else { None }
    }
}
