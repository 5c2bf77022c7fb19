//! What a request is, in the order in which a person is to read it: first what is known, last what the agent
//! says.

use countersign_domain::approval::{Approval, Message, Say};
use countersign_domain::display::{self, Headline};
use countersign_domain::identity::{CallerKind, Email};
use countersign_domain::json;
use countersign_domain::policy::{TraceLine, TraceResult};
use jiff::Timestamp;
use serde_json::Value;

use super::diff::{Line, changed};
use super::outcome::{Outcome, outcome};
use super::row::{self, RiskBadge};
use super::value::{Param, leaves, table};
use super::words;
use crate::dashboard::layout::{Moment, Text};

/// A request, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Card {
    /// Its id.
    pub(crate) id: String,
    /// How often it changed.
    pub(crate) revision: u64,
    /// What would happen.
    pub(crate) headline: Text,
    /// The same as a sentence of the gateway.
    pub(crate) sentence: Text,
    /// Where it stands.
    pub(crate) standing: (&'static str, &'static str),
    /// How dangerous it is.
    pub(crate) risk: RiskBadge,
    /// What is known about it.
    pub(crate) facts: Vec<(&'static str, Text)>,
    /// When it was asked.
    pub(crate) asked: Moment,
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
    /// What that is made of.
    pub(crate) cost_note: Option<Text>,
    /// What else a yes does.
    pub(crate) side_effects: Vec<Text>,
    /// What a no does.
    pub(crate) if_denied: Option<Text>,
    /// Why a person is asked.
    pub(crate) reason: Text,
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
    /// What people said.
    pub(crate) answers: Vec<AnswerLine>,
    /// Questions, answers, comments.
    pub(crate) thread: Vec<MessageLine>,
    /// What the agent wrote freely.
    pub(crate) says: Vec<(&'static str, Text)>,
    /// What surrounds it, as the agent says.
    pub(crate) context: Vec<Param>,
    /// Where to read more, as the agent says.
    pub(crate) links: Vec<(Option<Text>, Text, String)>,
    /// What became of it.
    pub(crate) outcome: Option<Outcome>,
}

/// One line of the trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trace {
    /// How it went.
    pub(crate) result: (&'static str, &'static str),
    /// What was looked at.
    pub(crate) check: String,
    /// What was compared.
    pub(crate) details: Text,
}

/// A budget as a bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gauge {
    /// Its name.
    pub(crate) name: Text,
    /// `12 of 50 actions`.
    pub(crate) used: Text,
    /// From 0 to 100.
    pub(crate) percent: u64,
    /// How it looks.
    pub(crate) class: &'static str,
}

/// A stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StageLine {
    /// What it is called.
    pub(crate) name: Text,
    /// How many yeses it has, and needs.
    pub(crate) have: usize,
    /// How many it needs.
    pub(crate) need: usize,
    /// Who counts.
    pub(crate) who: Text,
}

/// An answer of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AnswerLine {
    /// Who.
    pub(crate) by: String,
    /// What: class and word.
    pub(crate) say: (&'static str, &'static str),
    /// When.
    pub(crate) at: Moment,
    /// How.
    pub(crate) how: &'static str,
    /// Whether they stand behind the request.
    pub(crate) self_approved: bool,
    /// Whether it does not count any more.
    pub(crate) void: bool,
    /// What they wrote.
    pub(crate) texts: Vec<(&'static str, Text)>,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MessageLine {
    /// Who wrote it.
    pub(crate) by: Text,
    /// `asks`, `answers` or `remarks`.
    pub(crate) verb: &'static str,
    /// Whether an agent wrote it.
    pub(crate) of_agent: bool,
    /// When.
    pub(crate) at: Moment,
    /// What.
    pub(crate) text: Text,
}

impl Card {
    /// The card of a request.
    pub(crate) fn of(approval: &Approval, _now: Timestamp) -> Self {
        let (card, proposal) = (&approval.card, approval.proposal());
        let headline = Headline::of(proposal).to_string();
        let (skipped, trace): (Vec<Trace>, Vec<Trace>) =
            card.trace.iter().map(Trace::of).partition(|line| line.result.0 == "skip");
        let canonical = display::redact(&serde_json::json!(proposal));
        let cost_note = card.cost.note.as_deref().map(Text::line);
        Self {
            id: approval.id.to_string(),
            revision: approval.revision.0,
            sentence: Text::line(&sentence(approval)),
            headline: Text::line(&headline),
            standing: words::standing(approval),
            risk: RiskBadge::of(card.risk),
            facts: facts(approval),
            asked: Moment::at(card.created_at),
            params: table(&proposal.params),
            canonical: Text::lines(&json::canonical(&canonical)),
            digest: approval.digest().to_string(),
            edits: changed((&card.proposal, &card.cost), (proposal, approval.cost())),
            edited_by: approval.edits.last().map(|edit| edit.by.email.to_string()),
            cost: row::cost(approval.cost()),
            cost_note,
            side_effects: card.side_effects.iter().map(|effect| Text::line(effect)).collect(),
            if_denied: card.if_denied.as_deref().map(Text::lines),
            reason: Text::line(&card.reason),
            reason_code: Text::line(card.reason_code.as_str()),
            trace,
            skipped,
            budgets: budgets(&card.risk_snapshot),
            stages: stages(approval),
            answers: answers(approval),
            thread: approval.thread.iter().map(MessageLine::of).collect(),
            says: says(approval),
            context: table(&card.context),
            links: links(approval),
            outcome: outcome(approval),
        }
    }
}

