//! A second evaluator. It shares nothing with the real one but the documents: no index, nothing made ready,
//! no condition compiled; every rule is looked at, one after the other, in the words of the documentation.

mod basics;
mod limits;
mod people;

use self::basics::*;
use self::limits::*;
use self::people::requirements;

use serde_json::Value;

use crate::approval::{Assurance, Requirements, Risk};
use crate::identity::AgentStatus;
use crate::policy::document::{
    AgentDocument, ApprovalDemand, Document, Grant, PolicyDefault, Rule, RuleEffect, Tool, Window,
};
use crate::policy::fixtures::Matter;
use crate::policy::{Charge, Counter, Decision, Effect, Permission, Purpose, Quantity};
use crate::{Money, Settings};

/// Everything there is, as it was written.
#[derive(Debug, Clone)]
pub struct World {
    pub settings: Settings,
    pub permissions: Vec<Permission>,
    pub documents: Vec<Document>,
}

/// What the second evaluator says.
#[derive(Debug, PartialEq)]
pub struct Answer {
    pub decision: Decision,
    pub code: String,
    pub requirements: Requirements,
    pub charges: Vec<Charge>,
    pub attempts: Vec<Charge>,
}

#[derive(Default)]
pub struct Notes {
    deny: Option<&'static str>,
    deny_own: Option<String>,
    asks: Vec<String>,
    people_only: bool,
    allow: Option<String>,
    risk: Option<Risk>,
    demands: Vec<ApprovalDemand>,
    /// With the limit when a person said yes, and the limit alone.
    charges: Vec<(Charge, Option<Quantity>)>,
    attempts: Vec<Charge>,
}

pub fn answer(world: &World, matter: &Matter) -> Answer {
    let mut notes = Notes::default();
    look(world, matter, &mut notes);
    let granted =
        if notes.deny.is_none() && !notes.asks.is_empty() && matter.purpose == Purpose::Ask {
            grant(world, matter, &notes)
        } else {
            None
        };
    let code = notes.deny_own.clone().or_else(|| notes.deny.map(str::to_owned));
    let (decision, code) = match (code, &granted) {
        (Some(code), _) => (Decision::Deny, code),
        (None, Some((code, charges))) => {
            notes.charges.extend(charges.iter().map(|charge| (charge.clone(), charge.limit)));
            (Decision::Allow, (*code).to_owned())
        }
        (None, None) => match (notes.asks.first(), &notes.allow) {
            (Some(code), _) => (Decision::Escalate, code.clone()),
            (None, Some(code)) => (Decision::Allow, code.clone()),
            (None, None) => panic!("somebody has to say something"),
        },
    };
    let charges = notes.charges.iter().map(|(charge, alone)| match decision {
        Decision::Allow => Charge { limit: *alone, ..charge.clone() },
        Decision::Escalate | Decision::Deny => charge.clone(),
    });
    Answer {
        decision,
        code,
        requirements: requirements(world, &notes),
        charges: if decision == Decision::Deny { Vec::new() } else { charges.collect() },
        attempts: if decision == Decision::Deny || matter.purpose == Purpose::Use {
            Vec::new()
        } else {
            notes.attempts
        },
    }
}

type Step = fn(&World, &Matter, Option<&AgentDocument>, &mut Notes);

fn look(world: &World, matter: &Matter, notes: &mut Notes) {
    let action = matter.proposal.action.as_str();
    let document = world.documents.iter().find_map(|d| match d {
        Document::Agent(agent) if agent.name == matter.agent.name => Some(agent),
        _ => None,
    });
    let off = AgentStatus::Inactive;
    if matter.agent.status == off || document.is_some_and(|d| d.status == off) {
        notes.deny = Some("AGENT_INACTIVE");
        return;
    }
    if let Some(manifest) = document.and_then(|d| d.manifest.as_ref()) {
        if manifest.status == off {
            notes.deny = Some("MANIFEST_INACTIVE");
            return;
        }
        if !manifest.actions.iter().any(|pattern| covers(pattern.as_str(), action)) {
            notes.deny = Some("ACTION_NOT_ALLOWED");
            return;
        }
    }
    let steps: [Step; 7] = [tools, amounts, other_side, hours, rate, budgets, rules];
    for step in steps {
        step(world, matter, document, notes);
        if notes.deny.is_some() || notes.deny_own.is_some() {
            return;
        }
    }
}

