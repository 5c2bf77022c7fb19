//! Figures over approvals.
