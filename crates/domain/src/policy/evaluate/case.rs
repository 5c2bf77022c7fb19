//! One evaluation under way: what was found so far, and what it comes to.

use super::requirements;
use crate::approval::{Requirements, Risk};
use crate::policy::document::ApprovalDemand;
use crate::policy::hint;
use crate::policy::rulebook::{ReadyAgent, ReadyManifest, ReadyRule, ReadyTool};
use crate::policy::{
    AutoBy, BudgetUse, Charge, Check, Decision, Details, Effect, Permission, Purpose, Quantity,
    Question, Rating, ReasonCode, RiskSnapshot, Rulebook, TraceLine, TraceResult, Verdict,
};
use crate::{Action, Money};

/// How a check went, and its sentence.
pub(super) type Line = (TraceResult, Details);

/// Whether a grant may stand in for the person who is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coverable {
    /// A grant may.
    Yes,
    /// Only a person will do.
    No,
}

/// A charge, and the tighter limit that holds where no person is asked.
pub(super) struct Planned {
    /// What is counted.
    pub charge: Charge,
    /// What must not be passed without a person.
    pub alone: Option<Quantity>,
}

/// One evaluation under way.
pub(super) struct Case<'a> {
    /// What is asked.
    pub question: &'a Question<'a>,
    /// What is looked at.
    pub book: &'a Rulebook,
    /// The agent, where a document describes it.
    pub agent: Option<&'a ReadyAgent>,
    /// What it may do at most.
    pub manifest: Option<&'a ReadyManifest>,
    /// The permissions that cover the action.
    pub permissions: Vec<&'a Permission>,
    /// The tools that it is about.
    pub tools: Vec<&'a ReadyTool>,
    /// One line for each check so far.
    pub trace: Vec<TraceLine>,
    /// The budgets it counts against.
    pub budgets: Vec<BudgetUse>,
    /// What is counted if it runs.
    pub charges: Vec<Planned>,
    /// What is counted because it was asked.
    pub attempts: Vec<Charge>,
    /// The least risk that was seen.
    pub risk: Option<Risk>,
    /// Who saw which.
    pub ratings: Vec<Rating>,
    /// What matching rules demand of people.
    pub demands: Vec<&'a ApprovalDemand>,
    /// The rules that decided.
    pub decided_by: Vec<&'a ReadyRule>,
    /// Why it runs, unless something says otherwise.
    pub allowed: Option<(ReasonCode, Details)>,
    /// Why only a person will do, where one is asked.
    pub only_people: Option<String>,
    /// The grant that stands in for people.
    pub granted: Option<AutoBy>,
    denied: Option<(ReasonCode, Details)>,
    escalated: Vec<(Check, ReasonCode, Details)>,
}

impl<'a> Case<'a> {
    /// A case in which nothing was looked at yet.
    pub fn new(question: &'a Question<'a>, book: &'a Rulebook) -> Self {
        let action = &question.proposal.action;
        let permissions = book.permissions(question.agent.id).iter();
        let agent = book.agent(&question.agent.name);
        Self {
            question,
            book,
            agent,
            manifest: agent.and_then(|agent| agent.manifest.as_ref()),
            permissions: permissions.filter(|permission| speaks(permission, action)).collect(),
            tools: book.tools(question),
            trace: Vec::with_capacity(Check::ALL.len()),
            budgets: Vec::new(),
            charges: Vec::new(),
            attempts: Vec::new(),
            risk: None,
            ratings: Vec::new(),
            demands: Vec::new(),
            decided_by: Vec::new(),
            allowed: None,
            only_people: None,
            granted: None,
            denied: None,
            escalated: Vec::new(),
        }
    }

    /// Nothing stands in the way.
    #[expect(clippy::unused_self, reason = "reads like the other ways a check can end")]
    pub fn pass(&self, details: impl Into<Details>) -> Line {
        (TraceResult::Pass, details.into())
    }

    /// There was nothing to look at.
    #[expect(clippy::unused_self, reason = "reads like the other ways a check can end")]
    pub fn skip(&self, details: impl Into<Details>) -> Line {
        (TraceResult::Skip, details.into())
    }

    /// It is refused.
    pub fn fail(&mut self, code: ReasonCode, why: impl Into<Details>) -> Line {
        let why = why.into();
        self.denied = Some((code, why.clone()));
        (TraceResult::Fail, why)
    }

    /// A person is asked. The first escalation gives the code, and all of them the reason; what a rule says stands
    /// before what budgets say.
    pub fn escalate(
        &mut self,
        code: ReasonCode,
        why: impl Into<Details>,
        coverable: Coverable,
    ) -> Line {
        let why = why.into();
        if coverable == Coverable::No {
            self.only_people.get_or_insert_with(|| why.to_string());
        }
        // Those before it have their lines already.
        let check = Check::ALL.get(self.trace.len()).copied().unwrap_or(Check::PolicyRules);
        self.escalated.push((check, code, why.clone()));
        (TraceResult::Escalate, why)
    }

    /// What is demanded of people in all.
    fn requirements(&self) -> Requirements {
        requirements::merge(self.book.settings(), &self.demands, self.risk)
    }

    /// How many people have to agree.
    pub fn people_needed(&self) -> usize {
        self.requirements().people_needed()
    }

    /// Whether a person is to be asked, as it stands.
    pub const fn is_escalated(&self) -> bool {
        !self.escalated.is_empty()
    }

