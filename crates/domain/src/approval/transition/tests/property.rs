//! What holds after any commands by anyone at any time.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::json;

use super::super::{ApprovalError, Execution, Resolution, RunEnd, Transition};
use crate::Write;
use crate::approval::fixtures::*;
use crate::approval::{Approval, Level, OnTimeout, Requirements, Risk, Say, Stage, State, Status};

/// What anyone can try.
#[derive(Debug, Clone)]
enum Command {
    Approve(usize),
    ApproveEdited(usize, u8),
    Deny(usize),
    Ask(usize),
    Reply,
    Comment,
    Cancel,
    Expire,
    Redeem(Claim),
    Finish(bool),
    LoseSight,
    Resolve(Resolution),
    Lapse,
    Revoke,
}

/// What an agent wants to redeem.
#[derive(Debug, Clone)]
enum Claim {
    AsItWas,
    AsItIs,
    Other,
}

fn people() -> [Who; 7] {
    [
        ana(),
        ben(),
        cleo(),
        somebody("gil", crate::identity::Role::Approver, &["security"]),
        dan(),
        eve(),
        vic(),
    ]
}

fn command() -> impl Strategy<Value = Command> {
    let who = 0..7_usize;
    let claim =
        prop_oneof![1 => Just(Claim::AsItWas), 3 => Just(Claim::AsItIs), 1 => Just(Claim::Other)];
    let resolution = prop_oneof![1 => Just(Resolution::Succeeded), 1 => Just(Resolution::Failed), 4 => Just(Resolution::Retry)];
    prop_oneof![
        16 => who.clone().prop_map(Command::Approve),
        4 => (who.clone(), 0..3_u8).prop_map(|(who, amount)| Command::ApproveEdited(who, amount)),
        1 => who.clone().prop_map(Command::Deny),
        2 => who.prop_map(Command::Ask),
        1 => Just(Command::Reply),
        1 => Just(Command::Comment),
        1 => Just(Command::Cancel),
        4 => Just(Command::Expire),
        8 => claim.prop_map(Command::Redeem),
        2 => any::<bool>().prop_map(Command::Finish),
        4 => Just(Command::LoseSight),
        4 => resolution.prop_map(Command::Resolve),
        2 => Just(Command::Lapse),
        1 => Just(Command::Revoke),
    ]
}

/// Commands, each with the seconds that pass before it.
fn commands() -> impl Strategy<Value = Vec<(Command, i64)>> {
    let pause = prop_oneof![8 => 0..60_i64, 1 => 0..2 * USE, 1 => Just(USE), 1 => Just(END)];
    prop::collection::vec((command(), pause), 1..40)
}

fn some_requirements() -> impl Strategy<Value = Requirements> {
    let stage = prop_oneof![
        2 => (0..4_usize).prop_map(approvers),
        1 => (1..3_usize).prop_map(|need| group("finance", need)),
        1 => (1..3_usize).prop_map(|need| group("security", need)),
    ];
    let level = prop::sample::select(vec!["security", "managers"]).prop_map(|name| Level {
        after: SignedDuration::from_secs(USE),
        groups: vec![name.to_owned()],
        people: vec![dan().person.email],
    });
    let on_timeout = prop_oneof![
        Just(OnTimeout::Deny),
        Just(OnTimeout::Keep),
        prop::collection::vec(level, 0..3).prop_map(OnTimeout::Escalate),
    ];
    let stages = prop::collection::vec(stage, 0..3);
    let self_approval = prop::option::of(prop::sample::select(Risk::ALL.to_vec()));
    (stages, on_timeout, self_approval).prop_map(|(stages, on_timeout, self_approval)| {
        Requirements { stages, on_timeout, self_approval, ..requirements() }
    })
}

