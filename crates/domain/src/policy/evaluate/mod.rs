//! Evaluation: a question and a rulebook give a verdict. Pure.

mod case;
mod grants;
mod limits;
mod requirements;
mod rules;
mod standing;
mod tool;

use self::case::Case;

use super::{Check, Question, Rulebook, TraceLine, TraceResult, Verdict};

/// Answers a check. A failed check ends the evaluation; an escalation never does: any matching deny wins,
/// then escalate, then allow, then the default, which is to ask a person.
pub fn evaluate(question: &Question<'_>, rulebook: &Rulebook) -> Verdict {
    let mut case = Case::new(question, rulebook);
    for check in Check::ALL {
        let (result, details) = match check {
            Check::AgentStatus => standing::agent_status(&mut case),
            Check::ManifestValidation => standing::manifest_validation(&mut case),
            Check::CapabilityToken => case.skip("no capability token was given"),
            Check::ActionType => standing::action_type(&mut case),
            Check::ParameterSchema => tool::parameter_schema(&mut case),
            Check::ToolAuthorization => tool::tool_authorization(&mut case),
            Check::AmountLimits => limits::amount(&mut case),
            Check::Counterparty => limits::counterparty(&mut case),
            Check::TimeWindow => limits::hours(&mut case),
            Check::RateLimit => limits::rate(&mut case),
            Check::Budget => limits::budget(&mut case),
            Check::PolicyRules => rules::policy_rules(&mut case),
            Check::Grants => grants::grants(&mut case),
        };
        case.trace.push(TraceLine { check, result, details });
        if result == TraceResult::Fail {
            break;
        }
    }
    case.conclude()
}

#[cfg(test)]
mod tests;
