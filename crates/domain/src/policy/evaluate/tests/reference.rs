//! A second evaluator. It shares nothing with the real one but the documents: no index, nothing made ready,
//! no condition compiled; every rule is looked at, one after the other, in the words of the documentation.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::Money;
use crate::Settings;
use crate::approval::{Assurance, Level, OnTimeout, Requirements, Risk, Stage};
use crate::identity::AgentStatus;
use crate::policy::document::{
    AgentDocument, ApprovalDemand, Budget, Document, Grant, OnTimeoutDocument, Per, PolicyDefault,
    Rule, RuleEffect, Tool, Unit, Window,
};
use crate::policy::fixtures::Matter;
use crate::policy::{Charge, Counter, Decision, Effect, Permission, Purpose, Quantity};

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
struct Notes {
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
    let steps: [fn(&World, &Matter, Option<&AgentDocument>, &mut Notes); 7] =
        [tools, amounts, other_side, hours, rate, budgets, rules];
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
    let for_other = tools.iter().any(|tool| {
        Some(&tool.name) == named.as_ref()
            && tool.action.as_ref().is_some_and(|pattern| !covers(pattern.as_str(), action))
    });
    let permitted = document.and_then(|d| d.manifest.as_ref()?.tools.as_ref());
    let outside = permitted.is_some_and(|permitted| {
        let covered = |name: &str| permitted.iter().any(|pattern| pattern.matches(name));
        match &named {
            Some(name) => !covered(name),
            None => tools.iter().any(|tool| !covered(&tool.name)),
        }
    });
    if tools.iter().any(|tool| tool.status == AgentStatus::Inactive) || for_other || outside {
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
    }
    if tools.iter().any(|tool| tool.sensitive) {
        notes.asks.push("SENSITIVE_TOOL".into());
    }
    if says(Effect::Allow) {
        notes.allow = Some("ALLOWED_BY_POLICY".into());
    } else if !tools.is_empty()
        && tools.iter().all(|t| t.annotations.read_only && t.action.is_some())
    {
        notes.allow = Some("READ_ONLY".into());
    }
}

fn concerned<'a>(world: &'a World, matter: &Matter) -> Vec<&'a Tool> {
    let action = matter.proposal.action.as_str();
    let stands = |tool: &Tool| tool.action.as_ref().is_some_and(|p| covers(p.as_str(), action));
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

fn permissions<'a>(world: &'a World, matter: &Matter) -> Vec<&'a Permission> {
    let covering = |p: &&Permission| {
        p.agent == matter.agent.id && covers(p.pattern.as_str(), matter.proposal.action.as_str())
    };
    world.permissions.iter().filter(covering).collect()
}

fn amounts(world: &World, matter: &Matter, document: Option<&AgentDocument>, notes: &mut Notes) {
    let cap = permissions(world, matter).iter().filter_map(|p| p.max_amount).min();
    let limits = document.and_then(|d| d.manifest.as_ref()?.amount.clone());
    let mut compared = Vec::new();
    if cap.is_some() {
        compared.push(("amount".to_owned(), cap, None));
    }
    if let Some(limits) = limits {
        compared.push((limits.param, limits.cap, limits.escalate_above));
    }
    for (param, cap, above) in compared {
        let amount =
            matter.proposal.params.get(&param).and_then(decimal).filter(|a| *a >= Decimal::ZERO);
        match amount {
            None => {
                notes.asks.push("AMOUNT_THRESHOLD".into());
                notes.people_only = true;
            }
            Some(amount) if cap.is_some_and(|cap| amount > cap.0) => {
                notes.deny = Some("AMOUNT_EXCEEDS_CAP");
                return;
            }
            Some(amount) if above.is_some_and(|above: Money| amount > above.0) => {
                notes.asks.push("AMOUNT_THRESHOLD".into());
            }
            Some(_) => {}
        }
    }
}

fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => number.to_string().parse().ok(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn other_side(_: &World, matter: &Matter, document: Option<&AgentDocument>, notes: &mut Notes) {
    let Some(limits) = document.and_then(|d| d.manifest.as_ref()?.counterparty.as_ref()) else {
        return;
    };
    let side = match matter.proposal.params.get(&limits.param) {
        Some(Value::String(text)) if !text.trim().is_empty() => text.clone(),
        _ => {
            notes.asks.push("NEW_COUNTERPARTY".into());
            notes.people_only = true;
            return;
        }
    };
    let blocked = limits.blocked.iter().any(|b| b.to_lowercase() == side.to_lowercase());
    if blocked || (!limits.allowed.is_empty() && !limits.allowed.contains(&side)) {
        notes.deny = Some("COUNTERPARTY_BLOCKED");
        return;
    }
    let hash = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(side.as_bytes()));
    let counter = forever(format!("seen:{}/{hash}", matter.agent.id));
    if limits.escalate_new && used(matter, &counter) == 0 {
        notes.asks.push("NEW_COUNTERPARTY".into());
        notes.charges.push((Charge { counter, amount: Quantity(1_000_000), limit: None }, None));
    }
}

fn hours(_: &World, matter: &Matter, document: Option<&AgentDocument>, notes: &mut Notes) {
    let Some(hours) = document.and_then(|d| d.manifest.as_ref()?.hours.as_ref()) else { return };
    // Every minute of the last day is tried: was a window opened then that is open still?
    let now = matter.now.to_zoned(hours.timezone.zone().clone());
    let open = (0..24 * 60).any(|minutes: i64| {
        let then = now.checked_sub(jiff::Span::new().minutes(minutes)).unwrap();
        let opens = (then.hour(), then.minute()) == (hours.from.hour(), hours.from.minute());
        let length = (i64::from(hours.to.hour()) * 60 + i64::from(hours.to.minute())
            - i64::from(hours.from.hour()) * 60
            - i64::from(hours.from.minute()))
        .rem_euclid(24 * 60);
        let length = if length == 0 { 24 * 60 } else { length };
        opens && hours.days.include(then.weekday()) && minutes < length
    });
    if !open {
        notes.deny = Some("OUTSIDE_ALLOWED_HOURS");
    }
}

fn rate(world: &World, matter: &Matter, document: Option<&AgentDocument>, notes: &mut Notes) {
    if matter.purpose == Purpose::Use {
        return;
    }
    if remembers(world, matter) {
        for counter in history(matter) {
            notes.attempts.push(Charge { counter, amount: Quantity(1_000_000), limit: None });
        }
    }
    let Some(rate) = document.and_then(|d| d.manifest.as_ref()?.rate) else { return };
    let id = matter.agent.id;
    for (most, name, since) in [
        (rate.per_hour, "hour", cut(matter.now, 3600)),
        (rate.per_day, "day", cut(matter.now, 86_400)),
    ] {
        let Some(most) = most else { continue };
        let counter = Counter { name: format!("rate:{id}/{name}"), since };
        if used(matter, &counter) + 1_000_000 > i64::from(most) * 1_000_000 {
            notes.deny = Some("RATE_LIMIT_EXCEEDED");
            return;
        }
        let limit = Some(Quantity(i64::from(most) * 1_000_000));
        notes.attempts.push(Charge { counter, amount: Quantity(1_000_000), limit });
    }
    if let Some(every) = rate.every {
        let counter = forever(format!("rate:{id}/last"));
        let (last, now) = (used(matter, &counter), matter.now.as_microsecond());
        if last != 0 && i128::from(now - last) < every.0.as_micros() {
            notes.deny = Some("RATE_LIMIT_EXCEEDED");
            return;
        }
        notes.attempts.push(Charge {
            counter,
            amount: Quantity(now - last),
            limit: Some(Quantity(now)),
        });
    }
}

