use serde_json::{Value, json};

use super::*;

fn wrong(schema: &Value) -> Vec<(String, String)> {
    let problems = ReadySchema::new(schema).err().unwrap_or_default();
    problems.into_iter().map(|problem| (problem.path, problem.message)).collect()
}

fn ready(schema: &Value) -> ReadySchema {
    ReadySchema::new(schema).unwrap()
}

fn object(value: Value) -> Object {
    let Value::Object(object) = value else { panic!("no object") };
    object
}

/// The value, so many lists deep.
fn nested(depth: usize, innermost: Value) -> Value {
    (0..depth).fold(innermost, |value, _| json!([value]))
}

#[test]
fn a_keyword_that_is_misspelt_or_means_nothing_here_is_told_at_its_place() {
    let cases = [
        (json!({"requird": ["a"]}), "requird", "did you mean `required`?"),
        (json!({"properties": {"n": {"maxium": 5}}}), "properties.n.maxium", "`maximum`?"),
        (json!({"propertes": {}}), "propertes", "`properties`?"),
        (json!({"anyOf": [{}, {"x_sensitive": true}]}), "anyOf[1].x_sensitive", "`x-sensitive`?"),
        (
            json!({"properties": {"p": {"x-sensitive": "true"}}}),
            "properties.p.x-sensitive",
            "`true`",
        ),
        (json!({"dependencies": {}}), "dependencies", "older draft"),
        (json!({"items": [{}]}), "items", "`prefixItems`"),
        (json!({"$dynamicRef": "#a"}), "$dynamicRef", "not followed"),
        (json!({"$ref": "https://a.example/s"}), "$ref", "only `#/…`"),
        (json!({"$ref": "#/$defs/none"}), "$ref", "only `#/…`"),
        (json!({"properties": {"a": {"$id": "b"}}}), "properties.a.$id", "leave `$id` out"),
        (json!({"not": {"$ref": "#"}}), "", "without going deeper"),
        (json!({"type": "obejct"}), "type", "obejct"),
    ];
    for (schema, path, part) in cases {
        let told = wrong(&schema);
        let [(at, why)] = told.as_slice() else { panic!("{schema}: {told:?}") };
        assert_eq!(at, path, "{schema}");
        assert!(why.contains(part), "{schema}: {why}");
    }
}

#[test]
fn notes_names_and_values_are_no_keywords() {
    let schema = json!({
        "$id": "https://a.example/tool", "x-order": 1, "example": {"requird": 1}, "nullable": true,
        "properties": {"requird": {"default": {"maxium": 5}}, "maxium": true},
        "enum": [{"propertes": 1}, {}], "$defs": {"tpye": {"const": {"tpye": 1}}},
    });
    assert_eq!(wrong(&schema), []);
}

#[test]
fn a_schema_that_looks_again_and_again_at_the_same_costs_nothing_where_it_is_used_too_deep() {
    let list = json!({"type": "array", "items": {"$ref": "#/$defs/node"}});
    let schema = json!({
        "properties": {"node": {"$ref": "#/$defs/node"}},
        "$defs": {"node": {"anyOf": [list, list, {"type": "string"}]}},
    });
    let schema = ready(&schema);
    let misfit = |depth| schema.misfit(&object(json!({"node": nested(depth, json!(5))})));
    assert!(misfit(3).unwrap().1.contains("anyOf"), "{:?}", misfit(3));
    for depth in [20, 40, 60] {
        assert!(misfit(depth).unwrap().1.contains("too long"), "{depth}");
    }
    assert_eq!(schema.misfit(&object(json!({"node": nested(3, json!("leaf"))}))), None);
}

#[test]
fn a_schema_that_goes_deeper_by_one_way_is_used_at_any_depth() {
    let schema = json!({
        "properties": {"tree": {"$ref": "#/$defs/node"}},
        "$defs": {"node": {
            "type": "object", "additionalProperties": false,
            "properties": {"left": {"$ref": "#/$defs/node"}, "right": {"$ref": "#/$defs/node"}, "n": {"type": "number"}},
        }},
    });
    let schema = ready(&schema);
    let deep = (0..60).fold(json!({"n": 1}), |tree, _| json!({"left": tree, "right": {"n": 2}}));
    assert_eq!(schema.misfit(&object(json!({"tree": deep}))), None);
    let wide: Vec<u32> = (0..20_000).collect();
    let list = ready(&json!({"properties": {"all": {"items": {"type": "number"}}}}));
    assert_eq!(list.misfit(&object(json!({"all": wide}))), None);
}

#[test]
fn what_looks_for_what_nobody_looked_at_counts_twice() {
    let schema = json!({
        "$ref": "#/$defs/node",
        "$defs": {"node": {
            "allOf": [{"properties": {"next": {"$ref": "#/$defs/node"}}}],
            "unevaluatedProperties": false,
        }},
    });
    let schema = ready(&schema);
    let chain = |depth| (0..depth).fold(json!({}), |next, _| json!({"next": next}));
    assert_eq!(schema.misfit(&object(chain(5))), None);
    assert!(schema.misfit(&object(chain(40))).unwrap().1.contains("too long"));
}

