//! Approvals over HTTP: one file per thing that can be done with them.

pub(super) mod answer;
pub(super) mod ask;
pub(super) mod attest;
pub(super) mod bulk;
pub(crate) mod events;
pub(super) mod list;
pub(super) mod run;
pub(super) mod show;
pub(super) mod talk;

use axum::Json;
use countersign_domain::approval::Approval;
use countersign_wire::approvals::{ApprovalView, Viewer};

use super::fields;
use crate::http::{Failure, Reply, Surface};

/// An approval as its agent sees it.
fn to_requester(approval: &Approval, surface: &Surface) -> Json<ApprovalView> {
    Json(ApprovalView::of(approval, Viewer::Requester, &surface.base_url))
}

/// An approval as the agent sees it that is about to use its yes, with what policy makes of it now.
async fn to_user(approval: &Approval, surface: &Surface) -> Reply<ApprovalView> {
    let outlook = outlook(approval, surface).await?;
    let view = ApprovalView::of(approval, Viewer::Requester, &surface.base_url);
    Ok(Json(ApprovalView { outlook, ..view }))
}

async fn outlook(approval: &Approval, surface: &Surface) -> Result<Option<String>, Failure> {
    let outlook = surface.app.outlook(approval).await?;
    Ok(outlook.map(|why| countersign_domain::display::sanitise(&why)))
}

/// An approval as people see it, with those who can still decide it, and what policy makes of it now.
async fn to_person(approval: &Approval, surface: &Surface) -> Reply<ApprovalView> {
    let deciders = surface.app.deciders(approval);
    let deciders = deciders.iter().map(|decider| decider.person.email.to_string()).collect();
    let outlook = outlook(approval, surface).await?;
    let view = ApprovalView::of(approval, Viewer::Person, &surface.base_url);
    Ok(Json(ApprovalView { can_decide: Some(deciders), outlook, ..view }))
}
