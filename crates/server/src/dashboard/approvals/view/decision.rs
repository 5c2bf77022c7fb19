//! What a person can do about a request, and what it takes.

use countersign_domain::approval::{Approval, Friction, Reviewer, StandIn};
use countersign_domain::display::sanitise;
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
            let text = response.text.as_deref().filter(|text| sanitise(text) == *text)?;
            let title = response.title.as_deref().unwrap_or(&response.name);
            Some((Text::said(title), text.to_owned(), Text::said(text)))
        });
        Self {
            is_open: approval.state.decided_at().is_none() && !over,
            left: approval.expires_at().map(|end| (Moment::until(end), is_soon(end, now))),
            why_not: words::may_answer(approval, who).err(),
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
