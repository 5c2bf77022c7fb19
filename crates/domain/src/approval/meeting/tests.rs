use serde_json::json;

use super::super::{ApprovalError, ToolRef};
use super::*;
use crate::approval::fixtures::*;

const COOLDOWN: i64 = 600;

fn asked(digest: Digest, cost: &Cost) -> Asked<'_> {
    let likeness = fresh().proposal().likeness();
    Asked { wanted: Wanted { digest, likeness }, cost, on_behalf_of: None }
}

/// What a check of `digest` meets, in one word and with the second at which that approval was decided.
fn met(related: Vec<Approval>, digest: Digest, seconds: i64) -> (&'static str, Option<Timestamp>) {
    match meet(
        related,
        asked(digest, &Cost::default()),
        SignedDuration::from_secs(COOLDOWN),
        at(seconds),
    ) {
        Meeting::Fresh => ("fresh", None),
        Meeting::Joins(approval) => ("joins", approval.state.decided_at()),
        Meeting::Consumes(approval) => ("consumes", approval.state.decided_at()),
        Meeting::Edited(approval) => ("edited", approval.state.decided_at()),
        Meeting::Denied(approval) => ("denied", approval.state.decided_at()),
        Meeting::Dearer(approval) => ("dearer", approval.state.decided_at()),
    }
}

/// Whether a check finds the approval by what is known of its standing.
fn is_found(approval: &Approval, digest: Digest, seconds: i64) -> bool {
    Standing::of(approval).is_some_and(|standing| {
        let cooled = match standing.stands {
            Stands::Pending | Stands::Unused => false,
            Stands::Denied { at: denied, .. } => denied <= at(seconds - COOLDOWN),
        };
        standing.digests.contains(&digest)
            && standing.agent == approval.card.requester.agent
            && !cooled
    })
}

#[test]
fn what_is_over_does_not_stand() {
    let yes = || fresh().yes(&ana(), 5).unwrap();
    let over = [
        yes().used(6).unwrap(),
        yes().lapse(at(5 + USE)).unwrap().next(),
        fresh().expire(at(END)).unwrap().next(),
        fresh().cancel(None, &agent(), at(5)).unwrap().next(),
    ];
    for approval in over {
        assert_eq!(Standing::of(&approval), None);
    }
}

#[test]
fn a_denial_stands_for_whatever_is_alike() {
    let proposal = refund(&json!({"amount": 1}));
    let alike = |action: &str, tool: Option<&str>| {
        let tool = tool.map(|name| ToolRef { name: name.into(), schema_version: None });
        Proposal { action: action.parse().unwrap(), tool, ..proposal.clone() }.likeness()
    };
    let same =
        [("stripe.refund", Some("refund")), ("Stripe.Refund", None), ("stripe:REFUND", Some("x"))];
    for (action, tool) in same {
        assert_eq!(alike(action, tool), proposal.likeness(), "{action} {tool:?}");
    }
    let others = [
        refund(&json!({"amount": 2})),
        Proposal { resource: Some("db".into()), ..proposal.clone() },
        Proposal { action: "stripe.refunds".parse().unwrap(), ..proposal.clone() },
    ];
    for other in others {
        assert_ne!(other.likeness(), proposal.likeness(), "{other:?}");
    }
    let denied = fresh().no(&ana(), 5).unwrap();
    let likeness = denied.card.proposal.likeness();
    let stands = Standing::of(&denied).map(|standing| standing.stands);
    assert_eq!(stands, Some(Stands::Denied { at: at(5), likeness }));
}

fn original() -> Digest {
    fresh().digest()
}

fn halved() -> Digest {
    refund(&json!({"amount": 250, "customer": "cus_1"})).digest()
}

fn halve(approval: Approval, seconds: i64) -> Result<Approval, ApprovalError> {
    approval.yes_if(&ana(), &json!({"amount": 250}), seconds)
}