fn budgets(world: &World, matter: &Matter, _: Option<&AgentDocument>, notes: &mut Notes) {
    for document in &world.documents {
        let Document::Budget(budget) = document else { continue };
        if !counts(budget, matter) {
            continue;
        }
        let stated = matter.cost.usd != Money::default() || matter.cost.tokens != 0;
        let amount = match budget.unit {
            Unit::Actions => 1_000_000,
            Unit::Usd if stated && matter.cost.usd >= Money::default() => {
                millionths(matter.cost.usd)
            }
            Unit::Tokens if stated && matter.cost.usd >= Money::default() => {
                i64::try_from(matter.cost.tokens).unwrap() * 1_000_000
            }
            Unit::Usd | Unit::Tokens => {
                notes.asks.push("REQUIRES_APPROVAL".into());
                notes.people_only = true;
                continue;
            }
        };
        let counter =
            Counter { name: budget_name(budget, matter), since: since(budget.window, matter.now) };
        let (used, limit) = (used(matter, &counter), millionths(budget.limit));
        if amount > 0 && used + amount > limit {
            notes.deny = Some("BUDGET_EXCEEDED");
            return;
        }
        let asks_from = budget.escalate_at.map(|p| (limit * i64::from(p.0) + 99) / 100);
        if amount > 0 {
            let alone = asks_from.map_or(limit, |from| limit.min(from - 1));
            let charge = Charge { counter, amount: Quantity(amount), limit: Some(Quantity(limit)) };
            notes.charges.push((charge, Some(Quantity(alone))));
        }
        if asks_from.is_some_and(|from| used + amount >= from) {
            notes.asks.push("BUDGET_NEAR_LIMIT".into());
            notes.people_only = true;
        }
    }
}

fn counts(budget: &Budget, matter: &Matter) -> bool {
    let scope = &budget.scope;
    let task = matter.task.as_deref();
    (scope.agents.is_empty() || scope.agents.iter().any(|a| a.matches(&matter.agent.name)))
        && any_covers(&scope.actions, matter)
        && (scope.tasks.is_empty()
            || task.is_some_and(|t| scope.tasks.iter().any(|p| p.matches(t))))
}

fn budget_name(budget: &Budget, matter: &Matter) -> String {
    let mut name = format!("budget:{}", budget.name);
    if budget.scope.per.contains(&Per::Agent) {
        name += &format!("/{}", matter.agent.id);
    }
    if budget.scope.per.contains(&Per::Action) {
        name += &format!("/{}", matter.proposal.action);
    }
    if budget.scope.per.contains(&Per::Task) {
        name += &format!("/{}", matter.task.clone().unwrap_or_default());
    }
    name
}

