//! Answers that forms send. A form carries what the person saw; what has changed since is shown, and not
//! answered.

use axum::extract::State;
use countersign_domain::ApprovalId;
use countersign_domain::approval::Approval;
use countersign_domain::approval::transition::Remarks;
use countersign_domain::json::Object;
use countersign_wire::Code;
use std::sync::Arc;

use super::edit::{self, edits_of};
use super::inbox::next;
use super::show::{Beside, Refused, changes_since, render};
use super::step_up;
use crate::app::{Answer, Error, OnTheLine, Typed, Visible};
use crate::dashboard::layout::{Form, Page, advice, go, said, sentence};
use crate::dashboard::page::status;
use crate::dashboard::session::Viewer;
use crate::http::{ApprovalPath, Failure, Shared};

/// Says yes, to what stands or to an edited version of it.
pub(super) async fn approve(
    viewer: Viewer,
    State(surface): State<Shared>,
    id: Result<ApprovalPath, Failure>,
    form: Form,
) -> Page {
    let id = id?.0;
    let typed = form.owned("typed");
    let answer = Answer { on_screen: Some(Typed(typed)), ..answer(&form)? };
    let edits: Option<Object> = edits_of(&form)?;
    let said = surface.app.approve(&viewer.person, id, &answer, edits.as_ref()).await;
    let said = said.map_err(|error| step_up::kept(error, &form));
    if let (Some(edits), Err(error)) = (&edits, &said)
        && step_up::is_about(error.code)
    {
        return edit::again((&viewer, &surface), (id, edits), (&form, error)).await;
    }
    done(&viewer, &surface, id, &form, said).await
}

/// Says no.
pub(super) async fn deny(
    viewer: Viewer,
    State(surface): State<Shared>,
    id: Result<ApprovalPath, Failure>,
    form: Form,
) -> Page {
    let id = id?.0;
    let written = form.text("reason").or_else(|| form.text("prepared")).unwrap_or_default();
    let said = surface.app.deny(&viewer.person, id, &answer(&form)?, written).await;
    let said = said.map_err(|error| step_up::kept(error, &form));
    done(&viewer, &surface, id, &form, said).await
}

/// Asks the agent something.
pub(super) async fn ask(
    viewer: Viewer,
    State(surface): State<Shared>,
    id: Result<ApprovalPath, Failure>,
    form: Form,
) -> Page {
    let id = id?.0;
    let question = form.text("question").unwrap_or_default();
    let said = surface.app.question(&viewer.person, id, question, None).await;
    stay((&viewer, &surface), (id, "#thread"), &form, said).await
}

/// Remarks something.
pub(super) async fn comment(
    viewer: Viewer,
    State(surface): State<Shared>,
    id: Result<ApprovalPath, Failure>,
    form: Form,
) -> Page {
    let id = id?.0;
    let caller = OnTheLine::Person(viewer.person.clone());
    let body = form.text("body").unwrap_or_default();
    let (said, place) = match form.text("on") {
        Some("task") => (on_task(&surface, &caller, (id, body)).await, "#task"),
        _ => (surface.app.comment(&caller, id, body, None).await, "#thread"),
    };
    stay((&viewer, &surface), (id, place), &form, said).await
}

/// Remarks on the task that a request belongs to.
async fn on_task(
    surface: &Shared,
    caller: &OnTheLine,
    (id, body): (ApprovalId, &str),
) -> Result<Arc<Approval>, Error> {
    let approval = surface.app.see(caller, id, Visible::default()).await?;
    let task = approval.card.task_id.as_deref();
    let task = task.ok_or_else(|| Error::invalid("on", "this request belongs to no task"))?;
    surface.app.comment_on_task(caller, task, body, None).await?;
    Ok(approval)
}