fn tried(a: Approval, command: &Command, now: Timestamp) -> Result<Transition, ApprovalError> {
    let people = people();
    match command {
        Command::Approve(who) => a.approve(people[*who].answering(), None, now),
        Command::ApproveEdited(who, amount) => {
            let edited = a.edit(object(&json!({"amount": amount})))?;
            a.approve(people[*who].answering(), Some(edited), now)
        }
        Command::Deny(who) => a.deny(people[*who].answering(), "no".into(), now),
        Command::Ask(who) => a.ask(&people[*who].answering(), "why?".into(), message_id(), now),
        Command::Reply => a.reply("because".into(), message_id(), &agent(), now),
        Command::Comment => a.comment("hm".into(), message_id(), &agent(), now),
        Command::Cancel => a.cancel(None, &agent(), now),
        Command::Expire => a.expire(now),
        Command::Redeem(claim) => {
            let digest = match claim {
                Claim::AsItWas => a.card.digest,
                Claim::AsItIs => a.digest(),
                Claim::Other => refund(&json!({})).digest(),
            };
            a.redeem(digest, receipt_id(), &agent(), now)
        }
        Command::Finish(true) => a.finish(
            RunEnd::Succeeded { result: Some(json!({"n": 1.5})), cost: None },
            &agent(),
            now,
        ),
        Command::Finish(false) => {
            a.finish(RunEnd::Failed { error: Some("no".into()), cost: None }, &agent(), now)
        }
        Command::LoseSight => a.lose_sight(now),
        Command::Resolve(resolution) => a.resolve(*resolution, None, &cleo().caller, now),
        Command::Lapse => a.lapse(now),
        Command::Revoke => a.revoke("frozen".into(), &cleo().caller, now),
    }
}

/// One accepted command.
#[derive(Debug)]
struct Step<'a> {
    before: &'a Approval,
    command: &'a Command,
    after: &'a Approval,
    now: Timestamp,
}

type Checked = Result<(), TestCaseError>;

fn one_write_and_one_record(before: &Approval, transition: &Transition, now: Timestamp) -> Checked {
    let Transition { approval, change } = transition;
    prop_assert_eq!(approval.revision.0, before.revision.0 + 1);
    prop_assert_eq!(&change.writes, &vec![Write::Approval(approval.clone())]);
    prop_assert_eq!(change.records.len(), 1);
    let record = &change.records[0];
    prop_assert_eq!((record.approval, record.at), (Some(before.id), now));
    prop_assert_eq!(
        (record.agent, record.digest),
        (Some(before.card.requester.agent), Some(approval.digest()))
    );
    prop_assert_eq!(&record.data["revision"], &json!(approval.revision));
    prop_assert!(record.announces.is_some());
    prop_assert_eq!(&change.org, before.org());
    Ok(())
}

/// What is asked, who has to answer and what was said before never changes.
fn nothing_is_rewritten(Step { before, after, command, .. }: &Step<'_>) -> Checked {
    prop_assert_eq!((after.id, &after.card), (before.id, &before.card));
    prop_assert!(after.answers.starts_with(&before.answers));
    prop_assert!(after.edits.starts_with(&before.edits));
    prop_assert!(after.thread.starts_with(&before.thread));
    if !matches!(command, Command::Expire) {
        prop_assert_eq!(&after.requirements, &before.requirements);
    }
    let needs = |a: &Approval| a.requirements.stages.iter().map(|s| s.need).collect::<Vec<_>>();
    prop_assert_eq!(needs(after), needs(before));
    Ok(())
}

fn final_states_stay(Step { before, command, after, now }: &Step<'_>) -> Checked {
    match &before.state {
        State::Pending { expires_at, .. } => {
            let late = expires_at.is_some_and(|end| *now >= end);
            let ends_late = matches!(after.state.status(), Status::Pending | Status::Expired);
            prop_assert!(!late || ends_late, "answered too late: {:?}", after.state);
            prop_assert!(late || after.state.status() != Status::Expired, "expired too early");
        }
        State::Approved { at, by, use_by, .. } => {
            let State::Approved { at: at_now, by: by_now, use_by: use_by_now, .. } = &after.state
            else {
                return Err(TestCaseError::fail(format!("approved became {:?}", after.state)));
            };
            prop_assert_eq!((at, by), (at_now, by_now));
            prop_assert!(
                use_by == use_by_now || matches!(command, Command::Resolve(Resolution::Retry))
            );
        }
        State::Denied { .. } | State::Expired { .. } | State::Canceled { .. } => {
            prop_assert_eq!(&before.state, &after.state);
        }
    }
    Ok(())
}

