use countersign_domain::OrgId;
use countersign_domain::audit::{Draft, Kind, Unlinked};
use countersign_domain::identity::Caller;
use serde_json::json;

use super::*;

fn export(length: i64) -> Vec<String> {
    let mut head = Head::START;
    let record = |n| {
        let draft = Draft {
            kind: Kind::CheckAllowed,
            at: jiff::Timestamp::from_second(n).unwrap(),
            caller: Caller::system(),
            agent: None,
            approval: None,
            digest: None,
            data: json!({"n": n}),
            announces: None,
        };
        let linked = Unlinked::of(&OrgId::first(), &draft).link(head);
        head = linked.head;
        linked.text
    };
    (1..=length).map(record).collect()
}

fn verdict(lines: &[String]) -> Result<u64, String> {
    let verified = verify((lines.join("\n") + "\n").as_bytes(), &Against::default());
    verified.map(|(head, _)| head.seq.0).map_err(|bad| bad.to_string())
}

#[test]
fn an_untouched_export_verifies_with_and_without_a_last_line_break() {
    assert_eq!(verdict(&export(5)), Ok(5));
    assert!(verify(export(5).join("\n").as_bytes(), &Against::default()).is_ok());
}

#[test]
fn the_first_bad_line_is_named() {
    let log = export(5);
    let changed = |index: usize, line: String| {
        let mut log = log.clone();
        log[index] = line;
        verdict(&log).unwrap_err()
    };
    let edited = changed(2, log[2].replace("{\"n\":3}", "{\"n\":4}"));
    assert_eq!(edited, "line 3: record 3 was changed after it was written");
    let twice = changed(1, log[1].replace("{\"n\":2}", "{\"n\":2,\"n\":2}"));
    assert!(twice.starts_with("line 2 is not JSON that can be read in one way"), "{twice}");
    let extra = changed(3, log[3].replacen('{', "{\"extra\":1,", 1));
    assert!(extra.starts_with("line 4 is not a record"), "{extra}");
    assert!(changed(0, String::new()).starts_with("line 1 is not JSON"));
    assert!(changed(0, "[]".to_owned()).starts_with("line 1 is not a record"));
    let spaced = log[4].replace("\"seq\":5", "\"seq\": 5");
    assert!(
        verify([&log[..4], &[spaced]].concat().join("\n").as_bytes(), &Against::default()).is_ok()
    );
}

#[test]
fn what_is_removed_moved_or_missing_is_found() {
    let log = export(5);
    let without = |index: usize| {
        let mut log = log.clone();
        log.remove(index);
        verdict(&log)
    };
    assert!(
        without(0).unwrap_err().starts_with("line 1: record 2 stands where record 1 should be")
    );
    assert!(
        without(3).unwrap_err().starts_with("line 4: record 5 stands where record 4 should be")
    );
    let mut swapped = log.clone();
    swapped.swap(1, 2);
    assert!(verdict(&swapped).unwrap_err().starts_with("line 2: record 3 stands"));
    let empty = verify(b"".as_slice(), &Against::default());
    assert_eq!(empty.unwrap_err().to_string(), Bad::Empty.to_string());
}

/// The log of someone who wrote it anew, with every link right.
fn rewritten(length: usize) -> Vec<String> {
    let changed = |line: &String| serde_json::from_str::<Record>(line).unwrap();
    let mut head = Head::START;
    let records = export(9).iter().map(changed).collect::<Vec<_>>();
    let again = |record: &Record| {
        let draft = Draft {
            kind: record.kind,
            at: record.at,
            caller: record.caller.clone(),
            agent: None,
            approval: None,
            digest: None,
            data: json!({"n": "another"}),
            announces: None,
        };
        let linked = Unlinked::of(&OrgId::first(), &draft).link(head);
        head = linked.head;
        linked.text
    };
    records[..length].iter().map(again).collect()
}

fn kept(lines: &[String]) -> Against {
    let last: Record = serde_json::from_str(lines.last().unwrap()).unwrap();
    let at = jiff::Timestamp::from_second(0).unwrap();
    let checkpoint = Checkpoint { org: OrgId::first(), head: last.head(), at };
    Against { kept: vec![checkpoint], keys: None }
}

#[test]
fn what_the_chain_cannot_show_a_kept_checkpoint_does() {
    let log = export(9);
    let against = kept(&log[..5]);
    let verdict = |lines: &[String]| {
        let verified = verify(lines.join("\n").as_bytes(), &against);
        verified.map(|(head, _)| head.seq.0).map_err(|bad| bad.to_string())
    };
    assert_eq!((verdict(&log), verdict(&log[..5])), (Ok(9), Ok(5)));
    let cut = verdict(&log[..4]).unwrap_err();
    assert!(
        cut.starts_with("it ends with record 4, but at 1970-01-01T00:00:00Z it had 5"),
        "{cut}"
    );
    let other = rewritten(9);
    let alone = verify(other.join("\n").as_bytes(), &Against::default());
    assert!(alone.is_ok(), "by itself it verifies");
    let rewritten = verdict(&other).unwrap_err();
    assert!(rewritten.starts_with("record 5 is not the one that stood there"), "{rewritten}");
}

#[test]
fn the_checkpoint_in_an_export_is_the_one_of_what_stands_before_it() {
    let log = export(5);
    let line = |lines: &[String]| {
        let note = kept(lines).kept.remove(0).signed(&[1; 32], &[2; 64]);
        json!({"checkpoint": note}).to_string()
    };
    let verdict = |lines: Vec<&[String]>, last: &str| {
        let text = [lines.concat(), vec![last.to_owned()]].concat().join("\n");
        verify(text.as_bytes(), &Against::default()).map_err(|bad| bad.to_string())
    };
    assert!(verdict(vec![&log], &line(&log)).is_ok_and(|(head, own)| own && head.seq.0 == 5));
    let early = verdict(vec![&log], &line(&log[..4])).unwrap_err();
    assert!(early.contains("it is not the one of the records before it"), "{early}");
    let own = [line(&log)];
    let behind = verdict(vec![&log, &own], &log[4]).unwrap_err();
    assert!(behind.contains("something stands behind it"), "{behind}");
    assert!(verdict(vec![&log], "{\"checkpoint\":\"x\"}").is_err());
}

fn a_key() -> PublicKeys {
    let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    let set = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": x}]});
    PublicKeys::read(&set.to_string()).unwrap()
}

#[test]
fn where_the_keys_are_named_something_has_to_be_signed() {
    let log = export(5);
    let text = log.join("\n");
    let bare = Against { kept: Vec::new(), keys: Some(a_key()) };
    let cut = verify(text.as_bytes(), &bare).map_err(|bad| bad.to_string()).unwrap_err();
    assert!(cut.starts_with("nothing in it is signed"), "{cut}");
    let beside = Against { keys: Some(a_key()), ..kept(&log) };
    assert!(verify(text.as_bytes(), &beside).is_ok(), "a signed checkpoint was kept");
}
