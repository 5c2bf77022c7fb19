use proptest::prelude::*;
use ulid::Ulid;

use serde_json::json;

use super::*;

/// Texts of JSON values, out of so few words that equal ones are frequent; not all are accepted.
fn json_text() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "null",
        "true",
        "false",
        "0",
        "-0",
        "0.0",
        "1",
        "1.0",
        "1e0",
        "10e-1",
        "0.1",
        "1e21",
        "9007199254740992",
        "9007199254740993",
        "9007199254740994",
        r#""""#,
        r#""1""#,
        r#""null""#,
        r#""é""#,
        r#""\u00e9""#,
        r#""e\u0301""#,
        r#""\ud800""#,
        r#"",""#,
    ]);
    leaf.prop_map(str::to_owned).prop_recursive(3, 12, 3, |inner| {
        let key = prop::sample::select(vec![r#""a""#, r#""b""#, r#""\u0061""#, r#""""#]);
        let entry = (key, inner.clone()).prop_map(|(key, value)| format!("{key}: {value}"));
        prop_oneof![
            prop::collection::vec(inner, 0..3).prop_map(|items| format!("[{}]", items.join(", "))),
            prop::collection::vec(entry, 0..3)
                .prop_map(|entries| format!("{{{}}}", entries.join(","))),
        ]
    })
}

/// Proposals whose parameters the strict reader accepts.
fn accepted() -> impl Strategy<Value = Proposal> {
    let tool =
        prop::option::of((0..2_u8, prop::option::of(0..2_u8)).prop_map(|(name, version)| {
            ToolRef { name: format!("tool{name}"), schema_version: version.map(|v| v.to_string()) }
        }));
    let params = json_text().prop_filter_map("not accepted", |text| {
        let read = strict::read(format!(r#"{{"p":{text}}}"#).as_bytes()).ok()?;
        read.as_object().cloned()
    });
    (0..2_u8, 0..2_u8, 0..2_u8, tool, params).prop_map(|(org, agent, action, tool, params)| {
        Proposal {
            org: format!("org{org}").parse().unwrap(),
            agent: AgentId::new(Ulid(agent.into())),
            action: format!("pay.{action}").parse().unwrap(),
            tool,
            resource: None,
            params,
        }
    })
}

/// The value whose canonical form is hashed.
fn value(proposal: &Proposal) -> Value {
    json!({
        "org": proposal.org,
        "agent": proposal.agent,
        "action": proposal.action,
        "tool": proposal.tool,
        "params": proposal.params,
    })
}

fn assert_told_apart(a: &Proposal, b: &Proposal) -> Result<(), TestCaseError> {
    let same = strict::canonical(&value(a)) == strict::canonical(&value(b));
    prop_assert_eq!(a.digest(), Digest::of(&value(a)));
    prop_assert_eq!(a == b, same, "{:?} {:?}", a, b);
    prop_assert_eq!(a == b, a.digest() == b.digest(), "{:?} {:?}", a, b);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn different_proposals_never_share_a_digest(a in accepted(), b in accepted()) {
        assert_told_apart(&a, &b)?;
        // Nearly always different by chance, so once more with only the parameters apart.
        assert_told_apart(&a, &Proposal { params: b.params, ..a.clone() })?;
    }

    #[test]
    fn a_proposal_keeps_its_digest_through_a_store(proposal in accepted()) {
        let kept: Proposal = serde_json::from_str(&serde_json::to_string(&proposal).unwrap()).unwrap();
        prop_assert_eq!(kept.digest(), proposal.digest());
        prop_assert_eq!(kept, proposal);
    }

    #[test]
    fn a_digest_survives_its_text(bytes in any::<[u8; 8]>()) {
        let digest = Digest::of_bytes(&bytes);
        let text = digest.to_string();
        prop_assert_eq!(text.len(), "sha256:".len() + 64);
        prop_assert_eq!(text.parse(), Ok(digest));
        prop_assert_eq!(serde_json::from_value::<Digest>(json!(text)).unwrap(), digest);
    }
}

#[test]
fn every_field_of_a_proposal_is_in_its_digest() {
    let tool = ToolRef { name: "refund".into(), schema_version: Some("1".into()) };
    let base = Proposal {
        org: OrgId::first(),
        agent: AgentId::new(Ulid(1)),
        action: "pay".parse().unwrap(),
        tool: Some(tool.clone()),
        resource: None,
        params: json!({"a": 1}).as_object().cloned().unwrap(),
    };
    let others = [
        Proposal { org: "other".parse().unwrap(), ..base.clone() },
        Proposal { agent: AgentId::new(Ulid(2)), ..base.clone() },
        Proposal { action: "pay.more".parse().unwrap(), ..base.clone() },
        Proposal { tool: None, ..base.clone() },
        Proposal { tool: Some(ToolRef { name: "pay".into(), ..tool.clone() }), ..base.clone() },
        Proposal { tool: Some(ToolRef { schema_version: None, ..tool }), ..base.clone() },
        Proposal { resource: Some("db-1".into()), ..base.clone() },
        Proposal { params: Object::new(), ..base.clone() },
    ];
    for other in others {
        assert_ne!(other.digest(), base.digest(), "{other:?}");
    }
    // Fixed for all time: receipts and records of earlier versions must stay checkable.
    insta::assert_snapshot!(base.digest(), @"sha256:7f858c5182796398dc12e24e99cb95903ba3de3f35995105e581cd40c165a19d");
}

#[test]
fn what_is_no_digest_is_refused() {
    let digits = "0".repeat(64);
    let cases = [
        String::new(),
        digits.clone(),
        "sha256:".to_owned(),
        format!("sha512:{digits}"),
        format!("SHA256:{digits}"),
        format!("sha256:{digits}0"),
        format!("sha256:{}", &digits[1..]),
        format!("sha256: {}", &digits[1..]),
        format!("sha256:{}g", &digits[1..]),
    ];
    for text in cases {
        assert_eq!(text.parse::<Digest>(), Err(DigestError(text.clone())));
    }
}
