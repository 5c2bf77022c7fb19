//! Policy documents: looked at, applied and removed as a set. A set with a mistake changes nothing, and what was
//! in force stays in force.

mod effects;
mod read;
mod replay;
mod review;

use countersign_domain::audit::Kind;
use countersign_domain::identity::Right;
use countersign_domain::policy::document::check::World;
use countersign_domain::policy::document::parse::{Problem, Severity, SourceFile};
use countersign_domain::policy::document::plan::{Fate, Leave, Plan, Step, plan};
use countersign_domain::policy::document::{DocumentKind, StoredDocument};
use countersign_domain::{Change, Revision, Write, display};
use countersign_wire::Code;
use jiff::Timestamp;
use serde_json::json;

pub use self::review::{Prospect, Review};

use self::effects::{Effects, effects};
use super::commit::Commit;
use super::record::fact;
use super::{App, Error, SignedIn, Snapshot};

/// What was changed, or would be.
#[derive(Debug, Clone)]
pub struct Applied {
    /// The documents, and what was noteworthy about them.
    pub plan: Plan,
    /// What followed for what is registered, a sentence each.
    pub effects: Vec<String>,
    /// The hash of the snapshot before.
    pub before: String,
    /// The hash of the snapshot after.
    pub after: String,
}

impl App {
    /// What is wrong with files, as they would be in force together with what is.
    pub fn validate_policies(
        &self,
        admin: &SignedIn,
        files: &[SourceFile],
    ) -> Result<Vec<Problem>, Error> {
        admin.must(Right::Administer)?;
        Ok(match planned(&admin.snapshot, files, Leave::All) {
            Ok(plan) => plan.warnings,
            Err(problems) => problems,
        })
    }

    /// What applying files would change.
    pub fn diff_policies(
        &self,
        admin: &SignedIn,
        files: &[SourceFile],
        leave: Leave<'_>,
    ) -> Result<Applied, Error> {
        Ok(self.prepare(admin, files, leave)?.0)
    }

    /// Applies files, whole or not at all. `expected` is the hash of the snapshot that the caller looked at.
    pub async fn apply_policies(
        &self,
        admin: &SignedIn,
        files: &[SourceFile],
        (leave, expected): (Leave<'_>, Option<&str>),
    ) -> Result<Applied, Error> {
        let now = admin.snapshot.hash.to_string();
        if expected.is_some_and(|expected| expected != now) {
            let detail = format!("what is in force has changed since: it is {now} now");
            return Err(Error::new(Code::Conflict, detail));
        }
        let (applied, effects) = self.prepare(admin, files, leave)?;
        if !applied.plan.changes() {
            return Ok(applied);
        }
        match self.configure(self.change(admin, &applied, effects)).await? {
            Commit::Done => Ok(applied),
            Commit::Conflict => {
                let detail = "someone else changed documents or agents at the same moment; nothing was applied";
                Err(Error::new(Code::Conflict, detail))
            }
        }
    }

    /// Removes one document, unless others need it.
    pub async fn remove_policy(
        &self,
        admin: &SignedIn,
        kind: DocumentKind,
        name: &str,
    ) -> Result<(), Error> {
        admin.must(Right::Administer)?;
        self.policy(admin, kind, name)?;
        self.apply_policies(admin, &[], (Leave::Without(kind, name), None)).await?;
        Ok(())
    }

    fn prepare(
        &self,
        admin: &SignedIn,
        files: &[SourceFile],
        leave: Leave<'_>,
    ) -> Result<(Applied, Effects), Error> {
        admin.must(Right::Administer)?;
        let snapshot = &admin.snapshot;
        let plan = planned(snapshot, files, leave).map_err(mistakes)?;
        let removed = plan.steps.iter().filter(|step| step.fate == Fate::Removed).count();
        if leave == Leave::Written && removed > 0 && removed == plan.steps.len() {
            let detail = format!(
                "there is no document in what was sent, and removing what it leaves out would remove all {removed}: \
                 name the right files, or remove documents one by one"
            );
            return Err(Error::invalid("$.files", detail));
        }
        let effects = effects(&plan, admin, self.now(), || self.ids.ulid(self.now()));
        let after = snapshot.hash_with(&effects.agents, &plan.in_force);
        let applied = Applied {
            plan,
            effects: effects.sentences.clone(),
            before: snapshot.hash.to_string(),
            after: after.to_string(),
        };
        Ok((applied, effects))
    }

    fn change(&self, admin: &SignedIn, applied: &Applied, effects: Effects) -> Change {
        let now = self.now();
        let changed = || applied.plan.steps.iter().filter(|step| step.fate != Fate::Unchanged);
        let mut writes: Vec<Write> = changed().map(|step| write(step, admin, now)).collect();
        writes.push(Write::DocumentSet(admin.snapshot.document_set().next()));
        writes.extend(effects.writes);
        let documents: Vec<_> = changed()
            .map(|step| {
                let (kind, name) = step.name();
                json!({"kind": kind.as_str(), "name": name, "change": step.fate.as_str()})
            })
            .collect();
        let data =
            json!({"documents": documents, "before": applied.before, "after": applied.after});
        let mut records = vec![fact(Kind::PolicyApplied, &admin.caller, data, now)];
        records.extend(effects.records);
        Change { org: admin.org().clone(), writes, records }
    }
}

fn planned(
    snapshot: &Snapshot,
    files: &[SourceFile],
    leave: Leave<'_>,
) -> Result<Plan, Vec<Problem>> {
    let agents = snapshot.agents();
    let world = World {
        agents: agents.iter().map(|agent| (agent.name.clone(), agent.id)).collect(),
        people: snapshot.registered_people(),
    };
    plan(files, snapshot.documents(), leave, &world)
}

fn write(step: &Step, admin: &SignedIn, now: Timestamp) -> Write {
    let (kind, name) = step.name();
    let Some(after) = &step.after else {
        return Write::DocumentRemoved(kind, name.to_owned());
    };
    let revision = step.before.as_ref().map_or(Revision::FIRST, |before| before.revision.next());
    Write::Document(Box::new(StoredDocument {
        revision,
        document: after.document.clone(),
        updated_at: now,
        updated_by: admin.caller.clone(),
        source: Some(after.source.clone()),
    }))
}

fn mistakes(problems: Vec<Problem>) -> Error {
    let mut errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
    let count = errors.clone().count();
    let first = errors.next().map(|problem| {
        let place = problem.place.map(|place| format!(":{}:{}", place.line, place.column));
        format!("{}{}: {}", problem.file, place.unwrap_or_default(), problem.message)
    });
    let first = display::sanitise(&first.unwrap_or_default());
    let detail = match count {
        1 => first,
        _ => format!("{count} mistakes; the first: {first}"),
    };
    Error { problems: problems.into(), ..Error::new(Code::PolicyInvalid, detail) }
}