fn tools(world: &World, matter: &Matter, document: Option<&AgentDocument>, notes: &mut Notes) {
    let action = matter.proposal.action.as_str();
    let tools = concerned(world, matter);
    let with_schema: Vec<_> = tools.iter().filter(|tool| tool.input_schema.is_some()).collect();
    // The schemas of these worlds only ever demand that `amount` is a number.
    let fits = matter.proposal.params.get("amount").is_some_and(Value::is_number);
    if !with_schema.is_empty() && !fits {
        notes.deny = Some("PARAMS_INVALID");
        return;
    }
    notes.risk = tools.iter().map(|tool| tool.risk).max().flatten();
    let named = matter.proposal.tool.as_ref().map(|tool| tool.name.clone());
    let for_other = tools
        .iter()
        .any(|tool| Some(&tool.name) == named.as_ref() && !covers(tool.action.as_str(), action));
    let permitted = document.and_then(|d| d.manifest.as_ref()?.tools.as_ref());
    let outside = permitted.is_some_and(|permitted| {
        let covered = |name: &str| permitted.iter().any(|pattern| in_any_case(pattern, name));
        match &named {
            Some(name) => !covered(name),
            None => tools.iter().any(|tool| !covered(&tool.name)),
        }
    });
    let off = tools.iter().any(|tool| tool.status == AgentStatus::Inactive);
    let imitates = named.as_ref().is_some_and(|name| imitates_a_tool(world, name));
    if off || for_other || imitates || outside {
        notes.deny = Some("TOOL_NOT_AUTHORIZED");
        return;
    }
    let permissions = permissions(world, matter);
    let says = |effect: Effect| permissions.iter().any(|p| p.effect == effect);
    if says(Effect::Deny) {
        notes.deny = Some("POLICY_DENIED");
        return;
    }
    if says(Effect::RequiresApproval) {
        notes.asks.push("REQUIRES_APPROVAL".into());
    }
    let needs = document.and_then(|d| d.manifest.as_ref());
    if needs.is_some_and(|m| m.requires_approval.iter().any(|p| covers(p.as_str(), action))) {
        notes.asks.push("REQUIRES_APPROVAL".into());
        notes.people_only = true;
    }
    if permitted.is_some() && named.is_none() && tools.is_empty() {
        notes.asks.push("REQUIRES_APPROVAL".into());
        notes.people_only = true;
    }
    if tools.iter().any(|tool| tool.sensitive) {
        notes.asks.push("SENSITIVE_TOOL".into());
        notes.people_only = true;
    }
    if says(Effect::Allow) {
        notes.allow = Some("ALLOWED_BY_POLICY".into());
    } else if !tools.is_empty() && tools.iter().all(|tool| tool.annotations.read_only) {
        notes.allow = Some("READ_ONLY".into());
    }
}

pub fn concerned<'a>(world: &'a World, matter: &Matter) -> Vec<&'a Tool> {
    let action = matter.proposal.action.as_str();
    let stands = |tool: &Tool| covers(tool.action.as_str(), action);
    let all = || {
        world.documents.iter().filter_map(|d| match d {
            Document::Tool(tool) => Some(tool),
            _ => None,
        })
    };
    let named =
        matter.proposal.tool.as_ref().and_then(|named| all().find(|tool| tool.name == named.name));
    match named {
        Some(named) if stands(named) => vec![named],
        Some(named) => std::iter::once(named).chain(all().filter(|tool| stands(tool))).collect(),
        None => all().filter(|tool| stands(tool)).collect(),
    }
}

pub fn permissions<'a>(world: &'a World, matter: &Matter) -> Vec<&'a Permission> {
    let covering = |p: &&Permission| {
        p.agent == matter.agent.id && covers(p.pattern.as_str(), matter.proposal.action.as_str())
    };
    world.permissions.iter().filter(covering).collect()
}

