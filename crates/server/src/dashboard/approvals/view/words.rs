//! Every sentence that pages say about a request, together, so that the wording can be read in one place.

use countersign_domain::PersonId;
use countersign_domain::approval::{
    Answer, AnsweredBy, Approval, ApprovalError, Assurance, Execution, Means, Origin, PersonRef,
    Reviewer, Say, Shortfall, Stage, StandIn, State,
};
use countersign_domain::identity::Person;
use countersign_domain::policy::AutoBy;
use jiff::SignedDuration;

use crate::dashboard::layout::{Moment, Phrase, sentence};

/// Where a request stands, in a word and a class.
pub(in crate::dashboard::approvals) fn standing(
    approval: &Approval,
) -> (&'static str, &'static str) {
    match &approval.state {
        State::Pending { .. } if approval.open_question().is_some() => {
            ("question", "Question open")
        }
        State::Pending { .. } => ("pending", "Pending"),
        State::Approved { execution, .. } => match execution {
            Execution::Unused => ("approved", "Approved"),
            Execution::Running { .. } => ("running", "Running"),
            Execution::Succeeded { .. } => ("succeeded", "Ran"),
            Execution::Failed { .. } => ("failed", "Run failed"),
            Execution::Unknown { .. } => ("unknown", "Run unknown"),
            Execution::Lapsed { .. } => ("lapsed", "Not used in time"),
            Execution::Revoked { .. } => ("revoked", "Taken back"),
        },
        State::Denied { .. } => ("denied", "Denied"),
        State::Expired { .. } => ("expired", "Expired"),
        State::Canceled { .. } => ("canceled", "Withdrawn"),
    }
}

/// What the agent does, did or would have done, as it stands between its name and the action, and what is to be
/// said after that.
pub(in crate::dashboard::approvals) fn deed(approval: &Approval) -> (&'static str, &'static str) {
    match &approval.state {
        State::Pending { .. } => ("wants to run", ""),
        State::Approved { execution, .. } => match execution {
            Execution::Unused => ("may run", ""),
            Execution::Running { .. } => ("runs", ""),
            Execution::Succeeded { .. } => ("ran", ""),
            Execution::Failed { .. } => ("ran", "; it failed"),
            Execution::Unknown { .. } => ("may have run", ""),
            Execution::Lapsed { .. } => ("would have run", "; the yes was not used in time"),
            Execution::Revoked { .. } => ("would have run", "; the yes was taken back"),
        },
        State::Denied { .. } => ("would have run", "; it was denied"),
        State::Expired { .. } => ("would have run", "; nobody answered in time"),
        State::Canceled { .. } => ("would have run", "; it was withdrawn"),
    }
}

/// By whom it was decided, as it stands after "approved by".
pub(in crate::dashboard::approvals) fn decided_by(by: &AnsweredBy) -> String {
    match by {
        AnsweredBy::Person(person) => person.email.to_string(),
        AnsweredBy::Relayed { by, of } => format!("{}, as {} reported", of.email, by.name),
        AnsweredBy::Auto(AutoBy::TrustBudget(name)) => format!("the trust budget {name}"),
        AnsweredBy::Auto(AutoBy::Grant(name)) => format!("the grant {name}"),
        AnsweredBy::Timeout => "the clock".to_owned(),
    }
}

/// What became of a decided request, in one line; `None` while it is pending.
pub(in crate::dashboard::approvals) fn verdict(approval: &Approval) -> Option<(String, Moment)> {
    let whose = |by: String| answered_for(&by, approval.decided_in_place_of());
    let (text, at) = match &approval.state {
        State::Pending { .. } => return None,
        State::Approved { at, by, .. } => {
            let edited = if approval.edits.is_empty() { "" } else { ", with edits" };
            (format!("Approved by {}{edited}", whose(decided_by(by))), at)
        }
        State::Denied { at, by, .. } => (format!("Denied by {}", whose(decided_by(by))), at),
        State::Expired { at } => ("Nobody answered in time, so nothing runs".to_owned(), at),
        State::Canceled { at, .. } => ("Withdrawn; nothing runs".to_owned(), at),
    };
    Some((text, Moment::at(*at)))
}

