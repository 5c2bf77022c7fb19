//! What becomes of documents, and that what is exported reads as the same.

use serde_json::json;

use super::*;
use crate::Revision;
use crate::identity::Caller;

fn file(text: &str) -> [SourceFile; 1] {
    [SourceFile { name: "p.yaml".to_owned(), text: text.to_owned() }]
}

fn stored(source: Option<&str>, document: Document) -> StoredDocument {
    StoredDocument {
        revision: Revision::FIRST,
        document,
        updated_at: jiff::Timestamp::UNIX_EPOCH,
        updated_by: Caller::system(),
        source: source.map(str::to_owned),
    }
}

fn in_force(text: &str) -> Vec<StoredDocument> {
    let documents = read(&file(text)).documents;
    documents.into_iter().map(|w| stored(Some(&w.source), w.document)).collect()
}

const BEFORE: &str = "\
# why
kind: Tool
name: same
action: a
---
kind: Tool
name: other
action: a
---
kind: Tool
name: gone
action: a
";

fn fates(text: &str, before: &[StoredDocument], leave: Leave<'_>) -> Vec<(String, &'static str)> {
    let plan = plan(&file(text), before, leave, &World::default()).unwrap();
    plan.steps.iter().map(|step| (step.name().1.to_owned(), step.fate.as_str())).collect()
}

#[test]
fn each_document_has_a_fate() {
    let mut before = in_force(BEFORE);
    let grant = json!({"kind": "Grant", "name": "given", "agents": ["*"], "actions": ["x"], "limit": {"uses": 1}});
    before.push(stored(None, serde_json::from_value(grant).unwrap()));
    let text = "# why\nkind: Tool\nname: same\naction: a\n---\nkind: Tool\nname: other\naction: a\nsensitive: true\n---\nkind: Tool\nname: new\naction: a\n";
    let named = |list: &[(&str, &'static str)]| -> Vec<(String, &'static str)> {
        list.iter().map(|(name, fate)| ((*name).to_owned(), *fate)).collect()
    };
    let kept = [("same", "unchanged"), ("other", "changed"), ("new", "created")];
    assert_eq!(fates(text, &before, Leave::All), named(&kept));
    let pruned = [&kept[..], &[("gone", "removed")]].concat();
    assert_eq!(fates(text, &before, Leave::Written), named(&pruned));
    let one = fates("", &before, Leave::Without(DocumentKind::Grant, "given"));
    assert_eq!(one, named(&[("given", "removed")]));
    let comment = fates("# because\nkind: Tool\nname: same\naction: a\n", &before, Leave::All);
    assert_eq!(comment, named(&[("same", "changed")]));
}

#[test]
fn a_document_that_others_need_is_not_removed() {
    let text = "\
kind: Group
name: finance
members: [ana@example.com]
---
kind: Policy
name: p
rules: [{name: r, verdict: escalate, approval: {stages: [{name: s, groups: [finance]}]}}]
";
    let before = in_force(text);
    let refused =
        plan(&[], &before, Leave::Without(DocumentKind::Group, "finance"), &World::default());
    let problems = refused.unwrap_err();
    assert!(problems.iter().any(|p| p.file == "Policy `p` in force"), "{problems:?}");
}

#[test]
fn one_mistake_stops_the_whole_set() {
    let text = "kind: Tool\nname: good\naction: a\n---\nkind: Tool\nname: 1\naction: a\n---\nkind: Tool\nname: good\naction: a\n";
    let problems = plan(&file(text), &[], Leave::All, &World::default()).unwrap_err();
    assert_eq!(problems.len(), 2, "{problems:?}");
}

#[test]
fn what_is_exported_applies_again_and_changes_nothing() {
    let from_file = in_force(BEFORE);
    let tricky = json!({"kind": "Tool", "name": "t", "description": "yes: \"no\"\n # \u{1F600} - [a]", "action": "a.b",
        "input_schema": {"default": {"on": [], "1": {}, "a b": [[1, "2"], {"x": [null, true, 0.1]}], "-": "- a", "no": "off"}}});
    let mut all = from_file.clone();
    all.push(stored(None, serde_json::from_value(tricky).unwrap()));
    let text = to_file(&all);
    let plan = plan(&file(&text), &all, Leave::Written, &World::default()).unwrap();
    let fates: Vec<_> = plan.steps.iter().map(|step| step.fate).collect();
    assert_eq!(fates, [Fate::Unchanged; 4], "{text}");
    assert!(!plan.changes());
}

#[test]
fn files_without_a_document_are_a_mistake_and_files_with_only_tests_are_none() {
    for text in ["", "# later\n", "---\n---\n"] {
        let (count, problems) = validate(&file(text));
        let told: Vec<_> = problems.iter().map(|problem| problem.message.as_str()).collect();
        assert_eq!((count, told), (0, vec!["there is no document here"]), "{text:?}");
    }
    assert_eq!(validate(&[file("# later\n"), file("kind: Defaults\n")].concat()).1, []);
    let test =
        "kind: PolicyTest\nname: t\ngiven: {agent: a, action: b.c}\nexpect: {verdict: escalate}\n";
    assert_eq!(validate(&file(test)), (0, vec![]));
}
