//! What the rules say: any matching deny wins, then escalate, then allow, then the strictest default.

use super::case::{Case, Coverable, Line};
use crate::approval::Assurance;
use crate::display;
use crate::policy::condition::{History, Scope};
use crate::policy::document::{PolicyDefault, RuleEffect};
use crate::policy::rulebook::{self, Place, ReadyRule};
use crate::policy::{Details, Question, Rating, ReasonCode};

/// Why it is not known whether a rule for some tools is meant.
const NO_TOOL: &str = "it is for some tools, and the request names none";
/// The most values that a sentence repeats.
const SHOWN: usize = 4;

/// What the matching rules come to.
#[derive(Default)]
struct Matching<'a> {
    denying: Vec<&'a ReadyRule>,
    escalating: Vec<&'a ReadyRule>,
    allowing: Vec<&'a ReadyRule>,
    /// Rules that could not be evaluated, and why.
    broken: Vec<(&'a ReadyRule, String)>,
}

/// What the rules say.
pub(super) fn policy_rules(case: &mut Case<'_>) -> Line {
    let matching = matching(case);
    let all = [&matching.denying, &matching.escalating, &matching.allowing];
    for rule in all.into_iter().flatten().chain(matching.broken.iter().map(|(rule, _)| rule)) {
        let Some(risk) = rule.rule.risk else { continue };
        let message = rule.rule.message.clone();
        case.raise(Rating { by: format!("rule `{}`", rule.label), risk, message });
    }
    if let Some(first) = matching.denying.first() {
        let why = match &first.rule.message {
            Some(_) => Details::from(&first.reason),
            None => sentence(case, first).into(),
        };
        case.fail(first.code.clone(), why);
        let said = sentences(case, &matching.denying);
        case.decided_by = matching.denying;
        return (crate::policy::TraceResult::Fail, said);
    }
    if !matching.escalating.is_empty() || !matching.broken.is_empty() {
        return escalate(case, matching);
    }
    if let Some(first) = matching.allowing.first() {
        case.allowed = Some((first.code.clone(), (&first.reason).into()));
        let said: Details = match matching.allowing.as_slice() {
            [only] => (&only.sentence).into(),
            several => {
                let said: Vec<_> = several.iter().map(|rule| &*rule.sentence).collect();
                said.join("; ").into()
            }
        };
        case.decided_by = matching.allowing;
        return case.pass(said);
    }
    default(case)
}

fn matching<'a>(case: &Case<'a>) -> Matching<'a> {
    let mut matching = Matching::default();
    let history = history(case);
    let scope = Scope { question: case.question, budgets: &case.budgets, history };
    for rule in case.book.rules(case.question) {
        let speaks = speaks(case, rule);
        if speaks == Speaks::No {
            continue;
        }
        match rule.condition.as_ref().map_or(Ok(true), |condition| condition.holds(&scope)) {
            Ok(false) => {}
            Ok(true) if speaks == Speaks::Perhaps => {
                matching.broken.push((rule, NO_TOOL.to_owned()));
            }
            Ok(true) => match rule.rule.verdict {
                RuleEffect::Deny => matching.denying.push(rule),
                RuleEffect::Escalate => matching.escalating.push(rule),
                RuleEffect::Allow => matching.allowing.push(rule),
            },
            Err(why) => matching.broken.push((rule, why)),
        }
    }
    matching
}

/// How often it was asked and ran before, where a rule that could speak looks at it.
pub(super) fn history(case: &Case<'_>) -> History {
    if !case.book.keeps_history(case.question) {
        return History::default();
    }
    let times = |counter| case.question.counters.used(&counter).0 / 1_000_000;
    let [hour, day, total] = rulebook::history(case.question).map(times);
    History { hour, day, total, runs: times(rulebook::runs(case.question)) }
}

/// Whether a rule is for a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Speaks {
    No,
    /// It is for some tools, and nothing says which tool this is.
    Perhaps,
    Yes,
}

