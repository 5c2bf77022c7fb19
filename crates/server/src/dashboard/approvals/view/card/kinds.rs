//! Of what kinds a request is, and what to look at for each: told by the words of its action, and by what it carries.
//! `ledger.post` moves money where an amount stands among its parameters, whatever it is called.

use std::collections::BTreeSet;

use countersign_domain::approval::Approval;
use countersign_domain::display::{hosts, is_address, is_body};

use super::super::value::Leaf;
use super::overlooked::Telling;
use crate::dashboard::layout::Phrase;

/// How many lines of this kind people still read.
const MOST: usize = 3;

/// A kind of request.
struct Kind {
    /// Words of actions of this kind.
    words: &'static [&'static str],
    /// Whether a request carries what those of this kind do.
    carries: fn(&Carried<'_>) -> bool,
    /// Where to look.
    look: &'static str,
}

/// What a request carries.
struct Carried<'a> {
    approval: &'a Approval,
    leaves: &'a [Leaf],
}

const KINDS: &[Kind] = &[
    Kind {
        words: &[
            "refund", "pay", "payment", "payout", "transfer", "charge", "invoice", "purchase",
            "buy", "voucher", "credit", "wire",
        ],
        carries: |carried| carried.moves_money(),
        look: "Money: do amount, currency and receiver fit what caused it?",
    },
    Kind {
        words: &[
            "delete",
            "drop",
            "destroy",
            "remove",
            "purge",
            "truncate",
            "wipe",
            "erase",
            "terminate",
            "revoke",
            "overwrite",
            "reset",
        ],
        carries: |_| false,
        look: "It takes something away: is it the right one, and could it be brought back?",
    },
    Kind {
        words: &[
            "send", "mail", "email", "post", "publish", "share", "export", "upload", "message",
            "sms", "invite", "reply",
        ],
        carries: |carried| carried.leaves_the_house(),
        look: "Others will read it: may every receiver have all of it?",
    },
    Kind {
        words: &[
            "grant",
            "permission",
            "permissions",
            "role",
            "roles",
            "iam",
            "access",
            "member",
            "password",
            "credential",
        ],
        carries: |_| false,
        look: "It changes who may do what: is it the least that will do?",
    },
    Kind {
        words: &[
            "deploy", "release", "rollout", "rollback", "migrate", "restart", "scale", "apply",
            "upgrade",
        ],
        carries: |_| false,
        look: "It changes what runs: the right version, the right place, and is somebody there if it goes wrong?",
    },
    Kind {
        words: &[
            "exec", "execute", "run", "shell", "bash", "command", "script", "sql", "query", "eval",
            "write",
        ],
        carries: |_| false,
        look: "What stands in the parameters takes effect as it is: read it to the end.",
    },
    Kind {
        words: &[],
        carries: |carried| !carried.approval.card.side_effects.is_empty(),
        look: "It does more than its action says: the agent names side effects below.",
    },
];

/// Where to look, for every kind of request that this one is.
pub(super) fn kinds(approval: &Approval, leaves: &[Leaf]) -> Vec<Phrase> {
    let words = words(approval);
    let carried = Carried { approval, leaves };
    let is = |kind: &&Kind| {
        kind.words.iter().any(|word| words.contains(*word)) || (kind.carries)(&carried)
    };
    KINDS.iter().filter(is).take(MOST).map(|kind| Phrase::ours(kind.look)).collect()
}

/// The words of the action, and of its sentence where it is one.
fn words(approval: &Approval) -> BTreeSet<String> {
    let action = approval.proposal().action.as_str().to_lowercase();
    action.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect()
}

impl Carried<'_> {
    /// An amount among the parameters, or a stated cost in money.
    fn moves_money(&self) -> bool {
        let costs = !self.approval.cost().usd.0.is_zero();
        costs || Telling::Amount.among(self.leaves).next().is_some()
    }

    /// Something to send, and someone or somewhere it goes.
    fn leaves_the_house(&self) -> bool {
        let texts = || self.leaves.iter().filter_map(|leaf| leaf.value.as_str());
        let goes = Telling::Receiver.among(self.leaves).next().is_some()
            || texts().any(|text| is_address(text) && !hosts(text).is_empty());
        goes && (self.leaves.iter().any(|leaf| is_body(leaf.name())) || texts().any(is_mailbox))
    }
}

/// Whether a text is the address of somebody's mail.
fn is_mailbox(text: &str) -> bool {
    let parts = text.trim().split_once('@');
    parts.is_some_and(|(who, host)| {
        !who.is_empty() && host.contains('.') && !text.contains([' ', '/', ':', '\n'])
    })
}