fn rules(world: &World, matter: &Matter, _: Option<&AgentDocument>, notes: &mut Notes) {
    let mut said = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for rule in all_rules(world) {
        let perhaps = may_speak(world, rule, matter);
        if !speaks(world, rule, matter) && !perhaps {
            continue;
        }
        match (condition(rule.when.as_deref(), matter), rule.verdict) {
            (Some(false), _) => continue,
            (None, _) => said.3.push(rule),
            (Some(true), _) if perhaps => said.3.push(rule),
            (Some(true), RuleEffect::Deny) => said.0.push(rule),
            (Some(true), RuleEffect::Escalate) => said.1.push(rule),
            (Some(true), RuleEffect::Allow) => said.2.push(rule),
        }
        notes.risk = notes.risk.max(rule.risk);
    }
    let code = |rule: &Rule, or: &str| {
        rule.reason_code.as_ref().map_or(or.to_owned(), ToString::to_string)
    };
    if let Some(rule) = said.0.first() {
        notes.deny_own = Some(code(rule, "POLICY_DENIED"));
        return;
    }
    for rule in &said.1 {
        let or = match (rule.trust_at_most, rule.risk) {
            (Some(_), _) => "TRUST_LEVEL",
            (None, Some(Risk::High | Risk::Critical)) => "HIGH_RISK_ACTION",
            (None, _) => "REQUIRES_APPROVAL",
        };
        notes.asks.push(code(rule, or));
        if let Some(demand) = &rule.approval {
            notes.people_only |=
                demand.grants == Some(false) || demand.assurance == Some(Assurance::StepUp);
            notes.demands.push(demand.clone());
        }
    }
    for rule in &said.3 {
        notes.asks.push("REQUIRES_APPROVAL".into());
        notes.people_only = true;
        notes.demands.extend(rule.approval.clone());
    }
    if !said.1.is_empty() || !said.3.is_empty() {
        return;
    }
    if let Some(rule) = said.2.first() {
        notes.allow = Some(code(rule, "ALLOWED_BY_POLICY"));
        return;
    }
    if !permissions(world, matter).is_empty() {
        return;
    }
    match (default(world), &notes.allow) {
        (Some(PolicyDefault::Deny), _) => notes.deny = Some("POLICY_DENIED"),
        (_, Some(_)) => {}
        (Some(PolicyDefault::Allow), None) => notes.allow = Some("ALLOWED_BY_POLICY".into()),
        (Some(PolicyDefault::Escalate) | None, None) => notes.asks.push("DEFAULT_POLICY".into()),
    }
}

fn default(world: &World) -> Option<PolicyDefault> {
    let defaults = world.documents.iter().filter_map(|d| match d {
        Document::Policy(policy) => policy.default,
        _ => None,
    });
    defaults.max()
}

fn all_rules(world: &World) -> impl Iterator<Item = &Rule> {
    world.documents.iter().flat_map(|document| match document {
        Document::Policy(policy) => policy.rules.as_slice(),
        _ => &[],
    })
}

fn for_agent_and_action(rule: &Rule, matter: &Matter) -> bool {
    any_covers(&rule.actions, matter)
        && (rule.agents.is_empty() || rule.agents.iter().any(|a| a.matches(&matter.agent.name)))
}

fn speaks(world: &World, rule: &Rule, matter: &Matter) -> bool {
    let named = matter.proposal.tool.as_ref().map(|tool| tool.name.as_str());
    let covers = |name: &str| rule.tools.iter().any(|pattern| in_any_case(pattern, name));
    let tool = rule.tools.is_empty()
        || named.is_some_and(covers)
        || (rule.verdict != RuleEffect::Allow
            && concerned(world, matter).iter().any(|t| covers(&t.name)));
    let trust = rule.trust_at_most.is_none_or(|most| matter.agent.trust <= most);
    for_agent_and_action(rule, matter) && tool && trust
}

/// Whether a rule that restricts some tools may be meant, because nothing says which tool it is.
fn may_speak(world: &World, rule: &Rule, matter: &Matter) -> bool {
    let trust = rule.trust_at_most.is_none_or(|most| matter.agent.trust <= most);
    let nobody_knows = matter.proposal.tool.is_none() && concerned(world, matter).is_empty();
    let restricts = rule.verdict != RuleEffect::Allow && !rule.tools.is_empty();
    for_agent_and_action(rule, matter) && trust && restricts && nobody_knows
}

