//! Rights without a bound, in what is handed to a cluster or to a cloud: as parameters, as JSON within a text, and in YAML,
//! of which only single lines are read.

mod shape;

use super::node::{Node, nodes};
use super::{Warning, within};

/// How many are told.
const TOLD: usize = 3;

/// What is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// `cluster-admin`.
    Cluster,
    /// `privileged: true`, `hostPID: true`.
    Machine,
    /// `hostPath`.
    Files,
    /// `Allow` `*` on `*`.
    Everything,
}

impl Right {
    /// What stands after its name.
    pub(super) const fn sentence(self) -> &'static str {
        match self {
            Self::Cluster => " gives every right in the whole cluster.",
            Self::Machine => " lets a container do what it likes with the machine that it runs on.",
            Self::Files => " lets a container at the files of the machine that it runs on.",
            Self::Everything => " allows everything, on everything.",
        }
    }
}

/// What is given without a bound; each kind is told once.
pub(super) fn unbounded(all: &[Node<'_>]) -> Vec<Warning> {
    let mut found: Vec<(Right, String)> = Vec::new();
    for node in all {
        let inner = node.value.as_str().and_then(within::object);
        let inner = inner.iter().flat_map(nodes).filter_map(|one| shape::of(&one));
        let of_text = node.value.as_str().into_iter().flat_map(shape::of_lines);
        for right in shape::of(node).into_iter().chain(inner).chain(of_text) {
            if !found.iter().any(|(known, _)| *known == right) {
                found.push((right, node.path.clone()));
            }
        }
    }
    let told = found.into_iter().take(TOLD);
    told.map(|(what, path)| Warning::Unbounded { path, what }).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn told(params: &Value) -> Vec<String> {
        unbounded(&nodes(params.as_object().unwrap())).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn rights_without_a_bound_are_told() {
        let cluster = "gives every right in the whole cluster.";
        let machine = "lets a container do what it likes with the machine that it runs on.";
        let files = "lets a container at the files of the machine that it runs on.";
        let everything = "allows everything, on everything.";
        let allow = json!({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]});
        let listed =
            json!({"Statement": {"Effect": "Allow", "Action": ["*:*"], "Resource": ["*"]}});
        for (params, lines) in [
            (
                json!({"x": {"kind": "ClusterRoleBinding", "roleRef": {"name": "cluster-admin"}}}),
                vec![("x.roleRef.name", cluster)],
            ),
            (json!({"role": "cluster-admin"}), vec![("role", cluster)]),
            (
                json!({"x": "kind: ClusterRoleBinding\nroleRef: {name: cluster-admin}\n"}),
                vec![("x", cluster)],
            ),
            (
                json!({"command": "kubectl create clusterrolebinding x --clusterrole=cluster-admin"}),
                vec![("command", cluster)],
            ),
            (
                json!({"x": {"c": [{"securityContext": {"privileged": true}}], "hostPID": true, "v": [{"hostPath": {"path": "/"}}]}}),
                vec![("x.c.0.securityContext.privileged", machine), ("x.v.0.hostPath", files)],
            ),
            (
                json!({"x": "spec:\n  securityContext:\n    privileged: true\n  - hostPath:\n      path: /"}),
                vec![("x", machine), ("x", files)],
            ),
            (json!({"policy": allow}), vec![("policy.Statement.0", everything)]),
            (json!({"policy": listed}), vec![("policy.Statement", everything)]),
            (json!({"policy": allow.to_string()}), vec![("policy", everything)]),
            (json!({"command": "docker run --privileged x"}), vec![("command", machine)]),
        ] {
            let lines: Vec<String> =
                lines.iter().map(|(path, rest)| format!("“{path}” {rest}")).collect();
            assert_eq!(told(&params), lines, "{params}");
        }
    }

    #[test]
    fn rights_with_one_and_words_about_them_are_not() {
        for params in [
            json!({"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}),
            json!({"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}),
            json!({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::a"}]}),
            json!({"x": {"privileged": false, "hostNetwork": false, "hostPath": null}}),
            json!({"roleRef": {"name": "cluster-reader"}}),
            json!({"title": "No more cluster-admin, and no privileged: true"}),
            json!({"x": "privileged: false"}),
            json!({"user": {"privileged": "yes"}}),
        ] {
            assert_eq!(told(&params), Vec::<String>::new(), "{params}");
        }
    }
}
