//! What a person can do about a request, and what it takes.

use countersign_domain::approval::{Approval, Friction, Reviewer, Shortfall, StandIn};
use countersign_domain::display::{redact_text, sanitise};
use countersign_domain::identity::Right;
use jiff::Timestamp;

use super::row::is_soon;
use super::words;
use crate::dashboard::delegations::last_day;
use crate::dashboard::layout::{Moment, Phrase, Text};

/// What a person can do about a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decision {
    /// Whether anyone can still answer it.
    pub(crate) is_open: bool,
    /// Until when, and whether that is soon.
    pub(crate) left: Option<(Moment, bool)>,
    /// `None` if this person can answer; otherwise why not.
    pub(crate) why_not: Option<String>,
    /// What is open to this person beside a yes, also where they cannot say that.
    pub(crate) beside_yes: BesideYes,
    /// Why nobody can say enough, as things are: what is short, and where that is changed.
    pub(crate) out_of_reach: Option<OutOfReach>,
    /// In whose place they answer, if not in their own.
    pub(crate) in_place_of: Option<InPlace>,
    /// `press`, `confirm`, `notes` or `type`: what a yes takes, and how the page looks.
    pub(crate) friction: &'static str,
    /// What has to be typed.
    pub(crate) telltale: String,
    /// What the button does: `refund of 45.00 EUR to A. Lee`.
    pub(crate) effect: Phrase,
    /// What happens on a yes.
    pub(crate) runs: String,
    /// Who else has to agree after this person.
    pub(crate) others: Option<String>,
    /// The digest that the page shows.
    pub(crate) digest: String,
    /// The hash of the card that the page shows.
    pub(crate) presented: String,
    /// Answers that the agent has prepared: name and text.
    pub(crate) prepared: Vec<(Text, String, Text)>,
    /// Whether this person may withdraw it, and pause the agent.
    pub(crate) administers: bool,
    /// The agent's name, for a page about it.
    pub(crate) agent: String,
    /// What this person may say of a run whose end was not seen: as it is sent, and in words.
    pub(crate) settles: Vec<(&'static str, &'static str)>,
    /// Whether the agent still has to answer a question.
    pub(crate) question_open: bool,
}

/// What is open to a person beside a yes; later is more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum BesideYes {
    /// Neither a no nor a question.
    Nothing,
    /// A question: it is no answer, and takes no step-up.
    Question,
    /// A question and a no, also after a yes of theirs.
    QuestionOrNo,
}

impl BesideYes {
    fn of(approval: &Approval, who: Reviewer<'_>) -> Self {
        match (approval.admits(who), approval.may_ask(who)) {
            (Ok(_), _) => Self::QuestionOrNo,
            (Err(_), Ok(())) => Self::Question,
            (Err(_), Err(_)) => Self::Nothing,
        }
    }

    /// Whether they may say no.
    pub(crate) fn is_no(self) -> bool {
        self >= Self::QuestionOrNo
    }

    /// Whether they may ask the agent something.
    pub(crate) fn is_question(self) -> bool {
        self >= Self::Question
    }
}

/// That the people there are cannot say enough yeses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OutOfReach {
    /// What is short.
    pub(crate) why: String,
    /// What to do.
    pub(crate) next: String,
    /// Where an admin does it: what the link says, and where it leads.
    pub(crate) place: Option<(&'static str, &'static str)>,
}

impl OutOfReach {
    /// What is to be said of the stages that stay short.
    pub(in crate::dashboard::approvals) fn of(
        approval: &Approval,
        short: &[Shortfall],
        administers: bool,
    ) -> Self {
        let stages = short
            .iter()
            .filter_map(|short| Some((approval.requirements.stages.get(short.stage)?, short)));
        let stages: Vec<_> = stages.collect();
        let in_group = stages.iter().any(|(stage, _)| !stage.groups.is_empty());
        let place =
            if in_group { ("To the groups", "/groups") } else { ("To the people", "/people") };
        Self {
            why: words::short_of_people(&stages),
            next: words::more_people(in_group, administers).to_owned(),
            place: Some(place).filter(|_| administers),
        }
    }
}

/// In whose place a person answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InPlace {
    /// The address of the one who is away.
    pub(crate) whose: String,
    /// Until when, if that was said.
    pub(crate) until: Option<String>,
    /// Why.
    pub(crate) reason: Text,
}

impl InPlace {
    fn of(lent: &StandIn) -> Self {
        let terms = &lent.delegation().terms;
        Self {
            whose: lent.delegator().email.to_string(),
            until: terms.until.map(last_day),
            reason: Text::line(&terms.reason),
        }
    }
}

impl Decision {
    /// What this person can do now.
    pub(crate) fn of(approval: &Approval, who: Reviewer<'_>, now: Timestamp) -> Self {
        let proposal = approval.proposal();
        let friction = Friction::of(&approval.card, proposal);
        let over = approval.expires_at().is_some_and(|end| now >= end);
        let prepared = approval.card.responses.iter().filter_map(|response| {
            // What it fills in is then the person's own text: nothing may hide in it.
            let text = response.text.as_deref();
            let text = text.filter(|text| sanitise(text) == *text && redact_text(text) == *text)?;
            let title = response.title.as_deref().unwrap_or(&response.name);
            Some((Text::said(title), text.to_owned(), Text::said(text)))
        });
        Self {
            is_open: approval.state.decided_at().is_none() && !over,
            left: approval.expires_at().map(|end| (Moment::until(end), is_soon(end, now))),
            why_not: words::may_answer(approval, who).err(),
            beside_yes: BesideYes::of(approval, who),
            out_of_reach: None,
            in_place_of: words::stands_in(approval, who).map(InPlace::of),
            friction: match &friction {
                Friction::Press => "press",
                Friction::Confirm => "confirm",
                Friction::Notes => "notes",
                Friction::Type(_) => "type",
            },
            telltale: match &friction {
                Friction::Type(text) => sanitise(text),
                Friction::Press | Friction::Confirm | Friction::Notes => String::new(),
            },
            effect: Phrase::headline(&approval.headline()),
            runs: words::runs_how(approval),
            others: words::still_needed_after(approval, who),
            digest: approval.digest().to_string(),
            presented: approval.presented().to_string(),
            prepared: prepared.collect(),
            administers: who.person.role.may(Right::Administer),
            agent: approval.card.requester.name.clone(),
            settles: settles(approval, who),
            question_open: approval.open_question().is_some(),
        }
    }
}

/// Whoever may answer says how a run ended; to let it be tried again takes a yes.
fn settles(approval: &Approval, who: Reviewer<'_>) -> Vec<(&'static str, &'static str)> {
    if !who.person.role.may(Right::Answer) {
        return Vec::new();
    }
    let mut ways =
        vec![("succeeded", "It ran and succeeded"), ("failed", "It did not run, or failed")];
    if approval.admits(who).is_ok() {
        ways.push(("retry", "It did not run and may be tried once more"));
    }
    ways
}