/// Whether each place of each stage can be given to another of these people; tries every way.
fn seats_all(stages: &[Stage], people: &[&Who]) -> bool {
    let place = stages.iter().position(|stage| stage.need > 0);
    place.is_none_or(|place| {
        let mut fewer = stages.to_vec();
        fewer[place].need -= 1;
        people.iter().enumerate().any(|(index, who)| {
            let mut others = people.to_vec();
            others.remove(index);
            stages[place].admits(&who.person) && seats_all(&fewer, &others)
        })
    })
}

/// An approval that was just approved has enough yeses of distinct people to exactly this version, none
/// of them a requester's or, where several are needed, its editor's.
fn enough_people_agreed(Step { after, .. }: &Step<'_>) -> Checked {
    let mut stages = after.requirements.stages.clone();
    for stage in &mut stages {
        stage.need = stage.need.max(1);
    }
    let need: usize = stages.iter().map(|stage| stage.need).sum();
    prop_assert!(need > 0);
    let editor = after.edits.last().map(|edit| edit.by.id).filter(|_| need > 1);
    let yeses =
        after.answers.iter().filter(|a| a.say == Say::Approve && a.digest == after.digest());
    let yeses: BTreeSet<_> = yeses
        .filter(|a| a.version == after.edits.len())
        .map(|a| a.by.id)
        .filter(|id| Some(*id) != editor)
        .collect();
    let everyone = people();
    let agreed: Vec<&Who> = everyone.iter().filter(|who| yeses.contains(&who.person.id)).collect();
    prop_assert!(seats_all(&stages, &agreed), "not enough: {:?}", after.answers);
    let permitted = after.requirements.self_approval.is_some_and(|most| after.card.risk <= most);
    let own = agreed.iter().any(|who| after.card.requester.is(&who.person.email));
    prop_assert!(permitted || !own, "a requester agreed: {:?}", after.answers);
    for answer in after.answers.iter().filter(|a| after.card.requester.is(&a.by.email)) {
        prop_assert!(answer.self_approved, "not marked: {:?}", answer);
    }
    Ok(())
}

fn may_follow(before: &Execution, after: &Execution) -> bool {
    use Execution::{Failed, Lapsed, Revoked, Running, Succeeded, Unknown, Unused};
    match before {
        Unused => matches!(after, Unused | Running { .. } | Lapsed { .. } | Revoked { .. }),
        Running { .. } => {
            before == after || matches!(after, Succeeded { .. } | Failed { .. } | Unknown { .. })
        }
        Unknown { .. } => {
            before == after || matches!(after, Succeeded { .. } | Failed { .. } | Unused)
        }
        Succeeded { .. } | Failed { .. } | Lapsed { .. } | Revoked { .. } => before == after,
    }
}

fn runs_only_what_was_approved(Step { before, command, after, now }: &Step<'_>) -> Checked {
    if let (Some(was), Some(is)) = (before.execution(), after.execution()) {
        prop_assert!(may_follow(was, is), "{:?} {:?}", was, is);
    }
    if let Command::Redeem(claim) = command {
        prop_assert_eq!(before.execution(), Some(&Execution::Unused));
        prop_assert!(before.use_by().is_some_and(|end| *now < end));
        let was_current = matches!(claim, Claim::AsItIs) || before.card.digest == before.digest();
        prop_assert!(was_current && !matches!(claim, Claim::Other), "{:?}", claim);
    }
    Ok(())
}

