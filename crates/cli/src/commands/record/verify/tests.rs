use countersign_domain::OrgId;
use countersign_domain::audit::{Draft, Kind, link};
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
        let linked = link(&OrgId::first(), head, &draft);
        head = linked.head;
        linked.text
    };
    (1..=length).map(record).collect()
}

fn verdict(lines: &[String]) -> Result<u64, String> {
    let head = verify((lines.join("\n") + "\n").as_bytes());
    head.map(|head| head.seq.0).map_err(|bad| bad.to_string())
}

#[test]
fn an_untouched_export_verifies_with_and_without_a_last_line_break() {
    assert_eq!(verdict(&export(5)), Ok(5));
    assert!(verify(export(5).join("\n").as_bytes()).is_ok());
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
    assert!(verify([&log[..4], &[spaced]].concat().join("\n").as_bytes()).is_ok());
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
    assert_eq!(verify(b"".as_slice()).unwrap_err().to_string(), Bad::Empty.to_string());
}
