//! One request, whole: everything that a person needs to answer it, and the forms to do so.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use countersign_domain::ApprovalId;
use countersign_domain::approval::{Approval, Proposal, Reviewer, Status};
use countersign_domain::policy::document::{Document, Tool};
use countersign_store::{ApprovalQuery, Sort};
use jiff::Timestamp;

use super::step_up::StepUp;
use super::view::card::{Around, Card};
use super::view::decision::{BesideYes, Decision, OutOfReach};
use super::view::diff::{Line, changed};
use super::view::row::Row;
use super::view::value::Fingerprints;
use super::view::words;
use crate::app::{App, Error, OnTheLine, SignedIn, Snapshot, Visible};
use crate::dashboard::layout::{Asked, Frame, Icon, Page, Phrase, Section, page, sentence};
use crate::dashboard::session::Viewer;
use crate::http::{ApprovalPath, Failure, Shared};

/// How many alike requests are looked at.
pub(super) const ALIKE: usize = 60;

/// What was done just before, truly: read from the request itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Done {
    /// Which request.
    pub(crate) id: String,
    /// What it was about.
    pub(crate) headline: Phrase,
    /// What became of it.
    pub(crate) verdict: String,
    /// What becomes of it now.
    pub(crate) run: Option<Phrase>,
    /// Why the yes may not be used, as policy and people are now.
    pub(crate) outlook: Option<Phrase>,
    /// How it looks.
    pub(crate) class: &'static str,
}

impl Done {
    /// What is known of a request that was answered, and what becomes of it as things are now.
    pub(super) async fn of(app: &App, viewer: &Viewer, id: ApprovalId) -> Result<Self, Error> {
        let on_the_line = OnTheLine::Person(viewer.person.clone());
        let approval = app.see(&on_the_line, id, Visible::default()).await?;
        let outlook = app.outlook(&approval).await?;
        let verdict = words::verdict(&approval).map(|(text, _)| text);
        let class = match approval.state.status() {
            Status::Approved | Status::Pending if outlook.is_some() => "warn",
            Status::Approved => "good",
            Status::Denied | Status::Expired | Status::Canceled => "bad",
            Status::Pending => "",
        };
        Ok(Self {
            id: approval.id.to_string(),
            headline: Phrase::headline(&approval.headline()),
            verdict: verdict.unwrap_or_else(|| words::kept(&approval, viewer.person.person.id)),
            run: approval.execution().map(words::run),
            outlook: outlook.map(|why| Phrase::ticked(&why)),
            class,
        })
    }
}

/// How alike requests were decided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct History {
    /// How many there were of each: class, word, count.
    pub(crate) counts: Vec<(&'static str, &'static str, usize)>,
    /// The last ones.
    pub(crate) last: Vec<Row>,
}

/// What a page about a request shows beside it.
#[derive(Debug, Default)]
pub(super) struct Beside {
    /// What was done just before.
    pub(super) done: Option<Done>,
    /// What went wrong with the answer that was sent.
    pub(super) refused: Option<Refused>,
}

/// Why an answer was not taken, and what to keep of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    /// In a sentence.
    pub(crate) why: Phrase,
    /// What to do now.
    pub(crate) next: String,
    /// What changed since the person looked.
    pub(crate) changes: Vec<Line>,
    /// What they had written.
    pub(crate) written: String,
    /// On what they base it.
    pub(crate) evidence: String,
    /// What they had typed to confirm.
    pub(crate) typed: String,
    /// Whether that has no field of its own on the page any more.
    pub(crate) is_homeless: bool,
    /// Which form they had open: `approve`, `deny`, or none in particular.
    pub(crate) open: &'static str,
}

#[derive(Template)]
#[template(path = "approvals/show.html")]
struct Show {
    frame: Frame,
    card: Card,
    decision: Decision,
    outlook: Option<Phrase>,
    history: History,
    beside: Beside,
    step_up: Option<StepUp>,
}

/// One request.
pub(super) async fn show(
    viewer: Viewer,
    State(surface): State<Shared>,
    id: Result<ApprovalPath, Failure>,
    Asked(form): Asked,
) -> Page {
    let on_the_line = OnTheLine::Person(viewer.person.clone());
    let approval = surface.app.see(&on_the_line, id?.0, Visible::default()).await?;
    let done = match form.parsed("after")? {
        Some(after) => Some(Done::of(&surface.app, &viewer, after).await?),
        None => None,
    };
    render(&surface.app, &viewer, Arc::unwrap_or_clone(approval), Beside { done, refused: None })
        .await
}