fn survives_its_text(approval: &Approval) -> Checked {
    let text = serde_json::to_string(approval).unwrap();
    let kept: Approval = serde_json::from_str(&text).unwrap();
    prop_assert_eq!(&kept, approval);
    prop_assert_eq!(kept.presented(), approval.presented());
    Ok(())
}

fn legal(step: &Step<'_>) -> Checked {
    nothing_is_rewritten(step)?;
    final_states_stay(step)?;
    runs_only_what_was_approved(step)?;
    survives_its_text(step.after)?;
    let was_pending = step.before.state.status() == Status::Pending;
    if was_pending && step.after.state.status() == Status::Approved {
        enough_people_agreed(step)?;
    }
    Ok(())
}

fn run(opened: Approval, commands: &[(Command, i64)]) -> Result<Approval, TestCaseError> {
    let mut approval = opened;
    let (mut seconds, mut retries, mut uses) = (0, 0, 0);
    for (command, pause) in commands {
        seconds += pause;
        let now = at(seconds);
        let Ok(transition) = tried(approval.clone(), command, now) else {
            continue;
        };
        one_write_and_one_record(&approval, &transition, now)?;
        let after = transition.next();
        legal(&Step { before: &approval, command, after: &after, now })?;
        let unused = |a: &Approval| a.execution() == Some(&Execution::Unused);
        uses += usize::from(unused(&approval) && !unused(&after));
        retries += usize::from(matches!(command, Command::Resolve(Resolution::Retry)));
        approval = after;
    }
    prop_assert!(uses <= 1 + retries, "used {} times after {} retries", uses, retries);
    Ok(approval)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn no_commands_lead_to_an_illegal_state(
        requirements in some_requirements(),
        risk in prop::sample::select(Risk::ALL.to_vec()),
        commands in commands(),
    ) {
        let mut approval = fresh_with(requirements);
        approval.card.risk = risk;
        run(approval, &commands)?;
    }

    #[test]
    fn silence_never_becomes_a_yes(
        requirements in some_requirements(),
        pauses in prop::collection::vec(0..2 * END, 1..20),
    ) {
        let levels = match &requirements.on_timeout {
            OnTimeout::Escalate(levels) => levels.len(),
            OnTimeout::Deny | OnTimeout::Keep => 0,
        };
        let commands: Vec<_> = pauses.into_iter().map(|pause| (Command::Expire, pause)).collect();
        let approval = run(fresh_with(requirements), &commands)?;
        prop_assert!(matches!(approval.state.status(), Status::Pending | Status::Expired));
        prop_assert!(approval.revision.0 <= 2 + levels as u64, "a level was used twice");
    }
}

/// That the commands reach what the property is about.
#[test]
fn random_commands_reach_every_state() {
    use proptest::strategy::ValueTree as _;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let mut reached = BTreeSet::new();
    for _ in 0..1500 {
        let (requirements, commands) =
            (some_requirements(), commands()).new_tree(&mut runner).unwrap().current();
        let mut approval = fresh_with(requirements);
        let mut seconds = 0;
        for (command, pause) in commands {
            seconds += pause;
            if let Ok(transition) = tried(approval.clone(), &command, at(seconds)) {
                approval = transition.next();
                let edited = if approval.edits.is_empty() { "" } else { " edited" };
                let many = if approval.tally().have.iter().sum::<usize>() > 1 {
                    " by several"
                } else {
                    ""
                };
                let state = approval
                    .execution()
                    .map_or(approval.state.status().as_str(), Execution::as_str);
                reached.insert(format!("{state}{edited}{many}"));
            }
        }
    }
    let states =
        ["pending", "unused", "running", "succeeded", "failed", "unknown", "lapsed", "revoked"];
    for state in states.into_iter().chain(["denied", "expired", "canceled"]) {
        assert!(reached.contains(state), "{state} of {reached:?}");
    }
    for state in ["unused", "running"] {
        for how in [" edited", " by several", " edited by several"] {
            assert!(reached.contains(&format!("{state}{how}")), "{state}{how} of {reached:?}");
        }
    }
}
