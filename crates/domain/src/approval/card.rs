//! What was asked: the proposal and everything a reviewer is told about it.

use std::sync::OnceLock;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Digest, Proposal, Requirements, Risk};
use crate::display::{self, Concealed, Headline};
use crate::identity::Email;
use crate::identity::capability::Shown;
use crate::json::Object;
use crate::policy::{ReasonCode, TraceLine};
use crate::{Action, AgentId, Money};

/// The card of an approval; it never changes after the approval is opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// What was asked for.
    pub proposal: Proposal,
    /// Its digest.
    pub digest: Digest,
    /// Who asks.
    pub requester: Requester,
    /// Whether a rule or the agent wanted a person.
    pub origin: Origin,
    /// One line for people.
    pub summary: String,
    /// Why the agent wants it, in its own words.
    pub reasoning: Option<String>,
    /// What it would cost.
    pub cost: Cost,
    /// What else it would do, as the agent says.
    pub side_effects: Vec<String>,
    /// What happens on a no, as the agent says.
    pub if_denied: Option<String>,
    /// How dangerous it is.
    pub risk: Risk,
    /// How dangerous it is, as the agent says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated_risk: Option<Risk>,
    /// What surrounds it; shown, not run.
    pub context: Object,
    /// The names of parameters that the schema of the tool hides; nobody is shown what they hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<String>,
    /// The task it belongs to.
    pub task_id: Option<String>,
    /// Where a reviewer can read more.
    pub links: Vec<Link>,
    /// Answers the agent has prepared for the reviewer.
    pub responses: Vec<SuggestedResponse>,
    /// Why a person is asked.
    pub reason_code: ReasonCode,
    /// The same in a sentence.
    pub reason: String,
    /// How policy came to ask a person.
    pub trace: Vec<TraceLine>,
    /// The numbers a reviewer compares.
    pub risk_snapshot: Value,
    /// When it was asked.
    pub created_at: Timestamp,
}

impl Card {
    /// Parameters, context or edits as people are shown them: secrets are redacted.
    pub fn shown(&self, object: &Object) -> Object {
        display::redact_object_and(object, &self.hidden)
    }

    /// The card with every text that the agent wrote beside the proposal as people read it: secrets are redacted.
    pub fn readable(&self) -> Self {
        let text = |text: &String| display::redact_text(text);
        let some = |text: &Option<String>| text.as_deref().map(display::redact_text);
        let link = |link: &Link| Link { title: some(&link.title), url: text(&link.url) };
        let response = |response: &SuggestedResponse| SuggestedResponse {
            title: some(&response.title),
            text: some(&response.text),
            ..response.clone()
        };
        Self {
            summary: text(&self.summary),
            reasoning: some(&self.reasoning),
            cost: self.cost.readable(),
            side_effects: self.side_effects.iter().map(text).collect(),
            if_denied: some(&self.if_denied),
            links: self.links.iter().map(link).collect(),
            responses: self.responses.iter().map(response).collect(),
            ..self.clone()
        }
    }

    /// What of an object they are not shown.
    pub fn concealed(&self, object: &Object) -> Vec<Concealed> {
        display::concealed(object, &self.shown(object))
    }

    /// What stands for a summary where the agent gives none; it is true whatever becomes of the request.
    pub fn summary_of(agent: &str, action: &Action) -> String {
        if action.is_sentence() {
            action.to_string()
        } else {
            format!("{agent}{}", Self::summary_after(action.as_str()))
        }
    }

    /// What stands after the name of the agent in such a summary.
    pub fn summary_after(action: &str) -> String {
        format!(" asked to run {action}")
    }

    /// The summary, where the agent wrote one.
    pub fn own_summary(&self) -> Option<&str> {
        let ours = Self::summary_of(&self.requester.name, &self.proposal.action);
        Some(self.summary.as_str()).filter(|summary| *summary != ours)
    }

    /// Any value, in the same way.
    pub fn shown_value(&self, value: &Value) -> Value {
        display::redact_and(value, &self.hidden)
    }

    /// What a version of it would do, in plain words.
    pub fn headline(&self, proposal: &Proposal) -> Headline {
        Headline::of(proposal, &self.hidden)
    }
}

/// Who asks, as they were when they asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requester {
    /// The agent.
    pub agent: AgentId,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The person who answers for the agent.
    pub owner: Option<Email>,
    /// The person the agent says it acts for.
    pub on_behalf_of: Option<Email>,
    /// The capability token that it was asked with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Shown>,
}

impl Requester {
    /// Whether the person stands behind the request, and so must not answer it.
    pub fn is(&self, person: &Email) -> bool {
        self.owner.as_ref() == Some(person) || self.on_behalf_of.as_ref() == Some(person)
    }
}

/// What opened an approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A check that policy escalated.
    Check,
    /// The agent's own wish.
    Ask,
    /// A call of a client that knows no redeeming: it runs as soon as it is told of the yes.
    Call,
}

/// What an action would cost, as far as that was stated.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Cost {
    /// Money, in US dollars.
    pub usd: Money,
    /// Tokens of a language model.
    pub tokens: u64,
    /// Whether this is an estimate.
    pub estimate: bool,
    /// What the figure is made of.
    pub note: Option<String>,
}

impl Cost {
    /// The cost as people read it: secrets in its note are redacted.
    pub fn readable(&self) -> Self {
        Self { note: self.note.as_deref().map(display::redact_text), ..self.clone() }
    }

    /// Whether anything was said about it. A cost that was left out and one of nothing are the same.
    pub fn is_stated(&self) -> bool {
        !self.usd.0.is_zero() || self.tokens > 0 || self.note.is_some()
    }
}

/// Where a reviewer can read more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// What to call it.
    #[serde(default)]
    pub title: Option<String>,
    /// Where it leads.
    pub url: String,
}

/// An answer that the agent has prepared for the reviewer, who may take it or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuggestedResponse {
    /// A short name that the agent recognises.
    pub name: String,
    /// What to call it.
    #[serde(default)]
    pub title: Option<String>,
    /// The text that is filled in when it is taken.
    #[serde(default)]
    pub text: Option<String>,
}

/// The hash of a card as it was shown, kept with what it depends on: it is asked for again and again, and
/// changes only with an edit or when further people are added. It is no part of what an approval is.
#[derive(Debug, Clone, Default)]
pub(super) struct Presented(OnceLock<(Digest, usize, Requirements, Digest)>);

impl Presented {
    /// The hash for a card with this digest, so many edits and these requirements.
    pub(super) fn of(
        &self,
        (card, edits, requirements): (Digest, usize, &Requirements),
        hash: impl Fn() -> Digest,
    ) -> Digest {
        let (of_card, of_edits, of_requirements, known) =
            self.0.get_or_init(|| (card, edits, requirements.clone(), hash()));
        if (*of_card, *of_edits, of_requirements) == (card, edits, requirements) {
            *known
        } else {
            hash()
        }
    }
}

impl PartialEq for Presented {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
