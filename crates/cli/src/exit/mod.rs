//! How the program exits, so that scripts and agents can branch on it.

use countersign_client::ClientError;
use countersign_domain::approval::OutcomeKind;
use countersign_domain::policy::{Decision, ReasonCode};
use countersign_wire::approvals::ApprovalView;
use countersign_wire::checks::VerdictView;
use countersign_wire::{Code, Problem};

/// How the program exits. Only [`Exit::Success`] is ever a go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0: done, allowed, approved; after edits, what may run is on standard output.
    Success,
    /// 1: something went wrong that nobody foresaw.
    Unexpected,
    /// 2: the command or the request has a mistake.
    Usage,
    /// 3: a person said no.
    Denied,
    /// 4: not signed in, or not allowed to do this.
    NotAllowed,
    /// 5: policy said no, or took a yes back.
    DeniedByPolicy,
    /// 6: nobody answered in time, or the yes was not used in time.
    Expired,
    /// 7: withdrawn, or declined at a prompt.
    Canceled,
    /// 8: no answer yet; a person may be waiting for an answer to a question.
    Pending,
    /// 9: there is no such thing, or it is no longer in a state that permits this.
    Conflict,
    /// 75: the server is out of reach or busy; try again.
    Busy,
    /// 130: stopped with Ctrl-C.
    Interrupted,
}

/// The exit codes as the help shows them.
pub(crate) const HELP: &str = "\
Exit codes:
    0  success, allowed, approved: the only \"go\" (edited parameters on standard output)
    1  unexpected failure
    2  usage: a mistake in the command or the request
    3  denied by a person
    4  not signed in or not allowed
    5  denied by policy
    6  expired
    7  canceled, or declined at a prompt
    8  still pending, or a person asked a question
    9  not found or conflict
   75  server unreachable or busy, try again
  130  interrupted";

impl Exit {
    /// The number.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Unexpected => 1,
            Self::Usage => 2,
            Self::Denied => 3,
            Self::NotAllowed => 4,
            Self::DeniedByPolicy => 5,
            Self::Expired => 6,
            Self::Canceled => 7,
            Self::Pending => 8,
            Self::Conflict => 9,
            Self::Busy => 75,
            Self::Interrupted => 130,
        }
    }

    /// What an approval means for the one who waits for it. A yes that ran out or was taken back is none;
    /// nor is one whose run failed or was lost, because that one use is spent.
    pub(crate) fn of_approval(view: &ApprovalView) -> Self {
        match view.outcome {
            OutcomeKind::Approved | OutcomeKind::Edited => match view.execution.state.as_str() {
                "unused" if view.outlook.is_some() => Self::DeniedByPolicy,
                "unused" => Self::Success,
                "running" | "succeeded" if view.execution.mode == "gateway" => Self::Success,
                "lapsed" => Self::Expired,
                "revoked" => Self::DeniedByPolicy,
                _ => Self::Conflict,
            },
            OutcomeKind::Denied => Self::Denied,
            OutcomeKind::Expired => Self::Expired,
            OutcomeKind::Canceled => Self::Canceled,
            OutcomeKind::AskedQuestion | OutcomeKind::Pending => Self::Pending,
        }
    }

    /// What the answer to a check means.
    pub(crate) fn of_verdict(verdict: &VerdictView) -> Self {
        match verdict.verdict {
            Decision::Allow if verdict.allowed => Self::Success,
            Decision::Allow | Decision::Deny => match verdict.reason_code {
                ReasonCode::PreviouslyDenied => Self::Denied,
                _ => Self::DeniedByPolicy,
            },
            Decision::Escalate => Self::Pending,
        }
    }

    /// What a refusal means.
    pub(crate) fn of_error(error: &ClientError) -> Self {
        match error {
            ClientError::Problem(problem) => Self::of_problem(problem),
            ClientError::Unreachable(_) => Self::Busy,
            ClientError::Unexpected { status, .. } => Self::of_status(*status),
            ClientError::Unusable(_) => Self::Usage,
        }
    }

    /// What a problem means.
    pub(crate) fn of_problem(problem: &Problem) -> Self {
        match problem.code {
            Code::PreviouslyDenied => Self::Denied,
            Code::PolicyStopped | Code::PolicyDenied => Self::DeniedByPolicy,
            _ => Self::of_status(problem.status),
        }
    }

    const fn of_status(status: u16) -> Self {
        match status {
            400 | 413 | 422 => Self::Usage,
            401 | 403 => Self::NotAllowed,
            404 | 409 => Self::Conflict,
            429 | 502 | 503 | 504 => Self::Busy,
            _ => Self::Unexpected,
        }
    }

    /// How to exit after several: with the one way in which all failures failed, else as a conflict.
    pub(crate) fn of_all(exits: impl IntoIterator<Item = Self>) -> Self {
        let failures = exits.into_iter().filter(|exit| *exit != Self::Success);
        failures.reduce(|a, b| if a == b { a } else { Self::Conflict }).unwrap_or(Self::Success)
    }
}

#[cfg(test)]
mod tests;