fn rules(world: &World, matter: &Matter, _: Option<&AgentDocument>, notes: &mut Notes) {
    let mut said = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for rule in all_rules(world) {
        if !speaks(world, rule, matter) {
            continue;
        }
        match (condition(rule.when.as_deref(), matter), rule.verdict) {
            (Some(false), _) => continue,
            (None, _) => said.3.push(rule),
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
    let defaults = world.documents.iter().filter_map(|d| match d {
        Document::Policy(policy) => policy.default,
        _ => None,
    });
    match (defaults.max(), &notes.allow) {
        (Some(PolicyDefault::Deny), _) => notes.deny = Some("POLICY_DENIED"),
        (_, Some(_)) => {}
        (Some(PolicyDefault::Allow), None) => notes.allow = Some("ALLOWED_BY_POLICY".into()),
        (Some(PolicyDefault::Escalate) | None, None) => notes.asks.push("DEFAULT_POLICY".into()),
    }
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
    let covers = |name: &str| rule.tools.iter().any(|pattern| pattern.matches(name));
    let tool = rule.tools.is_empty()
        || named.is_some_and(covers)
        || (rule.verdict != RuleEffect::Allow
            && concerned(world, matter).iter().any(|t| covers(&t.name)));
    let trust = rule.trust_at_most.is_none_or(|most| matter.agent.trust <= most);
    for_agent_and_action(rule, matter) && tool && trust
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
        Some("cost.usd < 5.5") => Some(matter.cost.usd < "5.5".parse().unwrap()),
        Some(other) => panic!("no meaning for {other}"),
    }
}

fn remembers(world: &World, matter: &Matter) -> bool {
    let grants = world.documents.iter().filter_map(|d| match d {
        Document::Grant(grant) if for_grant(grant, matter) => grant.when.as_deref(),
        _ => None,
    });
    let rules = all_rules(world).filter(|r| for_agent_and_action(r, matter));
    rules.filter_map(|r| r.when.as_deref()).chain(grants).any(|when| when.contains("history"))
}

fn history(matter: &Matter) -> [Counter; 3] {
    let (id, action) = (matter.agent.id, &matter.proposal.action);
    [
        Counter { name: format!("history:{id}/hour/{action}"), since: cut(matter.now, 3600) },
        Counter { name: format!("history:{id}/day/{action}"), since: cut(matter.now, 86_400) },
        forever(format!("history:{id}/total/{action}")),
    ]
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
        let risk = notes.risk.unwrap_or(Risk::Medium);
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
        let mut charges =
            vec![Charge { counter: counter("uses"), amount: one, limit: uses.map(Quantity) }];
        if let Some(usd) = grant.limit.usd {
            let stated = matter.cost.usd != Money::default() || matter.cost.tokens != 0;
            let amount = millionths(matter.cost.usd);
            let fits = used(matter, &counter("usd")) + amount <= millionths(usd);
            if !stated || amount < 0 || !fits {
                return None;
            }
            if amount > 0 {
                let limit = Some(Quantity(millionths(usd)));
                charges.push(Charge { counter: counter("usd"), amount: Quantity(amount), limit });
            }
        }
        Some((if grant.limit.window == Window::Total { "GRANT" } else { "TRUST_BUDGET" }, charges))
    })
}

fn requirements(world: &World, notes: &Notes) -> Requirements {
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
    out.self_approval = out.self_approval.filter(|most| *most >= notes.risk.unwrap_or(Risk::High));
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

fn any_covers(patterns: &[crate::ActionPattern], matter: &Matter) -> bool {
    let action = matter.proposal.action.as_str();
    patterns.is_empty() || patterns.iter().any(|pattern| covers(pattern.as_str(), action))
}

/// In these worlds segments end at dots.
fn covers(pattern: &str, action: &str) -> bool {
    fn all(pattern: &[&str], action: &[&str]) -> bool {
        match (pattern, action) {
            ([], []) => true,
            (["**", rest @ ..], action) => (0..=action.len()).any(|n| all(rest, &action[n..])),
            ([first, rest @ ..], [have, more @ ..]) => {
                (*first == "*" || first == have) && all(rest, more)
            }
            _ => false,
        }
    }
    all(&pattern.split('.').collect::<Vec<_>>(), &action.split('.').collect::<Vec<_>>())
}

fn used(matter: &Matter, counter: &Counter) -> i64 {
    matter.counters.get(counter).map_or(0, |quantity| quantity.0)
}

fn millionths(money: Money) -> i64 {
    (money.0 * Decimal::from(1_000_000)).ceil().try_into().unwrap()
}

fn forever(name: String) -> Counter {
    Counter { name, since: Timestamp::UNIX_EPOCH }
}

fn cut(now: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_second(now.as_second() / seconds * seconds).unwrap()
}

/// In these worlds budgets hang in UTC and have hours, days or no end.
fn since(window: Window, now: Timestamp) -> Timestamp {
    match window {
        Window::Hour => cut(now, 3600),
        Window::Day => cut(now, 86_400),
        _ => Timestamp::UNIX_EPOCH,
    }
}
