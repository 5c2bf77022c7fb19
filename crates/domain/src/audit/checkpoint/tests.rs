use serde_json::json;

use super::*;
use crate::audit::{Draft, Kind, Unlinked};
use crate::identity::Caller;

fn log(length: i64, about: &str) -> Vec<Record> {
    let mut head = Head::START;
    let record = |n| {
        let draft = Draft {
            kind: Kind::CheckAllowed,
            at: Timestamp::from_second(n).unwrap(),
            caller: Caller::system(),
            agent: None,
            approval: None,
            digest: None,
            data: json!({ about: n }),
            announces: None,
        };
        let linked = Unlinked::of(&OrgId::first(), &draft).link(head);
        head = linked.head;
        serde_json::from_str(&linked.text).unwrap()
    };
    (1..=length).map(record).collect()
}

fn of(log: &[Record]) -> Checkpoint {
    let at = Timestamp::from_second(1_700_000_000).unwrap();
    Checkpoint { org: OrgId::first(), head: log.last().unwrap().head(), at }
}

fn verdict(checkpoint: &Checkpoint, log: &[Record]) -> Result<(), String> {
    let passed = log.iter().try_for_each(|record| checkpoint.passes(record));
    let ended = passed.and_then(|()| checkpoint.ends(log.last().unwrap().head()));
    ended.map_err(|error| error.to_string())
}

#[test]
fn a_log_that_only_grew_is_the_one_of_its_checkpoint() {
    let whole = log(9, "n");
    for length in 1..=9 {
        assert_eq!(verdict(&of(&whole[..length]), &whole), Ok(()));
    }
}

#[test]
fn a_log_that_was_cut_rewritten_or_exchanged_is_not() {
    let whole = log(9, "n");
    let kept = of(&whole[..7]);
    assert_eq!(
        verdict(&kept, &whole[..6]).unwrap_err(),
        "it ends with record 6, but at 2023-11-14T22:13:20Z it had 7: records were cut off, or it was rolled back"
    );
    // Every link of it is right, and yet it is another one.
    assert_eq!(
        verdict(&kept, &log(9, "m")).unwrap_err(),
        "record 7 is not the one that stood there at 2023-11-14T22:13:20Z: the log was rewritten up to there, or before"
    );
    let other = Checkpoint { org: "other".parse().unwrap(), ..kept };
    assert_eq!(
        verdict(&other, &whole).unwrap_err(),
        "the checkpoint is of the organization `other`"
    );
}

#[test]
fn a_note_comes_back_as_it_was_written_and_in_no_other_form() {
    let checkpoint = of(&log(3, "n"));
    let note = checkpoint.signed(&[7; 32], &[9; 64]);
    let read = Note::read(&note).unwrap();
    assert_eq!((&read.checkpoint, &read.text), (&checkpoint, &checkpoint.text()));
    assert_eq!(read.signatures[0].signature, [9; 64]);
    assert!(read.signatures[0].is_of(&[7; 32]) && !read.signatures[0].is_of(&[8; 32]));
    let lines: Vec<&str> = note.lines().collect();
    assert_eq!(
        (lines[0], lines[1], lines[3]),
        ("countersign/default", "3", "at 2023-11-14T22:13:20Z")
    );
    for (from, to) in [
        ("countersign/default\n", "default\n"),
        ("\n3\n", "\n03\n"),
        ("\n3\n", "\n+3\n"),
        ("\n3\n", "\n\n"),
        ("at 2023", "2023"),
        ("20Z\n", "20Z\nmore\n"),
        ("\u{2014} ", "- "),
        ("\n\n", "\n"),
    ] {
        assert!(Note::read(&note.replacen(from, to, 1)).is_err(), "{from:?} as {to:?}");
    }
}