/// What would happen, as the gateway puts it.
fn sentence(approval: &Approval) -> String {
    let (card, proposal) = (&approval.card, approval.proposal());
    let version = match card.requester.version.as_str() {
        "" => String::new(),
        version => format!(" {version}"),
    };
    let agent = format!("{}{version}", card.requester.name);
    let for_whom = match &card.requester.on_behalf_of {
        Some(who) => format!(", for {who} as it says,"),
        None => String::new(),
    };
    let with = match leaves(&proposal.params).len() {
        0 => "without any parameter".to_owned(),
        1 => "with the one parameter below".to_owned(),
        count => format!("with the {count} parameters below"),
    };
    let what = if proposal.action.is_sentence() {
        format!("do this: “{}”, {with}", proposal.action)
    } else {
        format!("run {} {with}", proposal.action)
    };
    format!("{agent}{for_whom} wants to {what}.")
}

fn facts(approval: &Approval) -> Vec<(&'static str, Text)> {
    let card = &approval.card;
    let mut facts = vec![("Action", Text::line(card.proposal.action.as_str()))];
    let mut add =
        |name, text: Option<&str>| facts.extend(text.map(|text| (name, Text::line(text))));
    add("Tool", card.proposal.tool.as_ref().map(|tool| tool.name.as_str()));
    let agent = format!("{} {}", card.requester.name, card.requester.version);
    add("Agent", Some(agent.trim_end()));
    add("Answered for by", card.requester.owner.as_ref().map(Email::as_str));
    let behalf = card.requester.on_behalf_of.as_ref().map(Email::as_str);
    add("On behalf of (as the agent says)", behalf);
    add("Task", card.task_id.as_deref());
    add("Request", Some(approval.id.to_string().as_str()));
    facts
}

impl Trace {
    fn of(line: &TraceLine) -> Self {
        let result = match line.result {
            TraceResult::Pass => ("pass", "Passed"),
            TraceResult::Escalate => ("escalate", "Ask a person"),
            TraceResult::Fail => ("fail", "Refused"),
            TraceResult::Skip => ("skip", "Not set"),
        };
        let check = serde_json::to_value(line.check).ok();
        let check = check.as_ref().and_then(Value::as_str).unwrap_or_default().replace('_', " ");
        let check = crate::dashboard::layout::sentence(&check);
        Self { result, check, details: Text::line(&line.details.to_string()) }
    }
}

fn budgets(snapshot: &Value) -> Vec<Gauge> {
    let text = |budget: &Value, key: &str| match budget.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let gauge = |budget: &Value| {
        let percent = budget.get("percent").and_then(Value::as_f64).unwrap_or_default();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "from 0 to 100"
        )]
        let percent = percent.clamp(0.0, 100.0).round() as u64;
        let used = format!(
            "{} of {} {}",
            text(budget, "used"),
            text(budget, "limit"),
            text(budget, "unit")
        );
        let class = match percent {
            0..75 => "",
            75..100 => "near",
            _ => "full",
        };
        Gauge { name: Text::line(&text(budget, "name")), used: Text::line(&used), percent, class }
    };
    let budgets = snapshot.get("budgets").and_then(Value::as_array);
    budgets.map(|all| all.iter().map(gauge).collect()).unwrap_or_default()
}

fn stages(approval: &Approval) -> Vec<StageLine> {
    let have = approval.tally().have;
    let stages = approval.requirements.stages.iter().zip(have);
    let line = |(stage, have): (&countersign_domain::approval::Stage, usize)| StageLine {
        name: Text::line(&stage.name),
        have,
        need: stage.need.max(1),
        who: Text::line(&words::who_counts(stage)),
    };
    stages.map(line).collect()
}

fn answers(approval: &Approval) -> Vec<AnswerLine> {
    let version = approval.edits.len();
    let line = |answer: &countersign_domain::approval::Answer| {
        let (say, reason) = match &answer.say {
            Say::Approve => (("approved", "approved"), None),
            Say::Deny { reason } => (("denied", "denied"), Some(reason.as_str())),
        };
        let texts = [
            ("Reason", reason),
            ("Notes", answer.notes.as_deref()),
            ("Evidence", answer.evidence.as_deref()),
            ("Typed by", answer.operator.as_deref()),
        ];
        AnswerLine {
            by: words::who_answered(answer),
            say,
            at: Moment::at(answer.at),
            how: words::how(answer),
            self_approved: answer.self_approved,
            void: matches!(answer.say, Say::Approve)
                && (answer.version != version || !answer.counts),
            texts: texts.iter().filter_map(|(n, t)| Some((*n, Text::lines((*t)?)))).collect(),
        }
    };
    approval.answers.iter().map(line).collect()
}

impl MessageLine {
    fn of(message: &Message) -> Self {
        use countersign_domain::approval::MessageKind;
        let verb = match message.kind {
            MessageKind::Question => "asks",
            MessageKind::Answer => "answers",
            MessageKind::Comment => "remarks",
        };
        let of_agent = match message.by.kind {
            CallerKind::Agent | CallerKind::Application => true,
            CallerKind::Person | CallerKind::System => false,
        };
        Self {
            by: Text::line(&message.by.name),
            verb,
            of_agent,
            at: Moment::at(message.at),
            text: Text::lines(&message.body),
        }
    }
}

fn says(approval: &Approval) -> Vec<(&'static str, Text)> {
    let card = &approval.card;
    let texts =
        [("Summary", Some(card.summary.as_str())), ("Reasoning", card.reasoning.as_deref())];
    texts.iter().filter_map(|(name, text)| Some((*name, Text::lines((*text)?)))).collect()
}

fn links(approval: &Approval) -> Vec<(Option<Text>, Text, String)> {
    let link = |link: &countersign_domain::approval::Link| {
        (link.title.as_deref().map(Text::line), Text::url(&link.url), link.url.clone())
    };
    approval.card.links.iter().map(link).collect()
}