#[test]
fn ways_to_one_part_that_never_meet_at_one_value_add_nothing_up() {
    // Without a reference to itself, but each step doubles.
    let mut defs = serde_json::Map::new();
    for step in 0..30 {
        let next = json!({"items": {"$ref": format!("#/$defs/s{}", step + 1)}});
        defs.insert(format!("s{step}"), json!({"anyOf": [next, next]}));
    }
    defs.insert("s30".to_owned(), json!({"type": "string"}));
    let schema = ready(&json!({"properties": {"a": {"$ref": "#/$defs/s0"}}, "$defs": defs}));
    assert_eq!(schema.misfit(&object(json!({"a": nested(5, json!("x"))}))), None);
    assert!(schema.misfit(&object(json!({"a": nested(30, json!(1))}))).unwrap().1.contains("long"));
}

/// A document of parts that `type` tells apart, as editors keep them.
fn document(union: &str, kinds: usize, by_reference: bool) -> Value {
    let part = |kind: usize| {
        json!({
            "type": "object", "additionalProperties": false, "required": ["type", "content"],
            "properties": {
                "type": {"const": format!("k{kind}")},
                "content": {"type": "array", "items": {"$ref": "#/$defs/node"}},
            },
        })
    };
    let mut defs = serde_json::Map::new();
    let mut branches = vec![json!({"type": "string"})];
    for kind in 0..kinds {
        let name = format!("part{kind}");
        branches.push(if by_reference {
            json!({"$ref": format!("#/$defs/{name}")})
        } else {
            part(kind)
        });
        defs.insert(name, part(kind));
    }
    defs.insert("node".to_owned(), json!({union: branches}));
    json!({"properties": {"doc": {"$ref": "#/$defs/node"}}, "$defs": defs})
}

#[test]
fn what_a_constant_tells_apart_is_compared_at_any_depth() {
    for (union, by_reference) in [("oneOf", false), ("anyOf", true), ("oneOf", true)] {
        let schema = ready(&document(union, 20, by_reference));
        let doc = |depth: usize, kind: &str| {
            let leaf = json!({"type": kind, "content": ["text"]});
            let all = (0..depth).fold(leaf, |below, at| {
                json!({"type": format!("k{}", at % 20), "content": [below, "and text"]})
            });
            object(json!({"doc": all}))
        };
        assert_eq!(schema.misfit(&doc(14, "k19")), None, "{union}");
        let why = schema.misfit(&doc(14, "k20")).unwrap();
        assert!(why.0.starts_with("/doc/content/0/content") && why.1.contains("one of"), "{why:?}");
        let number = schema.misfit(&object(json!({"doc": 5}))).unwrap();
        assert!(number.1.contains("Of"), "{number:?}");
        let extra = object(json!({"doc": {"type": "k1", "content": [], "more": 1}}));
        assert!(schema.misfit(&extra).unwrap().1.contains("more"), "{union}");
    }
}

#[test]
fn what_is_told_apart_fits_as_it_did() {
    let untold = json!({"oneOf": [
        {"type": "object", "required": ["t"], "properties": {"t": {"const": "a"}}},
        {"type": "object", "required": ["t"], "properties": {"t": {"const": "a"}, "n": {"type": "number"}}},
    ]});
    // Equal constants tell nothing apart: both fit, and so none of them alone.
    assert!(
        ready(&json!({"properties": {"x": untold}}))
            .misfit(&object(json!({"x": {"t": "a"}})))
            .is_some()
    );
    let told = ready(&json!({"properties": {"x": {"oneOf": [
        {"type": "object", "required": ["t"], "properties": {"t": {"enum": ["a"]}, "n": {"type": "number"}}},
        {"type": "object", "required": ["t", "s"], "properties": {"t": {"const": "b"}, "s": {"type": "string"}}},
        {"type": "array"}, {"type": "string", "maxLength": 3},
    ]}}}));
    for (value, fits) in [
        (json!({"t": "a"}), true),
        (json!({"t": "a", "n": "x"}), false),
        (json!({"t": "b"}), false),
        (json!({"t": "b", "s": "x"}), true),
        (json!({"t": "c"}), false),
        (json!({}), false),
        (json!([1]), true),
        (json!("abc"), true),
        (json!("abcd"), false),
        (json!(5), false),
    ] {
        assert_eq!(told.misfit(&object(json!({"x": value}))).is_none(), fits, "{value}");
    }
}

#[test]
fn patterns_count_by_the_text_that_they_are_compared_with() {
    let patterns: serde_json::Map<String, Value> =
        (0..50).map(|n| (format!("^(a|b)*{n}$"), json!({"type": "string"}))).collect();
    let schema = ready(&json!({"properties": {"l": {"patternProperties": patterns}}}));
    let keys = |count: usize| -> Value {
        (0..count).map(|n| (format!("{}{n}", "ab".repeat(40)), json!("x"))).collect()
    };
    assert_eq!(schema.misfit(&object(json!({"l": keys(50)}))), None);
    assert!(schema.misfit(&object(json!({"l": keys(5_000)}))).unwrap().1.contains("too long"));
    let told = wrong(&json!({"properties": {"p": {"pattern": "^(?=.*[A-Z]).{8,}$"}}}));
    let [(path, why)] = told.as_slice() else { panic!("{told:?}") };
    assert!(path == "properties.p.pattern" && why.contains("lookaround"), "{path}: {why}");
}