/// What became of the run.
pub(in crate::dashboard::approvals) fn run(execution: &Execution) -> Phrase {
    let text = match execution {
        Execution::Unused => "Nothing ran yet. The agent can use this yes once.".to_owned(),
        Execution::Running { .. } => "The agent used this yes: it runs now.".to_owned(),
        Execution::Succeeded { .. } => "It ran and succeeded.".to_owned(),
        Execution::Failed { .. } => "It ran and failed.".to_owned(),
        Execution::Unknown { .. } => {
            "It was started, and its end was not seen: we do not know whether it ran.".to_owned()
        }
        Execution::Lapsed { .. } => "The yes was not used in time. Nothing ran.".to_owned(),
        Execution::Revoked { reason, .. } => {
            format!("The yes was taken back before it was used, so nothing ran: {reason}.")
        }
    };
    Phrase::ticked(&text)
}

/// Who runs it, and until when, said before a yes.
pub(in crate::dashboard::approvals) fn runs_how(approval: &Approval) -> String {
    let needed = approval.requirements.people_needed();
    let missing = needed.saturating_sub(approval.tally().have.iter().sum());
    if missing > 1 {
        return format!(
            "{missing} yeses are missing, and yours would be one of them: nothing runs before all are said."
        );
    }
    match approval.card.origin {
        Origin::Check | Origin::Ask => {
            let within = length(approval.requirements.use_within);
            format!(
                "The agent is told at once, and runs it itself. The yes is good for one run, within {within}."
            )
        }
        Origin::Call => "The agent’s call waits: it runs at once when you approve.".to_owned(),
    }
}

/// A length of time in its largest whole unit.
fn length(time: SignedDuration) -> String {
    let minutes = time.as_mins();
    match minutes {
        0 => format!("{} s", time.as_secs()),
        m if m % 1440 == 0 => format!("{} d", m / 1440),
        m if m % 60 == 0 => format!("{} h", m / 60),
        m => format!("{m} min"),
    }
}

/// Whose yes is still missing, in a few words.
pub(in crate::dashboard::approvals) fn still_needed(approval: &Approval) -> Option<String> {
    lacking(&approval.requirements.stages, &approval.tally().have)
}

/// Whose yes would still be missing after the one of this person.
pub(in crate::dashboard::approvals) fn still_needed_after(
    approval: &Approval,
    who: Reviewer<'_>,
) -> Option<String> {
    lacking(&approval.requirements.stages, &approval.tally_after(who).have)
}

/// Whose yes an edited version takes, where it takes more than one: whoever edits does not count then, and what
/// was said about the version before does not, either.
pub(in crate::dashboard::approvals) fn needed_of_others(approval: &Approval) -> Option<String> {
    let stages = &approval.requirements.stages;
    let needed: usize = stages.iter().map(|stage| stage.need.max(1)).sum();
    lacking(stages, &vec![0; stages.len()]).filter(|_| needed > 1)
}

/// What is said of an answer that decided nothing yet. Whoever proposes another version has not agreed to it.
pub(in crate::dashboard::approvals) fn kept(approval: &Approval, by: PersonId) -> String {
    let own = approval.answers.iter().rev().find(|answer| answer.by.id == by);
    let counts = own.is_none_or(|answer| answer.counts);
    match (still_needed(approval), counts) {
        (Some(missing), true) => format!("Your yes is kept; nothing runs before {missing}"),
        (Some(missing), false) => {
            format!("Your version is kept, and is no yes of yours; nothing runs before {missing}")
        }
        (None, _) => "Your answer is kept; it waits for others".to_owned(),
    }
}

fn lacking(stages: &[Stage], have: &[usize]) -> Option<String> {
    let missing = |(stage, have): (&Stage, &usize)| {
        let missing = stage.need.max(1).saturating_sub(*have);
        (missing > 0).then(|| format!("{missing} more from {}", who_counts(stage)))
    };
    let lines: Vec<String> = stages.iter().zip(have).filter_map(missing).collect();
    (!lines.is_empty()).then(|| countersign_domain::display::sanitise(&lines.join("; ")))
}

