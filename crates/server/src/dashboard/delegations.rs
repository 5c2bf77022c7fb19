//! Who answers in whose place: a part of the page of one's account, and of that of all people.

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use countersign_domain::identity::Right;
use countersign_domain::identity::delegation::Phase;
use countersign_domain::{ActionPattern, time};
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::account;
use super::layout::{Form, Page, Sent, Text, Wrong, go};
use super::organization::people;
use super::session::Viewer;
use crate::app::{App, DelegationState, Error, NewDelegation};
use crate::http::{DelegationPath, Failure, Shared};

/// The routes of delegations; they are shown where people are.
pub(super) fn router() -> Router<Shared> {
    Router::new().route("/delegations", post(make)).route("/delegations/{id}/end", post(end))
}

/// What a page shows of delegations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Away {
    /// Whether it is the page of all people, and not one's own.
    pub(crate) of_all: bool,
    /// Those that are planned or hold.
    pub(crate) lines: Vec<Line>,
    /// Whether the viewer may add one here.
    pub(crate) may_add: bool,
    /// The addresses of everyone who may answer; for a choice.
    pub(crate) people: Vec<String>,
    /// The address of the viewer.
    pub(crate) viewer: String,
    /// The form that was refused, if one was.
    pub(crate) sent: Sent,
}

/// One delegation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// Its id.
    pub(crate) id: String,
    /// Who is away.
    pub(crate) delegator: String,
    /// Who answers instead.
    pub(crate) delegate: String,
    /// Where it stands: class and word.
    pub(crate) standing: (&'static str, &'static str),
    /// Why it gives nothing, if so.
    pub(crate) idle: Option<String>,
    /// From when on, if that is to come.
    pub(crate) from: Option<String>,
    /// Until when, if that was said.
    pub(crate) until: Option<String>,
    /// The groups and actions it is limited to.
    pub(crate) only: Vec<Text>,
    /// Why.
    pub(crate) reason: Text,
    /// Who made it, if not the one who is away.
    pub(crate) made_by: Option<String>,
    /// Whether the viewer may end it.
    pub(crate) may_end: bool,
}

impl Away {
    /// What concerns the viewer.
    pub(crate) fn of_viewer(app: &App, viewer: &Viewer, sent: Sent) -> Result<Self, Error> {
        let own = viewer.person.person.id;
        let mut away =
            Self::new(app, viewer, |state| [state.delegator.id, state.delegate.id].contains(&own))?;
        away.people.retain(|email| *email != away.viewer);
        Ok(Self { may_add: viewer.person.person.role.may(Right::Answer), sent, ..away })
    }

    /// What concerns anyone; admins add here in the place of others.
    pub(crate) fn of_all(app: &App, viewer: &Viewer, sent: Sent) -> Result<Self, Error> {
        let may_add = viewer.person.person.role.may(Right::Administer);
        Ok(Self { of_all: true, may_add, sent, ..Self::new(app, viewer, |_| true)? })
    }

    fn new(
        app: &App,
        viewer: &Viewer,
        shown: impl Fn(&DelegationState) -> bool,
    ) -> Result<Self, Error> {
        let states = app.delegations(&viewer.person, false)?;
        let people = app.people_now(&viewer.person)?;
        Ok(Self {
            of_all: false,
            lines: states.iter().filter(|s| shown(s)).map(|s| Line::of(s, viewer)).collect(),
            may_add: false,
            people: people.iter().filter(|p| p.answers()).map(|p| p.email.to_string()).collect(),
            viewer: viewer.person.person.email.to_string(),
            sent: Sent::default(),
        })
    }
}

