//! Agents, and what they may do.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use countersign_domain::approval::{Approval, Status};
use countersign_domain::identity::{Agent, AgentStatus, Email, Trust};
use countersign_domain::policy::{Effect, Permission};
use countersign_domain::{ActionPattern, Money};
use countersign_store::{ApprovalQuery, Sort};

use super::manifest::manifest;
use super::{Fresh, administers};
use crate::app::{AgentChange, Error, NewAgent, OnTheLine};
use crate::dashboard::approvals::list::Known;
use crate::dashboard::approvals::row::Row;
use crate::dashboard::layout::{
    Form, Frame, Frozen, Moment, Page, Section, Sent, Text, Wrong, encoded, go, page_as,
};
use crate::dashboard::session::Viewer;
use crate::http::{Failure, NamedPath, Shared};

const TRUST: &[(&str, Trust)] =
    &[("untrusted", Trust::Untrusted), ("standard", Trust::Standard), ("trusted", Trust::Trusted)];
const EFFECTS: &[(&str, Effect)] = &[
    ("allow", Effect::Allow),
    ("requires_approval", Effect::RequiresApproval),
    ("deny", Effect::Deny),
];

/// An agent as a row.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    name: String,
    version: Text,
    /// The same, as a form sends it.
    raw_version: String,
    owner: Option<String>,
    is_active: bool,
    frozen: Option<Frozen>,
    trust: &'static str,
    permissions: usize,
    created: Moment,
}

#[derive(Template)]
#[template(path = "organization/agents.html")]
struct List {
    frame: Frame,
    agents: Vec<Line>,
    administers: bool,
    people: Vec<String>,
    fresh: Option<Fresh>,
    sent: Sent,
}

/// What an agent may do under one pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    pattern: String,
    effect: &'static str,
    words: &'static str,
    most: String,
    /// Whether a person is asked; what the switch shows.
    asks: bool,
}

