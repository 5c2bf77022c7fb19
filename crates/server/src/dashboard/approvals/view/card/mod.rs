//! What a request is, in the order in which a person is to read it: first what is known, last what the agent
//! says.

mod checklist;
mod kinds;
mod overlooked;
mod people;
mod risk;
mod unusual;

use countersign_domain::approval::{self, Approval, Message, Risk};
use countersign_domain::display::sanitise;
use countersign_domain::json;
use countersign_domain::policy::document::Tool;

use super::diff::{Line, changed};
use super::outcome::{Outcome, outcome};
use super::row::{self, RiskBadge};
use super::value::{Fingerprints, Leaf, Param, leaves, param, table};
use super::words;
use crate::app::Decider;
use crate::dashboard::layout::{Moment, Phrase, Text};
pub(crate) use checklist::Look;
use checklist::{Known, checklist};
use people::{AnswerLine, MessageLine, StageLine};
use risk::{Gauge, Trace, budgets, budgets_among};
pub(crate) use unusual::Before;
pub(super) use unusual::tells_where;
use unusual::{Measure, Unusual};

/// A request, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Card {
    /// Its id.
    pub(crate) id: String,
    /// How often it changed.
    pub(crate) revision: u64,
    /// What would happen.
    pub(crate) headline: Phrase,
    /// The same as a sentence of the gateway.
    pub(crate) sentence: Phrase,
    /// Where it stands.
    pub(crate) standing: (&'static str, &'static str),
    /// How dangerous it is.
    pub(crate) risk: RiskBadge,
    /// What is known about it.
    pub(crate) facts: Vec<(&'static str, Text)>,
    /// When it was asked, and until when it can be answered.
    pub(crate) asked: Moment,
    /// The second of these, while it is pending.
    pub(crate) expires: Option<Moment>,
    /// The exact parameters.
    pub(crate) params: Vec<Param>,
    /// What is hashed, secrets redacted.
    pub(crate) canonical: Text,
    /// The hash.
    pub(crate) digest: String,
    /// What people changed about it.
    pub(crate) edits: Vec<Line>,
    /// Who made the last change.
    pub(crate) edited_by: Option<String>,
    /// What a yes costs.
    pub(crate) cost: Option<String>,
    /// What is said where it states none.
    pub(crate) no_cost: &'static str,
    /// Who says so.
    pub(crate) cost_by: String,
    /// What that is made of.
    pub(crate) cost_note: Option<Text>,
    /// What else a yes does.
    pub(crate) side_effects: Vec<Text>,
    /// What a no does.
    pub(crate) if_denied: Option<Text>,
    /// What to look at.
    pub(crate) checklist: Vec<Look>,
    /// The amount beside those that were approved.
    pub(crate) measure: Option<Measure>,
    /// Why the risk is what it is.
    pub(crate) risk_because: Vec<Phrase>,
    /// Why a person is asked.
    pub(crate) reason: Phrase,
    /// The same as a code.
    pub(crate) reason_code: Text,
    /// How policy came to that; what matters.
    pub(crate) trace: Vec<Trace>,
    /// What was not looked at.
    pub(crate) skipped: Vec<Trace>,
    /// Budgets that it counts against.
    pub(crate) budgets: Vec<Gauge>,
    /// Who has to say yes.
    pub(crate) stages: Vec<StageLine>,
    /// What an answer takes, and what silence means.
    pub(crate) demands: Vec<String>,
    /// What people said.
    pub(crate) answers: Vec<AnswerLine>,
    /// Questions, answers, comments.
    pub(crate) thread: Vec<MessageLine>,
    /// The task it belongs to, and what was remarked on that.
    pub(crate) task: Option<(Text, Vec<MessageLine>)>,
    /// What the agent wrote freely.
    pub(crate) says: Vec<(&'static str, Text)>,
    /// What surrounds it, as the agent says.
    pub(crate) context: Vec<Param>,
    /// Where to read more, as the agent says.
    pub(crate) links: Vec<(Option<Text>, Text, Option<String>)>,
    /// What became of it.
    pub(crate) outcome: Option<Outcome>,
}

/// What is known beside a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Around<'a> {
    /// Others of the same agent and action.
    pub(crate) alike: &'a [Approval],
    /// Who can still say yes.
    pub(crate) deciders: &'a [Decider],
    /// What was remarked on its task.
    pub(crate) task: &'a [Message],
    /// The registered tool, if one is named.
    pub(crate) tool: Option<&'a Tool>,
    /// By what equal secrets are recognised.
    pub(crate) fingerprints: Fingerprints<'a>,
}

