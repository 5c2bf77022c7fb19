//! Names that are taken for one another.

use super::super::{Document, DocumentKind};
use super::{Findings, Member, World};
use crate::names::Look;

/// Tells of every document that was just written and whose name is taken for that of another of its kind, or of an
/// agent that is registered.
pub(super) fn check(set: &[Member<'_>], world: Option<&World>, findings: &mut Findings) {
    let looks: Vec<(DocumentKind, Look, &str)> = set.iter().map(|m| look(m.document())).collect();
    let agents = world.into_iter().flat_map(|world| world.agents.keys());
    let agents: Vec<(DocumentKind, Look, &str)> =
        agents.map(|name| (DocumentKind::Agent, Look::of(name), name.as_str())).collect();
    for (member, (kind, look, name)) in set.iter().zip(&looks) {
        let is_registered = agents.iter().any(|(of, _, other)| of == kind && other == name);
        if matches!(member, Member::InForce(_)) || is_registered {
            continue;
        }
        let same =
            |(of, other, _): &&(DocumentKind, Look, &str)| of == kind && other.is_taken_for(look);
        if let Some((_, _, other)) = looks.iter().chain(&agents).find(same) {
            let kind = kind.as_str();
            let message = format!(
                "the {kind} `{name}` could be taken for the {kind} `{other}`: give it a name that differs more"
            );
            findings.error(*member, "name", &message);
        }
    }
}

fn look(document: &Document) -> (DocumentKind, Look, &str) {
    (document.kind(), Look::of(document.name()), document.name())
}
