use serde_json::json;

use super::*;
use crate::approval::fixtures::*;

/// An approval whose parameters hold everything that can be edited.
fn approval() -> Approval {
    let mut approval = fresh();
    approval.card.proposal = refund(&json!({
        "amount": 500,
        "cost": {"usd": 5},
        "customer": {"id": "cus_1", "e.mail": "x@example.com"},
        "express": false,
        "items": [{"sku": "a"}, {"sku": "b"}],
        "note": null,
        "params": {"depth": 1},
        "total_cost": {"usd": 5},
    }));
    approval.card.digest = approval.card.proposal.digest();
    approval
}

fn edited(key: &str, value: &Value) -> Result<Edited, EditError> {
    approval().edit(object(&json!({key: value})))
}

#[test]
fn a_key_leads_to_one_value() {
    let cases = [
        ("amount", json!(50), "/amount"),
        ("params.amount", json!(50), "/amount"),
        ("customer.id", json!("cus_2"), "/customer/id"),
        ("params.customer.id", json!("cus_2"), "/customer/id"),
        (r"customer.e\.mail", json!("y@example.com"), "/customer/e.mail"),
        ("items.1.sku", json!("c"), "/items/1/sku"),
        ("items.0", json!({"sku": "z"}), "/items/0"),
        ("items", json!([]), "/items"),
        ("express", json!(true), "/express"),
        ("note", json!("any type in the place of null"), "/note"),
        ("amount", json!(null), "/amount"),
        // Parameters whose names are those of the prefixes.
        ("params", json!({"depth": 2}), "/params"),
        ("params.params.depth", json!(2), "/params/depth"),
        ("params.params", json!({}), "/params"),
        ("cost", json!({"usd": 6}), "/cost"),
        ("params.cost.usd", json!(6), "/cost/usd"),
    ];
    for (key, value, place) in cases {
        let mut expected = Value::Object(approval().proposal().params.clone());
        *expected.pointer_mut(place).unwrap() = value.clone();
        let edited = edited(key, &value).unwrap();
        assert_eq!(Value::Object(edited.proposal.params.clone()), expected, "{key}");
        assert_eq!(edited.changes, object(&json!({key: value})), "{key}");
        assert_eq!(edited.cost, approval().card.cost, "{key}");
        let around = Proposal { params: Object::new(), ..edited.proposal };
        assert_eq!(around, refund(&json!({})), "{key}");
    }
}

#[test]
fn the_cost_is_edited_under_its_prefix() {
    let cost = approval().card.cost;
    let usd = |text: &str| Cost { usd: text.parse().unwrap(), ..cost.clone() };
    let cases = [
        ("cost.usd", json!("12.50"), usd("12.50")),
        ("cost.usd", json!(12.5), usd("12.5")),
        ("cost.usd", json!(12), usd("12")),
        (r"cost.us\d", json!(12), usd("12")),
        ("cost.tokens", json!(7), Cost { tokens: 7, ..cost.clone() }),
        ("cost.estimate", json!(true), Cost { estimate: true, ..cost.clone() }),
        ("cost.note", json!("4 images"), Cost { note: Some("4 images".into()), ..cost.clone() }),
    ];
    for (key, value, expected) in cases {
        let edited = edited(key, &value).unwrap();
        assert_eq!(edited.cost, expected, "{key}");
        assert_eq!(&edited.proposal, approval().proposal(), "{key}");
    }
}

#[test]
fn an_unknown_key_is_answered_with_the_known_ones() {
    let top = "`amount`, `cost`, `customer`, `express`, `items`, `note`, `params`, `total_cost`";
    let cases = [
        ("amonut", top),
        ("", top),
        ("params.amonut", top),
        ("params.depth", top),
        (r"cost\.usd", top),
        ("customer.name", "`e.mail`, `id`"),
        ("customer.e.mail", "`e.mail`, `id`"),
        ("items.2", "`0`, `1`"),
        ("items.first", "`0`, `1`"),
        ("items.-1", "`0`, `1`"),
        ("amount.usd", "no keys"),
        ("note.x", "no keys"),
        ("cost.euro", "`estimate`, `note`, `tokens`, `usd`"),
        ("cost.usd.cents", "no keys"),
    ];
    for (key, known) in cases {
        let error = EditError::UnknownKey { key: key.to_owned(), known: known.to_owned() };
        assert_eq!(edited(key, &json!(1)), Err(error), "{key}");
    }
}

