//! The part of a form in which a person shows that they mean this very answer, and the challenge that a script
//! fetches for their passkey.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse as _;
use countersign_domain::approval::{Approval, Assurance};
use countersign_domain::identity::sign_in::Hidden;
use countersign_wire::Code;
use serde_json::json;

use super::edit::edits_of;
use crate::app::{App, Error, Shows};
use crate::dashboard::layout::{Form, Page};
use crate::dashboard::session::Viewer;
use crate::http::{ApprovalPath, Failure, Shared};

/// What this person can show for an answer that demands it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StepUp {
    /// Which request.
    pub(crate) id: String,
    /// Whether they have a passkey.
    pub(crate) passkey: bool,
    /// Whether they have an authenticator app.
    pub(crate) code: bool,
}

impl StepUp {
    /// What a page about a request asks for; `None` where nothing is demanded.
    pub(super) async fn of(
        app: &App,
        viewer: &Viewer,
        approval: &Approval,
    ) -> Result<Option<Self>, Error> {
        if approval.requirements.assurance < Assurance::StepUp {
            return Ok(None);
        }
        let means = app.step_up_means(&viewer.person).await?;
        let id = approval.id.to_string();
        Ok(Some(Self { id, passkey: means.passkey, code: means.code }))
    }

    /// Why they cannot answer, if they have nothing to show.
    pub(super) fn hindrance(&self) -> Option<String> {
        let nothing = "A yes and a no to this are each confirmed with a passkey or the code of an authenticator app, \
                       and you have neither yet. Add one on your account, then come back: the request waits";
        (!self.passkey && !self.code).then(|| nothing.to_owned())
    }
}

/// What a form shows; a passkey that signed goes before a code that was typed.
pub(super) fn shown(form: &Form) -> Option<Shows> {
    let credential = form.owned("credential");
    let ticket = form.owned("ticket").map(Hidden::new);
    let signed = credential.zip(ticket);
    let passkey = signed.map(|(credential, ticket)| Shows::Passkey { ticket, credential });
    passkey.or_else(|| form.owned("code").map(|code| Shows::Code(Hidden::new(code))))
}

/// Whether an answer was refused for what was shown, or not shown, with it.
pub(super) const fn is_about(code: Code) -> bool {
    matches!(code, Code::StepUpRefused | Code::AssuranceTooLow)
}

/// An error about what was shown, so that the page comes back with what was written, however it failed.
pub(super) fn kept(error: Error, form: &Form) -> Error {
    match error.code {
        Code::RateLimited if shown(form).is_some() => Error { code: Code::StepUpRefused, ..error },
        _ => error,
    }
}

/// What a passkey is to sign for the answer that a form holds.
pub(super) async fn challenge(
    viewer: Viewer,
    State(surface): State<Shared>,
    id: Result<ApprovalPath, Failure>,
    form: Form,
) -> Page {
    let id = id?.0;
    let digest = if let Some(edits) = edits_of(&form)? {
        surface.app.preview_edit(&viewer.person, id, &edits).await?.1.proposal.digest()
    } else {
        let missing = || Error::invalid("digest", "the form does not say what it answers");
        form.parsed("digest")?.ok_or_else(missing)?
    };
    let asked = surface.app.step_up_challenge(&viewer.person, id, digest).await?;
    let (ticket, options) = (asked.ticket.reveal(), asked.options);
    Ok(Json(json!({"ticket": ticket, "options": options})).into_response())
}
