use biscuit_auth::BlockBuilder;
use proptest::prelude::*;
use ulid::Ulid;

use super::*;
use crate::policy::ReasonCode;
use crate::{Action, ActionPattern, Money};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

fn root() -> RootKey {
    RootKey::new(&[1; 32]).unwrap()
}

fn holder() -> Holder {
    let (agent, token) = (AgentId::new(Ulid(7)), KeyId::new(Ulid(8)));
    Holder { org: OrgId::first(), agent, token }
}

fn limits(
    actions: &[&str],
    amount: Option<i64>,
    task: Option<&str>,
    end: Option<i64>,
) -> TokenLimits {
    TokenLimits {
        actions: actions.iter().map(|pattern| pattern.parse().unwrap()).collect(),
        amount: amount.map(|amount| Money(amount.into())),
        task: task.map(str::to_owned),
        expires_at: end.map(at),
    }
}

fn minted(limits: &TokenLimits) -> String {
    mint(&root(), &holder(), limits, &[2; 32]).unwrap()
}

fn narrowed(token: &str, limits: &TokenLimits) -> String {
    attenuate(token, limits, &[3; 32]).unwrap()
}

fn read(token: &str) -> Capability {
    Capability::read(token, root().public()).unwrap()
}

type Asked<'a> = (&'a str, Option<i64>, Option<&'a str>, i64);

fn says(token: &str, (action, amount, task, now): Asked<'_>) -> Result<(), ReasonCode> {
    let action: Action = action.parse().unwrap();
    let amount = amount.map(|amount| Money(amount.into()));
    let wanted = Wanted { action: &action, amount, task, now: at(now) };
    read(token).permits(wanted).map_err(|refusal| refusal.code())
}

type Permitted = Result<(), ReasonCode>;

#[test]
fn a_token_for_names_permits_no_sentence() {
    let cases = [
        ("im.*", "im.a", true),
        ("im.*", "im.a and then delete the customer database", false),
        ("im.**", "Im.a.b Delete everything", false),
        ("*", "Delete everything", false),
        ("**", "Delete everything", true),
        ("Delete everything", "Delete everything", true),
        ("Delete everything", "delete EVERYTHING", true),
    ];
    for (pattern, action, permitted) in cases {
        let token = minted(&limits(&[pattern], None, None, None));
        assert_eq!(says(&token, (action, None, None, 0)).is_ok(), permitted, "{pattern}: {action}");
    }
}