#[test]
fn a_value_keeps_its_type() {
    let cases = [
        ("amount", json!("50"), "a number", "a text"),
        ("params.amount", json!([50]), "a number", "a list"),
        ("express", json!(1), "a boolean", "a number"),
        ("customer", json!("cus_1"), "an object", "a text"),
        ("items", json!({}), "a list", "an object"),
        ("items.0.sku", json!(false), "a text", "a boolean"),
        ("cost.tokens", json!("7"), "a number", "a text"),
        ("cost.usd", json!(true), "a text", "a boolean"),
        // Only the cost takes money in two types, not a parameter that is called alike.
        ("params.cost.usd", json!("6"), "a number", "a text"),
        ("total_cost.usd", json!("6"), "a number", "a text"),
    ];
    for (key, value, was, is) in cases {
        let error = EditError::OtherType { key: key.to_owned(), was, is };
        assert_eq!(edited(key, &value), Err(error), "{key}");
    }
}

#[test]
fn a_cost_stays_a_cost() {
    let cases = [
        ("cost.usd", json!("ten")),
        ("cost.usd", json!(null)),
        ("cost.tokens", json!(-1)),
        ("cost.tokens", json!(1.5)),
        ("cost.estimate", json!(null)),
        ("cost.note", json!(7)),
    ];
    for (key, value) in cases {
        assert!(matches!(edited(key, &value), Err(EditError::NotACost(_))), "{key}");
    }
}

#[test]
fn an_edit_that_changes_nothing_is_refused() {
    let cases = [
        json!({}),
        json!({"amount": 500}),
        json!({"params.amount": 500, "express": false}),
        json!({"cost.usd": "30.00"}),
        json!({"cost.usd": 30}),
    ];
    for changes in cases {
        assert_eq!(approval().edit(object(&changes)), Err(EditError::Empty), "{changes}");
    }
}

#[test]
fn several_keys_change_together_or_not_at_all() {
    let both = approval().edit(object(&json!({"amount": 50, "cost.usd": 3}))).unwrap();
    assert_eq!(
        (&both.proposal.params["amount"], both.cost.usd),
        (&json!(50), "3".parse().unwrap())
    );
    assert!(approval().edit(object(&json!({"amount": 50, "amonut": 50}))).is_err());
}

#[test]
fn an_edit_builds_on_the_one_before() {
    let approval = staged(vec![approvers(2)]).yes_if(&ana(), &json!({"amount": 50}), 10).unwrap();
    let edited = approval.edit(object(&json!({"customer": "cus_2"}))).unwrap();
    assert_eq!(edited.proposal, refund(&json!({"amount": 50, "customer": "cus_2"})));
    let back = approval.edit(object(&json!({"amount": 500}))).unwrap();
    assert_eq!(back.proposal, approval.card.proposal);
}

