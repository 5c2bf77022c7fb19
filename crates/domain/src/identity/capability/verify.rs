//! Whether a token permits something.

use std::fmt;
use std::time::Duration;

use biscuit_auth::builder::{Op, Term};
use biscuit_auth::error::{FailedCheck, Logic, Token};
use biscuit_auth::{AuthorizerBuilder, AuthorizerLimits, Biscuit, PublicKey};
use jiff::Timestamp;

use super::limits::date;
use super::{BlockId, Holder, MOST_BLOCKS, Shown, TokenError, bytes};
use crate::policy::{Quantity, ReasonCode};
use crate::{Action, Money};

/// How much a token may make the server compute. What needs more is refused.
const BOUNDS: AuthorizerLimits =
    AuthorizerLimits { max_facts: 200, max_iterations: 50, max_time: Duration::from_secs(1) };

/// A token whose signatures are those of the organization's server.
#[derive(Debug, Clone)]
pub struct Capability {
    holder: Holder,
    blocks: Vec<BlockId>,
    token: Biscuit,
    revoked: Option<String>,
}

/// What is asked for under a token.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The action.
    pub action: &'a Action,
    /// The amount among its parameters, if it states one.
    pub amount: Option<Money>,
    /// The task it belongs to.
    pub task: Option<&'a str>,
    /// When.
    pub now: Timestamp,
}

/// Why a token does not permit something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It, or a token it was made of, was revoked.
    Revoked(String),
    /// Its time is over.
    Expired,
    /// It does not cover this.
    Missing(String),
    /// It needs too much computing, or its checks cannot be evaluated.
    Invalid,
}

impl Capability {
    /// Reads a token and verifies every signature in it.
    pub fn read(token: &str, root: PublicKey) -> Result<Self, TokenError> {
        let token = Biscuit::from(bytes(token)?, root).map_err(|_| TokenError::Damaged)?;
        if token.block_count() > MOST_BLOCKS {
            return Err(TokenError::TooManyBlocks);
        }
        let holder = holder(&token)?;
        let ids = token.revocation_identifiers();
        let blocks = ids.iter().map(|id| BlockId::of(id)).collect();
        Ok(Self { holder, blocks, token, revoked: None })
    }

    /// Whom it speaks for.
    pub const fn holder(&self) -> &Holder {
        &self.holder
    }

    /// Its blocks, the organization's first. If one of them is revoked, the token is.
    pub fn blocks(&self) -> &[BlockId] {
        &self.blocks
    }

    /// What to know it by later.
    pub fn shown(&self) -> Shown {
        Shown { token: self.holder.token, blocks: self.blocks.clone() }
    }

    /// The same token, known to be revoked, and why.
    pub fn revoked(self, why: Option<String>) -> Self {
        Self { revoked: why, ..self }
    }

    /// Whether it permits this: every check of every block holds.
    pub fn permits(&self, wanted: Wanted<'_>) -> Result<(), Refusal> {
        if let Some(why) = &self.revoked {
            return Err(Refusal::Revoked(why.clone()));
        }
        match self.run(wanted) {
            Ok(()) => Ok(()),
            Err(refusal @ (Refusal::Revoked(_) | Refusal::Expired | Refusal::Invalid)) => {
                Err(refusal)
            }
            // What would have been permitted at the beginning of time has expired.
            Err(missing @ Refusal::Missing(_)) => {
                match self.run(Wanted { now: Timestamp::UNIX_EPOCH, ..wanted }) {
                    Ok(()) => Err(Refusal::Expired),
                    Err(_) => Err(missing),
                }
            }
        }
    }

    fn run(&self, wanted: Wanted<'_>) -> Result<(), Refusal> {
        let invalid = |_| Refusal::Invalid;
        let builder = asking(&self.holder, wanted).map_err(invalid)?;
        let mut authorizer = builder.set_limits(BOUNDS).build(&self.token).map_err(invalid)?;
        match authorizer.authorize_with_limits(BOUNDS) {
            Ok(_) => Ok(()),
            Err(Token::FailedLogic(
                Logic::Unauthorized { checks, .. } | Logic::NoMatchingPolicy { checks },
            )) => Err(Refusal::Missing(first(&checks))),
            Err(_) => Err(Refusal::Invalid),
        }
    }
}