/// Whether a rule is for this trust and tool. A rule that restricts is also for the tools that stand for the
/// action, whatever tool is named; one that allows is only for the tool that is named. Where no tool is named and none
/// stands for the action, a rule that restricts may be meant: or it would be got around by leaving the tool out.
fn speaks(case: &Case<'_>, rule: &ReadyRule) -> Speaks {
    let Question { agent, proposal, .. } = case.question;
    if rule.rule.trust_at_most.is_some_and(|most| agent.trust > most) {
        return Speaks::No;
    }
    let (action, actions) = (&proposal.action, &rule.rule.actions);
    let is_allow = rule.rule.verdict == RuleEffect::Allow;
    let permits = || actions.is_empty() || actions.iter().any(|pattern| pattern.permits(action));
    if is_allow && action.is_sentence() && !permits() {
        return Speaks::No;
    }
    let patterns = &rule.rule.tools;
    let covers = |name: &str| patterns.iter().any(|pattern| pattern.matches_in_any_case(name));
    let named = || proposal.tool.as_ref().is_some_and(|tool| covers(&tool.name));
    let standing = || case.tools.iter().any(|tool| covers(&tool.tool.name));
    let restricts = !is_allow;
    if patterns.is_empty() || named() || (restricts && standing()) {
        Speaks::Yes
    } else if restricts && proposal.tool.is_none() && case.tools.is_empty() {
        Speaks::Perhaps
    } else {
        Speaks::No
    }
}

fn escalate<'a>(case: &mut Case<'a>, matching: Matching<'a>) -> Line {
    let mut said = Vec::new();
    for rule in &matching.escalating {
        let sentence = sentence(case, rule);
        let why = match &rule.rule.message {
            Some(_) => Details::from(&rule.reason),
            None => sentence.clone().into(),
        };
        let demand = rule.rule.approval.as_ref();
        let keeps = demand.is_some_and(|demand| {
            demand.grants == Some(false) || demand.assurance == Some(Assurance::StepUp)
        });
        let coverable = if keeps { Coverable::No } else { Coverable::Yes };
        case.escalate(rule.code.clone(), why, coverable);
        case.demands.extend(demand);
        said.push(sentence);
    }
    for (rule, why) in &matching.broken {
        let source =
            rule.condition.as_ref().map_or_else(String::new, |it| format!("`{}`: ", it.source()));
        let why = display::ticked(&display::redact_text(why));
        let why = format!(
            "rule `{}` cannot be evaluated, so a person decides: {source}`{why}`",
            rule.label
        );
        case.escalate(ReasonCode::RequiresApproval, why.clone(), Coverable::No);
        case.demands.extend(rule.rule.approval.as_ref());
        said.push(why);
    }
    let broken = matching.broken.into_iter().map(|(rule, _)| rule);
    case.decided_by = matching.escalating.into_iter().chain(broken).collect();
    (crate::policy::TraceResult::Escalate, said.join("; ").into())
}

/// What holds when no rule matches. A permission speaks as a rule does; a tool that only reads runs unless
/// everything else is refused.
fn default(case: &mut Case<'_>) -> Line {
    if !case.permissions.is_empty() {
        return case.skip("no rule matches");
    }
    let reads_only = case.allowed.is_some();
    match case.book.default() {
        Some(strictest) if strictest.default == PolicyDefault::Deny => {
            case.fail(ReasonCode::PolicyDenied, &strictest.sentence)
        }
        Some(_) | None if reads_only => case.skip("no rule matches"),
        Some(strictest) if strictest.default == PolicyDefault::Allow => {
            case.allowed = Some((ReasonCode::AllowedByPolicy, (&strictest.sentence).into()));
            case.pass(&strictest.sentence)
        }
        Some(strictest) => {
            case.escalate(ReasonCode::DefaultPolicy, &strictest.sentence, Coverable::Yes)
        }
        None => {
            let why = "no rule or permission speaks of it, so a person decides";
            case.escalate(ReasonCode::DefaultPolicy, why, Coverable::Yes)
        }
    }
}

fn sentences(case: &Case<'_>, rules: &[&ReadyRule]) -> Details {
    rules.iter().map(|rule| sentence(case, rule)).collect::<Vec<_>>().join("; ").into()
}

/// What a rule says, with the values of the parameters that its condition names.
fn sentence(case: &Case<'_>, rule: &ReadyRule) -> String {
    let params = &case.question.proposal.params;
    let parameters = rule.condition.as_ref().map_or(&[][..], |condition| condition.parameters());
    let values = parameters.iter().take(SHOWN).map(|parts| {
        let hidden = case.hides(parts);
        let value = if hidden { "[REDACTED]".to_owned() } else { Place::of(parts).show(params) };
        format!("params.{} is `{value}`", parts.join("."))
    });
    let values: Vec<_> = values.collect();
    if values.is_empty() {
        return rule.sentence.to_string();
    }
    format!("{} ({})", rule.sentence, values.join(", "))
}