impl Line {
    fn of(state: &DelegationState, viewer: &Viewer) -> Self {
        let (delegation, person) = (&state.delegation, &viewer.person.person);
        let terms = &delegation.terms;
        let actions = terms.actions.iter().map(ToString::to_string);
        let theirs = [state.delegator.id, state.delegate.id].contains(&person.id);
        Self {
            id: delegation.id.to_string(),
            delegator: state.delegator.email.to_string(),
            delegate: state.delegate.email.to_string(),
            standing: match state.phase {
                Phase::Planned => ("pending", "Planned"),
                Phase::Holds => ("active", "Holds"),
                Phase::Over => ("expired", "Over"),
            },
            idle: state.idle(),
            from: (state.phase == Phase::Planned).then(|| day(terms.from, 0)),
            until: terms.until.map(last_day),
            only: terms.groups.iter().cloned().chain(actions).map(|t| Text::line(&t)).collect(),
            reason: Text::line(&terms.reason),
            made_by: (delegation.made_by != state.delegator.email)
                .then(|| delegation.made_by.to_string()),
            may_end: theirs || person.role.may(Right::Administer),
        }
    }
}

/// The last day of a time that ends at this moment, or the moment itself where it is within a day. It is told
/// in UTC, as it was meant, and not in the viewer's own zone.
pub(crate) fn last_day(end: Timestamp) -> String {
    day(end, 1)
}

/// A moment; the beginning of a day is told as the day `back` before it.
fn day(at: Timestamp, back: i64) -> String {
    let zoned = at.to_zoned(TimeZone::UTC);
    if zoned.time() != Time::midnight() {
        return at.strftime("%a %-d %b %Y, %H:%M UTC").to_string();
    }
    let date = zoned.date();
    date.checked_sub(Span::new().days(back)).unwrap_or(date).strftime("%a %-d %b %Y").to_string()
}

/// Lets someone answer in another one's place.
async fn make(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    let made = async {
        surface.app.delegate(&viewer.person, wished(&form)?, None).await?;
        Ok(())
    };
    let Err(wrong) = made.await else { return back(&form) };
    let sent = Sent::refused("away", &form, wrong)?;
    if is_of_all(&form) {
        people::again(&viewer, &surface, sent)
    } else {
        account::again(viewer, &surface, sent).await
    }
}

/// Ends it before its time.
async fn end(
    viewer: Viewer,
    State(surface): State<Shared>,
    id: Result<DelegationPath, Failure>,
    form: Form,
) -> Page {
    surface.app.end_delegation(&viewer.person, id?.0).await?;
    back(&form)
}

fn back(form: &Form) -> Page {
    go(if is_of_all(form) { "/people#away" } else { "/account#away" })
}

/// Whether a form stood on the page of all people.
fn is_of_all(form: &Form) -> bool {
    form.text("back") == Some("people")
}

fn wished(form: &Form) -> Result<NewDelegation, Wrong> {
    let moment = |name, read: fn(&str) -> Result<Timestamp, time::MomentError>| {
        form.text(name).map(|text| read(text).map_err(|e| Error::invalid(name, e))).transpose()
    };
    let named = |name| {
        let texts = form.all(name).flat_map(|text| text.split([',', '\n'])).map(str::trim);
        texts.filter(|text| !text.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    let pattern =
        |text: &String| text.parse::<ActionPattern>().map_err(|e| Error::invalid("actions", e));
    let missing = || Error::invalid("delegate", "choose who answers instead");
    let mut wrong = Wrong::default();
    let delegate = wrong.take(form.owned("delegate").ok_or_else(missing));
    let from = wrong.take(moment("from", time::parse_begin));
    let until = wrong.take(moment("until", time::parse_end));
    let actions: Option<Vec<_>> =
        wrong.take(named("actions").iter().map(pattern).collect::<Result<_, _>>());
    let read = || {
        Some(NewDelegation {
            delegator: form.owned("delegator"),
            delegate: delegate?,
            from: from?,
            until: until?,
            groups: named("groups"),
            actions: actions?,
            reason: form.owned("reason").unwrap_or_default(),
        })
    };
    read().ok_or(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_told_as_they_were_meant() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let midnight = at("2026-12-13T00:00:00Z");
        assert_eq!(
            (day(midnight, 0), last_day(midnight)),
            ("Sun 13 Dec 2026".into(), "Sat 12 Dec 2026".into())
        );
        assert_eq!(last_day(at("2026-12-13T17:30:00Z")), "Sun 13 Dec 2026, 17:30 UTC");
    }
}
