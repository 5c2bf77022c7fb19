//! Errors as RFC 9457 problems, each with a stable code and what to do next.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::policies::PolicyProblem;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:literal, $title:literal, $next:literal;)*) => {
        /// The stable codes of all errors.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The public text.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The HTTP status that goes with it.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// What it means.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }

            /// What the caller should do.
            pub const fn next(self) -> &'static str {
                match self { $(Self::$name => $next,)* }
            }
        }
    };
}

codes! {
    /// The body is not JSON that can be read in one way.
    InvalidJson = "invalid_json", 400, "the body is not JSON that can be read in one way", "mend the place that is named and send it again";
    /// No valid key was sent.
    Unauthenticated = "unauthenticated", 401, "no valid key was sent", "send a key as `Authorization: Bearer …` or `X-API-Key: …`; an admin makes keys";
    /// The capability token cannot be used.
    InvalidToken = "invalid_token", 401, "the capability token cannot be used", "ask whoever handed it to you for another; `countersign token inspect` shows what it says";
    /// The capability token is over.
    TokenExpired = "token_expired", 401, "the capability token is over", "ask whoever handed it to you for another";
    /// The capability token was revoked.
    TokenRevoked = "token_revoked", 401, "the capability token was revoked", "stop; read why in `detail`";
    /// What was shown to sign in is not right.
    SignInRefused = "sign_in_refused", 401, "what was shown to sign in is not right", "try again, or ask an admin for a link";
    /// This takes a sign-in of just now.
    SignInAgain = "sign_in_again", 403, "this takes a sign-in of just now", "sign out, sign in again, and do it within fifteen minutes";
    /// It was not shown that the answer is meant.
    StepUpRefused = "step_up_refused", 403, "it was not shown that the answer is meant", "send the answer again with a passkey, or with the next code of your authenticator app";
    /// This caller may not do this.
    Forbidden = "forbidden", 403, "this caller may not do this", "use the key of someone who may";
    /// Only a person may do this.
    PeopleOnly = "people_only", 403, "only a person may do this", "a person with their own `csp_` key has to do this; agent and application keys never can";
    /// Only an agent may do this.
    AgentsOnly = "agents_only", 403, "only an agent may do this", "use an agent's `csa_` key, or an application's `csk_` key with `agent_id`";
    /// Policy denies it.
    PolicyDenied = "policy_denied", 403, "policy denies it", "do not run it; see the reason";
    /// Nobody answers their own request.
    OwnRequest = "own_request", 403, "nobody answers their own request", "let another approver answer";
    /// This person is not among those who may answer.
    NotAdmitted = "not_admitted", 403, "this person is not among those who may answer", "let one of those who are named answer";
    /// The answer is not sure enough.
    AssuranceTooLow = "assurance_too_low", 403, "the answer is not sure enough", "send the code of your authenticator app as `code`, or answer in the dashboard with a passkey";
    /// No agent can report an answer to this.
    RelayNotPermitted = "relay_not_permitted", 403, "no agent can report an answer to this", "let the person answer here, with their own key";
    /// There is no such thing here.
    NotFound = "not_found", 404, "there is no such thing here", "check the id; what others own is not shown either";
    /// There is no such agent.
    AgentNotFound = "agent_not_found", 404, "there is no such agent", "check the id or name, or let an admin create the agent";
    /// This path does not take this method.
    MethodNotAllowed = "method_not_allowed", 405, "this path does not take this method", "see /api/v1/docs";
    /// It was decided before.
    AlreadyDecided = "already_decided", 409, "it was decided before", "read its status with GET and go by that";
    /// Its time ran out.
    Expired = "expired", 409, "its time ran out", "ask again if it is still wanted";
    /// It changed since it was seen.
    Stale = "stale", 409, "it changed since it was seen", "look at it again, then answer";
    /// This person has approved it already.
    AlreadyApproved = "already_approved", 409, "this person has approved it already", "wait for the others";
    /// Someone has approved it from this person's place already.
    PlaceTaken = "place_taken", 409, "someone has approved it from the same place already", "wait for the others";
    /// The one use is spent.
    AlreadyUsed = "already_used", 409, "the one use is spent", "ask again if it is wanted once more";
    /// It is not approved.
    NotApproved = "not_approved", 409, "it is not approved", "wait for the answer";
    /// No run of it is under way.
    NotRunning = "not_running", 409, "no run of it is under way", "redeem it first";
    /// Its run is not unknown.
    NotUnknown = "not_unknown", 409, "its run is not unknown", "nothing has to be resolved";
    /// No question is open.
    NoQuestion = "no_question", 409, "no question is open", "go on waiting";
    /// The same was denied a short while ago.
    PreviouslyDenied = "previously_denied", 409, "the same was denied a short while ago", "do not ask again; change the request, or wait for the end of the cool-down";
    /// Someone else changed it at the same moment.
    Conflict = "conflict", 409, "someone else changed it at the same moment", "look again, then try again";
    /// The name is taken.
    NameTaken = "name_taken", 409, "the name is taken", "choose another";
    /// The idempotency key was used for another request.
    IdempotencyMismatch = "idempotency_mismatch", 409, "the idempotency key was used for another request", "use a new key for a new request";
    /// This was done before; its secret was shown once and is not kept.
    KeyNotShownAgain = "key_not_shown_again", 409, "this was done before; its secret was shown once and is not kept", "make a new one";
    /// This cannot be answered together with others.
    NotInBulk = "not_in_bulk", 409, "this cannot be answered together with others", "answer it by itself";
    /// Policy no longer permits it.
    PolicyStopped = "policy_stopped", 409, "policy no longer permits it", "do not run it; read why in `detail`, and ask again if it is still wanted";
    /// The body is too large.
    BodyTooLarge = "body_too_large", 413, "the body is too large", "send at most 1 MiB and 10 000 values";
    /// The policy files have mistakes.
    PolicyInvalid = "policy_invalid", 422, "the policy files have mistakes", "mend the places in `problems`; nothing was changed";
    /// A field is not known.
    UnknownField = "unknown_field", 422, "a field is not known", "remove it, or use the name that is suggested";
    /// Something in the request cannot be used.
    Invalid = "invalid", 422, "something in the request cannot be used", "mend the field that is named and send it again";
    /// A reason is required.
    ReasonRequired = "reason_required", 422, "a reason is required", "say why, in `reason`";
    /// These are not the approved parameters.
    DigestMismatch = "digest_mismatch", 422, "these are not the approved parameters", "use exactly what was approved, or ask anew";
    /// The stated cost is higher than what was approved.
    CostAboveApproved = "cost_above_approved", 422, "the stated cost is higher than what was approved", "state at most the approved cost, or ask anew without naming the approval";
    /// The edit cannot be made.
    EditRefused = "edit_refused", 422, "the edit cannot be made", "mend the edit that is named";
    /// This agent has too many requests pending.
    TooManyPending = "too_many_pending", 429, "this agent has too many requests pending", "wait for answers, or cancel some";
    /// Too many requests.
    RateLimited = "rate_limited", 429, "too many requests", "wait as long as `Retry-After` says";
    /// Something went wrong in the server.
    Internal = "internal", 500, "something went wrong in the server", "try again; the log knows the request by its `x-request-id`";
    /// Nothing can be committed now.
    Unavailable = "unavailable", 503, "nothing can be committed now", "nothing was done; try again in a moment";
}

/// An error as it crosses the network (`application/problem+json`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Where the code is explained.
    #[serde(rename = "type")]
    pub kind: String,
    /// What the code means.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What went wrong this time.
    pub detail: String,
    /// The stable code.
    pub code: Code,
    /// What the caller should do.
    pub next: String,
    /// Where in the request it is, as a JSON path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The approval it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval_id: Option<String>,
    /// In how many seconds to try again, as the header `Retry-After` says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
    /// What is wrong with the policy files that were sent, each with its place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<PolicyProblem>,
}

impl Problem {
    /// A problem with what its code says by itself.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("/api/v1/docs#error-{}", code.as_str()),
            title: code.title().to_owned(),
            status: code.status(),
            detail: detail.into(),
            code,
            next: code.next().to_owned(),
            path: None,
            approval_id: None,
            retry_after: None,
            problems: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_written_as_it_says() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }
}
