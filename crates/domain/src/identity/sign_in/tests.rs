use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::Revision;
use crate::identity::KeyHash;

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + minutes * 60).unwrap()
}

fn session() -> Session {
    let times = SessionTimes::default();
    Session {
        id: "ses_00000000000000000000000001".parse().unwrap(),
        revision: Revision::FIRST,
        hash: KeyHash::of("css_1"),
        person: "usr_00000000000000000000000001".parse().unwrap(),
        way: SignInWay::Link,
        created_at: at(0),
        seen_at: at(0),
        idle: times.idle,
        expires_at: at(0) + times.absolute,
        ip: None,
        user_agent: None,
        ended_at: None,
    }
}

#[test]
fn a_session_ends_unused_after_the_idle_time() {
    let session = session();
    assert!(session.is_live(at(12 * 60 - 1)));
    assert!(!session.is_live(at(12 * 60)), "the moment it ends it is over");
    let used = session.seen(at(11 * 60)).unwrap();
    assert!(used.is_live(at(22 * 60)));
    assert!(!used.is_live(at(23 * 60)));
}

#[test]
fn a_session_ends_after_the_absolute_time_however_much_it_is_used() {
    let mut session = session();
    for hour in 1..7 * 24 {
        assert!(session.is_live(at(hour * 60)));
        session = session.seen(at(hour * 60)).unwrap();
    }
    assert!(!session.is_live(at(7 * 24 * 60)));
}

#[test]
fn use_is_written_down_only_now_and_then() {
    let session = session();
    assert_eq!(session.seen(at(4)), None);
    assert_eq!(session.seen(at(5)).map(|s| (s.seen_at, s.revision)), Some((at(5), Revision(2))));
    let short = Session { idle: SignedDuration::from_mins(2), ..session };
    assert!(short.seen(at(1)).is_some(), "a short idle time is not missed");
}

#[test]
fn a_session_ends_once() {
    let ended = session().ended(at(3));
    assert_eq!((ended.is_live(at(3)), ended.is_live(at(2))), (false, true));
    assert_eq!(ended.ended(at(9)).ended_at, Some(at(3)));
}

#[test]
fn another_token_leaves_the_end_where_it_was() {
    let rotated = session().rotated(KeyHash::of("css_2"), at(60));
    assert_eq!(rotated.hash, KeyHash::of("css_2"));
    assert_eq!(rotated.expires_at, session().expires_at);
}
