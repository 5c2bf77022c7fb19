use serde_json::json;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

const FROM: &str = "2026-03-01T00:00:00Z";
const TO: &str = "2026-03-08T00:00:00Z";
const NOW: &str = "2026-03-05T12:00:00Z";

fn of(samples: &[Sample]) -> Statistics {
    Statistics::of(samples, at(FROM), at(TO), at(NOW))
}

/// A pending request of `agent` for `action`.
fn asked(agent: &str, action: &str, created_at: &str) -> Sample {
    Sample {
        agent: agent.into(),
        action: action.into(),
        reason_code: ReasonCode::RequiresApproval,
        risk: Risk::Medium,
        status: Status::Pending,
        created_at: at(created_at),
        decided_at: None,
        approver: None,
        automatic: None,
        marks: Marks::default(),
    }
}

impl Sample {
    fn ended(self, status: Status, decided_at: &str) -> Self {
        Self { status, decided_at: Some(at(decided_at)), ..self }
    }

    fn by(self, approver: &str) -> Self {
        Self { approver: Some(approver.into()), ..self }
    }

    fn because(self, reason_code: ReasonCode) -> Self {
        Self { reason_code, ..self }
    }
}

/// A yes of `ana` after so many milliseconds.
fn yes_after(milliseconds: i64) -> Sample {
    let created_at = at("2026-03-02T09:00:00Z");
    Sample {
        status: Status::Approved,
        decided_at: Some(created_at + jiff::SignedDuration::from_millis(milliseconds)),
        ..asked("bot", "pay", "2026-03-02T09:00:00Z").by("ana@example.com")
    }
}

fn a_week() -> Vec<Sample> {
    use Status::{Approved, Canceled, Denied, Expired};
    vec![
        asked("support", "stripe.refund", "2026-03-01T23:59:58Z")
            .ended(Approved, "2026-03-02T00:00:01Z")
            .by("ana@example.com"),
        asked("support", "stripe.refund", "2026-03-02T10:00:00Z")
            .ended(Denied, "2026-03-02T10:00:10Z")
            .by("ben@example.com"),
        asked("support", "crm.delete", "2026-03-02T11:00:00Z")
            .ended(Approved, "2026-03-02T11:01:40Z")
            .by("ana@example.com")
            .because(ReasonCode::Own("HOUSE_RULE".into())),
        asked("deploy", "k8s:deploy", "2026-03-03T00:00:00Z")
            .ended(Expired, "2026-03-04T00:00:00Z"),
        asked("deploy", "k8s:deploy", "2026-03-03T01:00:00Z")
            .ended(Canceled, "2026-03-03T01:00:05Z"),
        asked("writer", "mail.send", "2026-03-05T11:59:00.500Z"),
        asked("writer", "mail.send", "2026-03-05T11:59:30Z"),
        // Before and after the period.
        asked("support", "stripe.refund", "2026-02-28T23:59:59Z"),
        asked("support", "stripe.refund", TO),
    ]
}

