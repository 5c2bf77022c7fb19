//! Each finding, at its place.

use super::super::parse::{SourceFile, read};
use super::*;
use crate::identity::{PersonStatus, Role};
use crate::{PersonId, Revision};

fn person(email: &str, groups: &[&str]) -> Person {
    Person {
        id: PersonId::new(ulid::Ulid::nil()),
        revision: Revision::FIRST,
        email: email.parse().unwrap(),
        role: Role::Approver,
        groups: groups.iter().map(|&group| group.to_owned()).collect(),
        status: PersonStatus::Active,
        created_at: jiff::Timestamp::UNIX_EPOCH,
        views: Vec::new(),
    }
}

fn world() -> World {
    let agents = [("support-bot".to_owned(), AgentId::new(ulid::Ulid::nil()))];
    let people = vec![person("ana@example.com", &["security"]), person("ben@example.com", &[])];
    World { agents: agents.into(), people }
}

/// Every finding as `line:column severity path: message (suggestion)`.
fn found(text: &str, world: Option<&World>) -> String {
    let reading = read(&[SourceFile { name: "p.yaml".to_owned(), text: text.to_owned() }]);
    assert_eq!(reading.problems, []);
    let set: Vec<_> = reading.documents.iter().map(Member::Written).collect();
    let mut problems = duplicates(&reading.documents);
    problems.extend(check(&set, world));
    let line = |p: &Problem| {
        let place = p.place.unwrap();
        let suggestion = p.suggestion.as_ref().map(|s| format!(" ({s})")).unwrap_or_default();
        let severity = p.severity.as_str();
        format!("{}:{} {severity} {}: {}{suggestion}", place.line, place.column, p.path, p.message)
    };
    problems.iter().map(line).collect::<Vec<_>>().join("\n")
}

const PEOPLE: &str = "\
kind: Group
name: finance
members: [ana@example.com, bea@example.com]
---
kind: Policy
name: refunds
rules:
  - name: large
    verdict: escalate
    agents: [support-bot, suport-bot, sales-*]
    approval:
      stages:
        - {name: a, groups: [finance], need: 2}
        - {name: b, groups: [finance, security], need: 3}
        - {name: c, groups: [finence]}
        - {name: d, people: [ben@example.com], need: 0}
        - {name: e, need: 9}
      on_timeout: {escalate: [{after: 2h, groups: [managers]}]}
";

#[test]
fn people_who_are_demanded_have_to_be_there() {
    insta::assert_snapshot!(found(PEOPLE, Some(&world())), @r#"
    3:28 warning members[1]: `bea@example.com` is not registered, and cannot answer before that (ben@example.com)
    10:27 warning rules[0].agents[1]: there is no agent `suport-bot` (support-bot)
    10:39 warning rules[0].agents[2]: no agent has a name like `sales-*`
    14:56 error rules[0].approval.stages[1].need: 3 people have to say yes, and only 2 can: nothing could ever be approved
    15:30 error rules[0].approval.stages[2].groups[0]: there is no group `finence`, and nobody has it (finance)
    16:54 error rules[0].approval.stages[3].need: at least 1 person has to say yes
    18:52 error rules[0].approval.on_timeout.escalate[0].groups[0]: there is no group `managers`, and nobody has it
    "#);
}

#[test]
fn without_a_server_what_may_be_registered_is_only_a_warning() {
    insta::assert_snapshot!(found(PEOPLE, None), @r#"
    14:39 warning rules[0].approval.stages[1].groups[1]: these files have no group `security`, and no server was asked whether somebody has it
    15:30 warning rules[0].approval.stages[2].groups[0]: these files have no group `finence`, and no server was asked whether somebody has it (finance)
    16:54 error rules[0].approval.stages[3].need: at least 1 person has to say yes
    18:52 warning rules[0].approval.on_timeout.escalate[0].groups[0]: these files have no group `managers`, and no server was asked whether somebody has it
    "#);
}

#[test]
fn what_cannot_be_meant_is_told() {
    let text = "\
kind: Agent
name: bot/../x
manifest: {actions: [], amount: {cap: 10, escalate_above: 20}, rate: {}, hours: {from: '08:00', to: '08:00'}}
---
kind: Policy
name: p
rules:
  - {name: never, verdict: allow, when: 'false'}
  - {name: shadowed, verdict: allow, actions: [a.b]}
  - {name: wall, verdict: deny, actions: [a.b, a.c]}
---
kind: Grant
name: g
agents: ['*']
actions: [x]
risk_at_most: critical
limit: {}
---
kind: Grant
name: g
agents: ['*']
actions: [x]
limit: {uses: 0, usd: -1}
---
kind: Budget
name: b
unit: usd
limit: 0
window: day
---
kind: Defaults
pending_per_agent: 0
";
    insta::assert_snapshot!(found(text, None), @r#"
    20:7 error name: the Grant `g` stands in p.yaml:13 as well
    2:7 error name: `bot/../x` is not a name: use 1 to 100 of a-z A-Z 0-9 - _ . @ and inner spaces
    3:21 warning manifest.actions: no action at all: everything will be refused
    3:59 warning manifest.amount.escalate_above: never reached: more than the cap of 10 is refused before
    3:70 warning manifest.rate: no limit: add `per_hour`, `per_day` or `every`
    3:101 error manifest.hours.to: the hours end when they begin: write another end
    8:41 warning rules[0].when: never holds, so the rule never matches
    9:5 warning rules[1]: never decides: the rule `wall` denies all that it matches
    16:15 error risk_at_most: no grant covers critical risk: write `high` or less
    17:8 error limit: a grant needs a limit: give `uses`, `usd` or both
    23:15 error limit.uses: a limit has to be more than 0
    23:23 error limit.usd: a limit has to be more than 0
    28:8 error limit: a limit has to be more than 0
    32:20 error pending_per_agent: at least 1, or no agent could ask; switch agents off one by one instead
    "#);
}

#[test]
fn what_is_in_force_is_checked_with_what_is_new() {
    let text = "kind: Group\nname: other\nmembers: [ana@example.com]\n";
    let reading = read(&[SourceFile { name: "p.yaml".to_owned(), text: text.to_owned() }]);
    let rule = r#"{"kind":"Policy","name":"p","rules":[{"name":"r","verdict":"escalate",
        "approval":{"stages":[{"name":"s","groups":["finance"]}]}}]}"#;
    let in_force: Document = serde_json::from_str(rule).unwrap();
    let set = [Member::Written(&reading.documents[0]), Member::InForce(&in_force)];
    let found = check(&set, Some(&world()));
    let [problem] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(
        (problem.file.as_str(), problem.place, problem.severity),
        ("Policy `p` in force", None, Severity::Error)
    );
}