/// Which stages the people there are cannot fill.
pub(in crate::dashboard::approvals) fn short_of_people(stages: &[(&Stage, &Shortfall)]) -> String {
    let line = |(stage, short): &(&Stage, &Shortfall)| {
        let s = if short.need == 1 { "" } else { "es" };
        let can = match short.can {
            0 => "none can be had".to_owned(),
            can => format!("only {can} can be had"),
        };
        format!("{} needs {} yes{s}, and {can} from the people there are", stage.name, short.need)
    };
    let lines: Vec<String> = stages.iter().map(line).collect();
    countersign_domain::display::sanitise(&lines.join("; "))
}

/// What helps then.
pub(in crate::dashboard::approvals) const fn more_people(
    in_group: bool,
    administers: bool,
) -> &'static str {
    match (in_group, administers) {
        (true, true) => {
            "Add somebody to the group, or deny or withdraw it: until then it waits in vain. Whoever stands behind a request does not count"
        }
        (false, true) => {
            "Invite another approver, or deny or withdraw it: until then it waits in vain. Whoever stands behind a request does not count"
        }
        (_, false) => {
            "Tell an admin, who can add people, or deny it: until then it waits in vain. Whoever stands behind a request does not count"
        }
    }
}

/// Why this person cannot answer it.
pub(in crate::dashboard::approvals) fn why_not(error: &ApprovalError) -> String {
    sentence(&error.to_string())
}

/// Whether this person can answer, and otherwise why not.
pub(in crate::dashboard::approvals) fn may_answer(
    approval: &Approval,
    who: Reviewer<'_>,
) -> Result<(), String> {
    if approval.admits(who).is_ok() && has_approved(approval, who.person) {
        return Err("You have approved it; it waits for others".to_owned());
    }
    approval.seat_for_yes(who).map(|_| ()).map_err(|error| why_not(&error))
}

/// In whose place this person would answer, if not in their own.
pub(in crate::dashboard::approvals) fn stands_in<'a>(
    approval: &Approval,
    who: Reviewer<'a>,
) -> Option<&'a StandIn> {
    let seat = approval.seat_for_yes(who).ok()?.in_place_of?;
    who.stands_in.iter().find(|lent| lent.delegation().id == seat.delegation)
}

/// Who answered, and in whose place, if not in their own.
pub(in crate::dashboard::approvals) fn answered_for(by: &str, of: Option<&PersonRef>) -> String {
    match of {
        Some(of) => format!("{by} for {}", of.email),
        None => by.to_owned(),
    }
}

/// Whether their yes to what stands now is there already.
pub(in crate::dashboard::approvals) fn has_approved(approval: &Approval, person: &Person) -> bool {
    let version = approval.edits.len();
    let said =
        |a: &Answer| a.by.id == person.id && a.version == version && matches!(a.say, Say::Approve);
    approval.answers.iter().any(said)
}

/// Who answered, in whose place, and who says so, if not they themselves.
pub(in crate::dashboard::approvals) fn who_answered(answer: &Answer) -> String {
    let of = answer.in_place_of.as_ref().map(|of| &of.person);
    let who = answered_for(answer.by.email.as_str(), of);
    match &answer.relayed_by {
        Some(agent) => format!("{who}, as {} reported", agent.name),
        None => who,
    }
}

/// Who counts in a stage.
pub(in crate::dashboard::approvals) fn who_counts(stage: &Stage) -> String {
    let people = stage.people.iter().map(ToString::to_string);
    let who: Vec<String> = stage.groups.iter().cloned().chain(people).collect();
    if who.is_empty() { "any approver".to_owned() } else { who.join(", ") }
}

/// How an answer was given.
pub(in crate::dashboard::approvals) fn how(answer: &Answer) -> &'static str {
    match (answer.assurance, answer.proof.as_ref().map(|proof| &proof.means)) {
        (Assurance::Relayed, _) => "told by an agent",
        (Assurance::Channel, _) => "in a chat channel",
        (Assurance::Session, _) => "signed in",
        (Assurance::StepUp, Some(Means::Passkey { .. })) => "signed with a passkey",
        (Assurance::StepUp, Some(Means::Code)) => "confirmed with a one-time code",
        (Assurance::StepUp, None) => "confirmed for this answer",
    }
}