impl Card {
    /// The card of a request.
    pub(crate) fn of(approval: &Approval, around: Around<'_>) -> Self {
        let (card, proposal) = (&approval.card.readable(), approval.proposal());
        let unusual = Unusual::of(approval, around.alike);
        let budgets = budgets_among(approval, around.alike);
        let known = Known {
            approval,
            alike: around.alike,
            unusual: &unusual,
            budgets: &budgets,
            tool: around.tool,
        };
        let task = |task: &String| {
            (Text::said(task), around.task.iter().map(MessageLine::of).collect::<Vec<_>>())
        };
        let (skipped, trace): (Vec<Trace>, Vec<Trace>) =
            card.trace.iter().map(Trace::of).partition(|line| line.result.0 == "skip");
        let canonical = card.shown_value(&serde_json::json!(proposal));
        let cost_note = card.cost.note.as_deref().map(Text::said_lines);
        Self {
            id: approval.id.to_string(),
            revision: approval.revision.0,
            sentence: sentence(approval),
            headline: Phrase::headline(&approval.headline()),
            standing: words::standing(approval),
            risk: RiskBadge::of(card.risk),
            facts: facts(approval),
            asked: Moment::at(card.created_at),
            expires: approval.expires_at().map(Moment::until),
            params: params(approval, &unusual, around.fingerprints),
            canonical: Text::said_lines(&json::canonical(&canonical)),
            digest: approval.digest().to_string(),
            edits: changed(card, (&card.proposal, &card.cost), (proposal, approval.cost())),
            edited_by: approval.edits.last().map(|edit| edit.by.email.to_string()),
            cost: row::cost(approval.cost()),
            no_cost: row::no_cost(approval),
            cost_by: cost_by(approval),
            cost_note,
            side_effects: card.side_effects.iter().map(|effect| Text::said(effect)).collect(),
            if_denied: card.if_denied.as_deref().map(Text::said_lines),
            risk_because: risk::risk_because(card),
            reason: Phrase::ticked(&card.reason),
            reason_code: Text::line(card.reason_code.as_str()),
            trace,
            skipped,
            checklist: checklist(&known),
            budgets,
            measure: unusual.measure,
            stages: people::stages(approval, around.deciders),
            demands: people::demands(approval),
            answers: people::answers(approval),
            task: card.task_id.as_ref().map(task),
            thread: approval.thread.iter().map(MessageLine::of).collect(),
            says: says(card),
            context: table(card, &card.context, around.fingerprints),
            links: links(card),
            outcome: outcome(approval),
        }
    }
}

/// What to look at about a request, among others of its agent and action.
pub(in crate::dashboard::approvals) fn looks(
    approval: &Approval,
    (alike, before): (&[Approval], &Before<'_>),
    tool: Option<&Tool>,
) -> Vec<Look> {
    let unusual = Unusual::among(approval, before);
    let budgets = budgets(&approval.card.risk_snapshot);
    checklist(&Known { approval, alike, unusual: &unusual, budgets: &budgets, tool })
}

/// The parameters, with what is unusual about each.
fn params(approval: &Approval, unusual: &Unusual, fingerprints: Fingerprints<'_>) -> Vec<Param> {
    let line = |leaf: &Leaf| {
        let unusual = unusual.marks.get(&leaf.path).cloned();
        Param { unusual, ..param(leaf, fingerprints) }
    };
    leaves(&approval.card, &approval.proposal().params).iter().map(line).collect()
}

/// What would happen, as the gateway puts it.
fn sentence(approval: &Approval) -> Phrase {
    let (card, proposal) = (&approval.card, approval.proposal());
    let version = match card.requester.version.as_str() {
        "" => String::new(),
        version => format!(" {version}"),
    };
    let agent = format!("{}{version}", card.requester.name);
    let line = Phrase::ours(sanitise(&agent));
    let line = match &card.requester.on_behalf_of {
        Some(who) => line.and(", for ").and_said(who.as_str()).and(" as it says,"),
        None => line,
    };
    let with = match leaves(card, &proposal.params).len() {
        0 => "without any parameter".to_owned(),
        1 => "with the one parameter below".to_owned(),
        count => format!("with the {count} parameters below"),
    };
    let (does, then) = words::deed(approval);
    let line = line.and(format!(" {does} "));
    let line = if proposal.action.is_sentence() { line.and("this: ") } else { line };
    line.and_said(proposal.action.as_str()).and(format!(" {with}{then}."))
}

/// Who states what it costs: the agent, unless a person changed it.
fn cost_by(approval: &Approval) -> String {
    let changed = |cost| cost != &approval.card.cost;
    match approval.edits.last().filter(|edit| changed(&edit.cost)) {
        Some(edit) => format!("as {} changed it", edit.by.email),
        None => "as the agent says".to_owned(),
    }
}

fn facts(approval: &Approval) -> Vec<(&'static str, Text)> {
    let card = &approval.card;
    let mut facts = vec![("Action", Text::said(card.proposal.action.as_str()))];
    let mut add = |name, text: Option<Text>| facts.extend(text.map(|text| (name, text)));
    add("Tool", card.proposal.tool.as_ref().map(|tool| Text::said(&tool.name)));
    add("Resource", card.proposal.resource.as_deref().map(Text::said));
    let agent = format!("{} {}", card.requester.name, card.requester.version);
    add("Agent", Some(Text::line(agent.trim_end())));
    add("Answered for by", card.requester.owner.as_ref().map(|who| Text::line(who.as_str())));
    let behalf = card.requester.on_behalf_of.as_ref().map(|who| Text::said(who.as_str()));
    add("On behalf of (as the agent says)", behalf);
    add("Task", card.task_id.as_deref().map(Text::said));
    add("Request", Some(Text::line(&approval.id.to_string())));
    facts
}

fn says(card: &approval::Card) -> Vec<(&'static str, Text)> {
    let texts = [
        ("Summary", card.own_summary()),
        ("Reasoning", card.reasoning.as_deref()),
        ("Risk, in its eyes", card.stated_risk.map(Risk::as_str)),
    ];
    texts.iter().filter_map(|(name, text)| Some((*name, Text::said_lines((*text)?)))).collect()
}

fn links(card: &approval::Card) -> Vec<(Option<Text>, Text, Option<String>)> {
    // Shown is where a browser would go, and not how the agent wrote it.
    let link = |link: &countersign_domain::approval::Link| {
        let target = url::Url::parse(&link.url).ok().filter(url::Url::has_host);
        let href = target.map(|url| url.to_string());
        let shown = Text::said(href.as_deref().unwrap_or(&link.url));
        (link.title.as_deref().map(Text::said), shown, href)
    };
    card.links.iter().map(link).collect()
}
