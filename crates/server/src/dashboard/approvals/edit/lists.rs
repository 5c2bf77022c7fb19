//! Lists of plain values: edited whole, so that a value comes, goes or moves as easily as it changes.

use std::collections::BTreeSet;

use countersign_domain::approval::steps;
use countersign_domain::json::Object;
use serde_json::Value;

use super::field::can_be_typed;
use crate::dashboard::approvals::view::value::Leaf;

/// The values of parameters, in which those of a list of plain values are one. A list that holds a secret, or what
/// nobody can type, stays apart: the rest of it can still be changed.
pub(super) fn whole_lists(leaves: Vec<Leaf>, params: &Object) -> Vec<Leaf> {
    let stays = |leaf: &&Leaf| leaf.is_redacted() || !can_be_typed(&leaf.text());
    let apart: BTreeSet<String> =
        leaves.iter().filter(stays).filter_map(|leaf| above(&leaf.path)).collect();
    let mut out: Vec<Leaf> = Vec::new();
    for leaf in leaves {
        let list = above(&leaf.path).filter(|path| !apart.contains(path));
        match list.and_then(|path| Some((list_at(params, &path)?, path))) {
            Some((_, path)) if out.last().is_some_and(|last| last.path == path) => {}
            Some((items, path)) => out.push(Leaf::plain(&path, Value::Array(items.clone()))),
            None => out.push(leaf),
        }
    }
    out
}

/// The values of a list at this path, if it is one and they are plain.
fn list_at<'a>(params: &'a Object, path: &str) -> Option<&'a Vec<Value>> {
    let plain = |value: &Value| !value.is_array() && !value.is_object();
    value_at(params, path)?.as_array().filter(|items| items.iter().all(plain))
}

/// The value at a path that begins with `params`.
pub(super) fn value_at<'a>(params: &'a Object, path: &str) -> Option<&'a Value> {
    let path = steps(path);
    let (_, below_params) = path.split_first().filter(|(first, _)| *first == "params")?;
    let (name, below_that) = below_params.split_first()?;
    below_that.iter().try_fold(params.get(name)?, |value, name| below(value, name))
}

fn below<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Object(object) => object.get(name),
        Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// The path of what a place in a list belongs to.
fn above(path: &str) -> Option<String> {
    let (above, last) = path.rsplit_once('.')?;
    last.parse::<usize>().is_ok().then(|| above.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_of_plain_values_is_one_unless_something_in_it_has_to_stay() {
        let params = json!({
            "0": "x",
            "a.b": {"tags": ["x", 5, null]},
            "lines": [{"sku": "A"}, {"sku": "B"}],
            "odd": ["plain", "a\u{202e}b"],
            "pairs": [[1, 2], [3]],
        });
        let paths = [
            "params.0",
            "params.a\\.b.tags.0",
            "params.a\\.b.tags.1",
            "params.a\\.b.tags.2",
            "params.lines.0.sku",
            "params.lines.1.sku",
            "params.odd.0",
            "params.odd.1",
            "params.pairs.0.0",
            "params.pairs.0.1",
            "params.pairs.1.0",
        ];
        let params = params.as_object().unwrap();
        let leaf = |path: &&str| Leaf::plain(path, value_at(params, path).unwrap().clone());
        let whole = whole_lists(paths.iter().map(leaf).collect(), params);
        let told: Vec<_> = whole.iter().map(|leaf| (leaf.path.as_str(), leaf.text())).collect();
        let text = str::to_owned;
        assert_eq!(
            told,
            [
                ("params.0", text("x")),
                ("params.a\\.b.tags", text(r#"["x",5,null]"#)),
                ("params.lines.0.sku", text("A")),
                ("params.lines.1.sku", text("B")),
                ("params.odd.0", text("plain")),
                ("params.odd.1", text("a\u{202e}b")),
                ("params.pairs.0", text("[1,2]")),
                ("params.pairs.1", text("[3]")),
            ]
        );
    }
}
