use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::OrgId;
use crate::identity::Caller;

fn log(length: usize) -> Vec<Record> {
    let mut head = Head::START;
    (0..length)
        .map(|n| {
            let draft = Draft {
                kind: Kind::CheckAllowed,
                at: jiff::Timestamp::from_second(i64::try_from(n).unwrap()).unwrap(),
                caller: Caller::system(),
                agent: None,
                approval: None,
                digest: None,
                data: json!({"n": n}),
                announces: None,
            };
            let linked = Unlinked::of(&OrgId::first(), &draft).link(head);
            head = linked.head;
            read(&linked)
        })
        .collect()
}

fn read(linked: &Linked) -> Record {
    serde_json::from_str(&linked.text).unwrap()
}

#[test]
fn what_is_kept_is_the_canonical_form_of_the_record() {
    let full = Draft {
        kind: Kind::ApprovalOpened,
        at: jiff::Timestamp::from_millisecond(1_234).unwrap(),
        caller: Caller { ip: Some([127, 0, 0, 1].into()), ..Caller::system() },
        agent: Some("agt_01J9Z3V5ABCDEFGHJKMNPQRSTV".parse().unwrap()),
        approval: Some("apr_01J9Z3V5ABCDEFGHJKMNPQRSTV".parse().unwrap()),
        digest: Some(crate::approval::Digest::of_bytes(b"x")),
        data: json!({"text": "a\"\\\u{8}\u{1}\u{7f}é\u{10ffff}", "\u{e000}": [1.5, -0.0, 1e21], "\u{10000}": null}),
        announces: None,
    };
    let linked = Unlinked::of(&OrgId::first(), &full).link(Head::START);
    let record = read(&linked);
    assert_eq!(record.head(), linked.head);
    assert_eq!(crate::json::canonical(&serde_json::to_value(&record).unwrap()), linked.text);
    let mut unhashed = serde_json::to_value(&record).unwrap();
    unhashed.as_object_mut().unwrap().remove("hash");
    let hash = crate::approval::Digest::of(&unhashed).to_string();
    assert_eq!(hash, format!("sha256:{}", record.hash));
}

fn verify(records: &[Record]) -> Result<Head, ChainError> {
    let mut verifier = Verifier::default();
    for record in records {
        // As a file would give them back.
        let line = serde_json::to_string(record).unwrap();
        verifier.next(serde_json::from_str(&line).unwrap())?;
    }
    Ok(verifier.head())
}

#[test]
fn an_untouched_log_verifies() {
    let records = log(20);
    assert_eq!(verify(&records), Ok(records[19].head()));
}

#[test]
fn every_kind_survives_the_file() {
    for kind in Kind::ALL {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
    }
}

proptest! {
    #[test]
    fn an_edit_is_found_where_it_was_made(at in 0_usize..20) {
        let mut records = log(20);
        records[at].data = json!({"n": 1000});
        prop_assert_eq!(verify(&records), Err(ChainError::Changed(at as u64 + 1)));
    }

    #[test]
    fn an_edit_with_its_hash_made_anew_is_found_at_the_next(at in 0_usize..19) {
        let mut records = log(20);
        let before = if at == 0 { Head::START } else { records[at - 1].head() };
        let mut draft = Draft {
            kind: Kind::CheckDenied, at: records[at].at, caller: Caller::system(), agent: None,
            approval: None, digest: None, data: json!({}), announces: None,
        };
        draft.data = json!({"forged": true});
        records[at] = read(&Unlinked::of(&OrgId::first(), &draft).link(before));
        prop_assert_eq!(verify(&records), Err(ChainError::NotLinked(at as u64 + 2)));
    }

    #[test]
    fn a_deletion_in_the_middle_is_found(at in 0_usize..19) {
        let mut records = log(20);
        records.remove(at);
        prop_assert!(matches!(verify(&records), Err(ChainError::OutOfPlace { .. })), "deleted {}", at);
    }

    #[test]
    fn a_reorder_is_found(a in 0_usize..20, b in 0_usize..20) {
        prop_assume!(a != b);
        let mut records = log(20);
        records.swap(a, b);
        prop_assert!(matches!(verify(&records), Err(ChainError::OutOfPlace { .. })), "swapped {} {}", a, b);
    }
}