#[test]
fn what_one_earlier_request_means() {
    let yes = || fresh().yes(&ana(), 5).unwrap();
    let edited = || halve(fresh(), 5).unwrap();
    let pending_edited = || halve(staged(vec![approvers(2)]), 5).unwrap();
    let denied = || fresh().no(&ana(), 5).unwrap();
    let denied_edited = || pending_edited().no(&ben(), 6).unwrap();
    let used = || yes().used(6).unwrap();
    let cases = vec![
        ("pending", fresh(), original(), 10, "joins"),
        ("pending, last moment", fresh(), original(), END - 1, "joins"),
        ("pending, too late", fresh(), original(), END, "fresh"),
        ("pending, other", fresh(), halved(), 10, "fresh"),
        ("pending, edited, as it was", pending_edited(), original(), 10, "joins"),
        ("pending, edited, as it is", pending_edited(), halved(), 10, "joins"),
        ("approved", yes(), original(), 10, "consumes"),
        ("approved, last moment", yes(), original(), 5 + USE - 1, "consumes"),
        ("approved, too late", yes(), original(), 5 + USE, "fresh"),
        ("approved, other", yes(), halved(), 10, "fresh"),
        ("approved, used", used(), original(), 10, "fresh"),
        ("approved, unknown", used().lose_sight(at(7)).unwrap().next(), original(), 10, "fresh"),
        (
            "approved, lapsed",
            yes().lapse(at(5 + USE)).unwrap().next(),
            original(),
            5 + USE,
            "fresh",
        ),
        (
            "approved, revoked",
            yes().revoke("frozen".into(), &cleo().caller, at(6)).unwrap().next(),
            original(),
            10,
            "fresh",
        ),
        ("edited, as it was", edited(), original(), 10, "edited"),
        ("edited, as it is", edited(), halved(), 10, "consumes"),
        ("edited, as it was, too late", edited(), original(), 5 + USE, "fresh"),
        ("edited, used", edited().used(6).unwrap(), original(), 10, "fresh"),
        ("denied", denied(), original(), 10, "denied"),
        ("denied, last moment", denied(), original(), 5 + COOLDOWN - 1, "denied"),
        ("denied, cooled down", denied(), original(), 5 + COOLDOWN, "fresh"),
        ("denied, edited, as it was", denied_edited(), original(), 10, "denied"),
        ("denied, edited, as it is", denied_edited(), halved(), 10, "denied"),
        ("expired", fresh().expire(at(END)).unwrap().next(), original(), END + 1, "fresh"),
        (
            "canceled",
            fresh().cancel(None, &agent(), at(5)).unwrap().next(),
            original(),
            10,
            "fresh",
        ),
    ];
    for (name, approval, digest, seconds, expected) in cases {
        assert!(expected == "fresh" || is_found(&approval, digest, seconds), "{name}");
        assert_eq!(met(vec![approval], digest, seconds).0, expected, "{name}");
    }
}

#[test]
fn among_several_the_last_decision_wins_over_a_pending_one_and_a_no_over_a_yes() {
    let yes = |seconds| fresh().yes(&ana(), seconds).unwrap();
    let no = |seconds| fresh().no(&ana(), seconds).unwrap();
    let edited = |seconds| halve(fresh(), seconds).unwrap();
    let cases = [
        (vec![], "fresh", None),
        (vec![fresh(), yes(5)], "consumes", Some(at(5))),
        (vec![fresh(), no(5)], "denied", Some(at(5))),
        (vec![fresh(), no(5), edited(6)], "edited", Some(at(6))),
        (vec![fresh(), yes(5).used(6).unwrap()], "joins", None),
        (vec![no(5), yes(6)], "consumes", Some(at(6))),
        (vec![no(6), yes(5)], "denied", Some(at(6))),
        (vec![no(5), yes(5)], "denied", Some(at(5))),
        (vec![yes(5), yes(6), yes(4)], "consumes", Some(at(6))),
        (vec![yes(5), edited(6)], "edited", Some(at(6))),
        (vec![yes(6).used(7).unwrap(), no(5)], "denied", Some(at(5))),
        (vec![yes(6).used(7).unwrap(), yes(5)], "consumes", Some(at(5))),
    ];
    for (mut related, word, decided) in cases {
        for _ in 0..=related.len() {
            assert_eq!(met(related.clone(), original(), 10), (word, decided), "{related:?}");
            let last = related.pop();
            related.splice(..0, last);
        }
    }
}

