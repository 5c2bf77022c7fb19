//! Signing in with an account at an identity provider. Going there is a form of ours; coming back is the one GET
//! that signs in, because the provider sends people that way. It takes what only this browser holds, and a state
//! that works once.

use askama::Template;
use axum::extract::{Query, State};
use countersign_domain::display::sanitise;
use countersign_wire::Code;
use serde::Deserialize;

use super::signed_in;
use crate::app::Error;
use crate::dashboard::layout::{Form, Page, page};
use crate::dashboard::session::{Visitor, local};
use crate::http::Shared;

/// The longest code of an error that is shown, in characters.
const LONGEST: usize = 60;

/// Forms may lead only to pages of this server, so this page leads on.
#[derive(Template)]
#[template(path = "sign_in/going.html")]
struct Going<'a> {
    name: &'a str,
    url: &'a str,
}

/// What people come back with.
#[derive(Deserialize)]
pub(super) struct Back {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
    error: Option<String>,
}

/// Sends someone to the provider.
pub(super) async fn go(visitor: Visitor, State(surface): State<Shared>, form: Form) -> Page {
    surface.limits.admit_start(&visitor.device)?;
    let next = local(form.text("next"));
    let url = surface.app.ask_provider(&visitor.csrf, &next, form.text("anew").is_some()).await?;
    page(&Going { name: surface.app.provider_name().unwrap_or_default(), url: url.as_str() })
}

/// Takes someone in who comes back from there.
pub(super) async fn back(
    visitor: Visitor,
    State(surface): State<Shared>,
    Query(back): Query<Back>,
) -> Page {
    if let Some(error) = back.error {
        return Err(refused(&error).into());
    }
    let told = (back.state.as_str(), back.code.as_str());
    let (new, next) = surface.app.enter_provider(told, &visitor.csrf, &visitor.device).await?;
    Ok(signed_in(&surface, &new, &next))
}

/// What the provider said no to, in our words: whoever made the link chose those of the provider.
fn refused(error: &str) -> Error {
    let detail = match error {
        "access_denied" => {
            "you or the identity provider said no, so nobody was signed in".to_owned()
        }
        other => {
            let code: String = sanitise(other).chars().take(LONGEST).collect();
            format!("the identity provider did not sign you in: it says `{code}`")
        }
    };
    Error::new(Code::SignInRefused, detail)
}
