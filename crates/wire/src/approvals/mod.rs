//! Approvals: asking for them, answering them, using them, and how one is shown.

mod bulk;
mod request;
mod show;
mod view;

pub use bulk::{BulkApproveRequest, BulkDenyRequest, BulkOutcome, BulkResult, BulkSummary};
pub use request::{
    AnswerRequest, ApproveRequest, AskRequest, AttestRequest, AttestedDecision, CancelRequest,
    DenyRequest, QuestionRequest, RedeemRequest, ResolveRequest, ResultRequest, ResultStatus,
};
pub use view::{
    AgentRef, AnswerView, ApprovalView, Attested, CostSchema, EffectiveView, ExecutionView,
    HiddenView, LevelView, OnTimeoutView, PersonView, Redeemed, StageView, TraceLineSchema, Viewer,
};
