//! What is demanded of people, in the second evaluator's words.

use std::collections::BTreeSet;

use super::*;
use crate::approval::{Assurance, Level, OnTimeout, Requirements, Risk, Stage};
use crate::policy::document::OnTimeoutDocument;

#[expect(clippy::too_many_lines, reason = "one thing after the other, nothing shared")]
pub fn requirements(world: &World, notes: &Notes) -> Requirements {
    let settings = &world.settings;
    let mut out = Requirements {
        stages: Vec::new(),
        expires_in: settings.expires_in,
        use_within: settings.use_within,
        on_timeout: OnTimeout::Deny,
        assurance: Assurance::Session,
        self_approval: settings.self_approval,
        relayed: !notes.demands.is_empty(),
        notify: Vec::new(),
    };
    let mut expires = Vec::new();
    let mut within = Vec::new();
    let mut timeouts = Vec::new();
    let mut sure = Vec::new();
    let mut own = Vec::new();
    for demand in &notes.demands {
        for stage in &demand.stages {
            let who = |groups: &[String], people: &[crate::identity::Email]| {
                (
                    groups.iter().cloned().collect::<BTreeSet<_>>(),
                    people.iter().cloned().collect::<BTreeSet<_>>(),
                )
            };
            let wanted = who(&stage.groups, &stage.people);
            let same =
                out.stages.iter_mut().find(|s: &&mut Stage| who(&s.groups, &s.people) == wanted);
            if let Some(same) = same {
                same.need = same.need.max(stage.need);
            } else {
                let (groups, people) = (stage.groups.clone(), stage.people.clone());
                out.stages.push(Stage {
                    name: stage.name.clone(),
                    need: stage.need,
                    groups,
                    people,
                });
            }
        }
        expires.extend(demand.expires_in.map(|length| length.0));
        within.extend(demand.use_within.map(|length| length.0));
        timeouts.extend(demand.on_timeout.clone());
        sure.push(demand.assurance.unwrap_or(Assurance::Session));
        own.push(demand.self_approval.or(settings.self_approval));
        out.relayed &= demand.relayed == Some(true);
        for channel in &demand.notify {
            if !out.notify.contains(channel) {
                out.notify.push(channel.clone());
            }
        }
    }
    if out.stages.is_empty() {
        out.stages.push(Stage {
            name: "approvers".into(),
            need: 1,
            groups: vec![],
            people: vec![],
        });
    }
    out.expires_in = expires.into_iter().min().unwrap_or(out.expires_in);
    out.use_within = within.into_iter().min().unwrap_or(out.use_within);
    out.assurance = sure.into_iter().max().unwrap_or(out.assurance);
    out.self_approval = own.into_iter().min().unwrap_or(out.self_approval);
    out.relayed &= matches!(notes.risk, Some(Risk::Low | Risk::Medium));
    out.self_approval =
        out.self_approval.filter(|most| *most >= notes.risk.unwrap_or(settings.unrated_risk));
    if !timeouts.is_empty() && !timeouts.contains(&OnTimeoutDocument::Deny) {
        let levels: Vec<Level> = timeouts
            .iter()
            .flat_map(|said| match said {
                OnTimeoutDocument::Escalate(levels) => levels.clone(),
                _ => Vec::new(),
            })
            .map(|l| Level { after: l.after.0, groups: l.groups, people: l.people })
            .fold(Vec::new(), |mut all, level| {
                if !all.contains(&level) {
                    all.push(level);
                }
                all
            });
        out.on_timeout =
            if levels.is_empty() { OnTimeout::Keep } else { OnTimeout::Escalate(levels) };
    }
    out
}