    /// Sees at least this risk in it, as a rule or a tool says.
    pub fn raise(&mut self, rating: Rating) {
        self.risk = self.risk.max(Some(rating.risk));
        self.ratings.push(rating);
    }

    /// Whether a part of a path must not be shown.
    pub fn hides(&self, parts: &[String]) -> bool {
        parts.iter().any(|part| self.tools.iter().any(|tool| tool.hidden.contains(part)))
    }

    /// The amount that is asked for, where the parameters state one.
    pub fn request_amount(&self) -> Option<Money> {
        Rulebook::amount_under(self.manifest, &self.question.proposal.params)
    }

    /// What it comes to.
    pub fn conclude(mut self) -> Verdict {
        let (decision, (reason_code, reason)) = self.decide();
        let amount = self.request_amount();
        let asked = self.question.purpose == Purpose::Ask && decision != Decision::Deny;
        let rules = self.decided_by.iter().map(|rule| String::from(&*rule.label)).collect();
        let hints = match decision {
            Decision::Escalate => hint::hints(self.question),
            Decision::Allow | Decision::Deny => Vec::new(),
        };
        let requirements = self.requirements();
        let alone = decision == Decision::Allow;
        let charge = |planned: Planned| Charge {
            limit: if alone { planned.alone } else { planned.charge.limit },
            ..planned.charge
        };
        let charges = if decision == Decision::Deny { Vec::new() } else { self.charges };
        Verdict {
            decision,
            reason_code,
            reason: reason.into_text(),
            trace: self.trace,
            risk_snapshot: RiskSnapshot {
                budgets: self.budgets,
                request_amount: amount,
                unrated: self.risk.is_none().then(|| self.book.settings().unrated_risk),
                ratings: self.ratings,
            },
            risk_floor: self.risk,
            requirements,
            hints,
            charges: charges.into_iter().map(charge).collect(),
            attempts: if asked { self.attempts } else { Vec::new() },
            rules,
            by: self.granted,
        }
    }

    fn decide(&mut self) -> (Decision, (ReasonCode, Details)) {
        let (denied, escalated, allowed) =
            (self.denied.take(), all_of(&self.escalated), self.allowed.take());
        match (denied, escalated, allowed) {
            (Some(why), _, _) => (Decision::Deny, why),
            (None, _, Some(why)) if self.granted.is_some() => (Decision::Allow, why),
            (None, Some(why), _) => (Decision::Escalate, why),
            (None, None, Some(why)) => (Decision::Allow, why),
            (None, None, None) => {
                let why = Details::Fixed("no rule or permission speaks of it, so a person decides");
                (Decision::Escalate, (ReasonCode::DefaultPolicy, why))
            }
        }
    }
}

/// The code of the first escalation, and why all of them ask: that no rule speaks of it matters only where nothing
/// else asks. A rule that does is what a person would name as the reason, so it stands before what budgets say.
fn all_of(escalated: &[(Check, ReasonCode, Details)]) -> Option<(ReasonCode, Details)> {
    let (_, code, first) = escalated.first()?;
    if escalated.len() == 1 {
        return Some((code.clone(), first.clone()));
    }
    let tells = |(at, one): &(usize, &(Check, ReasonCode, Details))| {
        *at == 0 || one.1 != ReasonCode::DefaultPolicy
    };
    let told: Vec<_> = escalated.iter().enumerate().filter(tells).map(|(_, one)| one).collect();
    let by_rule = told.iter().any(|(check, ..)| *check == Check::PolicyRules);
    let (later, sooner): (Vec<_>, Vec<_>) =
        told.into_iter().partition(|(check, ..)| by_rule && *check == Check::Budget);
    let mut reasons: Vec<String> = Vec::new();
    for reason in sooner.into_iter().chain(later).map(|(.., why)| why.to_string()) {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    Some((code.clone(), reasons.join("; ").into()))
}

/// Whether a permission is for an action; one that allows, only where what it says lets that run.
fn speaks(permission: &Permission, action: &Action) -> bool {
    match permission.effect {
        Effect::Allow => permission.pattern.permits(action),
        Effect::RequiresApproval | Effect::Deny => permission.pattern.matches(action),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_that_asks_is_the_first_reason_and_budgets_follow() {
        let near = (Check::Budget, ReasonCode::BudgetNearLimit, Details::Fixed("budget"));
        let amount = (Check::AmountLimits, ReasonCode::RequiresApproval, Details::Fixed("amount"));
        let rule = (Check::PolicyRules, ReasonCode::RequiresApproval, Details::Fixed("rule"));
        let silent = (Check::PolicyRules, ReasonCode::DefaultPolicy, Details::Fixed("default"));
        for (escalated, code, reason) in [
            (vec![near.clone(), rule.clone()], ReasonCode::BudgetNearLimit, "rule; budget"),
            (
                vec![amount, near.clone(), rule],
                ReasonCode::RequiresApproval,
                "amount; rule; budget",
            ),
            (vec![near.clone(), silent], ReasonCode::BudgetNearLimit, "budget"),
            (vec![near], ReasonCode::BudgetNearLimit, "budget"),
        ] {
            let (told, why) = all_of(&escalated).unwrap();
            assert_eq!((told, why.to_string()), (code, reason.to_owned()));
        }
        assert!(all_of(&[]).is_none());
    }
}