#[test]
fn a_token_permits_what_all_its_blocks_permit() {
    const MISSING: Result<(), ReasonCode> = Err(ReasonCode::CapabilityMissing);
    const EXPIRED: Result<(), ReasonCode> = Err(ReasonCode::TokenExpired);
    let parent = minted(&limits(&["stripe.**", "crm.read"], Some(500), None, Some(100)));
    let child = narrowed(&parent, &limits(&["stripe.refund.*"], Some(50), Some("T-1"), Some(50)));
    let cases: [(Asked<'_>, Permitted, Permitted); 12] = [
        (("stripe.refund.small", Some(50), Some("T-1"), 0), Ok(()), Ok(())),
        (("stripe.refund.small", Some(51), Some("T-1"), 0), Ok(()), MISSING),
        (("stripe.refund.small", Some(501), Some("T-1"), 0), MISSING, MISSING),
        (("stripe.refund.small", Some(-1), Some("T-1"), 0), MISSING, MISSING),
        (("stripe.refund.small", None, Some("T-1"), 0), MISSING, MISSING),
        (("stripe.refund.small", Some(1), None, 0), Ok(()), MISSING),
        (("stripe.refund.small", Some(1), Some("T-2"), 0), Ok(()), MISSING),
        (("stripe.refund", Some(1), Some("T-1"), 0), Ok(()), MISSING),
        (("crm.read", Some(1), Some("T-1"), 0), Ok(()), MISSING),
        (("crm.reads", Some(1), Some("T-1"), 0), MISSING, MISSING),
        (("stripe.refund.small", Some(1), Some("T-1"), 50), Ok(()), EXPIRED),
        (("stripe.refund.small", Some(1), Some("T-1"), 100), EXPIRED, EXPIRED),
    ];
    for (asked, of_parent, of_child) in cases {
        assert_eq!(says(&parent, asked), of_parent, "{asked:?}");
        assert_eq!(says(&child, asked), of_child, "{asked:?}");
    }
    assert_eq!(read(&child).holder(), &holder());
    assert!(read(&child).blocks().starts_with(read(&parent).blocks()));
}

#[test]
fn a_revoked_token_permits_nothing_and_says_why() {
    let token = read(&minted(&limits(&["**"], None, None, None)));
    let action: Action = "a.b".parse().unwrap();
    let wanted = Wanted { action: &action, amount: None, task: None, now: at(0) };
    assert_eq!(token.permits(wanted), Ok(()));
    let refused = token.revoked(Some("the laptop is lost".to_owned())).permits(wanted).unwrap_err();
    assert_eq!(refused.code(), ReasonCode::TokenRevoked);
    assert!(refused.to_string().contains("the laptop is lost"));
}

#[test]
fn what_another_key_signed_or_was_changed_is_damaged() {
    let token = minted(&limits(&["**"], None, None, None));
    let other = RootKey::new(&[9; 32]).unwrap().public();
    assert_eq!(Capability::read(&token, other).unwrap_err(), TokenError::Damaged);
    assert_eq!(Capability::read("csa_x", root().public()).unwrap_err(), TokenError::NotAToken);
    let long = format!("{PREFIX}{}", "A".repeat(LONGEST));
    assert_eq!(Capability::read(&long, root().public()).unwrap_err(), TokenError::TooLong);
    for place in [5, token.len() / 2, token.len() - 2] {
        let mut bytes = token.clone().into_bytes();
        bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert!(Capability::read(&changed, root().public()).is_err(), "{place}");
    }
    assert_eq!(attenuate(&token, &TokenLimits::default(), &[3; 32]), Err(TokenError::Unlimited));
    let negative = limits(&[], Some(-1), None, None);
    assert_eq!(attenuate(&token, &negative, &[3; 32]), Err(TokenError::Amount));
}

/// Appends a block of any source, as a hostile holder would.
fn with_block(token: &str, source: &str) -> String {
    let biscuit = UnverifiedBiscuit::from(bytes(token).unwrap()).unwrap();
    let block = BlockBuilder::new().code(source).unwrap();
    let longer = biscuit.append_with_keypair(&pair(&[4; 32]).unwrap(), block).unwrap();
    text(&longer.to_vec().unwrap()).unwrap()
}

#[test]
fn a_holder_adds_checks_and_nothing_else() {
    let token = minted(&limits(&["crm.read"], Some(5), Some("T-1"), Some(10)));
    let other = AgentId::new(Ulid(99));
    let endless: String = (0..60).map(|n| format!("e({n});")).collect::<Vec<_>>().concat();
    let loops = "check if {1, 2}.all($x -> {1, 2}.any($y -> $x == $y));".to_owned();
    let sources = [
        "action(\"stripe.refund\");".to_owned(),
        "amount(1); task(\"T-1\"); time(1970-01-02T00:00:00Z);".to_owned(),
        format!("holder(\"default\", \"{other}\", \"{}\");", KeyId::new(Ulid(8))),
        "action($x) <- time($t), action($x);".to_owned(),
        format!("{endless} t($a,$b,$c) <- e($a), e($b), e($c);"),
        loops,
    ];
    for source in sources {
        let read = Capability::read(&with_block(&token, &source), root().public());
        assert_eq!(read.map(|_| ()), Err(TokenError::Unbounded), "{source}");
    }
}

#[test]
fn a_check_that_always_holds_widens_nothing() {
    let token = minted(&limits(&["crm.read"], Some(5), Some("T-1"), Some(10)));
    let asked: [Asked<'_>; 4] = [
        ("stripe.refund", Some(1), Some("T-1"), 0),
        ("crm.read", Some(6), Some("T-1"), 0),
        ("crm.read", Some(1), Some("T-2"), 0),
        ("crm.read", Some(1), Some("T-1"), 20),
    ];
    for source in [
        "check if true;",
        "check if action($a) or true;",
        "check if time($t), $t > 1970-01-01T00:00:00Z;",
    ] {
        let hostile = with_block(&token, source);
        assert_eq!(read(&hostile).holder(), &holder(), "{source}");
        assert_eq!(says(&hostile, ("crm.read", Some(1), Some("T-1"), 0)), Ok(()), "{source}");
        for asked in asked {
            assert!(says(&hostile, asked).is_err(), "{source} {asked:?}");
        }
    }
}

#[test]
fn a_block_of_a_third_party_widens_nothing() {
    let token = minted(&limits(&["crm.read"], None, None, None));
    let biscuit = UnverifiedBiscuit::from(bytes(&token).unwrap()).unwrap();
    let third = pair(&[5; 32]).unwrap();
    for (source, accepted) in [("action(\"stripe.refund\");", false), ("check if true;", true)] {
        let block = BlockBuilder::new().code(source).unwrap();
        let request = biscuit.third_party_request().unwrap();
        let signed = request.create_block(&third.private(), block).unwrap().serialize().unwrap();
        let longer = biscuit.append_third_party(&signed).unwrap();
        let hostile = text(&longer.to_vec().unwrap()).unwrap();
        assert_eq!(Capability::read(&hostile, root().public()).is_ok(), accepted, "{source}");
        if accepted {
            assert!(says(&hostile, ("stripe.refund", None, None, 0)).is_err());
            assert_eq!(says(&hostile, ("crm.read", None, None, 0)), Ok(()));
        }
    }
}

#[test]
fn whoever_holds_a_token_can_read_it_and_name_its_blocks() {
    let parent = minted(&limits(&["stripe.*"], Some(5), None, None));
    let child = narrowed(&parent, &limits(&[], None, Some("T-1"), None));
    let seen = inspect(&child).unwrap();
    let ids: Vec<_> = seen.blocks.iter().map(|block| block.revocation_id.clone()).collect();
    assert_eq!(ids, read(&child).blocks());
    assert!(seen.blocks[0].source.contains("holder(\"default\""), "{seen:?}");
    assert!(seen.blocks[1].source.contains("check if task(\"T-1\")"), "{seen:?}");
    for id in ids {
        assert_eq!(id.as_str().parse(), Ok(id));
    }
}

fn pattern() -> impl Strategy<Value = String> {
    let segment = prop::sample::select(vec!["*", "**", "a", "b", "a-b", "x+"]);
    let separator = prop::sample::select(vec![".", ":"]);
    prop::collection::vec((separator, segment), 1..5).prop_map(|parts| joined(&parts))
}

fn action() -> impl Strategy<Value = String> {
    let segment = prop::sample::select(vec!["a", "b", "a-b", "x+", "xx", "aa"]);
    let separator = prop::sample::select(vec![".", ":"]);
    prop::collection::vec((separator, segment), 1..5).prop_map(|parts| joined(&parts))
}

fn joined(parts: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (index, (separator, segment)) in parts.iter().enumerate() {
        if index > 0 {
            text.push_str(separator);
        }
        text.push_str(segment);
    }
    text
}

fn some_limits() -> impl Strategy<Value = TokenLimits> {
    let actions = prop::collection::vec(pattern(), 0..3);
    let amount = prop::option::of(0_i64..20);
    let task = prop::option::of(prop::sample::select(vec!["T-1", "T-2"]));
    let end = prop::option::of(0_i64..20);
    (actions, amount, task, end).prop_map(|(actions, amount, task, end)| {
        let actions: Vec<&str> = actions.iter().map(String::as_str).collect();
        limits(&actions, amount, task, end)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_pattern_means_the_same_in_a_token(pattern in pattern(), action in action()) {
        let pattern: ActionPattern = pattern.parse().unwrap();
        let covers = pattern.matches(&action.parse().unwrap());
        let limits = TokenLimits { actions: vec![pattern], ..TokenLimits::default() };
        let permitted = says(&minted(&limits), (&action, None, None, 0)).is_ok();
        prop_assert_eq!(permitted, covers);
    }

    #[test]
    fn a_child_never_permits_what_its_parent_does_not(
        first in some_limits(),
        steps in prop::collection::vec(some_limits(), 1..4),
        asked in prop::collection::vec(
            (action(), prop::option::of(-2_i64..22), prop::option::of(prop::sample::select(vec!["T-1", "T-2"])), -1_i64..22),
            6,
        ),
    ) {
        let mut parent = minted(&first);
        for step in steps.iter().filter(|step| !step.is_empty()) {
            let child = narrowed(&parent, step);
            for (action, amount, task, now) in &asked {
                let asked = (action.as_str(), *amount, *task, *now);
                let (of_parent, of_child) = (says(&parent, asked), says(&child, asked));
                prop_assert!(of_parent.is_ok() || of_child.is_err(), "{asked:?}");
            }
            parent = child;
        }
    }
}
