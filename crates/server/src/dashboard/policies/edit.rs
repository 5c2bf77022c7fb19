//! Writing documents. What was typed is kept whatever is wrong with it; nothing is applied that was not looked
//! at as it would be, and nothing if what is in force changed since.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use countersign_domain::identity::Right;
use countersign_domain::policy::document::plan::{Leave, Step, to_yaml};
use countersign_domain::policy::document::{DocumentKind, StoredDocument};
use countersign_wire::Code;

use super::skeleton::skeleton;
use super::view::diff::{self, DiffLine};
use super::view::review::ReviewView;
use super::{SPANS, address, file, kind, since};
use crate::app::Review;
use crate::dashboard::layout::{
    Asked, Form, Frame, Moment, Page, Section, Text, go, page, page_as,
};
use crate::dashboard::session::Viewer;
use crate::http::{DocumentPath, Failure, Shared};

/// What problems call what was typed.
pub(super) const DOCUMENTS: &str = "documents";
/// What they call the tests beside it.
pub(super) const TESTS: &str = "tests";

#[derive(Template)]
#[template(path = "policies/edit.html")]
struct Edit {
    frame: Frame,
    /// Which document was opened, if it is one that is in force.
    of: Option<(&'static str, Text, String)>,
    written: Written,
    kinds: Vec<&'static str>,
    spans: &'static [(&'static str, &'static str, i64)],
    review: Option<ReviewView>,
    changed: Option<Changed>,
    /// The hash of what is in force as this page shows it.
    hash: String,
}

/// What was typed, and what it was typed over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Written {
    kind: String,
    name: String,
    text: String,
    tests: String,
    since: String,
    /// The document as it was when it was opened.
    base: String,
    /// The hash of what was in force then.
    seen: String,
}

/// What someone else changed since the page was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Changed {
    /// Who changed the document last, and when.
    last: Option<(Text, Moment)>,
    /// What about it.
    lines: Vec<DiffLine>,
    /// Whether something was to be applied, and was not.
    refused: bool,
}

/// An empty document of a kind, with what it needs.
pub(super) async fn new(viewer: Viewer, Asked(form): Asked) -> Page {
    viewer.person.must(Right::Administer)?;
    let kind = form.text("kind").map(kind).transpose()?.unwrap_or(DocumentKind::Policy);
    let written = Written { text: skeleton(kind).to_owned(), ..Written::default() };
    page(&editor(&viewer, written, None))
}

/// A document that is in force.
pub(super) async fn open(
    viewer: Viewer,
    State(surface): State<Shared>,
    path: Result<DocumentPath, Failure>,
) -> Page {
    let path = path?;
    viewer.person.must(Right::Administer)?;
    let stored = surface.app.policy(&viewer.person, kind(&path.kind)?, &path.name)?;
    let text = to_yaml(&stored);
    let written = Written {
        kind: stored.document.kind().as_str().to_owned(),
        name: stored.document.name().to_owned(),
        base: text.clone(),
        text,
        ..Written::default()
    };
    page(&editor(&viewer, written, None))
}

/// Shows what applying it would come to, or what is wrong with it.
pub(super) async fn review(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    reviewed(&viewer, &surface, (Written::sent(&form), &form), false).await
}

/// Applies what was looked at, if what is in force is still what was looked at with it.
pub(super) async fn apply(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    let written = Written::sent(&form);
    let files = [file(DOCUMENTS, &written.text)];
    let how = (Leave::All, Some(written.seen.as_str()));
    match surface.app.apply_policies(&viewer.person, &files, how).await {
        Ok(applied) => {
            let mut steps = applied.plan.steps.iter().map(Step::name);
            match (steps.next(), steps.next()) {
                (Some((kind, name)), None) => go(&address(kind, name)),
                _ => go("/policies"),
            }
        }
        Err(error) if matches!(error.code, Code::Conflict | Code::PolicyInvalid) => {
            let conflict = error.code == Code::Conflict;
            reviewed(&viewer, &surface, (written, &form), conflict).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn reviewed(
    viewer: &Viewer,
    surface: &Shared,
    (written, form): (Written, &Form),
    refused: bool,
) -> Page {
    let files = [file(DOCUMENTS, &written.text), file(TESTS, &written.tests)];
    let since = since(form, &surface.app)?;
    let review = surface.app.review_policies(&viewer.person, &files, (Leave::All, since)).await?;
    let mistaken = matches!(review, Review::Mistaken(_));
    let shown = ReviewView::of(&review, &written.text, &written.tests);
    let changed = changed(viewer, &written, refused);
    let status = match (refused, mistaken) {
        (true, _) => StatusCode::CONFLICT,
        (false, true) => StatusCode::UNPROCESSABLE_ENTITY,
        (false, false) => StatusCode::OK,
    };
    page_as(status, &Edit { changed, ..editor(viewer, written, Some(shown)) })
}

impl Written {
    fn sent(form: &Form) -> Self {
        let all = |name: &str| form.all(name).next().unwrap_or_default().to_owned();
        Self {
            kind: all("kind"),
            name: all("name"),
            text: all("text"),
            tests: all("tests"),
            since: form.text("since").unwrap_or("7d").to_owned(),
            base: all("base"),
            seen: all("seen"),
        }
    }

    /// The document that was opened, as it is in force now.
    fn standing(&self, viewer: &Viewer) -> Option<StoredDocument> {
        let kind = kind(&self.kind).ok()?;
        let named = |stored: &&StoredDocument| {
            stored.document.kind() == kind && stored.document.name() == self.name
        };
        viewer.person.snapshot.documents().iter().find(named).cloned()
    }
}

fn editor(viewer: &Viewer, written: Written, review: Option<ReviewView>) -> Edit {
    let of = kind(&written.kind).ok().filter(|_| !written.name.is_empty()).map(|kind| {
        let name = written.name.as_str();
        (kind.as_str(), Text::line(name), address(kind, name))
    });
    let since = if written.since.is_empty() { "7d".to_owned() } else { written.since.clone() };
    Edit {
        frame: Frame::new(viewer, Section::Policies, "Edit policies"),
        of,
        written: Written { since, ..written },
        kinds: DocumentKind::ALL.map(DocumentKind::as_str).into(),
        spans: SPANS,
        review,
        changed: None,
        hash: viewer.person.snapshot.hash.to_string(),
    }
}

/// What is different from when the page was opened; `None` if nothing is.
fn changed(viewer: &Viewer, written: &Written, refused: bool) -> Option<Changed> {
    let same = written.seen.is_empty() || written.seen == viewer.person.snapshot.hash.to_string();
    if same && !refused {
        return None;
    }
    let standing = written.standing(viewer);
    let now = standing.as_ref().map(to_yaml).unwrap_or_default();
    let lines = diff::lines(&written.base, &now);
    let last = standing.filter(|_| !lines.is_empty());
    let last = last.map(|one| (Text::line(&one.updated_by.name), Moment::at(one.updated_at)));
    Some(Changed { last, lines, refused })
}
