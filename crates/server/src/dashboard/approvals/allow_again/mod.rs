//! "Allow this again": a grant made from a request, as narrow as possible, looked at before it is made.

mod form;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use countersign_domain::approval::{Approval, Digest, Reviewer, Risk};
use countersign_domain::display;
use countersign_wire::Code;
use jiff::Timestamp;

use self::form::{Param, Written, params};
use super::view::row::Row;
use crate::app::{Error, GrantMade, OnTheLine, Visible};
use crate::dashboard::budgets::money;
use crate::dashboard::layout::{
    Form, Frame, Moment, Page, Phrase, Section, Text, encoded, go, page, page_as, said,
};
use crate::dashboard::session::Viewer;
use crate::http::{ApprovalPath, Failure, Shared};

/// The fields beside which the page says what is wrong with them.
const FIELDS: [&str; 5] = ["name", "uses", "usd", "expires_in", "except"];

#[derive(Template)]
#[template(path = "approvals/allow_again.html")]
struct Again {
    frame: Frame,
    id: String,
    headline: Phrase,
    agent: Text,
    risk: Risk,
    /// What the page shows; a grant is made of nothing else.
    digest: String,
    params: Vec<Param>,
    written: Written,
    /// What is wrong: the field, and a sentence.
    problem: Option<(String, Phrase)>,
    /// What it would be; nothing where it cannot be.
    preview: Option<Preview>,
    /// Whether anything could be granted at all.
    is_hopeless: bool,
}

impl Again {
    fn problem(&self, field: &str) -> Option<&Phrase> {
        self.problem.as_ref().filter(|(of, _)| of == field).map(|(_, text)| text)
    }
}

/// What a grant would be, and what it would have covered.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Preview {
    /// The rule in a sentence.
    says: Phrase,
    /// The same, exactly.
    when: Option<Text>,
    ends: Option<Moment>,
    /// What it would have covered, in a sentence.
    covered: String,
    /// How many of those people denied.
    denied: usize,
    examples: Vec<Row>,
}

/// The narrowest grant, and what it would have covered.
pub(super) async fn show(
    viewer: Viewer,
    State(surface): State<Shared>,
    id: Result<ApprovalPath, Failure>,
) -> Page {
    looked(&viewer, &surface, (id?.0, None)).await
}

/// Another one; or it is made, if it was looked at.
pub(super) async fn send(
    viewer: Viewer,
    State(surface): State<Shared>,
    id: Result<ApprovalPath, Failure>,
    form: Form,
) -> Page {
    let id = id?.0;
    if form.text("do") != Some("make") {
        return looked(&viewer, &surface, (id, Some((&form, None)))).await;
    }
    let made = async {
        let wish = Written::sent(&form).wish()?;
        let seen: Option<Digest> = form.parsed("digest")?;
        let missing = || Error::invalid("digest", "the form does not say what was looked at");
        let seen = seen.ok_or_else(missing)?;
        surface.app.grant_again(&viewer.person, id, (&wish, Some(seen), false)).await
    };
    match made.await {
        Ok(made) => go(&format!("/grants/{}", encoded(&made.drafted.grant.name))),
        Err(error) => looked(&viewer, &surface, (id, Some((&form, Some(error))))).await,
    }
}

type Sent<'a> = Option<(&'a Form, Option<Error>)>;

async fn looked(
    viewer: &Viewer,
    surface: &Shared,
    (id, sent): (countersign_domain::ApprovalId, Sent<'_>),
) -> Page {
    let on_the_line = OnTheLine::Person(viewer.person.clone());
    let approval = surface.app.see(&on_the_line, id, Visible::default()).await?;
    let now = surface.app.now();
    let (written, failed) = match sent {
        Some((form, failed)) => (Some(Written::sent(form)), failed),
        None => (None, None),
    };
    let looked = match (&written, failed) {
        (_, Some(error)) => Err(error),
        (written, None) => match written.clone().unwrap_or_default().wish() {
            Ok(wish) => surface.app.grant_again(&viewer.person, id, (&wish, None, true)).await,
            Err(error) => Err(error),
        },
    };
    let (made, problem) = match looked {
        Ok(made) => (Some(made), None),
        Err(error) => (None, Some(told(error)?)),
    };
    let is_hopeless = made.is_none() && written.is_none();
    let drafted = made.as_ref().map(|made| Written::of(&made.drafted.grant, now));
    let written = written.or(drafted).unwrap_or_default();
    let refused = problem.is_some() && !is_hopeless;
    let shown = Again {
        frame: Frame::new(viewer, Section::Grants, "Allow this again"),
        id: approval.id.to_string(),
        headline: Phrase::headline(&approval.headline()),
        agent: Text::line(&approval.card.requester.name),
        risk: approval.card.risk,
        digest: approval.digest().to_string(),
        params: params(&approval, &written),
        written,
        problem,
        preview: made.map(|made| preview(&approval, &made, (viewer, now))),
        is_hopeless,
    };
    if refused { page_as(StatusCode::UNPROCESSABLE_ENTITY, &shown) } else { page(&shown) }
}

/// A refusal that the page says: the field it is about, and a sentence. What else goes wrong is an error.
fn told(error: Error) -> Result<(String, Phrase), Error> {
    let field = match error.code {
        Code::Invalid => {
            let path = error.path.as_deref().unwrap_or_default();
            let field = path.trim_start_matches("$.");
            if FIELDS.contains(&field) { field.to_owned() } else { String::new() }
        }
        Code::NameTaken => "name".to_owned(),
        Code::Stale | Code::OwnRequest | Code::NotAdmitted | Code::Forbidden => String::new(),
        _ => return Err(error),
    };
    Ok((field, said(&error)))
}

fn preview(approval: &Approval, made: &GrantMade, (viewer, now): (&Viewer, Timestamp)) -> Preview {
    let grant = &made.drafted.grant;
    let limit = &grant.limit;
    let uses =
        limit.uses.map(|uses| if uses == 1 { "once".to_owned() } else { format!("{uses} times") });
    let usd = limit.usd.map(|usd| format!("for at most {} USD in all", money(usd)));
    let within: Vec<String> = uses.into_iter().chain(usd).collect();
    let open = match made.drafted.left_open.as_slice() {
        [] => Phrase::ours("nothing else may differ"),
        open => Phrase::joined(open.iter().map(|key| Phrase::said(key)), ", ").and(" may differ"),
    };
    let says = Phrase::ours(display::sanitise(&approval.card.requester.name))
        .and(" may do ")
        .and_said(approval.proposal().action.as_str())
        .and(format!(" without asking, {}, while the parameters are these; ", within.join(", ")))
        .and_all(open);
    let seen = &made.preview;
    let covered = match (seen.looked_at, seen.covered) {
        (_, 0) => "In the last 30 days it would have covered nothing but what comes.".to_owned(),
        (all, covered) => {
            let cost = if seen.usd.0.is_zero() {
                String::new()
            } else {
                format!(", for {} USD", money(seen.usd))
            };
            format!(
                "In the last 30 days it would have covered {covered} of {all} such requests{cost}."
            )
        }
    };
    let row = |past: &Approval| Row::of(past, Reviewer::alone(&viewer.person.person), now);
    Preview {
        says,
        when: grant.when.as_deref().map(Text::said),
        ends: grant.expires_at.map(Moment::until),
        covered,
        denied: seen.denied,
        examples: seen.examples.iter().map(row).collect(),
    }
}
