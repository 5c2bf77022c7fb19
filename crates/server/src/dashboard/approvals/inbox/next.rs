//! The request that is answered next.

use countersign_domain::ApprovalId;
use countersign_domain::approval::{Approval, Status};
use countersign_store::ApprovalQuery;

use super::super::view::list::Known;
use crate::app::{App, Error, OnTheLine};
use crate::dashboard::session::Viewer;

/// How many are looked at in one go, and how often.
const AT_ONCE: usize = 30;
const GOES: usize = 5;

/// The first of the inbox that this person can answer and whose yes leads somewhere; the inbox itself where none is
/// left: what is frozen, or can never have all its yeses, is not pressed on anybody.
pub(in crate::dashboard::approvals) async fn next(
    app: &App,
    viewer: &Viewer,
    answered: ApprovalId,
) -> Result<String, Error> {
    let on_the_line = OnTheLine::Person(viewer.person.clone());
    let pending = Some(Status::Pending);
    let mut query = ApprovalQuery { status: pending, limit: AT_ONCE, ..ApprovalQuery::default() };
    for _ in 0..GOES {
        let page = app.list(&on_the_line, query.clone()).await?;
        let waiting: Vec<&Approval> = page.items.iter().filter(|a| a.id != answered).collect();
        let known = Known::without_history(app, &viewer.person, &waiting).await?;
        let list = known.list(&viewer.person);
        if let Some(next) = waiting.iter().find(|approval| list.can_answer(approval)) {
            return Ok(format!("/approvals/{}?after={answered}", next.id));
        }
        let Some(after) = page.next else { break };
        query.after = Some(after);
    }
    Ok(format!("/approvals?after={answered}"))
}