#[derive(Template)]
#[template(path = "organization/agent.html")]
struct Show {
    frame: Frame,
    agent: Line,
    id: String,
    rules: Vec<Rule>,
    administers: bool,
    people: Vec<String>,
    /// What its document says it may do at most, if it has one.
    manifest: Option<Vec<(&'static str, Text)>>,
    waiting: Vec<Row>,
    /// Whether it waits for more than is shown.
    waits_for_more: bool,
    /// What was decided last.
    lately: Vec<Row>,
    sent: Sent,
}

/// Every agent.
pub(super) async fn list(viewer: Viewer, State(surface): State<Shared>) -> Page {
    let agents = surface.app.agents(&viewer.person)?;
    listed(&viewer, &agents, (None, Sent::default()))
}

/// Registers one; its key is shown this once.
pub(super) async fn create(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    let made = async {
        let new = NewAgent {
            name: form.text("name").unwrap_or_default().trim().to_owned(),
            version: form.owned("version").unwrap_or_default(),
            owner: form.parsed::<Email>("owner")?,
            trust: form.one_of("trust", TRUST)?.unwrap_or(Trust::Standard),
        };
        surface.app.create_agent(&viewer.person, new, None).await
    };
    let made = match made.await {
        Ok(made) => made,
        Err(error) => {
            let sent = Sent::refused("agent", &form, error.into())?;
            return listed(&viewer, &surface.app.agents(&viewer.person)?, (None, sent));
        }
    };
    let fresh = Fresh {
        what: format!("The key of {}", made.made.name),
        secret: made.secret.reveal().to_owned(),
        hint: "Give it to the agent as COUNTERSIGN_TOKEN. It is shown only now.",
    };
    let mut agents = surface.app.agents(&viewer.person)?;
    agents.push(Arc::new(made.made));
    agents.sort_by(|a, b| a.name.cmp(&b.name));
    listed(&viewer, &agents, (Some(fresh), Sent::default()))
}

fn listed(viewer: &Viewer, agents: &[Arc<Agent>], (fresh, sent): (Option<Fresh>, Sent)) -> Page {
    let shown = List {
        frame: Frame::new(viewer, Section::Agents, "Agents"),
        agents: agents.iter().map(|agent| line(viewer, agent)).collect(),
        administers: administers(viewer),
        people: people(viewer),
        fresh,
        sent,
    };
    page_as(shown.sent.status(), &shown)
}

/// One agent.
pub(super) async fn show(
    viewer: Viewer,
    State(surface): State<Shared>,
    name: Result<NamedPath, Failure>,
) -> Page {
    shown(&viewer, &surface, &name?.0, Sent::default()).await
}

async fn shown(viewer: &Viewer, surface: &Shared, name: &str, sent: Sent) -> Page {
    let agent = surface.app.agent(&viewer.person, name)?;
    let rules = surface.app.permissions(&viewer.person, name)?;
    let query = ApprovalQuery {
        status: Some(Status::Pending),
        agent: Some(agent.id),
        sort: Sort::Risk,
        limit: 10,
        ..ApprovalQuery::default()
    };
    let on_the_line = OnTheLine::Person(viewer.person.clone());
    let waiting = surface.app.list(&on_the_line, query).await?;
    let (waits_for_more, waiting) = (waiting.next.is_some(), waiting.items);
    let lately = ApprovalQuery {
        agent: Some(agent.id),
        sort: Sort::Created,
        limit: 20,
        ..ApprovalQuery::default()
    };
    let lately = surface.app.list(&on_the_line, lately).await?.items;
    let decided = lately.iter().filter(|approval| approval.state.decided_at().is_some());
    let shown: Vec<&Approval> = waiting.iter().chain(decided.take(5)).collect();
    let known = Known::of(&surface.app, &viewer.person, &shown).await?;
    let list = known.list(&viewer.person);
    let (waiting, lately) = shown.split_at(waiting.len());
    let shown = Show {
        frame: Frame::new(viewer, Section::Agents, agent.name.clone()),
        agent: line(viewer, &agent),
        id: agent.id.to_string(),
        rules: rules.iter().map(rule).collect(),
        administers: administers(viewer),
        people: people(viewer),
        manifest: manifest(&viewer.person.snapshot, &agent.name),
        waits_for_more,
        waiting: waiting.iter().map(|approval| list.row(approval)).collect(),
        lately: lately.iter().map(|approval| list.row(approval)).collect(),
        sent,
    };
    page_as(shown.sent.status(), &shown)
}

/// Changes version, owner and trust.
pub(super) async fn change(
    viewer: Viewer,
    State(surface): State<Shared>,
    name: Result<NamedPath, Failure>,
    form: Form,
) -> Page {
    let name = name?.0;
    let changed = async {
        let wanted = AgentChange {
            version: Some(form.owned("version").unwrap_or_default()),
            status: None,
            owner: Some(form.parsed::<Email>("owner")?),
            trust: form.one_of("trust", TRUST)?,
        };
        surface.app.change_agent(&viewer.person, &name, wanted).await
    };
    match changed.await {
        Ok(agent) => go(&format!("/agents/{}", agent.id)),
        Err(error) => {
            let sent = Sent::refused("about", &form, error.into())?;
            shown(&viewer, &surface, &name, sent).await
        }
    }
}

/// Switches it off, or on again.
pub(super) async fn status(
    viewer: Viewer,
    State(surface): State<Shared>,
    name: Result<NamedPath, Failure>,
    form: Form,
) -> Page {
    let known = [("active", AgentStatus::Active), ("inactive", AgentStatus::Inactive)];
    let status = form.one_of("status", &known)?;
    let wanted = AgentChange { status, ..AgentChange::default() };
    let agent = surface.app.change_agent(&viewer.person, &name?.0, wanted).await?;
    go(&format!("/agents/{}", agent.id))
}

/// Sets what it may do under one pattern.
pub(super) async fn permit(
    viewer: Viewer,
    State(surface): State<Shared>,
    name: Result<NamedPath, Failure>,
    form: Form,
) -> Page {
    let name = name?.0;
    let permitted = async {
        let (pattern, effect, most) = permission(&form)?;
        surface.app.permit(&viewer.person, &name, pattern, (effect, most)).await?;
        Ok(())
    };
    match permitted.await {
        Ok(()) => go(&format!("/agents/{}#permissions", encoded(&name))),
        Err(wrong) => {
            shown(&viewer, &surface, &name, Sent::refused("permission", &form, wrong)?).await
        }
    }
}

fn permission(form: &Form) -> Result<(ActionPattern, Effect, Option<Money>), Wrong> {
    let missing = || Error::invalid("effect", "choose what may happen");
    let mut wrong = Wrong::default();
    let pattern = wrong.take(pattern(form));
    let effect = wrong.take(form.one_of("effect", EFFECTS).and_then(|it| it.ok_or_else(missing)));
    let most = wrong.take(form.number("max_amount", "500 or 99.50"));
    let read = || Some((pattern?, effect?, most?));
    read().ok_or(wrong)
}

/// Removes what was set.
pub(super) async fn forbid(
    viewer: Viewer,
    State(surface): State<Shared>,
    name: Result<NamedPath, Failure>,
    form: Form,
) -> Page {
    let name = name?.0;
    surface.app.forbid(&viewer.person, &name, pattern(&form)?).await?;
    go(&format!("/agents/{}#permissions", encoded(&name)))
}

fn pattern(form: &Form) -> Result<ActionPattern, Error> {
    let missing = || Error::invalid("action", "name an action, or a pattern such as `stripe.*`");
    form.parsed("action")?.ok_or_else(missing)
}

fn line(viewer: &Viewer, agent: &Agent) -> Line {
    Line {
        name: agent.name.clone(),
        version: Text::line(&agent.version),
        raw_version: agent.version.clone(),
        owner: agent.owner.as_ref().map(ToString::to_string),
        is_active: agent.status == AgentStatus::Active,
        frozen: Frozen::all(&viewer.person.snapshot)
            .into_iter()
            .find(|one| one.is_of_agent(&agent.id.to_string())),
        trust: TRUST.iter().find(|(_, trust)| *trust == agent.trust).map_or("", |(word, _)| word),
        permissions: viewer.person.snapshot.permissions(agent.id).len(),
        created: Moment::at(agent.created_at),
    }
}

fn rule(permission: &Permission) -> Rule {
    let (effect, words) = match permission.effect {
        Effect::Allow => ("allow", "Runs by itself"),
        Effect::Deny => ("deny", "Refused"),
        Effect::RequiresApproval => ("requires_approval", "Requires approval"),
    };
    Rule {
        pattern: permission.pattern.as_str().to_owned(),
        effect,
        words,
        most: permission.max_amount.map(|most| most.to_string()).unwrap_or_default(),
        asks: permission.effect == Effect::RequiresApproval,
    }
}

fn people(viewer: &Viewer) -> Vec<String> {
    viewer.person.snapshot.people().iter().map(|person| person.email.to_string()).collect()
}
