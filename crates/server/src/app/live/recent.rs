//! The approvals that changed last, whole, as far as they find room.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use countersign_domain::approval::Approval;
use countersign_domain::{ApprovalId, Revision};
use serde_json::Value;

/// How many are kept at most.
const COUNT: usize = 4_096;

/// How much they may weigh together; about as many bytes of memory.
const WEIGHT: usize = 64 << 20;

/// What every approval weighs beside what the agent and people wrote.
const EACH: usize = 4_096;

/// The approvals that changed last. Only what was kept is put in, in the order in which it was kept.
#[derive(Default)]
pub(super) struct Recent {
    approvals: HashMap<ApprovalId, Arc<Approval>>,
    order: VecDeque<(ApprovalId, Revision, usize)>,
    weight: usize,
}

impl Recent {
    pub(super) fn get(&self, id: ApprovalId) -> Option<Arc<Approval>> {
        self.approvals.get(&id).cloned()
    }

    pub(super) fn put(&mut self, approval: Arc<Approval>) {
        let weight = weight(&approval);
        self.order.push_back((approval.id, approval.revision, weight));
        self.weight += weight;
        self.approvals.insert(approval.id, approval);
        while self.order.len() > COUNT || self.weight > WEIGHT {
            let Some((id, revision, weight)) = self.order.pop_front() else { return };
            self.weight -= weight;
            if self.approvals.get(&id).is_some_and(|kept| kept.revision == revision) {
                self.approvals.remove(&id);
            }
        }
    }
}

fn weight(approval: &Approval) -> usize {
    let card = &approval.card;
    let given = card.proposal.params.values().chain(card.context.values()).map(of_value);
    let edited = approval.edits.iter().flat_map(|edit| edit.proposal.params.values()).map(of_value);
    let written = approval.thread.iter().map(|message| message.body.len());
    let reasons = card.reasoning.as_ref().map_or(0, String::len);
    EACH + given.chain(edited).chain(written).sum::<usize>() + reasons
}

fn of_value(value: &Value) -> usize {
    const LEAF: usize = 64;
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => LEAF,
        Value::String(text) => LEAF + text.len(),
        Value::Array(items) => LEAF + items.iter().map(of_value).sum::<usize>(),
        Value::Object(entries) => {
            LEAF + entries.iter().map(|(key, value)| key.len() + of_value(value)).sum::<usize>()
        }
    }
}