#[test]
fn a_cool_down_of_nothing_is_none() {
    let denied = fresh().no(&ana(), 5).unwrap();
    assert_eq!(
        meet(vec![denied], asked(original(), &Cost::default()), SignedDuration::ZERO, at(5)),
        Meeting::Fresh
    );
}

#[test]
fn a_yes_does_not_reach_a_higher_cost_than_people_saw() {
    let cost = |usd: &str, tokens| Cost { usd: usd.parse().unwrap(), tokens, ..Cost::default() };
    let cooldown = SignedDuration::from_secs(COOLDOWN);
    let meets = |related: Vec<Approval>, cost: Cost| match meet(
        related,
        asked(original(), &cost),
        cooldown,
        at(10),
    ) {
        Meeting::Fresh => "fresh",
        Meeting::Joins(_) => "joins",
        Meeting::Consumes(_) => "consumes",
        Meeting::Edited(_) => "edited",
        Meeting::Denied(_) => "denied",
        Meeting::Dearer(_) => "dearer",
    };
    let yes = || fresh().yes(&ana(), 5).unwrap();
    let cheaper = || fresh().yes_if(&ana(), &json!({"cost.usd": 10}), 5).unwrap();
    let cases = [
        ("none is stated", yes(), cost("0", 0), "consumes"),
        ("less", yes(), cost("29.99", 999), "consumes"),
        ("the same", yes(), cost("30", 1000), "consumes"),
        ("more money", yes(), cost("30.01", 0), "dearer"),
        ("more tokens", yes(), cost("0", 1001), "dearer"),
        ("more, while it is pending", fresh(), cost("300", 0), "joins"),
        ("what people made of it", cheaper(), cost("10", 1000), "consumes"),
        ("what people made less", cheaper(), cost("30", 1000), "edited"),
    ];
    for (name, approval, cost, expected) in cases {
        assert_eq!(meets(vec![approval], cost), expected, "{name}");
    }
    let several = || vec![yes(), fresh()];
    assert_eq!(meets(several(), cost("300", 0)), "joins", "what is pending is not passed over");
    let denied = fresh().no(&ana(), 6).unwrap();
    assert_eq!(meets(vec![yes(), denied.clone()], cost("300", 0)), "denied");
    assert_eq!(meets(vec![denied, yes()], cost("300", 0)), "denied");
    let said = yes().beyond(&cost("300", 0)).unwrap();
    assert!(said.ends_with("is for at most 30.00 usd and 1000 tokens, this states 300 usd and 0 tokens: a yes to it is none to this"), "{said}");
    assert_eq!(yes().beyond(&cost("30", 0)), None);
}

#[test]
fn what_waits_on_behalf_of_another_is_not_joined() {
    let person = |email: &str| Some(email.parse::<Email>().unwrap());
    let cooldown = SignedDuration::from_secs(COOLDOWN);
    let cases = [
        (None, None, true),
        (person("mia@example.com"), None, true),
        (person("mia@example.com"), person("mia@example.com"), true),
        (None, person("mia@example.com"), false),
        (person("mia@example.com"), person("noa@example.com"), false),
    ];
    for (shown, now, joins) in cases {
        let mut approval = fresh();
        approval.card.requester.on_behalf_of.clone_from(&shown);
        let cost = Cost::default();
        let asked = Asked { on_behalf_of: now.as_ref(), ..asked(original(), &cost) };
        let met = meet(vec![approval], asked, cooldown, at(10));
        assert_eq!(matches!(met, Meeting::Joins(_)), joins, "{shown:?} {now:?}");
    }
}
