//! Why a use case fails: one error for all of them, told apart by its stable code.

use countersign_domain::ApprovalId;
use countersign_domain::approval::ApprovalError;
use countersign_domain::policy::document::parse::Problem;
use countersign_store::StoreError;
use countersign_wire::Code;

/// Why a use case fails.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Error {
    /// The stable code; it decides the HTTP status and what to do next.
    pub code: Code,
    /// What went wrong this time.
    pub detail: String,
    /// Where in the request.
    pub path: Option<String>,
    /// The approval it is about.
    pub approval: Option<ApprovalId>,
    /// When to try again, in seconds.
    pub retry_after: Option<u32>,
    /// What is wrong with the policy files that were sent.
    pub problems: Box<[Problem]>,
}

impl Error {
    /// An error with a code and what went wrong.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            path: None,
            approval: None,
            retry_after: None,
            problems: Box::default(),
        }
    }

    /// Something in the request cannot be used.
    pub fn invalid(path: impl Into<String>, detail: impl std::fmt::Display) -> Self {
        Self { path: Some(path.into()), ..Self::new(Code::Invalid, format!("{detail}")) }
    }

    /// There is no such thing, or it is not the caller's to see.
    pub fn not_found(what: &str, id: &str) -> Self {
        let id = countersign_domain::display::sanitise(id);
        Self::new(Code::NotFound, format!("there is no {what} `{id}`"))
    }

    /// The same, about an approval.
    pub fn about(self, approval: ApprovalId) -> Self {
        Self { approval: Some(approval), ..self }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store failed");
        Self { retry_after: Some(1), ..Self::new(Code::Unavailable, "the database did not answer") }
    }
}

impl From<ApprovalError> for Error {
    fn from(error: ApprovalError) -> Self {
        let code = match &error {
            ApprovalError::Decided(_) => Code::AlreadyDecided,
            ApprovalError::TimeRanOut => Code::Expired,
            ApprovalError::StillOpen => Code::Conflict,
            ApprovalError::OwnRequest(_) => Code::OwnRequest,
            ApprovalError::NotAdmitted(_) => Code::NotAdmitted,
            ApprovalError::AlreadyApproved => Code::AlreadyApproved,
            ApprovalError::PlaceTaken(_) => Code::PlaceTaken,
            ApprovalError::AssuranceTooLow { .. } => Code::AssuranceTooLow,
            ApprovalError::NotRelayed(_) => Code::RelayNotPermitted,
            ApprovalError::Stale { .. } => Code::Stale,
            ApprovalError::TextMissing("a reason") => Code::ReasonRequired,
            ApprovalError::TextMissing(_) | ApprovalError::NotMeant { .. } => Code::Invalid,
            ApprovalError::Edit(_) => Code::EditRefused,
            ApprovalError::NoQuestion => Code::NoQuestion,
            ApprovalError::NotApproved(_) => Code::NotApproved,
            ApprovalError::OtherProposal { .. } => Code::DigestMismatch,
            ApprovalError::Used(_) => Code::AlreadyUsed,
            ApprovalError::NotRunning(_) => Code::NotRunning,
            ApprovalError::NotUnknown(_) => Code::NotUnknown,
        };
        let path = match &error {
            ApprovalError::TextMissing("a reason") => Some("$.reason".to_owned()),
            ApprovalError::TextMissing("evidence") => Some("$.evidence".to_owned()),
            ApprovalError::TextMissing("a note that says why you approve") => {
                Some("$.notes".to_owned())
            }
            ApprovalError::NotMeant { .. } => Some("$.typed".to_owned()),
            ApprovalError::Edit(_) => Some("$.edits".to_owned()),
            _ => None,
        };
        Self { path, ..Self::new(code, error.to_string()) }
    }
}
