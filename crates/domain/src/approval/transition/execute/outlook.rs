//! Whether a request that waits asks less of people than policy demands now.
//!
//! What was frozen into it stays as it is. A yes that does not reach what is demanded is stopped when it is to be used, and
//! whoever says it should know that before.

use super::Demanded;
use super::shortfall::means;
use crate::approval::{Approval, Stage};

impl Approval {
    /// What policy demands now beyond what this request asks of people, if anything.
    pub fn asks_less_than(&self, demanded: Demanded<'_>) -> Option<String> {
        let (then, now) = (&self.requirements, demanded.requirements);
        let mut lacking = Vec::new();
        if let Some(risk) = demanded.risk.filter(|risk| *risk > self.card.risk) {
            lacking.push(format!("it is rated {risk} now, and asked as {}", self.card.risk));
        }
        if now.assurance > then.assurance {
            lacking.push(format!("answers take {} now", means(now.assurance)));
        }
        match now.people_needed().saturating_sub(then.people_needed()) {
            0 => {}
            1 => lacking.push("1 more person has to agree now".to_owned()),
            more => lacking.push(format!("{more} more people have to agree now")),
        }
        let stages = self.with_those_who_were_added(now);
        lacking.extend(stages.iter().filter_map(|stage| self.asks_fewer_of(stage)));
        (!lacking.is_empty()).then(|| format!("policy demands more by now: {}", lacking.join("; ")))
    }

    /// That this request asks fewer of the people of a stage than that needs.
    fn asks_fewer_of(&self, stage: &Stage) -> Option<String> {
        let frozen = &self.requirements.stages;
        let same = |then: &&Stage| (&then.groups, &then.people) == (&stage.groups, &stage.people);
        let asked = if stage.groups.is_empty() && stage.people.is_empty() {
            // Whoever else has to agree is one of them.
            self.requirements.people_needed()
        } else {
            frozen.iter().filter(same).map(|then| then.need.max(1)).max().unwrap_or_default()
        };
        let (need, name) = (stage.need.max(1), &stage.name);
        (asked < need).then(|| format!("{need} of `{name}` have to agree, and {asked} are asked"))
    }
}