/// The facts about what is asked for, and the one policy: that the first block names this holder.
fn asking(holder: &Holder, wanted: Wanted<'_>) -> Result<AuthorizerBuilder, Token> {
    let mut params = std::collections::HashMap::new();
    let named =
        if wanted.action.is_sentence() { "sentence({action});" } else { "action({action});" };
    let mut source = vec![named, "time({now});"];
    let mut give = |name: &str, value| params.insert(name.to_owned(), value);
    give("action", wanted.action.as_str().into());
    give("now", date(wanted.now));
    if let Some(amount) = wanted.amount.and_then(Quantity::of) {
        give("amount", amount.0.into());
        source.push("amount({amount});");
    }
    if let Some(task) = wanted.task {
        give("task", task.into());
        source.push("task({task});");
    }
    give("org", holder.org.to_string().into());
    give("agent", holder.agent.to_string().into());
    give("token", holder.token.to_string().into());
    source.push("allow if holder({org}, {agent}, {token});");
    AuthorizerBuilder::new().code_with_params(source.join("\n"), params, [].into())
}

/// Whom the first block names. That is the one fact in a token: a holder adds checks, and checks only. The bounds
/// are looked at between the rounds of an evaluation, and one round of a rule that joins facts of its own, or
/// of a loop within a loop, can take as long as it likes; without facts, rules and loops a check looks at the few facts
/// that are given here, once.
fn holder(token: &Biscuit) -> Result<Holder, TokenError> {
    let authorizer = AuthorizerBuilder::new().set_limits(BOUNDS).build(token);
    let (facts, rules, checks, _) = authorizer.map_err(|_| TokenError::Damaged)?.dump();
    let mut operations = checks
        .iter()
        .flat_map(|check| &check.queries)
        .flat_map(|query| &query.expressions)
        .flat_map(|expression| &expression.ops);
    let loops = operations.any(|operation| matches!(operation, Op::Closure(..)));
    let [fact] = facts.as_slice() else { return Err(TokenError::Unbounded) };
    if loops || !rules.is_empty() {
        return Err(TokenError::Unbounded);
    }
    match (fact.predicate.name.as_str(), fact.predicate.terms.as_slice()) {
        ("holder", [Term::Str(org), Term::Str(agent), Term::Str(token)]) => Ok(Holder {
            org: org.parse().map_err(|_| TokenError::Damaged)?,
            agent: agent.parse().map_err(|_| TokenError::Damaged)?,
            token: token.parse().map_err(|_| TokenError::Damaged)?,
        }),
        _ => Err(TokenError::Damaged),
    }
}

/// The first check that does not hold, as it is written.
fn first(checks: &[FailedCheck]) -> String {
    let rule = checks.iter().find_map(|check| match check {
        FailedCheck::Block(check) => Some(check.rule.clone()),
        FailedCheck::Authorizer(_) => None,
    });
    rule.unwrap_or_else(|| "it names another holder".to_owned())
}

impl Refusal {
    /// The code that callers see.
    pub const fn code(&self) -> ReasonCode {
        match self {
            Self::Revoked(_) => ReasonCode::TokenRevoked,
            Self::Expired => ReasonCode::TokenExpired,
            Self::Missing(_) => ReasonCode::CapabilityMissing,
            Self::Invalid => ReasonCode::InvalidToken,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Revoked(why) => write!(f, "the capability token was revoked: {why}"),
            Self::Expired => f.write_str("the capability token has expired"),
            Self::Missing(check) => {
                let check = crate::display::sanitise(check);
                write!(f, "the capability token does not cover it: `{check}` does not hold")
            }
            Self::Invalid => {
                f.write_str("the checks of the capability token cannot be evaluated within bounds")
            }
        }
    }
}
