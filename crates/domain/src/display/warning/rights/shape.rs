//! How such rights are written.

use serde_json::Value;

use super::super::node::Node;
use super::Right;

/// How many lines of a text are read.
const LINES: usize = 2_000;
/// Names whose truth lets a container out of its bounds.
const LOOSE: &[&str] = &["privileged", "hostPID", "hostIPC", "hostNetwork"];

/// What a value gives.
pub(super) fn of(node: &Node<'_>) -> Option<Right> {
    match node.value {
        Value::Bool(true) => LOOSE.contains(&node.name).then_some(Right::Machine),
        Value::String(text) => (text == "cluster-admin").then_some(Right::Cluster),
        Value::Object(inner) if node.name == "hostPath" => {
            (!inner.is_empty()).then_some(Right::Files)
        }
        Value::Object(inner) => {
            let of = |known: &str| {
                let found = inner.iter().find(|(name, _)| name.eq_ignore_ascii_case(known));
                found.map(|(_, value)| value)
            };
            let allows = of("effect")
                .and_then(Value::as_str)
                .is_some_and(|effect| effect.eq_ignore_ascii_case("allow"));
            let is_all = |name: &str| of(name).is_some_and(is_everything);
            (allows && is_all("action") && is_all("resource")).then_some(Right::Everything)
        }
        Value::Null | Value::Bool(false) | Value::Number(_) | Value::Array(_) => None,
    }
}

/// `*`, alone or in a list.
fn is_everything(value: &Value) -> bool {
    match value {
        Value::String(text) => matches!(text.trim(), "*" | "*:*"),
        Value::Array(items) => items.iter().any(is_everything),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    }
}

/// What the lines of a text give.
pub(super) fn of_lines(text: &str) -> Vec<Right> {
    let binds = text.contains("RoleBinding") || text.contains("rolebinding");
    let is_cluster = binds && text.contains("cluster-admin");
    let run = ["docker run", "podman run"].iter().any(|run| text.contains(run));
    let lines = || {
        let lines = text.lines().take(LINES).map(|line| line.trim_start_matches(['+', '-', ' ']));
        lines.map(str::trim)
    };
    let is_loose = |line: &str| {
        let pair = line.split_once(':');
        pair.is_some_and(|(name, value)| LOOSE.contains(&name) && value.trim() == "true")
    };
    let is_machine = lines().any(is_loose) || (run && text.contains("--privileged"));
    let is_files = lines().any(|line| line == "hostPath:" || line.starts_with("hostPath: {"));
    [
        is_cluster.then_some(Right::Cluster),
        is_machine.then_some(Right::Machine),
        is_files.then_some(Right::Files),
    ]
    .into_iter()
    .flatten()
    .collect()
}