/// The page of a request.
pub(super) async fn render(
    app: &Arc<App>,
    viewer: &Viewer,
    approval: Approval,
    beside: Beside,
) -> Page {
    let now = app.now();
    // As the next answer finds it.
    let approval = match approval.state.status() {
        Status::Pending => viewer.person.snapshot.with_standing_yeses(approval),
        Status::Approved | Status::Denied | Status::Expired | Status::Canceled => approval,
    };
    let alike = alike(app, &viewer.person, &approval).await?;
    let snapshot = &viewer.person.snapshot;
    let stands_in = viewer.person.stands_in(now);
    let who = Reviewer { person: &viewer.person.person, stands_in: &stands_in };
    let task = match approval.card.task_id.as_deref() {
        Some(task) => app.task_comments(&OnTheLine::Person(viewer.person.clone()), task).await?,
        None => Vec::new(),
    };
    let around = Around {
        alike: &alike,
        deciders: &app.deciders(&approval),
        task: &task,
        tool: tool(snapshot, approval.proposal()),
        fingerprints: Fingerprints(app.fingerprints(), approval.org()),
    };
    let mut decision = Decision::of(&approval, who, now);
    let step_up = StepUp::of(app, viewer, &approval).await?;
    let hindrance = step_up.as_ref().and_then(StepUp::hindrance);
    // What takes a step-up takes it for a yes and a no alike; a question takes none.
    if hindrance.is_some() {
        decision.beside_yes = decision.beside_yes.min(BesideYes::Question);
    }
    decision.why_not = decision.why_not.or(hindrance);
    if let (true, Err(short)) = (decision.is_open, app.reachable(&approval)) {
        let administers = decision.administers;
        decision.out_of_reach = Some(OutOfReach::of(&approval, &short, administers));
    }
    let outlook = app.outlook(&approval).await?.map(|why| Phrase::ticked(&sentence(&why)));
    if outlook.is_some() {
        "Nothing runs as things are now.".clone_into(&mut decision.runs);
    }
    let mut beside = beside;
    if let Some(refused) = &mut beside.refused {
        let answers =
            decision.is_open && (decision.beside_yes.is_no() || decision.why_not.is_none());
        refused.is_homeless = !answers && !refused.written.is_empty();
    }
    let title = approval.headline().to_string();
    page(&Show {
        frame: Frame::new(viewer, Section::Inbox, title),
        card: Card::of(&approval, around),
        decision,
        outlook,
        history: History::of(&alike, &approval, (&viewer.person, now)),
        beside,
        step_up,
    })
}

/// The registered tool that a proposal names.
pub(super) fn tool<'a>(snapshot: &'a Snapshot, proposal: &Proposal) -> Option<&'a Tool> {
    let named = &proposal.tool.as_ref()?.name;
    snapshot.rulebook().documents().iter().find_map(|document| match document {
        Document::Tool(tool) if tool.name == *named => Some(tool),
        _ => None,
    })
}

/// What changed between the version that a person saw and the one that stands.
pub(super) fn changes_since(approval: &Approval, seen: Option<&str>) -> Vec<Line> {
    let versions =
        std::iter::once((approval.card.digest, &approval.card.proposal, &approval.card.cost))
            .chain(approval.edits.iter().map(|edit| (edit.digest, &edit.proposal, &edit.cost)));
    let mut known = versions.filter(|(digest, ..)| Some(digest.to_string().as_str()) == seen);
    known.next().map_or_else(Vec::new, |(_, proposal, cost)| {
        changed(&approval.card, (proposal, cost), (approval.proposal(), approval.cost()))
    })
}

/// Others of the same agent and action, newest first.
pub(super) async fn alike(
    app: &App,
    person: &SignedIn,
    approval: &Approval,
) -> Result<Vec<Approval>, Error> {
    let query = ApprovalQuery {
        agent: Some(approval.card.requester.agent),
        action: Some(approval.card.proposal.action.to_string()),
        sort: Sort::Created,
        limit: ALIKE,
        ..ApprovalQuery::default()
    };
    Ok(app.list(&OnTheLine::Person(person.clone()), query).await?.items)
}

impl History {
    fn of(alike: &[Approval], approval: &Approval, (person, now): (&SignedIn, Timestamp)) -> Self {
        let is_decided = |a: &&Approval| a.id != approval.id && a.state.decided_at().is_some();
        let decided: Vec<&Approval> = alike.iter().filter(is_decided).collect();
        let words = [
            (Status::Approved, "approved"),
            (Status::Denied, "denied"),
            (Status::Expired, "expired"),
            (Status::Canceled, "withdrawn"),
        ];
        let count = |status| decided.iter().filter(|a| a.state.status() == status).count();
        let counts = words.iter().map(|(status, word)| (status.as_str(), *word, count(*status)));
        Self {
            counts: counts.filter(|(.., count)| *count > 0).collect(),
            last: decided
                .iter()
                .take(3)
                .map(|a| Row::of(a, Reviewer::alone(&person.person), now))
                .collect(),
        }
    }
}