#[test]
fn a_mistake_in_a_condition_is_told_at_its_character() {
    let text = "\
kind: Policy
name: p
rules:
  - {name: plain, verdict: deny, when: params.amount > > 200}
  - name: quoted
    verdict: deny
    when: 'params.amount >> 200'
  - name: folded
    verdict: deny
    when: >-
      params.amount
      >> 200
---
kind: Tool
name: t
action: t
input_schema: {type: objekt}
";
    insta::assert_snapshot!(found(text, None), @r#"
    4:56 error rules[0].when: Syntax error: extraneous input '>'
    7:27 error rules[1].when: Syntax error: extraneous input '>'
    12:8 error rules[2].when: Syntax error: extraneous input '>'
    17:22 error input_schema.type: "objekt" is not valid under any of the schemas listed in the 'anyOf' keyword
    "#);
}

#[test]
fn runs_and_tokens_are_counted_whole() {
    let budget = |unit: &str, limit: &str| {
        let text = format!("kind: Budget\nname: b\nunit: {unit}\nlimit: {limit}\nwindow: day\n");
        found(&text, None)
    };
    assert_eq!(budget("usd", "1.5"), "");
    assert_eq!(budget("actions", "15"), "");
    assert!(budget("actions", "1.5").contains("only whole actions are counted"));
    assert!(budget("tokens", "0.5").contains("only whole tokens are counted"));
    assert!(budget("usd", "1000000001").contains("more than a billion"));
}

#[test]
fn names_that_could_be_taken_for_one_another_are_refused() {
    let text = "{kind: Tool, name: mailer, action: a}\n---\n{kind: Tool, name: Mailer, action: a}\n---\n\
                {kind: Tool, name: reader, action: a}\n---\n{kind: Agent, name: Support-Bot}\n---\n\
                {kind: Agent, name: support-bot}\n---\n\
                {kind: Budget, name: Reader, unit: actions, limit: 2, window: day}";
    insta::assert_snapshot!(found(text, Some(&world())), @r"
    1:20 error name: the Tool `mailer` could be taken for the Tool `Mailer`: give it a name that differs more
    3:20 error name: the Tool `Mailer` could be taken for the Tool `mailer`: give it a name that differs more
    7:21 error name: the Agent `Support-Bot` could be taken for the Agent `support-bot`: give it a name that differs more
    ");
}

#[test]
fn a_budget_that_is_not_there_is_only_ever_a_question() {
    let text = "\
kind: Budget
name: daily
unit: usd
limit: 10
window: day
---
kind: Policy
name: p
rules:
  - {name: a, when: budget.daily.percent > 50, verdict: escalate}
  - {name: b, when: 'budget[\"dialy\"].percent > 50', verdict: escalate}
";
    insta::assert_snapshot!(found(text, Some(&world())), @"11:21 warning rules[1].when: there is no budget `dialy`: a condition finds none, and asks a person where it looks into it (daily)");
}
