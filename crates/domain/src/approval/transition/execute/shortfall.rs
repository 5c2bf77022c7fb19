//! Whether the yeses that were given are enough for what policy demands now.
//!
//! A rule can be tightened between a yes and its use, and then the stricter of then and now holds. What was frozen
//! was met when the last yes was said; here the same yeses are held against what is demanded now, and count for
//! it as they would if they were said now. Nothing here makes anything easier: what policy no longer demands was
//! demanded when people answered.

use jiff::{SignedDuration, Timestamp};

use crate::PersonId;
use crate::approval::{
    Answer, AnsweredBy, Approval, Assurance, OnTimeout, Requirements, Risk, Stage, State, Yes,
    tally,
};
use crate::identity::{Email, Person};

/// What policy demands of people now.
#[derive(Debug, Clone, Copy)]
pub struct Demanded<'a> {
    /// Who must say yes, and how surely.
    pub requirements: &'a Requirements,
    /// The least risk that policy sees.
    pub risk: Option<Risk>,
}

impl Approval {
    /// Why the yes does not reach what is demanded now, if so. `person` knows people as they are now.
    pub fn falls_short<'p>(
        &self,
        demanded: Demanded<'_>,
        person: impl Fn(PersonId) -> Option<&'p Person>,
        now: Timestamp,
    ) -> Option<String> {
        self.was_automatic()
            .or_else(|| self.was_less_risky(demanded.risk))
            .or_else(|| self.is_too_old_for(demanded.requirements, now))
            .or_else(|| self.has_too_few_yeses(demanded.requirements, person))
    }

    fn was_automatic(&self) -> Option<String> {
        let Some(AnsweredBy::Auto(by)) = self.answered_by() else { return None };
        let grant = by.grant();
        Some(format!(
            "policy now demands a person, and it was the grant `{grant}` that approved it"
        ))
    }

    /// People said yes to what they were told: with less at stake, less is looked at.
    fn was_less_risky(&self, floor: Option<Risk>) -> Option<String> {
        let (now, then) = (floor?, self.card.risk);
        (now > then)
            .then(|| format!("policy now rates it {now}, and people said yes to it as {then}"))
    }

    fn is_too_old_for(&self, demanded: &Requirements, now: Timestamp) -> Option<String> {
        let State::Approved { use_by, .. } = &self.state else { return None };
        let within = demanded.use_within;
        let shorter = self.requirements.use_within.saturating_sub(within);
        // The end is moved, not counted anew: whoever let a run be tried once more gave it the whole time again.
        let is_over = shorter > SignedDuration::ZERO
            && !use_by.checked_sub(shorter).is_ok_and(|end| now < end);
        is_over.then(|| format!("policy now gives {within:#} to use a yes, and that time is over"))
    }

    fn has_too_few_yeses<'p>(
        &self,
        demanded: &Requirements,
        person: impl Fn(PersonId) -> Option<&'p Person>,
    ) -> Option<String> {
        let stages = self.with_those_who_were_added(demanded);
        let mut objections = Vec::new();
        let mut yeses = Vec::new();
        for answer in self.counting_answers() {
            match self.objection(answer, demanded) {
                Some(why) => objections.push(why),
                None => yeses.push((answer, self.filled_by(answer, &stages, &person))),
            }
        }
        let yes = |answer: &Answer| (answer.by.id, answer.voice());
        let counted: Vec<_> = yeses
            .iter()
            .map(|(answer, stages)| (yes(answer), stages.as_slice()))
            .map(|((person, voice), stages)| Yes { person, voice, stages })
            .collect();
        let tally = tally(&stages, &counted);
        if tally.met {
            return None;
        }
        let lacking = |(stage, have): (&Stage, &usize)| {
            let (need, name) = (stage.need.max(1), &stage.name);
            (*have < need).then(|| {
                format!("policy now demands {need} of `{name}`, and {have} of the yeses counts")
            })
        };
        let lacking = stages.iter().zip(&tally.have).filter_map(lacking);
        Some(lacking.chain(objections).collect::<Vec<_>>().join("; "))
    }

    /// The stages that a yes fills as people are now. What was said in someone's place fills only what that
    /// place was lent for: a stage of the same people as one that admitted it then.
    fn filled_by<'p>(
        &self,
        answer: &Answer,
        stages: &[Stage],
        person: impl Fn(PersonId) -> Option<&'p Person>,
    ) -> Vec<usize> {
        let admitted = admitting(stages, person(answer.voice()));
        if answer.in_place_of.is_none() {
            return admitted;
        }
        let frozen = &self.requirements.stages;
        let then: Vec<&Stage> = answer.stages.iter().filter_map(|at| frozen.get(*at)).collect();
        let was_lent = |index: &usize| {
            let now = stages.get(*index);
            let same = |was: &&Stage| {
                now.is_some_and(|now| (&was.groups, &was.people) == (&now.groups, &now.people))
            };
            then.iter().any(same)
        };
        admitted.into_iter().filter(was_lent).collect()
    }

    /// Why a yes does not count any more, whoever says it.
    fn objection(&self, answer: &Answer, demanded: &Requirements) -> Option<String> {
        let who = &answer.by.email;
        if let Some(agent) = &answer.relayed_by {
            let permitted = demanded.relayed && demanded.assurance < Assurance::StepUp;
            let why = || {
                format!(
                    "`{}` reported the yes of {who}, and a report is no longer enough",
                    agent.name
                )
            };
            return (!permitted).then(why);
        }
        let least =
            if self.card.risk >= Risk::High { Assurance::Channel } else { Assurance::Relayed };
        let needed = demanded.assurance.max(least);
        if answer.assurance < needed {
            let (given, needed) = (means(answer.assurance), means(needed));
            return Some(format!("{who} answered by {given}, and {needed} is demanded now"));
        }
        let permitted = demanded.self_approval.is_some_and(|most| self.card.risk <= most);
        (answer.self_approved && !permitted).then(|| {
            format!("{who} stands behind the request, and may no longer answer it themselves")
        })
    }

    /// The stages that are demanded now, with the people whom time added: those of levels that were reached.
    pub(super) fn with_those_who_were_added(&self, demanded: &Requirements) -> Vec<Stage> {
        let mut stages = demanded.stages.clone();
        let OnTimeout::Escalate(levels) = &demanded.on_timeout else { return stages };
        for level in levels.iter().filter(|level| self.reached(&level.groups, &level.people)) {
            for stage in stages.iter_mut().filter(|stage| names_people(stage)) {
                stage.groups.extend(level.groups.iter().cloned());
                stage.people.extend(level.people.iter().cloned());
            }
        }
        stages
    }

    /// Whether these were added to every stage that names people.
    fn reached(&self, groups: &[String], people: &[Email]) -> bool {
        let holds = |stage: &Stage| {
            groups.iter().all(|group| stage.groups.contains(group))
                && people.iter().all(|person| stage.people.contains(person))
        };
        let mut naming =
            self.requirements.stages.iter().filter(|stage| names_people(stage)).peekable();
        naming.peek().is_some() && naming.all(holds)
    }
}

/// The stages that admit this person as they are now; none for somebody who is gone.
fn admitting(stages: &[Stage], person: Option<&Person>) -> Vec<usize> {
    let admits = |(_, stage): &(usize, &Stage)| person.is_some_and(|person| stage.admits(person));
    stages.iter().enumerate().filter(admits).map(|(index, _)| index).collect()
}

const fn names_people(stage: &Stage) -> bool {
    !stage.groups.is_empty() || !stage.people.is_empty()
}

pub(super) const fn means(assurance: Assurance) -> &'static str {
    match assurance {
        Assurance::Relayed => "an agent's report",
        Assurance::Channel => "a chat message",
        Assurance::Session => "signing in",
        Assurance::StepUp => "a passkey or one-time code for this very answer",
    }
}