#[test]
#[expect(clippy::too_many_lines, reason = "one snapshot of everything")]
fn a_week_in_figures() {
    insta::assert_json_snapshot!(of(&a_week()), @r#"
    {
      "period": {
        "from": "2026-03-01T00:00:00Z",
        "to": "2026-03-08T00:00:00Z"
      },
      "totals": {
        "pending": 2,
        "approved": 2,
        "denied": 1,
        "expired": 1,
        "canceled": 1
      },
      "approval_rate": 0.6666666666666666,
      "automatic": {},
      "marked": {
        "self_approved": 0,
        "in_place": 0,
        "relayed": 0
      },
      "response_time_seconds": {
        "average": 37.666,
        "p50": 10.0,
        "p95": 100.0
      },
      "response_times": [
        {
          "up_to_seconds": 3,
          "count": 1
        },
        {
          "up_to_seconds": 30,
          "count": 1
        },
        {
          "up_to_seconds": 120,
          "count": 1
        },
        {
          "up_to_seconds": 600,
          "count": 0
        },
        {
          "up_to_seconds": 3600,
          "count": 0
        },
        {
          "up_to_seconds": 14400,
          "count": 0
        },
        {
          "up_to_seconds": 86400,
          "count": 0
        },
        {
          "up_to_seconds": null,
          "count": 0
        }
      ],
      "oldest_pending_seconds": 59,
      "by_agent": [
        {
          "agent": "support",
          "total": 3,
          "pending": 0,
          "approved": 2,
          "denied": 1,
          "expired": 0,
          "canceled": 0
        },
        {
          "agent": "deploy",
          "total": 2,
          "pending": 0,
          "approved": 0,
          "denied": 0,
          "expired": 1,
          "canceled": 1
        },
        {
          "agent": "writer",
          "total": 2,
          "pending": 2,
          "approved": 0,
          "denied": 0,
          "expired": 0,
          "canceled": 0
        }
      ],
      "by_reason_code": {
        "HOUSE_RULE": 1,
        "REQUIRES_APPROVAL": 6
      },
      "by_action": [
        {
          "action": "k8s:deploy",
          "total": 2,
          "pending": 0,
          "approved": 0,
          "denied": 0,
          "expired": 1,
          "canceled": 1
        },
        {
          "action": "mail.send",
          "total": 2,
          "pending": 2,
          "approved": 0,
          "denied": 0,
          "expired": 0,
          "canceled": 0
        },
        {
          "action": "stripe.refund",
          "total": 2,
          "pending": 0,
          "approved": 1,
          "denied": 1,
          "expired": 0,
          "canceled": 0
        },
        {
          "action": "crm.delete",
          "total": 1,
          "pending": 0,
          "approved": 1,
          "denied": 0,
          "expired": 0,
          "canceled": 0
        }
      ],
      "by_approver": [
        {
          "approver": "ana@example.com",
          "count": 2,
          "median_seconds": 3.0,
          "share_within_3_seconds": 0.5
        },
        {
          "approver": "ben@example.com",
          "count": 1,
          "median_seconds": 10.0,
          "share_within_3_seconds": 0.0
        }
      ],
      "per_day": [
        {
          "date": "2026-03-01",
          "created": 1,
          "approved": 0,
          "denied": 0,
          "expired": 0,
          "canceled": 0
        },
        {
          "date": "2026-03-02",
          "created": 2,
          "approved": 2,
          "denied": 1,
          "expired": 0,
          "canceled": 0
        },
        {
          "date": "2026-03-03",
          "created": 2,
          "approved": 0,
          "denied": 0,
          "expired": 0,
          "canceled": 1
        },
        {
          "date": "2026-03-04",
          "created": 0,
          "approved": 0,
          "denied": 0,
          "expired": 1,
          "canceled": 0
        },
        {
          "date": "2026-03-05",
          "created": 2,
          "approved": 0,
          "denied": 0,
          "expired": 0,
          "canceled": 0
        }
      ]
    }
    "#);
}

#[test]
fn the_order_of_the_samples_does_not_matter() {
    let mut samples = a_week();
    let straight = of(&samples);
    for _ in 0..samples.len() {
        samples.rotate_left(1);
        assert_eq!(of(&samples), straight);
    }
    samples.reverse();
    assert_eq!(of(&samples), straight);
}

#[test]
fn nothing_gives_no_figures() {
    let empty =
        [Some(3), Some(30), Some(120), Some(600), Some(3_600), Some(14_400), Some(86_400), None]
            .map(|up_to_seconds| json!({"up_to_seconds": up_to_seconds, "count": 0}));
    let nothing = json!({
        "period": {"from": FROM, "to": TO},
        "totals": {"pending": 0, "approved": 0, "denied": 0, "expired": 0, "canceled": 0},
        "approval_rate": null,
        "automatic": {},
        "marked": {"self_approved": 0, "in_place": 0, "relayed": 0},
        "response_time_seconds": {"average": null, "p50": null, "p95": null},
        "response_times": empty,
        "oldest_pending_seconds": null,
        "by_agent": [],
        "by_reason_code": {},
        "by_action": [],
        "by_approver": [],
        "per_day": [],
    });
    assert_eq!(serde_json::to_value(of(&[])).unwrap(), nothing);
}

#[test]
fn percentiles_are_times_that_occurred() {
    // How many answers after 1 s, 2 s, … and then: average, p50, p95.
    let cases = [
        (1, 1.0, 1.0, 1.0),
        (2, 1.5, 1.0, 2.0),
        (3, 2.0, 2.0, 3.0),
        (4, 2.5, 2.0, 4.0),
        (19, 10.0, 10.0, 19.0),
        (20, 10.5, 10.0, 19.0),
        (21, 11.0, 11.0, 20.0),
        (100, 50.5, 50.0, 95.0),
    ];
    for (count, average, p50, p95) in cases {
        let samples: Vec<_> = (1..=count).rev().map(|n| yes_after(n * 1000)).collect();
        let expected = ResponseTime { average: Some(average), p50: Some(p50), p95: Some(p95) };
        assert_eq!(of(&samples).response_time_seconds, expected, "{count}");
    }
}

#[test]
fn only_answers_of_people_have_a_response_time() {
    let moment = "2026-03-02T09:00:00Z";
    let after = "2026-03-02T09:00:07Z";
    let cases = [
        (asked("bot", "pay", moment).by("ana@example.com"), None),
        (asked("bot", "pay", moment).ended(Status::Approved, after), None),
        (
            asked("bot", "pay", moment).ended(Status::Approved, after).by("ana@example.com"),
            Some(7.0),
        ),
        (asked("bot", "pay", moment).ended(Status::Denied, after).by("ana@example.com"), Some(7.0)),
        (asked("bot", "pay", moment).ended(Status::Expired, after), None),
        (asked("bot", "pay", moment).ended(Status::Canceled, after).by("ana@example.com"), None),
        // A clock that was set back is no negative time.
        (
            asked("bot", "pay", after).ended(Status::Approved, moment).by("ana@example.com"),
            Some(0.0),
        ),
    ];
    for (sample, seconds) in cases {
        let figures = of(std::slice::from_ref(&sample));
        assert_eq!(figures.response_time_seconds.p50, seconds, "{sample:?}");
        assert_eq!(figures.by_approver.len(), usize::from(seconds.is_some()), "{sample:?}");
    }
}

#[test]
fn three_seconds_is_a_glance_and_a_millisecond_more_is_not() {
    let figures = of(&[yes_after(0), yes_after(3000), yes_after(3001), yes_after(60_000)]);
    let ana = ApproverFigures {
        approver: "ana@example.com".into(),
        count: 4,
        median_seconds: Some(3.0),
        share_within_3_seconds: Some(0.5),
    };
    assert_eq!(figures.by_approver, [ana]);
}

#[test]
fn the_busiest_come_first_and_equals_by_name() {
    let asked_by = |agent: &str| asked(agent, "pay", "2026-03-02T09:00:00Z");
    let samples = ["zoe", "bob", "eve", "zoe", "amy", "bob", "zoe"].map(asked_by);
    let order: Vec<_> = of(&samples).by_agent.into_iter().map(|a| (a.agent, a.total)).collect();
    let expected = [("zoe", 3), ("bob", 2), ("amy", 1), ("eve", 1)].map(|(a, n)| (a.to_owned(), n));
    assert_eq!(order, expected);
}

#[test]
fn twenty_actions_are_listed() {
    let mut samples: Vec<_> =
        (0..25).map(|n| asked("bot", &format!("action.{n:02}"), "2026-03-02T09:00:00Z")).collect();
    samples.push(asked("bot", "action.24", "2026-03-02T09:00:00Z"));
    let figures = of(&samples);
    let actions: Vec<_> = figures.by_action.iter().map(|a| a.action.as_str()).collect();
    assert_eq!((actions.len(), actions[0], actions[19]), (20, "action.24", "action.18"));
    assert_eq!(figures.totals.pending, 26, "what is not listed is still counted");
}

#[test]
fn what_is_out_of_the_ordinary_is_counted_beside_everything_else() {
    let marked = |marks| Sample { marks, ..yes_after(10_000) };
    let own = Marks { self_approved: true, ..Marks::default() };
    let lent = Marks { in_place: true, relayed: true, ..Marks::default() };
    let figures = of(&[marked(own), marked(own), marked(lent), marked(Marks::default())]);
    assert_eq!(figures.marked, Marked { self_approved: 2, in_place: 1, relayed: 1 });
    assert_eq!((figures.totals.approved, figures.by_approver[0].count), (4, 4));
}
