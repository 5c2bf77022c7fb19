//! The one use of an approval, and how it ended.

mod outlook;
mod shortfall;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use self::shortfall::Demanded;

use super::{ApprovalError, Fact, Transition, close};
use crate::approval::{Approval, Cost, Digest, State};
use crate::audit::Kind;
use crate::identity::Caller;
use crate::notification::Event;
use crate::{ReceiptId, time};

/// A run that was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// When the one use was claimed.
    pub since: Timestamp,
    /// The receipt that was given out.
    pub receipt: ReceiptId,
}

/// What became of an approved action.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Execution {
    /// Nothing yet: it can be used once.
    Unused,
    /// The one use was claimed; its end was not told yet.
    Running {
        /// When it was claimed.
        since: Timestamp,
        /// The receipt that was given out.
        receipt: ReceiptId,
    },
    /// It ran and succeeded.
    Succeeded {
        /// When its end was told.
        at: Timestamp,
        /// What came of it.
        result: Option<Value>,
        /// What it really cost.
        cost: Option<Cost>,
        /// The run that ended so; `None` where that was not kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        run: Option<Run>,
    },
    /// It ran and failed.
    Failed {
        /// When its end was told.
        at: Timestamp,
        /// What went wrong.
        error: Option<String>,
        /// What it really cost.
        cost: Option<Cost>,
        /// The run that ended so; `None` where that was not kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        run: Option<Run>,
    },
    /// A run was started and its end was not seen.
    Unknown {
        /// When this was established.
        at: Timestamp,
        /// The run that was started; `None` where that was not kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        run: Option<Run>,
    },
    /// It was not used in time.
    Lapsed {
        /// When this was established.
        at: Timestamp,
    },
    /// It was stopped before it was used.
    Revoked {
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
}

impl Execution {
    /// The public name of the state.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Unused => "unused",
            Self::Running { .. } => "running",
            Self::Succeeded { .. } => "succeeded",
            Self::Failed { .. } => "failed",
            Self::Unknown { .. } => "unknown",
            Self::Lapsed { .. } => "lapsed",
            Self::Revoked { .. } => "revoked",
        }
    }

    /// The run that was started, as far as that was kept.
    pub const fn started(&self) -> Option<Run> {
        match self {
            Self::Running { since, receipt } => Some(Run { since: *since, receipt: *receipt }),
            Self::Succeeded { run, .. } | Self::Failed { run, .. } | Self::Unknown { run, .. } => {
                *run
            }
            Self::Unused | Self::Lapsed { .. } | Self::Revoked { .. } => None,
        }
    }

    /// When the end of a run was told.
    pub const fn ended_at(&self) -> Option<Timestamp> {
        match self {
            Self::Succeeded { at, .. } | Self::Failed { at, .. } => Some(*at),
            Self::Unused
            | Self::Running { .. }
            | Self::Unknown { .. }
            | Self::Lapsed { .. }
            | Self::Revoked { .. } => None,
        }
    }
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq)]
pub enum RunEnd {
    /// Well.
    Succeeded {
        /// What came of it.
        result: Option<Value>,
        /// What it really cost.
        cost: Option<Cost>,
    },
    /// Badly.
    Failed {
        /// What went wrong.
        error: Option<String>,
        /// What it really cost.
        cost: Option<Cost>,
    },
}

impl RunEnd {
    /// What it really cost, if that was told.
    pub const fn cost(&self) -> Option<&Cost> {
        match self {
            Self::Succeeded { cost, .. } | Self::Failed { cost, .. } => cost.as_ref(),
        }
    }
}

/// What a person says about a run whose end was not seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    /// It ran and succeeded.
    Succeeded,
    /// It did not run, or failed.
    Failed,
    /// It did not run and may be tried once more.
    Retry,
}