/// The meaning of the few conditions that these worlds use; `None` where CEL gives an error.
fn condition(when: Option<&str>, matter: &Matter) -> Option<bool> {
    let amount = matter.proposal.params.get("amount");
    match when {
        None => Some(true),
        Some("params.amount > 100") => match amount {
            Some(Value::Number(number)) => Some(number.as_f64().unwrap() > 100.0),
            _ => None,
        },
        Some("has(params.vip)") => Some(matter.proposal.params.contains_key("vip")),
        Some("history.total >= 2") => {
            let [_, _, total] = history(matter);
            Some(used(matter, &total) >= 2_000_000)
        }
        Some("history.first_seen") => Some(used(matter, &runs(matter)) < 1_000_000),
        Some("cost.usd < 5.5") if matter.cost.usd <= Money::default() => None,
        Some("cost.usd < 5.5") => Some(matter.cost.usd < "5.5".parse().unwrap()),
        Some(other) => panic!("no meaning for {other}"),
    }
}

pub fn looks_at(world: &World, matter: &Matter, name: &str) -> bool {
    let grants = world.documents.iter().filter_map(|d| match d {
        Document::Grant(grant) if for_grant(grant, matter) => grant.when.as_deref(),
        _ => None,
    });
    let rules = all_rules(world).filter(|r| for_agent_and_action(r, matter));
    rules.filter_map(|r| r.when.as_deref()).chain(grants).any(|when| when.contains(name))
}

pub fn history(matter: &Matter) -> [Counter; 3] {
    let (id, action) = (matter.agent.id, matter.proposal.action.as_str().to_lowercase());
    [
        Counter { name: format!("history:{id}/hour/{action}"), since: cut(matter.now, 3600) },
        Counter { name: format!("history:{id}/day/{action}"), since: cut(matter.now, 86_400) },
        forever(format!("history:{id}/total/{action}")),
    ]
}

pub fn runs(matter: &Matter) -> Counter {
    let action = matter.proposal.action.as_str().to_lowercase();
    forever(format!("history:{}/runs/{action}", matter.agent.id))
}

fn for_grant(grant: &Grant, matter: &Matter) -> bool {
    grant.agents.iter().any(|a| a.matches(&matter.agent.name)) && any_covers(&grant.actions, matter)
}

fn grant(world: &World, matter: &Matter, notes: &Notes) -> Option<(&'static str, Vec<Charge>)> {
    if notes.people_only {
        return None;
    }
    world.documents.iter().find_map(|document| {
        let Document::Grant(grant) = document else { return None };
        let risk = notes.risk.unwrap_or(world.settings.unrated_risk.min(Risk::Medium));
        let over = grant.expires_at.is_some_and(|end| matter.now >= end);
        let dangerous = risk == Risk::Critical || risk > grant.risk_at_most;
        let holds = condition(grant.when.as_deref(), matter) == Some(true);
        if !for_grant(grant, matter) || over || dangerous || !holds {
            return None;
        }
        let since = since(grant.limit.window, matter.now);
        let counter = |what: &str| Counter { name: format!("grant:{}/{what}", grant.name), since };
        let uses = grant.limit.uses.map(|uses| i64::from(uses) * 1_000_000);
        if uses.is_some_and(|most| used(matter, &counter("uses")) + 1_000_000 > most) {
            return None;
        }
        let one = Quantity(1_000_000);
        let mut charges = vec![Charge::new(counter("uses"), one).within(uses.map(Quantity))];
        if let Some(usd) = grant.limit.usd {
            let amount = millionths(matter.cost.usd);
            let fits = used(matter, &counter("usd")) + amount <= millionths(usd);
            if amount <= 0 || !fits {
                return None;
            }
            let limit = Some(Quantity(millionths(usd)));
            charges.push(Charge::new(counter("usd"), Quantity(amount)).within(limit));
        }
        Some((if grant.limit.window == Window::Total { "GRANT" } else { "TRUST_BUDGET" }, charges))
    })
}
