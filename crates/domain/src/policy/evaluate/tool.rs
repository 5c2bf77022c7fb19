//! The tool: whether the parameters fit it, and whether the agent may use it, freely or with a person.

use super::case::{Case, Coverable, Line};
use crate::display;
use crate::identity::AgentStatus;
use crate::policy::rulebook::ReadyTool;
use crate::policy::{Details, Effect, Rating, ReasonCode};

/// Whether the parameters fit the tool's schema. Where no tool is named and several stand for the action,
/// fitting one of them will do.
pub(super) fn parameter_schema(case: &mut Case<'_>) -> Line {
    let params = &case.question.proposal.params;
    let with_schema: Vec<_> = case.tools.iter().filter(|tool| tool.has_schema()).collect();
    if with_schema.is_empty() {
        return case.skip("no schema describes the parameters");
    }
    let mut misfit = None;
    for tool in with_schema {
        match tool.misfit(params) {
            Some(why) => misfit = misfit.or(Some(why)),
            None => {
                return case
                    .pass(format!("the parameters fit the schema of tool `{}`", tool.tool.name));
            }
        }
    }
    case.fail(ReasonCode::ParamsInvalid, misfit.unwrap_or_default())
}

/// Whether the agent may use this, freely or with a person.
pub(super) fn tool_authorization(case: &mut Case<'_>) -> Line {
    let rated = |tool: &&ReadyTool| {
        let by = format!("tool `{}`", tool.tool.name);
        Some(Rating { by, risk: tool.tool.risk?, message: None })
    };
    for rating in case.tools.iter().filter_map(rated).collect::<Vec<_>>() {
        case.raise(rating);
    }
    if let Some(why) = not_authorized(case) {
        return case.fail(ReasonCode::ToolNotAuthorized, why);
    }
    let of = |effect: Effect| case.permissions.iter().find(|p| p.effect == effect).copied();
    if let Some(permission) = of(Effect::Deny) {
        let why = format!("the permission for `{}` denies it", permission.pattern);
        return case.fail(ReasonCode::PolicyDenied, why);
    }
    let allowed = of(Effect::Allow);
    let asks = asks(case);
    let mut said = Vec::new();
    for (code, why, coverable) in asks {
        said.push(why.clone());
        case.escalate(code, why, coverable);
    }
    if let Some(permission) = allowed {
        let why = format!("the permission for `{}` allows it", permission.pattern);
        said.push(why.clone());
        case.allowed = Some((ReasonCode::AllowedByPolicy, why.into()));
    } else if reads_only(case) {
        let why = "the tool only reads";
        said.push(why.to_owned());
        case.allowed = Some((ReasonCode::ReadOnly, why.into()));
    }
    if case.is_escalated() {
        return (crate::policy::TraceResult::Escalate, Details::Written(said.join("; ")));
    }
    if said.is_empty() {
        return case.skip("neither permission nor tool speaks of it");
    }
    case.pass(said.join("; "))
}

/// Why the tool must not be used.
fn not_authorized(case: &Case<'_>) -> Option<String> {
    let named = case.question.proposal.tool.as_ref().map(|tool| tool.name.as_str());
    let action = &case.question.proposal.action;
    if let Some(off) = case.tools.iter().find(|tool| tool.tool.status == AgentStatus::Inactive) {
        return Some(format!("tool `{}` is switched off", off.tool.name));
    }
    let own = case.tools.iter().find(|tool| Some(tool.tool.name.as_str()) == named);
    if let Some(pattern) = own.map(|tool| &tool.tool.action)
        && !pattern.matches(action)
    {
        let name = display::ticked(named.unwrap_or_default());
        let action = display::ticked(action.as_str());
        return Some(format!("tool `{name}` is for `{pattern}`, not for `{action}`"));
    }
    if let Some(other) = named.and_then(|name| case.book.tool_taken_for(name)) {
        let name = crate::display::sanitise(named.unwrap_or_default());
        return Some(format!("there is no tool `{name}`, and it could be taken for `{other}`"));
    }
    let permitted = case.manifest?.manifest.tools.as_ref()?;
    let covered = |name: &str| permitted.iter().any(|pattern| pattern.matches_in_any_case(name));
    match named {
        Some(name) if !covered(name) => {
            Some(format!("the manifest does not permit tool `{}`", display::ticked(name)))
        }
        Some(_) => None,
        None => {
            let other = case.tools.iter().find(|tool| !covered(&tool.tool.name))?;
            let action = display::ticked(action.as_str());
            Some(format!(
                "`{action}` is tool `{}`, which the manifest does not permit",
                other.tool.name
            ))
        }
    }
}

/// Who asks for a person, and why. What always needs one is covered by no grant.
fn asks(case: &Case<'_>) -> Vec<(ReasonCode, String, Coverable)> {
    let mut asks = Vec::new();
    let action = &case.question.proposal.action;
    if let Some(p) = case.permissions.iter().find(|p| p.effect == Effect::RequiresApproval) {
        let why = format!("the permission for `{}` requires approval", p.pattern);
        asks.push((ReasonCode::RequiresApproval, why, Coverable::Yes));
    }
    let needs = case.manifest.map_or(&[][..], |manifest| &manifest.manifest.requires_approval);
    if let Some(pattern) = needs.iter().find(|pattern| pattern.matches(action)) {
        let why = format!("the manifest requires approval for `{pattern}`");
        asks.push((ReasonCode::RequiresApproval, why, Coverable::No));
    }
    let some_tools = case.manifest.is_some_and(|manifest| manifest.manifest.tools.is_some());
    if some_tools && case.question.proposal.tool.is_none() && case.tools.is_empty() {
        let why = "the manifest permits only some tools, and the request names none";
        asks.push((ReasonCode::RequiresApproval, why.to_owned(), Coverable::No));
    }
    if let Some(tool) = case.tools.iter().find(|tool| tool.tool.sensitive) {
        let why = format!("tool `{}` is sensitive", tool.tool.name);
        asks.push((ReasonCode::SensitiveTool, why, Coverable::No));
    }
    asks
}

/// Whether every tool that it is about only reads.
fn reads_only(case: &Case<'_>) -> bool {
    !case.tools.is_empty() && case.tools.iter().all(|tool| tool.tool.annotations.read_only)
}