impl Approval {
    /// Claims the one use, for exactly the proposal with this digest.
    pub fn redeem(
        self,
        given: Digest,
        receipt: ReceiptId,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<Transition, ApprovalError> {
        if self.is_held_by_its_call() {
            self.must_be_usable(now)?;
            return Err(ApprovalError::Used("held by the call that asked"));
        }
        self.run_by_its_call(given, receipt, caller, now)
    }

    /// The same by the call that asked, which holds it: it is used when that call is told.
    pub fn run_by_its_call(
        self,
        given: Digest,
        receipt: ReceiptId,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<Transition, ApprovalError> {
        self.must_be_usable(now)?;
        let approved = self.digest();
        if given != approved {
            return Err(ApprovalError::OtherProposal { approved, given });
        }
        let data = json!({"receipt": receipt});
        Ok(self.run(
            Execution::Running { since: now, receipt },
            Kind::ExecutionStarted,
            data,
            (caller, now),
        ))
    }

    /// The end of the run is told.
    pub fn finish(
        self,
        end: RunEnd,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<Transition, ApprovalError> {
        self.must_run()?;
        let run = self.run_so_far();
        let (kind, execution) = match end {
            RunEnd::Succeeded { result, cost } => (
                Kind::ExecutionSucceeded,
                Execution::Succeeded {
                    at: now,
                    result: result.filter(|value| !value.is_null()),
                    cost,
                    run,
                },
            ),
            RunEnd::Failed { error, cost } => {
                (Kind::ExecutionFailed, Execution::Failed { at: now, error, cost, run })
            }
        };
        let data = json!({"execution": self.card.shown_value(&json!(execution))});
        Ok(self.run(execution, kind, data, (caller, now)))
    }

    /// The end of a run that was started will not be seen.
    pub fn lose_sight(self, now: Timestamp) -> Result<Transition, ApprovalError> {
        self.must_run()?;
        let (run, system) = (self.run_so_far(), Caller::system());
        Ok(self.run(
            Execution::Unknown { at: now, run },
            Kind::ExecutionUnknown,
            json!({}),
            (&system, now),
        ))
    }

    /// A person says what became of a run whose end was not seen.
    pub fn resolve(
        self,
        resolution: Resolution,
        notes: Option<String>,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<Transition, ApprovalError> {
        match self.execution() {
            Some(Execution::Unknown { .. }) => {}
            Some(other) => return Err(ApprovalError::NotUnknown(other.as_str())),
            None => return Err(ApprovalError::NotApproved(self.state.status())),
        }
        let data = json!({"as": resolution, "notes": notes});
        let run = self.run_so_far();
        let execution = match resolution {
            Resolution::Succeeded => {
                Execution::Succeeded { at: now, result: None, cost: None, run }
            }
            Resolution::Failed => Execution::Failed { at: now, error: notes, cost: None, run },
            Resolution::Retry => Execution::Unused,
        };
        Ok(self.run(execution, Kind::ExecutionResolved, data, (caller, now)))
    }

    /// The yes was not used in time.
    pub fn lapse(self, now: Timestamp) -> Result<Transition, ApprovalError> {
        match self.must_be_usable(now) {
            Err(ApprovalError::Used("lapsed"))
                if matches!(self.execution(), Some(Execution::Unused)) => {}
            Err(other) => return Err(other),
            Ok(()) => return Err(ApprovalError::StillOpen),
        }
        let system = Caller::system();
        Ok(self.run(
            Execution::Lapsed { at: now },
            Kind::ExecutionLapsed,
            json!({}),
            (&system, now),
        ))
    }

    /// The yes is taken back before it was used: policy, agent or locks no longer permit it.
    pub fn revoke(
        self,
        reason: String,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<Transition, ApprovalError> {
        self.must_be_usable(now)?;
        let data = json!({"reason": reason});
        let execution = Execution::Revoked { at: now, reason };
        Ok(self.run(execution, Kind::ExecutionRevoked, data, (caller, now)))
    }

    /// Whether the one use is still to be had now. An unused yes whose time is over counts as lapsed also
    /// before any sweeper came by.
    fn must_be_usable(&self, now: Timestamp) -> Result<(), ApprovalError> {
        match &self.state {
            State::Approved { execution: Execution::Unused, use_by, .. } => {
                if now < *use_by {
                    Ok(())
                } else {
                    Err(ApprovalError::Used("lapsed"))
                }
            }
            State::Approved { execution, .. } => Err(ApprovalError::Used(execution.as_str())),
            other => Err(ApprovalError::NotApproved(other.status())),
        }
    }

    fn must_run(&self) -> Result<(), ApprovalError> {
        match self.execution() {
            Some(Execution::Running { .. }) => Ok(()),
            Some(other) => Err(ApprovalError::NotRunning(other.as_str())),
            None => Err(ApprovalError::NotApproved(self.state.status())),
        }
    }

    fn run_so_far(&self) -> Option<Run> {
        self.execution().and_then(Execution::started)
    }

    fn run(
        mut self,
        next: Execution,
        kind: Kind,
        data: Value,
        by: (&Caller, Timestamp),
    ) -> Transition {
        let (caller, now) = by;
        let retried = matches!(next, Execution::Unused);
        let within = self.requirements.use_within;
        if let State::Approved { execution, use_by, .. } = &mut self.state {
            *execution = next;
            if retried {
                *use_by = time::after(now, within);
            }
        }
        close(self, Fact::new(kind, Event::ApprovalExecuted, data), caller, now)
    }
}
