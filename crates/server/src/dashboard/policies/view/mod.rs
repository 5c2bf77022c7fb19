//! What the pages of policy documents show, as plain data.

pub(super) mod diff;
pub(super) mod review;
pub(super) mod source;
pub(super) mod summary;
