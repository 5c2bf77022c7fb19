//! `GET /approvals/{id}`: one approval, at once or as soon as there is something to tell.

use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use countersign_domain::Revision;
use countersign_domain::approval::Execution;
use countersign_wire::Problem;
use countersign_wire::approvals::{ApprovalView, Viewer};
use jiff::SignedDuration;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{fields, to_person, to_user};
use crate::app::{Error, OnTheLine, Visible};
use crate::http::{AnyHolder, ApprovalPath, Failure, Query, Shared};

/// The longest wait in one call; wait again after it.
const LONGEST: Duration = Duration::from_mins(2);

/// How to see it.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct Show {
    /// How long to wait, as `55s`, until it is decided or a question is open; at most 120 s.
    wait: Option<String>,
    /// With `wait`: any revision after this one is worth telling.
    after_revision: Option<u64>,
}

/// One approval. With `wait` it answers as soon as there is something to tell, or when the wait is over.
#[utoipa::path(
    get, path = "/approvals/{id}", tag = "approvals",
    params(("org" = String, Path), ("id" = String, Path), Show),
    responses((status = 200, body = ApprovalView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn show(
    State(surface): State<Shared>,
    AnyHolder(viewer): AnyHolder,
    ApprovalPath(id): ApprovalPath,
    Query(show): Query<Show>,
) -> Result<Response, Failure> {
    let how = how(&show)?;
    let at_once = how.wait.is_none();
    let approval = surface.app.see(&viewer, id, how).await?;
    let is_unused = approval.execution() == Some(&Execution::Unused);
    Ok(match viewer {
        OnTheLine::Asker(_) if at_once && is_unused => {
            to_user(&approval, &surface).await?.into_response()
        }
        // Many can wait for the same; who can still decide, which only people are told, changes by itself.
        OnTheLine::Asker(_) => {
            surface.shown.response(&approval, Viewer::Requester, &surface.base_url)
        }
        OnTheLine::Person(_) => to_person(&approval, &surface).await?.into_response(),
    })
}

fn how(show: &Show) -> Result<Visible, Error> {
    let wait = fields::length("wait", show.wait.as_deref())?.map(SignedDuration::unsigned_abs);
    if wait.is_some_and(|wait| wait > LONGEST) {
        return Err(Error::invalid("wait", "one call waits 120 s at most; wait again after it"));
    }
    Ok(Visible { wait, after: show.after_revision.map(Revision) })
}
