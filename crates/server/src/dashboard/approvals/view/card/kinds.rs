//! Of what kinds a request is, and what to look at for each: told by the words of its action, and by what it carries.
//! `ledger.post` moves money where an amount stands among its parameters, whatever it is called.

use std::collections::BTreeSet;

use countersign_domain::approval::Approval;
use countersign_domain::display::{Telling, hosts, is_address, is_body, named, names_amount};

use super::super::value::Leaf;
use crate::dashboard::layout::Phrase;

/// What stands in names of parameters where money goes, or in which currency.
const ACCOUNTS: &[&str] = &["account", "iban", "payee", "beneficiary", "wallet", "currency"];

/// Words of actions that change how somebody signs in.
const SIGN_IN: &[&str] = &[
    "password",
    "passwords",
    "passcode",
    "credential",
    "credentials",
    "mfa",
    "2fa",
    "otp",
    "totp",
    "passkey",
    "passkeys",
    "login",
];

/// How many lines of this kind people still read.
const MOST: usize = 3;

/// A kind of request.
struct Kind {
    /// Words that only actions of this kind have.
    words: &'static [&'static str],
    /// Words that others have as well: they count where the request carries what fits them.
    vague: &'static [&'static str],
    /// Whether a request carries what those of this kind do, and whether it does so to a vague word.
    carries: fn(&Carried<'_>, Worded) -> bool,
    /// Where to look.
    look: &'static str,
}

/// What the words of its action say about its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Worded {
    Vaguely,
    Not,
}

/// What a request carries.
struct Carried<'a> {
    approval: &'a Approval,
    leaves: &'a [Leaf],
}

const KINDS: &[Kind] = &[
    Kind {
        words: &["refund", "pay", "payment", "payments", "payout", "payouts", "purchase", "buy"],
        vague: &["transfer", "charge", "invoice", "voucher", "credit", "wire", "sell", "donate"],
        carries: |carried, worded| {
            carried.moves_money() || (worded == Worded::Vaguely && carried.could_move_money())
        },
        look: "Money: do amount, currency and receiver fit what caused it?",
    },
    Kind {
        words: SIGN_IN,
        vague: &[],
        carries: |_, _| false,
        look: "It lets somebody sign in: is it the right person, and did they ask for it themselves?",
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
        ],
        vague: &["reset"],
        carries: |carried, worded| worded == Worded::Vaguely && !carried.is_called(SIGN_IN),
        look: "It takes something away: is it the right one, and could it be brought back?",
    },
    Kind {
        words: &[
            "mail", "email", "publish", "export", "upload", "message", "sms", "invite", "reply",
        ],
        vague: &["send", "post", "share"],
        carries: |carried, worded| {
            carried.leaves_the_house() || (worded == Worded::Vaguely && !carried.moves_money())
        },
        look: "Others will read it: may every receiver have all of it?",
    },
    Kind {
        words: &["grant", "permission", "permissions", "role", "roles", "iam", "access", "member"],
        vague: &[],
        carries: |_, _| false,
        look: "It changes who may do what: is it the least that will do?",
    },
    Kind {
        words: &[
            "deploy", "release", "rollout", "rollback", "migrate", "restart", "scale", "apply",
            "upgrade",
        ],
        vague: &[],
        carries: |_, _| false,
        look: "It changes what runs: the right version, the right place, and is somebody there if it goes wrong?",
    },
    Kind {
        words: &[
            "exec", "execute", "run", "shell", "bash", "command", "script", "sql", "query", "eval",
            "write",
        ],
        vague: &[],
        carries: |_, _| false,
        look: "What stands in the parameters takes effect as it is: read it to the end.",
    },
    Kind {
        words: &[],
        vague: &[],
        carries: |carried, _| !carried.approval.card.side_effects.is_empty(),
        look: "It does more than its action says: the agent names side effects below.",
    },
];

/// Where to look, for every kind of request that this one is.
pub(super) fn kinds(approval: &Approval, leaves: &[Leaf]) -> Vec<Phrase> {
    let words = words(approval);
    let carried = Carried { approval, leaves };
    let any = |known: &[&str]| known.iter().any(|word| words.contains(*word));
    let is = |kind: &&Kind| {
        let worded = if any(kind.vague) { Worded::Vaguely } else { Worded::Not };
        any(kind.words) || (kind.carries)(&carried, worded)
    };
    KINDS.iter().filter(is).take(MOST).map(|kind| Phrase::ours(kind.look)).collect()
}

/// The words of the action, and of its sentence where it is one.
fn words(approval: &Approval) -> BTreeSet<String> {
    let action = approval.proposal().action.as_str().to_lowercase();
    action.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect()
}

impl Carried<'_> {
    /// Whether its action has one of these words.
    fn is_called(&self, known: &[&str]) -> bool {
        let words = words(self.approval);
        known.iter().any(|word| words.contains(*word))
    }

    /// Money for sure: a stated cost in it, or an amount of it among the parameters. The call of a model costs something
    /// and gives nobody anything.
    fn moves_money(&self) -> bool {
        let params = &self.approval.proposal().params;
        let costs = !self.approval.cost().usd.0.is_zero();
        names_amount(&self.approval.card.shown(params))
            || (costs && (!self.calls_model() || self.could_move_money()))
    }

    /// Whether it is counted in the tokens of a language model.
    fn calls_model(&self) -> bool {
        let counts = |leaf: &Leaf| leaf.name().to_lowercase().ends_with("tokens");
        self.approval.cost().tokens > 0 || self.leaves.iter().any(counts)
    }

    /// What could be money, where the action sounds like it: any amount, or somebody's account.
    fn could_move_money(&self) -> bool {
        // The charge of a battery is none of money.
        let is_amount = |name: &String| !matches!(name.as_str(), "charge" | "value");
        let is_account = |leaf: &Leaf| {
            let name = leaf.name().to_lowercase();
            ACCOUNTS.iter().any(|known| name.contains(known))
        };
        self.names(Telling::Amount).iter().any(is_amount) || self.leaves.iter().any(is_account)
    }

    /// The names of what tells how much it is, or to whom it goes.
    fn names(&self, kind: Telling) -> Vec<String> {
        named(&self.approval.card.shown(&self.approval.proposal().params), kind)
    }

    /// Something to send, and someone or somewhere it goes. What goes with money, a subject or a text, is for whoever
    /// is given that, unless it is mailed.
    fn leaves_the_house(&self) -> bool {
        let texts = || self.leaves.iter().filter_map(|leaf| leaf.value.as_str());
        let is_somewhere = || texts().any(|text| is_address(text) && !hosts(text).is_empty());
        let is_mailed = || texts().any(is_mailbox);
        let holds_body = || self.leaves.iter().any(|leaf| is_body(leaf.name()));
        if self.moves_money() {
            return holds_body() && (is_mailed() || is_somewhere());
        }
        let goes = !self.names(Telling::Receiver).is_empty() || is_somewhere();
        goes && (holds_body() || is_mailed())
    }
}

/// Whether a text is the address of somebody's mail.
fn is_mailbox(text: &str) -> bool {
    let parts = text.trim().split_once('@');
    parts.is_some_and(|(who, host)| {
        !who.is_empty() && host.contains('.') && !text.contains([' ', '/', ':', '\n'])
    })
}
