//! Answering several requests: exactly those that were picked, looked at once more together, then each by
//! itself with a result of its own.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use countersign_domain::ApprovalId;
use countersign_domain::approval::transition::Remarks;
use countersign_domain::approval::{Approval, Digest, Risk};
use countersign_wire::Code;

use super::view::alike::{counted, sum};
use super::view::card::Look;
use super::view::list::Known;
use super::view::list::costs::Costs;
use super::view::row::{Row, no_cost};
use super::view::value::{Fingerprints, Param, table};
use crate::app::{Answer, Error, OnTheLine, Visible};
use crate::dashboard::layout::{Asked, Form, Frame, Icon, Page, Phrase, Section, Text, page, said};
use crate::dashboard::session::Viewer;
use crate::http::Shared;

/// The most that are answered at once.
const MOST: usize = 100;
/// The highest risk that is answered together with others.
const HIGHEST: Risk = Risk::Medium;

/// A request that is about to be answered together with others.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Picked {
    row: Row,
    /// What the form carries for it: id, digest and hash of the card.
    token: String,
    /// What to look at, as its own page says it.
    looks: Vec<Look>,
    /// What is said where it states no cost.
    no_cost: &'static str,
    /// Its exact parameters, since nothing is approved that is not shown.
    params: Vec<Param>,
    /// What a yes does beside it, as the agent says.
    side_effects: Vec<Text>,
    /// Why a yes to it may not be used as policy is now, if so.
    outlook: Option<Text>,
}

#[derive(Template)]
#[template(path = "approvals/several.html")]
struct Review {
    frame: Frame,
    picked: Vec<Picked>,
    left_out: Vec<Row>,
    is_yes: bool,
    sum: Option<Phrase>,
    costs: Costs,
    /// What to look at in each of them alike, said once.
    common: Vec<Look>,
    counted: Phrase,
    error: Option<String>,
}

/// One result.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Outcome {
    row: Option<Row>,
    id: String,
    failed: Option<Phrase>,
}

#[derive(Template)]
#[template(path = "approvals/several_done.html")]
struct Results {
    frame: Frame,
    outcomes: Vec<Outcome>,
    done: usize,
    is_yes: bool,
}

/// What was picked, once more, with the button that answers it.
pub(super) async fn review(
    viewer: Viewer,
    State(surface): State<Shared>,
    Asked(form): Asked,
) -> Page {
    let is_yes = form.text("say") != Some("deny");
    let ids = listed(&form)?;
    show(&viewer, &surface, &ids, is_yes, None).await
}

/// Says yes to each.
pub(super) async fn approve(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    answer(&viewer, &surface, &form, true).await
}

/// Says no to each, with one reason.
pub(super) async fn deny(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    answer(&viewer, &surface, &form, false).await
}

async fn show(
    viewer: &Viewer,
    surface: &Shared,
    ids: &[ApprovalId],
    is_yes: bool,
    error: Option<String>,
) -> Page {
    let app = &surface.app;
    let on_the_line = OnTheLine::Person(viewer.person.clone());
    let mut found = Vec::new();
    for id in ids {
        found.push(app.see(&on_the_line, *id, Visible::default()).await?);
    }
    let all: Vec<&Approval> = found.iter().map(|approval| &**approval).collect();
    let known = Known::of(app, &viewer.person, &all).await?;
    let list = known.list(&viewer.person);
    let (mut picked, mut left_out, mut approvals) = (Vec::new(), Vec::new(), Vec::new());
    for approval in all {
        let row = list.row(approval);
        if !row.in_bulk {
            left_out.push(row);
            continue;
        }
        let outlook = if is_yes { app.outlook(approval).await? } else { None };
        let fingerprints = Fingerprints(app.fingerprints(), approval.org());
        let effects = &approval.card.side_effects;
        picked.push(Picked {
            row,
            token: format!("{} {} {}", approval.id, approval.digest(), approval.presented()),
            looks: list.looks(approval),
            no_cost: no_cost(approval),
            params: table(&approval.card, &approval.proposal().params, fingerprints),
            side_effects: effects.iter().map(|effect| Text::said(effect)).collect(),
            outlook: outlook.map(|why| Text::line(&why)),
        });
        approvals.push(approval);
    }
    let common = taken_out(&mut picked);
    let title = if is_yes { "Approve several" } else { "Deny several" };
    page(&Review {
        frame: Frame::new(viewer, Section::Inbox, title),
        sum: sum(approvals.iter().map(|a| &a.proposal().params)),
        costs: Costs::of(&approvals),
        common,
        counted: counted(&approvals),
        picked,
        left_out,
        is_yes,
        error,
    })
}

