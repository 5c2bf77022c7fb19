use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::*;
use crate::{DeliveryId, Revision, Seq, WebhookId};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

fn secret(byte: u8) -> WebhookSecret {
    WebhookSecret::new(&[byte; 32])
}

fn announcement(event: Event, seconds: i64) -> Announcement {
    let data = json!({"approval_id": null, "decision": "denied"});
    Announcement { seq: Seq(7), event, at: at(seconds), agent_id: None, approval_id: None, data }
}

fn webhook(events: &[Event]) -> Webhook {
    Webhook {
        id: "whk_01J9Z3V5K0000000000000000A".parse::<WebhookId>().unwrap(),
        revision: Revision::FIRST,
        url: "https://example.com/hook".to_owned(),
        events: events.to_vec(),
        status: WebhookStatus::Active,
        created_at: at(0),
        secrets: vec![SigningSecret { secret: secret(1), valid_until: None }],
    }
}

fn delivery() -> Delivery {
    let id: DeliveryId = "dlv_01J9Z3V5K0000000000000000B".parse().unwrap();
    Delivery::new(id, &announcement(Event::CheckDenied, 5), &webhook(&[]), at(10))
}

fn attempt(status: Option<u16>) -> Attempt {
    Attempt { at: at(10), status, answer: None, error: None, millis: 3 }
}

fn failures(delivery: &Delivery) -> Option<usize> {
    match delivery.state {
        DeliveryState::Pending { failures, .. } => Some(failures),
        DeliveryState::Delivered { .. } | DeliveryState::Failed { .. } => None,
    }
}

#[test]
fn pauses_grow_and_end_after_three_days() {
    assert_eq!(pause(0), None);
    let pauses: Vec<_> = (1..).map_while(pause).collect();
    assert!(pauses.is_sorted_by(|a, b| a < b), "{pauses:?}");
    let sum: SignedDuration = pauses.iter().copied().sum();
    assert!((71..=72).contains(&sum.as_hours()), "{sum:?}");
}

/// The example that the libraries of Standard Webhooks publish.
#[test]
fn signatures_are_those_of_the_published_example() {
    let secret: WebhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse().unwrap();
    let now = Timestamp::from_second(1_614_265_330).unwrap();
    let signed = sign([&secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", now, r#"{"test": 2432232314}"#);
    assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

#[test]
fn a_secret_comes_back_from_its_text_and_is_never_printed() {
    let secret = secret(9);
    let text = secret.reveal();
    assert!(text.starts_with("whsec_CQkJ") && text.len() == 50, "{text}");
    assert_eq!(text.parse(), Ok(secret.clone()));
    let shown = format!("{secret:?} {:?} {}", webhook(&[]), json!(webhook(&[])));
    assert!(
        !shown.contains("AQEB") && !shown.contains("whsec_") && !shown.contains("CQkJ"),
        "{shown}"
    );
    for bad in ["", "CQkJ", "whsec_", "whsec_!!", "whsec_AAAA", "whsec_AAAA AAAA"] {
        assert_eq!(bad.parse::<WebhookSecret>(), Err(SecretError), "{bad}");
    }
}

#[test]
fn a_webhook_is_told_what_it_chose_from_the_day_it_was_added() {
    let all = webhook(&[]);
    let some = webhook(&[Event::ApprovalDenied]);
    let off = Webhook { status: WebhookStatus::Disabled, ..webhook(&[]) };
    for (event, seconds, expected) in [
        (Event::ApprovalDenied, 0, [true, true, false]),
        (Event::ApprovalCreated, 9, [true, false, false]),
        (Event::ApprovalDenied, -1, [false, false, false]),
    ] {
        let announced = announcement(event, seconds);
        assert_eq!([&all, &some, &off].map(|w| w.wants(&announced)), expected, "{event} {seconds}");
    }
}

#[test]
fn for_a_day_both_secrets_sign() {
    let rotated = webhook(&[]).rotate(secret(2), at(0));
    let day = OVERLAP.as_secs();
    let signing = |w: &Webhook, seconds| w.signing(at(seconds)).cloned().collect::<Vec<_>>();
    assert_eq!(signing(&rotated, day - 1), [secret(2), secret(1)]);
    assert_eq!(signing(&rotated, day), [secret(2)]);
    assert_eq!(rotated.revision, Revision(2));
    let both = sign(rotated.signing(at(1)), "dlv_1", at(1), "{}");
    let each = [secret(2), secret(1)].map(|s| sign([&s], "dlv_1", at(1), "{}"));
    assert_eq!(both, each.join(" "));
    let again = rotated.clone().rotate(secret(3), at(60));
    assert_eq!(signing(&again, day - 1), [secret(3), secret(2), secret(1)]);
    assert_eq!(signing(&again, day), [secret(3), secret(2)]);
    let late = rotated.rotate(secret(3), at(day));
    assert_eq!(late.secrets.len(), 2, "what signs no more is forgotten");
}

#[test]
fn a_delivery_is_tried_until_it_arrives() {
    let new = delivery();
    assert_eq!(new.next_at(), Some(at(10)));
    insta::assert_snapshot!(new.body, @r#"{"data":{"approval_id":null,"decision":"denied"},"timestamp":"2027-01-15T08:00:05Z","type":"check.denied"}"#);
    for status in [None, Some(199), Some(301), Some(404), Some(500)] {
        let failed = new.clone().attempted(attempt(status), at(11));
        assert_eq!((failed.next_at(), failures(&failed)), (Some(at(16)), Some(1)), "{status:?}");
    }
    let twice = new.clone().attempted(attempt(None), at(11)).attempted(attempt(Some(503)), at(20));
    assert_eq!((twice.next_at(), twice.revision), (Some(at(50)), Revision(3)));
    let done = twice.attempted(attempt(Some(204)), at(60));
    assert_eq!((done.state, done.attempts.len()), (DeliveryState::Delivered { at: at(60) }, 3));
    assert_eq!((&done.body, done.id), (&new.body, new.id));
}

#[test]
fn after_three_days_it_is_given_up_and_can_be_asked_for_again() {
    let mut tried = delivery();
    while let Some(next) = tried.next_at() {
        tried = tried.attempted(attempt(None), next);
    }
    assert_eq!(tried.attempts.len(), 12);
    let hours = tried.state;
    assert!(
        matches!(hours, DeliveryState::Failed { at: end } if (71..=72).contains(&end.duration_since(at(0)).as_hours()))
    );
    let again = tried.clone().replay(at(0));
    assert_eq!((again.next_at(), failures(&again)), (Some(at(0)), Some(0)));
    assert_eq!(again.revision, tried.revision.next());
    let mut many = again;
    for _ in 0..100 {
        many = many.attempted(attempt(None), at(1)).replay(at(2));
    }
    assert_eq!(many.attempts.len(), 50);
}
