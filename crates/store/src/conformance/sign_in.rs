//! What people sign in with, and where they are signed in.

use countersign_domain::identity::sign_in::{
    Credentials, Hidden, Invitation, Passkey, ProviderAccount, Purpose, Session, SessionTimes,
    SignInWay, Ticket, Totp,
};
use countersign_domain::identity::{KeyHash, Role};
use countersign_domain::{Revision, Write};
use serde_json::json;

use super::Fresh;
use super::fixtures::{at, change, id, keep, org, person, refuse, started};

fn session(n: usize, start: i64) -> Session {
    let times = SessionTimes::default();
    Session {
        id: id("ses_", n),
        revision: Revision::FIRST,
        hash: KeyHash::of(&format!("css_{n}")),
        person: person(1).id,
        way: SignInWay::Password,
        created_at: at(start),
        proved_at: None,
        seen_at: at(start),
        idle: times.idle,
        expires_at: at(start) + times.absolute,
        ip: Some("203.0.113.9".parse().unwrap()),
        user_agent: Some("a browser".to_owned()),
        ended_at: None,
    }
}

fn written(session: &Session) -> Write {
    Write::Session(Box::new(session.clone()))
}

/// A session is found by the hash of its token, and by its person.
pub async fn a_session_is_found_by_its_token_and_by_its_person(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let (one, two) = (session(1, 0), session(2, 1));
    keep(&*store, change(vec![written(&one), written(&two)])).await;
    assert_eq!(store.session(one.hash).await, Ok(Some((org(), one.clone()))));
    assert_eq!(store.sessions(&org(), person(1).id).await, Ok(vec![one.clone(), two]));
    assert_eq!(store.sessions(&org(), person(2).id).await, Ok(vec![]));
    let ended = one.ended(at(5));
    keep(&*store, change(vec![written(&ended)])).await;
    assert_eq!(store.session(one.hash).await, Ok(Some((org(), ended))));
    refuse(&*store, change(vec![written(&one.ended(at(6)))])).await;
    refuse(
        &*store,
        change(vec![written(&Session { hash: KeyHash::of("css_2"), ..session(3, 0) })]),
    )
    .await;
}

/// Sessions that are long over go when another one starts.
pub async fn a_session_that_is_over_makes_room(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let old = session(1, 0);
    keep(&*store, change(vec![written(&old)])).await;
    keep(&*store, change(vec![written(&session(2, 7 * 86_400))])).await;
    assert!(
        store.session(old.hash).await.unwrap().is_some(),
        "it is over at this moment, not before"
    );
    keep(&*store, change(vec![written(&session(3, 7 * 86_400 + 1))])).await;
    assert_eq!(store.session(old.hash).await, Ok(None));
}

/// A ticket is there until it is used; whoever comes second finds nothing.
pub async fn a_ticket_is_used_once(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let hash = KeyHash::of("csl_1");
    let purpose = Purpose::SignIn { person: person(1).id };
    let ticket = Ticket { hash, purpose, made_at: at(0), expires_at: at(60) };
    let write = Write::Ticket(Box::new(ticket.clone()));
    keep(&*store, change(vec![write.clone()])).await;
    refuse(&*store, change(vec![write])).await;
    assert_eq!(store.ticket(hash).await, Ok(Some((org(), ticket.clone()))));
    keep(&*store, change(vec![Write::TicketUsed(hash)])).await;
    assert_eq!(store.ticket(hash).await, Ok(None));
    refuse(&*store, change(vec![Write::TicketUsed(hash)])).await;
    keep(&*store, change(vec![Write::Ticket(Box::new(ticket.clone()))])).await;
    let other = KeyHash::of("csl_2");
    let later = Ticket { hash: other, made_at: at(61), expires_at: at(99), ..ticket };
    keep(&*store, change(vec![Write::Ticket(Box::new(later))])).await;
    assert_eq!(store.ticket(hash).await, Ok(None), "what is over goes");
}

