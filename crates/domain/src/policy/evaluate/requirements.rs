//! What rules demand of people, put together: everything is added up, and the strictest of each holds.

use std::collections::BTreeSet;

use crate::Settings;
use crate::approval::{Assurance, Level, OnTimeout, Requirements, Risk, Stage};
use crate::policy::document::{ApprovalDemand, LevelDocument, OnTimeoutDocument, StageDocument};

/// What is demanded in all. Where no rule says otherwise the settings hold; what a rule does not speak of it
/// leaves to the others, except that silence never permits anything.
pub(super) fn merge(
    settings: &Settings,
    demands: &[&ApprovalDemand],
    risk: Option<Risk>,
) -> Requirements {
    let shortest = |of: fn(&ApprovalDemand) -> Option<crate::policy::document::Length>| {
        demands.iter().filter_map(|demand| of(demand)).min().map(|length| length.0)
    };
    Requirements {
        stages: stages(demands),
        expires_in: shortest(|demand| demand.expires_in).unwrap_or(settings.expires_in),
        use_within: shortest(|demand| demand.use_within).unwrap_or(settings.use_within),
        on_timeout: on_timeout(demands),
        assurance: assurance(demands),
        self_approval: self_approval(settings, demands, risk),
        relayed: relayed(demands, risk),
        notify: notify(demands),
    }
}

/// Stages of equal people are one, and the larger need holds.
fn stages(demands: &[&ApprovalDemand]) -> Vec<Stage> {
    let mut stages: Vec<Stage> = Vec::new();
    for stage in demands.iter().flat_map(|demand| &demand.stages) {
        let same = stages.iter_mut().find(|other| same_people(other, stage));
        match same {
            Some(other) => other.need = other.need.max(stage.need),
            None => stages.push(Stage {
                name: stage.name.clone(),
                need: stage.need,
                groups: stage.groups.clone(),
                people: stage.people.clone(),
            }),
        }
    }
    if stages.is_empty() { vec![Stage::any_approver()] } else { stages }
}

fn same_people(one: &Stage, other: &StageDocument) -> bool {
    let groups = |groups: &[String]| groups.iter().cloned().collect::<BTreeSet<_>>();
    let people =
        |people: &[crate::identity::Email]| people.iter().cloned().collect::<BTreeSet<_>>();
    groups(&one.groups) == groups(&other.groups) && people(&one.people) == people(&other.people)
}

/// A no outweighs asking others, and both outweigh waiting for ever.
fn on_timeout(demands: &[&ApprovalDemand]) -> OnTimeout {
    let stated: Vec<_> = demands.iter().filter_map(|demand| demand.on_timeout.as_ref()).collect();
    if stated.is_empty() || stated.contains(&&OnTimeoutDocument::Deny) {
        return OnTimeout::Deny;
    }
    let mut levels: Vec<Level> = Vec::new();
    for said in stated {
        if let OnTimeoutDocument::Escalate(more) = said {
            let fresh: Vec<_> = more.iter().map(level).filter(|l| !levels.contains(l)).collect();
            levels.extend(fresh);
        }
    }
    if levels.is_empty() { OnTimeout::Keep } else { OnTimeout::Escalate(levels) }
}

fn level(level: &LevelDocument) -> Level {
    Level { after: level.after.0, groups: level.groups.clone(), people: level.people.clone() }
}

/// A demand that names no assurance takes a signed-in person.
fn assurance(demands: &[&ApprovalDemand]) -> Assurance {
    let named = |demand: &&ApprovalDemand| demand.assurance.unwrap_or(Assurance::Session);
    demands.iter().map(named).max().unwrap_or(Assurance::Session)
}

/// The risk is that which policy sees, whatever the agent itself thinks of it.
fn self_approval(
    settings: &Settings,
    demands: &[&ApprovalDemand],
    risk: Option<Risk>,
) -> Option<Risk> {
    let stated = |demand: &&ApprovalDemand| demand.self_approval.or(settings.self_approval);
    let most = demands.iter().map(stated).min().unwrap_or(settings.self_approval);
    most.filter(|most| *most >= settings.risk(risk, None))
}

/// What no rule has rated counts as high here, whatever else is set for it, and of that nothing is relayed.
fn relayed(demands: &[&ApprovalDemand], risk: Option<Risk>) -> bool {
    let permitted = demands.iter().all(|demand| demand.relayed == Some(true));
    !demands.is_empty() && permitted && risk.unwrap_or(Risk::High) < Risk::High
}

fn notify(demands: &[&ApprovalDemand]) -> Vec<String> {
    let mut channels: Vec<String> = Vec::new();
    for channel in demands.iter().flat_map(|demand| &demand.notify) {
        if !channels.contains(channel) {
            channels.push(channel.clone());
        }
    }
    channels
}