/// What stands among what to look at in all of them, taken out of each: what differs is then seen at once.
fn taken_out(picked: &mut [Picked]) -> Vec<Look> {
    let [first, others @ ..] = &*picked else { return Vec::new() };
    if others.is_empty() {
        return Vec::new();
    }
    let in_all = |look: &&Look| others.iter().all(|other| other.looks.contains(look));
    let common: Vec<Look> = first.looks.iter().filter(in_all).cloned().collect();
    for one in picked {
        one.looks.retain(|look| !common.contains(look));
    }
    common
}

async fn answer(viewer: &Viewer, surface: &Shared, form: &Form, is_yes: bool) -> Page {
    let picked = picked(form)?;
    let reason = form.text("reason").unwrap_or_default();
    if !is_yes && reason.is_empty() {
        let ids: Vec<ApprovalId> = picked.iter().map(|(id, ..)| *id).collect();
        let why = "A reason is required: the agents are told it. Nothing was answered yet.";
        return show(viewer, surface, &ids, is_yes, Some(why.to_owned())).await;
    }
    let remarks = Remarks { notes: form.owned("notes"), ..Remarks::default() };
    let mut said = Vec::new();
    for (id, seen, presented) in picked {
        let (seen, presented) = (Some(seen), Some(presented));
        let remarks = remarks.clone();
        let in_bulk = Some(HIGHEST);
        let answer = Answer { remarks, seen, presented, in_bulk, ..Answer::default() };
        let one = if is_yes {
            surface.app.approve(&viewer.person, id, &answer, None).await
        } else {
            surface.app.deny(&viewer.person, id, &answer, reason).await
        };
        said.push((id, one));
    }
    results(viewer, surface, &said, is_yes).await
}

async fn results(
    viewer: &Viewer,
    surface: &Shared,
    answers: &[(ApprovalId, Result<Arc<Approval>, Error>)],
    is_yes: bool,
) -> Page {
    let done: Vec<&Approval> =
        answers.iter().filter_map(|(_, said)| said.as_ref().ok()).map(|a| &**a).collect();
    let known = Known::of(&surface.app, &viewer.person, &done).await?;
    let list = known.list(&viewer.person);
    let outcome = |(id, answered): &(ApprovalId, Result<Arc<Approval>, Error>)| Outcome {
        row: answered.as_ref().ok().map(|approval| list.row(approval)),
        id: id.to_string(),
        failed: answered.as_ref().err().map(said),
    };
    let title = if is_yes { "Approved" } else { "Denied" };
    page(&Results {
        frame: Frame::new(viewer, Section::Inbox, title),
        outcomes: answers.iter().map(outcome).collect(),
        done: done.len(),
        is_yes,
    })
}

fn listed(form: &Form) -> Result<Vec<ApprovalId>, Error> {
    let ids: Result<Vec<ApprovalId>, _> = form.all("id").map(str::parse).collect();
    let mut ids = ids.map_err(|error: countersign_domain::IdError| Error::invalid("id", error))?;
    let mut known = BTreeSet::new();
    ids.retain(|id| known.insert(*id));
    must_fit(ids.len())?;
    Ok(ids)
}

/// Id, digest and hash of each card, as they were shown.
fn picked(form: &Form) -> Result<Vec<(ApprovalId, Digest, Digest)>, Error> {
    let broken = || Error::invalid("picked", "this is not what the page sent; load it again");
    let one = |text: &str| {
        let mut parts = text.split(' ');
        let mut next = || parts.next().ok_or_else(broken);
        let id = next()?.parse().map_err(|_| broken())?;
        let digest = next()?.parse().map_err(|_| broken())?;
        Ok((id, digest, next()?.parse().map_err(|_| broken())?))
    };
    let all: Result<Vec<_>, Error> = form.all("picked").map(one).collect();
    let all = all?;
    must_fit(all.len())?;
    Ok(all)
}

fn must_fit(count: usize) -> Result<(), Error> {
    match count {
        0 => Err(Error::new(Code::Invalid, "nothing was picked; go back and pick some requests")),
        count if count > MOST => {
            Err(Error::new(Code::Invalid, format!("at most {MOST} are answered at once")))
        }
        _ => Ok(()),
    }
}
