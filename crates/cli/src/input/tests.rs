use std::io::Write;
use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::exit::Exit;

#[test]
fn a_value_is_json_if_it_reads_as_json_and_else_a_text() {
    let cases = [
        ("amount=30", "amount", json!(30)),
        ("cost.usd=30.50", "cost.usd", json!(30.5)),
        ("ok=true", "ok", json!(true)),
        ("gone=null", "gone", Value::Null),
        ("list=[1, \"a\"]", "list", json!([1, "a"])),
        ("quoted=\"30\"", "quoted", json!("30")),
        ("name=A. Lee", "name", json!("A. Lee")),
        ("code=007", "code", json!("007")),
        ("expr=a=b", "expr", json!("a=b")),
        ("open={\"a\":", "open", json!("{\"a\":")),
        ("empty=", "empty", json!("")),
    ];
    for (text, key, value) in cases {
        assert_eq!(text.parse(), Ok(Pair { key: key.to_owned(), value }), "{text}");
    }
}

#[test]
fn a_value_that_two_readers_would_read_differently_is_not_taken_as_a_text() {
    let account = "account=12345678901234567890".parse::<Pair>().unwrap_err().to_string();
    assert!(account.contains("`account`") && account.contains("send it as a string"), "{account}");
    for text in ["o={\"a\":1,\"a\":2}", "s=\"\\ud800\"", "noequals", "=1"] {
        assert!(text.parse::<Pair>().is_err(), "{text}");
    }
}

#[test]
fn no_key_comes_twice() {
    let pairs = ["a=1", "a=2"].map(|text| text.parse().unwrap());
    assert!(object_of(countersign_wire::Object::new(), &pairs).is_err());
    let object = read_object("--params", "{\"a\": 1}").unwrap();
    assert!(object_of(object.clone(), &pairs[..1]).is_err());
    let other = ["b=2".parse().unwrap()];
    assert_eq!(Value::Object(object_of(object, &other).unwrap()), json!({"a": 1, "b": 2}));
}

#[test]
fn parameters_are_read_strictly_and_the_place_is_named() {
    let failure = read_object("--params", "{\"a\": {\"b\": 1, \"b\": 2}}").unwrap_err();
    insta::assert_snapshot!(failure.to_text(), @r"
    error: --params cannot be read: the key `b` stands twice at `$.a.b`
    next: write the JSON in single quotes, or `@file`, or `-` for standard input
    ");
    assert_eq!(failure.exit(), Exit::Usage);
    for argument in ["[1]", "", "@/no/such/file", "{"] {
        assert!(read_object("--params", argument).is_err(), "{argument}");
    }
}

#[test]
fn parameters_come_from_a_file() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"{\"amount\": 45}").unwrap();
    let read = read_object("--params", &format!("@{}", file.path().display())).unwrap();
    assert_eq!(Value::Object(read), json!({"amount": 45}));
}

#[test]
fn lengths_are_read_as_people_write_them() {
    let seconds = |seconds| Ok(Wait::AtMost(Duration::from_secs(seconds)));
    let cases = [
        ("forever", Ok(Wait::Forever)),
        ("10m", seconds(600)),
        ("PT5S", seconds(5)),
        ("0", seconds(0)),
    ];
    for (text, wait) in cases {
        assert_eq!(parse_wait(text), wait, "{text}");
    }
    assert!(parse_wait("soon").is_err());
}