/// Withdraws it, in the agent's place.
pub(super) async fn cancel(
    viewer: Viewer,
    State(surface): State<Shared>,
    id: Result<ApprovalPath, Failure>,
    form: Form,
) -> Page {
    let id = id?.0;
    let caller = OnTheLine::Person(viewer.person.clone());
    let said = surface.app.cancel(&caller, id, form.text("reason"), None).await;
    stay((&viewer, &surface), (id, ""), &form, said).await
}

/// Says how a run ended whose end was not seen.
pub(super) async fn resolve(
    viewer: Viewer,
    State(surface): State<Shared>,
    id: Result<ApprovalPath, Failure>,
    form: Form,
) -> Page {
    use countersign_domain::approval::Resolution;
    let id = id?.0;
    let known = [
        ("succeeded", Resolution::Succeeded),
        ("failed", Resolution::Failed),
        ("retry", Resolution::Retry),
    ];
    let way = form.one_of("as", &known)?;
    let way = way.ok_or_else(|| Error::invalid("as", "say how the run ended"))?;
    let said = surface.app.resolve(&viewer.person, id, (way, form.text("notes")), None).await;
    stay((&viewer, &surface), (id, ""), &form, said).await
}

fn answer(form: &Form) -> Result<Answer, Error> {
    let remarks =
        Remarks { notes: form.owned("notes"), evidence: form.owned("evidence"), operator: None };
    let unseen =
        || Error::invalid("digest", "the form does not say what was seen; load the page again");
    let seen = Some(form.parsed("digest")?.ok_or_else(unseen)?);
    let presented = Some(form.parsed("presented")?.ok_or_else(unseen)?);
    let shows = step_up::shown(form);
    Ok(Answer { remarks, seen, presented, shows, ..Answer::default() })
}

/// To the next request, with a line that says what was done; or the request again, with why it was not.
async fn done(
    viewer: &Viewer,
    surface: &Shared,
    id: ApprovalId,
    form: &Form,
    said: Result<Arc<Approval>, Error>,
) -> Page {
    match said {
        Ok(_) => go(&next(&surface.app, viewer, id).await?),
        Err(error) => again(viewer, surface, id, form, error).await,
    }
}

/// The same request, at the place where something was added to it.
async fn stay(
    (viewer, surface): (&Viewer, &Shared),
    (id, place): (ApprovalId, &str),
    form: &Form,
    said: Result<Arc<Approval>, Error>,
) -> Page {
    match said {
        Ok(_) => go(&format!("/approvals/{id}{place}")),
        Err(error) => again(viewer, surface, id, form, error).await,
    }
}

/// The request as it stands, with why the answer was not taken, and what had been written.
async fn again(
    viewer: &Viewer,
    surface: &Shared,
    id: ApprovalId,
    form: &Form,
    error: Error,
) -> Page {
    if matches!(error.code, Code::Unavailable | Code::NotFound | Code::Internal | Code::RateLimited)
    {
        return Err(error.about(id).into());
    }
    let on_the_line = OnTheLine::Person(viewer.person.clone());
    let approval = surface.app.see(&on_the_line, id, Visible::default()).await?;
    let changes = match error.code {
        Code::Stale => changes_since(&approval, form.text("digest")),
        _ => Vec::new(),
    };
    let fields = ["reason", "notes", "question", "body"];
    let written = fields.iter().find_map(|name| form.text(name)).unwrap_or_default();
    let refused = Refused {
        why: said(&error),
        next: sentence(advice(error.code)),
        changes,
        written: written.to_owned(),
        evidence: form.owned("evidence").unwrap_or_default(),
        typed: form.owned("typed").unwrap_or_default(),
        is_homeless: false,
        open: match form.all("reason").next() {
            _ if error.code == Code::ReasonRequired => "deny",
            Some(_) if step_up::is_about(error.code) => "deny",
            None if step_up::is_about(error.code) => "approve",
            Some(_) | None => "",
        },
    };
    let beside = Beside { done: None, refused: Some(refused) };
    let mut response = render(&surface.app, viewer, Arc::unwrap_or_clone(approval), beside).await?;
    *response.status_mut() = status(&error);
    Ok(response)
}