#[test]
fn a_key_comes_and_goes() {
    let cases = [
        (json!({"+memo": "order 17"}), "/memo", Some(json!("order 17"))),
        (json!({"+params.memo": null}), "/memo", Some(json!(null))),
        (json!({"+customer.name": "Lee"}), "/customer/name", Some(json!("Lee"))),
        (json!({r"+customer.a\.b": [1]}), "/customer/a.b", Some(json!([1]))),
        (json!({"+items.0.count": 2}), "/items/0/count", Some(json!(2))),
        (json!({r"+\+1": true}), "/+1", Some(json!(true))),
        (json!({"-amount": null}), "/amount", None),
        (json!({"-params.note": null}), "/note", None),
        (json!({"-customer": null}), "/customer", None),
        (json!({r"-customer.e\.mail": null}), "/customer/e.mail", None),
        // Parameters that are called like the prefixes.
        (json!({"-cost": null}), "/cost", None),
        (json!({"-params.cost.usd": null}), "/cost/usd", None),
        (json!({"+params.params.more": 1}), "/params/more", Some(json!(1))),
    ];
    for (changes, place, expected) in cases {
        let edited = approval().edit(object(&changes)).unwrap();
        let params = Value::Object(edited.proposal.params.clone());
        assert_eq!(params.pointer(place), expected.as_ref(), "{changes}");
        let (before, after) = (approval().proposal().digest(), edited.proposal.digest());
        assert_ne!(before, after, "{changes}");
        assert_eq!(edited.cost, approval().card.cost, "{changes}");
    }
}

#[test]
fn only_keys_of_objects_come_and_go() {
    let no_key = |key: &str| EditError::NoKey(key.to_owned());
    let unknown = |key: &str, known: &str| EditError::UnknownKey {
        key: key.to_owned(),
        known: known.to_owned(),
    };
    let top = "`amount`, `cost`, `customer`, `express`, `items`, `note`, `params`, `total_cost`";
    let cases = [
        (json!({"+amount": 1}), EditError::Taken("amount".to_owned())),
        (json!({"+": 1}), no_key("")),
        (json!({"+items.2": {}}), no_key("items.2")),
        (json!({"-items.0": null}), no_key("items.0")),
        (json!({"+amount.cents": 1}), no_key("amount.cents")),
        (json!({"+cost.euro": 1}), no_key("cost.euro")),
        (json!({"-cost.usd": null}), no_key("cost.usd")),
        (json!({"+nobody.name": 1}), unknown("nobody.name", top)),
        (json!({"-memo": null}), unknown("memo", top)),
        (json!({"-customer.name": null}), unknown("customer.name", "`e.mail`, `id`")),
        (json!({"-amount": 500}), EditError::TakenAwayWithValue("amount".to_owned())),
        (json!({"+memo": "[REDACTED]"}), EditError::Redacted("memo".to_owned())),
    ];
    for (changes, error) in cases {
        assert_eq!(approval().edit(object(&changes)), Err(error), "{changes}");
    }
}

#[test]
fn what_is_hidden_neither_comes_nor_goes() {
    let mut approval = approval();
    approval.card.hidden = vec!["salary".to_owned()];
    let params = json!({"api_key": "abc", "to": {"salary": 1, "name": "Lee"}, "note": "csk_0123456789abcdef0123456789abcdef"});
    approval.card.proposal = refund(&params);
    let hidden = |key: &str| Err(EditError::Hidden(key.to_owned()));
    for (changes, key) in [
        (json!({"-api_key": null}), "api_key"),
        (json!({"-to.salary": null}), "to.salary"),
        (json!({"-to": null}), "to"),
        (json!({"-note": null}), "note"),
        (json!({"+salary": 2}), "salary"),
        (json!({"+to.password": "x"}), "to.password"),
        (json!({"+memo": {"token": "x"}}), "memo"),
    ] {
        assert_eq!(approval.edit(object(&changes)), hidden(key), "{changes}");
    }
    let edited = approval.edit(object(&json!({"-to.name": null, "+to.nick": "L"}))).unwrap();
    let left = json!({"api_key": "abc", "to": {"salary": 1, "nick": "L"}, "note": "csk_0123456789abcdef0123456789abcdef"});
    assert_eq!(edited.proposal, refund(&left));
}

#[test]
fn a_name_becomes_a_step_and_back() {
    for name in ["amount", "e.mail", r"a\b", "+1", "-x", "", r"\.", "a+b", "ä.ö"] {
        assert_eq!(steps(&step(name)), [name], "{name}");
        let (way, _) = key::Way::of(&step(name));
        assert_eq!(way, key::Way::Change, "{name}");
    }
    assert_eq!(steps(r"to.a\.b.0"), ["to", "a.b", "0"]);
}
