//! Who has to say yes, who said what, and what silence means.

use countersign_domain::approval::{
    Answer, Approval, Assurance, Message, MessageKind, OnTimeout, Say, Stage, State,
};
use countersign_domain::identity::CallerKind;

use super::super::words;
use crate::app::Decider;
use crate::dashboard::layout::{Moment, Text};

/// How many people are named before the rest is counted.
const NAMED: usize = 4;

/// A stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StageLine {
    /// What it is called.
    pub(crate) name: Text,
    /// How many yeses it has.
    pub(crate) have: usize,
    /// How many it needs.
    pub(crate) need: usize,
    /// Who counts, where the name does not say it.
    pub(crate) who: Option<Text>,
    /// Who of them can still say yes, while some are missing.
    pub(crate) open_to: Option<String>,
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
    /// For which stages it counts.
    pub(crate) stages: Option<Text>,
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

pub(super) fn stages(approval: &Approval, deciders: &[Decider]) -> Vec<StageLine> {
    let have = approval.tally().have;
    let pending = matches!(approval.state, State::Pending { .. });
    let line = |(at, (stage, have)): (usize, (&Stage, usize))| {
        let need = stage.need.max(1);
        let names: Vec<String> = deciders.iter().filter_map(|decider| named(decider, at)).collect();
        StageLine {
            name: Text::line(&stage.name),
            have,
            need,
            who: Some(words::who_counts(stage))
                .filter(|who| *who != stage.name)
                .map(|who| Text::line(&who)),
            open_to: (pending && have < need).then(|| open_to(&names)),
        }
    };
    approval.requirements.stages.iter().zip(have).enumerate().map(line).collect()
}

/// Someone who can still say yes for a stage, and for whom.
fn named(decider: &Decider, stage: usize) -> Option<String> {
    let seat = decider.seats.iter().find(|seat| seat.stages.contains(&stage))?;
    let of = seat.in_place_of.as_ref().map(|of| &of.person);
    Some(words::answered_for(decider.person.email.as_str(), of))
}

fn open_to(names: &[String]) -> String {
    match names {
        [] => "nobody is left who can: it waits until an admin adds someone".to_owned(),
        [only] => format!("only {only} can"),
        few if few.len() <= NAMED => format!("{} can", few.join(", ")),
        many => {
            let first: Vec<&str> = many.iter().take(NAMED).map(String::as_str).collect();
            format!("{} and {} more can", first.join(", "), many.len() - NAMED)
        }
    }
}

/// What an answer takes, and what silence means.
pub(super) fn demands(approval: &Approval) -> Vec<String> {
    let demanded = &approval.requirements;
    let mut lines = Vec::new();
    match demanded.assurance {
        Assurance::StepUp => lines.push(
            "Each answer, yes or no, is confirmed with a passkey or a code for exactly this request.".to_owned(),
        ),
        Assurance::Session => {}
        Assurance::Channel => lines.push("An answer in a chat channel is enough.".to_owned()),
        Assurance::Relayed => lines.push("A reported answer is enough.".to_owned()),
    }
    if demanded.relayed {
        lines.push("Another agent may report what a person said elsewhere.".to_owned());
    }
    let used = match approval.state {
        State::Pending { levels_used, .. } => levels_used,
        State::Approved { .. }
        | State::Denied { .. }
        | State::Expired { .. }
        | State::Canceled { .. } => return lines,
    };
    lines.push(match &demanded.on_timeout {
        OnTimeout::Deny => "If nobody answers in time, it expires and nothing runs.".to_owned(),
        OnTimeout::Keep => "It waits until somebody answers.".to_owned(),
        OnTimeout::Escalate(levels) => match levels.get(used) {
            Some(level) => {
                let people = level.people.iter().map(ToString::to_string);
                let who: Vec<String> = level.groups.iter().cloned().chain(people).collect();
                let who = countersign_domain::display::sanitise(&who.join(", "));
                format!("If nobody answers in time, these are asked as well: {who}.")
            }
            None => "If nobody answers in time, it expires and nothing runs.".to_owned(),
        },
    });
    lines
}

pub(super) fn answers(approval: &Approval) -> Vec<AnswerLine> {
    let version = approval.edits.len();
    let many = approval.requirements.stages.len() > 1;
    let line = |answer: &Answer| {
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
        let named = answer.stages.iter().filter_map(|at| approval.requirements.stages.get(*at));
        let stages: Vec<&str> = named.map(|stage| stage.name.as_str()).collect();
        let for_stages = many && matches!(answer.say, Say::Approve) && !stages.is_empty();
        AnswerLine {
            by: words::who_answered(answer),
            say,
            at: Moment::at(answer.at),
            how: words::how(answer),
            stages: for_stages.then(|| Text::line(&stages.join(" or "))),
            self_approved: answer.self_approved,
            void: matches!(answer.say, Say::Approve)
                && (answer.version != version || !answer.counts),
            texts: texts.iter().filter_map(|(n, t)| Some((*n, Text::lines((*t)?)))).collect(),
        }
    };
    approval.answers.iter().map(line).collect()
}

impl MessageLine {
    pub(super) fn of(message: &Message) -> Self {
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
            text: if of_agent {
                Text::said_lines(&message.readable())
            } else {
                Text::lines(&message.body)
            },
        }
    }
}
