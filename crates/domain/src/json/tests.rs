use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn kind(text: &str) -> ReadErrorKind {
    read(text.as_bytes()).expect_err(text).kind
}

#[test]
fn exact_numbers_pass_and_become_one_value() {
    let cases = [
        ("0.1", json!(0.1)),
        ("1.0", json!(1)),
        ("1e2", json!(100)),
        ("-0", json!(0)),
        ("-0.0", json!(0)),
        ("0.10", json!(0.1)),
        ("9007199254740992", json!(9_007_199_254_740_992_i64)),
        ("-12.5e-1", json!(-1.25)),
        ("1e21", json!(1e21)),
        ("5e-324", json!(5e-324)),
    ];
    for (text, value) in cases {
        assert_eq!(read(text.as_bytes()), Ok(value), "{text}");
    }
}

#[test]
fn inexact_numbers_are_refused() {
    for text in [
        "9007199254740993",
        "18446744073709551615",
        "0.10000000000000001",
        "1e999",
        "-1e999",
        "1e-400",
        "1e99999999999999999999",
        "3.14159265358979323846",
    ] {
        assert_eq!(kind(text), ReadErrorKind::InexactNumber(text.to_owned()));
    }
}

#[test]
fn the_place_of_the_offence_is_named() {
    let cases = [
        (r#"{"params":{"a":[1,{"b":9007199254740993}]}}"#, "$.params.a[1].b"),
        (r#"{"params":{"a":1,"\u0061":2}}"#, "$.params.a"),
        (r#"{"odd key":["\ud800"]}"#, r#"$["odd key"][0]"#),
        ("[1,2,,]", "$[2]"),
    ];
    for (text, path) in cases {
        assert_eq!(read(text.as_bytes()).unwrap_err().path, path, "{text}");
    }
}

#[test]
fn what_can_be_read_in_two_ways_is_refused() {
    assert_eq!(kind(r#"{"a":1,"a":1}"#), ReadErrorKind::DuplicateKey("a".into()));
    for [one, other] in [
        ["amount", "Amount"],
        ["s", "\u{17f}"],
        ["\u{e4}", "\u{c4}"],
        ["a", "\u{ff41}"],
        ["a", "a\u{200b}"],
        ["a", " a"],
        ["stra\u{df}e", "STRASSE"],
        ["i", "\u{131}"],
    ] {
        let text = format!(r#"{{"{one}":1,"b":2,"{other}":3}}"#);
        assert!(matches!(kind(&text), ReadErrorKind::AlikeKeys(..)), "{text}");
        assert!(read_within(text.as_bytes(), Limits::RECORD).is_ok(), "what was kept can be read");
    }
    assert!(read(br#"{"A":{"a":1},"b":{"A":1}}"#).is_ok(), "not of one object");
    assert_eq!(kind(r#""\ud800""#), ReadErrorKind::LoneSurrogate(0xd800));
    assert_eq!(kind(r#""\ud800\u0041""#), ReadErrorKind::LoneSurrogate(0xd800));
    assert_eq!(kind(r#""\udc00""#), ReadErrorKind::LoneSurrogate(0xdc00));
    assert_eq!(read(b"\"\xff\"").unwrap_err().kind, ReadErrorKind::NotUtf8(1));
    assert_eq!(read(r#""\ud83d\ude00""#.as_bytes()), Ok(json!("😀")));
}

#[test]
fn depth_and_size_have_an_end() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(read(nested(MAX_DEPTH).as_bytes()).is_ok());
    assert_eq!(kind(&nested(MAX_DEPTH + 1)), ReadErrorKind::TooDeep);
    assert_eq!(kind(&"[".repeat(500_000)), ReadErrorKind::TooDeep);
    assert_eq!(kind(&" ".repeat(MAX_BYTES + 1)), ReadErrorKind::TooLarge(MAX_BYTES + 1));
}

#[test]
fn the_number_of_values_has_an_end_over_all_depths() {
    let items = |count: usize| format!("[{}]", vec!["1"; count].join(","));
    let members = |count: usize| {
        let members: Vec<String> = (0..count).map(|n| format!(r#""k{n}":{{}}"#)).collect();
        format!("{{{}}}", members.join(","))
    };
    // The list, the object and the outermost value count too.
    for text in [items(MAX_VALUES - 1), members(MAX_VALUES - 1)] {
        assert!(read(text.as_bytes()).is_ok());
    }
    for text in [items(MAX_VALUES), members(MAX_VALUES)] {
        assert_eq!(kind(&text), ReadErrorKind::TooManyValues(MAX_VALUES));
    }
    let halves = format!(r#"{{"a":{},"b":{}}}"#, items(MAX_VALUES / 2), items(MAX_VALUES / 2));
    let error = read(halves.as_bytes()).unwrap_err();
    assert_eq!(error.kind, ReadErrorKind::TooManyValues(MAX_VALUES));
    assert!(error.path.starts_with("$.b["), "{}", error.path);
}

#[test]
fn what_is_not_json_is_refused() {
    for text in [
        "",
        " ",
        "{",
        "}",
        "[1,]",
        "{\"a\"}",
        "{a:1}",
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "--1",
        "nul",
        "'a'",
        "\"a",
        "\"\n\"",
        "\"\\x\"",
        "\"\\u12\"",
        "1 2",
        "[1 2]",
        "NaN",
        "Infinity",
        "\u{feff}1",
        "{\"a\":1,}",
        "// c\n1",
    ] {
        assert!(matches!(kind(text), ReadErrorKind::Syntax { .. }), "{text:?}");
    }
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-(1_i64 << 53)..=(1_i64 << 53)).prop_map(Value::from),
        any::<f64>()
            .prop_filter("JSON holds finite numbers", |d| d.is_finite())
            .prop_map(|d| read(ecmascript(&d).as_bytes()).expect("shortest form is exact")),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::hash_map(any::<String>(), inner, 0..8)
                .prop_map(|m| Value::Object(m.into_iter().collect())),
        ]
    })
}

fn ecmascript<T: serde::Serialize>(value: &T) -> String {
    serde_json_canonicalizer::to_string(value).unwrap()
}

#[test]
fn where_two_shortest_decimals_are_equally_near_the_even_one_is_exact() {
    for (even, odd) in [
        ("81028008153974.62", "81028008153974.63"),
        ("-81028008153974.62", "-81028008153974.63"),
        ("81028008153974.38", "81028008153974.37"),
        ("9007199254740994", "9007199254740995"),
    ] {
        assert_eq!(canonical(&read(even.as_bytes()).unwrap()), even);
        assert_eq!(kind(odd), ReadErrorKind::InexactNumber(odd.to_owned()));
    }
}

proptest! {
    #[test]
    fn numbers_between_two_decimals_agree_with_another_implementation(
        whole in (1_i64 << 40)..(1_i64 << 51),
        eighths in 0_u32..8,
        scale in -40_i32..40,
    ) {
        #[expect(clippy::cast_precision_loss, reason = "whole and eighths together have at most 54 bits")]
        let double = (whole as f64 + f64::from(eighths) / 8.0) * 2_f64.powi(scale);
        let theirs = ecmascript(&double);
        prop_assert_eq!(canonical(&read(theirs.as_bytes()).unwrap()), theirs);
    }

    #[test]
    fn parse_after_print_is_identity(value in values()) {
        let printed = canonical(&value);
        prop_assert_eq!(read(printed.as_bytes()).unwrap(), value);
    }

    #[test]
    fn the_canonical_form_agrees_with_another_implementation(value in values()) {
        prop_assert_eq!(canonical(&value), ecmascript(&value));
    }

    #[test]
    fn different_values_print_differently(a in values(), b in values()) {
        prop_assert_eq!(a == b, canonical(&a) == canonical(&b));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes);
    }

    #[test]
    fn whatever_is_accepted_other_readers_accept_too(text in "[\\[\\]{}:,\"a0-9.eE+ \\\\u-]{0,40}") {
        if let Ok(value) = read(text.as_bytes()) {
            let theirs: Value = serde_json::from_str(&text).expect("a strict subset of JSON");
            prop_assert_eq!(canonical(&theirs), canonical(&value));
        }
    }
}
