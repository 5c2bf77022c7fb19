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
        proved_at: None,
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
fn the_first_guesses_cost_nothing_and_then_each_doubles_the_pause() {
    let mut throttle = Throttle::fresh(5, at(0));
    let mut pauses = Vec::new();
    for _ in 0..20 {
        throttle = throttle.failed(at(0));
        pauses.push(throttle.wait(at(0)).map_or(0, |wait| wait.as_secs()));
    }
    assert_eq!(pauses[..9], [0, 0, 0, 0, 1, 2, 4, 8, 16]);
    assert_eq!(pauses[19], 900, "there is a longest pause");
    assert_eq!(throttle.wait(at(15)), None);
    let later = throttle.failed(at(24 * 60));
    assert_eq!(later.wait(at(24 * 60)), None, "a day without a failure forgets them");
}

#[test]
fn a_code_is_used_once_and_none_before_it() {
    let totp = Totp { secret: Hidden::default(), confirmed_at: Some(at(0)), last_step: None };
    let credentials = Credentials { totp: Some(totp), ..Credentials::none(session().person) };
    let used = credentials.with_step_used(7).unwrap();
    assert_eq!(used.revision, Revision(1));
    assert!(used.with_step_used(7).is_none() && used.with_step_used(6).is_none());
    assert!(used.with_step_used(8).is_some());
}

#[test]
fn a_recovery_code_is_used_once() {
    let codes = vec![KeyHash::of("a"), KeyHash::of("b")];
    let credentials = Credentials { recovery: codes, ..Credentials::none(session().person) };
    let used = credentials.with_recovery_used(KeyHash::of("a")).unwrap();
    assert_eq!(used.recovery, [KeyHash::of("b")]);
    assert!(used.with_recovery_used(KeyHash::of("a")).is_none());
}

#[test]
fn passwords_are_long_and_not_the_first_that_anyone_tries() {
    let email = "ana.longname.x@example.com".parse().unwrap();
    let verdict = |text: &str| check_password(text, &email);
    for fine in ["tin coffee umbrella", "пароль из слов", "aB3$aB3$xY9!", "            x"]
    {
        assert_eq!(verdict(fine), Ok(()), "{fine}");
    }
    assert_eq!(verdict("eleven char"), Err(PasswordError::TooShort));
    assert_eq!(verdict(&"ab c".repeat(256)), Err(PasswordError::Common));
    assert_eq!(verdict(&"x1".repeat(513)), Err(PasswordError::TooLong));
    assert_eq!(verdict("Ana.LongName.X"), Err(PasswordError::Address));
    for common in ["Password1234!", "QWERTYUIOP12", "123456789012", "aaaaaaaaaaaa", "987654321098"]
    {
        assert_eq!(verdict(common), Err(PasswordError::Common), "{common}");
    }
}

#[test]
fn a_sign_in_is_fresh_as_long_as_the_proof_is() {
    let session = |way, proved_at| Session { way, proved_at, ..session() };
    let cases = [
        (session(SignInWay::Password, None), 14, true),
        (session(SignInWay::Password, None), 15, false),
        (session(SignInWay::Provider, Some(at(0))), 14, true),
        (session(SignInWay::Provider, Some(at(-10))), 4, true),
        (session(SignInWay::Provider, Some(at(-10))), 5, false),
        (session(SignInWay::Provider, Some(at(60))), 15, false),
        (session(SignInWay::Provider, None), 0, false),
    ];
    for (session, minutes, fresh) in cases {
        assert_eq!(session.is_fresh(at(minutes)), fresh, "{session:?} after {minutes}");
    }
}