/// Invitations are listed among all that works once, the oldest first.
pub async fn invitations_are_listed(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let ticket = |n: usize, purpose| {
        let hash = KeyHash::of(&format!("csl_{n}"));
        Ticket { hash, purpose, made_at: at(0), expires_at: at(60) }
    };
    let invitation = |n| {
        let (email, by) = (format!("p{n}@example.com").parse().unwrap(), person(1).id);
        let (id, role) = (id("inv_", n), Role::Approver);
        let invitation = Invitation { id, email, role, groups: vec!["finance".into()], by };
        ticket(n, Purpose::Invitation(invitation))
    };
    let other = ticket(3, Purpose::SignIn { person: person(1).id });
    let all = [invitation(2), other, invitation(1)];
    let writes = all.iter().map(|ticket| Write::Ticket(Box::new(ticket.clone())));
    keep(&*store, change(writes.collect())).await;
    assert_eq!(store.invitations(&org()).await, Ok(vec![invitation(1), invitation(2)]));
    keep(&*store, change(vec![Write::TicketUsed(invitation(1).hash)])).await;
    assert_eq!(store.invitations(&org()).await, Ok(vec![invitation(2)]));
}

/// An account at a provider belongs to one person, and a person has one at each provider.
pub async fn an_account_at_a_provider_is_linked_once(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let account = |issuer: &str, subject: &str, n| ProviderAccount {
        issuer: issuer.to_owned(),
        subject: subject.to_owned(),
        person: person(n).id,
        email: person(n).email,
        linked_at: at(1),
    };
    let link = |account: &ProviderAccount| Write::ProviderLinked(Box::new(account.clone()));
    let one = account("https://a.example", "s1", 1);
    keep(&*store, change(vec![link(&one)])).await;
    assert_eq!(store.provider_account(&org(), &one.issuer, "s1").await, Ok(Some(one.clone())));
    assert_eq!(store.provider_account(&org(), &one.issuer, "S1").await, Ok(None));
    assert_eq!(store.provider_account(&org(), "https://b.example", "s1").await, Ok(None));
    refuse(&*store, change(vec![link(&account("https://a.example", "s1", 2))])).await;
    refuse(&*store, change(vec![link(&account("https://a.example", "s2", 1))])).await;
    let two = account("https://b.example", "s1", 1);
    keep(&*store, change(vec![link(&two)])).await;
    assert_eq!(store.provider_accounts(&org(), person(1).id).await, Ok(vec![one.clone(), two]));
    let gone = || Write::ProviderUnlinked(person(1).id, one.issuer.clone());
    keep(&*store, change(vec![gone()])).await;
    refuse(&*store, change(vec![gone()])).await;
    assert_eq!(store.provider_account(&org(), &one.issuer, "s1").await, Ok(None));
}

/// Credentials come back with their secrets, and nobody writes over what they did not see.
pub async fn credentials_come_back_whole_and_are_guarded(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let who = person(1).id;
    assert_eq!(store.credentials(&org(), who).await, Ok(None));
    let totp = Totp {
        secret: Hidden::new("JBSWY3DP".to_owned()),
        confirmed_at: Some(at(1)),
        last_step: Some(7),
    };
    let passkey = Passkey {
        id: "AQID".to_owned(),
        name: "key".to_owned(),
        added_at: at(2),
        used_at: None,
        key: json!({"cred": {"counter": 1}}),
    };
    let first = Credentials {
        password: Some(Hidden::new("$argon2id$…".to_owned())),
        totp: Some(totp),
        recovery: vec![KeyHash::of("a"), KeyHash::of("b")],
        passkeys: vec![passkey],
        ..Credentials::none(who).next()
    };
    let write = |theirs: &Credentials| Write::Credentials(Box::new(theirs.clone()));
    keep(&*store, change(vec![write(&first)])).await;
    assert_eq!(store.credentials(&org(), who).await, Ok(Some(first.clone())));
    refuse(&*store, change(vec![write(&first)])).await;
    let second = Credentials { totp: None, password: None, ..first.next() };
    keep(&*store, change(vec![write(&second)])).await;
    assert_eq!(store.credentials(&org(), who).await, Ok(Some(second)));
    refuse(&*store, change(vec![write(&first.next())])).await;
}
