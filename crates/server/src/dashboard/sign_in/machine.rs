//! A person lets the command line of a machine in, or refuses it.

use askama::Template;
use axum::extract::State;
use countersign_wire::Code;

use crate::app::Error;
use crate::dashboard::layout::{Asked, Form, Frame, Page, Section, Sent, page_as};
use crate::dashboard::session::Viewer;
use crate::http::Shared;

/// The page: a field for the code, then the machine that shows it, then what was said.
#[derive(Template)]
#[template(path = "sign_in/machine.html")]
struct MachinePage {
    frame: Frame,
    stage: Stage,
    code: String,
    sent: Sent,
}

/// How far it is.
enum Stage {
    /// The code has to be typed.
    Code,
    /// The machine that shows it: its name, and where it calls from.
    Compare { name: String, from: String },
    /// It was let in, or refused.
    Done { name: String, lets_in: bool },
}

/// Which machine shows the code that stands in the address; nothing happens yet.
pub(super) async fn show(
    viewer: Viewer,
    State(surface): State<Shared>,
    Asked(form): Asked,
) -> Page {
    let Some(code) = form.owned("code") else {
        return shown(&viewer, Stage::Code, String::new(), Sent::default());
    };
    match surface.app.see_machine(&viewer.person, &code).await {
        Ok(machine) => {
            let from =
                machine.ip.map_or_else(|| "an unknown address".to_owned(), |ip| ip.to_string());
            shown(&viewer, Stage::Compare { name: machine.name, from }, code, Sent::default())
        }
        Err(error) => mistyped(&viewer, code, error),
    }
}

/// Lets it in, or refuses it.
pub(super) async fn answer(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    let code = form.owned("code").unwrap_or_default();
    let lets_in = form.one_of("say", &[("yes", true), ("no", false)])?;
    let lets_in = lets_in.ok_or_else(|| Error::invalid("say", "let it in, or refuse it"))?;
    match surface.app.answer_machine(&viewer.person, &code, lets_in).await {
        Ok(machine) => {
            let name = machine.name;
            shown(&viewer, Stage::Done { name, lets_in }, String::new(), Sent::default())
        }
        Err(error) => mistyped(&viewer, code, error),
    }
}

fn mistyped(viewer: &Viewer, code: String, error: Error) -> Page {
    let problem = match error.code {
        Code::NotFound => {
            "no machine shows this code now; it was used, or its time is over".to_owned()
        }
        Code::RateLimited => error.detail.clone(),
        _ => return Err(error.into()),
    };
    let wrong = Error { path: Some("code".to_owned()), detail: problem, ..error };
    let sent = Sent::refused("machine", &Form::default(), wrong.into())?;
    shown(viewer, Stage::Code, code, sent)
}

fn shown(viewer: &Viewer, stage: Stage, code: String, sent: Sent) -> Page {
    let frame = Frame::new(viewer, Section::Account, "Let a command line in");
    page_as(sent.status(), &MachinePage { frame, stage, code, sent })
}
